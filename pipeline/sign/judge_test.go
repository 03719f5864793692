package sign_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// run runs a program that must be installed and gives its output.
func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("running %s %q: %v\n%s", name, args, err, out)
	}
	return string(out)
}

func save(t testing.TB, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// opinion is a line of testdata/judge.py.
type opinion struct {
	Field        string `json:"field"`
	BottomLine   bool   `json:"bottom_line"`
	Intact       bool   `json:"intact"`
	Valid        bool   `json:"valid"`
	Trusted      bool   `json:"trusted"`
	Coverage     string `json:"coverage"`
	Modification string `json:"modification"`
	Digest       string `json:"digest"`
	Stamped      bool   `json:"stamped"`
	Filter       string `json:"filter"`
	SigningTime  bool   `json:"signing_time"`
}

// pyhanko asks pyHanko about files at once: starting it is what takes long.
func pyhanko(t testing.TB, root string, paths ...string) []opinion {
	t.Helper()
	out := run(t, "python3", append([]string{"testdata/judge.py", root}, paths...)...)
	var all []opinion
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "{") {
			continue // a warning
		}
		var o opinion
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatalf("reading pyHanko's answer %q: %v", line, err)
		}
		all = append(all, o)
	}
	return all
}

var byteRange = regexp.MustCompile(`/ByteRange \[0 (\d+) (\d+) (\d+)\]`)

// signedParts cuts the last signature out of a file, by its /ByteRange.
func signedParts(t testing.TB, pdf []byte) (signed, message []byte) {
	t.Helper()
	all := byteRange.FindAllSubmatch(pdf, -1)
	if len(all) == 0 {
		t.Fatal("no /ByteRange")
	}
	var n [3]int
	for i := range n {
		v, err := strconv.Atoi(string(all[len(all)-1][i+1]))
		if err != nil {
			t.Fatal(err)
		}
		n[i] = v
	}
	message, err := hex.DecodeString(string(pdf[n[0]+1 : n[1]-1]))
	if err != nil {
		t.Fatal(err)
	}
	return append(bytes.Clone(pdf[:n[0]]), pdf[n[1]:n[1]+n[2]]...), message
}

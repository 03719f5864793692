package main_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A service manager that stops a service signals all its processes. A reader that gave
// up its page at that would have a record without the page.
func TestAReaderOutlivesTheSignalsForAll(t *testing.T) {
	t.Parallel()
	replies, end, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer replies.Close()
	//nolint:gosec // the binary under test
	cmd := exec.CommandContext(t.Context(), binary(t), "reader", `{"languages":"vie","page":10000000000,"memory":1073741824}`)
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	cmd.ExtraFiles = []*os.File{end}
	requests, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = end.Close() // the reader has its own
	heard := bufio.NewScanner(replies)
	if !heard.Scan() || !strings.Contains(heard.Text(), "ready") {
		t.Fatalf("the reader begins with %q, want it ready", heard.Text())
	}
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		if err := cmd.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "original")
	if err := os.WriteFile(path, []byte("no format at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(requests, `{"op":"open","path":%q,"scratch":%q}`+"\n", path, dir); err != nil {
		t.Fatal(err)
	}
	if !heard.Scan() || !strings.Contains(heard.Text(), `"refused":{"code":"unsupported-format"`) {
		t.Errorf("after the signals it answers %q, want a refusal of the file", heard.Text())
	}
	if err := requests.Close(); err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("ended: %v", err)
	}
}

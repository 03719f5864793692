package sign_test

import (
	"bytes"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"hoso/testdata/judge"
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

// accepted asks the judges about a file with this many signatures, all of them good.
// It takes seconds: DSS and veraPDF run on one Java machine, and pyHanko starts anew.
func accepted(t testing.TB, root string, file []byte, signatures int) {
	t.Helper()
	path := save(t, "signed.pdf", file)
	if said := judge.QPDF(t, path); said != "" {
		t.Errorf("qpdf: %s", said)
	}
	if v := judge.VeraPDF(t, path); !v.Compliant {
		t.Errorf("veraPDF: %+v", v.Failures)
	}
	dss := judge.DSS(t, path, root)
	hanko := judge.PyHanko(t, path, root)
	if len(dss) != signatures || len(hanko) != signatures {
		t.Fatalf("DSS sees %d and pyHanko %d signatures, want %d", len(dss), len(hanko), signatures)
	}
	for i := range signatures {
		d, h := dss[i], hanko[i]
		if d.Format != "PAdES-BASELINE-T" || !d.Intact || !d.Valid || !d.CertReferenced || d.IndicationWithoutRevocation != "TOTAL_PASSED" {
			t.Errorf("DSS: %+v", d)
		}
		if len(d.Timestamps) != 1 || !d.Timestamps[0].Valid || !d.Timestamps[0].Imprint {
			t.Errorf("DSS on the timestamp: %+v", d.Timestamps)
		}
		if !h.BottomLine || !h.PAdES || !h.Trusted || h.Timestamp == nil || !h.Timestamp.Trusted || !h.Timestamp.Valid {
			t.Errorf("pyHanko: %+v", h)
		}
	}
}

// popplerAccepts asks pdfsig about all signatures of a file.
func popplerAccepts(t testing.TB, file []byte, signatures int) {
	t.Helper()
	said := judge.PDFSig(t, save(t, "signed.pdf", file))
	if len(said) != signatures {
		t.Fatalf("pdfsig sees %d signatures, want %d", len(said), signatures)
	}
	for i, s := range said {
		if !s.Valid || s.Type != "ETSI.CAdES.detached" || s.Whole != (i == signatures-1) {
			t.Errorf("pdfsig: %+v", s)
		}
	}
}

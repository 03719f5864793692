package judge_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hoso/testdata/judge"
	"hoso/testdata/paper"
)

// TestJudges asks every judge about a file whose faults are known.
func TestJudges(t *testing.T) {
	t.Parallel()
	path := plainPDF(t)

	v := judge.VeraPDF(t, path)
	if v.Compliant || v.Profile != "2u" || v.Checks == 0 {
		t.Errorf("VeraPDF(plain) = %+v, want a refusal", v)
	}
	if !failsClause(v, "6.6.2.1-1") {
		t.Errorf("VeraPDF(plain) does not name the missing metadata: %+v", v.Failures)
	}
	if got := judge.DSS(t, path); len(got) != 0 {
		t.Errorf("DSS(plain) = %+v, want no signature", got)
	}
	if got := judge.PyHanko(t, path); len(got) != 0 {
		t.Errorf("PyHanko(plain) = %+v, want no signature", got)
	}
	if got := judge.PDFSig(t, path); len(got) != 0 {
		t.Errorf("PDFSig(plain) = %+v, want no signature", got)
	}
	if got := judge.QPDF(t, path); got != "" {
		t.Errorf("QPDF(plain) = %q, want no complaint", got)
	}
	for name, text := range map[string]string{"pdftotext": judge.PDFToText(t, path), "mutool": judge.MuText(t, path)} {
		if strings.TrimSpace(text) != "Ho so" {
			t.Errorf("%s(plain) = %q, want the text of the page", name, text)
		}
	}
}

// TestVeraPDFAccepts shows that the judge can also say yes, to a PDF/A that
// Ghostscript wrote.
func TestVeraPDFAccepts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := filepath.Join(dir, "a.pdf")
	gs := exec.CommandContext(t.Context(), "gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-dPDFA=2",
		"-dPDFACompatibilityPolicy=1", "-sColorConversionStrategy=UseDeviceIndependentColor", "-o", out, plainPDF(t))
	if b, err := gs.CombinedOutput(); err != nil {
		t.Fatalf("writing a PDF/A with Ghostscript: %v: %s", err, b)
	}
	if v := judge.PDFA(t, "2b", out); !v.Compliant {
		t.Errorf("PDFA(2b) = %+v, want compliance", v)
	}
}

// TestQPDFComplains cuts a file in two.
func TestQPDFComplains(t *testing.T) {
	t.Parallel()
	path := plainPDF(t)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b[:len(b)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if judge.QPDF(t, path) == "" {
		t.Error("QPDF(truncated) = no complaint")
	}
}

func failsClause(v judge.Verdict, clause string) bool {
	for _, f := range v.Failures {
		if f.Clause == clause {
			return true
		}
	}
	return false
}

// plainPDF writes a sound PDF of one page that is no PDF/A.
func plainPDF(t *testing.T) string {
	t.Helper()
	content := "BT /F 24 Tf 72 700 Td (Ho so) Tj ET"
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(content), content),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
	}
	path := filepath.Join(t.TempDir(), "plain.pdf")
	if err := os.WriteFile(path, paper.Assemble(objects, ""), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

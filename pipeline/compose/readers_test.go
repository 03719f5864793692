package compose_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hoso/testdata/judge"
)

// readers gives the text of a record as independent programs extract it.
func readers(t *testing.T, path string) map[string]string {
	t.Helper()
	return map[string]string{
		"pdftotext":         judge.PDFToText(t, path),
		"pdftotext -raw":    judge.PDFToText(t, path, "-raw"),
		"pdftotext -layout": judge.PDFToText(t, path, "-layout"),
		"mutool":            judge.MuText(t, path),
		"pdfium":            pdfium(t, path),
	}
}

// pdfium is the text by the library of Chromium, through its Python binding.
func pdfium(t *testing.T, path string) string {
	t.Helper()
	const script = `
import sys, pypdfium2
for page in pypdfium2.PdfDocument(sys.argv[1]):
    sys.stdout.buffer.write((page.get_textpage().get_text_range() + "\n").encode("utf-8", "surrogatepass"))
`
	cmd := exec.CommandContext(t.Context(), python(t), "-c", script, path)
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("reading with pypdfium2: %v: %s", err, problems.String())
	}
	return string(out)
}

// python is one that has pypdfium2: of the tests' own environment, or the system's.
func python(t *testing.T) string {
	t.Helper()
	own, err := filepath.Abs(filepath.Join("..", "..", ".cache", "venv", "bin", "python"))
	if err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{own, "python3"} {
		if exec.CommandContext(t.Context(), program, "-c", "import pypdfium2").Run() == nil {
			return program
		}
	}
	t.Fatal("no Python with pypdfium2, which speaks for pdfium: pip install pypdfium2")
	return ""
}

// linesOf gives the lines that hold words, with single spaces between these.
func linesOf(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if words := strings.Fields(line); len(words) > 0 {
			lines = append(lines, strings.Join(words, " "))
		}
	}
	return lines
}

package judge

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// PopplerSignature is what pdfsig says of one signature.
type PopplerSignature struct {
	Signer string // common name
	Type   string // such as "ETSI.CAdES.detached"
	Valid  bool   // "Signature is Valid"; says nothing of the certificate
	Whole  bool   // "Total document signed"
}

var (
	sigSigner = regexp.MustCompile(`(?m)^\s*- Signer Certificate Common Name: (.*)$`)
	sigType   = regexp.MustCompile(`(?m)^\s*- Signature Type: (.*)$`)
)

// PDFSig gives poppler's verdicts on the signatures of a PDF, none if there are none.
func PDFSig(t testing.TB, path string) []PopplerSignature {
	t.Helper()
	// pdfsig's status is 1 or 2 for an unsigned file or a bad signature: an answer.
	out, err := exec.CommandContext(t.Context(), tool(t, "pdfsig"), "-nocert", path).CombinedOutput()
	parts := strings.Split(string(out), "\nSignature #")
	if len(parts) == 1 && err != nil && !strings.Contains(string(out), "does not contain any signatures") {
		t.Fatalf("asking pdfsig about %s: %v: %s", path, err, out)
	}
	var sigs []PopplerSignature
	for _, part := range parts[1:] {
		sigs = append(sigs, PopplerSignature{
			Signer: first(sigSigner, part),
			Type:   first(sigType, part),
			Valid:  strings.Contains(part, "Signature Validation: Signature is Valid."),
			Whole:  strings.Contains(part, "Total document signed"),
		})
	}
	return sigs
}

// People leaves out what poppler 22 shows and does not know, such as document timestamps
// (ETSI.RFC3161). Whoever expects those asks Stamped, too.
func People(all []PopplerSignature) []PopplerSignature {
	return slices.DeleteFunc(slices.Clone(all), func(s PopplerSignature) bool { return s.Type == "unknown" })
}

// Stamped reports whether DSS takes every timestamp of a signature for good, and one of
// them is a document timestamp.
func (s Signature) Stamped() bool {
	document := slices.ContainsFunc(s.Timestamps, func(t Timestamp) bool { return t.Type == "DOCUMENT_TIMESTAMP" })
	return document && !slices.ContainsFunc(s.Timestamps, func(t Timestamp) bool { return !t.Intact || !t.Imprint || !t.Valid })
}

func first(re *regexp.Regexp, s string) string {
	m := re.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	return strings.TrimSpace(m[1])
}

// QPDF gives what qpdf --check complains of, "" if nothing: damage and warnings alike.
func QPDF(t testing.TB, path string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), tool(t, "qpdf"), "--check", path).CombinedOutput()
	if err != nil {
		return strings.TrimSpace(string(out) + "\n" + err.Error())
	}
	return ""
}

// PDFToText gives the text that poppler extracts, in its reading order, as UTF-8.
// Further arguments, such as "-raw" or "-f", "2", go before the file.
func PDFToText(t testing.TB, path string, args ...string) string {
	t.Helper()
	all := append([]string{"-enc", "UTF-8"}, args...)
	return string(output(t, exec.CommandContext(t.Context(), tool(t, "pdftotext"), append(all, path, "-")...)))
}

// MuText gives the text that MuPDF extracts, as UTF-8.
func MuText(t testing.TB, path string) string {
	t.Helper()
	return string(output(t, exec.CommandContext(t.Context(), tool(t, "mutool"), "draw", "-q", "-F", "txt", "-o", "-", path)))
}

// output runs a program that must succeed and gives its standard output.
func output(t testing.TB, cmd *exec.Cmd) []byte {
	t.Helper()
	var problems strings.Builder
	cmd.Stderr, cmd.Env = &problems, append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("running %s: %v: %.2000s", cmd.Path, err, problems.String())
	}
	return out
}

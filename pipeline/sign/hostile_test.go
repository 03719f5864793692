package sign_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"hoso/pipeline/sign"
	"hoso/testdata/judge"
)

// forgery is a signature dictionary that is none.
type forgery struct {
	old, replacement string // in the signed file, the second not longer than the first
	verdict          sign.Verdict
	code             string
}

// forgeries are those of the universal signature forgery (Mladenov et al., 1 Trillion
// Dollar Refund, CCS 2019): entries that are missing, empty or of the wrong type, which
// made readers skip what they should have verified.
func forgeries(text, contents string) map[string]forgery {
	ranged := func(s, code string) forgery {
		return forgery{"/ByteRange " + text, "/ByteRange " + s, sign.Invalid, code}
	}
	return map[string]forgery{
		"no range":             {"/ByteRange ", "/ByteRangE ", sign.Invalid, "range-malformed"},
		"range of nothing":     ranged("null", "range-malformed"),
		"empty range":          ranged("[]", "range-malformed"),
		"range of zeros":       ranged("[0 0 0 0]", "range-malformed"),
		"negative range":       ranged("[0 -1 9 9]", "range-malformed"),
		"range backwards":      ranged("[0 900 800 100]", "range-malformed"),
		"overlapping range":    ranged("[0 900 900 9]", "range-malformed"),
		"range of a reference": ranged("1 0 R", "range-malformed"),
		"range of reals":       ranged("[0.0 9.0 99.0 9.0]", "range-malformed"),
		"range of a name":      ranged("/Range", "range-malformed"),
		"three numbers":        ranged("[0 900 1000]", "range-malformed"),
		"six numbers":          ranged("[0 9 20 9 40 9]", "range-malformed"),
		"no contents":          {"/Contents <", "/ContentS <", sign.Invalid, "range-gap"},
		"contents of nothing":  {"<" + contents + ">", "null", sign.Invalid, "range-gap"},
		"empty contents":       {"<" + contents + ">", "<>", sign.Invalid, "range-gap"},
		"contents of a zero":   {"<" + contents + ">", "<00>", sign.Invalid, "range-gap"},
		"contents elsewhere":   {"<" + contents + ">", "4 0 R", sign.Invalid, "range-gap"},
		"literal contents":     {"<" + contents + ">", "(30)", sign.Invalid, "range-gap"},
		"contents of a list":   {"<" + contents + ">", "[<30>]", sign.Invalid, "range-gap"},
		"no format":            {"/SubFilter /ETSI", "/SubFilteR /ETSI", sign.Untrusted, "format-unknown"},
		"format of nothing":    {"/SubFilter /ETSI.CAdES.detached", "/SubFilter null", sign.Untrusted, "format-unknown"},
		"format of SHA-1":      {"/SubFilter /ETSI.CAdES.detached", "/SubFilter /adbe.pkcs7.sha1", sign.Untrusted, "format-unknown"},
		"said to be a stamp":   {"/SubFilter /ETSI.CAdES.detached", "/SubFilter /ETSI.RFC3161", sign.Invalid, "contents-unreadable"},
	}
}

func TestVerifyTellsForgeries(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	n, root := numbers(t, l.file), l.pki.rootFile(t)
	if !judge.HankoBelieves(t, save(t, "signed.pdf", l.file), root) {
		t.Fatal("pyHanko does not take the signed file for good")
	}
	for name, f := range forgeries(n.text, string(l.file[n.a+1:n.b-1])) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := swap(t, l.file, f.old, f.replacement)
			want(t, file, l.pki, f.verdict, f.code)
			if judge.HankoBelieves(t, save(t, "forged.pdf", file), root) {
				t.Error("pyHanko takes it for good")
			}
		})
	}
	for name, objects := range map[string]map[int]string{
		"value of nothing": {7: "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature7) /F 132 /Rect [0 0 0 0] /P 3 0 R /V null >>"},
		"value of a text":  {7: "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature7) /F 132 /Rect [0 0 0 0] /P 3 0 R /V (signed) >>"},
		"empty dictionary": {6: "<< >>"},
		"format alone":     {6: "<< /Type /Sig /SubFilter /ETSI.CAdES.detached >>"},
	} {
		r := verified(t, revise(t, l.file, objects), l.pki)
		if r.Verdict == sign.Valid || r.Verdict == sign.Demo {
			t.Errorf("%s: %s with %q", name, r.Verdict, codes(r))
		}
	}
}

// swap replaces bytes and keeps all others where they are, by spaces.
func swap(t *testing.T, file []byte, old, replacement string) []byte {
	t.Helper()
	if !bytes.Contains(file, []byte(old)) || len(replacement) > len(old) {
		t.Fatalf("%q cannot take the place of %.40q", replacement, old)
	}
	return bytes.Replace(file, []byte(old), []byte(replacement+strings.Repeat(" ", len(old)-len(replacement))), 1)
}

// TestVerifyTellsWrapping: the signed bytes are moved behind others, or the range leaves
// out a second file between its parts (signature wrapping).
func TestVerifyTellsWrapping(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	n := numbers(t, l.file)
	tail := l.file[n.b:]
	wrapped := append(bytes.Clone(l.file[:n.b]), "\n>>\nendobj\n4 0 obj\n"+stream("", evil)+"\nendobj\n"...)
	text := fmt.Sprintf("[0 %d %d %d]", n.a, len(wrapped), len(tail))
	wrapped = swap(t, append(wrapped, tail...), fmt.Sprintf("%-48s", n.text), text)
	r := verified(t, wrapped, l.pki)
	if r.Verdict != sign.Invalid && r.Verdict != sign.Unreadable {
		t.Errorf("wrapped: %s with %q", r.Verdict, codes(r))
	}
	inner := append([]byte("%PDF-1.7\n1 0 obj\n<< >>\nendobj\n"), l.file...)
	if r := verified(t, inner, l.pki); r.Verdict == sign.Valid {
		t.Errorf("a file before the file: %s with %q", r.Verdict, codes(r))
	}
}

// TestVerifyTellsReplay: the signature of one file in another, at the same place.
func TestVerifyTellsReplay(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	other, _ := signed(t, bytes.Replace(classicPDF(), []byte("10 10 l"), []byte("11 10 l"), 1), l.request)
	n, m := numbers(t, l.file), numbers(t, other)
	if n.text != m.text {
		t.Fatalf("the ranges differ: %s and %s", n.text, m.text)
	}
	replayed := append(append(bytes.Clone(other[:n.a]), l.file[n.a:n.b]...), other[n.b:]...)
	want(t, replayed, l.pki, sign.Invalid, "content-changed")
}

// TestVerifyTellsHiddenEnd: a second end of file inside a signed stream, at which another
// range stops.
func TestVerifyTellsHiddenEnd(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	file, _ := signed(t, prepared("", "/Contents 4 0 R", map[int]string{5: stream("", "\nstartxref\n9\n%%EOF\n")}), l.request)
	want(t, file, l.pki, sign.Valid, "revocation-unknown")
	n := numbers(t, file)
	behind := append(bytes.Clone(file), "\nstartxref\n9\n%%EOF\n"...)
	if r := verified(t, behind, l.pki); r.Verdict == sign.Valid {
		t.Errorf("another start behind the file: %s with %q", r.Verdict, codes(r))
	}
	short := swap(t, file, fmt.Sprintf("%-48s", n.text), fmt.Sprintf("[0 %d %d %d]", n.a, n.b, n.c-1))
	r, err := sign.Verify(context.Background(), bytes.NewReader(short), int64(len(short)), sign.Trust{Roots: l.pki.roots, Now: now})
	if err != nil || r.Verdict == sign.Valid {
		t.Errorf("a range that ends early: %s with %q, %v", r.Verdict, codes(r), err)
	}
}

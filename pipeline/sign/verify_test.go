package sign_test

import (
	"bytes"
	"context"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
)

func verified(t testing.TB, file []byte, p *pki) sign.Report {
	t.Helper()
	r, err := sign.Verify(context.Background(), bytes.NewReader(file), int64(len(file)), sign.Trust{Roots: p.roots, Now: now})
	if err != nil {
		t.Fatalf("Verify: %v", err)
	}
	return r
}

func codes(r sign.Report) string {
	var all []string
	for _, p := range r.Problems {
		all = append(all, p.Code)
	}
	for _, s := range r.Signatures {
		for _, p := range s.Problems {
			all = append(all, p.Code)
		}
	}
	return strings.Join(all, " ")
}

func want(t *testing.T, file []byte, p *pki, verdict sign.Verdict, code string) {
	t.Helper()
	r := verified(t, file, p)
	if r.Verdict != verdict || !strings.Contains(codes(r), code) {
		t.Errorf("verdict = %s with %q, want %s with %q", r.Verdict, codes(r), verdict, code)
	}
	for _, s := range r.Signatures {
		for _, problem := range s.Problems {
			if problem.English == "" || problem.Vietnamese == "" || problem.English == problem.Vietnamese {
				t.Errorf("problem %s has no sentences", problem.Code)
			}
		}
	}
}

// lab is what attacks on a signed file need.
type lab struct {
	pki     *pki
	request sign.Request
	file    []byte // signed
}

func newLab(t *testing.T) lab {
	t.Helper()
	p := newPKI(t)
	l := lab{pki: p, request: sign.Request{Identity: p.identity(t, signtest.KeyOn(t, elliptic.P256()), nil), Timestamper: p.stamper(t), Time: now}}
	l.file, _ = signed(t, classicPDF(), l.request)
	return l
}

func TestVerifyTellsWhatIsGood(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for name, file := range map[string][]byte{"classic": classicPDF(), "form": formPDF(), "stream": streamPDF(t)} {
		want(t, file, l.pki, sign.Unsigned, "")
		out, s := signed(t, file, l.request)
		r := verified(t, out, l.pki)
		if len(r.Signatures) != 1 || r.Verdict != sign.Valid {
			t.Fatalf("%s: report = %+v", name, r)
		}
		c := r.Signatures[0]
		good := c.Intact && c.CoversFile && c.Trusted && !c.Demo && c.Level == "B-T" && codes(r) == "revocation-unknown"
		if !good || c.Signer != s.Signer || c.Issuer != s.Issuer || c.Serial != s.Serial || !c.Time.Equal(s.Time) || c.Authority != s.Authority || !c.Claimed.Equal(now) {
			t.Errorf("%s: signature = %+v", name, c)
		}
		if _, err := json.Marshal(r); err != nil {
			t.Error(err)
		}
		further := l.request
		further.Further = true
		twice, _ := signed(t, out, further)
		r = verified(t, twice, l.pki)
		if r.Verdict != sign.Valid || len(r.Signatures) != 2 || strings.Count(codes(r), "revocation-unknown") != 2 || !strings.HasPrefix(codes(r), "added-later ") || r.Signatures[0].CoversFile || !r.Signatures[1].CoversFile {
			t.Errorf("%s signed twice: report = %+v", name, r)
		}
	}
}

func TestVerifyTellsWhoIsNotTrusted(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	want(t, l.file, newPKI(t), sign.Untrusted, "certificate-untrusted")
	r, err := sign.Verify(context.Background(), bytes.NewReader(l.file), int64(len(l.file)), sign.Trust{Now: now})
	if err != nil || r.Verdict != sign.Untrusted {
		t.Errorf("without roots: %+v, %v", r, err)
	}
	bare := l.request
	bare.Timestamper = nil
	file, _ := signed(t, classicPDF(), bare)
	want(t, file, l.pki, sign.Valid, "timestamp-none")
	for code, at := range map[string]int{"certificate-expired": 3, "certificate-early": -3} {
		r, err := sign.Verify(context.Background(), bytes.NewReader(file), int64(len(file)), sign.Trust{Roots: l.pki.roots, Now: now.AddDate(at, 0, 0)})
		if err != nil || r.Verdict != sign.Untrusted || !strings.Contains(codes(r), code) {
			t.Errorf("%d years from now: %s with %q, %v", at, r.Verdict, codes(r), err)
		}
	}
	later := sign.Trust{Roots: l.pki.roots, Now: now.AddDate(4, 0, 0)}
	r, err = sign.Verify(context.Background(), bytes.NewReader(l.file), int64(len(l.file)), later)
	if err != nil || r.Verdict != sign.Untrusted || codes(r) != "revocation-unproven" {
		t.Errorf("a timestamped signature without evidence after its certificate ended: %s with %q, %v", r.Verdict, codes(r), err)
	}
}

func TestVerifyTellsDemonstrations(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	policy, err := x509.ParseOID(sign.DemoPolicy)
	if err != nil {
		t.Fatal(err)
	}
	l.request.Identity = l.pki.identity(t, signtest.KeyOn(t, elliptic.P256()), func(c *x509.Certificate) { c.Policies = []x509.OID{policy} })
	file, s := signed(t, classicPDF(), l.request)
	if !s.Demo {
		t.Error("Sign did not see the mark in the certificate")
	}
	want(t, file, l.pki, sign.Demo, "demonstration")
}

func TestVerifyTellsTampering(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	_, message := signedParts(t, l.file)
	hexMessage := fmt.Sprintf("%x", message)
	edit := func(old, replacement string) []byte {
		if !bytes.Contains(l.file, []byte(old)) {
			t.Fatalf("no %q in the file", old)
		}
		if len(old) != len(replacement) {
			t.Fatalf("%q and %q differ in length", old, replacement)
		}
		return bytes.Replace(l.file, []byte(old), []byte(replacement), 1)
	}
	n := numbers(t, l.file)
	ranged := func(text string) []byte { return edit(fmt.Sprintf("%-48s", n.text), fmt.Sprintf("%-48s", text)) }
	cases := map[string]struct {
		file    []byte
		verdict sign.Verdict
		code    string
	}{
		"content":           {edit("10 10 l", "11 10 l"), sign.Invalid, "content-changed"},
		"signature value":   {edit(hexMessage[600:640], flip(hexMessage[600:640])), sign.Invalid, ""},
		"signed attributes": {edit(attributes(t, message), flip(attributes(t, message))), sign.Invalid, ""},
		"wider gap":         {ranged(fmt.Sprintf("[0 %d %d %d]", n.a, n.b+2, n.c-2)), sign.Invalid, "range-gap"},
		"narrow range":      {ranged(fmt.Sprintf("[0 %d %d %d]", n.a, n.b, n.c-20)), sign.Invalid, "range-end"},
		"late start":        {ranged(fmt.Sprintf("[9 %d %d %d]", n.a, n.b, n.c)), sign.Invalid, "range-malformed"},
		"too long":          {ranged(fmt.Sprintf("[0 %d %d 99999]", n.a, n.b)), sign.Invalid, "range-malformed"},
		"overflow":          {ranged("[0 9 9223372036854775807 9223372036854775807]"), sign.Invalid, "range-malformed"},
		"two parts":         {ranged("[0 10]"), sign.Invalid, "range-malformed"},
		"space in the gap":  {edit("<"+hexMessage[:8], "< "+hexMessage[1:8]), sign.Invalid, "range-gap"},
		"empty value":       {edit(hexMessage, strings.Repeat("0", len(hexMessage))), sign.Invalid, "contents-unreadable"},
		"cut file":          {l.file[:len(l.file)-300], sign.Unreadable, "unreadable-pdf"},
		"junk behind":       {append(bytes.Clone(l.file), "junk"...), sign.Changed, "changed-later"},
		"unknown kind":      {edit("/ETSI.CAdES.detached", "/ETSI.CAdES.attached"), sign.Untrusted, "format-unknown"},
		"key comes twice":   {edit("/SubFilter /ETSI.CAdES.detached\n", "/Contents <123456> /Filter/A   \n"), sign.Invalid, "dictionary-ambiguous"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want(t, c.file, l.pki, c.verdict, c.code)
		})
	}
}

func TestVerifyTellsLaterChanges(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	page := "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 90 0 R >>"
	cases := map[string]map[int]string{
		"other page content":  {4: stream("", "0 0 m 99 99 l n")},
		"page replaced":       {3: page, 90: stream("", "0 0 m 99 99 l n")},
		"page tree":           {2: "<< /Type /Pages /Kids [3 0 R 90 0 R] /Count 2 >>", 90: page},
		"catalog with action": {1: "<< /Type /Catalog /Pages 2 0 R /Metadata 5 0 R /OpenAction 90 0 R >>", 90: "<< >>"},
		"other pages":         {1: "<< /Type /Catalog /Pages 90 0 R /Metadata 5 0 R >>", 90: "<< /Type /Pages /Kids [] /Count 0 >>"},
		"visible annotation": {
			3:  "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R /Annots [7 0 R 90 0 R] >>",
			90: "<< /Type /Annot /Subtype /FreeText /Rect [0 0 500 500] >>",
		},
		"annotation that claims to be a signature": {
			3:  "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R /Annots [7 0 R 90 0 R] >>",
			90: "<< /Type /Annot /Subtype /FreeText /FT /Sig /Rect [0 0 500 500] >>",
		},
		"signature taken out": {7: "<< /Type /Annot /Subtype /Widget /FT /Sig /T (x) /Rect [0 0 0 0] >>"},
	}
	for name, objects := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := revise(t, l.file, objects)
			r := verified(t, file, l.pki)
			if name == "signature taken out" || name == "catalog with action" || name == "other pages" {
				if r.Verdict == sign.Valid {
					t.Errorf("report = %+v", r)
				}
				return
			}
			if r.Verdict != sign.Changed || len(r.Signatures) != 1 || !r.Signatures[0].Intact || r.Signatures[0].CoversFile {
				t.Errorf("report = %+v", r)
			}
		})
	}
	other := revise(t, l.file, map[int]string{4: stream("", "0 0 m 99 99 l n")})
	want(t, bytes.Replace(other, []byte("/Size 100 /Root"), []byte("/Size 100 /Info 4 0 R /Root"), 1), l.pki, sign.Changed, "changed-later")
	harmless := map[string]map[int]string{
		"validation data": {
			1:  "<< /Type /Catalog /Pages 2 0 R /Metadata 5 0 R /AcroForm 8 0 R /DSS 90 0 R >>",
			90: "<< /Type /DSS >>",
		},
		"written anew by another program": {
			1: "<</Pages 2 0  R/Type/Catalog /Metadata 5 0 R /AcroForm\n8 0 R /Version /2.0 /Extensions << >> /Names null >>",
			3: "<</Type/P#61ge /MediaBox [ 0 0 595.0 842 ] /Parent 2 0 R /Resources<<>>/Contents 4 0 R /Annots [ 7 0 R ] /Tabs /S >>",
		},
		"metadata and fonts of another program": {
			1:  "<< /Type /Catalog /Pages 2 0 R /Metadata 90 0 R /AcroForm 8 0 R >>",
			8:  "<< /Fields [7 0 R] /SigFlags 3 /DA (/Helv 0 Tf 0 g) /DR << /Font << /Helv 91 0 R >> >> >>",
			90: stream("/Type /Metadata /Subtype /XML", metadata),
			91: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
		},
	}
	for name, objects := range harmless {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want(t, revise(t, l.file, objects), l.pki, sign.Valid, "added-later")
		})
	}
}

// TestVerifyTellsForeignRange puts a second signature dictionary into an increment
// whose range is that of the first signature.
func TestVerifyTellsForeignRange(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	_, message := signedParts(t, l.file)
	n := numbers(t, l.file)
	file := revise(t, l.file, map[int]string{
		90: fmt.Sprintf("<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange %s /Contents <%x> >>", n.text, message),
		91: "<< /Type /Annot /Subtype /Widget /FT /Sig /T (second) /F 132 /Rect [0 0 0 0] /P 3 0 R /V 90 0 R >>",
		8:  "<< /Fields [7 0 R 91 0 R] /SigFlags 3 >>",
	})
	want(t, file, l.pki, sign.Invalid, "range-gap")
}

func TestVerifyTellsForeignTimestamp(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	other := newPKI(t)
	foreign := l.request
	foreign.Timestamper = other.stamper(t)
	file, _ := signed(t, classicPDF(), foreign)
	want(t, file, l.pki, sign.Untrusted, "timestamp-untrusted")
	r, err := sign.Verify(context.Background(), bytes.NewReader(file), int64(len(file)), sign.Trust{Roots: l.pki.roots, Timestamps: other.roots, Now: now})
	if err != nil || r.Verdict != sign.Valid {
		t.Errorf("with the authority trusted: %s with %q, %v", r.Verdict, codes(r), err)
	}
}

func TestHasSignature(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for name, c := range map[string]struct {
		file []byte
		want bool
	}{"unsigned": {formPDF(), false}, "signed": {l.file, true}} {
		got, err := sign.HasSignature(context.Background(), bytes.NewReader(c.file), int64(len(c.file)))
		if err != nil || got != c.want {
			t.Errorf("HasSignature(%s) = %v, %v", name, got, err)
		}
	}
}

// rangeOf is the /ByteRange of a file.
type rangeOf struct {
	text    string
	a, b, c int
}

func numbers(t testing.TB, file []byte) rangeOf {
	t.Helper()
	m := byteRange.FindStringSubmatch(string(file))
	if m == nil {
		t.Fatal("no /ByteRange")
	}
	r := rangeOf{text: strings.TrimPrefix(m[0], "/ByteRange ")}
	for i, p := range []*int{&r.a, &r.b, &r.c} {
		v, err := strconv.Atoi(m[i+1])
		if err != nil {
			t.Fatal(err)
		}
		*p = v
	}
	return r
}

// attributes is a piece of the signed attributes in hexadecimal digits: the digest.
func attributes(t testing.TB, message []byte) string {
	t.Helper()
	oid := []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04}
	i := bytes.Index(message, oid)
	if i < 0 {
		t.Fatal("no message-digest")
	}
	return fmt.Sprintf("%x", message[i+len(oid)+4:i+len(oid)+20])
}

func flip(digits string) string {
	if digits[0] == '0' {
		return "1" + digits[1:]
	}
	return "0" + digits[1:]
}

var startxref = regexp.MustCompile(`startxref\s+(\d+)`)

// revise appends a revision with these objects.
func revise(t testing.TB, file []byte, objects map[int]string) []byte {
	t.Helper()
	all := startxref.FindAllSubmatch(file, -1)
	w := &writer{offsets: map[int]int{}}
	w.Write(file)
	table := ""
	for n, o := range objects {
		w.object(n, o)
		table += fmt.Sprintf("%d 1\n%010d 00000 n \n", n, w.offsets[n])
	}
	start := w.Len()
	fmt.Fprintf(w, "xref\n%strailer\n<< /Size 100 /Root 1 0 R /Prev %s %s >>\nstartxref\n%d\n%%%%EOF\n",
		table, all[len(all)-1][1], fileID, start)
	return w.Bytes()
}

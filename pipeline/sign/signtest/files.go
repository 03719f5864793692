package signtest

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"hoso/pipeline/sign"
)

// Plain is a PDF of one page that says a few ASCII words.
func Plain(words string) []byte {
	content := fmt.Sprintf("BT /F1 20 Tf 72 720 Td (%s) Tj ET", words)
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var b, table strings.Builder
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	for i, o := range objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R /ID [<01> <01>] >>\nstartxref\n%d\n%%%%EOF\n", table.String(), start)
	return []byte(b.String())
}

// Rewritten appends a revision to a file of Plain in which the page says something else.
func Rewritten(file []byte, words string) []byte {
	content := fmt.Sprintf("BT /F1 20 Tf 72 720 Td (%s) Tj ET", words)
	before := file[bytes.LastIndex(file, []byte("startxref\n"))+len("startxref\n"):]
	before = before[:bytes.IndexByte(before, '\n')]
	var b bytes.Buffer
	b.Write(file)
	at := b.Len()
	fmt.Fprintf(&b, "4 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n", len(content), content)
	start := b.Len()
	fmt.Fprintf(&b, "xref\n4 1\n%010d 00000 n \ntrailer\n<< /Size 40 /Root 1 0 R /Prev %s /ID [<01> <02>] >>\nstartxref\n%d\n%%%%EOF\n", at, before, start)
	return b.Bytes()
}

// Signed signs a file at the authority's time, further if it is signed already; without a
// timestamper to B-B.
func (a *Authority) Signed(t testing.TB, file []byte, id sign.Identity, stamper sign.Timestamper) []byte {
	t.Helper()
	var out bytes.Buffer
	r := sign.Request{Identity: id, Timestamper: stamper, Time: a.Clock(), Further: true}
	if _, err := sign.Sign(context.Background(), bytes.NewReader(file), int64(len(file)), &out, r); err != nil {
		t.Fatalf("Sign: %v", err)
	}
	return out.Bytes()
}

// Prolonged extends a signed file by what the authority says of it now, to B-LT, or with a
// stamper to B-LTA.
func (a *Authority) Prolonged(t testing.TB, file []byte, stamper sign.Timestamper) []byte {
	t.Helper()
	in, size := bytes.NewReader(file), int64(len(file))
	trust := sign.Trust{Roots: a.Roots(), Now: a.Clock(), Status: a.Status()}
	evidence, err := sign.Collect(context.Background(), in, size, trust)
	if err != nil {
		t.Fatalf("Collect: %v", err)
	}
	var out bytes.Buffer
	if _, err := sign.Extend(context.Background(), in, size, &out, sign.Extension{Evidence: evidence, Timestamper: stamper}); err != nil {
		t.Fatalf("Extend: %v", err)
	}
	return out.Bytes()
}

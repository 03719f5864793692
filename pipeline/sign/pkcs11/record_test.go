package pkcs11_test

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hoso/pipeline/sign"
	"hoso/pipeline/sign/tsa"
	"hoso/testdata/judge"
)

// TestRecord signs a PDF with a key on a token and has strangers judge it.
func TestRecord(t *testing.T) {
	t.Parallel()
	token := open(t, config("keys"))
	root := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(root, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: tokens.root.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	stamper := authority(t)
	for _, kind := range []string{"rsa-3072", "p-384"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			id, err := token.Identity(kind)
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			s, err := sign.Sign(t.Context(), bytes.NewReader(paper()), int64(len(paper())), &out, sign.Request{Identity: id, Timestamper: stamper, Time: now})
			if err != nil {
				t.Fatal(err)
			}
			if s.Signer != "Nguyễn Văn Thử" || s.Level != "B-T" || s.Demo {
				t.Errorf("signed as %+v", s)
			}
			judged(t, out.Bytes(), root)
		})
	}
}

// judged asks poppler, DSS and pyHanko.
func judged(t *testing.T, file []byte, root string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "signed.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	poppler, dss, hanko := judge.PDFSig(t, path), judge.DSS(t, path, root), judge.PyHanko(t, path, root)
	if len(poppler) != 1 || len(dss) != 1 || len(hanko) != 1 {
		t.Fatalf("signatures seen: %d, %d, %d", len(poppler), len(dss), len(hanko))
	}
	if !poppler[0].Valid || !poppler[0].Whole {
		t.Errorf("pdfsig: %+v", poppler[0])
	}
	if d := dss[0]; d.Format != "PAdES-BASELINE-T" || !d.Intact || !d.Valid || !d.CertReferenced || d.IndicationWithoutRevocation != "TOTAL_PASSED" {
		t.Errorf("DSS: %+v", d)
	}
	if h := hanko[0]; !h.BottomLine || !h.PAdES || !h.Trusted || h.Timestamp == nil || !h.Timestamp.Valid {
		t.Errorf("pyHanko: %+v", h)
	}
}

// authority is a running timestamp authority below the root.
func authority(t testing.TB) *tsa.Client {
	t.Helper()
	key, err := newKey("p-256")
	if err != nil {
		t.Fatal(err)
	}
	usage, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	if err != nil {
		t.Fatal(err)
	}
	cert, err := certificate(&x509.Certificate{
		Subject:   pkix.Name{Country: []string{"VN"}, CommonName: "TEST TIMESTAMPS"},
		NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(8, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: usage}},
	}, tokens.root, key.Public(), tokens.rootOf)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(&tsa.Server{Key: key, Chain: []*x509.Certificate{cert, tokens.root}, Policy: "1.2.3.4.1"})
	t.Cleanup(server.Close)
	return &tsa.Client{URLs: []string{server.URL}, Limit: 10 * time.Second}
}

// paper is a page with a line on it.
func paper() []byte {
	var w bytes.Buffer
	var at []int
	w.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	for n, body := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R >>",
		"<< /Length 18 >>\nstream\n0 0 m 100 100 l S \nendstream",
	} {
		at = append(at, w.Len())
		fmt.Fprintf(&w, "%d 0 obj\n%s\nendobj\n", n+1, body)
	}
	table := w.Len()
	fmt.Fprintf(&w, "xref\n0 5\n0000000000 65535 f \n")
	for _, offset := range at {
		fmt.Fprintf(&w, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&w, "trailer\n<< /Size 5 /Root 1 0 R /ID [<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>] >>\nstartxref\n%d\n%%%%EOF\n", table)
	return w.Bytes()
}

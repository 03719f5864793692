package embedded_test

import (
	"bytes"
	"context"
	"encoding/pem"
	"image"
	"image/color"
	"image/jpeg"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hoso/cmd/internal/embedded"
	"hoso/pipeline"
	"hoso/pipeline/compose"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/tsa"
	"hoso/testdata/judge"
)

// TestDemoSignsARecord signs a composed record with the demonstration's certificates
// and has it judged: by others, by the gate, and by sign.Verify.
func TestDemoSignsARecord(t *testing.T) {
	t.Parallel()
	now := time.Now().Truncate(time.Second)
	p, err := embedded.DemoPKI(filepath.Join(t.TempDir(), "pki"), now)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(p.Authority())
	t.Cleanup(server.Close)
	record := composed(t, now)
	var out bytes.Buffer
	s, err := sign.Sign(context.Background(), bytes.NewReader(record), int64(len(record)), &out, sign.Request{
		Identity: p.Signer, Timestamper: &tsa.Client{URLs: []string{server.URL}, Roots: p.Roots()}, Time: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.Level != "B-T" || !s.Demo || s.Signed != pipeline.Sum(out.Bytes()) {
		t.Errorf("signature = %+v", s)
	}
	report, err := sign.Verify(context.Background(), bytes.NewReader(out.Bytes()), s.Size, sign.Trust{Roots: p.Roots(), Now: now})
	if err != nil || report.Verdict != sign.Demo || !report.Signatures[0].CoversFile || !report.Signatures[0].Trusted {
		t.Errorf("report = %+v, %v", report, err)
	}
	if _, err := compose.Inspect(context.Background(), bytes.NewReader(out.Bytes()), s.Size); err != nil {
		t.Errorf("the gate refuses the signed record: %v", err)
	}
	judged(t, out.Bytes(), p)
}

func judged(t *testing.T, file []byte, p *embedded.PKI) {
	t.Helper()
	dir := t.TempDir()
	path, root := filepath.Join(dir, "record.pdf"), filepath.Join(dir, "root.pem")
	for name, content := range map[string][]byte{path: file, root: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.Root.Raw})} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if v := judge.VeraPDF(t, path); !v.Compliant {
		t.Errorf("veraPDF: %+v", v.Failures)
	}
	if said := judge.QPDF(t, path); said != "" {
		t.Errorf("qpdf: %s", said)
	}
	if said := judge.PDFSig(t, path); len(said) != 1 || !said[0].Valid || !said[0].Whole {
		t.Errorf("pdfsig: %+v", said)
	}
	if said := judge.PyHanko(t, path, root); len(said) != 1 || !said[0].BottomLine || said[0].Timestamp == nil || !said[0].Timestamp.Trusted {
		t.Errorf("pyHanko: %+v", said)
	}
	said := judge.DSS(t, path, root)
	if len(said) != 1 || said[0].Format != "PAdES-BASELINE-T" || said[0].IndicationWithoutRevocation != "TOTAL_PASSED" {
		t.Errorf("DSS: %+v", said)
	}
}

// composed is a record of one page with one word.
func composed(t *testing.T, now time.Time) []byte {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 400, 560))
	for i := range picture.Pix {
		picture.Pix[i] = 240
	}
	picture.SetGray(10, 10, color.Gray{})
	var scan, out bytes.Buffer
	if err := jpeg.Encode(&scan, picture, nil); err != nil {
		t.Fatal(err)
	}
	w, err := compose.NewWriter(&out, compose.Meta{Title: "Giấy phép", ID: "01JD0000000000000000000000", Created: now})
	if err != nil {
		t.Fatal(err)
	}
	err = w.AddPage(pipeline.Page{
		Number: 1, Width: 400, Height: 560, WidthPt: 595.276, HeightPt: 841.89,
		Image: pipeline.Image{
			Filter: pipeline.DCT, Width: 400, Height: 560, Bits: 8, Color: pipeline.Gray,
			Digest: pipeline.Sum(scan.Bytes()), Size: int64(scan.Len()),
		},
		Lines: []pipeline.Line{{Words: []pipeline.Word{{Text: "Giấy", Box: pipeline.Box{X0: 20, Y0: 20, X1: 90, Y1: 40}, Confidence: 90}}}},
	}, bytes.NewReader(scan.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

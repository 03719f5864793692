package sign_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/compose"
	"hoso/testdata/paper"
)

// input is a kind of file that comes to be signed.
type input struct {
	name string
	file []byte
	pdfa bool
}

// inputs are a record as the pipeline composes it, the same as other programs write it,
// and what comes from a scanner.
func inputs(t *testing.T) []input {
	t.Helper()
	record := composed(t)
	revised := revise(t, revise(t, record, map[int]string{60: "<< >>"}), map[int]string{61: "<< >>"})
	return []input{
		{"composed", record, true},
		{"scanner", scanned(t), false},
		{"object streams", rearranged(t, record, "--object-streams=generate"), true},
		{"linearized", rearranged(t, record, "--linearize"), true},
		{"three revisions", revised, true},
	}
}

func picture(t *testing.T) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 400, 560))
	for i := range m.Pix {
		m.Pix[i] = byte(255 - i%97)
	}
	m.SetGray(7, 7, color.Gray{})
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// composed is a record of two pages with text.
func composed(t *testing.T) []byte {
	t.Helper()
	data := picture(t)
	var out bytes.Buffer
	w, err := compose.NewWriter(&out, compose.Meta{Title: "Quyết định thử", ID: "01JD0000000000000000000000", Created: now})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 2 {
		page := pipeline.Page{
			Number: n + 1, Width: 400, Height: 560, WidthPt: 595, HeightPt: 842,
			Image: pipeline.Image{
				Filter: pipeline.DCT, Width: 400, Height: 560, Bits: 8, Color: pipeline.Gray,
				Digest: pipeline.Sum(data), Size: int64(len(data)), Source: true,
			},
		}
		if err := w.AddPage(page, bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// scanned is what a scanner writes: pictures on pages, and nothing about them.
func scanned(t *testing.T) []byte {
	t.Helper()
	data := picture(t)
	return paper.Assemble([]string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
		stream("", "595 0 0 842 0 0 cm /I Do"),
		stream("/Type/XObject/Subtype/Image/Width 400/Height 560/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/DCTDecode", string(data)),
	}, "")
}

// rearranged is a file as qpdf writes it anew.
func rearranged(t *testing.T, file []byte, option string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out.pdf")
	if said, err := exec.CommandContext(t.Context(), "qpdf", "--newline-before-endstream", option, save(t, "in.pdf", file), out).CombinedOutput(); err != nil {
		t.Fatalf("qpdf: %v: %s", err, said)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

package paper_test

import (
	"bytes"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/tiff"

	"hoso/pipeline"
	"hoso/testdata/judge"
	"hoso/testdata/paper"
)

func fonts(t *testing.T) *paper.Fonts {
	t.Helper()
	f, err := paper.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestLayouts checks that every layout stays on its sheet and tells the truth.
func TestLayouts(t *testing.T) {
	t.Parallel()
	f := fonts(t)
	for _, layout := range paper.Layouts()[:6] {
		for seed := range uint64(40) {
			p := paper.New(f, layout, seed)
			for _, l := range p.Sheets[0].Lines {
				if end := l[len(l)-1]; end.X+end.Width > 580 || end.Y > 820 {
					t.Errorf("%s/%d: %q leaves the sheet at %.0f,%.0f", layout, seed, l, end.X+end.Width, end.Y)
				}
			}
			text := strings.Join(strings.Fields(p.Text()), " ")
			for _, fact := range []string{p.Facts.Dossier, p.Facts.Number, p.Facts.Title, p.Facts.Subject, p.Facts.Issuer, p.Facts.Signer} {
				if !strings.Contains(text, fact) {
					t.Errorf("%s/%d: %q does not stand on the paper", layout, seed, fact)
				}
			}
			if p.Facts.Dossier == "" {
				continue
			}
			if _, err := pipeline.ParseDossierNumber(p.Facts.Dossier); err != nil {
				t.Errorf("%s/%d: %v", layout, seed, err)
			}
		}
	}
}

// TestReproducible draws one scan twice.
func TestReproducible(t *testing.T) {
	t.Parallel()
	look := paper.Look{DPI: 100, Skew: 1.2, Noise: 4, Fade: 0.3, Shadow: 0.2, Turn: 1, Seed: 9}
	a := paper.New(fonts(t), paper.Decision, 1).Scan(0, look)
	b := paper.New(fonts(t), paper.Decision, 1).Scan(0, look)
	if !bytes.Equal(a.Pix, b.Pix) {
		t.Error("the same seed gave two scans")
	}
}

// TestTIFF reads all three forms back with a reader that is not ours, pixel for
// pixel, and has libtiff look at the pages.
func TestTIFF(t *testing.T) {
	t.Parallel()
	p := paper.New(fonts(t), paper.Register, 3)
	scan := p.Scan(0, paper.Look{DPI: 60, Skew: -0.7, Noise: 25, Bilevel: true})
	for name, img := range map[string]image.Image{"g4": paper.Bilevel(scan), "grey": paper.Gray(scan), "colour": scan} {
		b, err := paper.TIFF([]image.Image{img, img}, 60)
		if err != nil {
			t.Fatal(err)
		}
		got, err := tiff.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if at, same := differ(got, img); !same {
			t.Errorf("%s: pixel %v differs", name, at)
		}
		path := filepath.Join(t.TempDir(), "a.tif")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), "tiffinfo", "-D", path).CombinedOutput()
		if err != nil || strings.Count(string(out), "TIFF Directory") != 2 || bytes.Contains(out, []byte("arning")) {
			t.Errorf("%s: tiffinfo: %v\n%s", name, err, out)
		}
	}
}

func differ(a, b image.Image) (image.Point, bool) {
	r := b.Bounds()
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			ar, ag, ab, _ := a.At(x, y).RGBA()
			br, bg, bb, _ := b.At(x, y).RGBA()
			if ar != br || ag != bg || ab != bb {
				return image.Pt(x, y), false
			}
		}
	}
	return image.Point{}, true
}

// TestPDF has poppler read back a file of a scan, a fax and a digital page.
func TestPDF(t *testing.T) {
	t.Parallel()
	p := paper.New(fonts(t), paper.Letter, 5)
	scan := p.Scan(0, paper.Look{DPI: 100})
	jpg, err := paper.JPEG(scan, 100, 60)
	if err != nil {
		t.Fatal(err)
	}
	pdf := paper.NewPDF(p)
	pdf.AddScan(jpg, scan.Bounds().Size(), 0)
	pdf.AddFax(paper.Bilevel(scan))
	pdf.AddDigital(0)
	b, err := pdf.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if complaint := judge.QPDF(t, path); complaint != "" {
		t.Errorf("qpdf: %s", complaint)
	}
	got := strings.Fields(judge.PDFToText(t, path, "-raw"))
	want := strings.Fields(p.Text())
	if len(got) != len(want) {
		t.Errorf("pdftotext gives %d words, want %d:\n%v", len(got), len(want), got)
	}
}

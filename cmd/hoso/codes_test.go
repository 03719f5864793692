package main_test

import (
	"image"
	"image/draw"
	"os"
	"path/filepath"
	"testing"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/qr"

	"hoso/pipeline"
	"hoso/testdata/paper"
)

// coded writes a scan with codes, one below another in its left margin.
func coded(t *testing.T, layout paper.Layout, codes ...barcode.Barcode) string {
	t.Helper()
	fonts, err := paper.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	scan := paper.New(fonts, layout, 7).Scan(0, paper.Look{Skew: 0.4, Noise: 1.2, Seed: 7})
	for i, c := range codes {
		size := c.Bounds().Size()
		unit, high := 3, 3*size.Y
		if size.Y == 1 {
			unit, high = 2, 70
		}
		large, err := barcode.Scale(c, unit*size.X, high)
		if err != nil {
			t.Fatal(err)
		}
		at := image.Pt(24, 1850+200*i)
		draw.Draw(scan, large.Bounds().Add(at), large, image.Point{}, draw.Src)
	}
	b, err := paper.JPEG(scan, 200, 80)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "quét.jpg")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func square(t *testing.T, text string) barcode.Barcode {
	t.Helper()
	c, err := qr.Encode(text, qr.M, qr.Unicode)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCodesBindPapers hands in scans whose codes name the dossier: they are filed with no
// typing, whatever else is printed on them; two numbers are for a person to choose from.
func TestCodesBindPapers(t *testing.T) {
	t.Parallel()
	s := newService(t)
	const one, other = "H98.15-260105-0042", "H98.15-260106-0007"
	bars, err := code128.Encode(one)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		scan  string
		state pipeline.State
		want  string
	}{
		"no number printed": {coded(t, paper.Letter, square(t, one+"|1.005129|035199000123|Công văn")), pipeline.Filed, one},
		"another printed":   {coded(t, paper.Receipt, square(t, "https://dvc.example/tra-cuu?maHoSo="+one)), pipeline.Filed, one},
		"barcode":           {coded(t, paper.Letter, bars), pipeline.Filed, one},
		"two numbers":       {coded(t, paper.Letter, square(t, one), square(t, other)), pipeline.Confirming, ""},
		"code of a shop":    {coded(t, paper.Letter, square(t, "https://shop.example/p/H98")), pipeline.Confirming, ""},
	} {
		papers, _ := s.submitted(c.scan)
		if len(papers) != 1 || papers[0].State != c.state || papers[0].Dossier.String() != c.want {
			t.Errorf("%s: %+v; want it %s under %q", name, papers, c.state, c.want)
			continue
		}
		if c.want != "" && (papers[0].Fields[0].Source != pipeline.ByQR || papers[0].Fields[0].Box.IsZero()) {
			t.Errorf("%s: the first field is %+v, want the number, where it stands, of the code", name, papers[0].Fields[0])
		}
	}
}

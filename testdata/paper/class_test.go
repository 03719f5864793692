package paper_test

import (
	"bytes"
	"image"
	_ "image/jpeg"
	"strings"
	"testing"

	_ "golang.org/x/image/tiff"

	"hoso/testdata/paper"
)

// TestClasses draws a page of every class twice, small, and has it decoded: the same
// bytes each time, and another picture than the clean one.
func TestClasses(t *testing.T) {
	t.Parallel()
	f := fonts(t)
	layouts := paper.Layouts()
	if len(paper.Classes()) < 24 {
		t.Fatalf("there are %d classes", len(paper.Classes()))
	}
	for i, class := range paper.Classes() {
		p := paper.Vary(f, layouts[i%len(layouts)], uint64(i))
		if strings.TrimSpace(p.Text()) == "" {
			t.Errorf("%s: the truth is empty", class.Name)
		}
		look := class.Look(uint64(i))
		look.DPI = look.Dots() / 4
		a, ext := encoded(t, class, p, look)
		b, _ := encoded(t, class, p, look)
		if !bytes.Equal(a, b) {
			t.Errorf("%s: the same seed gave two files", class.Name)
		}
		img, form, err := image.Decode(bytes.NewReader(a))
		if err != nil || !strings.HasPrefix(form, ext[1:2]) {
			t.Errorf("%s: decoding %s: %v", class.Name, ext, err)
			continue
		}
		if size := img.Bounds().Size(); size.X < 200 || size.Y < 200 {
			t.Errorf("%s: the picture is %v", class.Name, size)
		}
	}
}

func encoded(t *testing.T, class paper.Class, p *paper.Paper, look paper.Look) ([]byte, string) {
	t.Helper()
	b, ext, err := class.File(p.Scan(0, look), look.DPI)
	if err != nil {
		t.Fatalf("%s: %v", class.Name, err)
	}
	return b, ext
}

// TestLooksShow checks that every field of a look does something to the picture.
func TestLooksShow(t *testing.T) {
	t.Parallel()
	p := paper.Vary(fonts(t), paper.Declaration, 7)
	clean := p.Scan(0, paper.Look{DPI: 60})
	for name, look := range map[string]paper.Look{
		"noise": {Noise: 8}, "fade": {Fade: 0.5}, "shadow": {Shadow: 0.5}, "skew": {Skew: 2}, "turn": {Turn: 1}, "bilevel": {Bilevel: true},
		"yellow": {Sheet: paper.Wear{Yellow: 1}}, "bleed": {Sheet: paper.Wear{Bleed: 1}}, "fold": {Sheet: paper.Wear{Fold: 1}},
		"holes": {Sheet: paper.Wear{Holes: 2}}, "dirt": {Sheet: paper.Wear{Dirt: 1}},
		"bold": {Sheet: paper.Wear{Weight: 0.3}}, "thin": {Sheet: paper.Wear{Weight: -0.3}},
		"blur": {Optics: paper.Optics{Blur: 1}}, "motion": {Optics: paper.Optics{Motion: 3}}, "across": {Optics: paper.Optics{Motion: -3}},
		"specks": {Optics: paper.Optics{Specks: 4}}, "light": {Optics: paper.Optics{Light: 0.4}}, "spot": {Optics: paper.Optics{Spot: 0.4}},
		"border": {Optics: paper.Optics{Border: 8}}, "camera": {Optics: paper.Optics{Camera: 1}},
		"seal": {Marks: paper.Marks{Seals: paper.SealOverTitle}}, "signature": {Marks: paper.Marks{Signature: 1}}, "hand": {Marks: paper.Marks{Hand: true}},
		"stamps": {Marks: paper.Marks{Stamps: 1}}, "strokes": {Marks: paper.Marks{Strokes: 3}}, "marker": {Marks: paper.Marks{Marker: 2}},
	} {
		look.DPI, look.Seed = 60, 3
		if got := p.Scan(0, look); bytes.Equal(got.Pix, clean.Pix) {
			t.Errorf("%s leaves the picture as it is", name)
		}
	}
}

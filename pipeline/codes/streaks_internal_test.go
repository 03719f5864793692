package codes

import (
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"slices"
	"testing"

	"hoso/pipeline"
	"hoso/testdata/paper"
)

// dirt is streaks on the glass under which a page was fed.
type dirt struct {
	lines    int
	sideways bool // the sheet lay on its side
	bilevel  bool
}

// under scans a sheet through dirt. Lines lie anywhere on the page, half of them across the
// middle, where the code is. They are 0.1 to 1 mm wide. In grey they are of a darkness of
// their own and the print shows through; in black and white those of a light shade are white.
func (d dirt) under(page *paper.Paper, r *rand.Rand) *image.Gray {
	look := paper.Look{Noise: 3 * r.Float64(), Skew: r.Float64() - 0.5, Seed: r.Uint64()}
	if d.sideways {
		look.Turn = 1 + 2*r.IntN(2)
	}
	img := paper.Gray(page.Scan(0, look))
	for range d.lines {
		at := r.Float64()
		if r.IntN(2) == 0 {
			at = 0.35 + 0.3*at
		}
		left := int(at * float64(img.Rect.Dx()))
		line, shade := image.Rect(left, 0, left+1+r.IntN(8), img.Rect.Dy()), uint8(40+r.IntN(120)) //nolint:gosec // a level
		if d.bilevel {
			draw.Draw(img, line, image.NewUniform(color.Gray{shade}), image.Point{}, draw.Src)
			continue
		}
		for y := range line.Dy() {
			for x := line.Min.X; x < min(line.Max.X, img.Rect.Dx()); x++ {
				v := &img.Pix[y*img.Stride+x]
				*v = uint8(int(*v) * int(shade) / 255) //nolint:gosec // a level
			}
		}
	}
	if d.bilevel {
		for i, v := range img.Pix {
			img.Pix[i] = 255 * (v / 128)
		}
	}
	return img
}

// TestThroughStreaks reads the codes of separator sheets that were fed over dirt: of 160 such
// sheets all were told, and of the 80 in black and white 44 without the mending.
func TestThroughStreaks(t *testing.T) {
	t.Parallel()
	fonts, err := paper.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	const sheets, least = 8, 7 // of each sort
	says := pipeline.Separator{Kind: pipeline.Component}.String()
	sheet := paper.SeparatorSheet(fonts, says)
	for name, d := range map[string]dirt{
		"black and white":           {bilevel: true},
		"black and white, sideways": {bilevel: true, sideways: true},
		"grey":                      {},
		"grey, sideways":            {sideways: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(17, 19))
			before, after := 0, 0
			for i := range sheets {
				d.lines = 1 + i%8
				img := d.under(sheet, r)
				before += told(t, says, func() ([]Code, error) { return find(t.Context(), img, kinds()) })
				after += told(t, says, func() ([]Code, error) { return Find(t.Context(), img) })
			}
			t.Logf("of %d sheets %d are told, and %d without mending their streaks", sheets, after, before)
			if after < least {
				t.Errorf("of %d sheets %d are told, want %d", sheets, after, least)
			}
		})
	}
}

// told gives 1 if a text is among the codes that are found. Any other is one too many.
func told(t *testing.T, text string, find func() ([]Code, error)) (n int) {
	t.Helper()
	found, err := find()
	if err != nil {
		t.Error(err)
	}
	for _, c := range found {
		if c.Text != text {
			t.Errorf("found %s %q, which nobody printed", c.Kind, c.Text)
		}
		n = 1
	}
	return n
}

// TestNoCodesOfStreaks finds nothing on pages with streaks that bear no code.
func TestNoCodesOfStreaks(t *testing.T) {
	t.Parallel()
	fonts, err := paper.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(23, 29))
	for i, layout := range []paper.Layout{paper.Decision, paper.Register, paper.Extract, paper.Continued} {
		page := paper.Continuation(fonts, uint64(i), 2) //nolint:gosec // small
		if layout != paper.Continued {
			page = paper.Vary(fonts, layout, uint64(i)) //nolint:gosec // likewise
		}
		for _, d := range []dirt{{lines: 8, bilevel: true}, {lines: 12, sideways: true}} {
			if found, err := Find(t.Context(), d.under(page, r)); err != nil || len(found) > 0 {
				t.Errorf("%s with %d streaks: found %v, %v", layout, d.lines, found, err)
			}
		}
	}
}

// FuzzMended mends pictures of any size with any lines on them: whatever it takes out, its size
// and the picture that was given stay as they are.
func FuzzMended(f *testing.F) {
	f.Add(uint16(200), uint16(300), []byte{10, 20, 200, 201, 7})
	f.Add(uint16(96), uint16(96), []byte{1, 2, 94, 95})
	f.Fuzz(func(t *testing.T, w, h uint16, lines []byte) {
		img := image.NewGray(image.Rect(0, 0, int(w%400), int(h%400)))
		for i := range img.Pix {
			img.Pix[i] = 255
		}
		for i, at := range lines {
			line := image.Rect(int(at), 0, int(at)+1+i%30, img.Rect.Dy())
			if i%3 == 2 {
				line = image.Rect(0, int(at), img.Rect.Dx(), int(at)+1+i%30)
			}
			draw.Draw(img, line, image.NewUniform(color.Gray{uint8(i * 37)}), image.Point{}, draw.Src) //nolint:gosec // a level
		}
		was := slices.Clone(img.Pix)
		if out := mended(img); out != nil && out.Rect.Size() != img.Rect.Size() {
			t.Errorf("a picture of %v is mended to %v", img.Rect, out.Rect)
		}
		if !slices.Equal(was, img.Pix) {
			t.Error("the picture itself was changed")
		}
	})
}

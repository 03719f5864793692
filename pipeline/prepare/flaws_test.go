package prepare_test

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"testing"

	"hoso/pipeline/prepare"
	"hoso/testdata/paper"
)

// scanned prepares a page as its scanner delivers it, after something was done to it.
func scanned(t *testing.T, layout paper.Layout, look paper.Look, spoil func(*image.RGBA) *image.RGBA) *prepare.Prepared {
	t.Helper()
	fonts, err := paper.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	img := paper.Vary(fonts, layout, look.Seed).Scan(0, look)
	if spoil != nil {
		img = spoil(img)
	}
	b, err := paper.JPEG(img, look.Dots(), 75)
	if err != nil {
		t.Fatal(err)
	}
	dots := float64(look.Dots())
	p, err := prepare.Prepare(t.Context(), b, prepare.Hint{DPIX: dots, DPIY: dots}, prepare.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func whole(img *image.RGBA) *image.RGBA { return img }

// streaked draws lines of a width in pixels and a share of darkness down the page, at
// shares of its width and along a share of its height.
func streaked(width int, dark, along float64, at ...float64) func(*image.RGBA) *image.RGBA {
	return func(img *image.RGBA) *image.RGBA {
		for _, share := range at {
			left := int(share * float64(img.Rect.Dx()))
			for y := range int(along * float64(img.Rect.Dy())) {
				for x := left; x < left+width; x++ {
					c := img.RGBAAt(x, y)
					for _, v := range []*uint8{&c.R, &c.G, &c.B} {
						*v = uint8(float64(*v) * (1 - dark))
					}
					img.SetRGBA(x, y, c)
				}
			}
		}
		return img
	}
}

// barred draws lines across the page at shares of its height.
func barred(at ...float64) func(*image.RGBA) *image.RGBA {
	return func(img *image.RGBA) *image.RGBA {
		for _, share := range at {
			y := int(share * float64(img.Rect.Dy()))
			draw.Draw(img, image.Rect(0, y, img.Rect.Dx(), y+2), image.NewUniform(color.Gray{90}), image.Point{}, draw.Src)
		}
		return img
	}
}

// dirty draws lines down the page at places of no order.
func dirty(lines int) func(*image.RGBA) *image.RGBA {
	r := rand.New(rand.NewPCG(7, 9))
	return func(img *image.RGBA) *image.RGBA {
		for range lines {
			img = streaked(1+r.IntN(8), 0.2+0.6*r.Float64(), 1, 0.05+0.9*r.Float64())(img)
		}
		return img
	}
}

func TestStreaks(t *testing.T) {
	t.Parallel()
	clean := paper.Look{Noise: 3, Skew: 0.4, Seed: 4}
	with := func(change func(*paper.Look)) paper.Look {
		l := clean
		change(&l)
		return l
	}
	var ruled []float64
	for i := range 20 {
		ruled = append(ruled, 0.1+float64(i)*0.04)
	}
	for name, c := range map[string]struct {
		layout paper.Layout
		look   paper.Look
		spoil  func(*image.RGBA) *image.RGBA
		want   int
	}{
		"clean":           {paper.Decision, clean, whole, 0},
		"one":             {paper.Decision, clean, streaked(2, 0.3, 1, 0.4), 1},
		"three, faint":    {paper.Decision, clean, streaked(2, 0.12, 1, 0.2, 0.55, 0.8), 3},
		"broad":           {paper.Decision, clean, streaked(8, 0.5, 1, 0.33), 1},
		"300 dpi":         {paper.Decision, with(func(l *paper.Look) { l.DPI = 300 }), streaked(2, 0.4, 1, 0.4), 1},
		"fed on its side": {paper.Decision, with(func(l *paper.Look) { l.Turn = 1 }), streaked(2, 0.4, 1, 0.4), 1},
		"not to the end":  {paper.Decision, clean, streaked(2, 0.5, 0.97, 0.4), 0},
		"ruled paper":     {paper.Decision, clean, streaked(2, 0.5, 1, ruled...), 0},
		"squared paper":   {paper.Decision, clean, func(img *image.RGBA) *image.RGBA { return barred(ruled...)(streaked(2, 0.5, 1, ruled...)(img)) }, 0},
		"ledger cut off": {
			paper.Decision, clean, func(img *image.RGBA) *image.RGBA {
				return barred(0.11, 0.2, 0.45, 0.81)(streaked(2, 0.5, 1, 0.1, 0.18, 0.42, 0.6, 0.95)(img))
			}, 0,
		},
		"edge of a sheet": {paper.Decision, clean, barred(0.986), 0},
		"fold":            {paper.Decision, with(func(l *paper.Look) { l.Skew, l.Sheet.Fold = 0, 1 }), whole, 0},
		"frame":           {paper.Extract, with(func(l *paper.Look) { l.Skew = 0 }), whole, 0},
		"table":           {paper.Register, with(func(l *paper.Look) { l.Skew = 0 }), whole, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := scanned(t, c.layout, c.look, c.spoil).Streaks(); got != c.want {
				t.Errorf("Streaks() = %d, want %d", got, c.want)
			}
		})
	}
}

// TestStreaksOfTheDirtiestGlass: however many streaks there are, the page is flagged, straight
// tables and forms among them.
func TestStreaksOfTheDirtiestGlass(t *testing.T) {
	t.Parallel()
	for _, layout := range []paper.Layout{paper.Decision, paper.Register, paper.Extract} {
		for _, lines := range []int{13, 20, 30} {
			t.Run(fmt.Sprintf("%s under %d", layout, lines), func(t *testing.T) {
				t.Parallel()
				if got := scanned(t, layout, paper.Look{Noise: 2, Seed: 4}, dirty(lines)).Streaks(); got < lines/2 {
					t.Errorf("Streaks() = %d of %d", got, lines)
				}
			})
		}
	}
}

// TestStreaksGo: the recognizer sees what it sees of a page from a clean glass, though the
// page as it was scanned keeps its streaks.
func TestStreaksGo(t *testing.T) {
	t.Parallel()
	at := []float64{0.2, 0.33, 0.41, 0.5, 0.62, 0.7}
	for turn := range 2 {
		t.Run(fmt.Sprintf("turn %d", turn), func(t *testing.T) {
			t.Parallel()
			look := paper.Look{Noise: 2, Turn: turn, Seed: 4}
			clean, dirty := scanned(t, paper.Decision, look, whole), scanned(t, paper.Decision, look, streaked(5, 0.5, 1, at...))
			if dirty.Streaks() != len(at) {
				t.Errorf("Streaks() = %d, want %d", dirty.Streaks(), len(at))
			}
			streaks := len(at) * 5 * dirty.Plain().Rect.Dy()
			if off := off(clean.Plain(), dirty.Plain()); 10*off < 8*streaks {
				t.Errorf("%d pixels of the page as it was scanned are darker, of streaks of %d pixels", off, streaks)
			}
			if off := off(clean.Gray, dirty.Gray); 100*off > streaks {
				t.Errorf("%d pixels of the picture to recognize are off, of streaks of %d pixels", off, streaks)
			}
		})
	}
}

// off counts the pixels in which two pictures clearly differ.
func off(a, b *image.Gray) (n int) {
	const clearly = 64
	for i, v := range a.Pix {
		if abs(int(v)-int(b.Pix[i])) > clearly {
			n++
		}
	}
	return n
}

// window keeps a part of a page, given in shares of its sides.
func window(left, upper, right, lower float64) func(*image.RGBA) *image.RGBA {
	return func(img *image.RGBA) *image.RGBA {
		w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
		from := image.Rect(int(left*w), int(upper*h), int(right*w), int(lower*h))
		out := image.NewRGBA(image.Rectangle{Max: from.Size()})
		draw.Draw(out, out.Rect, img, from.Min, draw.Src)
		return out
	}
}

// holed punches two holes at the very edge.
func holed(img *image.RGBA) *image.RGBA {
	for _, y := range []float64{0.2, 0.3, 0.35, 0.6} {
		middle := image.Pt(10, int(y*float64(img.Rect.Dy())))
		for dy := -22; dy <= 22; dy++ {
			for dx := -22; dx <= 22; dx++ {
				if dx*dx+dy*dy <= 22*22 {
					img.SetRGBA(middle.X+dx, middle.Y+dy, color.RGBA{20, 20, 20, 255})
				}
			}
		}
	}
	return img
}

func TestCropped(t *testing.T) {
	t.Parallel()
	look := paper.Look{Noise: 2, Skew: 0.3, Seed: 4}
	skewed, bordered, crooked := look, look, look
	skewed.Skew, crooked.Skew = 2.5, 2.5
	bordered.Optics.Border = 10
	for name, c := range map[string]struct {
		look  paper.Look
		spoil func(*image.RGBA) *image.RGBA
		want  bool
	}{
		"whole":            {look, whole, false},
		"askew":            {skewed, whole, false},
		"dark border":      {bordered, whole, false},
		"holes":            {look, holed, false},
		"within margins":   {look, window(0.04, 0.02, 0.97, 0.98), false},
		"right":            {look, window(0, 0, 0.8, 1), true},
		"left":             {look, window(0.25, 0, 1, 1), true},
		"crooked":          {crooked, window(0.16, 0, 1, 1), true},
		"right and below":  {look, window(0, 0, 0.85, 0.9), true},
		"upside down left": {paper.Look{Noise: 2, Turn: 2, Seed: 4}, window(0.2, 0, 1, 1), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := scanned(t, paper.Decision, c.look, c.spoil).Cropped(); got != c.want {
				t.Errorf("Cropped() = %t, want %t", got, c.want)
			}
		})
	}
}

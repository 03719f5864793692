package access_test

import (
	"context"
	"errors"
	"image"
	"image/color"
	"math"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/access"
	"hoso/pipeline/intake/jbig2"
	"hoso/testdata/paper"
)

func masks() access.Options {
	return access.Options{Masks: func(w, h int) access.Bits { return jbig2.NewEncoder(w, h) }}
}

// scanned is a sheet of an invented paper, with its words where they stand.
func scanned(tb testing.TB, layout paper.Layout, look paper.Look) (access.Sheet, pipeline.Page) {
	tb.Helper()
	fonts, err := paper.LoadFonts()
	if err != nil {
		tb.Fatal(err)
	}
	p := paper.New(fonts, layout, 11)
	s := sheet(p.Scan(0, look), look.Dots())
	page := pipeline.Page{Width: s.Width, Height: s.Height}
	dot := float64(look.Dots()) / 72
	for _, l := range p.Sheets[0].Lines {
		var line pipeline.Line
		for _, w := range l {
			line.Words = append(line.Words, pipeline.Word{Text: w.Text, Box: pipeline.Box{
				X0: int(w.X * dot), Y0: int((w.Y - w.Size) * dot), X1: int((w.X + w.Width) * dot), Y1: int((w.Y + w.Size/4) * dot),
			}})
		}
		page.Lines = append(page.Lines, line)
	}
	return s, page
}

func sheet(img *image.RGBA, dpi int) access.Sheet {
	s := access.Sheet{Width: img.Rect.Dx(), Height: img.Rect.Dy(), DPI: float64(dpi)}
	for i := 0; i < len(img.Pix); i += 4 {
		s.Pix = append(s.Pix, img.Pix[i:i+3]...)
	}
	return s
}

func made(tb testing.TB, s access.Sheet, page pipeline.Page, opt access.Options) access.Copy {
	tb.Helper()
	c, err := access.Make(tb.Context(), s, page, opt)
	if err != nil {
		tb.Fatal(err)
	}
	if len(c.Layers) != len(c.Streams) {
		tb.Fatalf("%d layers, %d streams", len(c.Layers), len(c.Streams))
	}
	for i, l := range c.Layers {
		if l.Image.Digest != pipeline.Sum(c.Streams[i]) || l.Image.Size != int64(len(c.Streams[i])) {
			tb.Errorf("layer %d is not described by its stream", i)
		}
	}
	return c
}

func weight(c access.Copy) (n int) {
	for _, s := range c.Streams {
		n += len(s)
	}
	return n
}

// TestPapersAreLight: every kind of paper, however it was scanned, takes little and
// keeps all its strokes.
func TestPapersAreLight(t *testing.T) {
	t.Parallel()
	looks := []paper.Look{
		{DPI: 300, Skew: 0.6, Noise: 4, Seed: 2},
		{Fade: 0.5, Shadow: 0.4, Noise: 3},
		{Skew: -0.4, Noise: 4},
	}
	usual := []paper.Layout{paper.Decision, paper.Letter, paper.Receipt, paper.Application, paper.Certificate, paper.Register}
	for i, layout := range usual {
		look := looks[i%len(looks)]
		s, page := scanned(t, layout, look)
		c := made(t, s, page, masks())
		if n := weight(c); n > 46_000 {
			t.Errorf("%s, %+v: %d bytes", layout, look, n)
		}
		if len(c.Differs) > 0 || c.Words == 0 {
			t.Errorf("%s, %+v: differs at %v; %d words", layout, look, c.Differs, c.Words)
		}
	}
}

// TestInksAreApart: stamp and pen keep their colours.
func TestInksAreApart(t *testing.T) {
	t.Parallel()
	s, page := scanned(t, paper.Decision, paper.Look{DPI: 200, Noise: 2})
	c := made(t, s, page, masks())
	var red, dark bool
	for _, l := range c.Layers {
		r, g, b := int(l.Ink[0]), int(l.Ink[1]), int(l.Ink[2])
		red = red || l.Image.Mask && r > g+80 && r > b+80
		dark = dark || l.Image.Mask && max(r, g, b) < 90
	}
	if !red || !dark {
		t.Errorf("the layers are %+v: no red or no black ink", c.Layers)
	}
}

// TestWhatDoesNotFitIsSaid: a page that may weigh next to nothing does not pretend.
func TestWhatDoesNotFitIsSaid(t *testing.T) {
	t.Parallel()
	s, page := scanned(t, paper.Letter, paper.Look{DPI: 200, Noise: 2})
	opt := masks()
	opt.Budget = 20_000
	c := made(t, s, page, opt)
	if len(c.Differs) == 0 {
		t.Errorf("%d bytes, and nothing differs", weight(c))
	}
	for _, b := range c.Differs {
		if b.X0 < 0 || b.Y0 < 0 || b.X1 > s.Width+1 || b.Y1 > s.Height+1 || b.X0 >= b.X1 || b.Y0 >= b.Y1 {
			t.Errorf("differs at %v of %d × %d", b, s.Width, s.Height)
		}
	}
}

// TestWhiteOnBlackIsPatched: letters lighter than their ground are no ink, and are
// shown as they are.
func TestWhiteOnBlackIsPatched(t *testing.T) {
	t.Parallel()
	s, page := scanned(t, paper.Letter, paper.Look{DPI: 200})
	box := page.Lines[5].Words[0].Box.Union(page.Lines[7].Words[0].Box)
	margin := 110
	for y := box.Y0 - margin; y < box.Y1+margin; y++ {
		for x := max(0, box.X0-margin); x < box.X1+3*margin; x++ {
			for c := range 3 {
				s.Pix[3*(y*s.Width+x)+c] ^= 0xff
			}
		}
	}
	if c := made(t, s, page, masks()); c.Patched == 0 && len(c.Differs) == 0 {
		t.Error("white letters on black are neither patched nor said to differ")
	}
}

// TestBlankAndPhoto: pages without letters are pages, too.
func TestBlankAndPhoto(t *testing.T) {
	t.Parallel()
	blank, photo := image.NewRGBA(image.Rect(0, 0, 1240, 1754)), image.NewRGBA(image.Rect(0, 0, 1240, 1754))
	for y := range 1754 {
		for x := range 1240 {
			blank.Set(x, y, color.RGBA{250, 248, 240, 255})
			v := 128 + 100*math.Sin(float64(x)/90)*math.Cos(float64(y)/70) + float64((x*7+y*13)%17)
			photo.Set(x, y, color.RGBA{uint8(v), uint8(v / 2), uint8(255 - v), 255})
		}
	}
	for name, img := range map[string]*image.RGBA{"blank": blank, "photo": photo} {
		c := made(t, sheet(img, 150), pipeline.Page{Width: 1240, Height: 1754}, masks())
		if n := weight(c); n > 60_000 || name == "blank" && (n > 4000 || len(c.Differs) > 0) {
			t.Errorf("%s: %d bytes, differs at %v", name, n, c.Differs)
		}
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	if _, err := access.Make(t.Context(), access.Sheet{Width: 10, Height: 10, Pix: make([]byte, 299)}, pipeline.Page{}, masks()); !errors.Is(err, access.ErrSheet) {
		t.Errorf("a sheet short of a pixel: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := access.Make(ctx, access.Sheet{Width: 10, Height: 10, Pix: make([]byte, 300)}, pipeline.Page{}, masks()); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of its context: %v", err)
	}
}

// FuzzMake: whatever the pixels and boxes, a page comes out, with all boxes on it.
func FuzzMake(f *testing.F) {
	f.Add([]byte("some pixels of no meaning, in three colours"), uint16(9), float64(200), 3, 4, 8, 20)
	f.Add([]byte{255, 0}, uint16(300), float64(50), -5, -7, 1<<40, 3)
	f.Fuzz(func(t *testing.T, pix []byte, width uint16, dpi float64, x0, y0, x1, y1 int) {
		w := 1 + int(width%400)
		s := access.Sheet{Width: w, Height: 1 + len(pix)*40/w, DPI: dpi}
		if len(pix) == 0 || s.Height > 2000 {
			return
		}
		s.Pix = make([]byte, 3*s.Width*s.Height)
		for i := range s.Pix {
			s.Pix[i] = pix[(i+i/97)%len(pix)]
		}
		page := pipeline.Page{Width: w, Height: s.Height, Lines: []pipeline.Line{{Words: []pipeline.Word{{Text: "x", Box: pipeline.Box{X0: x0, Y0: y0, X1: x1, Y1: y1}}}}}}
		for _, l := range made(t, s, page, masks()).Layers {
			if p := l.Place; !(p.X0 >= 0 && p.X0 < p.X1 && p.X1 <= 1 && p.Y0 >= 0 && p.Y0 < p.Y1 && p.Y1 <= 1) {
				t.Errorf("a layer lies at %+v", p)
			}
		}
	})
}

func BenchmarkMake(b *testing.B) {
	s, page := scanned(b, paper.Decision, paper.Look{DPI: 300, Skew: 0.6, Noise: 4, Seed: 2})
	for b.Loop() {
		b.ReportMetric(float64(weight(made(b, s, page, masks()))), "bytes")
	}
}

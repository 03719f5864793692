package prepare_test

import (
	"image"
	"testing"

	"hoso/pipeline/pagetest"
)

// negated turns light and dark where in holds.
func negated(s *pagetest.Sheet, in func(x, y int) bool) *pagetest.Sheet {
	b := s.Image.Rect
	for y := range b.Dy() {
		for x := range b.Dx() {
			if !in(x, y) {
				continue
			}
			at := s.Image.Pix[s.Image.PixOffset(x, y):]
			for k := range 3 {
				at[k] = 255 - at[k]
			}
		}
	}
	return s
}

// TestReverse: white letters on a dark ground come out as the black ones on white would.
func TestReverse(t *testing.T) {
	t.Parallel()
	ground := image.Rect(120, 600, 1500, 860)
	letters := func(s *pagetest.Sheet) int {
		p, n := prepared(t, s, 0), 0
		if v := p.Gray.GrayAt(ground.Min.X+5, ground.Min.Y+5).Y; v < 200 {
			t.Errorf("the ground is at %d", v)
		}
		for _, r := range p.Ink {
			if r.In(ground) && r.Dy() > 8 && r.Dy() < 40 && r.Dx() < 40 {
				n++
			}
		}
		return n
	}
	want := letters(letter(t, 200))
	band := func(r image.Rectangle, drop float64) func(x, y int) bool {
		return func(x, y int) bool { return image.Pt(x, y-int(drop*float64(x))).In(r) }
	}
	for name, in := range map[string]func(x, y int) bool{
		"whole page":   func(_, _ int) bool { return true },
		"band":         band(ground, 0),
		"sloping band": band(ground, 0.04),
	} {
		if got := letters(negated(letter(t, 200), in)); want < 100 || abs(got-want) > want/20 {
			t.Errorf("%s: %d letters, want about %d", name, got, want)
		}
	}
}

// TestPhotographStaysDark: what is dark but no printed ground is left as it is.
func TestPhotographStaysDark(t *testing.T) {
	t.Parallel()
	const x0, y0, radius = 800, 1800, 150
	head := func(x, y int) bool { return (x-x0)*(x-x0)+(y-y0)*(y-y0) < radius*radius && (x%40 > 6 || y%40 > 6) }
	got := prepared(t, negated(letter(t, 200), head), 0)
	if v := got.Gray.GrayAt(x0+20, y0+20).Y; v > 100 {
		t.Errorf("the middle of a dark disc is %d", v)
	}
}

// TestSheetOnDarkGlass: a small paper scanned with the lid open is no print in reverse.
func TestSheetOnDarkGlass(t *testing.T) {
	t.Parallel()
	for _, side := range []int{500, 800, 1100} { // of 1654 pixels
		s := letter(t, 200)
		paper := image.Rect(150, 250, 150+side, 250+side)
		b := s.Image.Rect
		for y := range b.Dy() {
			for x := range b.Dx() {
				if at := s.Image.Pix[s.Image.PixOffset(x, y):]; !(image.Point{x, y}).In(paper) {
					at[0], at[1], at[2] = 25, 25, 25
				}
			}
		}
		p := prepared(t, s, 0)
		if v := p.Gray.GrayAt(paper.Min.X+8, paper.Min.Y+8).Y; v < 200 {
			t.Errorf("%d pixels wide, the paper is at %d", side, v)
		}
	}
}

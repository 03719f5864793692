package reading_test

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/pagetest"
	"hoso/workers/reading"
)

// initialled is the letter with a small mark of a red pen at the right of its upper edge,
// too little to be a seal and no word.
func initialled(t *testing.T) *pagetest.Sheet {
	t.Helper()
	s := sheet(t)
	from := image.Pt(int(0.85*float64(s.Image.Rect.Dx())), int(0.02*float64(s.Image.Rect.Dy())))
	at := image.Rectangle{Min: from, Max: from.Add(image.Pt(70, 6))}
	draw.Draw(s.Image, at, image.NewUniform(color.RGBA{R: 245, G: 50, B: 60, A: 255}), image.Point{}, draw.Src)
	return s
}

// inked reports whether a page has ink within shares of it.
func inked(t *testing.T, p pipeline.Page, in pipeline.Place) bool {
	t.Helper()
	cells, err := p.Ink.Marked()
	if err != nil {
		t.Fatal(err)
	}
	for i, marked := range cells {
		x, y := (float64(i%p.Ink.Columns)+0.5)/float64(p.Ink.Columns), (float64(i/p.Ink.Columns)+0.5)/float64(p.Ink.Rows)
		if marked && x > in.X0 && x < in.X1 && y > in.Y0 && y < in.Y1 {
			return true
		}
	}
	return false
}

// TestInkOfTheFirstPage: however the page lies and whatever comes of its words, its ink is
// known as it stands upright; of other pages nobody asks.
func TestInkOfTheFirstPage(t *testing.T) {
	t.Parallel()
	s, mark := initialled(t), pipeline.Place{X0: 0.84, Y0: 0.015, X1: 0.9, Y1: 0.025}
	for name, c := range map[string]struct{ lies, turn int }{
		"upright": {0, 0}, "as the file says": {1, 3}, "as the letters say": {3, 0}, "both": {1, 1},
	} {
		r := reading.New(&scripted{answers: list(says("giấy", 90), says("giấy", 90))}, reading.Options{})
		page, err := r.Read(t.Context(), leaf(s.Turned(c.lies), c.turn), 1)
		if err != nil || page.Ink == nil {
			t.Fatalf("%s: %v, ink %v", name, err, page.Ink)
		}
		if page.Ink.Columns != 199 || page.Ink.Rows != 281 {
			t.Errorf("%s: %d by %d cells", name, page.Ink.Columns, page.Ink.Rows)
		}
		if !inked(t, page, mark) || inked(t, page, pipeline.Place{X1: 0.8, Y1: 0.03}) || inked(t, page, pipeline.Place{X0: 0.93, X1: 1, Y1: 0.06}) {
			t.Errorf("%s: the mark is not where it was drawn", name)
		}
	}
	digital := leaf(s, 0)
	digital.Origin = pipeline.Digital
	r := reading.New(&scripted{answers: list(says("giấy", 90))}, reading.Options{})
	if page, err := r.Read(t.Context(), digital, 1); err != nil || page.Ink == nil || !inked(t, page, mark) {
		t.Errorf("of a page whose words are known: %v", err)
	}
	digital.Readable = nil
	if page, err := r.Read(t.Context(), digital, 1); err != nil || page.Ink != nil || page.Outcome == pipeline.PageFailed {
		t.Errorf("a page that cannot be seen is %s, %v", page.Outcome, err)
	}
	if page, err := r.Read(t.Context(), leaf(s, 0), 2); err != nil || page.Ink != nil {
		t.Errorf("page 2 has %v, %v", page.Ink, err)
	}
}

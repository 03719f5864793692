package recognize_test

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/recognize"
)

// TestScrawlIsNoText drops what was read into a signature, and keeps the name under it.
func TestScrawlIsNoText(t *testing.T) {
	t.Parallel()
	word := func(text string, conf float32, x, y int) pipeline.Line {
		return pipeline.Line{Words: []pipeline.Word{{Text: text, Confidence: conf, Box: pipeline.Box{X0: x, Y0: y, X1: x + 60, Y1: y + 24}}}}
	}
	pens := []image.Rectangle{image.Rect(400, 400, 700, 520)}
	for _, c := range []struct {
		name string
		line pipeline.Line
		kept bool
	}{
		{"scrawl", word("Wƒxz", 31, 450, 430), false},
		{"a name that strokes run through", word("Nguyễn", 72, 450, 480), true},
		{"doubtful print elsewhere", word("Wƒxz", 31, 450, 700), true},
		{"doubtful print that only touches", word("Wƒxz", 31, 670, 430), true},
	} {
		img := image.NewGray(image.Rect(0, 0, 1000, 1400))
		draw.Draw(img, img.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
		e := &told{page: []pipeline.Line{word("Chủ", 95, 100, 200), c.line}}
		draft, err := recognize.First(t.Context(), e, recognize.Picture{Gray: img, DPI: 200, Pens: pens})
		if err != nil {
			t.Fatal(err)
		}
		got, err := draft.Finish(t.Context(), func(string) {})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, l := range got.Lines {
			n += len(l.Words)
		}
		if kept := n == 2; kept != c.kept {
			t.Errorf("%s: %d words are left, want it kept: %v", c.name, n, c.kept)
		}
	}
}

// TestSealsAreNotRead asks the engine for red words beside a seal, and not for those in it.
func TestSealsAreNotRead(t *testing.T) {
	t.Parallel()
	img := image.NewGray(image.Rect(0, 0, 1000, 1400))
	draw.Draw(img, img.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	row := func(x, y int) (ink []image.Rectangle) {
		for i := range 6 {
			ink = append(ink, image.Rect(x+25*i, y, x+25*i+18, y+26))
		}
		return ink
	}
	seal := image.Rect(300, 900, 580, 1180)
	red := append(row(360, 1030), row(100, 200)...)
	e := &told{page: []pipeline.Line{{Words: []pipeline.Word{{Text: "Chủ", Confidence: 95, Box: pipeline.Box{X0: 100, Y0: 600, X1: 160, Y1: 624}}}}}}
	draft, err := recognize.First(t.Context(), e, recognize.Picture{
		Gray: img, DPI: 200, Seals: []image.Rectangle{seal},
		Red: func() (*image.Gray, []image.Rectangle, error) { return img, red, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := draft.Finish(t.Context(), func(string) {}); err != nil {
		t.Fatal(err)
	}
	if len(e.looks) != 1 {
		t.Errorf("the engine looked %d times, want once, at the row beside the seal", len(e.looks))
	}
}

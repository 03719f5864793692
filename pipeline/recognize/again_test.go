package recognize_test

import (
	"context"
	"image"
	"image/color"
	"image/draw"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/recognize"
)

// told is an engine that gives a page and answers second looks as it is told.
type told struct {
	page  []pipeline.Line
	again []pipeline.Line
	deep  bool
	tired bool
	looks []recognize.Look
}

func (e *told) Read(_ context.Context, img *image.Gray, look recognize.Look) ([]pipeline.Line, error) {
	if look.As == recognize.AsPage {
		if e.tired {
			return e.page, recognize.ErrTired
		}
		return e.page, nil
	}
	e.looks = append(e.looks, look)
	var out []pipeline.Line
	for _, l := range e.again {
		b := l.Words[0].Box
		if image.Rect(b.X0, b.Y0, b.X1, b.Y1).Overlaps(img.Rect) {
			out = append(out, l)
		}
	}
	return out, nil
}

func (e *told) Deep() bool        { return e.deep }
func (e *told) Name() string      { return "told 1" }
func (e *told) Languages() string { return "vie" }
func (e *told) Close() error      { return nil }

// finish reads a white page with the ink and rules given.
func finish(t *testing.T, e recognize.Engine, ink, rules []image.Rectangle) []pipeline.Line {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 1000, 1400))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	for _, r := range ink {
		draw.Draw(img, r, image.NewUniform(color.Gray{}), image.Point{}, draw.Src)
	}
	draft, err := recognize.First(t.Context(), e, recognize.Picture{Gray: img, DPI: 200, Ink: ink, Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	got, err := draft.Finish(t.Context(), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	return got.Lines
}

// sure gives a line read with one confidence.
func sure(l pipeline.Line, confidence float32) pipeline.Line {
	for i := range l.Words {
		l.Words[i].Confidence = confidence
	}
	return l
}

func TestBetterReadingWins(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, first   string
		confidence    float32
		second        string
		again         float32
		want          string
		looksExpected bool
	}{
		{"better word", "quyêt định", 40, "quyết định", 95, "quyết định", true},
		{"worse word", "quyết định", 45, "quyêt định", 30, "quyết định", true},
		{"parted", "quyếtđịnh", 40, "quyết định", 95, "quyết định", true},
		{"joined", "quy ết định", 30, "quyết định", 95, "quyết định", true},
		{"nothing lost", "quyết định", 45, "quyết", 95, "quyết định", true},
		{"nothing invented", "quyết định", 45, "quyết định xw", 50, "quyết định", true},
		{"sure", "quyết định", 96, "quyêt đinh", 99, "quyết định", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := &told{deep: true, page: []pipeline.Line{sure(set(600, 0, c.first), c.confidence)}, again: []pipeline.Line{sure(set(600, 0, c.second), c.again)}}
			if got := text(finish(t, e, nil, nil)); got != c.want {
				t.Errorf("read %q, want %q", got, c.want)
			}
			if (len(e.looks) > 0) != c.looksExpected {
				t.Errorf("%d looks", len(e.looks))
			}
		})
	}
}

func TestPassedOverInkIsRead(t *testing.T) {
	t.Parallel()
	e := &told{
		page:  []pipeline.Line{sure(set(600, 0, "quyết định"), 96), sure(set(700, 0, "công dân"), 96)},
		again: []pipeline.Line{sure(set(650, 0, "giấy"), 95)},
	}
	ink := []image.Rectangle{image.Rect(0, 650, 18, 670), image.Rect(20, 650, 38, 670)}
	if got, want := text(finish(t, e, ink, nil)), "quyết định\n\ngiấy\n\ncông dân"; got != want {
		t.Errorf("read %q, want %q", got, want)
	}
}

func TestDoubtfulNumbersAreMended(t *testing.T) {
	t.Parallel()
	const right, wrong = "000.00.15.H42-250317-0042", "000.00.15.H42-2503I7-0042"
	e := &told{page: []pipeline.Line{sure(set(600, 0, wrong), 70)}, again: []pipeline.Line{sure(set(600, 0, right), 95)}}
	w := finish(t, e, nil, nil)[0].Words[0]
	if w.Text != right || w.Was != wrong || len(e.looks) != 1 || e.looks[0].Alphabet == "" {
		t.Errorf("word %+v after %+v", w, e.looks)
	}
	e = &told{page: []pipeline.Line{sure(set(600, 0, right), 96)}}
	if w = finish(t, e, nil, nil)[0].Words[0]; w.Text != right || w.Was != "" || len(e.looks) != 0 {
		t.Errorf("a sure number became %+v after %+v", w, e.looks)
	}
}

func TestRepairsAreMarked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		confidence float32
		text, was  string
	}{{70, "Căn", "Cân"}, {97, "Cân", ""}} {
		w := finish(t, &told{page: []pipeline.Line{sure(set(600, 0, "Cân cứ"), c.confidence)}}, nil, nil)[0].Words[0]
		if w.Text != c.text || w.Was != c.was {
			t.Errorf("read with %.0f: %q, was %q", c.confidence, w.Text, w.Was)
		}
	}
}

func TestTablesAreReadByRows(t *testing.T) {
	t.Parallel()
	var grid []image.Rectangle
	for _, y := range []int{580, 680, 780} {
		grid = append(grid, image.Rect(0, y, 600, y+2))
	}
	for _, x := range []int{0, 200, 600} {
		grid = append(grid, image.Rect(x, 580, x+2, 782))
	}
	var stack []image.Rectangle // without steep lines
	for _, y := range []int{480, 580, 680, 780} {
		stack = append(stack, image.Rect(0, y, 700, y+2))
	}
	for _, c := range []struct {
		name  string
		rules []image.Rectangle
		page  []pipeline.Line
		want  string
	}{
		{"single lines", grid, []pipeline.Line{at(20, 620, "một"), at(20, 720, "hai"), at(220, 620, "giấy"), at(220, 720, "công dân")}, "một giấy\n\nhai công dân"},
		{"cells of several lines", grid, []pipeline.Line{at(20, 620, "một"), at(220, 600, "giấy"), at(220, 640, "công dân"), at(20, 720, "hai")}, "một\ngiấy\ncông dân\n\nhai"},
		{"level lines only", stack, []pipeline.Line{at(20, 520, "số"), at(20, 620, "một"), at(20, 720, "hai"), at(420, 520, "tên"), at(420, 600, "giấy"), at(420, 640, "công dân"), at(420, 720, "tờ")}, "số tên\n\nmột\ngiấy\ncông dân\n\nhai tờ"},
		{
			"columns between rules far apart",
			[]image.Rectangle{image.Rect(0, 60, 700, 62), image.Rect(0, 380, 700, 382), image.Rect(0, 820, 700, 822), image.Rect(0, 1200, 700, 1202)},
			[]pipeline.Line{at(20, 520, "một"), at(20, 620, "hai"), at(420, 520, "giấy"), at(420, 620, "tờ")},
			"một\nhai\ngiấy\ntờ",
		},
		{"two level lines", stack[:2], []pipeline.Line{at(20, 520, "một"), at(20, 720, "hai"), at(420, 520, "giấy")}, "một\nhai\ngiấy"},
		{"no grid", nil, []pipeline.Line{at(20, 620, "một"), at(20, 720, "hai"), at(20, 820, "giấy")}, "một\nhai\ngiấy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := text(finish(t, &told{page: c.page}, nil, c.rules)); got != c.want {
				t.Errorf("read %q, want %q", got, c.want)
			}
		})
	}
}

// TestSecondLooksAreRationed: on a page of nothing but doubtful words, some are looked at
// again, and none is lost for want of a look.
func TestSecondLooksAreRationed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		rows int
		all  bool
	}{{"a page's worth", 60, true}, {"a wall of noise", 6000, false}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := &told{deep: true}
			for i := range c.rows {
				e.page = append(e.page, sure(set(20*i, 0, "xwq zkj"), 20))
			}
			got := finish(t, e, nil, nil)
			if len(got) != c.rows {
				t.Errorf("%d lines came of %d", len(got), c.rows)
			}
			if n := len(e.looks); (n == c.rows) != c.all || n == 0 || n > c.rows {
				t.Errorf("%d looks at %d lines", n, c.rows)
			}
		})
	}
}

// TestTiredEngine: what an engine read before it had enough of a page is kept, and what it
// did not reach is not looked for again.
func TestTiredEngine(t *testing.T) {
	t.Parallel()
	e := &told{page: []pipeline.Line{sure(set(600, 0, "quyết định"), 96)}, tired: true, again: []pipeline.Line{sure(set(650, 0, "giấy"), 95)}}
	ink := []image.Rectangle{image.Rect(0, 650, 18, 670), image.Rect(20, 650, 38, 670)}
	if got := text(finish(t, e, ink, nil)); got != "quyết định" || len(e.looks) > 0 {
		t.Errorf("read %q with %d more looks", got, len(e.looks))
	}
}

package appearance_test

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"reflect"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/appearance"
)

// The size of A4 in points, and the pixels of a point in the pictures here.
const (
	a4Width, a4Height = 595.276, 841.89
	fine              = 100 / 72.0
)

// sheet is a page drawn for a test: what is on it, and what of that was read.
type sheet struct {
	width, height float64
	words         []pipeline.Frame // read, and drawn
	codes         []pipeline.Frame // likewise
	hidden        []stroke         // drawn, and not read
	paper         color.Color
}

// stroke is a rectangle of a colour.
type stroke struct {
	pipeline.Frame
	color.Color
}

func at(x0, y0, x1, y1 float64) pipeline.Frame {
	return pipeline.Frame{X0: x0, Y0: y0, X1: x1, Y1: y1}
}

func ink(x0, y0, x1, y1 float64) stroke { return stroke{at(x0, y0, x1, y1), color.Gray{Y: 30}} }

// rows are lines of text over the width of a page.
func rows(left, top, right, bottom float64) []pipeline.Frame {
	var all []pipeline.Frame
	for y := top; y+9 <= bottom; y += 14 {
		all = append(all, at(left, y, right, y+9))
	}
	return all
}

func a4() sheet { return sheet{width: a4Width, height: a4Height, paper: color.Gray{Y: 246}} }

func (s sheet) picture() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, int(s.width*fine), int(s.height*fine)))
	draw.Draw(m, m.Rect, image.NewUniform(s.paper), image.Point{}, draw.Src)
	fill := func(f pipeline.Frame, c color.Color) {
		r := image.Rect(int(f.X0*fine), int(f.Y0*fine), int(math.Ceil(f.X1*fine)), int(math.Ceil(f.Y1*fine)))
		draw.Draw(m, r, image.NewUniform(c), image.Point{}, draw.Src)
	}
	for _, f := range s.words {
		fill(f, color.Gray{Y: 30})
	}
	for _, f := range s.codes {
		fill(f, color.Gray{Y: 30})
	}
	for _, h := range s.hidden {
		fill(h.Frame, h.Color)
	}
	return m
}

func (s sheet) page() appearance.Page {
	return appearance.Page{
		Width: s.width, Height: s.height, Words: s.words, Kept: s.codes,
		Ink: appearance.Look(s.picture(), s.width, s.height),
	}
}

func profile(t testing.TB, name string) appearance.Profile {
	t.Helper()
	all, err := appearance.Parse(nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := all.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func facts() appearance.Facts {
	at := time.Date(2022, 10, 11, 2, 30, 5, 0, time.UTC)
	return appearance.Facts{Signer: "Nguyễn Thị Hường", Agency: "Ủy ban nhân dân xã Gia Viễn", Form: "SAO Y", Time: at, Copied: at}
}

func choose(t testing.TB, p appearance.Profile, f appearance.Facts, on appearance.Page) appearance.Choice {
	t.Helper()
	c, err := appearance.Choose(p, f, on)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// overlap reports whether rectangles have more than an edge in common.
func overlap(a, b pipeline.Frame) bool {
	const touch = 1e-6
	return a.X0 < b.X1-touch && b.X0 < a.X1-touch && a.Y0 < b.Y1-touch && b.Y0 < a.Y1-touch
}

// covers wants a signature on the page and over nothing that stands there.
func (s sheet) covers(t *testing.T, c appearance.Choice) {
	t.Helper()
	if f := c.Frame; f.X0 < 0 || f.Y0 < 0 || f.X1 > s.width || f.Y1 > s.height || f.X1 <= f.X0 || f.Y1 <= f.Y0 {
		t.Errorf("it stands at %v of a page of %g by %g", f, s.width, s.height)
	}
	for _, h := range s.hidden {
		if overlap(c.Frame, h.Frame) {
			t.Errorf("it stands at %v, over the ink at %v", c.Frame, h.Frame)
		}
	}
	for _, w := range append(append([]pipeline.Frame{}, s.words...), s.codes...) {
		if overlap(c.Frame, w) {
			t.Errorf("it stands at %v, over %v", c.Frame, w)
		}
	}
}

// expected is where a signature has to be.
type expected struct {
	name    string
	sheet   sheet
	profile string
	place   appearance.Place
	within  pipeline.Frame
}

func withWords(s sheet, words ...pipeline.Frame) sheet { s.words = words; return s }
func withCode(s sheet, codes ...pipeline.Frame) sheet  { s.codes = codes; return s }
func withInk(s sheet, ink ...stroke) sheet             { s.hidden = ink; return s }

// borders are the black edges that a scanner leaves around a sheet.
func borders(wide float64) []stroke {
	return []stroke{
		ink(0, 0, a4Width, wide), ink(0, a4Height-wide, a4Width, a4Height),
		ink(0, 0, wide, a4Height), ink(a4Width-wide, 0, a4Width, a4Height),
	}
}

// dusky is a sheet in poor light.
func dusky() sheet { return sheet{width: a4Width, height: a4Height, paper: color.Gray{Y: 150}} }

// table is what is around a sheet that was photographed: dark, but lighter than ink.
func table() []stroke {
	brown := color.RGBA{R: 95, G: 72, B: 50, A: 255}
	return []stroke{
		{at(0, 0, a4Width, 60), brown},
		{at(0, a4Height-60, a4Width, a4Height), brown},
		{at(0, 0, 70, a4Height), brown},
		{at(510, 0, a4Width, a4Height), brown},
	}
}

func usualPlaces() []expected {
	half, third := a4Width/2, a4Height/3
	letter, code := rows(85, 57, a4Width-43, a4Height-57), at(14, 14, 71, 71)
	return []expected{
		{"blank, officer", a4(), "officer", appearance.InCorner, at(0, 0, half, 60)},
		{"blank, copy", a4(), "copy", appearance.InCorner, at(half, 0, a4Width, 60)},
		{"letter, officer", withWords(a4(), letter...), "officer", appearance.InCorner, at(0, 0, half, 60)},
		{"letter, copy", withWords(a4(), letter...), "copy", appearance.InCorner, at(half, 0, a4Width, 60)},
		{"list with a small margin", withWords(a4(), rows(20, 28, a4Width-20, a4Height-20)...), "copy", appearance.InCorner, at(200, 0, a4Width, 28)},
		{"list to the upper edge, margin at the right", withWords(a4(), rows(4, 4, a4Width-150, a4Height-4)...), "copy", appearance.InCorner, at(a4Width-150, 0, a4Width, 80)},
		{"code and officer", withCode(withWords(a4(), letter...), code), "officer", appearance.Edge, at(71, 0, half+60, 57)},
		{"code and copy", withCode(withWords(a4(), letter...), code), "copy", appearance.InCorner, at(half, 0, a4Width, 60)},
		{"page number in the middle of the margin", withWords(a4(), append(letter, at(290, 20, 305, 32))...), "copy", appearance.InCorner, at(half, 0, a4Width, 60)},
		{"handwriting in the corner", withInk(withWords(a4(), letter...), ink(540, 8, 580, 40)), "copy", appearance.Edge, at(half-130, 0, 540, 60)},
		{"title up to the edge", withWords(a4(), append(rows(40, 2, a4Width-5, 60), rows(40, 160, a4Width-40, 800)...)...), "copy", appearance.Side, at(half, 53, a4Width, 160)},
		{"full to the foot", withWords(a4(), rows(4, 4, a4Width-4, a4Height-80)...), "copy", appearance.Side, at(half, a4Height-80, a4Width, a4Height)},
		{"the foot is free at the left", withWords(a4(), append(rows(4, 4, a4Width-4, a4Height-80), rows(250, a4Height-80, a4Width-4, a4Height)...)...), "copy", appearance.Elsewhere, at(0, a4Height-80, 250, a4Height)},
		{"lines far apart", withWords(a4(), at(5, 2, 590, 12), at(5, 60, 590, 70), at(5, 118, 590, 128)), "copy", appearance.Edge, at(0, 12, a4Width, 60)},
		{"black edges", withInk(withWords(a4(), letter...), borders(8)...), "copy", appearance.InCorner, at(half, 8, a4Width-8, 57)},
		{"broad black edges", withInk(withWords(a4(), rows(85, 90, 550, 780)...), borders(20)...), "copy", appearance.Edge, at(half-10, 20, a4Width-20, third)},
		{"black edges, officer", withInk(withWords(a4(), rows(85, 90, 550, 780)...), borders(14)...), "officer", appearance.Edge, at(14, 14, half, 90)},
		{"text close to the edge", withWords(a4(), rows(20, 22, a4Width-20, a4Height-20)...), "copy", appearance.InCorner, at(150, 0, a4Width, 22)},
		{"photographed on a dark table", withInk(withWords(dusky(), rows(100, 110, 480, 700)...), table()...), "copy", appearance.Below, at(half-80, 60, 510, third)},
		{"punched at the top", withInk(withWords(a4(), letter...), ink(170, 22, 187, 39), ink(397, 22, 414, 39)), "copy", appearance.InCorner, at(414, 0, a4Width, 60)},
		{"punched at the left", withInk(withWords(a4(), letter...), ink(22, 290, 39, 307), ink(22, 517, 39, 534)), "officer", appearance.InCorner, at(0, 0, half, 60)},
		{"red seal in the corner", withInk(withWords(a4(), rows(85, 160, 550, 780)...), stroke{at(470, 5, 590, 125), color.RGBA{R: 215, G: 60, B: 70, A: 255}}), "copy", appearance.Edge, at(160, 0, 470, 60)},
		{"blue pen in the corner", withInk(withWords(a4(), letter...), stroke{at(500, 20, 580, 22), color.RGBA{R: 60, G: 70, B: 190, A: 255}}), "copy", appearance.Edge, at(half-130, 0, 500, 60)},
	}
}

// TestPlaces has pages of which the place of a signature follows.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for _, c := range usualPlaces() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := choose(t, profile(t, c.profile), facts(), c.sheet.page())
			t.Logf("%s at %v", got.Place, got.Frame)
			if got.Place != c.place || got.Why != "" {
				t.Errorf("it is at %q (%s), want %q", got.Place, got.Why, c.place)
			}
			c.sheet.covers(t, got)
			if f := got.Frame; f.X0 < c.within.X0 || f.Y0 < c.within.Y0 || f.X1 > c.within.X1 || f.Y1 > c.within.Y1 {
				t.Errorf("it stands at %v, want it within %v", f, c.within)
			}
			if again := choose(t, profile(t, c.profile), facts(), c.sheet.page()); !reflect.DeepEqual(again, got) {
				t.Errorf("a second time it stands at %v", again.Frame)
			}
		})
	}
}

// TestWordsAlone keeps words and codes free that nobody has seen as ink: they may be faint.
func TestWordsAlone(t *testing.T) {
	t.Parallel()
	for _, c := range usualPlaces() {
		if len(c.sheet.hidden) > 0 {
			continue
		}
		page := c.sheet.page()
		for name, k := range map[string]*pipeline.Ink{"not looked at": nil, "none seen": appearance.Look(a4().picture(), a4Width, a4Height), "unreadable": {Columns: 9, Rows: 9}} {
			page.Ink = k
			got := choose(t, profile(t, c.profile), facts(), page)
			if c.sheet.covers(t, got); got.Place != c.place {
				t.Errorf("%s, its ink %s: %q, want %q", c.name, name, got.Place, c.place)
			}
		}
	}
}

// TestBothOnOnePage: the officer's signature, once it is there, is kept free by the
// agency's, also on small pages.
func TestBothOnOnePage(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]float64{{298, 420}, {420, 595}, {595, 842}, {842, 595}, {842, 1191}, {2384, 3370}} {
		s := sheet{width: size[0], height: size[1], paper: color.White}
		s.words = rows(40, 75, size[0]-30, size[1]-30)
		s.codes = []pipeline.Frame{at(12, 12, 60, 60)}
		first := choose(t, profile(t, "officer"), facts(), s.page())
		s.covers(t, first)
		s.codes = append(s.codes, first.Frame)
		second := choose(t, profile(t, "copy"), facts(), s.page())
		s.covers(t, second)
		if second.Frame.X0 < first.Frame.X0 || first.Place == appearance.Least || second.Place == appearance.Least {
			t.Errorf("%v: the officer's at %v, the agency's at %v", size, first.Frame, second.Frame)
		}
	}
}

// TestNoPlace has pages on which nothing can be shown, or only over ink that is no word.
func TestNoPlace(t *testing.T) {
	t.Parallel()
	photo := withInk(a4(), ink(0, 0, 1, 1))
	for x := 0.0; x < a4Width; x += 7 {
		for y := 0.0; y < a4Height; y += 7 {
			photo.hidden = append(photo.hidden, ink(x, y, x+3, y+3))
		}
	}
	over := choose(t, profile(t, "copy"), facts(), photo.page())
	if over.Place != appearance.Least || over.Covers == 0 || over.Why != "" {
		t.Errorf("on a photograph: %+v", over.Place)
	}
	tiny := sheet{width: 100, height: 100, paper: color.White}
	for name, page := range map[string]appearance.Page{
		"words everywhere": withWords(a4(), at(0, 0, a4Width, a4Height)).page(),
		"tiny":             tiny.page(),
		"nothing known":    {Width: a4Width, Height: a4Height, Blind: true},
		"words not known":  {Width: a4Width, Height: a4Height, Blind: true, Ink: appearance.Look(withInk(a4(), ink(500, 12, 580, 20)).picture(), a4Width, a4Height)},
		"no size":          {},
	} {
		if c := choose(t, profile(t, "copy"), facts(), page); c.Why == "" || c.Drawing.Content != nil {
			t.Errorf("%s: it shows at %v", name, c.Frame)
		}
	}
}

// TestSealFindsItsPlace: the image is shown in its true size or not at all.
func TestSealFindsItsPlace(t *testing.T) {
	t.Parallel()
	f := facts()
	f.Seal = &appearance.Image{Width: 1, Height: 1, WidthPt: 102, HeightPt: 102, RGB: make([]byte, 3), Alpha: make([]byte, 1)}
	free := withWords(a4(), rows(85, 160, 550, 780)...)
	if c := choose(t, profile(t, "incoming"), f, free.page()); c.Drawing.Image == nil || c.Frame.Y1-c.Frame.Y0 < 102 || c.Frame.X0 < a4Width/2-20 {
		t.Errorf("with room for it: %v", c.Frame)
	} else {
		free.covers(t, c)
	}
	tight := withWords(a4(), rows(40, 57, 560, 680)...) // with room at the foot
	if c := choose(t, profile(t, "incoming"), f, tight.page()); c.Drawing.Image != nil || c.Why != "" || c.Place != appearance.InCorner {
		t.Errorf("without: %s at %v", c.Place, c.Frame)
	}
}

// TestInk tells ink from paper of many shades.
func TestInk(t *testing.T) {
	t.Parallel()
	shaded := image.NewGray(image.Rect(0, 0, 800, 1100))
	for y := range 1100 {
		for x := range 800 {
			shaded.SetGray(x, y, color.Gray{Y: uint8(250 - 90*x/800 - (x*7+y*13)%9)})
		}
	}
	marked := func(m image.Image) (n int) {
		cells, err := appearance.Look(m, 576, 792).Marked()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cells {
			if c {
				n++
			}
		}
		return n
	}
	if n := marked(shaded); n != 0 {
		t.Errorf("%d cells of shaded paper are ink", n)
	}
	draw.Draw(shaded, image.Rect(300, 300, 400, 302), image.NewUniform(color.Gray{Y: 120}), image.Point{}, draw.Src)
	if n := marked(shaded); n < 20 || n > 60 {
		t.Errorf("%d cells of a line of 72 points are ink", n)
	}
	for _, size := range []image.Point{{X: 1, Y: 1}, {X: 3000, Y: 2}, {X: 5, Y: 900}} {
		if k := appearance.Look(image.NewGray(image.Rectangle{Max: size}), 0, 0); k.Columns < 1 || k.Rows < 1 {
			t.Errorf("%v has %d by %d cells", size, k.Columns, k.Rows)
		}
	}
}

// FuzzChoose puts signatures onto pages of any shape with anything on them: they stand on
// the page, and over no word and no code, and over ink only where there was no other place.
func FuzzChoose(f *testing.F) {
	f.Add(595.0, 842.0, []byte{}, true)
	f.Add(420.0, 298.0, []byte{10, 10, 200, 20, 1, 100, 100, 50, 9, 2, 200, 0, 55, 255, 0}, false)
	f.Add(14400.0, 14400.0, []byte{0, 0, 255, 3, 0}, true)
	f.Fuzz(func(t *testing.T, width, height float64, marks []byte, copied bool) {
		if !(width > 1 && width < 2000 && height > 1 && height < 2000) {
			width, height = 595, 842
		}
		s := sheet{width: width, height: height, paper: color.White}
		for ; len(marks) >= 5 && len(s.words)+len(s.codes)+len(s.hidden) < 60; marks = marks[5:] {
			x, y := float64(marks[0])/255*width, float64(marks[1])/255*height
			r := at(x, y, x+float64(marks[2])/255*width, y+float64(marks[3])/255*height)
			switch marks[4] % 3 {
			case 0:
				s.words = append(s.words, r)
			case 1:
				s.codes = append(s.codes, r)
			default:
				s.hidden = append(s.hidden, stroke{at(x, y, x+20, y+20), color.Black})
			}
		}
		name := "officer"
		if copied {
			name = "copy"
		}
		c := choose(t, profile(t, name), facts(), s.page())
		if c.Why != "" {
			return
		}
		if c.Place == appearance.Least {
			s.hidden = nil
		}
		s.covers(t, c)
		if len(c.Drawing.Content) == 0 || math.Abs(c.Frame.X1-c.Frame.X0-c.Drawing.Width) > 0.01 {
			t.Errorf("%v is drawn %g wide", c.Frame, c.Drawing.Width)
		}
	})
}

func ExampleChoose() {
	all, err := appearance.Parse(nil)
	if err != nil {
		panic(err)
	}
	c, err := appearance.Choose(all["copy"], appearance.Facts{
		Form: "SAO Y", Agency: "Ủy ban nhân dân xã Gia Viễn", Time: time.Date(2022, 10, 11, 2, 30, 5, 0, time.UTC),
	}, appearance.Page{Width: 595, Height: 842})
	fmt.Println(c.Place, c.Frame.X1, err)
	// Output: corner 585 <nil>
}

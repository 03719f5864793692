package prepare_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/pagetest"
	"hoso/pipeline/prepare"
	"hoso/testdata/paper"
)

// regionsOf gives the regions of a kind.
func regionsOf(p *prepare.Prepared, kind pipeline.RegionKind) []pipeline.Box {
	var out []pipeline.Box
	for _, r := range p.Regions {
		if r.Kind == kind {
			out = append(out, r.Box)
		}
	}
	return out
}

// overlap is the area that two boxes have in common, of that which they cover.
func overlap(a, b pipeline.Box) float64 {
	size := func(b pipeline.Box) float64 { return float64(max(0, b.X1-b.X0) * max(0, b.Y1-b.Y0)) }
	both := size(pipeline.Box{X0: max(a.X0, b.X0), Y0: max(a.Y0, b.Y0), X1: min(a.X1, b.X1), Y1: min(a.Y1, b.Y1)})
	return both / (size(a) + size(b) - both)
}

// around is the place of a seal on a sheet, as far as it is on it.
func around(s *pagetest.Sheet, x, y, radius float64) pipeline.Box {
	px := func(mm float64) int { return int(math.Round(mm / 25.4 * float64(s.DPI))) }
	return pipeline.Box{
		X0: max(0, px(x-radius)), Y0: max(0, px(y-radius)),
		X1: min(s.Image.Rect.Dx(), px(x+radius)), Y1: min(s.Image.Rect.Dy(), px(y+radius)),
	}
}

// tinted colours the paper of a sheet, as if seen through a filter.
func tinted(s *pagetest.Sheet, c color.RGBA) {
	for i := 0; i < len(s.Image.Pix); i += 4 {
		for k, v := range [3]uint8{c.R, c.G, c.B} {
			s.Image.Pix[i+k] = uint8(int(s.Image.Pix[i+k]) * int(v) / 255)
		}
	}
}

func TestSealsAreFound(t *testing.T) {
	t.Parallel()
	type seal struct{ x, y, radius float64 }
	for name, c := range map[string]struct {
		seals []seal
		paper color.RGBA
	}{
		"none":             {nil, color.RGBA{255, 255, 255, 255}},
		"none, on red":     {nil, color.RGBA{250, 190, 180, 255}},
		"alone":            {[]seal{{125, 230, 18}}, color.RGBA{255, 255, 255, 255}},
		"over text":        {[]seal{{125, 180, 18}}, color.RGBA{255, 255, 255, 255}},
		"on brown paper":   {[]seal{{125, 180, 18}}, color.RGBA{235, 205, 150, 255}},
		"on pink paper":    {[]seal{{125, 180, 18}}, color.RGBA{255, 205, 200, 255}},
		"small":            {[]seal{{125, 230, 14}}, color.RGBA{255, 255, 255, 255}},
		"half off the top": {[]seal{{70, 0, 18}}, color.RGBA{255, 255, 255, 255}},
		"half off at left": {[]seal{{0, 200, 18}}, color.RGBA{255, 255, 255, 255}},
		"touching":         {[]seal{{100, 240, 17}, {134, 240, 17}}, color.RGBA{255, 255, 255, 255}},
		"lying over":       {[]seal{{100, 240, 17}, {122, 250, 17}}, color.RGBA{255, 255, 255, 255}},
	} {
		s := letter(t, 200)
		for _, o := range c.seals {
			s.Seal(o.x, o.y, o.radius)
		}
		tinted(s, c.paper)
		got := regionsOf(prepared(t, s, 0), pipeline.Seal)
		if len(got) != len(c.seals) {
			t.Errorf("%s: seals at %v, want %d", name, got, len(c.seals))
			continue
		}
		for _, o := range c.seals {
			want, best := around(s, o.x, o.y, o.radius), 0.0
			for _, b := range got {
				best = max(best, overlap(b, want))
			}
			if best < 0.85 {
				t.Errorf("%s: seals at %v, want one at %v", name, got, want)
			}
		}
	}
}

// TestSealOfUnequalDots finds the seal of a scan that has more dots across than down.
func TestSealOfUnequalDots(t *testing.T) {
	t.Parallel()
	s := letter(t, 200)
	s.Seal(125, 230, 18)
	w, h := s.Image.Rect.Dx(), s.Image.Rect.Dy()/2
	flat := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		copy(flat.Pix[y*flat.Stride:][:4*w], s.Image.Pix[2*y*s.Image.Stride:][:4*w])
	}
	want := around(s, 125, 230, 18)
	want.Y0, want.Y1 = want.Y0/2, want.Y1/2
	half := &pagetest.Sheet{Image: flat}
	p, err := prepare.Prepare(t.Context(), half.PPM(), prepare.Hint{DPIX: 200, DPIY: 100}, prepare.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := regionsOf(p, pipeline.Seal); len(got) != 1 || overlap(got[0], want) < 0.85 {
		t.Errorf("seals at %v, want one at %v", got, want)
	}
}

// boxed draws the frame of a stamp with words in it, in millimetres.
func boxed(t *testing.T, s *pagetest.Sheet, at [4]float64, ink color.RGBA) pipeline.Box {
	t.Helper()
	px := func(mm float64) int { return int(math.Round(mm / 25.4 * float64(s.DPI))) }
	frame := image.Rect(px(at[0]), px(at[1]), px(at[2]), px(at[3]))
	words := &pagetest.Sheet{Image: image.NewRGBA(s.Image.Rect), DPI: s.DPI}
	draw.Draw(words.Image, frame, image.NewUniform(ink), image.Point{}, draw.Src)
	draw.Draw(words.Image, frame.Inset(px(0.5)), image.NewUniform(color.White), image.Point{}, draw.Src)
	for x := at[0] + 4; x < at[2]-4; x += 3 {
		letter := image.Rect(px(x), px(at[1]+3), px(x+1.5), px(at[3]-3))
		draw.Draw(words.Image, letter, image.NewUniform(ink), image.Point{}, draw.Src)
	}
	draw.Draw(s.Image, frame, words.Image, frame.Min, draw.Over)
	return pipeline.Box{X0: frame.Min.X, Y0: frame.Min.Y, X1: frame.Max.X, Y1: frame.Max.Y}
}

func TestStampsAreFound(t *testing.T) {
	t.Parallel()
	red, violet, black := color.RGBA{205, 40, 50, 255}, color.RGBA{90, 60, 180, 255}, color.RGBA{30, 30, 30, 255}
	for name, c := range map[string]struct {
		ink   color.RGBA
		turns float64
		want  bool
	}{
		"red": {red, 0, true}, "violet": {violet, 0, true}, "askew": {red, 5, true}, "print": {black, 0, false},
	} {
		s := letter(t, 200)
		want := boxed(t, s, [4]float64{40, 220, 80, 232}, c.ink)
		if c.turns != 0 {
			s = s.Rotated(c.turns)
			want = turnedAbout(want, s.Image.Rect, c.turns)
		}
		got := regionsOf(prepared(t, s, 0), pipeline.Stamp)
		if !c.want && len(got) > 0 || c.want && (len(got) != 1 || overlap(got[0], want) < 0.8) {
			t.Errorf("%s: stamps at %v, want %v at %v", name, got, c.want, want)
		}
	}
}

// turnedAbout is the smallest box around b after a turn about the middle of the page.
func turnedAbout(b pipeline.Box, page image.Rectangle, degrees float64) (out pipeline.Box) {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	cx, cy := float64(page.Dx())/2, float64(page.Dy())/2
	for _, c := range [4][2]int{{b.X0, b.Y0}, {b.X1, b.Y0}, {b.X0, b.Y1}, {b.X1, b.Y1}} {
		dx, dy := float64(c[0])-cx, float64(c[1])-cy
		x, y := int(cx+dx*cos-dy*sin), int(cy+dx*sin+dy*cos)
		out = out.Union(pipeline.Box{X0: x, Y0: y, X1: x + 1, Y1: y + 1})
	}
	return out
}

// TestRegionsAreOfTheUprightPage scans one page lying in four ways, once with the way
// known and once told by the letters alone.
func TestRegionsAreOfTheUprightPage(t *testing.T) {
	t.Parallel()
	fonts, err := paper.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	look := paper.Look{Seed: 5, Marks: paper.Marks{Stamps: 1}}
	page := paper.Vary(fonts, paper.Decision, 5)
	truth := page.Regions(0, look)
	for turn := range 4 {
		look.Turn = turn
		s := &pagetest.Sheet{Image: page.Scan(0, look)}
		for _, hint := range []prepare.Hint{{DPIX: 200, DPIY: 200, Turn: 4 - turn, Sure: true}, {DPIX: 200, DPIY: 200}} {
			p, err := prepare.Prepare(t.Context(), s.PPM(), hint, prepare.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if up, err := p.Upright(t.Context()); err == nil && up != nil {
				p = up
			}
			for _, want := range truth {
				best := 0.0
				for _, b := range regionsOf(p, want.Kind) {
					best = max(best, overlap(b, want.Box))
				}
				if best < 0.5 {
					t.Errorf("lying by %d quarters, hint %d: %v, want a %s at %v", turn, hint.Turn, p.Regions, want.Kind, want.Box)
				}
			}
		}
	}
}

// TestRegionsOfManyPages finds what people put onto generated pages: of each kind most of
// what is there and little else.
func TestRegionsOfManyPages(t *testing.T) {
	t.Parallel()
	fonts, err := paper.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	there, found, right := map[pipeline.RegionKind]int{}, map[pipeline.RegionKind]int{}, map[pipeline.RegionKind]int{}
	layouts, n := paper.Layouts(), 0
	for _, class := range paper.Classes() {
		switch class.Name {
		case "seal", "stamp", "signature", "handwriting", "strokes", "yellow":
		default:
			continue
		}
		for range 6 {
			n++
			page := paper.Vary(fonts, layouts[n*7%len(layouts)], uint64(n))
			look := class.Look(uint64(n))
			encoded, _, err := class.File(page.Scan(0, look), look.Dots())
			if err != nil {
				t.Fatal(err)
			}
			p, err := prepare.Prepare(t.Context(), encoded, prepare.Hint{DPIX: 200, DPIY: 200}, prepare.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range p.Regions {
				found[r.Kind]++
			}
			for _, want := range page.Regions(0, look) {
				there[want.Kind]++
				for _, b := range regionsOf(p, want.Kind) {
					if overlap(b, want.Box) >= 0.5 {
						right[want.Kind]++
						break
					}
				}
			}
		}
	}
	for kind, least := range map[pipeline.RegionKind][2]float64{
		pipeline.Seal: {0.97, 0.98}, pipeline.Stamp: {0.8, 0.9}, pipeline.Autograph: {0.9, 0.93}, pipeline.Handwriting: {0.6, 0.7},
	} {
		recall, precision := float64(right[kind])/float64(there[kind]), float64(right[kind])/float64(max(found[kind], 1))
		if there[kind] < 5 || recall < least[0] || precision < least[1] {
			t.Errorf("%s: %d on the pages, %d found, %d right: recall %.2f, precision %.2f, want %.2f", kind, there[kind], found[kind], right[kind], recall, precision, least)
		}
	}
}

// TestGrayPagesHaveNoSeals reads the same page in gray: what colour tells is not there.
func TestGrayPagesHaveNoSeals(t *testing.T) {
	t.Parallel()
	s := letter(t, 200)
	s.Seal(125, 230, 18)
	gray := image.NewGray(s.Image.Rect)
	draw.Draw(gray, gray.Rect, s.Image, image.Point{}, draw.Src)
	encoded, err := paper.PNG(gray, 200)
	if err != nil {
		t.Fatal(err)
	}
	p, err := prepare.Prepare(t.Context(), bytes.Clone(encoded), prepare.Hint{DPIX: 200, DPIY: 200}, prepare.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := regionsOf(p, pipeline.Seal); len(got) > 0 {
		t.Errorf("a gray page has red seals at %v", got)
	}
}

// TestOnTracesBack finds the seal of a page askew on its level picture, and back.
func TestOnTracesBack(t *testing.T) {
	t.Parallel()
	for _, degrees := range []float64{0, 4} {
		s := letter(t, 300)
		s.Seal(125, 230, 18)
		p := prepared(t, s.Rotated(degrees), 0)
		seals, on := regionsOf(p, pipeline.Seal), p.On(pipeline.Seal)
		if len(seals) != 1 || len(on) != 1 {
			t.Fatalf("askew by %v: seals at %v, on the picture %v", degrees, seals, on)
		}
		b := p.Box(pipeline.Box{X0: on[0].Min.X, Y0: on[0].Min.Y, X1: on[0].Max.X, Y1: on[0].Max.Y})
		if dx, dy := b.X0+b.X1-seals[0].X0-seals[0].X1, b.Y0+b.Y1-seals[0].Y0-seals[0].Y1; abs(dx) > 8 || abs(dy) > 8 {
			t.Errorf("askew by %v: the seal at %v lies at %v of the picture, which is %v", degrees, seals[0], on[0], b)
		}
	}
}

// Package appearance says what a signature shows on page 1 and where: what the law wants
// written, in the corner that it names, and never over anything that stands there.
//
// What is written is a matter of profiles (looks.yaml), since the law differs for who signs
// what and may change. Where it stands follows from a rule, so that the same page gives the
// same place every time: the corner; along the upper edge towards the middle; the same with
// text of other widths; further down; anywhere on the page. The system's QR code lies in the corner
// of the officer's signature (Circular 01/2023), and so that moves to the right of it.
//
// A page has no free place if it is a picture from edge to edge. Then the text stands where
// there is least ink, if no word, no code, no stamp and no other signature lies there; it has
// no ground of its own, so that nothing is wiped out. Where even that cannot be had, nothing
// shows: a reader lists the signature all the same, and no rule on looks is worth a word of
// the paper.
//
// The letters are those of Liberation Serif (SIL Open Font License 1.1), which has the widths
// of Times New Roman and all letters of Vietnamese. It comes with module
// github.com/go-fonts/liberation (BSD-3-Clause; nothing but the files), and golang.org/x/image
// reads its widths. Its licence lets parts be embedded in documents; here that is the glyphs
// in use.
package appearance

import "hoso/pipeline"

// Drawing is a signature to be shown.
type Drawing struct {
	Width, Height float64 // points
	Content       []byte  // PDF operators from 0,0 at the bottom left, with font /F1 and image /Im1
	Font          Font
	Image         *Image // nil for none
}

// Font is a TrueType font cut down to what is shown. Texts are glyph numbers of two bytes.
type Font struct {
	Name                     string
	File                     []byte
	Glyphs                   []Glyph
	Box                      [4]int // in thousandths of the em, as what follows
	Ascent, Descent, Capital int
}

// Glyph is one glyph in use.
type Glyph struct {
	ID    uint16
	Width int // in thousandths of the em
	Text  rune
}

// Page is a page as readers show it, and what is known of it.
type Page struct {
	Width, Height float64          // points
	Words         []pipeline.Frame // words, stamps and handwriting
	Kept          []pipeline.Frame // codes and other signatures
	Ink           *pipeline.Ink    // nil if nobody has looked
	Blind         bool             // words could not be had: nothing but the corner will do, if it has no ink
}

// Know takes in what was read of the page, with boxes in its pixels.
func (p *Page) Know(read pipeline.Page) {
	if read.Width <= 0 || read.Height <= 0 {
		return
	}
	x, y := p.Width/float64(read.Width), p.Height/float64(read.Height)
	frame := func(b pipeline.Box) pipeline.Frame {
		return pipeline.Frame{X0: x * float64(b.X0), Y0: y * float64(b.Y0), X1: x * float64(b.X1), Y1: y * float64(b.Y1)}
	}
	p.Ink = read.Ink
	for _, line := range read.Lines {
		for _, word := range line.Words {
			p.Words = append(p.Words, frame(word.Box))
		}
	}
	for _, r := range read.Regions {
		p.Words = append(p.Words, frame(r.Box))
	}
	for _, c := range read.Codes {
		p.Kept = append(p.Kept, frame(c.Box))
	}
}

// Choice is where a signature shows.
type Choice struct {
	Drawing Drawing
	Frame   pipeline.Frame
	Place   Place
	Covers  float64 // the share of the frame that has ink; not 0 only for Least
	Why     string  // why nothing shows; "" if it does
}

// Choose draws a signature for a page and finds its place. The image of a seal belongs to
// the corner with it: further down the page it would pass for the seal of who issued the
// paper. Where it has no room above, only what is written shows.
func Choose(p Profile, f Facts, on Page) (Choice, error) {
	t, err := newFace()
	if err != nil {
		return Choice{}, err
	}
	g := newGrid(on)
	c, err := t.choose(p, f, g)
	above := c.Why == "" && c.Place != Least && c.Place != Elsewhere && c.Frame.Y0 < g.height/lower
	if sealed := p.Seal && f.Seal != nil; err != nil || !sealed || above {
		return c, err
	}
	f.Seal = nil
	return t.choose(p, f, g)
}

func (t *face) choose(p Profile, f Facts, g *grid) (Choice, error) {
	blocks, err := t.shapes(p, f, g.width-2*p.Margin)
	if err != nil {
		return Choice{}, err
	}
	spot := g.find(p, blocks)
	c := Choice{Place: spot.place, Covers: spot.covers, Why: spot.why}
	if c.Why != "" {
		return c, nil
	}
	b := blocks[spot.block]
	c.Frame = pipeline.Frame{X0: spot.x, Y0: spot.y, X1: spot.x + b.width, Y1: spot.y + b.height}
	c.Drawing, err = t.draw(b)
	return c, err
}

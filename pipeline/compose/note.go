package compose

import (
	"fmt"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	glyphs "golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// The band below a page of an access copy, in points, and what stands in it.
const (
	bandHeight = 16
	noteSize   = 7.5
	noteLeft   = 8

	noteCopy       = "BẢN XEM NHANH – không thay thế bản số hóa, không có giá trị pháp lý"
	noteCopySigned = "BẢN XEM NHANH – không thay thế bản số hóa đã ký, không có giá trị pháp lý"
	noteDiffers    = "Có chỗ khác bản số hóa: xem ô đỏ"
)

// units is the em in which outlines are drawn: at the size of a note one is less than
// a pixel of any screen.
const units = 250

// pen draws letters as filled outlines. They are for eyes alone: a note that was text
// would be found and copied with the words of the page. The Go font that comes with
// golang.org/x/image lacks most Vietnamese letters, so their marks are set one by one.
type pen struct {
	face *glyphs.Font
	buf  glyphs.Buffer
	out  []byte
	x    float64 // width so far
}

// outline gives the operators that draw a text, and its width, in units. Each letter
// is drawn from its own origin: the same letter then compresses to next to nothing.
func outline(text string) ([]byte, float64, error) {
	face, err := glyphs.Parse(goregular.TTF)
	if err != nil {
		return nil, 0, fmt.Errorf("reading the font of notes: %w", err)
	}
	p := &pen{face: face}
	for _, r := range norm.NFC.String(text) {
		if err := p.letter(r); err != nil {
			return nil, 0, err
		}
	}
	return p.out, p.x, nil
}

// letter draws a letter: whole if the font has it, or the part of it that the font
// has, and the marks left over.
func (p *pen) letter(r rune) error {
	parts := []rune(norm.NFD.String(string(r)))
	base, marks := r, []rune(nil)
	for n := len(parts); ; n-- {
		if n == 0 {
			return fmt.Errorf("drawing a note: no glyph for %q", r)
		}
		whole := []rune(norm.NFC.String(string(parts[:n])))
		if len(whole) == 1 && p.has(whole[0]) {
			base, marks = whole[0], parts[n:]
			break
		}
	}
	shape, advance, err := p.glyph(base)
	if err != nil {
		return err
	}
	p.draw(shape, 0, 0, 1)
	for _, mark := range marks {
		if err := p.mark(mark, shape.Bounds(), len(marks) < len(parts)-1); err != nil {
			return err
		}
	}
	p.x += advance
	p.out = append(p.out, "f\n"...)
	p.out = fmt.Appendf(p.out, "1 0 0 1 %s 0 cm\n", number(advance))
	return nil
}

func (p *pen) has(r rune) bool {
	g, err := p.face.GlyphIndex(&p.buf, r)
	return err == nil && g != 0
}

// glyph gives the outline of a letter and how far it moves the pen.
func (p *pen) glyph(r rune) (glyphs.Segments, float64, error) {
	g, err := p.face.GlyphIndex(&p.buf, r)
	if err != nil {
		return nil, 0, fmt.Errorf("drawing a note: %w", err)
	}
	shape, err := p.face.LoadGlyph(&p.buf, g, fixed.I(units), nil)
	if err != nil {
		return nil, 0, fmt.Errorf("drawing a note: %w", err)
	}
	shape = append(glyphs.Segments(nil), shape...) // the buffer's own are overwritten
	advance, err := p.face.GlyphAdvance(&p.buf, g, fixed.I(units), font.HintingNone)
	if err != nil {
		return nil, 0, fmt.Errorf("drawing a note: %w", err)
	}
	return shape, float64(advance) / 64, nil
}

// mark sets a mark over a letter, beside a mark it has already, or below it. The hook
// is a small question mark without its dot.
func (p *pen) mark(mark rune, base fixed.Rectangle26_6, second bool) error {
	stand := map[rune]rune{0x300: '`', 0x301: '´', 0x303: '˜', 0x309: '?', 0x323: '.'}[mark]
	shape, _, err := p.glyph(stand)
	if err != nil {
		return err
	}
	scale := 1.0
	if mark == 0x309 {
		shape, scale = upper(shape), 0.42
	}
	b := shape.Bounds()
	middle := (float64(base.Min.X) + float64(base.Max.X)) / 128
	x := middle - scale*(float64(b.Min.X)+float64(b.Max.X))/128
	const gap = units * 45 / 1000
	y := -float64(base.Min.Y)/64 + gap + scale*float64(b.Max.Y)/64 // fonts here count down
	switch {
	case mark == 0x323:
		y = -float64(base.Max.Y)/64 - gap + scale*float64(b.Min.Y)/64
	case second:
		x, y = x+units*150/1000, y-units*90/1000
	}
	p.draw(shape, x, y, scale)
	return nil
}

// upper is the part of a shape whose contours begin above the height of a dot.
func upper(shape glyphs.Segments) (out glyphs.Segments) {
	keep := false
	for _, s := range shape {
		if s.Op == glyphs.SegmentOpMoveTo {
			keep = s.Args[0].Y < -fixed.I(units/6)
		}
		if keep {
			out = append(out, s)
		}
	}
	return out
}

// draw appends a shape at x, y.
func (p *pen) draw(shape glyphs.Segments, x, y, scale float64) {
	at := func(f fixed.Point26_6) (float64, float64) {
		return x + scale*float64(f.X)/64, y - scale*float64(f.Y)/64
	}
	var fromX, fromY float64
	open := false
	for _, s := range shape {
		x0, y0 := at(s.Args[0])
		switch s.Op {
		case glyphs.SegmentOpMoveTo:
			if open {
				p.out = append(p.out, "h\n"...)
			}
			open = true
			p.step("m", x0, y0)
		case glyphs.SegmentOpLineTo:
			p.step("l", x0, y0)
		case glyphs.SegmentOpQuadTo: // PDF has cubic curves only
			x1, y1 := at(s.Args[1])
			p.step("c", fromX+2*(x0-fromX)/3, fromY+2*(y0-fromY)/3, x1+2*(x0-x1)/3, y1+2*(y0-y1)/3, x1, y1)
			x0, y0 = x1, y1
		case glyphs.SegmentOpCubeTo:
			x1, y1 := at(s.Args[1])
			x2, y2 := at(s.Args[2])
			p.step("c", x0, y0, x1, y1, x2, y2)
			x0, y0 = x2, y2
		}
		fromX, fromY = x0, y0
	}
	if open {
		p.out = append(p.out, "h\n"...)
	}
}

// step appends an operator with its numbers, to the whole unit.
func (p *pen) step(operator string, numbers ...float64) {
	for _, n := range numbers {
		p.out = append(appendWhole(p.out, n), ' ')
	}
	p.out = append(append(p.out, operator...), '\n')
}

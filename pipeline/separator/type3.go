package separator

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// mostGlyphs is how many codes of one byte there are, without 0.
const mostGlyphs = 255

// typeface sets text in one cut and keeps the glyphs in use, which become a Type 3 font
// (ISO 32000-1, 9.6.5): the code of a glyph is the order in which its letter was first used.
type typeface struct {
	font    *sfnt.Font
	buf     sfnt.Buffer
	em      fixed.Int26_6
	letters []rune
}

func newTypeface(file []byte) (*typeface, error) {
	f, err := sfnt.Parse(file)
	if err != nil {
		return nil, fmt.Errorf("reading the font of separator sheets: %w", err)
	}
	// Readers of text guess the size of a Type 3 font from its first glyph, which they take
	// to be half an em wide: a digit nearly is.
	return &typeface{font: f, em: fixed.I(int(f.UnitsPerEm())), letters: []rune{'0'}}, nil
}

// unit gives the units of an em.
func (f *typeface) unit() float64 { return float64(f.em.Floor()) }

// box gives the corners of a box around all glyphs, in units of the em.
func (f *typeface) box() (string, error) {
	b, err := f.font.Bounds(&f.buf, f.em, font.HintingNone)
	if err != nil {
		return "", fmt.Errorf("measuring the font of separator sheets: %w", err)
	}
	return fmt.Sprintf("%d %d %d %d", b.Min.X.Floor(), -b.Max.Y.Ceil(), b.Max.X.Ceil(), -b.Min.Y.Floor()), nil
}

// encode gives the codes of a text in hexadecimal, and its width in ems.
func (f *typeface) encode(text string) (codes string, width float64, err error) {
	for _, r := range text {
		at := slices.Index(f.letters, r)
		if at < 0 && len(f.letters) == mostGlyphs {
			return "", 0, fmt.Errorf("setting %q: more than %d different letters", text, mostGlyphs)
		}
		if at < 0 {
			at = len(f.letters)
			f.letters = append(f.letters, r)
		}
		advance, err := f.advance(r)
		if err != nil {
			return "", 0, err
		}
		codes += fmt.Sprintf("%02X", at+1)
		width += float64(advance)
	}
	return codes, width / f.unit(), nil
}

// advance gives the width of a letter in units of the em.
func (f *typeface) advance(r rune) (int, error) {
	id, err := f.font.GlyphIndex(&f.buf, r)
	if err != nil || id == 0 {
		return 0, fmt.Errorf("looking for the glyph of %q: %w", r, err)
	}
	advance, err := f.font.GlyphAdvance(&f.buf, id, f.em, font.HintingNone)
	if err != nil {
		return 0, fmt.Errorf("measuring %q: %w", r, err)
	}
	return advance.Round(), nil
}

// procedure draws a letter: its width and box (operator d1), then its outline.
func (f *typeface) procedure(r rune) (string, error) {
	width, err := f.advance(r)
	if err != nil {
		return "", err
	}
	id, err := f.font.GlyphIndex(&f.buf, r)
	if err != nil {
		return "", fmt.Errorf("looking for the glyph of %q: %w", r, err)
	}
	segments, err := f.font.LoadGlyph(&f.buf, id, f.em, nil)
	if err != nil {
		return "", fmt.Errorf("drawing %q: %w", r, err)
	}
	b := segments.Bounds()
	var p strings.Builder
	fmt.Fprintf(&p, "%d 0 %d %d %d %d d1\n", width, b.Min.X.Floor(), -b.Max.Y.Ceil(), b.Max.X.Ceil(), -b.Min.Y.Floor())
	outline(&p, segments)
	return p.String(), nil
}

// outline writes the curves of a glyph. Those of TrueType have one control point, those of
// PDF two.
func outline(p *strings.Builder, segments sfnt.Segments) {
	var x, y float64
	at := func(i fixed.Point26_6) (float64, float64) { return float64(i.X) / 64, -float64(i.Y) / 64 }
	for i, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				p.WriteString("h\n")
			}
			x, y = at(s.Args[0])
			fmt.Fprintf(p, "%.0f %.0f m\n", x, y)
		case sfnt.SegmentOpLineTo:
			x, y = at(s.Args[0])
			fmt.Fprintf(p, "%.0f %.0f l\n", x, y)
		case sfnt.SegmentOpQuadTo:
			cx, cy := at(s.Args[0])
			ex, ey := at(s.Args[1])
			fmt.Fprintf(p, "%.1f %.1f %.1f %.1f %.0f %.0f c\n", (x+2*cx)/3, (y+2*cy)/3, (ex+2*cx)/3, (ey+2*cy)/3, ex, ey)
			x, y = ex, ey
		case sfnt.SegmentOpCubeTo:
			ax, ay := at(s.Args[0])
			bx, by := at(s.Args[1])
			x, y = at(s.Args[2])
			fmt.Fprintf(p, "%.1f %.1f %.1f %.1f %.0f %.0f c\n", ax, ay, bx, by, x, y)
		}
	}
	if len(segments) > 0 {
		p.WriteString("h f\n")
	}
}

// toUnicode says which letters the codes stand for.
func (f *typeface) toUnicode() string {
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<00> <FF>\nendcodespacerange\n")
	code := 1
	for chunk := range slices.Chunk(f.letters, 100) { // the most that one block may hold
		fmt.Fprintf(&b, "%d beginbfchar\n", len(chunk))
		for _, r := range chunk {
			fmt.Fprintf(&b, "<%02X> <%04X>\n", code, r) // all lie in the first plane
			code++
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\n" + strings.Repeat("end\n", 2))
	return b.String()
}

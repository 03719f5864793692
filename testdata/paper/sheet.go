package paper

import (
	"strings"

	"hoso/testdata/invent"
)

// A4 in points.
const (
	pageWidth  = 595.28
	pageHeight = 841.89
)

// mm converts millimetres to points.
func mm(v float64) float64 { return v * 72 / 25.4 }

// Ink is what a word is written with.
type Ink int

// The inks on an official paper.
const (
	Toner Ink = iota
	Pen       // blue
	Stamp     // red
)

// Word is a word at its place: X and the baseline Y in points from the upper left
// corner of the upright page.
type Word struct {
	Text        string
	X, Y, Width float64
	Size        float64
	Style       Style
	Ink         Ink
}

// Line is the words on one baseline, left to right.
type Line []Word

// String joins the words by spaces.
func (l Line) String() string {
	words := make([]string, 0, len(l))
	for _, w := range l {
		words = append(words, w.Text)
	}
	return strings.Join(words, " ")
}

// rule is a straight stroke of toner.
type rule struct{ x0, y0, x1, y1, width float64 }

// seal is a round red seal of an agency around its middle.
type seal struct {
	x, y, radius float64
	text         string
	tail         string   // after the text; the zero value is the province
	middle       []string // instead of the star
	strength     float64  // of the ink; 0 is a full one
	tilt         float64  // radians
	grain        uint64   // seed of an uneven print; 0 is an even one
}

// Sheet is one side of a paper, before it meets a scanner.
type Sheet struct {
	Lines         []Line // in reading order
	width, height float64
	ornaments     []ornament
	rules         []rule
	seals         []seal
	stamps        []stamp
	autographs    []autograph
	hands         []hand
	sweeps        []sweep
	slots         []slot
	codes         []code
	signed        slot // where the signer's name stands
}

// slot is a place for handwriting: the baseline from x on.
type slot struct{ x, y, width float64 }

// Size gives the width and height of the upright sheet in points.
func (s *Sheet) Size() (width, height float64) {
	if s.width == 0 {
		return pageWidth, pageHeight
	}
	return s.width, s.height
}

// Text gives the words in reading order, a line of text per line. What a seal
// says is not in it.
func (s *Sheet) Text() string {
	lines := make([]string, 0, len(s.Lines))
	for _, l := range s.Lines {
		lines = append(lines, l.String())
	}
	return strings.Join(lines, "\n") + "\n"
}

// Align is where a line stands in its column.
type Align int

// The alignments.
const (
	Left Align = iota
	Center
)

// block says how a paragraph is set: a column from x to x+width, in points.
type block struct {
	x, width float64
	size     float64
	style    Style
	align    Align
	indent   float64
	ink      Ink
}

// setter sets paragraphs below each other on a sheet.
type setter struct {
	fonts *Fonts
	facts *Facts
	sheet *Sheet
	y     float64

	spelling invent.Spelling
}

// leading is the distance of baselines in units of the size.
const leading = 1.24

// set wraps text into the block, below what is there, and moves down.
func (s *setter) set(b block, text string) {
	for i, words := range s.wrap(b, strings.Fields(s.spelling.Spell(text))) {
		s.y += b.size * leading
		x := b.x
		if i == 0 {
			x += b.indent
		}
		s.put(b, x, words)
	}
}

// skip leaves a gap.
func (s *setter) skip(points float64) { s.y += points }

// put sets one line at the present baseline.
func (s *setter) put(b block, x float64, words []string) {
	space := s.fonts.width(b.style, b.size, " ")
	line := make(Line, 0, len(words))
	for _, w := range words {
		width := s.fonts.width(b.style, b.size, w)
		line = append(line, Word{Text: w, X: x, Y: s.y, Width: width, Size: b.size, Style: b.style, Ink: b.ink})
		x += width + space
	}
	if b.align == Center {
		shift := (b.width - (x - space - line[0].X)) / 2
		for i := range line {
			line[i].X += shift
		}
	}
	s.sheet.Lines = append(s.sheet.Lines, line)
}

// underline draws a rule of the given length centred below the last baseline.
func (s *setter) underline(b block, length float64) {
	middle, y := b.x+b.width/2, s.y+5
	s.sheet.rules = append(s.sheet.rules, rule{middle - length/2, y, middle + length/2, y, 0.7})
}

// wrap cuts words into lines that fit, the first shorter by the indent.
func (s *setter) wrap(b block, words []string) [][]string {
	var lines [][]string
	space := s.fonts.width(b.style, b.size, " ")
	room := b.width - b.indent
	var current []string
	for _, w := range words {
		width := s.fonts.width(b.style, b.size, w)
		if len(current) > 0 && width > room {
			lines, current, room = append(lines, current), nil, b.width
		}
		current = append(current, w)
		room -= width + space
	}
	if len(current) > 0 {
		lines = append(lines, current)
	}
	return lines
}

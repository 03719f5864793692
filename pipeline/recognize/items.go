package recognize

import (
	"image"
	"slices"
	"strings"
	"unicode"

	"hoso/pipeline"
)

// items gives the numbers at the beginning of lines that stand below one another, outside
// of tables: 1., 2., 3. A figure alone before a stop is passed over at times, so that of
// it only the stop is read. In running text a number at the beginning of a line may be
// anything: one that was read gives way only to one that was read, too.
func (d *Draft) items(tables []table) []numbering {
	var all []numbering
	for i := range d.lines {
		c, ok := d.item(i)
		if !ok || slices.ContainsFunc(tables, func(t table) bool { return heart(c.box).In(t.box) }) {
			continue
		}
		c.note(c.text())
		at := slices.IndexFunc(all, func(n numbering) bool {
			return near(n[0].box.X0, c.box.X0, (c.box.Y1-c.box.Y0)/2)
		})
		if at < 0 {
			at, all = len(all), append(all, nil)
		}
		all[at] = append(all[at], c)
	}
	for _, n := range all {
		slices.SortStableFunc(n, func(a, b cell) int { return a.box.Y0 - b.box.Y0 })
	}
	return all
}

// item gives what stands before the words of a line, if that may be a number: figures and
// a sign, or a sign with ink before it that nobody read.
func (d *Draft) item(line int) (cell, bool) {
	l := d.lines[line]
	lead := slices.IndexFunc(l.Words, func(w pipeline.Word) bool { return !isNumbering(w.Text) })
	if l.Paragraph >= extra || lead < 1 || lead > 2 {
		return cell{}, false
	}
	var c cell
	for i := range lead {
		c.words = append(c.words, placed{&l.Words[i], line})
	}
	band := box(pipeline.Line{Words: l.Words[:min(len(l.Words), lead+2)]})
	high := band.Y1 - band.Y0
	before := image.Rect(l.Words[0].Box.X0-2*high, band.Y0, l.Words[lead].Box.X0, band.Y1)
	found, upright := d.foundIn(before)
	c.words, c.seen = append(c.words, found...), !upright
	c.box = span(slot{to: len(c.words)}.words(c.words))
	bare := c.seen && coreOf(c.text()) == ""
	if bare || len(c.words) == 1 && c.box.Y1-c.box.Y0 < high/2 {
		ink := d.before(c, before, high)
		if bare && ink == (pipeline.Box{}) {
			return cell{}, false
		}
		c.box = c.box.Union(ink)
	}
	return c, true
}

// isNumbering reports whether a word may be of the number of an item: at most two figures,
// and signs.
func isNumbering(text string) bool {
	if numberOf(text) > 0 {
		return len(coreOf(text)) <= 2
	}
	return len([]rune(text)) <= 2 && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r)
	})
}

// foundIn gives what may be of a number at a place and was not read as part of its line: a
// second look found it, or the figures that stand below one another were read as a line
// that runs upright.
func (d *Draft) foundIn(r image.Rectangle) (all []placed, upright bool) {
	for i, l := range d.lines {
		runs := isUpright(l)
		if !runs && (l.Paragraph < extra || len(l.Words) > 1 || !isNumbering(l.Words[0].Text)) {
			continue
		}
		for j := range l.Words {
			if heart(l.Words[j].Box).In(r) {
				all, upright = append(all, placed{&l.Words[j], i}), upright || runs
			}
		}
	}
	return all, upright
}

// isUpright reports whether the words of a line stand below one another.
func isUpright(l pipeline.Line) bool {
	const few = 3
	if len(l.Words) < few {
		return false
	}
	wide, high := 0, 0
	for _, w := range l.Words {
		wide, high = max(wide, w.Box.X1-w.Box.X0), max(high, w.Box.Y1-w.Box.Y0)
	}
	b := box(l)
	return b.X1-b.X0 < 2*wide && b.Y1-b.Y0 > (few-1)*high
}

// before gives the box around the figures that stand close before a sign and that no other
// word covers.
func (d *Draft) before(sign cell, r image.Rectangle, high int) pipeline.Box {
	var words []pipeline.Box
	for _, p := range flat(d.lines) {
		if heart(p.word.Box).In(r) && !slices.Contains(sign.words, p) {
			words = append(words, p.word.Box)
		}
	}
	var out image.Rectangle
	for _, c := range d.picture.Ink {
		if c.In(r) && c.Max.X <= sign.box.X1 && 2*c.Dy() > high && c.Dx() <= 2*high && !covered(words, c) {
			out = out.Union(c)
		}
	}
	return pipeline.Box{X0: out.Min.X, Y0: out.Min.Y, X1: out.Max.X, Y1: out.Max.Y}
}

// covered reports whether a word stands over the middle of a piece of ink.
func covered(words []pipeline.Box, ink image.Rectangle) bool {
	x, y := (ink.Min.X+ink.Max.X)/2, (ink.Min.Y+ink.Max.Y)/2
	return slices.ContainsFunc(words, func(b pipeline.Box) bool { return b.X0 <= x && x < b.X1 && b.Y0 <= y && y < b.Y1 })
}

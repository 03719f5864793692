package recognize

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"slices"
	"strings"
	"unicode/utf8"

	"hoso/pipeline"
)

// Bounds on what is looked for in ink that the first reading passed over.
const (
	mostMissed   = 80 // stretches a page
	sureOfMissed = 55 // what a word must weigh to be believed
)

// missed reads the ink that no word covers: numbers that stand alone in a column, a
// name across a seal. It adds what it can read as lines of their own, which order
// puts at their places.
func (d *Draft) missed(ctx context.Context) error {
	d.lines = withoutPillars(d.lines)
	if d.Partial { // what was not reached was not passed over
		return nil
	}
	for i, s := range d.unread() {
		if i == mostMissed {
			break
		}
		words, err := d.look(ctx, s, Look{As: AsLine})
		if err != nil {
			return fmt.Errorf("looking at what was passed over: %w", err)
		}
		words = slices.DeleteFunc(words, func(w pipeline.Word) bool { return weight(w) < sureOfMissed })
		if len(words) > 0 && (!alone(words) || !d.attached(s)) {
			d.lines = append(d.lines, pipeline.Line{Words: words, Paragraph: extra + i})
		}
	}
	return nil
}

// Bounds on what is read in red.
const (
	mostRed    = 12 // stretches a page
	fewestRed  = 4  // letters of a stretch
	sureOfRed  = 70 // what a word must weigh to be believed
	redTallest = 3  // times the height of the page's text
)

// inRed reads what is printed or stamped in red: level rows of letters. What runs around
// a seal is none.
func (d *Draft) inRed(ctx context.Context) error {
	if d.picture.Red == nil {
		return nil
	}
	gray, ink, err := d.picture.Red()
	if err != nil || gray == nil {
		return err
	}
	red := &Draft{engine: d.engine, ration: d.ration, picture: Picture{Gray: gray, DPI: d.picture.DPI, Ink: ink}}
	typical := max(typicalHeight(d.lines), d.picture.DPI/10)
	rows := slices.DeleteFunc(rowsOf(letterlike(ink, typical, redTallest), typical), func(s stretch) bool {
		return s.letters < fewestRed || s.box.Dx() < 3*s.box.Dy() || inSeal(s.box, d.picture.Seals)
	})
	for i, s := range rows[:min(len(rows), mostRed)] {
		b := s.box
		words, err := red.look(ctx, pipeline.Box{X0: b.Min.X, Y0: b.Min.Y, X1: b.Max.X, Y1: b.Max.Y}, Look{As: AsLine})
		if err != nil {
			return fmt.Errorf("looking at what is red: %w", err)
		}
		words = slices.DeleteFunc(words, func(w pipeline.Word) bool { return weight(w) < sureOfRed })
		if len(words) > 0 && !alone(words) {
			d.redAt = append(d.redAt, span(words))
			d.lines = append(d.lines, pipeline.Line{Words: words, Paragraph: extra + mostMissed + i})
		}
	}
	return nil
}

// alone reports whether words are one letter. Single figures stand in columns.
func alone(words []pipeline.Word) bool {
	return len(words) == 1 && utf8.RuneCountInString(words[0].Text) == 1 && !strings.ContainsAny(words[0].Text, "0123456789")
}

// attached reports whether ink goes on where a word ends, or fills the gap between two:
// it is the end of a word whose place was told too short, or a stroke across the line.
func (d *Draft) attached(ink pipeline.Box) bool {
	height := ink.Y1 - ink.Y0
	left, right := false, false
	for _, l := range d.lines {
		for _, w := range l.Words {
			if ink.Y0 >= w.Box.Y1 || w.Box.Y0 >= ink.Y1 {
				continue
			}
			behind, before := ink.X0-w.Box.X1, w.Box.X0-ink.X1
			if max(behind, before) <= height/5 {
				return true
			}
			left, right = left || behind >= 0 && behind < height, right || before >= 0 && before < height
		}
	}
	return left && right
}

// withoutRest drops the words that are doubtful, after every look at them, on a place
// where red print was read: they are what is left of it in red light.
func withoutRest(lines []pipeline.Line, red []pipeline.Box) []pipeline.Line {
	rest := func(w pipeline.Word) bool {
		x, y := (w.Box.X0+w.Box.X1)/2, (w.Box.Y0+w.Box.Y1)/2
		return weight(w) < doubtfulBelow && slices.ContainsFunc(red, func(r pipeline.Box) bool {
			return x > r.X0 && x < r.X1 && y > r.Y0 && y < r.Y1
		})
	}
	var out []pipeline.Line
	for _, l := range lines {
		if l.Paragraph < extra+mostMissed { // not the red words themselves
			l.Words = slices.DeleteFunc(slices.Clone(l.Words), rest)
		}
		if len(l.Words) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// extra is where the paragraphs of lines begin that a second look found.
const extra = 1 << 20

// withoutPillars drops words that are much higher than wide: columns of figures, read
// as if the page lay on its side.
func withoutPillars(lines []pipeline.Line) []pipeline.Line {
	typical := typicalHeight(lines)
	var out []pipeline.Line
	for _, l := range lines {
		words := slices.DeleteFunc(slices.Clone(l.Words), func(w pipeline.Word) bool {
			return w.Box.Y1-w.Box.Y0 > 3*typical && w.Box.Y1-w.Box.Y0 > 2*(w.Box.X1-w.Box.X0)
		})
		if len(words) > 0 {
			out = append(out, pipeline.Line{Words: words, Paragraph: l.Paragraph})
		}
	}
	return out
}

// typicalHeight is the median height of words in pixels, 0 without any.
func typicalHeight(lines []pipeline.Line) int {
	var all []int
	for _, l := range lines {
		for _, w := range l.Words {
			all = append(all, w.Box.Y1-w.Box.Y0)
		}
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// unread gives the boxes of the stretches of ink that look like text and are covered by
// no word, from top to bottom.
func (d *Draft) unread() []pipeline.Box {
	typical := typicalHeight(d.lines)
	if typical == 0 {
		typical = d.picture.DPI / 8
	}
	covered := newCover(d.picture.Gray.Rect, d.lines)
	left := slices.DeleteFunc(letterlike(d.picture.Ink, typical, 2), covered.has)
	var boxes []pipeline.Box
	for _, s := range rowsOf(left, typical) {
		boxes = append(boxes, pipeline.Box{X0: s.box.Min.X, Y0: s.box.Min.Y, X1: s.box.Max.X, Y1: s.box.Max.Y})
	}
	return boxes
}

// letterlike gives the pieces of ink that may be letters or marks, up to tallest times
// the typical height.
func letterlike(ink []image.Rectangle, typical, tallest int) []image.Rectangle {
	var out []image.Rectangle
	for _, c := range ink {
		if c.Dy() >= typical/3 && c.Dy() <= tallest*typical && c.Dx() <= 4*tallest*typical {
			out = append(out, c)
		}
	}
	return out
}

// stretch is a level row of pieces of ink.
type stretch struct {
	box     image.Rectangle
	letters int
}

// rowsOf joins pieces that stand beside one another into stretches, from top to bottom;
// one without anything of half the typical height is dust. Capitals and marks of one
// stretch may differ in height, but not by more than a line.
func rowsOf(pieces []image.Rectangle, typical int) []stretch {
	slices.SortFunc(pieces, func(a, b image.Rectangle) int { return cmp.Compare(a.Min.X, b.Min.X) })
	var all []stretch
	var open []int // of all, those that a piece further right may still join
	for _, c := range pieces {
		at := -1
		open = slices.DeleteFunc(open, func(i int) bool {
			return c.Min.X-all[i].box.Max.X > max(typical, all[i].box.Dy())
		})
		for _, i := range open {
			if joins(all[i].box, c, typical) {
				at = i
			}
		}
		if at < 0 {
			open = append(open, len(all))
			all = append(all, stretch{c, 1})
		} else {
			all[at] = stretch{all[at].box.Union(c), all[at].letters + 1}
		}
	}
	all = slices.DeleteFunc(all, func(s stretch) bool { return 2*s.box.Dy() < typical })
	slices.SortFunc(all, func(a, b stretch) int { return cmp.Compare(a.box.Min.Y, b.box.Min.Y) })
	return all
}

// joins reports whether a piece continues a row to the right, on its height.
func joins(row, c image.Rectangle, typical int) bool {
	low := min(row.Dy(), c.Dy())
	shared := min(row.Max.Y, c.Max.Y) - max(row.Min.Y, c.Min.Y)
	return c.Min.X-row.Max.X <= max(typical, low) && 2*shared >= low && row.Union(c).Dy() <= 2*max(typical, low)
}

// cover is a coarse map of where words stand.
type cover struct {
	bits  []bool
	width int
	cell  int
}

func newCover(page image.Rectangle, lines []pipeline.Line) *cover {
	const cell = 4
	c := &cover{cell: cell, width: page.Dx()/cell + 1}
	c.bits = make([]bool, c.width*(page.Dy()/cell+1))
	for _, l := range lines {
		for _, w := range l.Words {
			for y := max(0, w.Box.Y0) / cell; y <= min(w.Box.Y1, page.Dy()-1)/cell; y++ {
				for x := max(0, w.Box.X0) / cell; x <= min(w.Box.X1, page.Dx()-1)/cell; x++ {
					c.bits[y*c.width+x] = true
				}
			}
		}
	}
	return c
}

// has reports whether a word stands over the middle of r.
func (c *cover) has(r image.Rectangle) bool {
	x, y := (r.Min.X+r.Max.X)/2/c.cell, (r.Min.Y+r.Max.Y)/2/c.cell
	return c.bits[y*c.width+x]
}

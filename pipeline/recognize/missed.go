package recognize

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"slices"

	"hoso/pipeline"
)

// Bounds on what is looked for in ink that the first reading passed over.
const (
	mostMissed    = 80 // stretches a page
	sureOfMissed  = 55 // what a word must weigh to be believed
	lineOfLetters = 30 // a stretch of so many pieces can hold a line of text
)

// missed reads the ink that no word covers: numbers that stand alone in a column, a
// name across a seal. It adds what it can read as lines of their own, which order
// puts at their places.
func (d *Draft) missed(ctx context.Context) error {
	d.lines = withoutPillars(d.lines)
	stretches := d.unread()
	for i, s := range stretches {
		if i == mostMissed {
			break
		}
		words, err := d.look(ctx, s, Look{As: AsLine})
		if err != nil {
			return fmt.Errorf("looking at what was passed over: %w", err)
		}
		words = slices.DeleteFunc(words, func(w pipeline.Word) bool { return weight(w) < sureOfMissed })
		if len(words) > 0 {
			d.lines = append(d.lines, pipeline.Line{Words: words, Paragraph: extra + i})
		}
	}
	return nil
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
	var left []image.Rectangle
	for _, c := range d.picture.Ink {
		if c.Dy() >= typical/3 && c.Dy() <= 2*typical && c.Dx() <= 8*typical && !covered.has(c) {
			left = append(left, c)
		}
	}
	slices.SortFunc(left, func(a, b image.Rectangle) int { return cmp.Compare(a.Min.X, b.Min.X) })
	var out []image.Rectangle
	var open []int // of out, those that a piece further right may still join
	for _, c := range left {
		at := -1
		open = slices.DeleteFunc(open, func(i int) bool { return c.Min.X-out[i].Max.X > typical })
		for _, i := range open {
			s := out[i]
			shared := min(s.Max.Y, c.Max.Y) - max(s.Min.Y, c.Min.Y)
			if 2*shared >= min(s.Dy(), c.Dy()) && s.Union(c).Dy() <= 2*typical {
				at = i
			}
		}
		if at < 0 {
			open = append(open, len(out))
			out = append(out, c)
		} else {
			out[at] = out[at].Union(c)
		}
	}
	var boxes []pipeline.Box
	for _, s := range out {
		if 2*s.Dy() >= typical {
			boxes = append(boxes, pipeline.Box{X0: s.Min.X, Y0: s.Min.Y, X1: s.Max.X, Y1: s.Max.Y})
		}
	}
	slices.SortFunc(boxes, func(a, b pipeline.Box) int { return cmp.Compare(a.Y0, b.Y0) })
	return boxes
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

package appearance

import (
	"image"
	"math"

	"hoso/pipeline"
)

// Measures of the search for a place, in points.
const (
	cell  = 3.0 // of the grid in which the page is looked at; of sheets beyond A0 it is coarser
	gap   = 1.0 // kept free at least
	apart = 12  // kept free where it would stand amid a text, if there is such a place
	step  = 6.0 // from one place to the next
	near  = 24  // from the edge, as far as a place still counts as at it: scanners leave shadows there
	tight = 4.0 // the least margin, before the edge is left
	clean = 6.0 // kept free around a signature, if there is such a place
	lower = 3.0 // the part of the page, from above, in which a signature belongs: a third
)

// grid counts what stands on a page, a cell at a time. The cells divide the page equally.
type grid struct {
	width, height    float64
	cols, rows       int
	step             float64 // from one place to the next
	ink, words, kept counts
	blind, looked    bool
}

func newGrid(p Page) *grid {
	g := &grid{width: p.Width, height: p.Height, blind: p.Blind}
	g.cols, g.rows = cellsOf(p.Width, p.Height)
	g.step = max(step, 2*p.Width/float64(g.cols))
	words, kept := make([]bool, g.cols*g.rows), make([]bool, g.cols*g.rows)
	g.mark(words, p.Words)
	g.mark(kept, p.Kept)
	g.words, g.kept, g.ink = countsOf(words, g.cols), countsOf(kept, g.cols), countsOf(g.inkOf(p), g.cols)
	return g
}

// inkOf gives the cells that have ink. What cannot be made out was not looked at.
func (g *grid) inkOf(p Page) []bool {
	none := make([]bool, g.cols*g.rows)
	if p.Ink == nil {
		return none
	}
	marked, err := p.Ink.Marked()
	if err != nil {
		return none
	}
	g.looked = true
	if p.Ink.Columns == g.cols && p.Ink.Rows == g.rows {
		return marked
	}
	x, y := g.width/float64(p.Ink.Columns), g.height/float64(p.Ink.Rows)
	for i, ink := range marked {
		if ink {
			col, row := float64(i%p.Ink.Columns), float64(i/p.Ink.Columns)
			g.mark(none, []pipeline.Frame{{X0: col * x, Y0: row * y, X1: (col + 1) * x, Y1: (row + 1) * y}})
		}
	}
	return none
}

// cells gives the cells that a frame touches: columns and rows.
func (g *grid) cells(f pipeline.Frame) image.Rectangle {
	x, y := float64(g.cols)/g.width, float64(g.rows)/g.height
	clip := func(v float64, most int) int { return int(min(max(v, 0), float64(most))) }
	return image.Rect(
		clip(math.Floor(f.X0*x), g.cols), clip(math.Floor(f.Y0*y), g.rows),
		clip(math.Ceil(f.X1*x), g.cols), clip(math.Ceil(f.Y1*y), g.rows))
}

func (g *grid) mark(cells []bool, frames []pipeline.Frame) {
	for _, f := range frames {
		r := g.cells(f)
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				cells[y*g.cols+x] = true
			}
		}
	}
}

// counts gives how many cells of a rectangle are marked, without looking at each.
type counts struct {
	sums []int32
	wide int
}

func countsOf(cells []bool, cols int) counts {
	rows := len(cells) / max(cols, 1)
	c := counts{make([]int32, (cols+1)*(rows+1)), cols + 1}
	for y := range rows {
		line := int32(0)
		for x := range cols {
			if cells[y*cols+x] {
				line++
			}
			c.sums[(y+1)*c.wide+x+1] = c.sums[y*c.wide+x+1] + line
		}
	}
	return c
}

func (c counts) in(r image.Rectangle) int32 {
	above, below := c.sums[r.Min.Y*c.wide:], c.sums[r.Max.Y*c.wide:]
	return below[r.Max.X] - above[r.Max.X] - below[r.Min.X] + above[r.Min.X]
}

// spot is a place for one of the blocks.
type spot struct {
	block  int
	x, y   float64
	away   float64 // from the corner, across and down
	place  Place
	covers float64
	why    string
}

// Place says how the place of a signature was come by.
type Place string

// The places.
const (
	InCorner  Place = "corner"
	Edge      Place = "edge"      // at the upper edge, from the corner inward
	Side      Place = "side"      // below the corner, at the edge of its side
	Below     Place = "below"     // in the upper third, on the side of the corner
	Elsewhere Place = "elsewhere" // anywhere, as near to the corner as can be
	Least     Place = "least"     // where there is least ink
)

// Why nothing shows.
const (
	tooSmall  = "the page is too small"
	full      = "every place would cover something that is written"
	unknown   = "what stands in the corner is not known"
	notInFree = "something stands in the corner, and the words of the page are not known"
)

// find goes through the places by the rule. The corner counts for more than the shape of
// the text: before the edge is left, every shape is tried at it.
func (g *grid) find(p Profile, blocks []block) spot {
	if g.blind {
		return g.corner(p, blocks)
	}
	fitting := g.fitting(p, blocks)
	if len(fitting) == 0 {
		return spot{why: tooSmall}
	}
	for _, a := range g.areas(p) {
		if s, ok := g.best(p, blocks, fitting, a); ok {
			return s
		}
	}
	return g.least(p, blocks, fitting)
}

// fitting gives the shapes that are not larger than the page.
func (g *grid) fitting(p Profile, blocks []block) (all []int) {
	for i, b := range blocks {
		if b.width+2*p.Margin <= g.width && b.height+2*p.Margin <= g.height {
			all = append(all, i)
		}
	}
	return all
}

// best gives a place in an area: at the upper edge of the first shape that has one, elsewhere
// of the shape that comes nearest to the corner.
func (g *grid) best(p Profile, blocks []block, shapes []int, a area) (best spot, found bool) {
	for _, i := range shapes {
		s, ok := g.within(p, blocks[i], a)
		if s.block = i; !ok || found && s.away >= best.away {
			continue
		}
		best, found = s, true
		if a.place == Edge {
			break
		}
	}
	return best, found
}

// area is where a place is looked for: with the middle of the text as far inward as that
// and all of it above bottom, with so much kept free around it and such a margin.
type area struct {
	place                       Place
	inward, bottom, gap, margin float64
}

// areas are tried one after the other. Bottom 0 is the edge itself.
func (g *grid) areas(p Profile) []area {
	half, third, margin := g.width/2, g.height/lower, p.Margin
	return []area{
		{Edge, half, 0, clean, margin},
		{Edge, half, 0, gap, margin},
		{Edge, half, margin + near, gap, margin},
		{Edge, half, 0, gap, min(margin, tight)},
		{Side, 0, third, clean, margin},
		{Below, half, third, clean, margin},
		{Below, half, third, gap, margin},
		{Side, 0, g.height, apart, margin},
		{Edge, g.width, margin + near, gap, margin},
		{Elsewhere, g.width, g.height, apart, margin},
		{Elsewhere, g.width, g.height, gap, margin},
	}
}

// within finds the free place of a block in an area that is nearest to the corner. An area
// that lies at an edge is measured from where the block begins, others to where it ends.
func (g *grid) within(p Profile, b block, a area) (best spot, found bool) {
	p.Margin = a.margin
	end := a.bottom
	if a.place == Edge {
		end += b.height
	}
	across := g.across(p, b, a.inward)
	for _, y := range g.down(p, b, end) {
		for i, x := range across {
			away := y - p.Margin + float64(i)*g.step
			if found && away >= best.away {
				break
			}
			if g.free(b, x, y, a.gap) {
				best, found = spot{x: x, y: y, place: a.place, away: away}, true
				break
			}
		}
	}
	if best.away == 0 && found {
		best.place = InCorner
	}
	return best, found
}

// corner is the only place on a page whose words are not known.
func (g *grid) corner(p Profile, blocks []block) spot {
	if !g.looked {
		return spot{why: unknown}
	}
	for i, b := range blocks {
		x, y := g.start(p, b), p.Margin
		if b.width+2*p.Margin <= g.width && g.free(b, x, y, gap) {
			return spot{block: i, x: x, y: y, place: InCorner}
		}
	}
	return spot{why: notInFree}
}

// start is the left edge of a block in its corner.
func (g *grid) start(p Profile, b block) float64 {
	if p.Corner == TopRight {
		return math.Floor(10*(g.width-p.Margin-b.width)) / 10
	}
	return p.Margin
}

// down gives the upper edges that a block can have, as far as it lies above end.
func (g *grid) down(p Profile, b block, end float64) []float64 {
	all := []float64{p.Margin}
	for y := p.Margin + g.step; y+b.height <= min(end, g.height-p.Margin); y += g.step {
		all = append(all, y)
	}
	return all
}

// across gives the left edges that a block can have, from its corner inward, as long as its
// middle goes no further than so far from that side.
func (g *grid) across(p Profile, b block, far float64) []float64 {
	var all []float64
	for d := 0.0; d == 0 || p.Margin+d+b.width/2 <= far && 2*p.Margin+d+b.width <= g.width; d += g.step {
		if p.Corner == TopRight {
			all = append(all, g.start(p, b)-d)
		} else {
			all = append(all, g.start(p, b)+d)
		}
	}
	return all
}

func around(b block, x, y, gap float64) pipeline.Frame {
	return pipeline.Frame{X0: x - gap, Y0: y - gap, X1: x + b.width + gap, Y1: y + b.height + gap}
}

func (g *grid) free(b block, x, y, gap float64) bool {
	r := g.cells(around(b, x, y, gap))
	return g.ink.in(r) == 0 && !g.written(r)
}

func (g *grid) written(r image.Rectangle) bool { return g.words.in(r)+g.kept.in(r) > 0 }

// least is the place with the least ink that has nothing written; of equal ones, the one
// that comes first by the rule.
func (g *grid) least(p Profile, blocks []block, fitting []int) spot {
	best := spot{why: full, covers: math.Inf(1)}
	for _, i := range fitting {
		b := blocks[i]
		for _, y := range g.down(p, b, g.height) {
			for _, x := range g.across(p, b, g.width) {
				r := g.cells(around(b, x, y, gap))
				covers := float64(g.ink.in(r)) / float64(r.Dx()*r.Dy())
				if covers < best.covers && !g.written(r) {
					best = spot{block: i, x: x, y: y, place: Least, covers: covers}
				}
			}
		}
	}
	if best.why != "" {
		best.covers = 0
	}
	return best
}

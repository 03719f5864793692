package prepare

import (
	"image"
	"slices"
)

// facing tells from the pieces of ink which way a page lies: the quarter turns
// clockwise that make it upright. Letters stand beside one another, nearer than lines
// do, which tells text that runs down the page; and Vietnamese has far more marks above
// its letters than below them, which tells the top. It is silent (ok is false) where
// the votes are few or divided: a wrong turn is worse than none.
func facing(ink []image.Rectangle, dpi int) (quarters int, ok bool) {
	letters := lettersOf(ink, dpi)
	const fewest = 40
	if len(letters) < fewest {
		return 0, false
	}
	size := medianHeight(letters)
	near := newNeighbours(letters, 2*size)
	level, steep := near.directions(size)
	if max(level, steep) < fewest/2 || 2*min(level, steep) > max(level, steep) {
		return 0, false
	}
	votes := near.marks(ink, size)
	first, last := votes.above, votes.below
	turn := 2
	if steep > level {
		first, last = votes.left, votes.right
	}
	const clear, least = 5, 15 // a fifth of the votes may be against
	switch {
	case first+last < least || clear*min(first, last) > 2*max(first, last):
		return 0, false
	case steep <= level && first > last:
		return 0, true
	case steep <= level:
		return turn, true
	case first > last: // marks lie left of their letters: the top is on the left
		return 1, true
	}
	return 3, true
}

// lettersOf gives the pieces that have the size of letters: those around the median of
// what is neither dust nor picture.
func lettersOf(ink []image.Rectangle, dpi int) []image.Rectangle {
	low, high := dpi/25, dpi/3 // 3 to 24 pt
	var all []image.Rectangle
	for _, r := range ink {
		if long := max(r.Dx(), r.Dy()); long >= low && long <= high && min(r.Dx(), r.Dy()) >= 2 {
			all = append(all, r)
		}
	}
	if len(all) == 0 {
		return nil
	}
	size := medianHeight(all)
	return slices.DeleteFunc(all, func(r image.Rectangle) bool {
		long := max(r.Dx(), r.Dy())
		return 10*long < 7*size || long > 3*size
	})
}

// medianHeight is the median of the longer sides.
func medianHeight(boxes []image.Rectangle) int {
	var all []int
	for _, r := range boxes {
		all = append(all, max(r.Dx(), r.Dy()))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// neighbours finds boxes near a place: boxes by the cells that their middles lie in.
type neighbours struct {
	cell  int
	cells map[image.Point][]image.Rectangle
	all   []image.Rectangle
}

func newNeighbours(boxes []image.Rectangle, cell int) *neighbours {
	n := &neighbours{cell: max(1, cell), cells: map[image.Point][]image.Rectangle{}, all: boxes}
	for _, r := range boxes {
		at := middleOf(r).Div(n.cell)
		n.cells[at] = append(n.cells[at], r)
	}
	return n
}

func middleOf(r image.Rectangle) image.Point {
	return image.Pt((r.Min.X+r.Max.X)/2, (r.Min.Y+r.Max.Y)/2)
}

// around calls f for every box whose middle lies within a cell of p.
func (n *neighbours) around(p image.Point, f func(r image.Rectangle)) {
	at := p.Div(n.cell)
	for dy := -1; dy <= 1; dy++ {
		for dx := -1; dx <= 1; dx++ {
			for _, r := range n.cells[at.Add(image.Pt(dx, dy))] {
				f(r)
			}
		}
	}
}

// directions counts the letters whose nearest neighbour stands beside them, and those
// for which it stands above or below.
func (n *neighbours) directions(size int) (level, steep int) {
	for _, a := range n.all {
		best, beside := 2*size, false
		n.around(middleOf(a), func(b image.Rectangle) {
			if a == b {
				return
			}
			across := min(a.Max.X, b.Max.X) - max(a.Min.X, b.Min.X)
			down := min(a.Max.Y, b.Max.Y) - max(a.Min.Y, b.Min.Y)
			switch {
			case down > 0 && across <= 0 && -across < best && 2*down > min(a.Dy(), b.Dy()):
				best, beside = -across, true
			case across > 0 && down <= 0 && -down < best && 2*across > min(a.Dx(), b.Dx()):
				best, beside = -down, false
			}
		})
		switch {
		case best == 2*size:
		case beside:
			level++
		default:
			steep++
		}
	}
	return level, steep
}

// votes count marks by the side of their letter on which they lie.
type votes struct{ above, below, left, right int }

// marks finds the small pieces close to exactly one side of a letter.
func (n *neighbours) marks(ink []image.Rectangle, size int) votes {
	var v votes
	for _, m := range ink {
		if long := max(m.Dx(), m.Dy()); 5*long > 3*size || 8*long < size {
			continue
		}
		reach := size / 3
		above, below, left, right := 0, 0, 0, 0
		n.around(middleOf(m), func(l image.Rectangle) {
			c := middleOf(m)
			over, beside := c.X >= l.Min.X && c.X < l.Max.X, c.Y >= l.Min.Y && c.Y < l.Max.Y
			switch {
			case over && m.Max.Y <= l.Min.Y+2 && l.Min.Y-m.Max.Y < reach:
				above++
			case over && m.Min.Y >= l.Max.Y-2 && m.Min.Y-l.Max.Y < reach:
				below++
			case beside && m.Max.X <= l.Min.X+2 && l.Min.X-m.Max.X < reach:
				left++
			case beside && m.Min.X >= l.Max.X-2 && m.Min.X-l.Max.X < reach:
				right++
			}
		})
		switch {
		case above > 0 && below == 0:
			v.above++
		case below > 0 && above == 0:
			v.below++
		}
		switch {
		case left > 0 && right == 0:
			v.left++
		case right > 0 && left == 0:
			v.right++
		}
	}
	return v
}

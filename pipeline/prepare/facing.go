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
	const fewestVotes = 15
	switch {
	case first+last < fewestVotes || 5*min(first, last) > 2*max(first, last):
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
			if gap, side, ok := apart(a, b); ok && gap < best {
				best, beside = gap, side
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

// apart gives the gap between two letters that face each other with half a side at
// least; beside says that one stands beside the other, not above it.
func apart(a, b image.Rectangle) (gap int, beside, ok bool) {
	across := min(a.Max.X, b.Max.X) - max(a.Min.X, b.Min.X)
	down := min(a.Max.Y, b.Max.Y) - max(a.Min.Y, b.Min.Y)
	switch {
	case a == b:
	case down > 0 && across <= 0:
		return -across, true, 2*down > min(a.Dy(), b.Dy())
	case across > 0 && down <= 0:
		return -down, false, 2*across > min(a.Dx(), b.Dx())
	}
	return 0, false, false
}

// votes count marks by the side of their letter on which they lie.
type votes struct{ above, below, left, right int }

// marks finds the small pieces close to exactly one side of a letter.
func (n *neighbours) marks(ink []image.Rectangle, size int) votes {
	var all votes
	for _, m := range ink {
		if long := max(m.Dx(), m.Dy()); 5*long > 3*size || 8*long < size {
			continue
		}
		var near votes
		n.around(middleOf(m), func(l image.Rectangle) { near.beside(m, l, size/3) })
		all.count(near)
	}
	return all
}

// beside notes on which side of letter l mark m lies, if within reach.
func (v *votes) beside(m, l image.Rectangle, reach int) {
	const slack = 2 // pixels by which their boxes may overlap
	within := func(gap int) bool { return gap >= -slack && gap < reach }
	c := middleOf(m)
	if c.X >= l.Min.X && c.X < l.Max.X {
		if within(l.Min.Y - m.Max.Y) {
			v.above++
		} else if within(m.Min.Y - l.Max.Y) {
			v.below++
		}
	}
	if c.Y >= l.Min.Y && c.Y < l.Max.Y {
		if within(l.Min.X - m.Max.X) {
			v.left++
		} else if within(m.Min.X - l.Max.X) {
			v.right++
		}
	}
}

// count adds the vote of one mark: for a side on which it has a letter while it has none
// on the other.
func (v *votes) count(near votes) {
	one := func(a, b int) int { return min(1, a) * max(0, 1-b) }
	v.above += one(near.above, near.below)
	v.below += one(near.below, near.above)
	v.left += one(near.left, near.right)
	v.right += one(near.right, near.left)
}

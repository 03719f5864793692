package prepare

import (
	"cmp"
	"image"
	"math"
	"math/bits"
	"slices"

	"hoso/pipeline/prepare/leptonica"
)

// A stamp of words stands in a frame; these are its bounds in millimetres.
const (
	leastFrame  = 6.5 // of the shorter sides
	narrowFrame = 20  // of the longer sides
	highFrame   = 75
	shortLine   = 6
	mostFrame   = 120
)

// frames finds the rectangles that an ink draws around something, up to 12 degrees askew.
func (m *inkMap) frames(ink byte, rings []ring) []image.Rectangle {
	cells := m.framing(ink, rings)
	var all []frame
	for _, axis := range []int{0, 90} {
		lines := slices.DeleteFunc(m.lines(cells, axis), func(l line) bool { return l.within(rings) })
		for i, a := range lines {
			for _, b := range lines[i+1:] {
				if q := m.framed(a, b, ink); q > 0 {
					all = append(all, frame{m.cellsAround(a, b), q})
				}
			}
		}
	}
	return best(all)
}

// framing gives the cells that frames may be made of, none if there is too little or too
// much outside of the rings.
func (m *inkMap) framing(ink byte, rings []ring) []image.Point {
	const fewest, most = 150, 60_000 // cells: less is no frame, more is a coloured print
	var cells []image.Point
	outside, long := 0, 0.0
	for _, p := range m.pieces(ink, 1, 8) {
		size := max(m.across(p.box), m.down(p.box))
		if ink == leptonica.BlueCell && size < narrowFrame { // frames in blue must be whole
			continue
		}
		cells = append(cells, p.cells...)
		if n := len(m.outside(p.cells, rings)); n > 0 {
			outside, long = outside+n, max(long, size)
		}
	}
	if outside < fewest || len(cells) > most || long < shortLine {
		return nil
	}
	return cells
}

// frame is the cells around a rectangle and the shares of its sides that are drawn,
// added up.
type frame struct {
	box   image.Rectangle
	drawn float64
}

// weight prefers what is drawn well, and the whole to its parts.
func (f frame) weight() float64 { return (f.drawn - 2) * math.Sqrt(float64(size(f.box))) }

// best gives the frames that are drawn best; of others that lie over one of these only
// those that are drawn all around.
func best(all []frame) []image.Rectangle {
	slices.SortStableFunc(all, func(a, b frame) int { return cmp.Compare(b.weight(), a.weight()) })
	var out []image.Rectangle
	for _, f := range all {
		if !slices.ContainsFunc(out, func(o image.Rectangle) bool {
			both := size(o.Intersect(f.box))
			return 2*both > size(o)+size(f.box)-both || 3*both > min(size(o), size(f.box)) && f.drawn < 3.1
		}) {
			out = append(out, f.box)
		}
	}
	return out
}

func size(r image.Rectangle) int { return r.Dx() * r.Dy() }

// line is a straight thin line of ink in millimetres: along the axis that has the slope,
// from u0 to u1, at the distance v from it.
type line struct {
	sin, cos  float64
	u0, u1, v float64
}

// point gives the place of u, v on the page.
func (l line) point(u, v float64) (x, y float64) { return u*l.cos - v*l.sin, u*l.sin + v*l.cos }

// seen gives a place of the page in the axes of the line.
func (l line) seen(x, y float64) (u, v float64) { return x*l.cos + y*l.sin, y*l.cos - x*l.sin }

// within reports whether the line lies in a ring, with both ends.
func (l line) within(rings []ring) bool {
	x0, y0 := l.point(l.u0, l.v)
	x1, y1 := l.point(l.u1, l.v)
	return slices.ContainsFunc(rings, func(r ring) bool {
		return math.Hypot(x0-r.x, y0-r.y) < r.radius+1.5 && math.Hypot(x1-r.x, y1-r.y) < r.radius+1.5
	})
}

// rows are the cells of a page seen along an axis: for each half millimetre across it, a
// bit for each half millimetre along it.
type rows struct {
	bits [][rowWords]uint64
	used []int
}

const (
	rowWords = 28
	perMM    = 2
	origin   = 300 // millimetres: where rows begin below zero
)

// lines finds the lines that run in the direction of an axis, in degrees, or nearly so.
func (m *inkMap) lines(cells []image.Point, axis int) []line {
	const most = 12
	var all []line
	if len(cells) == 0 {
		return nil
	}
	r := rows{bits: make([][rowWords]uint64, rowWords*64)}
	for degrees := axis - most; degrees <= axis+most; degrees++ {
		l := line{}
		l.sin, l.cos = math.Sincos(float64(degrees) * math.Pi / 180)
		r.fill(m, cells, l)
		all = append(all, r.lines(l)...)
	}
	slices.SortStableFunc(all, func(a, b line) int { return cmp.Compare(b.u1-b.u0, a.u1-a.u0) })
	seen := map[[4]int]bool{}
	all = slices.DeleteFunc(all, func(l line) bool {
		at := l.ends()
		known := seen[at]
		seen[at] = true
		return known
	})
	all = all[:min(len(all), 150)]
	slices.SortStableFunc(all, func(a, b line) int { return cmp.Compare(a.v, b.v) })
	return all
}

// ends tells where a line begins and ends, to two millimetres: the same ink is seen along
// several axes.
func (l line) ends() [4]int {
	s := l.span(l.u0, l.u1)
	return [4]int{int(s.x0 / 2), int(s.y0 / 2), int(s.x1 / 2), int(s.y1 / 2)}
}

func (r *rows) fill(m *inkMap, cells []image.Point, l line) {
	for _, at := range r.used {
		clear(r.bits[at][:])
	}
	r.used = r.used[:0]
	for _, c := range cells {
		x, y := (float64(c.X)+0.5)*m.mm[0], (float64(c.Y)+0.5)*m.mm[1]
		u, v := int((x*l.cos+y*l.sin+origin)*perMM), int((y*l.cos-x*l.sin+origin)*perMM)
		if u < 0 || v < 0 || u >= rowWords*64 || v >= len(r.bits) {
			continue
		}
		row := &r.bits[v]
		if *row == ([rowWords]uint64{}) {
			r.used = append(r.used, v)
		}
		row[u/64] |= 1 << (u % 64)
	}
	slices.Sort(r.used)
}

// lines gives the lines along the rows: runs without gaps that have little ink on either
// side. In a row of letters the letters go on above or below.
func (r *rows) lines(l line) []line {
	var out []line
	for _, v := range r.used {
		if v < 4 || v+5 > len(r.bits) {
			continue
		}
		band := r.band(v, v+1)
		if count(band) < shortLine*perMM {
			continue
		}
		for _, gap := range [2]int{2, 9} {
			for from, to := nextRun(band, 0, gap); to > 0; from, to = nextRun(band, to, gap) {
				if to-from < shortLine*perMM || to-from > mostFrame*perMM || share(band, from, to) < 0.7 {
					continue
				}
				above, below := share(r.band(v-3, v-2), from, to), share(r.band(v+3, v+4), from, to)
				if min(above, below) > 0.35 || max(above, below) > 0.65 {
					continue
				}
				l.u0, l.u1, l.v = float64(from)/perMM-origin, float64(to)/perMM-origin, (float64(v)+1)/perMM-origin
				out = append(out, l)
			}
		}
	}
	return out
}

func (r *rows) band(a, b int) (out [rowWords]uint64) {
	for i := range out {
		out[i] = r.bits[a][i] | r.bits[b][i]
	}
	return out
}

// nextRun gives the next run of bits, over gaps of so many; to is 0 if there is none.
func nextRun(row [rowWords]uint64, start, gap int) (from, to int) {
	from = nextBit(row, start)
	if from < 0 {
		return 0, 0
	}
	to = from + 1
	for {
		next := nextBit(row, to)
		if next < 0 || next-to > gap {
			return from, to
		}
		to = next + 1
	}
}

func nextBit(row [rowWords]uint64, start int) int {
	for i := start / 64; i < rowWords; i++ {
		w := row[i]
		if i == start/64 {
			w &= ^uint64(0) << (start % 64)
		}
		if w != 0 {
			return i*64 + bits.TrailingZeros64(w)
		}
	}
	return -1
}

func count(row [rowWords]uint64) (n int) {
	for _, w := range row {
		n += bits.OnesCount64(w)
	}
	return n
}

// share gives how many of the bits are set.
func share(row [rowWords]uint64, from, to int) float64 {
	n := 0
	for i := from / 64; i*64 < to; i++ {
		w := row[i]
		if i == from/64 {
			w &= ^uint64(0) << (from % 64)
		}
		if to < (i+1)*64 {
			w &= 1<<(to%64) - 1
		}
		n += bits.OnesCount64(w)
	}
	return float64(n) / float64(to-from)
}

// span is a straight way over the page, in millimetres.
type span struct{ x0, y0, x1, y1 float64 }

func (l line) span(u0, u1 float64) span {
	x0, y0 := l.point(u0, l.v)
	x1, y1 := l.point(u1, l.v)
	return span{x0, y0, x1, y1}
}

// opposite reports whether b may be the other side of a frame, as long as a is and right
// below it, and how far from one another their ends are.
func (l line) opposite(b line) (off float64, ok bool) {
	const slack, askew = 2.5, 0.04
	u0, v0 := l.seen(b.point(b.u0, b.v))
	u1, v1 := l.seen(b.point(b.u1, b.v))
	across, off := math.Abs((v0+v1)/2-l.v), max(math.Abs(u0-l.u0), math.Abs(u1-l.u1))
	size := across >= leastFrame && across <= highFrame && max(across, l.u1-l.u0) >= narrowFrame
	return off, size && off <= slack && math.Abs(l.sin*b.cos-l.cos*b.sin) <= askew
}

// framed tells how well two lines are opposite sides of a frame, as the shares of its
// sides that are drawn, added up: ink lies along the other two sides, and something
// between. It is 0 if they are none.
func (m *inkMap) framed(a, b line, ink byte) float64 {
	off, ok := a.opposite(b)
	if !ok {
		return 0
	}
	upper, lower := a.span(a.u0, a.u1), b.span(b.u0, b.u1)
	left := m.along(span{upper.x0, upper.y0, lower.x0, lower.y0}, ink)
	right := m.along(span{upper.x1, upper.y1, lower.x1, lower.y1}, ink)
	faint := min(left, right) < 0.3 && (off > 1.3 || min(a.u1-a.u0, b.u1-b.u0) < narrowFrame)
	if max(left, right) < 0.5 || faint {
		return 0
	}
	least := 2.6
	if ink == leptonica.BlueCell { // the loops of signatures are blue
		least = 3.5
	}
	drawn := left + right + m.along(upper, ink) + m.along(lower, ink)
	if drawn < least || !m.stamped(a, b, ink) {
		return 0
	}
	return drawn
}

// stamped reports whether two lines are without the gaps that the tops of letters have,
// end at corners, and have something between them.
func (m *inkMap) stamped(a, b line, ink byte) bool {
	const whole, least, most, goesOn = 1.5, 0.01, 0.7, 0.6
	if m.traced(a.span(a.u0, a.u1), ink, 1, 4)+m.traced(b.span(b.u0, b.u1), ink, 1, 4) < whole {
		return false
	}
	filled := m.filling(a, b, ink)
	return filled >= least && filled <= most && m.goesOn(a, ink)+m.goesOn(b, ink) <= goesOn
}

// goesOn gives the share of ink on the continuation of a line at both ends: that of a
// pattern or a table goes on, a frame has corners.
func (m *inkMap) goesOn(l line, ink byte) float64 {
	const from, to = 1.5, 6
	return (m.along(l.span(l.u0-to, l.u0-from), ink) + m.along(l.span(l.u1+from, l.u1+to), ink)) / 2
}

// along gives the share of a way along which ink lies.
func (m *inkMap) along(s span, ink byte) float64 {
	const near, perMM = 3, 2
	return m.traced(s, ink, near, perMM)
}

// traced looks near cells to either side, at so many places of a millimetre.
func (m *inkMap) traced(s span, ink byte, near int, perMM float64) float64 {
	n := int(math.Hypot(s.x1-s.x0, s.y1-s.y0) * perMM)
	step := image.Pt(1, 0)
	if math.Abs(s.x1-s.x0) > math.Abs(s.y1-s.y0) {
		step = image.Pt(0, 1)
	}
	hits := 0
	for i := range n {
		t := (float64(i) + 0.5) / float64(n)
		x, y := int((s.x0+(s.x1-s.x0)*t)/m.mm[0]), int((s.y0+(s.y1-s.y0)*t)/m.mm[1])
		for d := -near; d <= near; d++ {
			if m.at(x+d*step.X, y+d*step.Y, ink) {
				hits++
				break
			}
		}
	}
	return float64(hits) / float64(max(n, 1))
}

// filling gives the share of the inside of a frame that is ink.
func (m *inkMap) filling(l, other line, ink byte) float64 {
	n, hits := 0, 0
	_, v := l.seen(other.point((other.u0+other.u1)/2, other.v))
	for u := l.u0 + 1.5; u < l.u1-1.5; u++ {
		for at := min(v, l.v) + 1.5; at < max(v, l.v)-1.5; at++ {
			x, y := l.point(u, at)
			n++
			if m.at(int(x/m.mm[0]), int(y/m.mm[1]), ink) {
				hits++
			}
		}
	}
	return float64(hits) / float64(max(n, 1))
}

// cellsAround gives the cells around two lines.
func (m *inkMap) cellsAround(a, b line) image.Rectangle {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, l := range [2]line{a, b} {
		for _, u := range [2]float64{l.u0, l.u1} {
			x, y := l.point(u, l.v)
			x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
		}
	}
	return image.Rect(int(x0/m.mm[0]), int(y0/m.mm[1]), int(math.Ceil(x1/m.mm[0])), int(math.Ceil(y1/m.mm[1])))
}

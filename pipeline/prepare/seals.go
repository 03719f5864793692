package prepare

import (
	"image"
	"math"
	"math/rand/v2"
)

// ring is a circle on the page, in millimetres.
type ring struct{ x, y, radius float64 }

// Seals are 20 to 50 mm wide; by the rules of the Ministry of Public Security those of
// agencies and companies are 30 to 42.
const (
	leastRadius = 11
	mostRadius  = 24
)

// seals finds the rings of red ink among the pieces of it.
func (m *inkMap) seals(ink byte) []ring {
	var out []ring
	for _, p := range m.pieces(ink, 2, 150) {
		if min(m.across(p.box), m.down(p.box)) < leastRadius*0.7 {
			continue
		}
		for range 4 {
			r, ok := m.ringIn(p, ink)
			if !ok {
				break
			}
			out = append(out, r)
			if p.cells = m.outside(p.cells, r); len(p.cells) < 150 {
				break
			}
		}
	}
	return out
}

// outside gives the cells that do not lie in a ring.
func (m *inkMap) outside(cells []image.Point, r ring) []image.Point {
	var out []image.Point
	for _, c := range cells {
		if !m.within(c, r, 0.8) {
			out = append(out, c)
		}
	}
	return out
}

// within reports whether a cell lies in a ring or less than slack beside it.
func (m *inkMap) within(c image.Point, r ring, slack float64) bool {
	return math.Hypot((float64(c.X)+0.5)*m.mm[0]-r.x, (float64(c.Y)+0.5)*m.mm[1]-r.y) <= r.radius+slack
}

// ringIn looks for the ring on which most ink of a piece lies. Three cells make a circle;
// of a thousand and more such circles those that ink follows are looked at closer, as in
// random sample consensus (Fischler and Bolles, 1981). The chance is the same every time.
func (m *inkMap) ringIn(p piece, ink byte) (ring, bool) {
	const trials, enough = 4000, 0.62
	chance := rand.New(rand.NewPCG(1, uint64(len(p.cells)))) //nolint:gosec // it must be the same every time
	best, most := ring{}, 0.0
	for range trials {
		r, ok := m.through(p.cells[chance.IntN(len(p.cells))], p.cells[chance.IntN(len(p.cells))], p.cells[chance.IntN(len(p.cells))])
		if !ok || m.follows(r, ink, 12) < 0.5 {
			continue
		}
		if f := m.follows(r, ink, 72); f > most && f >= enough {
			if f -= m.beside(r, ink); f > most {
				best, most = r, f
			}
		}
	}
	return best, most >= 0.45
}

// through gives the circle through three cells, if a seal can be as large.
func (m *inkMap) through(a, b, c image.Point) (ring, bool) {
	ax, ay := (float64(a.X)+0.5)*m.mm[0], (float64(a.Y)+0.5)*m.mm[1]
	bx, by := (float64(b.X)+0.5)*m.mm[0]-ax, (float64(b.Y)+0.5)*m.mm[1]-ay
	cx, cy := (float64(c.X)+0.5)*m.mm[0]-ax, (float64(c.Y)+0.5)*m.mm[1]-ay
	d := 2 * (bx*cy - by*cx)
	if math.Abs(d) < 60 {
		return ring{}, false
	}
	x := (cy*(bx*bx+by*by) - by*(cx*cx+cy*cy)) / d
	y := (bx*(cx*cx+cy*cy) - cx*(bx*bx+by*by)) / d
	r := ring{ax + x, ay + y, math.Hypot(x, y)}
	return r, r.radius >= leastRadius && r.radius <= mostRadius
}

// follows gives the share of a ring, at so many places of it, on which ink lies. What is
// off the page does not count, but two fifths must be on it.
func (m *inkMap) follows(r ring, ink byte, places int) float64 {
	on, hits := 0, 0
	for i := range places {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(places))
		if !m.holds(r, r.radius, sin, cos) {
			continue
		}
		on++
		for _, off := range [...]float64{0, 0.25, -0.25, 0.5, -0.5} {
			if m.inked(r, r.radius+off, sin, cos, ink) {
				hits++
				break
			}
		}
	}
	if on*5 < places*2 {
		return 0
	}
	return float64(hits) / float64(on)
}

// beside gives how much ink lies right outside of a ring: a seal has none there but what
// it touches, text goes on.
func (m *inkMap) beside(r ring, ink byte) float64 {
	const places = 72
	on, hits := 0, 0
	for i := range places {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / places)
		if !m.holds(r, r.radius+2, sin, cos) {
			continue
		}
		on++
		for _, off := range [...]float64{1.25, 1.5, 1.75, 2} {
			if m.inked(r, r.radius+off, sin, cos, ink) {
				hits++
				break
			}
		}
	}
	return float64(hits) / float64(max(on, 1))
}

func (m *inkMap) holds(r ring, radius, sin, cos float64) bool {
	x, y := (r.x+radius*cos)/m.mm[0], (r.y+radius*sin)/m.mm[1]
	return x >= 0 && y >= 0 && x < float64(m.width) && y < float64(m.height)
}

func (m *inkMap) inked(r ring, radius, sin, cos float64, ink byte) bool {
	return m.at(int(math.Floor((r.x+radius*cos)/m.mm[0])), int(math.Floor((r.y+radius*sin)/m.mm[1])), ink)
}

// around gives the cells around a ring.
func (m *inkMap) around(r ring) image.Rectangle {
	return image.Rect(
		int(math.Floor((r.x-r.radius)/m.mm[0])), int(math.Floor((r.y-r.radius)/m.mm[1])),
		int(math.Ceil((r.x+r.radius)/m.mm[0])), int(math.Ceil((r.y+r.radius)/m.mm[1])),
	)
}

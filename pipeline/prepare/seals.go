package prepare

import (
	"image"
	"math"
	"math/rand/v2"
	"slices"
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
	const most = 4 // that touch one another
	var out []ring
	for _, p := range m.pieces(ink, 2, fewestInRing) {
		for range most {
			b := boundsOfCells(p.cells)
			if len(p.cells) < fewestInRing || min(m.across(b), m.down(b)) < leastRadius*0.7 {
				break
			}
			r, ok := m.ringIn(p, ink)
			if !ok {
				break
			}
			out = append(out, r)
			p.cells = m.outside(p.cells, []ring{r})
		}
	}
	return out
}

// fewestInRing is how many cells of ink a ring has at least.
const fewestInRing = 150

func boundsOfCells(cells []image.Point) (b image.Rectangle) {
	for _, c := range cells {
		b = b.Union(image.Rectangle{c, c.Add(image.Pt(1, 1))})
	}
	return b
}

// outside gives the cells that lie in none of the rings.
func (m *inkMap) outside(cells []image.Point, rings []ring) []image.Point {
	var out []image.Point
	for _, c := range cells {
		if !slices.ContainsFunc(rings, func(r ring) bool { return m.within(c, r, 0.8) }) {
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
	const trials, enough, plain, sure = 3000, 0.62, 0.45, 0.85
	chance := rand.New(rand.NewPCG(1, uint64(len(p.cells)))) //nolint:gosec // it must be the same every time
	best, most := ring{}, 0.0
	for range trials {
		r, ok := m.through(p.cells[chance.IntN(len(p.cells))], p.cells[chance.IntN(len(p.cells))], p.cells[chance.IntN(len(p.cells))])
		if !ok || m.follows(r, ink, 6) < 0.5 {
			continue
		}
		if f := m.follows(r, ink, 1); f > most && f >= enough {
			if f -= m.beside(r, ink); f > most {
				best, most = r, f
			}
		}
		if most > sure {
			break
		}
	}
	return best, most >= plain
}

// directions are the places of a ring that are looked at.
const places = 72

func directions() (d [places][2]float64) {
	for i := range d {
		d[i][0], d[i][1] = math.Sincos(2 * math.Pi * float64(i) / places)
	}
	return d
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

// follows gives the share of a ring, at every so many places of it, on which ink lies.
// What is off the page does not count, but two fifths must be on it.
func (m *inkMap) follows(r ring, ink byte, every int) float64 {
	return m.share(r, ink, every, [5]float64{0, 0.25, -0.25, 0.5, -0.5})
}

// beside gives how much ink lies right outside of a ring: a seal has none there but what
// it touches, text goes on.
func (m *inkMap) beside(r ring, ink byte) float64 {
	return m.share(r, ink, 1, [5]float64{1.25, 1.5, 1.75, 2, 2.25})
}

// share gives at how many places ink lies in one of the distances from a ring.
func (m *inkMap) share(r ring, ink byte, every int, distances [5]float64) float64 {
	on, hits := 0, 0
	for i := 0; i < places; i += every {
		sin, cos := m.around[i][0], m.around[i][1]
		if !m.holds(r, r.radius, sin, cos) {
			continue
		}
		on++
		for _, off := range distances {
			if m.inked(r, r.radius+off, sin, cos, ink) {
				hits++
				break
			}
		}
	}
	if on*every*5 < places*2 {
		return 0
	}
	return float64(hits) / float64(on)
}

func (m *inkMap) holds(r ring, radius, sin, cos float64) bool {
	x, y := (r.x+radius*cos)/m.mm[0], (r.y+radius*sin)/m.mm[1]
	return x >= 0 && y >= 0 && x < float64(m.width) && y < float64(m.height)
}

func (m *inkMap) inked(r ring, radius, sin, cos float64, ink byte) bool {
	x, y := (r.x+radius*cos)/m.mm[0], (r.y+radius*sin)/m.mm[1]
	return x >= 0 && y >= 0 && m.at(int(x), int(y), ink)
}

// cellsIn gives the cells around a ring.
func (m *inkMap) cellsIn(r ring) image.Rectangle {
	return image.Rect(
		int(math.Floor((r.x-r.radius)/m.mm[0])), int(math.Floor((r.y-r.radius)/m.mm[1])),
		int(math.Ceil((r.x+r.radius)/m.mm[0])), int(math.Ceil((r.y+r.radius)/m.mm[1])),
	)
}

package pdf

import "math"

// matrix maps (x, y) to (a·x + c·y + e, b·x + d·y + f).
type matrix [6]float64

// then gives the mapping by m followed by n.
func (m matrix) then(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

func (m matrix) apply(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

// rect is a rectangle in points.
type rect struct{ x0, y0, x1, y1 float64 }

func (r rect) width() float64  { return r.x1 - r.x0 }
func (r rect) height() float64 { return r.y1 - r.y0 }

func (r rect) area() float64 {
	if r.x1 <= r.x0 || r.y1 <= r.y0 {
		return 0
	}
	return r.width() * r.height()
}

func (r rect) and(s rect) rect {
	return rect{math.Max(r.x0, s.x0), math.Max(r.y0, s.y0), math.Min(r.x1, s.x1), math.Min(r.y1, s.y1)}
}

// within reports whether r lies in s, give or take slack.
func (r rect) within(s rect, slack float64) bool {
	return r.x0 >= s.x0-slack && r.y0 >= s.y0-slack && r.x1 <= s.x1+slack && r.y1 <= s.y1+slack
}

// bounds is the rectangle around r mapped by m.
func (m matrix) bounds(r rect) rect {
	out := rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range [][2]float64{{r.x0, r.y0}, {r.x1, r.y0}, {r.x0, r.y1}, {r.x1, r.y1}} {
		x, y := m.apply(p[0], p[1])
		out.x0, out.y0 = math.Min(out.x0, x), math.Min(out.y0, y)
		out.x1, out.y1 = math.Max(out.x1, x), math.Max(out.y1, y)
	}
	return out
}

// turn gives the quarter turns clockwise by which m shows an image, or false if it
// is mirrored or not at right angles.
func (m matrix) turn() (int, bool) {
	const slack = 0.005
	wide, high := math.Hypot(m[0], m[1]), math.Hypot(m[2], m[3])
	if !(wide > 0.01) || !(high > 0.01) || m[0]*m[3]-m[1]*m[2] <= 0 {
		return 0, false
	}
	right := [2]float64{m[0] / wide, m[1] / wide}
	up := [2]float64{m[2] / high, m[3] / high}
	for quarters, want := range [4][2]float64{{1, 0}, {0, -1}, {-1, 0}, {0, 1}} {
		// The image's up is its right turned by a quarter against the clock.
		if near(right, want, slack) && near(up, [2]float64{-want[1], want[0]}, slack) {
			return quarters, true
		}
	}
	return 0, false
}

func near(a, b [2]float64, slack float64) bool {
	return math.Abs(a[0]-b[0]) < slack && math.Abs(a[1]-b[1]) < slack
}

package content

import "math"

// Matrix maps (x, y) to (a·x + c·y + e, b·x + d·y + f).
type Matrix [6]float64

// Then gives the mapping by m followed by n.
func (m Matrix) Then(n Matrix) Matrix {
	return Matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

func (m Matrix) apply(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

// Rect is a rectangle in points.
type Rect struct{ X0, Y0, X1, Y1 float64 }

// Span is the rectangle from one corner to the opposite one.
func Span(x0, y0, x1, y1 float64) Rect {
	return Rect{math.Min(x0, x1), math.Min(y0, y1), math.Max(x0, x1), math.Max(y0, y1)}
}

// Width is that of r.
func (r Rect) Width() float64 { return r.X1 - r.X0 }

// Height is that of r.
func (r Rect) Height() float64 { return r.Y1 - r.Y0 }

// Area is 0 if r is empty.
func (r Rect) Area() float64 {
	if r.X1 <= r.X0 || r.Y1 <= r.Y0 {
		return 0
	}
	return r.Width() * r.Height()
}

// And is what lies in both.
func (r Rect) And(s Rect) Rect {
	return Rect{math.Max(r.X0, s.X0), math.Max(r.Y0, s.Y0), math.Min(r.X1, s.X1), math.Min(r.Y1, s.Y1)}
}

// Within reports whether r lies in s, give or take slack.
func (r Rect) Within(s Rect, slack float64) bool {
	return r.X0 >= s.X0-slack && r.Y0 >= s.Y0-slack && r.X1 <= s.X1+slack && r.Y1 <= s.Y1+slack
}

// Bounds is the rectangle around r mapped by m.
func (m Matrix) Bounds(r Rect) Rect {
	out := Rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range [][2]float64{{r.X0, r.Y0}, {r.X1, r.Y0}, {r.X0, r.Y1}, {r.X1, r.Y1}} {
		x, y := m.apply(p[0], p[1])
		out.X0, out.Y0 = math.Min(out.X0, x), math.Min(out.Y0, y)
		out.X1, out.Y1 = math.Max(out.X1, x), math.Max(out.Y1, y)
	}
	return out
}

// Turn gives the quarter turns clockwise by which m shows an image, or false if it
// is mirrored or not at right angles.
func (m Matrix) Turn() (int, bool) {
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

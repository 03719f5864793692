package paper

import (
	"image/color"
	"math/rand/v2"
)

// hand is a line of handwriting that says nothing: joined letters with marks above
// and below them, as slots of forms are filled. Nobody's hand is copied, and no
// recognizer can be asked to read it.
type hand struct {
	x, y, width float64
	size        float64 // height of a small letter in points
	seed        uint64
	ink         color.RGBA
}

// letterforms gives strokes of joined letters in units of a small letter's height,
// y upwards. The last point of each is where the next letter begins.
func letterforms() [][][2]float64 {
	return [][][2]float64{
		{{0.2, 0.4}, {0.7, 0.95}, {0.3, 1}, {0.05, 0.5}, {0.3, 0.02}, {0.7, 0.5}, {0.75, 0.95}, {0.72, 0.2}, {1, 0.1}},               // a
		{{0.2, 0.3}, {0.55, 0.6}, {0.4, 1}, {0.1, 0.6}, {0.25, 0.05}, {0.75, 0.15}},                                                  // e
		{{0.15, 0.3}, {0.5, 1.5}, {0.4, 2.1}, {0.22, 1.6}, {0.25, 0.3}, {0.45, 0}, {0.7, 0.15}},                                      // l
		{{0.1, 0.2}, {0.2, 0.95}, {0.22, 0}, {0.35, 0.8}, {0.6, 1}, {0.7, 0.6}, {0.72, 0.1}, {1, 0.12}},                              // n
		{{0.1, 0.2}, {0.15, 0.9}, {0.2, 0}, {0.3, 0.8}, {0.5, 0.95}, {0.55, 0}, {0.68, 0.85}, {0.9, 0.9}, {0.95, 0.1}, {1.2, 0.12}},  // m
		{{0.15, 0.9}, {0.12, 0.3}, {0.35, 0}, {0.65, 0.4}, {0.7, 0.95}, {0.7, 0.2}, {1, 0.1}},                                        // u
		{{0.15, 0.9}, {0.15, 0.3}, {0.3, 0}, {0.55, 0.15}},                                                                           // i
		{{0.25, 1.7}, {0.2, 0.4}, {0.4, 0}, {0.3, 1.05}, {0.02, 1.05}, {0.55, 1.1}, {0.4, 0.3}, {0.65, 0.12}},                        // t
		{{0.1, 0.2}, {0.45, 1.7}, {0.35, 2}, {0.2, 1.4}, {0.2, 0}, {0.35, 0.8}, {0.62, 0.95}, {0.68, 0.1}, {0.95, 0.12}},             // h
		{{0.65, 0.8}, {0.3, 1}, {0.08, 0.5}, {0.35, 0.1}, {0.65, 0.6}, {0.68, 0}, {0.5, -0.9}, {0.15, -0.8}, {0.5, -0.1}, {1, 0.15}}, // g
		{{0.45, 1}, {0.1, 0.6}, {0.25, 0.02}, {0.6, 0.3}, {0.5, 0.95}, {0.6, 0.8}, {0.95, 0.8}},                                      // o
		{{0.15, 0.9}, {0.2, 0.3}, {0.5, 0.2}, {0.7, 0.9}, {0.55, -0.6}, {0.25, -0.9}, {0.2, -0.5}, {0.95, 0.15}},                     // y
		{{0.65, 0.85}, {0.3, 1}, {0.08, 0.5}, {0.3, 0.05}, {0.65, 0.5}, {0.75, 2}, {0.72, 0.3}, {1, 0.1}},                            // d
		{{0.1, 0.1}, {0.4, 1.05}, {0.55, 0.5}, {0.4, 0.02}, {0.15, 0.1}, {0.75, 0.12}},                                               // s
		{{0.1, 0.1}, {0.25, 0.95}, {0.3, 0.1}, {0.4, 0.75}, {0.7, 0.95}, {0.72, 0.8}},                                                // r
		{{0.6, 0.85}, {0.35, 1}, {0.08, 0.5}, {0.3, 0.02}, {0.75, 0.15}},                                                             // c
		{{0.1, 1.0}, {0.5, 2.0}, {0.55, 0.9}, {0.4, 0}, {0.1, 0.2}, {0.55, 0.4}, {0.9, 0.2}},                                         // a capital
		{{0.15, 1.9}, {0.1, 0}, {0.15, 1.4}, {0.6, 2}, {0.75, 1.5}, {0.2, 1}, {0.8, 0.8}, {0.7, 0.1}, {0.25, 0}, {1, 0.1}},           // another
		{{0.1, 1.6}, {0.4, 2}, {0.6, 1.6}, {0.15, 0.2}, {0.1, 0}, {0.5, 0.15}, {0.75, 0.02}},                                         // a digit
		{{0.5, 1.9}, {0.15, 1.2}, {0.1, 0.4}, {0.4, 0}, {0.65, 0.4}, {0.45, 0.85}, {0.15, 0.6}},                                      // another
	}
}

// capitals is how many forms at the end of letterforms begin words or are digits.
const capitals = 4

// hand writes words until the width is used up.
func (c *canvas) hand(h hand) {
	r := rand.New(rand.NewPCG(h.seed, 0x4a7d))
	forms := letterforms()
	lean, x := 0.1+0.25*r.Float64(), h.x
	ink := h.ink
	if ink.A == 0 {
		ink = blue()
	}
	for x < h.x+h.width {
		var points [][2]float64
		letters := 2 + r.IntN(4)
		start := x
		for i := range letters {
			form := forms[r.IntN(len(forms)-capitals)]
			if i == 0 && r.IntN(3) == 0 {
				form = forms[len(forms)-1-r.IntN(capitals)]
			}
			sway, tall := 0.06*(r.Float64()-0.5), 0.85+0.3*r.Float64()
			for _, p := range form {
				y := (p[1]*tall + sway) * h.size
				points = append(points, [2]float64{x + p[0]*h.size + y*lean, h.y - y})
			}
			x += form[len(form)-1][0] * h.size * 0.97
		}
		if x > h.x+h.width+h.size {
			return
		}
		c.ribbon(smooth(points), 0.9+0.25*r.Float64(), ink)
		c.accent(r, (start+x)/2, h, ink)
		x += h.size * (0.5 + 0.3*r.Float64())
	}
}

// accent sets a tone above or below a written word.
func (c *canvas) accent(r *rand.Rand, x float64, h hand, ink color.RGBA) {
	s, y := h.size, h.y-1.5*h.size
	marks := [][][2]float64{
		{{0, 0}, {0.3, -0.35}},
		{{0, -0.35}, {0.3, 0}},
		{{0, 0}, {0.15, -0.3}, {0.3, 0}},
		{{0, 0}, {0.12, -0.15}, {0.24, 0}, {0.38, -0.15}},
		{{0, 1.95}, {0.06, 2.02}, {0.1, 1.98}},
	}
	for range 1 + r.IntN(2) {
		m := marks[r.IntN(len(marks))]
		points := make([][2]float64, 0, len(m))
		for _, p := range m {
			points = append(points, [2]float64{x + p[0]*s, y + p[1]*s})
		}
		c.ribbon(points, 1, ink)
		x += 0.5 * s
	}
}

// smooth runs a Catmull-Rom spline through the points.
func smooth(p [][2]float64) [][2]float64 {
	const steps = 5
	out := make([][2]float64, 0, steps*len(p))
	for i := range len(p) - 1 {
		a, b, c, d := p[max(i-1, 0)], p[i], p[i+1], p[min(i+2, len(p)-1)]
		for j := range steps {
			t := float64(j) / steps
			var q [2]float64
			for k := range q {
				q[k] = 0.5 * (2*b[k] + (c[k]-a[k])*t + (2*a[k]-5*b[k]+4*c[k]-d[k])*t*t + (3*b[k]-a[k]-3*c[k]+d[k])*t*t*t)
			}
			out = append(out, q)
		}
	}
	return append(out, p[len(p)-1])
}

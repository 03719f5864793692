package paper

import (
	"image"
	"math"
	"math/rand/v2"
)

// reverse prints a share of the lines white on a dark ground, as banners and the heads
// of tables are. The ground is the ink of the print.
func (c *canvas) reverse(s *Sheet, look Look) {
	if look.Reverse == 0 {
		return
	}
	r := rand.New(rand.NewPCG(look.Seed, 0x4e61))
	for _, l := range s.Lines {
		if len(l) > 0 && r.Float64() < look.Reverse {
			c.negate(groundOf(l, 3+4*r.Float64()))
		}
	}
}

// ground is a box in points of the page.
type ground struct{ x0, y0, x1, y1 float64 }

// groundOf is the box of a line of words with a margin around it.
func groundOf(l Line, margin float64) ground {
	g := ground{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, w := range l {
		g.x0, g.x1 = min(g.x0, w.X-margin), max(g.x1, w.X+w.Width+margin)
		g.y0, g.y1 = min(g.y0, w.Y-w.Size-margin/2), max(g.y1, w.Y+0.25*w.Size+margin/2)
	}
	return g
}

// negate makes dark what is light within a box of the page, and light what is dark.
func (c *canvas) negate(g ground) {
	const darkest, lightest = 25, 252
	back := c.toPage.inverse()
	var box image.Rectangle
	for _, p := range [][2]float64{{g.x0, g.y0}, {g.x1, g.y0}, {g.x0, g.y1}, {g.x1, g.y1}} {
		x, y := c.toPage.apply(p[0], p[1])
		box = box.Union(image.Rect(int(x)-1, int(y)-1, int(x)+2, int(y)+2))
	}
	box = box.Intersect(c.img.Rect)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			px, py := back.apply(float64(x)+0.5, float64(y)+0.5)
			if px < g.x0 || px >= g.x1 || py < g.y0 || py >= g.y1 {
				continue
			}
			at := c.img.Pix[c.img.PixOffset(x, y):]
			for k := range 3 {
				at[k] = lightest - (min(max(at[k], darkest), lightest) - darkest)
			}
		}
	}
}

// inverse gives the map back.
func (m affine) inverse() affine {
	d := m[0]*m[4] - m[1]*m[3]
	return affine{
		m[4] / d, -m[1] / d, (m[1]*m[5] - m[4]*m[2]) / d,
		-m[3] / d, m[0] / d, (m[3]*m[2] - m[0]*m[5]) / d,
	}
}

package paper

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"strings"
)

// stamp is a rectangular stamp of text, its upper left corner at (x, y).
type stamp struct {
	x, y, width, height float64
	lines               []string
	size                float64
	tilt                float64 // radians
	grain               uint64
	filled              []hand // what is written into it, from its corner
}

// autograph is a signature by pen; the seed gives its shape.
type autograph struct {
	x, y, width float64
	seed        uint64
	ink         color.RGBA // the zero value is blue
}

// sweep is a line of a pen, a brush or a highlighter.
type sweep struct {
	points [][2]float64
	width  float64
	ink    color.RGBA
}

// The inks of print, pens and stamp pads.
func toner() color.RGBA  { return color.RGBA{32, 31, 33, 255} }
func blue() color.RGBA   { return color.RGBA{40, 52, 150, 235} }
func black() color.RGBA  { return color.RGBA{40, 40, 48, 235} }
func red() color.RGBA    { return color.RGBA{208, 38, 44, 225} }
func marker() color.RGBA { return color.RGBA{255, 240, 80, 205} }

// inkOf gives the colour of a word.
func inkOf(i Ink) color.RGBA {
	switch i {
	case Toner:
	case Pen:
		return blue()
	case Stamp:
		return red()
	}
	return toner()
}

// faint is an ink of a strength from 0 to 1.
func faint(ink color.RGBA, strength float64) color.RGBA {
	ink.A = uint8(float64(ink.A) * strength)
	return ink
}

// print puts on the sheet what came out of the printer.
func (c *canvas) print(s *Sheet) {
	for _, o := range s.ornaments {
		o.draw(c)
	}
	for _, o := range s.codes {
		c.code(o)
	}
	for _, r := range s.rules {
		c.stroke([][2]float64{{r.x0, r.y0}, {r.x1, r.y1}}, r.width, toner())
	}
	for _, l := range s.Lines {
		for _, w := range l {
			c.write(w.Text, w.Style, c.toPage.after(shift(w.X, w.Y)).after(scale(w.Size/em)), inkOf(w.Ink))
		}
	}
}

// marks puts on the sheet what people added, the seals last.
func (c *canvas) marks(s *Sheet) {
	for _, w := range s.sweeps {
		c.ribbon(w.points, w.width, w.ink)
	}
	for _, h := range s.hands {
		c.hand(h)
	}
	for _, a := range s.autographs {
		c.sign(a)
	}
	for _, t := range s.stamps {
		c.stamp(t)
	}
	for _, s := range s.seals {
		c.seal(s)
	}
}

// circle is a ring's centre line.
func circle(x, y, radius float64) [][2]float64 {
	const steps = 180
	points := make([][2]float64, 0, steps+1)
	for i := range steps + 1 {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / steps)
		points = append(points, [2]float64{x + radius*cos, y + radius*sin})
	}
	return points
}

// seal stamps a round seal: two rings, the agency around, a star or some words in
// the middle.
func (c *canvas) seal(s seal) {
	ink := red()
	if s.strength > 0 {
		ink = faint(ink, s.strength)
	}
	c.grain = s.grain
	c.stroke(circle(s.x, s.y, s.radius), 1.6, ink)
	c.stroke(circle(s.x, s.y, s.radius*0.62), 0.9, ink)
	if len(s.middle) == 0 {
		c.star(s, ink)
	}
	for i, line := range s.middle {
		size := min(s.radius*0.19, s.radius*0.95/c.fonts.width(Bold, 1, line))
		y := (float64(i)-float64(len(s.middle)-1)/2)*s.radius*0.24 + size*0.35
		at := shift(s.x, s.y).after(turned(s.tilt)).after(shift(-c.fonts.width(Bold, size, line)/2, y))
		c.write(line, Bold, c.toPage.after(at).after(scale(size/em)), ink)
	}
	c.around(s, ink)
	c.grain = 0
}

func (c *canvas) star(s seal, ink color.RGBA) {
	star := make([][2]float64, 0, 10)
	for i := range 10 {
		r := s.radius * 0.42
		if i%2 == 1 {
			r *= 0.4
		}
		sin, cos := math.Sincos(math.Pi*float64(i)/5 - math.Pi/2 + s.tilt)
		star = append(star, [2]float64{r * cos, r * sin})
	}
	c.fill(polygon(star...), c.toPage.after(shift(s.x, s.y)), ink)
}

// around writes the agency between the two rings.
func (c *canvas) around(s seal, ink color.RGBA) {
	tail := s.tail
	if tail == "" {
		tail = "TỈNH HẢI SƠN"
	}
	text := s.text + " * " + tail + " * "
	around := 2 * math.Pi * s.radius * 0.72
	size := min(s.radius*0.25, around/c.fonts.width(Bold, 1, text))
	squeeze := around / c.fonts.width(Bold, size, text)
	angle := -math.Pi + s.tilt
	for _, r := range text {
		half := c.fonts.width(Bold, size, string(r)) * squeeze / (s.radius * 0.72) / 2
		angle += half
		place := shift(s.x, s.y).after(turned(angle + math.Pi/2)).after(shift(-c.fonts.width(Bold, size, string(r))/2, -s.radius*0.72))
		c.write(string(r), Bold, c.toPage.after(place).after(scale(size/em)), ink)
		angle += half
	}
}

// stamp prints a frame with lines of text.
func (c *canvas) stamp(t stamp) {
	c.grain = t.grain
	page := c.toPage
	c.toPage = page.after(shift(t.x, t.y)).after(turned(t.tilt))
	ink := red()
	c.ribbon([][2]float64{{0, 0}, {t.width, 0}, {t.width, t.height}, {0, t.height}, {0, -0.6}}, 1.3, ink)
	pitch := t.height / float64(len(t.lines))
	for i, line := range t.lines {
		size := min(t.size, t.width*0.92/c.fonts.width(Bold, 1, line))
		x := (t.width - c.fonts.width(Bold, size, line)) / 2
		if strings.HasSuffix(line, ".") {
			x = t.width * 0.05
		}
		y := pitch*(float64(i)+0.5) + size*0.35
		c.write(line, Bold, c.toPage.after(shift(x, y)).after(scale(size/em)), ink)
	}
	c.grain = 0
	c.toPage = page
	for _, h := range t.filled {
		c.filling(t, h)
	}
}

// filling writes by hand into a stamp.
func (c *canvas) filling(t stamp, h hand) {
	page := c.toPage
	c.toPage = page.after(shift(t.x, t.y)).after(turned(t.tilt))
	c.hand(h)
	c.toPage = page
}

// sign draws a signature: loops to the right, a flourish back.
func (c *canvas) sign(a autograph) {
	ink := a.ink
	if ink.A == 0 {
		ink = blue()
	}
	r := rand.New(rand.NewPCG(a.seed, 1))
	loops, lean, height := 3+r.IntN(4), r.Float64()*0.8, a.width*(0.14+0.1*r.Float64())
	var points [][2]float64
	const steps = 160
	for i := range steps {
		t := float64(i) / steps
		sin, cos := math.Sincos(2 * math.Pi * float64(loops) * t)
		fade := 1 - 0.6*t
		points = append(points, [2]float64{
			a.x + a.width*t + 0.35*height*sin*fade + lean*height*cos*fade,
			a.y - height*cos*fade - 0.1*a.width*t,
		})
	}
	points = append(points, [2]float64{a.x + a.width*(0.3+0.3*r.Float64()), a.y + height*0.8},
		[2]float64{a.x + a.width*1.15, a.y + height*0.3})
	c.stroke(points, 1.1, ink)
}

// ribbon is a line through the points drawn in one go, so that it does not soak
// twice where it crosses itself.
func (c *canvas) ribbon(points [][2]float64, width float64, ink color.RGBA) {
	const fine = 100
	left := make([][2]float64, 0, 2*len(points))
	right := make([][2]float64, 0, len(points))
	for i, p := range points {
		a, b := points[max(i-1, 0)], points[min(i+1, len(points)-1)]
		dx, dy := b[0]-a[0], b[1]-a[1]
		length := math.Hypot(dx, dy)
		if length == 0 {
			continue
		}
		nx, ny := -dy/length*width/2, dx/length*width/2
		left = append(left, [2]float64{(p[0] + nx) * fine, (p[1] + ny) * fine})
		right = append(right, [2]float64{(p[0] - nx) * fine, (p[1] - ny) * fine})
	}
	for i := range right {
		left = append(left, right[len(right)-1-i])
	}
	c.fill(polygon(left...), c.toPage.after(scale(1.0/fine)), ink)
}

// roughen takes ink out of the mask in clouds and grains, as a pad leaves it.
func (c *canvas) roughen(in, box image.Rectangle) {
	step := max(c.img.Rect.Dx()/120, 4)
	for y := in.Min.Y; y < in.Max.Y; y++ {
		row := c.mask.Pix[(y-box.Min.Y)*c.mask.Stride:]
		for x := in.Min.X; x < in.Max.X; x++ {
			at := x - box.Min.X
			if row[at] == 0 {
				continue
			}
			cloud := scatter(c.grain, x/step, y/step)>>8 + scatter(c.grain, (x+step/2)/step, (y+step/2)/step+977)>>8
			grain := scatter(c.grain+1, x/2, y/2) >> 8
			keep := min(255, 120+cloud/3+grain/4)
			row[at] = uint8(uint32(row[at]) * keep / 255)
		}
	}
}

// scatter gives 16 bits of chance for a place.
func scatter(seed uint64, x, y int) uint32 {
	h := seed + uint64(x)*0x9e3779b97f4a7c15 + uint64(y)*0xc2b2ae3d27d4eb4f
	h ^= h >> 29
	h *= 0xbf58476d1ce4e5b9
	return uint32(h >> 48)
}

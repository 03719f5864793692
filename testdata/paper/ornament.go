package paper

import (
	"image/color"
	"math"
)

// ornament is a printed pattern behind or around the text.
type ornament interface{ draw(c *canvas) }

// waves is a field of waving lines, as on the paper of certificates.
type waves struct {
	x, y, width, height float64
	pitch, swing        float64
	ink                 color.RGBA
}

func (o waves) draw(c *canvas) {
	for y := o.y + o.pitch; y < o.y+o.height; y += o.pitch {
		points := make([][2]float64, 0, 256)
		for x := o.x; x <= o.x+o.width; x += 3 {
			points = append(points, [2]float64{x, y + o.swing*math.Sin(x/17+y/41) + 0.5*o.swing*math.Sin(x/7-y/13)})
		}
		c.ribbon(points, 0.55, o.ink)
	}
}

// drum is the face of a bronze drum: a sun, rings, and rows of teeth.
type drum struct {
	x, y, radius float64
	ink          color.RGBA
}

func (o drum) draw(c *canvas) {
	for _, at := range []float64{0.3, 0.36, 0.52, 0.58, 0.78, 0.84, 0.97, 1} {
		c.ribbon(circle(o.x, o.y, o.radius*at), 0.8, o.ink)
	}
	for _, row := range []struct {
		inner, outer float64
		count        int
	}{{0.05, 0.28, 14}, {0.37, 0.51, 48}, {0.6, 0.76, 36}, {0.86, 0.96, 96}} {
		for i := range row.count {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(row.count))
			sin2, cos2 := math.Sincos(2*math.Pi*(float64(i)+0.35)/float64(row.count) + 0.02)
			in, out := o.radius*row.inner, o.radius*row.outer
			c.ribbon([][2]float64{
				{o.x + in*cos, o.y + in*sin}, {o.x + out*cos2, o.y + out*sin2}, {o.x + in*cos2, o.y + in*sin2},
			}, 0.6, o.ink)
		}
	}
}

// border is a printed frame of interlaced waves between two lines.
type border struct {
	inset, depth  float64
	width, height float64 // of the sheet
	ink           color.RGBA
}

func (o border) draw(c *canvas) {
	for _, in := range []float64{o.inset, o.inset + o.depth} {
		x, y := o.width-in, o.height-in
		c.ribbon([][2]float64{{in, in}, {x, in}, {x, y}, {in, y}, {in, in}}, 1.1, o.ink)
	}
	middle := o.inset + o.depth/2
	for phase := range 3 {
		shift := 2 * math.Pi * float64(phase) / 3
		swing := func(t float64) float64 { return o.depth * 0.4 * math.Sin(t/o.depth*2.2+shift) }
		var top, bottom, left, right [][2]float64
		for t := middle; t < o.width-middle; t += 1.5 {
			top = append(top, [2]float64{t, middle + swing(t)})
			bottom = append(bottom, [2]float64{t, o.height - middle + swing(t)})
		}
		for t := middle; t < o.height-middle; t += 1.5 {
			left = append(left, [2]float64{middle + swing(t), t})
			right = append(right, [2]float64{o.width - middle + swing(t), t})
		}
		for _, side := range [][][2]float64{top, bottom, left, right} {
			c.ribbon(side, 0.8, o.ink)
		}
	}
}

// plate is a filled rectangle: a coloured ground, a grey photograph's outline.
type plate struct {
	x, y, width, height float64
	ink                 color.RGBA
}

func (o plate) draw(c *canvas) {
	c.fill(polygon([2]float64{o.x, o.y}, [2]float64{o.x + o.width, o.y}, [2]float64{o.x + o.width, o.y + o.height}, [2]float64{o.x, o.y + o.height}), c.toPage, o.ink)
}

// portrait is a copied passport photograph: a ground, a head and shoulders.
type portrait struct{ x, y, width, height float64 }

func (o portrait) draw(c *canvas) {
	plate{o.x, o.y, o.width, o.height, color.RGBA{150, 160, 175, 255}}.draw(c)
	mid := o.x + o.width/2
	c.fill(polygon(circle(mid, o.y+o.height*0.4, o.width*0.24)...), c.toPage, color.RGBA{120, 110, 100, 255})
	shoulders := [][2]float64{{o.x + 2, o.y + o.height}, {o.x + o.width*0.12, o.y + o.height*0.8}, {mid, o.y + o.height*0.66}, {o.x + o.width*0.88, o.y + o.height*0.8}, {o.x + o.width - 2, o.y + o.height}}
	c.fill(polygon(shoulders...), c.toPage, color.RGBA{60, 64, 80, 255})
	c.fill(polygon(circle(mid, o.y+o.height*0.3, o.width*0.25)[90:]...), c.toPage, color.RGBA{50, 46, 46, 255})
}

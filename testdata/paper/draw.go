package paper

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// affine maps (x, y) to (a·x + b·y + c, d·x + e·y + f).
type affine [6]float64

func (m affine) apply(x, y float64) (float64, float64) {
	return m[0]*x + m[1]*y + m[2], m[3]*x + m[4]*y + m[5]
}

// after gives the map that applies n first and then m.
func (m affine) after(n affine) affine {
	return affine{
		m[0]*n[0] + m[1]*n[3], m[0]*n[1] + m[1]*n[4], m[0]*n[2] + m[1]*n[5] + m[2],
		m[3]*n[0] + m[4]*n[3], m[3]*n[1] + m[4]*n[4], m[3]*n[2] + m[4]*n[5] + m[5],
	}
}

func shift(x, y float64) affine { return affine{1, 0, x, 0, 1, y} }
func scale(s float64) affine    { return affine{s, 0, 0, 0, s, 0} }

// turned rotates clockwise on the page, whose Y grows downwards.
func turned(radians float64) affine {
	sin, cos := math.Sincos(radians)
	return affine{cos, -sin, 0, sin, cos, 0}
}

// shape is outlines made of move, line and curve segments in the units of its map.
type shape []sfnt.Segment

// canvas is paper on which inks darken what is below them.
type canvas struct {
	img    *image.RGBA
	toPage affine // points of the upright page to pixels
	fonts  *Fonts
	ras    vector.Rasterizer
	mask   image.Alpha
	grain  uint64 // seed of an uneven print; 0 is an even one
	scrape bool   // inks lighten: what they touch is scraped off

	inked *image.Rectangle // if set, nothing is drawn, and what ink would cover is added to it
}

// fill puts ink on the inside of a shape.
func (c *canvas) fill(s shape, m affine, ink color.RGBA) {
	pts := make([][3][2]float32, len(s))
	minX, minY, maxX, maxY := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for i, seg := range s {
		for j := range argCount(seg.Op) {
			x, y := m.apply(float64(seg.Args[j].X)/64, float64(seg.Args[j].Y)/64)
			minX, minY, maxX, maxY = min(minX, x), min(minY, y), max(maxX, x), max(maxY, y)
			pts[i][j] = [2]float32{float32(x), float32(y)}
		}
	}
	box := image.Rect(int(math.Floor(minX)), int(math.Floor(minY)), int(math.Ceil(maxX))+1, int(math.Ceil(maxY))+1)
	if len(s) == 0 || !box.Overlaps(c.img.Rect) {
		return
	}
	if c.inked != nil {
		*c.inked = c.inked.Union(box.Intersect(c.img.Rect))
		return
	}
	c.ras.Reset(box.Dx(), box.Dy())
	ox, oy := float32(box.Min.X), float32(box.Min.Y)
	for i, seg := range s {
		p := pts[i]
		switch seg.Op {
		case sfnt.SegmentOpMoveTo:
			c.ras.MoveTo(p[0][0]-ox, p[0][1]-oy)
		case sfnt.SegmentOpLineTo:
			c.ras.LineTo(p[0][0]-ox, p[0][1]-oy)
		case sfnt.SegmentOpQuadTo:
			c.ras.QuadTo(p[0][0]-ox, p[0][1]-oy, p[1][0]-ox, p[1][1]-oy)
		case sfnt.SegmentOpCubeTo:
			c.ras.CubeTo(p[0][0]-ox, p[0][1]-oy, p[1][0]-ox, p[1][1]-oy, p[2][0]-ox, p[2][1]-oy)
		}
	}
	c.ras.ClosePath()
	c.soak(box, ink)
}

func argCount(op sfnt.SegmentOp) int {
	switch op {
	case sfnt.SegmentOpQuadTo:
		return 2
	case sfnt.SegmentOpCubeTo:
		return 3
	case sfnt.SegmentOpMoveTo, sfnt.SegmentOpLineTo:
	}
	return 1
}

// soak multiplies the ink into the image where the rasterizer has covered it: red
// over black stays black, as on paper.
func (c *canvas) soak(box image.Rectangle, ink color.RGBA) {
	size := image.Rect(0, 0, box.Dx(), box.Dy())
	if n := size.Dx() * size.Dy(); cap(c.mask.Pix) < n {
		c.mask.Pix = make([]uint8, n)
	}
	c.mask.Pix, c.mask.Stride, c.mask.Rect = c.mask.Pix[:size.Dx()*size.Dy()], size.Dx(), size
	clear(c.mask.Pix)
	c.ras.Draw(&c.mask, size, image.Opaque, image.Point{})
	in := box.Intersect(c.img.Rect)
	if c.grain != 0 {
		c.roughen(in, box)
	}
	inks := [3]uint32{uint32(ink.R), uint32(ink.G), uint32(ink.B)}
	for y := in.Min.Y; y < in.Max.Y; y++ {
		row := c.mask.Pix[(y-box.Min.Y)*size.Dx():]
		for x := in.Min.X; x < in.Max.X; x++ {
			a := uint32(row[x-box.Min.X]) * uint32(ink.A) / 255
			if a == 0 {
				continue
			}
			px := c.img.Pix[c.img.PixOffset(x, y):]
			for k := range 3 {
				if c.scrape {
					px[k] += uint8(uint32(250-min(px[k], 250)) * a / 255)
					continue
				}
				px[k] = uint8(uint32(px[k]) * (255*255 - a*(255-inks[k])) / (255 * 255))
			}
		}
	}
}

// write draws text with its baseline starting where m puts the origin, one unit of
// m per thousandth of the type size.
func (c *canvas) write(text string, style Style, m affine, ink color.RGBA) {
	x := 0.0
	for _, r := range text {
		if outline := c.fonts.outline(style, r); len(outline) > 0 {
			c.fill(outline, m.after(shift(x, 0)), ink)
		}
		x += c.fonts.advance(style, c.fonts.glyph(style, r))
	}
}

// polygon makes a closed shape of straight lines.
func polygon(points ...[2]float64) shape {
	s := make(shape, 0, len(points))
	for i, p := range points {
		op := sfnt.SegmentOpLineTo
		if i == 0 {
			op = sfnt.SegmentOpMoveTo
		}
		s = append(s, sfnt.Segment{Op: op, Args: [3]fixed.Point26_6{{X: fixed.Int26_6(p[0] * 64), Y: fixed.Int26_6(p[1] * 64)}}})
	}
	return s
}

// stroke is a line of a pen of the given width through the points.
func (c *canvas) stroke(points [][2]float64, width float64, ink color.RGBA) {
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		dx, dy := b[0]-a[0], b[1]-a[1]
		length := math.Hypot(dx, dy)
		if length == 0 {
			continue
		}
		nx, ny := -dy/length*width/2, dx/length*width/2
		// A hundred units per point keep thin lines whole in fixed point.
		const fine = 100
		c.fill(polygon(
			[2]float64{(a[0] + nx) * fine, (a[1] + ny) * fine}, [2]float64{(b[0] + nx) * fine, (b[1] + ny) * fine},
			[2]float64{(b[0] - nx) * fine, (b[1] - ny) * fine}, [2]float64{(a[0] - nx) * fine, (a[1] - ny) * fine},
		), c.toPage.after(scale(1.0/fine)), ink)
	}
}

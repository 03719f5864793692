package access

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"

	"hoso/pipeline"
)

// ground is the sheet, or a part of it, without its ink, in few pixels.
type ground struct {
	width, height int
	pix           [][3]uint8
}

// edge is how far ink stays away from pixels that count for the ground, in pixels:
// its edges are grey.
const edge = 2

// paperDPI is enough for paper: light falls softly, and what it shines on is smooth.
const paperDPI = 24

// paperQuality keeps the squares in which JPEG works from being seen where there is
// little else to see.
const paperQuality = 80

// ground takes the mean of what is bare around each of its pixels; nil means all of
// it. Where there is nothing bare it takes what lies around.
func (m *maker) ground(dpi float64, bare []bool) *ground {
	scale := min(1, dpi/m.sheet.DPI)
	g := &ground{width: max(1, int(float64(m.sheet.Width)*scale)), height: max(1, int(float64(m.sheet.Height)*scale))}
	sums := m.sums(g, bare)
	fill(sums, g.width, g.height)
	g.pix = make([][3]uint8, len(sums))
	for i := range sums {
		g.pix[i] = sums[i].mean()
	}
	return g
}

// texture is how far the mean of bare pixels may lie from the paper and still be
// nothing but paper, and most is the share of a tile's pixels beyond that which makes
// it a part of a picture, in percent: at the edge of a sheet they are fewer.
const (
	texture = 14
	most    = 30
)

// pictures finds where the ground shows more than paper, in pixels of the sheet.
func (m *maker) pictures(g *ground) []area {
	paper := make([][3]uint8, m.sheet.Width)
	side := 4 * tileSide(m.sheet.DPI)
	cols := (m.sheet.Width + side - 1) / side
	all := make([][2]int, cols*((m.sheet.Height+side-1)/side)) // other than paper, and all pixels
	for y := range g.height {
		sy := y * m.sheet.Height / g.height
		m.paper.row(sy, paper)
		for x := range g.width {
			sx := x * m.sheet.Width / g.width
			t := &all[sy/side*cols+sx/side]
			t[1]++
			if !near(g.pix[y*g.width+x], paper[sx]) {
				t[0]++
			}
		}
	}
	var found []area
	for i, t := range all {
		if x, y := i%cols*side, i/cols*side; 100*t[0] > most*t[1] {
			found = append(found, area{x, y, x + side, y + side}.grown(side/4, m.sheet.Width, m.sheet.Height))
		}
	}
	return merge(found, 1, m.sheet.Width, m.sheet.Height)
}

func near(a, b [3]uint8) bool {
	for c := range 3 {
		if d := int(a[c]) - int(b[c]); d > texture || d < -texture {
			return false
		}
	}
	return true
}

// part cuts an area of the sheet out of the ground, and gives the area it covers.
func (g *ground) part(a area, s Sheet) (*ground, area) {
	x0, x1 := a.x0*g.width/s.Width, max((a.x1*g.width+s.Width-1)/s.Width, a.x0*g.width/s.Width+1)
	y0, y1 := a.y0*g.height/s.Height, max((a.y1*g.height+s.Height-1)/s.Height, a.y0*g.height/s.Height+1)
	out := &ground{width: x1 - x0, height: y1 - y0}
	for y := y0; y < y1; y++ {
		out.pix = append(out.pix, g.pix[y*g.width+x0:y*g.width+x1]...)
	}
	return out, area{x0 * s.Width / g.width, y0 * s.Height / g.height, x1 * s.Width / g.width, y1 * s.Height / g.height}
}

// sum is the sum over n pixels.
type sum struct {
	c [3]uint32
	n uint32
}

func (s *sum) mean() (out [3]uint8) {
	for c := range 3 {
		out[c] = uint8(s.c[c] / max(1, s.n)) //nolint:gosec // a mean of bytes
	}
	return out
}

func (m *maker) sums(g *ground, bare []bool) []sum {
	sums := make([]sum, g.width*g.height)
	columns := make([]int, m.sheet.Width)
	for x := range columns {
		columns[x] = x * g.width / m.sheet.Width
	}
	for y := range m.sheet.Height {
		row := sums[y*g.height/m.sheet.Height*g.width:]
		from := y * m.sheet.Width
		for x, gx := range columns {
			if bare != nil && !bare[from+x] {
				continue
			}
			px, s := m.sheet.Pix[3*(from+x):3*(from+x)+3], &row[gx]
			s.c[0] += uint32(px[0])
			s.c[1] += uint32(px[1])
			s.c[2] += uint32(px[2])
			s.n++
		}
	}
	return sums
}

// bare marks what lies clear of any ink.
func (k *ink) bare() []bool {
	flat := make([]bool, len(k.tone)) // clear of ink in its row
	for y := range k.height {
		row, out := k.tone[y*k.width:(y+1)*k.width], flat[y*k.width:(y+1)*k.width]
		since := edge + 1
		for x, t := range row {
			if since++; t != bare {
				since = 0
				for back := max(0, x-edge); back < x; back++ {
					out[back] = false
				}
			}
			out[x] = since > edge
		}
	}
	all := make([]bool, len(flat))
	for y := range k.height {
		out := all[y*k.width : (y+1)*k.width]
		copy(out, flat[y*k.width:])
		for ny := max(0, y-edge); ny <= min(k.height-1, y+edge); ny++ {
			for x, ok := range flat[ny*k.width : (ny+1)*k.width] {
				out[x] = out[x] && ok
			}
		}
	}
	return all
}

// fill gives empty places the mean of a wider and wider surrounding.
func fill(sums []sum, width, height int) {
	if width <= 1 && height <= 1 {
		sums[0].n = max(1, sums[0].n)
		return
	}
	w, h := (width+1)/2, (height+1)/2
	wide := make([]sum, w*h)
	for y := range height {
		for x := range width {
			s, t := sums[y*width+x], &wide[y/2*w+x/2]
			if s.n == 0 {
				continue
			}
			for c := range 3 {
				t.c[c] += s.c[c] / s.n
			}
			t.n++
		}
	}
	fill(wide, w, h)
	for y := range height {
		for x := range width {
			if s := &sums[y*width+x]; s.n == 0 {
				mean := wide[y/2*w+x/2].mean()
				s.n = 1
				for c := range 3 {
					s.c[c] = uint32(mean[c])
				}
			}
		}
	}
}

// grayness is how far the colours of a ground may lie apart and still be gray.
const grayness = 24

// gray reports whether nothing on the ground has a colour worth keeping.
func (g *ground) gray() bool {
	for _, c := range g.pix {
		if int(max(c[0], c[1], c[2]))-int(min(c[0], c[1], c[2])) > grayness {
			return false
		}
	}
	return true
}

// image gives the ground for the encoder, in gray if nothing on it has a colour.
func (g *ground) image() (image.Image, pipeline.ColorSpace) {
	rect := image.Rect(0, 0, g.width, g.height)
	if g.gray() {
		out := image.NewGray(rect)
		for i, c := range g.pix {
			out.Pix[i] = uint8((299*uint32(c[0]) + 587*uint32(c[1]) + 114*uint32(c[2])) / 1000) //nolint:gosec // a mean of bytes
		}
		return out, pipeline.Gray
	}
	return colours(rect, func(i int) [3]uint8 { return g.pix[i] }), pipeline.RGB
}

func colours(rect image.Rectangle, at func(i int) [3]uint8) *image.RGBA {
	out := image.NewRGBA(rect)
	for i := range rect.Dx() * rect.Dy() {
		c := at(i)
		out.Pix[4*i], out.Pix[4*i+1], out.Pix[4*i+2], out.Pix[4*i+3] = c[0], c[1], c[2], 255
	}
	return out
}

// encoded gives the JPEG of an image, and the pixels that a viewer makes of it.
func encoded(img image.Image, quality int) ([]byte, *ground, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		return nil, nil, fmt.Errorf("encoding JPEG: %w", err)
	}
	back, err := jpeg.Decode(bytes.NewReader(b.Bytes()))
	if err != nil {
		return nil, nil, fmt.Errorf("reading the JPEG again: %w", err)
	}
	rect := back.Bounds()
	g := &ground{width: rect.Dx(), height: rect.Dy(), pix: make([][3]uint8, rect.Dx()*rect.Dy())}
	for y := range g.height {
		for x := range g.width {
			g.pix[y*g.width+x] = rgbAt(back, x, y)
		}
	}
	return b.Bytes(), g, nil
}

func rgbAt(img image.Image, x, y int) [3]uint8 {
	switch img := img.(type) {
	case *image.Gray:
		v := img.Pix[img.PixOffset(x, y)]
		return [3]uint8{v, v, v}
	case *image.YCbCr:
		c := img.COffset(x, y)
		r, g, b := color.YCbCrToRGB(img.Y[img.YOffset(x, y)], img.Cb[c], img.Cr[c])
		return [3]uint8{r, g, b}
	}
	r, g, b, _ := img.At(x, y).RGBA()
	return [3]uint8{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8)} //nolint:gosec // the high bytes
}

// row stretches the ground over an area of a sheet, as viewers do, and writes row y of
// the sheet as far as it lies there.
func (g *ground) row(y int, at area, out []byte) {
	if y < at.y0 || y >= at.y1 {
		return
	}
	width, height := at.x1-at.x0, at.y1-at.y0
	fy := (2*(y-at.y0)+1)*g.height*128/height - 128
	y0 := min(max(fy>>8, 0), g.height-1)
	y1, wy := min(max(fy>>8+1, 0), g.height-1), fy&255
	above, below := g.pix[y0*g.width:(y0+1)*g.width], g.pix[y1*g.width:(y1+1)*g.width]
	for x := range width {
		fx := (2*x+1)*g.width*128/width - 128
		x0 := min(max(fx>>8, 0), g.width-1)
		x1, wx := min(max(fx>>8+1, 0), g.width-1), fx&255
		a, b, c, d := &above[x0], &above[x1], &below[x0], &below[x1]
		for i := range 3 {
			top := int(a[i])*(256-wx) + int(b[i])*wx
			low := int(c[i])*(256-wx) + int(d[i])*wx
			out[3*(at.x0+x)+i] = uint8((top*(256-wy) + low*wy) >> 16) //nolint:gosec // a mean of bytes
		}
	}
}

package codes

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"strings"

	"hoso/pipeline"
	"hoso/pipeline/codes/zxing"
)

// view is a picture made of another, and where its points lie on that.
type view struct {
	img   *image.Gray
	back  func(x, y float64) (float64, float64)
	kinds []pipeline.CodeKind
}

// kinds are those that are read; those of one dimension come last.
func kinds() []pipeline.CodeKind {
	return []pipeline.CodeKind{pipeline.QR, pipeline.Code128, pipeline.Code39}
}

// look makes a view of a picture, if it is one for that way of looking.
type look func(*image.Gray) (view, bool)

// looks gives the ways of looking at a picture, the cheapest first.
func looks() []look {
	return []look{
		plain, level, doubled,
		func(img *image.Gray) (view, bool) { return doubled(sharp(img)) },
		func(img *image.Gray) (view, bool) { return levelSharp(img, 1) },
		func(img *image.Gray) (view, bool) { return levelSharp(img, 2) },
		negative,
	}
}

// plain is the picture as it is.
func plain(img *image.Gray) (view, bool) {
	return view{img, func(x, y float64) (float64, float64) { return x, y }, kinds()}, true
}

// bars is how much the strokes of a barcode run one way, at least; see grain.
const bars = 0.4

// level turns bars upright.
func level(img *image.Gray) (view, bool) {
	angle, coherence := grain(img)
	if coherence < bars {
		return view{}, false
	}
	v := rotated(img, angle)
	v.kinds = kinds()[1:]
	return v, true
}

// levelSharp turns bars upright, undoes some of the blur of a lens a number of times and
// doubles the rest.
func levelSharp(img *image.Gray, times int) (view, bool) {
	v, ok := level(img)
	if !ok {
		return v, false
	}
	for range times {
		v.img = sharp(v.img)
	}
	w, ok := doubled(v.img)
	if !ok {
		return v, true
	}
	return view{w.img, func(x, y float64) (float64, float64) { return v.back(w.back(x, y)) }, v.kinds}, true
}

// sharp adds to each pixel what it differs from those around.
func sharp(img *image.Gray) *image.Gray {
	const strength = 3
	b := img.Rect
	w, h := b.Dx(), b.Dy()
	out := image.NewGray(b)
	for y := range h {
		up, here, down := img.Pix[max(y-1, 0)*img.Stride:], img.Pix[y*img.Stride:], img.Pix[min(y+1, h-1)*img.Stride:]
		for x := range w {
			l, r := max(x-1, 0), min(x+1, w-1)
			around := int(up[l]) + 2*int(up[x]) + int(up[r]) + 2*int(here[l]) + 4*int(here[x]) + 2*int(here[r]) + int(down[l]) + 2*int(down[x]) + int(down[r])
			v := int(here[x]) + strength*(16*int(here[x])-around)/16
			out.Pix[y*out.Stride+x] = uint8(min(max(v, 0), 255))
		}
	}
	return out
}

// negative makes a dark ground light.
func negative(img *image.Gray) (view, bool) {
	v, ok := doubled(img)
	if !ok {
		v, _ = plain(crop(img, img.Rect))
	}
	for i, p := range v.img.Pix {
		v.img.Pix[i] = 255 - p
	}
	return v, true
}

// read looks for codes and tells where they stand on the first picture.
func (v view) read() ([]Code, error) {
	raw, err := zxing.Read(v.img, v.kinds...)
	var out []Code
	for _, r := range raw {
		text := strings.ToValidUTF8(strings.TrimSpace(r.Text), "\uFFFD")
		if len(text) < 4 {
			continue
		}
		x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
		for _, c := range r.Corners {
			x, y := v.back(float64(c.X), float64(c.Y))
			x0, x1, y0, y1 = min(x0, x), max(x1, x), min(y0, y), max(y1, y)
		}
		box := image.Rect(int(math.Floor(x0)), int(math.Floor(y0)), int(math.Ceil(x1))+1, int(math.Ceil(y1))+1)
		out = append(out, Code{Kind: r.Kind, Text: text, Box: box})
	}
	return out, err
}

// crop copies a part of a picture, which keeps its place.
func crop(img *image.Gray, r image.Rectangle) *image.Gray {
	out := image.NewGray(r.Intersect(img.Rect))
	draw.Draw(out, out.Rect, img, out.Rect.Min, draw.Src)
	return out
}

// stretched spreads the levels of a picture so that the ink and the paper of what is printed
// on half of it are dark and light, however pale it was.
func stretched(img *image.Gray) *image.Gray {
	const dark, light, tail = 25, 235, 12 // of a hundred pixels at either end
	var count [256]int
	for _, v := range img.Pix {
		count[v]++
	}
	low, high := 0, 255
	for n := 0; low < 255 && 100*(n+count[low]) < tail*len(img.Pix); low++ {
		n += count[low]
	}
	for n := 0; high > 0 && 100*(n+count[high]) < tail*len(img.Pix); high-- {
		n += count[high]
	}
	if high <= low {
		return img
	}
	var to [256]uint8
	for v := range to {
		to[v] = uint8(min(max(dark+(light-dark)*(v-low)/(high-low), 0), 255))
	}
	out := image.NewGray(img.Rect)
	for i, v := range img.Pix {
		out.Pix[i] = to[v]
	}
	return out
}

// blank takes what stands in r out of a picture.
func blank(img *image.Gray, r image.Rectangle) {
	draw.Draw(img, r, image.NewUniform(color.Gray{Y: 255}), image.Point{}, draw.Src)
}

// largest is how many pixels a picture may have to be doubled: modules of larger codes
// need it not.
const largest = 1 << 20

// doubled makes a picture of twice the size by linear interpolation, unless it is large.
func doubled(img *image.Gray) (view, bool) {
	b := img.Rect
	w, h := b.Dx(), b.Dy()
	if w*h > largest {
		return view{}, false
	}
	out := image.NewGray(image.Rect(0, 0, 2*w, 2*h))
	wide := make([]uint16, 2*w*h)
	for y := range h {
		row := img.Pix[y*img.Stride : y*img.Stride+w]
		to := wide[2*w*y : 2*w*(y+1)]
		for x, v := range row {
			l, r := row[max(x-1, 0)], row[min(x+1, w-1)]
			to[2*x], to[2*x+1] = uint16(l)+3*uint16(v), uint16(r)+3*uint16(v)
		}
	}
	for y := range h {
		here, up, down := wide[2*w*y:2*w*(y+1)], wide[2*w*max(y-1, 0):], wide[2*w*min(y+1, h-1):]
		first, second := out.Pix[2*y*out.Stride:], out.Pix[(2*y+1)*out.Stride:]
		for x, v := range here {
			first[x], second[x] = uint8((3*v+up[x])/16), uint8((3*v+down[x])/16) //nolint:gosec // a mean of levels
		}
	}
	back := func(x, y float64) (float64, float64) {
		return float64(b.Min.X) + (x-0.5)/2, float64(b.Min.Y) + (y-0.5)/2
	}
	return view{out, back, kinds()}, true
}

// grain gives the angle in radians across the strokes of a picture, and from 0 to 1 how
// much they run one way: bars do, the modules of square codes and letters do not.
func grain(img *image.Gray) (angle, coherence float64) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	var xx, yy, xy int64
	for y := 0; y+1 < h; y++ {
		row, below := img.Pix[y*img.Stride:], img.Pix[(y+1)*img.Stride:]
		for x := 0; x+1 < w; x++ {
			// the differences of a square of four, so that both lie at one point
			a, b, c, d := int64(row[x]), int64(row[x+1]), int64(below[x]), int64(below[x+1])
			dx, dy := b+d-a-c, c+d-a-b
			xx, yy, xy = xx+dx*dx, yy+dy*dy, xy+dx*dy
		}
	}
	if xx+yy == 0 {
		return 0, 0
	}
	diff := float64(xx - yy)
	return math.Atan2(2*float64(xy), diff) / 2, math.Hypot(diff, 2*float64(xy)) / float64(xx+yy)
}

// rotated turns a picture so that what runs at an angle comes to lie level.
func rotated(img *image.Gray, angle float64) view {
	b := img.Rect
	w, h := float64(b.Dx()), float64(b.Dy())
	sin, cos := math.Sincos(angle)
	ow, oh := int(w*math.Abs(cos)+h*math.Abs(sin))+1, int(w*math.Abs(sin)+h*math.Abs(cos))+1
	out := image.NewGray(image.Rect(0, 0, ow, oh))
	back := func(x, y float64) (float64, float64) {
		dx, dy := x-float64(ow)/2, y-float64(oh)/2
		return float64(b.Min.X) + w/2 + dx*cos - dy*sin, float64(b.Min.Y) + h/2 + dx*sin + dy*cos
	}
	const one = 256
	for y := range oh {
		for x := range ow {
			sx, sy := back(float64(x), float64(y))
			sx, sy = sx-float64(b.Min.X), sy-float64(b.Min.Y)
			ix, iy := int(math.Floor(sx)), int(math.Floor(sy))
			if ix < 0 || iy < 0 || ix+1 >= b.Dx() || iy+1 >= b.Dy() {
				out.Pix[y*out.Stride+x] = 255
				continue
			}
			fx, fy := int((sx-float64(ix))*one), int((sy-float64(iy))*one)
			p := img.Pix[iy*img.Stride+ix:]
			top := int(p[0])*(one-fx) + int(p[1])*fx
			low := int(p[img.Stride])*(one-fx) + int(p[img.Stride+1])*fx
			out.Pix[y*out.Stride+x] = uint8((top*(one-fy) + low*fy) / (one * one)) //nolint:gosec // likewise
		}
	}
	return view{img: out, back: back}
}

package wear

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

// Specks strews salt and pepper: perMille of a thousand pixels become a dark or a
// light speck of one to a few pixels.
func Specks(img *image.RGBA, perMille float64, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 0x59ec))
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for range int(perMille * float64(w*h) / 1000) {
		v, x, y := byte(30+r.IntN(60)), r.IntN(w), r.IntN(h)
		if r.IntN(2) == 0 {
			v = byte(235 + r.IntN(20))
		}
		across, down := 1+r.IntN(4)/3, 1+r.IntN(4)/3
		dab(img, image.Rect(x, y, x+across, y+down), color.RGBA{v, v, v, 255})
	}
}

func dab(img *image.RGBA, box image.Rectangle, c color.RGBA) {
	box = box.Intersect(img.Rect)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			img.SetRGBA(x, y, c)
		}
	}
}

// Dirt lays count grey smudges, crumbs and hairs on the glass; size is the length
// of a hair in pixels.
func Dirt(img *image.RGBA, count int, size float64, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 0xd127))
	w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
	for range count {
		x, y, dark := w*r.Float64(), h*r.Float64(), 0.25+0.45*r.Float64()
		switch r.IntN(3) {
		case 0: // a crumb
			blot(img, x, y, size*(0.02+0.04*r.Float64()), dark)
		case 1: // a hair
			angle, bend := 2*math.Pi*r.Float64(), 0.04*(r.Float64()-0.5)
			for range int(size) {
				blot(img, x, y, max(0.6, size/120), dark*0.8)
				angle += bend
				sin, cos := math.Sincos(angle)
				x, y = x+cos, y+sin
			}
		default: // a thumb
			blot(img, x, y, size*(0.25+0.3*r.Float64()), 0.08+0.06*r.Float64())
		}
	}
}

// blot darkens a soft round spot.
func blot(img *image.RGBA, x, y, radius, dark float64) {
	reach := int(radius*1.6) + 1
	box := image.Rect(int(x)-reach, int(y)-reach, int(x)+reach+1, int(y)+reach+1).Intersect(img.Rect)
	for py := box.Min.Y; py < box.Max.Y; py++ {
		for px := box.Min.X; px < box.Max.X; px++ {
			dx, dy := (float64(px)-x)/radius, (float64(py)-y)/radius
			keep := 1 - dark*math.Exp(-(dx*dx+dy*dy)*1.5)
			at := img.Pix[img.PixOffset(px, py):][:3]
			for k := range at {
				at[k] = byte(float64(at[k]) * keep)
			}
		}
	}
}

package paper

import (
	"image"
	"math"
	"math/rand/v2"

	"hoso/testdata/wear"
)

// Optics is what a scanner or a telephone made of the sheet. The zero Optics is a
// device without faults.
type Optics struct {
	Blur   float64 // points: standard deviation of a lens out of focus
	Motion float64 // points by which the picture is smeared along the page; negative is across
	Specks float64 // salt and pepper: spoiled pixels in a thousand
	Light  float64 // 0 to 1: how much darker the far side is
	Spot   float64 // 0 to 1: how dark the shadow of a hand or a head is
	Border float64 // millimetres of black beside the sheet, both sides together
	Camera float64 // how obliquely a telephone looks: 0 is no telephone, 1 a careless hand, 4 one beside the desk
}

// opticsChance begins the sequence of chances that a device draws on.
const opticsChance = 0x0971c5

// expose takes the picture.
func (o Optics) expose(page *image.RGBA, look Look) *image.RGBA {
	r := rand.New(rand.NewPCG(look.Seed, opticsChance))
	img := page
	if o.Camera > 0 {
		img = photograph(page, o.Camera, r)
	}
	if o.Light > 0 || o.Spot > 0 {
		f := wear.NewField(img.Rect)
		f.Slope(2*math.Pi*r.Float64(), o.Light)
		if o.Spot > 0 {
			f.Spot(r.Float64(), 0.2+1.2*r.Float64(), 0.25+0.3*r.Float64(), o.Spot)
		}
		f.Apply(img)
	}
	wear.Blur(img, o.Blur*look.perPoint())
	wear.Smear(img, o.Motion*look.perPoint())
	wear.Specks(img, o.Specks, r.Uint64())
	return img
}

// photograph lays the page on a desk and looks at it from one side.
func photograph(page *image.RGBA, oblique float64, r *rand.Rand) *image.RGBA {
	size, corners := view(page.Rect, oblique, r)
	return wear.Photograph(page, size, corners, r.Uint64())
}

// view gives the size of the picture and where the corners of the page lie on it.
func view(page image.Rectangle, oblique float64, r *rand.Rand) (size image.Point, corners [4]wear.Point) {
	w, h := float64(page.Dx()), float64(page.Dy())
	away := func() float64 { return (0.01 + 0.05*r.Float64()*oblique) * w }
	return image.Pt(int(w*1.08), int(h*1.06)), [4]wear.Point{
		{X: 0.04*w + away(), Y: 0.03*h + away()},
		{X: 1.04*w - away(), Y: 0.03*h + away()},
		{X: 1.04*w - away()*0.6, Y: 1.03*h - away()*0.6},
		{X: 0.04*w + away()*0.6, Y: 1.03*h - away()*0.6},
	}
}

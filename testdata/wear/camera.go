package wear

import (
	"image"
	"math/rand/v2"
)

// Point is a place in an image, in pixels.
type Point struct{ X, Y float64 }

// Photograph gives the picture of a page that lies on a dark desk, seen by a
// telephone that does not hover quite above it. Corners are where the page's upper
// left, upper right, lower right and lower left come to lie in a picture of the
// given size.
func Photograph(page *image.RGBA, size image.Point, corners [4]Point, seed uint64) *image.RGBA {
	out := image.NewRGBA(image.Rectangle{Max: size})
	desk(out, seed)
	m := toPage(corners, float64(page.Rect.Dx()), float64(page.Rect.Dy()))
	for y := range size.Y {
		for x := range size.X {
			px, py, pw := float64(x), float64(y), 1.0
			w := m[6]*px + m[7]*py + m[8]*pw
			sx, sy := (m[0]*px+m[1]*py+m[2])/w, (m[3]*px+m[4]*py+m[5])/w
			sample(page, sx, sy, out.Pix[out.PixOffset(x, y):][:3])
		}
	}
	return out
}

// desk paints a table top: dark, with a grain along its length.
func desk(img *image.RGBA, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 0xde5c))
	tint := [3]int{50 + r.IntN(30), 42 + r.IntN(20), 34 + r.IntN(20)}
	grain := 0
	for y := range img.Rect.Dy() {
		grain = (grain*7 + r.IntN(25) - 12) / 8
		row := img.Pix[y*img.Stride:][:4*img.Rect.Dx()]
		noise := r.Uint64()
		for x := 0; x < len(row); x += 4 {
			noise = noise*6364136223846793005 + 1442695040888963407
			d := grain + int(noise>>61) - 4
			row[x], row[x+1], row[x+2], row[x+3] = byte(tint[0]+d), byte(tint[1]+d), byte(tint[2]+d), 255
		}
	}
}

// sample reads between four pixels; beyond the page nothing is changed.
func sample(page *image.RGBA, x, y float64, into []byte) {
	ix, iy := int(x), int(y)
	if x < 0 || y < 0 || ix >= page.Rect.Dx()-1 || iy >= page.Rect.Dy()-1 {
		return
	}
	fx, fy := int((x-float64(ix))*256), int((y-float64(iy))*256)
	upper := page.Pix[iy*page.Stride+4*ix:][:8]
	lower := page.Pix[(iy+1)*page.Stride+4*ix:][:8]
	for k := range into {
		a := int(upper[k])*(256-fx) + int(upper[k+4])*fx
		b := int(lower[k])*(256-fx) + int(lower[k+4])*fx
		into[k] = byte((a*(256-fy) + b*fy) >> 16)
	}
}

// ToPicture gives where a point of a page of the given size comes to lie on its
// photograph.
func ToPicture(corners [4]Point, width, height float64) func(x, y float64) (float64, float64) {
	m := onto(corners)
	return func(x, y float64) (float64, float64) {
		u, v := x/width, y/height
		w := m[6]*u + m[7]*v + 1
		return (m[0]*u + m[1]*v + m[2]) / w, (m[3]*u + m[4]*v + m[5]) / w
	}
}

// onto gives the projective map of the unit square onto a quadrilateral (Heckbert,
// Fundamentals of Texture Mapping, 1989, section 2.2.3), but for the last one, which
// is 1.
func onto(q [4]Point) [8]float64 {
	dx1, dx2, sx := q[1].X-q[2].X, q[3].X-q[2].X, q[0].X-q[1].X+q[2].X-q[3].X
	dy1, dy2, sy := q[1].Y-q[2].Y, q[3].Y-q[2].Y, q[0].Y-q[1].Y+q[2].Y-q[3].Y
	det := dx1*dy2 - dx2*dy1
	g, h := (sx*dy2-dx2*sy)/det, (dx1*sy-sx*dy1)/det
	return [8]float64{
		q[1].X - q[0].X + g*q[1].X, q[3].X - q[0].X + h*q[3].X, q[0].X,
		q[1].Y - q[0].Y + g*q[1].Y, q[3].Y - q[0].Y + h*q[3].Y, q[0].Y, g, h,
	}
}

// toPage gives the projective map from the picture to the page, by the adjugate of
// the other way.
func toPage(q [4]Point, width, height float64) [9]float64 {
	m := onto(q)
	a, b, c, d, e, f, g, h := m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7]
	return [9]float64{
		(e - f*h) * width, (c*h - b) * width, (b*f - c*e) * width,
		(f*g - d) * height, (a - c*g) * height, (c*d - a*f) * height,
		d*h - e*g, b*g - a*h, a*e - b*d,
	}
}

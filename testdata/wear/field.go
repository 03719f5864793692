package wear

import (
	"image"
	"math"
	"math/rand/v2"
)

// pitch is the distance of a field's nodes in pixels.
const pitch = 16

// Field is light and stain over a page: how much of each colour comes back from
// every place, in a coarse grid between whose nodes it runs evenly. The zero Field
// is of no use; NewField gives one that changes nothing.
type Field struct {
	cols, rows    int
	width, height float64
	gain          [][3]float32
}

// NewField gives the even field over an image.
func NewField(r image.Rectangle) *Field {
	f := &Field{cols: r.Dx()/pitch + 2, rows: r.Dy()/pitch + 2, width: float64(r.Dx()), height: float64(r.Dy())}
	f.gain = make([][3]float32, f.cols*f.rows)
	for i := range f.gain {
		f.gain[i] = [3]float32{1, 1, 1}
	}
	return f
}

// each multiplies the gains by what at says about a place, whose coordinates run
// from 0 to 1 over the page.
func (f *Field) each(at func(x, y float64) [3]float64) {
	for i := range f.gain {
		g := at(float64(i%f.cols*pitch)/f.width, float64(i/f.cols*pitch)/f.height)
		for k := range 3 {
			f.gain[i][k] *= float32(g[k])
		}
	}
}

func grey(v float64) [3]float64 { return [3]float64{v, v, v} }

// Slope darkens towards one side: by depth (0 to 1) at the far end of the
// direction, given in radians clockwise from the right.
func (f *Field) Slope(direction, depth float64) {
	sin, cos := math.Sincos(direction)
	f.each(func(x, y float64) [3]float64 {
		return grey(1 - depth*(0.5+0.5*((2*x-1)*cos+(2*y-1)*sin)/1.42))
	})
}

// Spot darkens round (x, y) by depth; the radius is in widths of the page. A
// negative depth lets a lamp shine there.
func (f *Field) Spot(x, y, radius, depth float64) {
	ratio := f.height / f.width
	f.each(func(px, py float64) [3]float64 {
		dx, dy := (px-x)/radius, (py-y)*ratio/radius
		return grey(1 - depth*math.Exp(-(dx*dx+dy*dy)))
	})
}

// Edge darkens along the left edge as the valley of a bound book does; width is in
// widths of the page.
func (f *Field) Edge(width, depth float64) {
	f.each(func(x, _ float64) [3]float64 { return grey(1 - depth*math.Exp(-x*x/(width*width))) })
}

// Stain takes away light in clouds, more of the colours that tint names: {0, .1, .5}
// is yellowed paper. The clouds are about size widths of the page wide.
func (f *Field) Stain(tint [3]float64, size float64, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 0x57a1))
	var a, b [4]float64
	for i := range a {
		a[i], b[i] = 2*math.Pi*r.Float64(), 0.6+0.8*r.Float64()
	}
	f.each(func(x, y float64) [3]float64 {
		y *= f.height / f.width
		cloud := 0.0
		for i := range a {
			sin, cos := math.Sincos(a[i] * 3)
			cloud += math.Sin(a[i] + b[i]*(x*cos+y*sin)/size*2)
		}
		share := 0.7 + 0.3*cloud/4
		return [3]float64{1 - tint[0]*share, 1 - tint[1]*share, 1 - tint[2]*share}
	})
}

// Apply multiplies the field into an image of the size it was made for.
func (f *Field) Apply(img *image.RGBA) {
	width := img.Rect.Dx()
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:][:4*width]
		upper := f.gain[y/pitch*f.cols:]
		lower := f.gain[(y/pitch+1)*f.cols:]
		part := float32(y%pitch) / pitch
		for left := 0; left < width; left += pitch {
			var g, step [3]float32
			for k := range 3 {
				a := upper[left/pitch][k]*(1-part) + lower[left/pitch][k]*part
				b := upper[left/pitch+1][k]*(1-part) + lower[left/pitch+1][k]*part
				g[k], step[k] = a, (b-a)/pitch
			}
			for x := left; x < min(left+pitch, width); x++ {
				px := row[4*x:][:3]
				for k := range 3 {
					px[k] = byte(min(255, float32(px[k])*g[k]+0.5))
					g[k] += step[k]
				}
			}
		}
	}
}

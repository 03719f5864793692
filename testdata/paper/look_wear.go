package paper

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"

	"hoso/testdata/wear"
)

// Wear is what a sheet and its print went through before it met the scanner. The
// zero Wear is a fresh sheet.
type Wear struct {
	Yellow float64 // 0 to 1: how brown the paper is
	Bleed  float64 // 0 to 1: how much of the print on the back shows through
	Fold   float64 // 0 to 1: how deep the folds are
	Holes  int     // punched into the left edge
	Dirt   float64 // 0 to 1
	Weight float64 // points by which the strokes of the print are too thick on each side; negative is too thin
}

// back lets the mirrored print of the other side show through.
func (c *canvas) back(p *Paper, look Look) {
	if look.Sheet.Bleed <= 0 {
		return
	}
	other := Vary(p.fonts, Letter, look.Seed+1)
	width, _ := other.Sheets[0].Size()
	front, fonts := c.toPage, c.fonts
	c.fonts = other.fonts
	c.toPage = front.after(affine{-1, 0, width, 0, 1, 0})
	ink := faint(toner(), 0.34*look.Sheet.Bleed)
	for _, l := range other.Sheets[0].Lines {
		for _, w := range l {
			c.write(w.Text, w.Style, c.toPage.after(shift(w.X, w.Y)).after(scale(w.Size/em)), ink)
		}
	}
	c.toPage, c.fonts = front, fonts
	wear.Blur(c.img, 0.35*look.perPoint())
}

// age folds, punches and yellows the sheet.
func (c *canvas) age(s *Sheet, look Look) {
	r := rand.New(rand.NewPCG(look.Seed, 0xa9e))
	if look.Sheet.Fold > 0 {
		c.folds(s, look.Sheet.Fold, r)
	}
	if look.Sheet.Yellow > 0 {
		f := wear.NewField(c.img.Rect)
		y := look.Sheet.Yellow
		f.Stain([3]float64{0.06 * y, 0.17 * y, 0.42 * y}, 0.5, r.Uint64())
		f.Stain([3]float64{0.05 * y, 0.07 * y, 0.09 * y}, 0.12, r.Uint64())
		f.Apply(c.img)
	}
	_, height := s.Size()
	for i := range look.Sheet.Holes {
		c.hole(mm(11+2*r.Float64()), height/2+mm(80)*(float64(i)-float64(look.Sheet.Holes-1)/2), look)
	}
	if look.Sheet.Dirt > 0 {
		wear.Dirt(c.img, int(60*look.Sheet.Dirt), 30*look.perPoint(), r.Uint64())
	}
}

// folds bends the sheet across its middle and once more, as for an envelope: a
// shade on one side of the crease and scraped toner in it.
func (c *canvas) folds(s *Sheet, depth float64, r *rand.Rand) {
	width, height := s.Size()
	creases := [][2][2]float64{{{0, height * (0.48 + 0.04*r.Float64())}, {width, height * (0.48 + 0.04*r.Float64())}}}
	if r.IntN(2) == 0 {
		at := width * (0.49 + 0.02*r.Float64())
		creases = append(creases, [2][2]float64{{at, 0}, {at + 2, height}})
	} else {
		creases = append(creases, [2][2]float64{{0, height / 4}, {width, height/4 + 3}}, [2][2]float64{{0, height * 0.74}, {width, height*0.74 + 2}})
	}
	shade := color.RGBA{90, 90, 95, 255}
	for _, crease := range creases {
		points := make([][2]float64, 0, 41)
		for i := range 41 {
			t := float64(i) / 40
			points = append(points, [2]float64{
				crease[0][0] + (crease[1][0]-crease[0][0])*t + 0.5*r.Float64(),
				crease[0][1] + (crease[1][1]-crease[0][1])*t + 0.5*r.Float64(),
			})
		}
		for width := 3.0; width < 44; width *= 1.35 {
			c.ribbon(shifted(points, width/2), width, faint(shade, 0.04*depth))
		}
		c.scrape, c.grain = true, r.Uint64()|1
		c.ribbon(points, 1.3, color.RGBA{255, 255, 255, uint8(200 * depth)})
		c.scrape, c.grain = false, 0
	}
}

// shifted moves points down and to the right.
func shifted(points [][2]float64, by float64) [][2]float64 {
	out := make([][2]float64, 0, len(points))
	for _, p := range points {
		out = append(out, [2]float64{p[0] + by*0.7, p[1] + by*0.7})
	}
	return out
}

// hole punches through the sheet: the lid of the scanner shows, and a rim's shadow.
func (c *canvas) hole(x, y float64, look Look) {
	ring := circle(x, y, mm(2.7))
	disc := polygon(ring...)
	if look.Optics.Border > 0 {
		c.fill(disc, c.toPage, color.RGBA{25, 25, 26, 255})
		return
	}
	c.scrape = true
	c.fill(disc, c.toPage, color.RGBA{255, 255, 255, 255})
	c.scrape = false
	c.ribbon(ring, 0.8, color.RGBA{120, 120, 122, 150})
	c.ribbon(circle(x+0.8, y+0.8, mm(2.4))[:90], 1.2, color.RGBA{60, 60, 62, 120})
}

// outside covers what the glass sees beside the sheet: a black lid where the look
// has a border, else a grey one.
func (c *canvas) outside(s *Sheet, look Look) {
	if look.Optics.Border <= 0 && math.Abs(look.Skew) <= 3 {
		return
	}
	shade := uint8(236)
	if look.Optics.Border > 0 {
		shade = 24
	}
	w, h := s.Size()
	bounds := c.img.Rect
	c.ras.Reset(bounds.Dx(), bounds.Dy())
	for i, p := range [][2]float64{{0, 0}, {w, 0}, {w, h}, {0, h}} {
		x, y := c.toPage.apply(p[0], p[1])
		if i == 0 {
			c.ras.MoveTo(float32(x), float32(y))
			continue
		}
		c.ras.LineTo(float32(x), float32(y))
	}
	c.ras.ClosePath()
	mask := image.NewAlpha(bounds)
	c.ras.Draw(mask, bounds, image.Opaque, image.Point{})
	for i, a := range mask.Pix {
		if a == 255 {
			continue
		}
		px := c.img.Pix[4*i:][:3]
		for k := range px {
			px[k] = uint8((int(px[k])*int(a) + int(shade)*(255-int(a))) / 255)
		}
	}
}

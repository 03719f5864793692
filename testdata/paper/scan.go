package paper

import (
	"image"
	"image/color"
	"math"
)

// Look says how a sheet went through the scanner. The zero Look is a clean 200 dpi
// scan in colour.
type Look struct {
	DPI     int     // 0 means 200
	Skew    float64 // degrees clockwise
	Turn    int     // quarter turns clockwise by which the sheet lay wrong
	Noise   float64 // standard deviation of the sensor's noise, in grey values
	Fade    float64 // 0 to 1: how much contrast is lost
	Shadow  float64 // 0 to 1: how dark the left edge gets, as near a book's spine
	Bilevel bool    // black and white, as from a fax or an archive scanner
	Seed    uint64  // of the noise
}

// Dots gives the resolution in dots per inch.
func (l Look) Dots() int {
	if l.DPI == 0 {
		return 200
	}
	return l.DPI
}

// Scan gives the pixels of a sheet. The image is RGBA without transparency;
// a bilevel look leaves only black and white in it.
func (p *Paper) Scan(sheet int, look Look) *image.RGBA {
	perPoint := float64(look.Dots()) / 72
	w, h := int(math.Round(pageWidth*perPoint)), int(math.Round(pageHeight*perPoint))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	background(img)
	middle := shift(float64(w)/2, float64(h)/2)
	place := middle.after(turned(look.Skew * math.Pi / 180)).after(shift(-float64(w)/2, -float64(h)/2)).after(scale(perPoint))
	c := &canvas{img: img, toPage: place, fonts: p.fonts}
	c.sheet(&p.Sheets[sheet])
	wear(img, look)
	if look.Bilevel {
		threshold(img)
	}
	return turn(img, look.Turn)
}

// background is the white of office paper.
func background(img *image.RGBA) {
	for i := 0; i < len(img.Pix); i += 4 {
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = 252, 251, 247, 255
	}
}

// sheet draws everything that stands on s, the stamp last.
func (c *canvas) sheet(s *Sheet) {
	inks := map[Ink]color.RGBA{Toner: {32, 31, 33, 255}, Pen: {40, 52, 150, 235}, Stamp: {208, 38, 44, 225}}
	for _, r := range s.rules {
		c.stroke([][2]float64{{r.x0, r.y0}, {r.x1, r.y1}}, r.width, inks[Toner])
	}
	for _, l := range s.Lines {
		for _, w := range l {
			c.write(w.Text, w.Style, c.toPage.after(shift(w.X, w.Y)).after(scale(w.Size/em)), inks[w.Ink])
		}
	}
	for _, a := range s.autographs {
		c.sign(a, inks[Pen])
	}
	for _, s := range s.seals {
		c.seal(s, inks[Stamp])
	}
}

// wear applies shadow, fading and noise.
func wear(img *image.RGBA, look Look) {
	state := look.Seed*2654435761 + 88172645463325252
	width := img.Rect.Dx()
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride : y*img.Stride+4*width]
		for x := range width {
			light := 1.0
			if look.Shadow > 0 {
				light -= look.Shadow * math.Exp(-6*float64(x)/float64(width))
			}
			noise := 0.0
			if look.Noise > 0 {
				noise = look.Noise * bell(&state)
			}
			for k := range 3 {
				v := float64(row[4*x+k])
				v = (v*(1-0.75*look.Fade)+165*0.75*look.Fade)*light + noise
				row[4*x+k] = uint8(math.Max(0, math.Min(255, v+0.5)))
			}
		}
	}
}

// bell gives about normally distributed numbers by adding the bytes of a xorshift.
func bell(state *uint64) float64 {
	s := *state
	s ^= s << 13
	s ^= s >> 7
	s ^= s << 17
	*state = s
	sum := int(s&255) + int(s>>8&255) + int(s>>16&255) + int(s>>24&255)
	return (float64(sum) - 510) / 147.8
}

func threshold(img *image.RGBA) {
	for i := 0; i < len(img.Pix); i += 4 {
		v := uint8(0)
		if int(img.Pix[i])*2+int(img.Pix[i+1])*5+int(img.Pix[i+2]) > 8*150 {
			v = 255
		}
		img.Pix[i], img.Pix[i+1], img.Pix[i+2] = v, v, v
	}
}

// turn rotates by quarter turns clockwise.
func turn(img *image.RGBA, quarters int) *image.RGBA {
	for range ((quarters % 4) + 4) % 4 {
		w, h := img.Rect.Dx(), img.Rect.Dy()
		out := image.NewRGBA(image.Rect(0, 0, h, w))
		for y := range h {
			for x := range w {
				copy(out.Pix[out.PixOffset(h-1-y, x):][:4], img.Pix[img.PixOffset(x, y):][:4])
			}
		}
		img = out
	}
	return img
}

package paper

import (
	"image"
	"math"

	"hoso/testdata/wear"
)

// Look says what befell a sheet and how it went through the scanner. The zero Look
// is a clean 200 dpi scan in colour of a sheet as it left the printer.
type Look struct {
	DPI     int      // 0 means 200
	Skew    float64  // degrees clockwise; beyond 3 the picture grows to hold the sheet
	Turn    int      // quarter turns clockwise by which the sheet lay wrong
	Noise   float64  // standard deviation of the sensor's noise, in grey values
	Fade    float64  // 0 to 1: how much contrast is lost
	Shadow  float64  // 0 to 1: how dark the left edge gets, as near a book's spine
	Bilevel bool     // black and white, as from a fax or an archive scanner
	Reverse float64  // 0 to 1: the share of lines that are printed white on a dark ground
	Seed    uint64   // of all that is left to chance
	Marks   Marks    // what people put on the sheet
	Sheet   Wear     // what the sheet and its print went through
	Optics  Optics   // what the device did
	Codes   CodeWear // what befell the codes
}

// Dots gives the resolution in dots per inch.
func (l Look) Dots() int {
	if l.DPI == 0 {
		return 200
	}
	return l.DPI
}

// perPoint gives the pixels in a point.
func (l Look) perPoint() float64 { return float64(l.Dots()) / 72 }

// Scan gives the pixels of a sheet. The image is RGBA without transparency;
// a bilevel look leaves only black and white in it.
func (p *Paper) Scan(sheet int, look Look) *image.RGBA {
	s := p.Sheets[sheet].marked(look)
	c := newCanvas(s, look)
	c.fonts = p.fonts
	c.back(p, look)
	c.print(s)
	c.reverse(s, look)
	wear.Weight(c.img, look.Sheet.Weight*look.perPoint())
	c.marks(s)
	c.age(s, look)
	c.outside(s, look)
	img := look.Optics.expose(c.img, look)
	degrade(img, look)
	if look.Bilevel {
		threshold(img)
	}
	return turn(img, look.Turn)
}

// newCanvas takes a sheet of white paper, as far askew as the look says.
func newCanvas(s *Sheet, look Look) *canvas {
	c := unpainted(s, look)
	c.img = image.NewRGBA(c.img.Rect)
	background(c.img)
	return c
}

// unpainted is the place of such a sheet, without pixels.
func unpainted(s *Sheet, look Look) *canvas {
	perPoint := look.perPoint()
	width, height := s.Size()
	w, h := width*perPoint, height*perPoint
	angle := look.Skew * math.Pi / 180
	over := look.Optics.Border * 2.83 * perPoint
	fullW, fullH := w+over, h+over
	if math.Abs(look.Skew) > 3 {
		sin, cos := math.Sincos(math.Abs(angle))
		fullW, fullH = w*cos+h*sin+over, w*sin+h*cos+over
	}
	img := &image.RGBA{Rect: image.Rect(0, 0, int(math.Round(fullW)), int(math.Round(fullH)))}
	middle := shift(float64(img.Rect.Dx())/2, float64(img.Rect.Dy())/2)
	place := middle.after(turned(angle)).after(shift(-math.Round(w)/2, -math.Round(h)/2)).after(scale(perPoint))
	return &canvas{img: img, toPage: place}
}

// background is the white of office paper.
func background(img *image.RGBA) {
	for i := 0; i < len(img.Pix); i += 4 {
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = 252, 251, 247, 255
	}
}

// degrade applies shadow, fading and noise.
func degrade(img *image.RGBA, look Look) {
	if look.Shadow == 0 && look.Fade == 0 && look.Noise == 0 {
		return
	}
	state := look.Seed*2654435761 + 88172645463325252
	width := img.Rect.Dx()
	lights := make([]float64, width)
	for x := range lights {
		lights[x] = 1 - look.Shadow*math.Exp(-6*float64(x)/float64(width))
	}
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride : y*img.Stride+4*width]
		for x := range width {
			light := lights[x]
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

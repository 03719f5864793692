package separator

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strings"

	"github.com/boombuler/barcode"
)

// A4 in points.
const (
	width  = 595.28
	height = 841.89
)

// The names of the two cuts in the resources.
const (
	fontRegular = "F1"
	fontBold    = "F2"
)

// canvas writes the operators of a page. Places are points from its upper left corner. The
// first error sticks.
type canvas struct {
	out           strings.Builder
	regular, bold *typeface
	err           error
}

// style is how text is set.
type style struct {
	bold  bool
	size  float64
	white bool
}

// face gives the cut of a style and its name.
func (c *canvas) face(s style) (*typeface, string) {
	if s.bold {
		return c.bold, fontBold
	}
	return c.regular, fontRegular
}

// text sets a line on a baseline, beginning at x.
func (c *canvas) text(s style, x, y float64, text string) {
	f, name := c.face(s)
	codes, _, err := f.encode(text)
	if err != nil && c.err == nil {
		c.err = err
	}
	shade := 0
	if s.white {
		shade = 1
	}
	fmt.Fprintf(&c.out, "%d g BT /%s %.2f Tf %.2f %.2f Td <%s> Tj ET\n", shade, name, s.size, x, height-y, codes)
}

// wide gives the width of a text in points.
func (c *canvas) wide(s style, text string) float64 {
	f, _ := c.face(s)
	_, ems, err := f.encode(text)
	if err != nil && c.err == nil {
		c.err = err
	}
	return ems * s.size
}

// room is what printers leave of the width of a sheet.
const room = width - 2*margin

// centred sets a line in the middle of the page, smaller if it would not fit.
func (c *canvas) centred(s style, y float64, text string) {
	if w := c.wide(s, text); w > room {
		s.size *= room / w
	}
	c.text(s, (width-c.wide(s, text))/2, y, text)
}

// fill paints a shape of straight sides.
func (c *canvas) fill(points ...[2]float64) {
	c.out.WriteString("0 g ")
	c.path(points)
	c.out.WriteString("f\n")
}

func (c *canvas) path(points [][2]float64) {
	for i, p := range points {
		op := "l"
		if i == 0 {
			op = "m"
		}
		fmt.Fprintf(&c.out, "%.2f %.2f %s ", p[0], height-p[1], op)
	}
	c.out.WriteString("h ")
}

// box paints a rectangle.
func (c *canvas) box(x, y, w, h float64) {
	c.fill([2]float64{x, y}, [2]float64{x + w, y}, [2]float64{x + w, y + h}, [2]float64{x, y + h})
}

// frame strokes a rectangle on the inside.
func (c *canvas) frame(x, y, w, h, line float64) {
	fmt.Fprintf(&c.out, "0 G %.2f w %.2f %.2f %.2f %.2f re S\n", line, x+line/2, height-y-h+line/2, w-line, h-line)
}

// stripes paints a band of slanting bars, the same at both of its ends.
func (c *canvas) stripes(x, y, w, h float64) {
	const bars = 13
	step := (w - h) / (bars - 0.5)
	for i := range bars {
		at := x + float64(i)*step
		c.fill([2]float64{at, y + h}, [2]float64{at + h, y}, [2]float64{at + h + step/2, y}, [2]float64{at + step/2, y + h})
	}
}

// dot is a pixel of a printer with 600 dots per inch. Modules are whole dots, so that all
// are printed equally wide.
const dot = 72.0 / 600

// code paints a code in the middle of the page, as large as fits into most points. A
// barcode is high points high, a square code as high as wide.
func (c *canvas) code(b barcode.Barcode, y, most, high float64) {
	cols, rows := b.Bounds().Dx(), b.Bounds().Dy()
	unit := math.Max(1, math.Floor(most/float64(cols)/dot)) * dot
	across := unit
	if rows == 1 {
		across = high
	}
	left := math.Round((width-unit*float64(cols))/2/dot) * dot
	c.out.WriteString("0 g\n")
	for _, r := range dark(b) {
		x0, x1 := left+float64(r.Min.X)*unit, left+float64(r.Max.X)*unit
		y0, y1 := y+float64(r.Min.Y)*across, y+float64(r.Max.Y)*across
		c.path([][2]float64{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}})
		c.out.WriteString("\n")
	}
	c.out.WriteString("f\n") // as one shape, so that no seams show
}

// dark gives the dark stretches of a code, row by row, in modules.
func dark(b barcode.Barcode) []image.Rectangle {
	size := b.Bounds().Size()
	var out []image.Rectangle
	for y := range size.Y {
		from := -1
		for x := range size.X + 1 {
			ink := x < size.X && b.At(x, y) == color.Black
			switch {
			case ink && from < 0:
				from = x
			case !ink && from >= 0:
				out = append(out, image.Rect(from, y, x, y+1))
				from = -1
			}
		}
	}
	return out
}

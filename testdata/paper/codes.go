package paper

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/qr"

	"hoso/pipeline"
)

// code is a QR code or a barcode, its upper left corner at (x, y). A square one is as
// high as wide.
type code struct {
	kind          pipeline.CodeKind
	text          string
	x, y          float64
	width, height float64
	tilt          float64 // radians
	strength      float64 // of the ink; 0 is a full one
	inverted      bool    // light on a dark ground
}

// CodeWear is what befell the codes on a sheet. The zero value leaves them as set.
type CodeWear struct {
	Size     float64 // share of its size that a code has; 0 is all
	Tilt     float64 // degrees by which a code stands askew on the sheet
	Pale     float64 // 0 to 1: how much of its ink is missing
	Inverted bool    // printed light on dark
	Sealed   bool    // a seal covers a part
	Twice    bool    // a smaller one, the address to look it up, stands before each QR code
}

// worn gives the codes of the sheet as a look sees them, and the seals over them.
func (s *Sheet) worn(look Look) (codes []code, seals []seal) {
	w := look.Codes
	r := rand.New(rand.NewPCG(look.Seed, 0xc0de))
	for _, c := range s.codes {
		if w.Size > 0 {
			c.x, c.y = c.x+c.width*(1-w.Size)/2, c.y+c.height*(1-w.Size)/2
			c.width, c.height = c.width*w.Size, c.height*w.Size
		}
		c.tilt, c.strength, c.inverted = w.Tilt*math.Pi/180, 1-w.Pale, w.Inverted
		if c.width > 2*c.height {
			c.tilt /= 5 // a long one would leave the sheet
		}
		codes = append(codes, c)
		if w.Twice && c.kind == pipeline.QR {
			second := c
			second.width, second.height = c.width/2, c.height/2
			second.x -= second.width + mm(4)
			second.text = fmt.Sprintf("https://tracuu.haison.example/bn?t=%06d", r.IntN(1000000))
			codes = append(codes, second)
		}
		if w.Sealed {
			side := 2 * math.Pi * r.Float64()
			sin, cos := math.Sincos(side)
			seals = append(seals, seal{
				x: c.x + c.width/2 + mm(15)*cos, y: c.y + c.height/2 + mm(15)*sin, radius: mm(16 + 2*r.Float64()),
				text: "ỦY BAN NHÂN DÂN PHƯỜNG HẠ LIỄU", grain: r.Uint64() | 1, strength: 0.6 + 0.4*r.Float64(),
			})
		}
	}
	return codes, seals
}

// modules gives the dark squares of a code, row by row. A barcode has one row.
func (o code) modules() (barcode.Barcode, error) {
	if o.kind == pipeline.Code128 {
		return code128.Encode(o.text)
	}
	return qr.Encode(o.text, qr.M, qr.Unicode)
}

// margins gives the dark modules beside and above an inverted code of some rows.
func (o code) margins(rows int) (beside, above int) {
	switch {
	case !o.inverted:
		return 0, 0
	case rows == 1:
		return 10, 0
	}
	return 4, 4
}

// dark gives the inked stretches of a code, in modules: from one column to another of a
// row. Of an inverted one they are those between its modules, and the margin.
func (o code) dark(m barcode.Barcode) []image.Rectangle {
	cols, rows := m.Bounds().Dx(), m.Bounds().Dy()
	margin, above := o.margins(rows)
	inked := func(col, row int) bool {
		in := col >= 0 && col < cols && row >= 0 && row < rows
		return (in && m.At(col, row) == color.Black) != o.inverted
	}
	var out []image.Rectangle
	for row := -above; row < rows+above; row++ {
		from := -margin
		for col := -margin; col <= cols+margin; col++ {
			if col < cols+margin && inked(col, row) {
				continue
			}
			if from < col {
				out = append(out, image.Rect(from, row, col, row+1))
			}
			from = col + 1
		}
	}
	return out
}

// code prints a code as one shape, so that no seams show between modules.
func (c *canvas) code(o code) {
	m, err := o.modules()
	if err != nil {
		panic(fmt.Sprintf("setting the code %q: %v", o.text, err)) // longer than any code
	}
	const fine = 64
	unit, high := o.width/float64(m.Bounds().Dx())*fine, o.height/float64(m.Bounds().Dy())*fine
	if o.strength == 0 {
		o.strength = 1
	}
	at := c.toPage.after(shift(o.x+o.width/2, o.y+o.height/2)).after(turned(o.tilt)).after(shift(-o.width/2, -o.height/2))
	var all shape
	for _, r := range o.dark(m) {
		x0, y0, x1, y1 := float64(r.Min.X)*unit, float64(r.Min.Y)*high, float64(r.Max.X)*unit, float64(r.Max.Y)*high
		all = append(all, polygon([2]float64{x0, y0}, [2]float64{x1, y0}, [2]float64{x1, y1}, [2]float64{x0, y1}, [2]float64{x0, y0})...)
	}
	c.fill(all, at.after(scale(1.0/fine)), faint(color.RGBA{24, 24, 26, 255}, o.strength))
}

// Codes tells which codes stand on a sheet and where, in pixels of the upright page
// that a look sees.
func (p *Paper) Codes(sheet int, look Look) []pipeline.Code {
	s := p.Sheets[sheet]
	c := unpainted(&s, look)
	place := look.Optics.placing(c.img.Rect, look)
	out := []pipeline.Code{}
	codes, _ := s.worn(look)
	for _, o := range codes {
		c.inked = nil
		drawn := inkedBy(c, func() { c.code(o) })
		out = append(out, pipeline.Code{Kind: o.kind, Text: o.text, Box: place(drawn)})
	}
	return out
}

// payload writes what the code of a dossier's paper says in one of the forms that
// procedure systems use (the circular names the members, not their form).
func payload(seed uint64, number, procedure, owner, name string) string {
	switch seed % 5 {
	case 0:
		return number
	case 1:
		return strings.Join([]string{number, procedure, owner, name}, "|")
	case 2:
		return fmt.Sprintf("MaHoSo:%s;MaTTHC:%s;MaDinhDanh:%s;TenGiayTo:%s", number, procedure, owner, name)
	case 3:
		return fmt.Sprintf(`{"maHoSo":%q,"maTTHC":%q,"maDinhDanh":%q,"tenGiayTo":%q}`, number, procedure, owner, name)
	}
	return "https://dichvucong.haison.example/tra-cuu?maHoSo=" + number + "&ma=" + procedure
}

// CodeClasses are the ways in which codes are hard to read. They are no part of
// Classes, since most papers carry none.
func CodeClasses() []Class {
	with := func(wear func(w *CodeWear, in func(low, high float64) float64)) vary {
		return func(l *Look, in func(_, _ float64) float64) { wear(&l.Codes, in) }
	}
	const quality = 75
	return []Class{
		{"codesmall", quality, Colour, with(func(w *CodeWear, in func(_, _ float64) float64) { w.Size = in(0.62, 0.8) })},
		{"codetilt", quality, Colour, with(func(w *CodeWear, in func(_, _ float64) float64) { w.Tilt = in(5, 40) * either(in) })},
		{"codepale", quality, Colour, with(func(w *CodeWear, in func(_, _ float64) float64) { w.Pale = in(0.5, 0.75) })},
		{"codeinverted", quality, Colour, with(func(w *CodeWear, _ func(_, _ float64) float64) { w.Inverted = true })},
		{"codeseal", quality, Colour, with(func(w *CodeWear, _ func(_, _ float64) float64) { w.Sealed = true })},
		{"codetwice", quality, Colour, with(func(w *CodeWear, _ func(_, _ float64) float64) { w.Twice = true })},
		{"codeblur", quality, Colour, func(l *Look, in func(_, _ float64) float64) { l.Optics.Blur = in(0.4, 0.5) }},
	}
}

// CodeLayouts are the layouts that carry codes.
func CodeLayouts() []Layout { return []Layout{Receipt, Slip, Land, IDCopy} }

package separator

import (
	"errors"
	"fmt"

	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/qr"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"

	"hoso/pipeline"
)

// MostSheets bounds a file: more than an office prints in one go.
const MostSheets = 10000

// ErrSheets is returned for a number of sheets that nobody prints.
var ErrSheets = errors.New("no sheets, or too many in one file")

const margin = 34 // points: printers leave 12 mm of every edge white

// Sheets gives a PDF/A-2u with a page of A4 for each separator. The same separators give
// the same bytes.
func Sheets(all []pipeline.Separator) ([]byte, error) {
	if len(all) == 0 || len(all) > MostSheets {
		return nil, fmt.Errorf("printing %d separator sheets: %w", len(all), ErrSheets)
	}
	regular, err := newTypeface(liberationsansregular.TTF)
	if err != nil {
		return nil, err
	}
	bold, err := newTypeface(liberationsansbold.TTF)
	if err != nil {
		return nil, err
	}
	d := newDocument()
	contents := map[string]int{} // by what a sheet says: equal ones share it
	for _, s := range all {
		content, drawn := contents[s.String()]
		if !drawn {
			c := &canvas{regular: regular, bold: bold}
			if err := c.sheet(s); err != nil {
				return nil, fmt.Errorf("printing the separator sheet %s: %w", s, err)
			}
			if content, err = d.deflated(c.out.String()); err != nil {
				return nil, err
			}
			contents[s.String()] = content
		}
		d.page(content)
	}
	return d.end(regular, bold)
}

// end adds the fonts and gives the file.
func (d *document) end(regular, bold *typeface) ([]byte, error) {
	r, err := d.typeface(regular)
	if err != nil {
		return nil, err
	}
	b, err := d.typeface(bold)
	if err != nil {
		return nil, err
	}
	d.resources(r, b)
	return d.bytes("Tờ phân cách"), nil
}

// sheet draws one sheet, from the top down: what it is, the QR code, what it says, the
// barcode, how to use it.
func (c *canvas) sheet(s pipeline.Separator) error {
	square, err := qr.Encode(s.String(), qr.H, qr.AlphaNumeric)
	if err != nil {
		return fmt.Errorf("drawing its QR code: %w", err)
	}
	bars, err := code128.Encode(s.String())
	if err != nil {
		return fmt.Errorf("drawing its barcode: %w", err)
	}
	c.stripes(margin, margin, room, 20)
	c.stripes(margin, height-margin-20, room, 20)
	c.centred(style{bold: true, size: 58}, 120, "TỜ PHÂN CÁCH")
	begins := "Giấy tờ mới bắt đầu từ trang sau tờ này"
	if s.Keep {
		begins = "Giấy tờ mới bắt đầu từ chính tờ này"
	}
	c.centred(style{size: 20}, 152, begins)
	c.arrow(width/2, 166)

	c.code(square, 212, 232, 0)
	c.says(s, 480)
	c.code(bars, 622, room-20, 58)
	c.centred(style{size: 9.5}, 693, s.String())
	c.advice(s, 722)
	return c.err
}

// arrow points down.
func (c *canvas) arrow(x, y float64) {
	c.fill([2]float64{x - 30, y}, [2]float64{x + 30, y}, [2]float64{x, y + 22})
}

// cell is a frame with a caption and what it says.
type cell struct {
	x, y, width   float64
	caption, text string
	style         style // white on black, or black in a frame
}

const cellHeight = 56

// says tells people what the codes say: the dossier across the page, below it what the
// paper is and what becomes of the sheet.
func (c *canvas) says(s pipeline.Separator, y float64) {
	const gap = 12
	const half = (room - gap) / 2
	number := cell{margin, y, room, "MÃ HỒ SƠ", "Không ghi trên tờ này", style{size: 18}}
	if !s.Dossier.IsZero() {
		number.text, number.style = s.Dossier.String(), style{bold: true, size: 27}
	}
	below := y + cellHeight + gap - 2
	kind := cell{margin, below, half, "LOẠI GIẤY TỜ", kindName(s.Kind), style{bold: s.Kind != "", size: 18}}
	fate := cell{margin + half + gap, below, half, "TỜ NÀY", "BỎ RA, không lưu", style{bold: true, size: 18, white: true}}
	if s.Keep {
		fate.text, fate.style.white = "GIỮ LẠI làm trang đầu", false
	}
	for _, one := range []cell{number, kind, fate} {
		c.cell(one)
	}
}

// cell draws a cell, its text smaller if it would not fit.
func (c *canvas) cell(o cell) {
	const inset = 12
	if o.style.white {
		c.box(o.x, o.y, o.width, cellHeight)
	} else {
		c.frame(o.x, o.y, o.width, cellHeight, 1.6)
	}
	c.text(style{size: 10, white: o.style.white}, o.x+inset, o.y+17, o.caption)
	if wide := c.wide(o.style, o.text); wide > o.width-2*inset {
		o.style.size *= (o.width - 2*inset) / wide
	}
	c.text(o.style, o.x+inset, o.y+44, o.text)
}

// kindName is what a kind is called at a desk.
func kindName(k pipeline.Kind) string {
	switch k {
	case pipeline.Component:
		return "Thành phần hồ sơ"
	case pipeline.Output:
		return "Giấy tờ phát sinh"
	case pipeline.Result:
		return "Kết quả giải quyết"
	}
	return "Không ghi trên tờ này"
}

// advice says how the sheet is used.
func (c *canvas) advice(s pipeline.Separator, y float64) {
	lines := []string{
		"Đặt tờ này lên trên trang đầu của mỗi giấy tờ rồi quét cả tập một lượt.",
		"Quét hai mặt cũng được: mặt sau để trắng của tờ này tự được bỏ ra.",
		"Tờ này không ghi mã hồ sơ, dùng lại được nhiều lần.",
	}
	if !s.Dossier.IsZero() {
		lines[2] = "Giấy tờ sau tờ này được lưu vào hồ sơ có mã ghi ở trên."
	}
	for i, line := range lines {
		c.centred(style{size: 10.5}, y+float64(i)*15, line)
	}
}

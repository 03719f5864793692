package paper

import (
	"slices"
	"strconv"
	"strings"
)

// gazette sets a page of an official gazette in two columns.
func (d *desk) gazette() {
	d.paper.Facts = Facts{Title: "CÔNG BÁO TỈNH HẢI SƠN"}
	d.say(block{x: mm(18), width: d.sheet.width - mm(36), size: d.size * 1.05, style: Bold, align: Center}, "CÔNG BÁO TỈNH HẢI SƠN")
	d.say(block{x: mm(18), width: d.sheet.width - mm(36), size: d.size * 0.85, style: Italic, align: Center}, "Số "+strconv.Itoa(d.voice.Upto(2, 90))+", "+d.voice.LongDay(d.today))
	d.sheet.rules = append(d.sheet.rules, rule{mm(18), d.y + 6, d.sheet.width - mm(18), d.y + 6, 1})
	d.skip(14)
	width := (d.sheet.width - mm(36) - mm(8)) / 2
	d.columns([]float64{mm(18), mm(26) + width}, width, d.size*0.82)
	d.sheet.rules = append(d.sheet.rules, rule{d.sheet.width / 2, d.y, d.sheet.width / 2, d.bottom, 0.4})
}

// columns fills columns from the present height to the bottom, one after another.
func (d *desk) columns(edges []float64, width, size float64) {
	top := d.y
	b := block{width: width, size: size, indent: mm(5)}
	for n, x := range edges {
		d.y, b.x = top, x
		d.fill(b, 4, 40, func(i int) string {
			text := d.voice.Words(d.voice.Upto(16, 40))
			for !d.narrow(b, text) {
				text = d.voice.Words(d.voice.Upto(16, 40))
			}
			switch (i + n) % 4 {
			case 2:
				text = strings.ToUpper(d.voice.Subject())
			case 0:
				text = "Điều " + strconv.Itoa(d.voice.Upto(1, 60)) + ". " + text
			}
			return text
		})
	}
	d.y = top
}

// narrow reports whether every word of a text fits into a column.
func (d *desk) narrow(b block, text string) bool {
	return !slices.ContainsFunc(strings.Fields(text), func(w string) bool {
		return d.fonts.width(b.style, b.size*d.fonts.face.scale, w) > b.width-b.indent
	})
}

// book sets two facing pages of a bound volume on a lying sheet: the left one is
// read first.
func (d *desk) book() {
	d.paged(pageHeight, pageWidth)
	d.size = 11
	half := d.sheet.width / 2
	for page := range 2 {
		left := float64(page) * half
		d.y = mm(14)
		b := block{x: left + mm(20), width: half - mm(36), size: d.size, style: Bold, align: Center}
		title := d.voice.Pick("SỔ ĐĂNG KÝ KHAI SINH", "SỔ MỤC KÊ ĐẤT ĐAI", "NỘI QUY TIẾP CÔNG DÂN", "HƯƠNG ƯỚC "+strings.ToUpper("thôn "+d.voice.Ward()), "HỎI ĐÁP VỀ THỦ TỤC HÀNH CHÍNH")
		if page == 0 {
			d.paper.Facts = Facts{Title: title}
		}
		d.say(b, title)
		d.skip(6)
		b.style, b.align, b.indent = Regular, Left, mm(6)
		d.fill(b, mm(8), 30, func(int) string { return d.voice.Words(d.voice.Upto(16, 40)) })
		d.y = d.bottom
		d.say(block{x: left + mm(20), width: half - mm(36), size: d.size * 0.9, align: Center}, strconv.Itoa(24+page))
	}
	d.sheet.ornaments = append(d.sheet.ornaments, gutter{half, d.sheet.height})
}

// gutter is the shade in the middle of an open book.
type gutter struct{ x, height float64 }

func (o gutter) draw(c *canvas) {
	const steps = 24
	for i := range steps {
		half := mm(11) * float64(i+1) / steps
		plate{o.x - half, 0, 2 * half, o.height, faint(toner(), 0.012)}.draw(c)
	}
}

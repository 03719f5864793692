package paper

import (
	"strconv"

	"hoso/pipeline"
	"hoso/testdata/invent"
)

// What lies in a stack between the first pages of papers.
const (
	Continued Layout = "trang-sau"    // running text without a head
	Separator Layout = "to-phan-cach" // a sheet that parts papers
)

// Continuation gives a later page of a paper: its number and running text.
func Continuation(fonts *Fonts, seed uint64, number int) *Paper {
	p := &Paper{Layout: Continued, Seed: seed, fonts: fonts}
	v := invent.New(seed)
	d := &desk{paper: p, voice: v, size: 13.5, setter: p.sheet()}
	d.paged(pageWidth, pageHeight)
	d.say(d.middle(1, Regular), strconv.Itoa(number))
	d.skip(10)
	d.fill(d.text(1), mm(10)+float64(v.Upto(0, 300)), 30, func(int) string { return v.Sentence() })
	return p
}

// SeparatorSheet gives a sheet that parts papers, with a text in a QR code and a barcode.
func SeparatorSheet(fonts *Fonts, text string) *Paper {
	p := &Paper{Layout: Separator, fonts: fonts}
	s := p.sheet()
	s.set(centred(44, Bold), "TỜ PHÂN CÁCH")
	s.skip(16)
	s.set(centred(16, Regular), "Giấy tờ mới bắt đầu từ trang sau tờ này")
	side := mm(60)
	s.sheet.codes = []code{
		{kind: pipeline.QR, text: text, x: (pageWidth - side) / 2, y: mm(80), width: side, height: side},
		{kind: pipeline.Code128, text: text, x: mm(22), y: mm(170), width: pageWidth - mm(44), height: mm(20)},
	}
	s.y = mm(200)
	s.set(centred(10, Regular), text)
	return p
}

package main

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"

	"hoso/testdata/paper"
	"hoso/testdata/wear"
)

// shot is one picture that a scanner takes in the night.
type shot struct {
	Faults []string // what is wrong with it

	layout paper.Layout
	seed   uint64
	number int     // of the page in its paper, from 1
	sheet  string  // the text of a separator sheet; "" for a page
	blank  bool    // nothing is on it
	streak float64 // 0 to 1: how dirty the scanner's glass is
	crop   float64 // the share of the page that is missing at its right and lower edge
	look   paper.Look
}

// picture draws a shot and gives its resolution.
func (s shot) picture(fonts *paper.Fonts, coarse int) (*image.RGBA, int) {
	look := s.look
	look.DPI = look.Dots() / coarse
	var img *image.RGBA
	switch {
	case s.blank:
		img = white(look)
	case s.sheet != "":
		img = paper.SeparatorSheet(fonts, s.sheet).Scan(0, look)
	case s.number == 1:
		img = paper.Vary(fonts, s.layout, s.seed).Scan(0, look)
	default:
		img = paper.Continuation(fonts, s.seed+uint64(s.number), s.number).Scan(0, look)
	}
	if s.crop > 0 {
		img = cropped(img, s.crop)
	}
	streaks(img, s.streak, look.Dots())
	return img, look.Dots()
}

// white is a scan of the back of a sheet: specks of dust, nothing else.
func white(look paper.Look) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, look.Dots()*827/100, look.Dots()*1169/100))
	draw.Draw(img, img.Rect, image.NewUniform(color.RGBA{250, 250, 247, 255}), image.Point{}, draw.Src)
	wear.Specks(img, 0.02, look.Seed)
	return img
}

// cropped loses the right and the lower edge, as where a sheet lay beside the glass.
func cropped(img *image.RGBA, share float64) *image.RGBA {
	size := image.Pt(int(float64(img.Rect.Dx())*(1-share)), int(float64(img.Rect.Dy())*(1-share/2)))
	out := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(out, out.Rect, img, image.Point{}, draw.Src)
	return out
}

// streaks draws what dust on the glass of a feeder leaves: lines along the whole page, more
// and broader ones the dirtier it is, each page's in the same places.
func streaks(img *image.RGBA, dirt float64, dots int) {
	if dirt <= 0 {
		return
	}
	r := rand.New(rand.NewPCG(7, 9))
	for i := range 12 {
		x, grey := r.Float64(), uint8(40+r.IntN(120))
		if float64(i) >= 12*dirt {
			continue
		}
		left := int(x * float64(img.Rect.Dx()))
		line := image.Rect(left, 0, left+max(1, int(dirt*float64(dots)/25)), img.Rect.Dy())
		draw.Draw(img, line, image.NewUniform(color.Gray{grey}), image.Point{}, draw.Src)
	}
}

// form is how pictures become a file.
type form string

// The forms of files in the night.
const (
	formJPEG form = ".jpg"
	formPNG  form = ".png"
	formTIFF form = ".tif" // several pages, Group 4
	formPDF  form = ".pdf" // JPEG on each page
	formFax  form = ".PDF" // Group 4 on each page
)

// file makes the bytes of a file of shots by a device.
func (f form) file(fonts *paper.Fonts, coarse int, by device, shots []shot) ([]byte, error) {
	if f == formTIFF {
		return tiffOf(fonts, coarse, shots)
	}
	var pdf *paper.PDF
	for _, s := range shots {
		img, dpi := s.picture(fonts, coarse)
		switch f {
		case formPNG:
			return paper.PNG(paper.Gray(img), dpi)
		case formFax, formPDF, formJPEG, formTIFF:
		}
		if pdf == nil {
			pdf = paper.NewPDF(paper.Continuation(fonts, 0, 1))
		}
		if f == formFax {
			pdf.AddFax(paper.Bilevel(img))
			continue
		}
		jpg, err := paper.JPEG(img, dpi, 42)
		if err != nil {
			return nil, err
		}
		if jpg = paper.WithDevice(jpg, by.maker, by.model); f == formJPEG {
			return jpg, nil
		}
		pdf.AddScan(jpg, img.Rect.Size(), 0)
	}
	if pdf == nil {
		return nil, fmt.Errorf("making a %s: no pages", f)
	}
	return pdf.Bytes()
}

func tiffOf(fonts *paper.Fonts, coarse int, shots []shot) ([]byte, error) {
	var pages []image.Image
	dpi := 0
	for _, s := range shots {
		img, dots := s.picture(fonts, coarse)
		pages, dpi = append(pages, paper.Bilevel(img)), dots
	}
	return paper.TIFF(pages, dpi)
}

package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"

	"hoso/testdata/paper"
)

// clean is a good desk scanner, worn one that needs cleaning.
func clean(seed uint64) paper.Look { return paper.Look{DPI: 200, Noise: 1, Skew: 0.3, Seed: seed} }

func worn(seed uint64) paper.Look {
	return paper.Look{DPI: 200, Noise: 2, Skew: -1.6, Fade: 0.35, Shadow: 0.2, Seed: seed}
}

// scans writes the demonstration scans, small enough to lie in the repository.
func (w *writer) scans() error {
	turned := clean(3)
	turned.Turn = 2
	for _, s := range []struct {
		name    string
		layout  paper.Layout
		seed    uint64
		quality int
		look    paper.Look
	}{
		{"quyet-dinh.jpg", paper.Decision, 11, 55, clean(1)},
		{"giay-tiep-nhan-nghieng.jpg", paper.Receipt, 12, 45, worn(2)},
		{"don-lat-nguoc.jpg", paper.Application, 13, 55, turned},
	} {
		p := paper.New(w.fonts, s.layout, s.seed)
		b, err := w.jpeg(p, 0, s.quality, s.look)
		if err != nil {
			return err
		}
		if err := w.write(s.name, p, b); err != nil {
			return err
		}
	}
	if err := w.fax("danh-sach-2-trang.tif", 14); err != nil {
		return err
	}
	return w.bundle("ho-so-3-trang.pdf", 15)
}

// fax writes two bilevel sheets at 300 dpi into one TIFF.
func (w *writer) fax(name string, seed uint64) error {
	p := paper.Join(paper.New(w.fonts, paper.Register, seed), paper.New(w.fonts, paper.Letter, seed))
	look := paper.Look{DPI: 300, Skew: 0.4, Noise: 12, Bilevel: true, Seed: seed}
	var pages []image.Image
	dpi := 0
	for i := range p.Sheets {
		scan, dots := w.draw(p, i, look)
		pages, dpi = append(pages, paper.Bilevel(scan)), dots
	}
	b, err := paper.TIFF(pages, dpi)
	if err != nil {
		return err
	}
	return w.write(name, p, b)
}

// bundle writes a scanned PDF of three sheets, the last of them black and white.
func (w *writer) bundle(name string, seed uint64) error {
	p := paper.Join(paper.New(w.fonts, paper.Receipt, seed), paper.New(w.fonts, paper.Certificate, seed), paper.New(w.fonts, paper.Letter, seed))
	pdf := paper.NewPDF(p)
	for i := range 2 {
		scan, dpi := w.draw(p, i, clean(seed))
		b, err := paper.JPEG(scan, dpi, 50)
		if err != nil {
			return err
		}
		pdf.AddScan(b, scan.Bounds().Size(), 0)
	}
	last, _ := w.draw(p, 2, paper.Look{DPI: 300, Bilevel: true})
	pdf.AddFax(paper.Bilevel(last))
	b, err := pdf.Bytes()
	if err != nil {
		return err
	}
	return w.write(name, p, b)
}

// forms writes the same letter in every form of file.
func (w *writer) forms(ctx context.Context) error {
	p := paper.New(w.fonts, paper.Letter, 21)
	scan, dpi := w.draw(p, 0, clean(21))
	jpg, err := paper.JPEG(scan, dpi, 70)
	if err != nil {
		return err
	}
	lying, _ := w.draw(p, 0, paper.Look{Turn: 3})
	size := scan.Bounds().Size()
	for name, form := range map[string]func() ([]byte, error){
		"colour.jpg": func() ([]byte, error) { return jpg, nil },
		"grey.jpg":   func() ([]byte, error) { return paper.JPEG(paper.Gray(scan), dpi, 70) },
		"cmyk.jpg":   func() ([]byte, error) { return paper.CMYK(ctx, jpg) },
		"exif-turned.jpg": func() ([]byte, error) {
			b, err := paper.JPEG(lying, dpi, 70)
			return paper.WithOrientation(b, 6), err
		},
		"phone.heic":      func() ([]byte, error) { return paper.HEIC(ctx, jpg) },
		"1-bit.png":       func() ([]byte, error) { return paper.PNG(paper.Bilevel(scan), dpi) },
		"grey.png":        func() ([]byte, error) { return paper.PNG(paper.Gray(scan), dpi) },
		"transparent.png": func() ([]byte, error) { return paper.PNG(paper.Transparent(scan), dpi) },
		"16-bit.png":      func() ([]byte, error) { return paper.PNG(paper.Deep(scan), dpi) },
		"colour.tif":      func() ([]byte, error) { return paper.TIFF([]image.Image{scan}, dpi) },
		"grey.tif":        func() ([]byte, error) { return paper.TIFF([]image.Image{paper.Gray(scan)}, dpi) },
		"scanned.pdf":     func() ([]byte, error) { return onePage(p, func(f *paper.PDF) { f.AddScan(jpg, size, 0) }) },
		"turned.pdf":      func() ([]byte, error) { return turnedPDF(p, lying, dpi) },
		"fax.pdf":         func() ([]byte, error) { return onePage(p, func(f *paper.PDF) { f.AddFax(paper.Bilevel(scan)) }) },
		"digital.pdf":     func() ([]byte, error) { return onePage(p, func(f *paper.PDF) { f.AddDigital(0) }) },
	} {
		b, err := form()
		if err != nil {
			return fmt.Errorf("making %s: %w", name, err)
		}
		if err := w.write(name, p, b); err != nil {
			return err
		}
	}
	return w.mixed("mixed.pdf", jpg, size)
}

// mixed writes a PDF of a digital page, a scan and another digital page.
func (w *writer) mixed(name string, jpg []byte, size image.Point) error {
	p := paper.Join(paper.New(w.fonts, paper.Decision, 22), paper.New(w.fonts, paper.Letter, 21), paper.New(w.fonts, paper.Register, 23))
	b, err := onePage(p, func(f *paper.PDF) {
		f.AddDigital(0)
		f.AddScan(jpg, size, 0)
		f.AddDigital(2)
	})
	if err != nil {
		return err
	}
	return w.write(name, p, b)
}

func onePage(p *paper.Paper, add func(*paper.PDF)) ([]byte, error) {
	f := paper.NewPDF(p)
	add(f)
	return f.Bytes()
}

// turnedPDF holds a scan that lies on its side and a /Rotate that sets it right.
func turnedPDF(p *paper.Paper, lying *image.RGBA, dpi int) ([]byte, error) {
	jpg, err := paper.JPEG(lying, dpi, 70)
	if err != nil {
		return nil, err
	}
	return onePage(p, func(f *paper.PDF) { f.AddScan(jpg, lying.Bounds().Size(), 90) })
}

// book writes one long scanned PDF: few sheets, drawn once each, come again and
// again as images of their own.
func (w *writer) book(ctx context.Context, n int) error {
	const distinct = 12
	var sheets []*paper.Paper
	var images [][]byte
	for i := range min(n, distinct) {
		p := paper.New(w.fonts, paper.Layouts()[i%len(paper.Layouts())], uint64(100+i))
		b, err := w.jpeg(p, 0, 55, clean(uint64(i)))
		if err != nil {
			return err
		}
		sheets, images = append(sheets, p), append(images, b)
	}
	all := make([]*paper.Paper, 0, n)
	for i := range n {
		all = append(all, sheets[i%len(sheets)])
	}
	p := paper.Join(all...)
	pdf := paper.NewPDF(p)
	for i := range n {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		jpg := images[i%len(images)]
		size, err := jpeg.DecodeConfig(bytes.NewReader(jpg))
		if err != nil {
			return fmt.Errorf("reading our own JPEG: %w", err)
		}
		pdf.AddScan(jpg, image.Pt(size.Width, size.Height), 0)
	}
	b, err := pdf.Bytes()
	if err != nil {
		return err
	}
	return w.write(fmt.Sprintf("book-%d.pdf", n), p, b)
}

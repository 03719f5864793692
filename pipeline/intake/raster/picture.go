package raster

import (
	"fmt"

	"hoso/pipeline"
	"hoso/pipeline/intake/jbig2"
)

// Readable images above this many pixels are made smaller for the recognizer: at
// 300 dpi it is a sheet of A2, and more does not help to read letters.
const readablePixels = 60_000_000

// Picture is one image on its way into a record: the stream that goes in, and what
// the recognizer will look at.
type Picture struct {
	Image    pipeline.Image // DPIX and DPIY are what the file declares, 0 if nothing
	Carrier  []byte
	Readable []byte
	Turn     int  // quarter turns clockwise that the file asks for
	Redrawn  bool // the pixels are not those of the source any more
}

// Encode makes a picture of rows that cannot be carried in the form they came in, in
// the smallest form that shows the same pixels. Open gives the rows anew each time it
// is called. No pixel is changed.
func Encode(open func() (Rows, error)) (*Picture, error) {
	open, err := Simplest(open)
	if err != nil {
		return nil, err
	}
	rows, err := open()
	if err != nil {
		return nil, err
	}
	f := rows.Form()
	pic := &Picture{Image: pipeline.Image{Width: f.Width, Height: f.Height, Bits: f.Bits, Color: f.Color(), Palette: f.Palette}}
	if f.bilevel() {
		err = pic.bilevel(rows)
	} else if pic.Carrier, err = Flate(rows); err == nil {
		pic.Image.Filter, pic.Image.Predictor = pipeline.Flate, Predictor(f)
		pic.Readable = PNGFile(f, pic.Carrier)
	}
	if err == nil && f.Pixels() > readablePixels {
		err = pic.Look(open)
	}
	return pic, err
}

// bilevel codes black and white as JBIG2, and copies it for the recognizer.
func (p *Picture) bilevel(rows Rows) error {
	f := rows.Form()
	e := jbig2.NewEncoder(f.Width, f.Height)
	var pbm []byte
	if f.Pixels() <= readablePixels {
		pbm = fmt.Appendf(make([]byte, 0, f.Stride()*f.Height+32), "P4\n%d %d\n", f.Width, f.Height)
	}
	err := Each(rows, func(row []byte) error {
		e.Row(row)
		if pbm != nil {
			for _, v := range row {
				pbm = append(pbm, ^v) // in a PBM file 1 is black
			}
		}
		return nil
	})
	p.Carrier, p.Readable, p.Image.Filter = e.Bytes(), pbm, pipeline.JBIG2
	return err
}

// Look sets Readable from the rows that open gives, smaller if they are many.
func (p *Picture) Look(open func() (Rows, error)) error {
	rows, err := open()
	if err != nil {
		return err
	}
	p.Readable, err = PNM(Shrink(Plain(rows), Factor(rows.Form())))
	if err != nil {
		return fmt.Errorf("drawing for the recognizer: %w", err)
	}
	return nil
}

// Factor is by how much an image is made smaller for the recognizer: 1 for all but
// enormous sheets.
func Factor(f Form) int {
	n := 1
	for f.Pixels()/int64(n*n) > readablePixels {
		n++
	}
	return n
}

// The quality of what must be encoded as JPEG again, by image/jpeg with chroma at half
// the resolution: no difference is seen at the size of a page, and letters keep their
// edges.
const photoQuality = 92

// Photo makes a picture of 8-bit rows that are a photograph and were compressed
// with loss before. It keeps the image in memory.
func Photo(r Rows) (*Picture, error) {
	f := r.Form()
	b, err := JPEG(Plain(r), photoQuality)
	if err != nil {
		return nil, err
	}
	img := pipeline.Image{Filter: pipeline.DCT, Width: f.Width, Height: f.Height, Bits: 8, Color: f.Color()}
	return &Picture{Image: img, Carrier: b, Readable: b, Redrawn: true}, nil
}

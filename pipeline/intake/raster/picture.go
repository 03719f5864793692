package raster

import (
	"fmt"

	"hoso/pipeline"
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

// Encode makes a picture of rows that cannot be carried in the form they came in.
// Open gives the rows anew each time it is called. No pixel is changed.
func Encode(open func() (Rows, error)) (*Picture, error) {
	rows, err := open()
	if err != nil {
		return nil, err
	}
	f := rows.Form()
	pic := &Picture{Image: pipeline.Image{Width: f.Width, Height: f.Height, Bits: f.Bits, Color: f.Color(), Palette: f.Palette}}
	if f.Bits == 1 && f.Channels == 1 && blackAndWhite(f.Palette) {
		return encodeBilevel(pic, open)
	}
	pic.Carrier, err = Flate(rows)
	if err != nil {
		return nil, err
	}
	pic.Image.Filter, pic.Image.Predictor = pipeline.Flate, Predictor(f)
	if f.Pixels() <= readablePixels {
		pic.Readable = PNGFile(f, pic.Carrier)
		return pic, nil
	}
	return pic, pic.Look(open)
}

func blackAndWhite(palette []byte) bool {
	return palette == nil || string(palette) == "\x00\x00\x00\xff\xff\xff"
}

// encodeBilevel takes the smaller of the two lossless codes: dithered pictures are
// larger as fax than as Flate.
func encodeBilevel(pic *Picture, open func() (Rows, error)) (*Picture, error) {
	rows, err := open()
	if err != nil {
		return nil, err
	}
	f := rows.Form()
	f.Palette, pic.Image.Palette, pic.Image.Color = nil, nil, pipeline.Gray
	fax, err := Fax(rows)
	if err != nil {
		return nil, err
	}
	if rows, err = open(); err != nil {
		return nil, err
	}
	flate, err := Flate(rows)
	if err != nil {
		return nil, err
	}
	if f.Pixels() <= readablePixels {
		pic.Readable = PNGFile(f, flate)
	} else if err := pic.Look(open); err != nil {
		return nil, err
	}
	if len(fax) <= len(flate) {
		pic.Carrier, pic.Image.Filter = fax, pipeline.CCITT
		pic.Image.Fax = pipeline.FaxParms{K: -1, Columns: f.Width, Rows: f.Height}
		return pic, nil
	}
	pic.Carrier, pic.Image.Filter, pic.Image.Predictor = flate, pipeline.Flate, Predictor(f)
	return pic, nil
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

// The quality of what must be encoded as JPEG again: no difference is seen at the
// size of a page, and letters keep their edges.
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

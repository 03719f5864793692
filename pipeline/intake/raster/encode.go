package raster

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"

	"github.com/klauspost/compress/zlib"

	"hoso/pipeline"
	"hoso/pipeline/intake/fax"
)

// Flate compresses rows without loss, with the predictors of PNG. The stream can
// stand in a PDF with PredictorParms, and in a PNG file (see PNGFile).
func Flate(r Rows) ([]byte, error) {
	f := r.Form()
	var out bytes.Buffer
	z, err := zlib.NewWriterLevel(&out, 6)
	if err != nil {
		return nil, fmt.Errorf("compressing: %w", err)
	}
	p := newPredictor(f)
	err = Each(r, func(row []byte) error {
		_, err := z.Write(p.filter(row))
		return err //nolint:wrapcheck // a bytes.Buffer does not fail
	})
	if err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("compressing: %w", err)
	}
	return out.Bytes(), nil
}

// Predictor are the parameters of a stream of PNG-predicted rows of form f.
func Predictor(f Form) pipeline.PredictorParms {
	return pipeline.PredictorParms{Predictor: 15, Colors: f.Channels, Bits: f.Bits, Columns: f.Width}
}

// predictor chooses for each row of whole bytes the filter that leaves the smallest
// sum of differences; rows of smaller pixels and indices are left as they are.
type predictor struct {
	bpp   int // bytes of a pixel, 0 to leave rows as they are
	above []byte
	best  []byte
	try   []byte
}

func newPredictor(f Form) *predictor {
	p := &predictor{best: make([]byte, f.Stride()+1), try: make([]byte, f.Stride()+1), above: make([]byte, f.Stride())}
	if f.Bits >= 8 && f.Palette == nil {
		p.bpp = f.Channels * f.Bits / 8
	}
	return p
}

func (p *predictor) filter(row []byte) []byte {
	if p.bpp == 0 {
		p.best[0] = 0
		copy(p.best[1:], row)
		return p.best
	}
	least := -1
	for _, kind := range []byte{0, 1, 2, 4} {
		p.try[0] = kind
		p.apply(kind, row)
		if sum := cost(p.try[1:], least); least < 0 || sum < least {
			least = sum
			p.best, p.try = p.try, p.best
		}
	}
	copy(p.above, row)
	return p.best
}

func (p *predictor) apply(kind byte, row []byte) {
	out := p.try[1:]
	switch kind {
	case 0:
		copy(out, row)
	case 1:
		copy(out[:p.bpp], row)
		for i := p.bpp; i < len(row); i++ {
			out[i] = row[i] - row[i-p.bpp]
		}
	case 2:
		for i := range row {
			out[i] = row[i] - p.above[i]
		}
	case 4:
		for i := range row {
			var a, c byte
			if i >= p.bpp {
				a, c = row[i-p.bpp], p.above[i-p.bpp]
			}
			out[i] = row[i] - paeth(a, p.above[i], c)
		}
	}
}

func cost(b []byte, limit int) int {
	sum := 0
	for _, v := range b {
		sum += abs(int(int8(v))) //nolint:gosec // differences are signed
		if limit >= 0 && sum >= limit {
			return sum
		}
	}
	return sum
}

func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	pa, pb, pc := abs(p-int(a)), abs(p-int(b)), abs(p-int(c))
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}

func abs(v int) int {
	if v < 0 {
		return -v
	}
	return v
}

// Fax compresses rows of one bit, 1 being white, without loss.
func Fax(r Rows) ([]byte, error) {
	e := fax.NewEncoder(r.Form().Width)
	err := Each(r, func(row []byte) error {
		e.Row(row)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return e.Bytes(), nil
}

// PNM writes plain rows in the simplest file there is, for the reader's eyes.
func PNM(r Rows) ([]byte, error) {
	f := r.Form()
	var out bytes.Buffer
	kind := "P5"
	if f.Channels == 3 {
		kind = "P6"
	}
	out.Grow(f.Stride()*f.Height + 32)
	fmt.Fprintf(&out, "%s\n%d %d\n255\n", kind, f.Width, f.Height)
	err := Each(r, func(row []byte) error {
		out.Write(row)
		return nil
	})
	return out.Bytes(), err
}

// PNGFile wraps streams of PNG-predicted rows of form f into a file.
func PNGFile(f Form, stream []byte) []byte {
	head := make([]byte, 13)
	binary.BigEndian.PutUint32(head, uint32(f.Width))      //nolint:gosec // below 2³¹
	binary.BigEndian.PutUint32(head[4:], uint32(f.Height)) //nolint:gosec // likewise
	head[8] = byte(f.Bits)
	switch {
	case f.Palette != nil:
		head[9] = 3
	case f.Channels == 3:
		head[9] = 2
	}
	out := make([]byte, 0, len(stream)+len(f.Palette)+100)
	out = append(out, "\x89PNG\r\n\x1a\n"...)
	out = chunk(out, "IHDR", head)
	if f.Palette != nil {
		out = chunk(out, "PLTE", f.Palette)
	}
	out = chunk(out, "IDAT", stream)
	return chunk(out, "IEND", nil)
}

func chunk(out []byte, kind string, data []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(data))) //nolint:gosec // bounded by the caller
	from := len(out)
	out = append(out, kind...)
	out = append(out, data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
}

// JPEG compresses plain rows with loss, at a quality of 1 to 100.
func JPEG(r Rows, quality int) ([]byte, error) {
	f := r.Form()
	rect := image.Rect(0, 0, f.Width, f.Height)
	var img image.Image
	y := 0
	var put func(row []byte) error
	if f.Channels == 1 {
		g := image.NewGray(rect)
		img, put = g, func(row []byte) error {
			copy(g.Pix[y*g.Stride:], row)
			y++
			return nil
		}
	} else {
		c := image.NewRGBA(rect)
		img, put = c, func(row []byte) error {
			out := c.Pix[y*c.Stride:]
			for x := range f.Width {
				out[4*x], out[4*x+1], out[4*x+2], out[4*x+3] = row[3*x], row[3*x+1], row[3*x+2], 0xff
			}
			y++
			return nil
		}
	}
	if err := Each(r, put); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encoding JPEG: %w", err)
	}
	return out.Bytes(), nil
}

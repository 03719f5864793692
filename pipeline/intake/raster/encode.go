package raster

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"

	"github.com/klauspost/compress/zlib"

	"hoso/pipeline"
)

// flateLevel is where more effort stops to pay: level 9 saves another 3 % of a scan
// for ten times the processor time.
const flateLevel = 6

// Flate compresses rows without loss, with the predictors of PNG. The stream can
// stand in a PDF with PredictorParms, and in a PNG file (see PNGFile).
func Flate(r Rows) ([]byte, error) {
	var out bytes.Buffer
	z, err := zlib.NewWriterLevel(&out, flateLevel)
	if err != nil {
		return nil, fmt.Errorf("compressing: %w", err)
	}
	p, err := newPredictor(r.Form(), z)
	if err != nil {
		return nil, err
	}
	if err := Each(r, p.take); err != nil {
		return nil, err
	}
	if err := errors.Join(p.settle(), z.Close()); err != nil {
		return nil, fmt.Errorf("compressing: %w", err)
	}
	return out.Bytes(), nil
}

// Predictor are the parameters of a stream of PNG-predicted rows of form f.
func Predictor(f Form) pipeline.PredictorParms {
	return pipeline.PredictorParms{Predictor: 15, Colors: f.Channels, Bits: f.Bits, Columns: f.Width}
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

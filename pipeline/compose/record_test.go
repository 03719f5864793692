package compose_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/compose"
)

// sheet is a page and the bytes of its image.
type sheet struct {
	page pipeline.Page
	data []byte
}

func meta() compose.Meta {
	return compose.Meta{
		Title:    "Đơn đề nghị <cấp lại> giấy phép & phụ lục",
		ID:       "01JD0000000000000000000000",
		Created:  time.Date(2026, 11, 23, 21, 15, 7, 5e8, time.FixedZone("ICT", 7*3600)),
		Lang:     "vi",
		Producer: "hoso 1.0 (test)",
	}
}

// makeRecord writes the sheets into a PDF in memory.
func makeRecord(t testing.TB, m compose.Meta, sheets ...sheet) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := compose.NewWriter(&out, m)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sheets {
		if err := w.AddPage(s.page, bytes.NewReader(s.data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// save puts a record where programs can read it.
func save(t testing.TB, pdf []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "record.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// drawing is an upright picture whose four corners differ: top left dark, top right
// red, bottom left light, bottom right blue.
func drawing(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{240, 240, 240, 255}
			switch {
			case x < w/2 && y < h/2:
				c = color.RGBA{20, 20, 20, 255}
			case x >= w/2 && y < h/2:
				c = color.RGBA{200, 30, 30, 255}
			case x >= w/2:
				c = color.RGBA{30, 30, 200, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

// asPage wraps encoded bytes into an A4 page of the size of the image.
func asPage(im pipeline.Image, data []byte) sheet {
	im.Digest, im.Size = pipeline.Sum(data), int64(len(data))
	return sheet{pipeline.Page{
		Number: 1, Image: im, Width: im.Width, Height: im.Height, WidthPt: 595.276, HeightPt: 841.89,
	}, data}
}

func jpegBytes(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func colorSheet(t testing.TB, w, h int) sheet {
	t.Helper()
	return asPage(pipeline.Image{
		Filter: pipeline.DCT, Width: w, Height: h, Bits: 8, Color: pipeline.RGB,
	}, jpegBytes(t, drawing(w, h)))
}

// words lays text out in a plain way: lines of equal height, letters 12 pixels wide.
func words(lines ...string) []pipeline.Line {
	var all []pipeline.Line
	for i, text := range lines {
		var line pipeline.Line
		x := 50
		for w := range strings.FieldsSeq(text) {
			n := 12 * len([]rune(w))
			line.Words = append(line.Words, pipeline.Word{
				Text: w, Box: pipeline.Box{X0: x, Y0: 40 + 50*i, X1: x + n, Y1: 70 + 50*i}, Confidence: 90,
			})
			x += n + 12
		}
		all = append(all, line)
	}
	return all
}

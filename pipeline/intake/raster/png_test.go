package raster_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"testing"

	"hoso/pipeline/intake/raster"
)

func FuzzPNG(f *testing.F) {
	for _, img := range []image.Image{
		image.NewRGBA(image.Rect(0, 0, 5, 7)), image.NewGray16(image.Rect(0, 0, 3, 3)),
		image.NewPaletted(image.Rect(0, 0, 9, 4), color.Palette{color.Black, color.Transparent}),
		image.NewNRGBA(image.Rect(0, 0, 4, 4)),
	} {
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := raster.OpenPNG(bytes.NewReader(b), io.Discard)
		if err != nil || p.Form().Pixels() > 1<<20 || p.Interlaced() {
			return
		}
		if m, err := raster.Whole(raster.Plain(p)); err == nil && len(m.Pix) != m.Shape.Stride()*m.Shape.Height {
			t.Errorf("%d bytes for %+v", len(m.Pix), m.Shape)
		}
	})
}

// TestFlateIsAPNG: what is written for records can be read as a PNG by others.
func TestFlateIsAPNG(t *testing.T) {
	t.Parallel()
	for _, form := range []raster.Form{
		{Width: 37, Height: 21, Bits: 8, Channels: 3},
		{Width: 37, Height: 21, Bits: 8, Channels: 1},
		{Width: 37, Height: 21, Bits: 16, Channels: 3},
		{Width: 37, Height: 21, Bits: 4, Channels: 1},
		{Width: 37, Height: 21, Bits: 2, Channels: 1, Palette: []byte{0, 0, 0, 9, 9, 9, 0, 99, 0, 255, 255, 255}},
	} {
		m := &raster.Memory{Shape: form, Pix: make([]byte, form.Stride()*form.Height)}
		for i := range m.Pix {
			m.Pix[i] = byte(i*7 ^ i>>3)
		}
		b, err := raster.Flate(m)
		if err != nil {
			t.Fatal(err)
		}
		file := raster.PNGFile(form, b)
		if _, err := png.Decode(bytes.NewReader(file)); err != nil {
			t.Errorf("%+v: %v", form, err)
		}
		p, err := raster.OpenPNG(bytes.NewReader(file), nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := raster.Whole(p)
		if err != nil || !bytes.Equal(got.Pix, m.Pix) {
			t.Errorf("%+v: the rows read are not those written: %v", form, err)
		}
	}
}

func TestShrinkIsTheMean(t *testing.T) {
	t.Parallel()
	m := &raster.Memory{Shape: raster.Form{Width: 5, Height: 3, Bits: 8, Channels: 1}, Pix: []byte{
		0, 10, 20, 30, 7,
		10, 20, 30, 40, 9,
		1, 3, 5, 7, 100,
	}}
	got, err := raster.Whole(raster.Shrink(m, 2))
	if err != nil || !bytes.Equal(got.Pix, []byte{10, 30, 8, 2, 6, 100}) {
		t.Errorf("Shrink gives %v, %v", got.Pix, err)
	}
}

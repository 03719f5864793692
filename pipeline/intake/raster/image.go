package raster

import (
	"image"
	"image/color"
	"io"
)

// FromImage gives the rows of a decoded image in 8 bits, with transparency laid on
// white; gray stays gray.
func FromImage(img image.Image) Rows {
	b := img.Bounds()
	r := &drawn{img: img, form: Form{Width: b.Dx(), Height: b.Dy(), Bits: 8, Channels: 3}, y: b.Min.Y}
	switch img.(type) {
	case *image.Gray, *image.Gray16:
		r.form.Channels = 1
	}
	return r
}

type drawn struct {
	img  image.Image
	form Form
	y    int
}

func (d *drawn) Form() Form { return d.form }

func (d *drawn) Next(row []byte) error {
	b := d.img.Bounds()
	if d.y >= b.Max.Y {
		return io.EOF
	}
	y := d.y
	d.y++
	switch img := d.img.(type) {
	case *image.Gray:
		copy(row, img.Pix[img.PixOffset(b.Min.X, y):])
	case *image.YCbCr:
		for i, x := 0, b.Min.X; x < b.Max.X; i, x = i+3, x+1 {
			c := img.COffset(x, y)
			row[i], row[i+1], row[i+2] = color.YCbCrToRGB(img.Y[img.YOffset(x, y)], img.Cb[c], img.Cr[c])
		}
	default:
		d.any(row, y)
	}
	return nil
}

func (d *drawn) any(row []byte, y int) {
	b := d.img.Bounds()
	for i, x := 0, b.Min.X; x < b.Max.X; i, x = i+d.form.Channels, x+1 {
		r, g, bl, a := d.img.At(x, y).RGBA()
		white := 0xffff - a
		row[i] = byte((r + white) >> 8)
		if d.form.Channels == 3 {
			row[i+1], row[i+2] = byte((g+white)>>8), byte((bl+white)>>8)
		}
	}
}

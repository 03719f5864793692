package paper

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
)

// JPEG encodes a scan as a desk scanner does: baseline, with its resolution in the
// JFIF header. Quality is 1 to 100.
func JPEG(img image.Image, dpi, quality int) ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encoding JPEG: %w", err)
	}
	density := binary.BigEndian.AppendUint16([]byte("\xff\xe0\x00\x10JFIF\x00\x01\x02\x01"), uint16(dpi))
	density = binary.BigEndian.AppendUint16(density, uint16(dpi))
	return insertAfterSOI(b.Bytes(), append(density, 0, 0)), nil
}

// WithOrientation gives the JPEG an EXIF header that asks the reader to turn it:
// 1 is upright, 6 a quarter turn clockwise, 3 half a turn, 8 three quarters.
func WithOrientation(jpg []byte, orientation uint16) []byte {
	tiff := []byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	tiff = binary.BigEndian.AppendUint16(tiff, orientation)
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	app1 := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(tiff)+2))
	return insertAfterSOI(jpg, append(app1, tiff...))
}

func insertAfterSOI(jpg, segment []byte) []byte {
	out := append([]byte{}, jpg[:2]...)
	out = append(out, segment...)
	return append(out, jpg[2:]...)
}

// PNG encodes an image with its resolution; the kind of image decides the kind of
// PNG: *image.Paletted with two colours is 1 bit, *image.NRGBA has alpha,
// *image.RGBA64 has 16 bits.
func PNG(img image.Image, dpi int) ([]byte, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("encoding PNG: %w", err)
	}
	perMetre := uint32(float64(dpi)/0.0254 + 0.5)
	phys := binary.BigEndian.AppendUint32([]byte("pHYs"), perMetre)
	phys = append(binary.BigEndian.AppendUint32(phys, perMetre), 1)
	chunk := append(binary.BigEndian.AppendUint32(nil, 9), phys...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(phys))
	const afterHeader = 8 + 25 // signature and IHDR
	out := append([]byte{}, b.Bytes()[:afterHeader]...)
	out = append(out, chunk...)
	return append(out, b.Bytes()[afterHeader:]...), nil
}

// Bilevel makes the 1-bit image of a bilevel scan.
func Bilevel(img image.Image) *image.Paletted {
	out := image.NewPaletted(img.Bounds(), color.Palette{color.Black, color.White})
	each(img, func(x, y int, c color.Color) {
		if g, _ := color.GrayModel.Convert(c).(color.Gray); g.Y > 127 {
			out.SetColorIndex(x, y, 1)
		}
	})
	return out
}

// Gray makes the 8-bit grey image of a scan.
func Gray(img image.Image) *image.Gray {
	out := image.NewGray(img.Bounds())
	each(img, func(x, y int, c color.Color) { out.Set(x, y, c) })
	return out
}

// Transparent makes the background of a scan transparent, as a screenshot tool does.
func Transparent(img image.Image) *image.NRGBA {
	out := image.NewNRGBA(img.Bounds())
	each(img, func(x, y int, c color.Color) {
		n, _ := color.NRGBAModel.Convert(c).(color.NRGBA)
		if n.R > 230 && n.G > 230 && n.B > 230 {
			n.A = 0
		}
		out.SetNRGBA(x, y, n)
	})
	return out
}

// Deep makes the image of 16 bits per channel that a museum's scanner delivers.
func Deep(img image.Image) *image.RGBA64 {
	out := image.NewRGBA64(img.Bounds())
	each(img, func(x, y int, c color.Color) { out.Set(x, y, c) })
	return out
}

func each(img image.Image, f func(x, y int, c color.Color)) {
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			f(x, y, img.At(x, y))
		}
	}
}

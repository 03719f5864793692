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
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&b, img); err != nil {
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
func Bilevel(scan *image.RGBA) *image.Paletted {
	out := image.NewPaletted(scan.Rect, color.Palette{color.Black, color.White})
	for i := range out.Pix {
		if luma(scan.Pix[4*i:]) > 127 {
			out.Pix[i] = 1
		}
	}
	return out
}

// Gray makes the 8-bit grey image of a scan.
func Gray(scan *image.RGBA) *image.Gray {
	out := image.NewGray(scan.Rect)
	for i := range out.Pix {
		out.Pix[i] = luma(scan.Pix[4*i:])
	}
	return out
}

// luma is the brightness of a pixel by the weights of ITU-R BT.601.
func luma(px []byte) byte {
	return byte((299*uint32(px[0]) + 587*uint32(px[1]) + 114*uint32(px[2]) + 500) / 1000)
}

// Transparent makes the background of a scan transparent, as a screenshot tool does.
func Transparent(scan *image.RGBA) *image.NRGBA {
	out := image.NewNRGBA(scan.Rect)
	copy(out.Pix, scan.Pix)
	for i := 0; i < len(out.Pix); i += 4 {
		if min(out.Pix[i], out.Pix[i+1], out.Pix[i+2]) > 230 {
			out.Pix[i+3] = 0
		}
	}
	return out
}

// Deep makes the image of 16 bits per channel that a museum's scanner delivers.
func Deep(scan *image.RGBA) *image.RGBA64 {
	out := image.NewRGBA64(scan.Rect)
	for i, v := range scan.Pix {
		out.Pix[2*i], out.Pix[2*i+1] = v, v
	}
	return out
}

// WithDevice gives the JPEG an EXIF header that names the maker and the model of what made
// it.
func WithDevice(jpg []byte, maker, model string) []byte {
	const entries, head = 2, 8
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x02")
	at := head + 2 + 12*entries + 4
	for i, text := range []string{maker, model} {
		tiff = binary.BigEndian.AppendUint16(tiff, uint16(0x10f+i)) // Make, Model
		tiff = append(tiff, 0, 2)
		tiff = binary.BigEndian.AppendUint32(tiff, uint32(len(text)+1))
		tiff = binary.BigEndian.AppendUint32(tiff, uint32(at))
		at += len(text) + 1
	}
	tiff = append(tiff, 0, 0, 0, 0)
	tiff = append(append(append(tiff, maker...), 0), append([]byte(model), 0)...)
	segment := append([]byte("Exif\x00\x00"), tiff...)
	app1 := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(segment)+2))
	return insertAfterSOI(jpg, append(app1, segment...))
}

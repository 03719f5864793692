package appearance

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"

	"golang.org/x/image/draw"
)

// Image is the image of a seal.
type Image struct {
	Width, Height     int // pixels
	WidthPt, HeightPt float64
	RGB, Alpha        []byte // of eight bits, from the top; colours are not multiplied by alpha
}

// Bounds of a seal: what is larger is no seal, and what is finer is more than a page shows.
const (
	sealPixels = 6000
	sealMost   = 60 / 25.4 * 72 // points
	sealDPI    = 300
)

// ReadSeal takes an image in PNG. Its size on paper is in the file (chunk pHYs); it must
// say so, for the seal is shown in its true size.
func ReadSeal(file []byte) (*Image, error) {
	head, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%w: reading the seal: %w", ErrProfile, err)
	}
	x, y := density(file)
	if x == 0 || y == 0 {
		return nil, fmt.Errorf("%w: the seal does not say how large it is; save it as PNG with its resolution (dpi)", ErrProfile)
	}
	m := &Image{WidthPt: float64(head.Width) / x * 72, HeightPt: float64(head.Height) / y * 72}
	if max(head.Width, head.Height) > sealPixels || max(m.WidthPt, m.HeightPt) > sealMost {
		return nil, fmt.Errorf("%w: the seal has %d by %d pixels, %.0f by %.0f mm; want at most 60 mm",
			ErrProfile, head.Width, head.Height, m.WidthPt/72*25.4, m.HeightPt/72*25.4)
	}
	picture, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%w: reading the seal: %w", ErrProfile, err)
	}
	m.take(picture)
	return m, nil
}

// density reads the dots per inch of a PNG, 0 if it does not say.
func density(file []byte) (x, y float64) {
	for at := 8; at+12 <= len(file); {
		length := int(binary.BigEndian.Uint32(file[at:]))
		kind, body := string(file[at+4:at+8]), file[at+8:]
		if kind == "IDAT" || length > len(body) {
			break
		}
		if kind == "pHYs" && length == 9 && body[8] == 1 { // per metre
			return float64(binary.BigEndian.Uint32(body)) * 0.0254, float64(binary.BigEndian.Uint32(body[4:])) * 0.0254
		}
		at += 12 + length
	}
	return 0, 0
}

// take reduces a picture to what is worth keeping, and takes its colours apart.
func (m *Image) take(picture image.Image) {
	b := picture.Bounds()
	m.Width = min(b.Dx(), max(1, int(math.Round(m.WidthPt/72*sealDPI))))
	m.Height = min(b.Dy(), max(1, int(math.Round(m.HeightPt/72*sealDPI))))
	small := image.NewNRGBA(image.Rect(0, 0, m.Width, m.Height))
	draw.CatmullRom.Scale(small, small.Rect, picture, b, draw.Src, nil)
	for y := range m.Height {
		for x := range m.Width {
			c := color.NRGBAModel.Convert(small.At(x, y)).(color.NRGBA) //nolint:forcetypeassert // the model's own
			if c.A == 0 {
				c = color.NRGBA{} // compresses to nothing
			}
			m.RGB = append(m.RGB, c.R, c.G, c.B)
			m.Alpha = append(m.Alpha, c.A)
		}
	}
}

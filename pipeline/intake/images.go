package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"hoso/pipeline"
	"hoso/pipeline/intake/fault"
	"hoso/pipeline/intake/helper"
	jpg "hoso/pipeline/intake/jpeg"
	"hoso/pipeline/intake/raster"
	"hoso/pipeline/intake/tiff"
)

// single is a file that is one image.
type single struct {
	leaf func(ctx context.Context) (Leaf, error)
	made string // by what, see Document.Device
}

func (single) pages() int   { return 1 }
func (single) signed() bool { return false }
func (single) close() error { return nil }

func (s single) device(context.Context) string { return s.made }

func (s single) page(ctx context.Context, _ int) (Leaf, error) { return s.leaf(ctx) }

func openJPEG(_ context.Context, in input) (source, error) {
	b, err := in.all("JPEG")
	if err != nil {
		return nil, err
	}
	pic, made, err := jpegPicture(b, in.limits)
	if err != nil {
		return nil, err
	}
	return single{func(context.Context) (Leaf, error) { return leafOf(pic), nil }, made}, in.file.Close()
}

// jpegPicture carries a JPEG as it is, but for inks (CMYK) and mirror images, which
// no page of the record can show. It says by what it was made, too.
func jpegPicture(b []byte, limits Limits) (pic *raster.Picture, made string, err error) {
	info, err := jpg.Parse(b)
	if err != nil {
		return nil, "", err //nolint:wrapcheck // it says all
	}
	limit := min(limits.Pixels, wholePixels)
	if info.Progressive {
		limit = min(limit, wholePixels/2) // its decoder holds all coefficients
	}
	if int64(info.Width)*int64(info.Height) > limit {
		return nil, "", fault.PixelsTooMany(info.Width, info.Height, limit)
	}
	turn, mirror := jpg.Turn(info.Orientation)
	if mirror || info.Components == 4 {
		pic, err = developed(b, info)
	} else {
		pic, err = carried(b, info)
	}
	if err != nil {
		return nil, "", err
	}
	pic.Turn = turn
	pic.Image.DPIX, pic.Image.DPIY = info.DPIX, info.DPIY
	return pic, deviceOf(info.Make, info.Model, info.Software), nil
}

func carried(b []byte, info jpg.Info) (*raster.Picture, error) {
	pic := &raster.Picture{Carrier: b, Readable: b, Image: pipeline.Image{
		Filter: pipeline.DCT, Width: info.Width, Height: info.Height, Bits: 8, Color: pipeline.Gray, Source: true,
	}}
	if info.Components == 3 {
		pic.Image.Color = pipeline.RGB
		if info.RGBNames && info.Adobe < 0 && !info.JFIF {
			none := 0 // PDF would take it for YCbCr
			pic.Image.Transform = &none
		}
	}
	if raster.Factor(raster.Form{Width: info.Width, Height: info.Height}) == 1 {
		return pic, nil
	}
	return pic, pic.Look(func() (raster.Rows, error) { return jpg.Rows(b) }) //nolint:wrapcheck // it says all
}

// developed decodes a JPEG and encodes it anew in RGB or gray.
func developed(b []byte, info jpg.Info) (*raster.Picture, error) {
	rows, err := jpg.Rows(b)
	if err != nil {
		return nil, err
	}
	if _, mirror := jpg.Turn(info.Orientation); mirror {
		rows = raster.Mirror(rows)
	}
	return raster.Photo(rows) //nolint:wrapcheck // it says all
}

func openPNG(_ context.Context, in input) (source, error) {
	b, err := in.all("PNG")
	if err != nil {
		return nil, err
	}
	pic, err := pngPicture(b, in.limits)
	if err != nil {
		return nil, err
	}
	return single{leaf: func(context.Context) (Leaf, error) { return leafOf(pic), nil }}, in.file.Close()
}

// pngPicture carries the compressed stream of a PNG, since a PDF knows the same
// code; transparency and interlacing, which it does not know, are coded anew. So is
// black and white, of which JBIG2 makes less than half.
func pngPicture(b []byte, limits Limits) (*raster.Picture, error) {
	var stream bytes.Buffer
	p, err := raster.OpenPNG(bytes.NewReader(b), &stream)
	if err != nil {
		return nil, err //nolint:wrapcheck // it says all
	}
	f := p.Form()
	limit := limits.Pixels
	if p.Interlaced() {
		limit = min(limit, wholePixels/2)
	}
	if f.Pixels() > limit {
		return nil, fault.PixelsTooMany(f.Width, f.Height, limit)
	}
	if int64(f.Stride())*int64(f.Height) > limits.DecodedBytes {
		return nil, fault.DataTooMuch("PNG", limits.DecodedBytes)
	}
	open := func() (raster.Rows, error) {
		if p.Interlaced() {
			return raster.Interlaced(bytes.NewReader(b))
		}
		return raster.OpenPNG(bytes.NewReader(b), nil)
	}
	bilevel, err := raster.BlackAndWhite(open)
	if err != nil {
		return nil, err //nolint:wrapcheck // it says all
	}
	var pic *raster.Picture
	if p.Plain() && !bilevel {
		pic, err = pngStream(p, b, &stream)
	} else {
		pic, err = raster.Encode(open)
	}
	if err != nil {
		return nil, err
	}
	pic.Image.DPIX, pic.Image.DPIY = p.DPIX, p.DPIY
	return pic, nil
}

// pngStream reads all rows once: they must be there, and what passes is kept.
func pngStream(p *raster.PNG, b []byte, stream *bytes.Buffer) (*raster.Picture, error) {
	f := p.Form()
	stream.Grow(len(b))
	pic := &raster.Picture{Image: pipeline.Image{
		Filter: pipeline.Flate, Width: f.Width, Height: f.Height, Bits: f.Bits, Color: f.Color(), Palette: f.Palette,
		Predictor: raster.Predictor(f), Source: true,
	}}
	var err error
	if raster.Factor(f) == 1 {
		pic.Readable = b
		err = raster.Each(p, func([]byte) error { return nil })
	} else {
		err = pic.Look(func() (raster.Rows, error) { return p, nil })
	}
	pic.Carrier = stream.Bytes()
	return pic, err //nolint:wrapcheck // it says all
}

// tiffSource is a TIFF with its pages.
type tiffSource struct {
	in   input
	file *tiff.File
}

func openTIFF(_ context.Context, in input) (source, error) {
	f, err := tiff.Open(in.file, in.size, in.limits.Pages)
	if err != nil {
		return nil, err //nolint:wrapcheck // it says all
	}
	return &tiffSource{in: in, file: f}, nil
}

func (t *tiffSource) pages() int   { return t.file.Pages() }
func (t *tiffSource) signed() bool { return false }
func (t *tiffSource) close() error { return t.in.file.Close() }

func (t *tiffSource) device(context.Context) string { return deviceOf(t.file.Made()) }

func (t *tiffSource) page(ctx context.Context, n int) (Leaf, error) {
	opt := tiff.Options{Pixels: t.in.limits.Pixels, Bytes: encodedBytes, Scratch: t.in.dir, Time: t.in.limits.ProgramTime}
	pic, err := t.file.Picture(ctx, n-1, opt)
	if err != nil {
		return Leaf{}, err //nolint:wrapcheck // it says all
	}
	return leafOf(pic), nil
}

// heicQuality is where the JPEG of a telephone's picture is as good as the picture:
// its brightness is 49 to 51 dB away from what libheif decodes, less than a tenth of
// the way to what can be seen. Quality 95 takes a third more bytes for 2 dB. Chroma
// is at half the resolution, as it already was.
const heicQuality = "90"

// openHEIC has libheif's own program make a JPEG of a telephone's picture.
func openHEIC(ctx context.Context, in input) (source, error) {
	name, err := in.named()
	if err != nil {
		return nil, err
	}
	_, err = helper.Output(ctx, helper.Job{
		Name: "heif-convert", Args: []string{"-q", heicQuality, name, "out.jpg"}, Dir: in.dir, Time: in.limits.ProgramTime,
	})
	if helper.Code(err) != 0 {
		return nil, fault.Broken("HEIC", err)
	}
	if err != nil {
		return nil, err //nolint:wrapcheck // it says all
	}
	b, err := os.ReadFile(filepath.Join(in.dir, "out.jpg"))
	if errors.Is(err, os.ErrNotExist) {
		b, err = os.ReadFile(filepath.Join(in.dir, "out-1.jpg")) // a file of several pictures
	}
	if err != nil {
		return nil, fault.Broken("HEIC", err)
	}
	pic, made, err := jpegPicture(b, in.limits)
	if err != nil {
		return nil, err
	}
	pic.Image.Source, pic.Redrawn = false, true
	return single{func(context.Context) (Leaf, error) { return leafOf(pic), nil }, made}, in.file.Close()
}

// named gives an absolute name for the original that separate programs can open.
func (in input) named() (string, error) {
	name, err := filepath.Abs(in.file.Name())
	if err != nil {
		return "", fmt.Errorf("naming the original: %w", err)
	}
	return name, nil
}

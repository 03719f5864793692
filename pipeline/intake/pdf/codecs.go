package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/image/ccitt"

	"hoso/pipeline"
	"hoso/pipeline/intake/fault"
	"hoso/pipeline/intake/helper"
	"hoso/pipeline/intake/jpeg"
	"hoso/pipeline/intake/pdf/object"
	"hoso/pipeline/intake/raster"
	"hoso/pipeline/intake/tiff"
)

// Images that are decoded whole, by us or by others, may have this many pixels.
const wholePixels = 200_000_000

func (c *carrier) form() raster.Form {
	f := raster.Form{Width: c.img.Width, Height: c.img.Height, Bits: c.img.Bits, Channels: 1, Palette: c.img.Palette}
	if c.img.Color == pipeline.RGB {
		f.Channels = 3
	}
	return f
}

func (c *carrier) bytes() ([]byte, error) {
	return c.page.run.Data(c.stream, c.undone, c.opt.Encoded)
}

func (c *carrier) dct() (*raster.Picture, error) {
	b, err := c.bytes()
	if err != nil {
		return nil, err
	}
	info, err := jpeg.Parse(b)
	if err != nil {
		return nil, err //nolint:wrapcheck // it says all
	}
	f := c.form()
	described := info.Components == f.Channels && info.Width == f.Width && info.Height == f.Height
	if !described || c.img.Color == pipeline.Indexed || c.inverted() || f.Pixels() > wholePixels {
		return nil, errNotPDFA
	}
	pic := &raster.Picture{Image: c.img, Carrier: b, Readable: b}
	pic.Image.Bits = 8
	if err := c.transform(pic, info); err != nil {
		return nil, err
	}
	if raster.Factor(f) > 1 {
		err = shrunk(pic)
	}
	return pic, err //nolint:wrapcheck // it says all
}

// transform takes over what the file says of a JPEG that does not say itself whether
// its colours are RGB or YCbCr.
func (c *carrier) transform(pic *raster.Picture, info jpeg.Info) (err error) {
	t, ok := c.page.run.Resolve(c.last.Parms["ColorTransform"]).(float64)
	if !ok || info.Adobe >= 0 || info.Components != 3 {
		return nil
	}
	transform := int(t)
	pic.Image.Transform = &transform
	if transform == 0 { // image programs must be told by the stream itself
		pic.Readable, err = jpeg.Merge(nil, pic.Carrier, 0)
	}
	return err //nolint:wrapcheck // it says all
}

func (c *carrier) faxParms() pipeline.FaxParms {
	r, d := c.page.run, c.last.Parms
	f := pipeline.FaxParms{
		K: int(r.Number(d["K"], 0)), Columns: int(r.Number(d["Columns"], 1728)), Rows: int(r.Number(d["Rows"], 0)),
		EndOfLine: r.Truth(d["EndOfLine"]), ByteAlign: r.Truth(d["EncodedByteAlign"]), BlackIs1: r.Truth(d["BlackIs1"]),
	}
	if v, ok := r.Resolve(d["EndOfBlock"]).(bool); ok {
		f.NoEndBlock = !v
	}
	return f
}

func (c *carrier) fax(ctx context.Context) (*raster.Picture, error) {
	b, err := c.bytes()
	if err != nil {
		return nil, err
	}
	c.img.Fax = c.faxParms()
	if c.img.Bits != 1 || c.img.Color == pipeline.RGB || c.img.Fax.Columns != c.img.Width {
		return nil, errNotPDFA
	}
	pic := &raster.Picture{Image: c.img, Carrier: b}
	if c.img.Fax.K >= 0 {
		return pic, c.extract(ctx, pic)
	}
	open := func() (raster.Rows, error) {
		opts := &ccitt.Options{Align: c.img.Fax.ByteAlign, Invert: c.img.Fax.BlackIs1 != c.inverted()}
		src := ccitt.NewReader(bytes.NewReader(b), ccitt.MSB, ccitt.Group4, c.img.Width, c.img.Height, opts)
		return &samples{src: io.NopCloser(src), form: c.form()}, nil
	}
	if raster.Factor(c.form()) > 1 || c.img.Palette != nil || c.img.Fax.ByteAlign {
		return pic, pic.Look(open) //nolint:wrapcheck // it says all
	}
	rows, err := open()
	if err != nil {
		return nil, err
	}
	if err := raster.Each(rows, func([]byte) error { return nil }); err != nil {
		return nil, err //nolint:wrapcheck // likewise
	}
	shown := c.img
	shown.Fax.BlackIs1 = c.img.Fax.BlackIs1 != c.inverted()
	pic.Readable = tiff.FaxFile(shown, b)
	return pic, nil
}

func (c *carrier) jbig2(ctx context.Context) (*raster.Picture, error) {
	b, err := c.bytes()
	if err != nil {
		return nil, err
	}
	if c.img.Bits != 1 || c.img.Color == pipeline.RGB || c.inverted() || c.form().Pixels() > c.opt.Pixels {
		return nil, errNotPDFA
	}
	if g, ok := c.page.run.Resolve(c.last.Parms["JBIG2Globals"]).(*object.Stream); ok {
		if c.img.Globals, err = c.page.run.Data(g, -1, c.opt.Encoded); err != nil {
			return nil, err
		}
	}
	pic := &raster.Picture{Image: c.img, Carrier: b}
	return pic, c.drawJBIG2(ctx, pic)
}

// drawJBIG2 has jbig2dec decode the image: poppler 22.12 gets MMR regions wrong.
func (c *carrier) drawJBIG2(ctx context.Context, pic *raster.Picture) error {
	dir := c.page.run.dir
	const in, globals, out = "in.jb2", "globals.jb2", "out.png"
	args := []string{"-q", "-e", "-t", "png", "-o", out}
	if err := os.WriteFile(filepath.Join(dir, in), pic.Carrier, 0o600); err != nil {
		return &pipeline.Unavailable{What: "scratch space", Err: err}
	}
	if c.img.Globals != nil {
		if err := os.WriteFile(filepath.Join(dir, globals), c.img.Globals, 0o600); err != nil {
			return &pipeline.Unavailable{What: "scratch space", Err: err}
		}
		args = append(args, globals)
	}
	_, err := helper.Output(ctx, helper.Job{Name: "jbig2dec", Args: append(args, in), Dir: dir, Time: c.opt.Time})
	if helper.Code(err) != 0 {
		return fault.Broken("JBIG2", err)
	}
	if err != nil {
		return err //nolint:wrapcheck // it says all
	}
	pic.Readable, err = os.ReadFile(filepath.Join(dir, out)) //nolint:gosec // a path of our own folder
	if err != nil {
		return fault.Broken("JBIG2", err)
	}
	if err := os.Remove(filepath.Join(dir, out)); err != nil {
		return &pipeline.Unavailable{What: "scratch space", Err: err}
	}
	return c.compare(pic)
}

func (c *carrier) jpx(ctx context.Context) (*raster.Picture, error) {
	b, err := c.bytes()
	if err != nil {
		return nil, err
	}
	if c.inverted() || c.img.Color == pipeline.Indexed || !allowedJPX(b, c.img) {
		return nil, errNotPDFA
	}
	// A marker above FF8F can stand nowhere in packets, so the last one is the end.
	if !bytes.Contains(b[max(0, len(b)-4096):], []byte{0xff, 0xd9}) {
		return nil, fault.Cut("JPEG 2000", errors.New("no end of codestream"))
	}
	pic := &raster.Picture{Image: c.img, Carrier: b}
	pic.Image.Bits = 8
	return pic, c.extract(ctx, pic)
}

// flate carries a Flate stream with its predictor.
func (c *carrier) flate() (*raster.Picture, error) {
	b, err := c.bytes()
	if err != nil {
		return nil, err
	}
	f := c.form()
	c.img.Predictor = c.page.run.Predictor(c.last.Parms)
	if !usualBits(c.img) || c.img.Predictor.Predictor == 2 && c.img.Bits != 8 {
		return nil, errNotPDFA
	}
	if p := c.img.Predictor; p.Predictor > 0 && (p.Columns*p.Colors*p.Bits+7)/8 != f.Stride() {
		return nil, errNotPDFA
	}
	pic := &raster.Picture{Image: c.img, Carrier: b}
	if c.img.Predictor.Predictor < 10 || c.inverted() || raster.Factor(f) > 1 {
		return pic, pic.Look(c.rows) //nolint:wrapcheck // it says all
	}
	rows, err := c.rows()
	if err != nil {
		return nil, err
	}
	pic.Readable = raster.PNGFile(f, b)
	return pic, raster.Each(rows, func([]byte) error { return nil }) //nolint:wrapcheck // likewise
}

func usualBits(img pipeline.Image) bool {
	switch img.Bits {
	case 1, 2, 4:
		return img.Color != pipeline.RGB
	case 8:
		return true
	case 16:
		return img.Color != pipeline.Indexed
	}
	return false
}

// rows decodes the whole stream, row by row.
func (c *carrier) rows() (raster.Rows, error) {
	f := c.form()
	if int64(f.Stride())*int64(f.Height) > c.opt.Decoded {
		return nil, fault.DataTooMuch("PDF", c.opt.Decoded)
	}
	o, err := c.page.run.Open(c.stream, c.all, len(c.all))
	if err != nil {
		return nil, err
	}
	s := &samples{src: o, form: f}
	if c.inverted() {
		s.neg = 0xff
	}
	return s, nil
}

// plain codes anew, without loss, what came in codes that PDF/A forbids or in none.
func (c *carrier) plain() (*raster.Picture, error) {
	if !usualBits(c.img) || c.img.Mask && c.inverted() {
		return nil, errNotPDFA
	}
	return raster.Encode(c.rows) //nolint:wrapcheck // it says all
}

// extract has poppler decode the image for the recognizer's eyes.
func (c *carrier) extract(ctx context.Context, pic *raster.Picture) error {
	if c.form().Pixels() > wholePixels && c.img.Bits > 1 {
		return fault.PixelsTooMany(c.img.Width, c.img.Height, wholePixels)
	}
	r, page := c.page.run, strconv.Itoa(c.page.index)
	_, err := helper.Output(ctx, helper.Job{
		Name: "pdfimages", Dir: r.dir, Time: c.opt.Time, Args: []string{"-png", "-f", page, "-l", page, r.path, "image"},
	})
	if helper.Code(err) != 0 {
		return errNotPDFA
	}
	if err != nil {
		return err //nolint:wrapcheck // it says all
	}
	names, err := filepath.Glob(filepath.Join(r.dir, "image-*"))
	if err != nil || len(names) == 0 {
		return errNotPDFA
	}
	pic.Readable, err = os.ReadFile(names[0])
	for _, n := range names {
		err = errors.Join(err, os.Remove(n))
	}
	if err != nil {
		return fmt.Errorf("reading what pdfimages drew: %w", err)
	}
	if len(names) > 1 {
		return errNotPDFA
	}
	return c.compare(pic)
}

// compare makes sure that the image drawn is the one described.
func (c *carrier) compare(pic *raster.Picture) error {
	p, err := raster.OpenPNG(bytes.NewReader(pic.Readable), nil)
	if err != nil {
		return errNotPDFA
	}
	if f := p.Form(); f.Width != c.img.Width || f.Height != c.img.Height {
		return errNotPDFA
	}
	if raster.Factor(p.Form()) == 1 {
		return nil
	}
	b := pic.Readable
	return pic.Look(func() (raster.Rows, error) { return raster.OpenPNG(bytes.NewReader(b), nil) }) //nolint:wrapcheck // it says all
}

// shrunk makes an enormous JPEG smaller for the recognizer.
func shrunk(pic *raster.Picture) error {
	b := pic.Readable
	return pic.Look(func() (raster.Rows, error) { return jpeg.Rows(b) }) //nolint:wrapcheck // it says all
}

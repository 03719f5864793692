package pdf

import (
	"context"
	"errors"
	"math"
	"slices"

	"hoso/pipeline"
	"hoso/pipeline/intake/fault"
	"hoso/pipeline/intake/pdf/content"
	"hoso/pipeline/intake/pdf/object"
	"hoso/pipeline/intake/raster"
)

// errNotPDFA is returned for an image that cannot stand in the record as it is.
var errNotPDFA = errors.New("the image cannot stand in PDF/A as it is")

// carry takes out the image of a scanned page.
func (p *page) carry(ctx context.Context, at content.Placed, opt Options) (Leaf, error) {
	turn, ok := at.At.Turn()
	if !ok {
		return Leaf{}, errNotPDFA
	}
	c, err := p.carrier(at, opt)
	if err != nil {
		return Leaf{}, err
	}
	pic, err := c.picture(ctx)
	if err != nil {
		return Leaf{}, err
	}
	w, h := math.Hypot(at.At[0], at.At[1])*p.unit, math.Hypot(at.At[2], at.At[3])*p.unit
	pic.Image.DPIX, pic.Image.DPIY = float64(pic.Image.Width)*72/w, float64(pic.Image.Height)*72/h
	pic.Turn = (turn + p.rotate) % 4
	leaf := Leaf{Picture: pic}
	slack := 0.01 * math.Max(p.box.Width(), p.box.Height())
	if full := at.At.Bounds(content.Span(0, 0, 1, 1)); full.Within(p.box, slack) && p.box.Within(full, slack) {
		leaf.WidthPt, leaf.HeightPt = p.size()
		return leaf, nil
	}
	// The image has a margin around it, which is left out: nothing stands there.
	if pic.Turn%2 == 1 {
		w, h = h, w
	}
	scale := math.Min(1, mostPt/math.Max(w, h))
	leaf.WidthPt, leaf.HeightPt = math.Max(w*scale, leastPt), math.Max(h*scale, leastPt)
	return leaf, nil
}

// carrier is an image stream on its way into a record.
type carrier struct {
	page   *page
	opt    Options
	stream *object.Stream
	all    []object.Filter // as in the file
	last   object.Filter   // the image's own coding, "" if it has none
	undone int             // filters around it that must be taken off
	img    pipeline.Image
}

func (p *page) carrier(at content.Placed, opt Options) (*carrier, error) {
	r := p.run
	c := &carrier{page: p, opt: opt, stream: at.Image, all: r.Filters(at.Image.Dict)}
	d := at.Image.Dict
	c.img = pipeline.Image{Width: at.Width, Height: at.Height, Bits: at.Bits, Source: true}
	if at.Width <= 0 || at.Height <= 0 || at.Width > 1<<24 || at.Height > 1<<24 {
		return nil, fault.SizeBad("PDF image")
	}
	if int64(at.Width)*int64(at.Height) > opt.Pixels {
		return nil, fault.PixelsTooMany(at.Width, at.Height, opt.Pixels)
	}
	if at.Mask && !at.Black {
		return nil, errNotPDFA
	}
	c.split()
	if c.last.Name == "JPXDecode" && d["ColorSpace"] == nil {
		c.img.Color = pipeline.JPXColor
	} else if at.Mask {
		c.img.Mask, c.img.Bits, c.img.Color = true, 1, pipeline.Gray
	} else if err := c.colour(d["ColorSpace"]); err != nil {
		return nil, err
	}
	return c, c.decode(r.Numbers(d["Decode"]))
}

// split finds which filter is the image's own and how many stand around it.
func (c *carrier) split() {
	for c.undone < len(c.all) && object.Generic(c.all[c.undone]) {
		c.undone++
	}
	switch {
	case c.undone < len(c.all):
		c.last = c.all[c.undone]
	case c.undone > 0 && c.all[c.undone-1].Name == "FlateDecode":
		c.undone--
		c.last = c.all[c.undone]
	}
}

// decode takes over a Decode array that only swaps black and white.
func (c *carrier) decode(d []float64) error {
	top := 1.0
	if c.img.Color == pipeline.Indexed {
		top = float64(int(1)<<c.img.Bits - 1)
	}
	n := 1
	if c.img.Color == pipeline.RGB {
		n = 3
	}
	switch {
	case len(d) == 0, slices.Equal(d, slices.Repeat([]float64{0, top}, n)):
		return nil
	case slices.Equal(d, []float64{1, 0}) && c.img.Color == pipeline.Gray:
		c.img.Decode = d
		return nil
	}
	return errNotPDFA
}

// inverted reports whether 0 is white.
func (c *carrier) inverted() bool { return len(c.img.Decode) > 0 }

// colour reads the colour space. A calibrated one is taken for the plain one of as
// many components: the scanner's numbers stay as they are.
func (c *carrier) colour(v any) error {
	r := c.page.run
	v = r.Resolve(v)
	if n, ok := v.(object.Name); ok {
		v = []any{n}
	}
	a, _ := v.([]any)
	if len(a) == 0 {
		return errNotPDFA
	}
	switch r.Name(a[0]) {
	case "DeviceGray", "G", "CalGray":
		c.img.Color = pipeline.Gray
	case "DeviceRGB", "RGB", "CalRGB":
		c.img.Color = pipeline.RGB
	case "ICCBased":
		return c.profile(a)
	case "Indexed", "I":
		return c.indexed(a)
	default:
		return errNotPDFA
	}
	return nil
}

// profile looks into an ICC profile, whose bytes 16 to 19 name its colour space.
func (c *carrier) profile(a []any) error {
	r := c.page.run
	if len(a) < 2 {
		return errNotPDFA
	}
	s, ok := r.Resolve(a[1]).(*object.Stream)
	if !ok {
		return errNotPDFA
	}
	b, err := r.Data(s, -1, 16<<20)
	if err != nil || len(b) < 128 {
		return errNotPDFA
	}
	switch n := r.Number(s.Dict["N"], 0); {
	case n == 1 && string(b[16:20]) == "GRAY":
		c.img.Color = pipeline.Gray
	case n == 3 && string(b[16:20]) == "RGB ":
		c.img.Color = pipeline.RGB
	default:
		return errNotPDFA
	}
	return nil
}

// indexed reads a palette into RGB.
func (c *carrier) indexed(a []any) error {
	r := c.page.run
	if len(a) < 4 || c.img.Bits > 8 {
		return errNotPDFA
	}
	base := &carrier{page: c.page}
	if err := base.colour(a[1]); err != nil || base.img.Color == pipeline.Indexed {
		return errNotPDFA
	}
	table, n, channels := c.table(a[3]), int(r.Number(a[2], -1))+1, base.form().Channels
	if n < 1 || n > 256 || len(table) < n*channels {
		return errNotPDFA
	}
	for entry := range slices.Chunk(table[:n*channels], channels) {
		if channels == 1 {
			entry = slices.Repeat(entry, 3)
		}
		c.img.Palette = append(c.img.Palette, entry...)
	}
	c.img.Color = pipeline.Indexed
	return nil
}

// table gives the bytes of a palette, nil if they cannot be read.
func (c *carrier) table(v any) []byte {
	r := c.page.run
	switch t := r.Resolve(v).(type) {
	case object.Text:
		return []byte(t)
	case *object.Stream:
		if b, err := r.Data(t, -1, 1<<16); err == nil {
			return b
		}
	}
	return nil
}

// picture reads the stream and makes sure that it is whole.
func (c *carrier) picture(ctx context.Context) (*raster.Picture, error) {
	c.img.Filter = pipeline.Filter(c.last.Name)
	switch c.img.Filter {
	case pipeline.DCT:
		return c.dct()
	case pipeline.CCITT:
		return c.fax(ctx)
	case pipeline.JBIG2:
		return c.jbig2(ctx)
	case pipeline.JPX:
		return c.jpx(ctx)
	case pipeline.Flate:
		return c.flate()
	case "":
		return c.plain()
	}
	return nil, errNotPDFA
}

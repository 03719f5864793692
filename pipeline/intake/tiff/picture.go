package tiff

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"os"
	"path/filepath"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/intake/fault"
	"hoso/pipeline/intake/helper"
	jpg "hoso/pipeline/intake/jpeg"
	"hoso/pipeline/intake/raster"
)

// Options bound and place the work on a page.
type Options struct {
	Pixels  int64         // of a page
	Bytes   int64         // of one encoded image
	Scratch string        // for pages that only libtiff's own program can draw
	Time    time.Duration // that it may take
}

// A page that is not decoded by rows may have this many pixels.
const wholePixels = 100_000_000

// Picture gives page i, counted from 0. A single strip in a code that a PDF knows is
// carried as it is.
func (f *File) Picture(ctx context.Context, i int, opt Options) (*raster.Picture, error) {
	p, err := f.page(i)
	if err != nil {
		return nil, err
	}
	if int64(p.width)*int64(p.height) > opt.Pixels {
		return nil, fault.PixelsTooMany(p.width, p.height, opt.Pixels)
	}
	pic, err := f.carry(p, opt)
	if err == nil && pic == nil {
		pic, err = f.encode(p)
	}
	if errors.Is(err, errForeign) {
		pic, err = f.redraw(ctx, i, p, opt)
	}
	if err != nil {
		return nil, err
	}
	pic.Image.DPIX, pic.Image.DPIY = p.dpiX, p.dpiY
	pic.Turn, _ = jpg.Turn(p.orientation)
	return pic, nil
}

// carry gives the page's own stream, nil if it cannot be used as it is.
func (f *File) carry(p *page, opt Options) (*raster.Picture, error) {
	_, mirror := jpg.Turn(p.orientation)
	if mirror || p.planar == 2 && p.samples > 1 {
		return nil, nil //nolint:nilnil // "nothing to carry" is a plain answer here
	}
	switch {
	case p.compression == oldJPEG:
		return f.carryOldJPEG(p, opt)
	case p.tileWidth > 0:
		return nil, nil //nolint:nilnil // likewise
	case p.compression == newJPEG && p.parts() > 1:
		return f.joinJPEG(p, opt)
	case p.parts() > 1:
		return nil, nil //nolint:nilnil // likewise
	case p.counts[0] > opt.Bytes:
		return nil, fault.DataTooMuch("TIFF", opt.Bytes)
	}
	return f.carryStrip(p)
}

// carryStrip carries the only strip of a page.
func (f *File) carryStrip(p *page) (*raster.Picture, error) {
	switch p.compression {
	case group3, group4:
		return f.carryFax(p)
	case newJPEG:
		b, err := f.bytes(p.offsets[0], p.counts[0])
		if err != nil {
			return nil, err
		}
		return carryJPEG(p, b)
	case deflate, deflateAdobe:
		return f.carryFlate(p)
	}
	return nil, nil //nolint:nilnil // "nothing to carry" is a plain answer here
}

func (f *File) carryFax(p *page) (*raster.Picture, error) {
	if p.bits != 1 || p.samples != 1 || p.photometric > 1 {
		return nil, nil //nolint:nilnil // "nothing to carry" is a plain answer here
	}
	b, err := f.bytes(p.offsets[0], p.counts[0])
	if err != nil {
		return nil, err
	}
	if p.fillOrder == 2 {
		for i := range b {
			b[i] = bits.Reverse8(b[i])
		}
	}
	parms := pipeline.FaxParms{K: -1, Columns: p.width, Rows: p.height, NoEndBlock: true, BlackIs1: p.photometric == 1}
	if p.compression == group3 {
		parms.K, parms.EndOfLine = int(p.t4&1), true
	}
	pic := &raster.Picture{Carrier: b, Image: pipeline.Image{
		Filter: pipeline.CCITT, Width: p.width, Height: p.height, Bits: 1, Color: pipeline.Gray,
		Fax: parms, Source: p.fillOrder != 2,
	}}
	if int64(p.width)*int64(p.height) > wholePixels/2 && p.t4&5 == 0 {
		return pic, pic.Look(func() (raster.Rows, error) { return f.rows(p) })
	}
	pic.Readable = FaxFile(pic.Image, b)
	if err := f.whole(p); err != nil && !errors.Is(err, errForeign) {
		return nil, err
	}
	return pic, nil
}

// whole decodes all rows, to be sure that they are there.
func (f *File) whole(p *page) error {
	r, err := f.rows(p)
	if err != nil {
		return err
	}
	return raster.Each(r, func([]byte) error { return nil })
}

func (f *File) carryFlate(p *page) (*raster.Picture, error) {
	form := raster.Form{Width: p.width, Height: p.height, Bits: p.bits, Channels: p.samples, Palette: p.palette}
	switch {
	case p.photometric == 0 || p.photometric == 2 && p.samples != 3 || p.photometric > 3:
		return nil, nil //nolint:nilnil // "nothing to carry" is a plain answer here
	case p.photometric != 2 && p.samples != 1, p.bits == 16, p.predictor == 2 && p.bits != 8, p.fillOrder == 2:
		return nil, nil //nolint:nilnil // likewise
	}
	b, err := f.bytes(p.offsets[0], p.counts[0])
	if err != nil {
		return nil, err
	}
	pic := &raster.Picture{Carrier: b, Image: pipeline.Image{
		Filter: pipeline.Flate, Width: p.width, Height: p.height, Bits: p.bits, Color: form.Color(), Palette: p.palette, Source: true,
	}}
	if p.predictor == 2 {
		pic.Image.Predictor = pipeline.PredictorParms{Predictor: 2, Colors: p.samples, Bits: p.bits, Columns: p.width}
	}
	return pic, pic.Look(func() (raster.Rows, error) { return f.rows(p) })
}

// carryJPEG gives a JPEG that is the whole page, with the tables it lacks.
func carryJPEG(p *page, b []byte) (*raster.Picture, error) {
	stream, err := completeJPEG(p, b)
	if err != nil {
		return nil, err
	}
	info, err := jpg.Parse(stream)
	if err != nil {
		return nil, err
	}
	if info.Width != p.width || info.Height != p.height || info.Components == 4 || p.photometric == 0 {
		return nil, errForeign
	}
	pic := &raster.Picture{Carrier: stream, Readable: stream, Image: pipeline.Image{
		Filter: pipeline.DCT, Width: info.Width, Height: info.Height, Bits: 8, Color: pipeline.Gray,
		Source: len(stream) == len(b), // what is completed is longer
	}}
	if info.Components == 3 {
		pic.Image.Color = pipeline.RGB
	}
	return pic, nil
}

// joinJPEG makes one JPEG of the strips, if they allow it.
func (f *File) joinJPEG(p *page, opt Options) (*raster.Picture, error) {
	total := int64(0)
	strips := make([][]byte, p.parts())
	for i := range strips {
		if total += p.counts[i]; total > opt.Bytes {
			return nil, fault.DataTooMuch("TIFF", opt.Bytes)
		}
		b, err := f.bytes(p.offsets[i], p.counts[i])
		if err != nil {
			return nil, err
		}
		strips[i] = b
	}
	b, ok := jpg.Join(strips, p.height)
	if !ok {
		return nil, nil //nolint:nilnil // "nothing to carry" is a plain answer here
	}
	pic, err := carryJPEG(p, b)
	if err == nil {
		pic.Image.Source = false
	}
	return pic, err
}

// completeJPEG puts the tables and the colour transform that the page states into a
// JPEG that does not state them itself.
func completeJPEG(p *page, b []byte) ([]byte, error) {
	transform := p.transform()
	if info, err := jpg.Parse(b); err == nil && (info.Adobe >= 0 || transform == 1 || info.JFIF) {
		transform = -1 // it says so itself, or it is the default
	}
	if len(p.tables) <= 4 && transform < 0 {
		return b, nil
	}
	return jpg.Merge(p.tables, b, transform)
}

// carryOldJPEG takes the whole JPEG file that many writers of the old form put in.
func (f *File) carryOldJPEG(p *page, opt Options) (*raster.Picture, error) {
	if p.oldOffset == 0 || p.oldSize == 0 || p.oldSize > opt.Bytes {
		return nil, errForeign
	}
	b, err := f.bytes(p.oldOffset, p.oldSize)
	if err != nil {
		return nil, err
	}
	if _, err := jpg.Parse(b); err != nil {
		return nil, errForeign
	}
	return carryJPEG(p, b)
}

// encode decodes by rows and codes anew: without loss, but for photographs that
// were JPEG before.
func (f *File) encode(p *page) (*raster.Picture, error) {
	open := func() (raster.Rows, error) {
		r, err := f.rows(p)
		if err != nil {
			return nil, err
		}
		if _, mirror := jpg.Turn(p.orientation); mirror {
			r = raster.Mirror(r)
		}
		return r, nil
	}
	if p.compression != newJPEG {
		return raster.Encode(open)
	}
	if int64(p.width)*int64(p.height) > wholePixels {
		return nil, fault.PixelsTooMany(p.width, p.height, wholePixels)
	}
	r, err := open()
	if err != nil {
		return nil, err
	}
	return raster.Photo(r)
}

// redraw has libtiff's own program draw the page.
func (f *File) redraw(ctx context.Context, i int, p *page, opt Options) (*raster.Picture, error) {
	if int64(p.width)*int64(p.height) > wholePixels {
		return nil, fault.PixelsTooMany(p.width, p.height, wholePixels)
	}
	dir, err := os.MkdirTemp(opt.Scratch, "tiff-")
	if err != nil {
		return nil, &pipeline.Unavailable{What: "scratch space", Err: err}
	}
	defer os.RemoveAll(dir) //nolint:errcheck // whoever owns the scratch space clears it in the end
	if err := f.single(filepath.Join(dir, "in.tif"), i); err != nil {
		return nil, err
	}
	_, err = helper.Output(ctx, helper.Job{Name: "tiff2rgba", Args: []string{"-c", "packbits", "in.tif", "out.tif"}, Dir: dir, Time: opt.Time})
	if helper.Code(err) != 0 {
		return nil, fault.Feature("TIFF", err)
	}
	if err != nil {
		return nil, err //nolint:wrapcheck // it says all
	}
	canvas, err := p.drawn(filepath.Join(dir, "out.tif"))
	if err != nil {
		return nil, err
	}
	pic, err := raster.Exact(canvas)
	if err != nil {
		return nil, err //nolint:wrapcheck // it says all
	}
	p.orientation = 1 // the program has turned it
	return pic, nil
}

// drawn reads what tiff2rgba made of the page.
func (p *page) drawn(path string) (*raster.Memory, error) {
	out, err := os.Open(path) //nolint:gosec // a path of our own folder
	if err != nil {
		return nil, fault.Feature("TIFF", errors.New("tiff2rgba left no image"))
	}
	defer out.Close() //nolint:errcheck // only read
	info, err := out.Stat()
	if err != nil {
		return nil, fmt.Errorf("reading TIFF: %w", err)
	}
	drawn, err := Open(out, info.Size(), 1)
	if err != nil {
		return nil, err
	}
	q, err := drawn.page(0)
	if err != nil {
		return nil, err
	}
	if q.compression == oldJPEG || q.width != p.width || q.height != p.height {
		return nil, fault.Feature("TIFF", errors.New("tiff2rgba drew something else"))
	}
	rows, err := drawn.rows(q)
	if errors.Is(err, errForeign) {
		return nil, fault.Feature("TIFF", err)
	}
	if err != nil {
		return nil, err
	}
	return raster.Whole(rows) //nolint:wrapcheck // it says all
}

// single copies the file to path with page i as its first directory.
func (f *File) single(path string, i int) error {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600) //nolint:gosec // a path of our own folder
	if err != nil {
		return &pipeline.Unavailable{What: "scratch space", Err: err}
	}
	buf := make([]byte, 1<<20)
	for at := int64(0); at < f.size; at += int64(len(buf)) {
		n, _ := f.r.ReadAt(buf, at) // a short last piece comes with io.EOF
		piece := buf[:n]
		if at == 0 && f.big {
			f.order.PutUint64(piece[8:], uint64(f.pages[i])) //nolint:gosec // not negative
		} else if at == 0 {
			f.order.PutUint32(piece[4:], uint32(f.pages[i])) //nolint:gosec // below 4 GiB
		}
		if _, err := out.Write(piece); err != nil {
			return errors.Join(&pipeline.Unavailable{What: "scratch space", Err: err}, out.Close())
		}
	}
	if err := out.Close(); err != nil {
		return &pipeline.Unavailable{What: "scratch space", Err: err}
	}
	return nil
}

// FaxFile wraps a CCITT stream into a TIFF file that image programs read.
func FaxFile(img pipeline.Image, stream []byte) []byte {
	var b bytes.Buffer
	b.WriteString("II*\x00\x08\x00\x00\x00")
	compression, t4 := uint32(group4), uint32(0)
	if img.Fax.K >= 0 {
		compression = group3
	}
	if img.Fax.K > 0 {
		t4 = 1
	}
	if img.Fax.K >= 0 && img.Fax.ByteAlign {
		compression = huffman
	}
	photometric := uint32(0)
	if img.Fax.BlackIs1 {
		photometric = 1
	}
	width, height, size := uint32(img.Width), uint32(img.Height), uint32(len(stream)) //nolint:gosec // below 2³¹
	entries := [][2]uint32{
		{tagWidth, width},
		{tagHeight, height},
		{tagBits, 1},
		{tagCompression, compression},
		{tagPhotometric, photometric},
		{tagOffsets, 8 + 2 + 10*12 + 4},
		{tagSamples, 1},
		{tagRowsPer, height},
		{tagCounts, size},
		{tagT4Options, t4},
	}
	put := func(v any) { _ = binary.Write(&b, binary.LittleEndian, v) } // a Buffer does not fail
	put(uint16(len(entries)))                                           //nolint:gosec // ten
	for _, e := range entries {
		put(uint16(e[0])) //nolint:gosec // a tag
		put(uint16(4))
		put(uint32(1))
		put(e[1])
	}
	put(uint32(0))
	b.Write(stream)
	return b.Bytes()
}

package tiff

import (
	"fmt"

	"hoso/pipeline/intake/fault"
)

// The tags that matter (TIFF 6.0, Technical Note 2 for JPEG).
const (
	tagSubfile     = 254
	tagWidth       = 256
	tagHeight      = 257
	tagBits        = 258
	tagCompression = 259
	tagPhotometric = 262
	tagFillOrder   = 266
	tagMake        = 271
	tagModel       = 272
	tagOffsets     = 273
	tagOrientation = 274
	tagSamples     = 277
	tagRowsPer     = 278
	tagCounts      = 279
	tagXRes        = 282
	tagYRes        = 283
	tagPlanar      = 284
	tagT4Options   = 292
	tagResUnit     = 296
	tagSoftware    = 305
	tagPredictor   = 317
	tagColorMap    = 320
	tagTileWidth   = 322
	tagTileHeight  = 323
	tagTileOffsets = 324
	tagTileCounts  = 325
	tagFormat      = 339
	tagTables      = 347
	tagOldJPEG     = 513
	tagOldJPEGSize = 514
)

// The compressions.
const (
	plain        = 1
	huffman      = 2
	group3       = 3
	group4       = 4
	lzwCode      = 5
	oldJPEG      = 6
	newJPEG      = 7
	deflate      = 8
	deflateAdobe = 32946
	packBits     = 32773
)

// page is one directory with its numbers read.
type page struct {
	width, height, bits, samples int
	compression, photometric     int
	fillOrder, planar, predictor int
	orientation, format          int
	t4                           int64
	rows                         int // of a strip or tile
	tileWidth                    int // 0 for strips
	offsets, counts              []int64
	tables                       []byte
	palette                      []byte
	dpiX, dpiY                   float64
	oldOffset, oldSize           int64
}

// page reads the directory of page i, counted from 0.
func (f *File) page(i int) (*page, error) {
	d, _, err := f.directory(f.pages[i])
	if err != nil {
		return nil, err
	}
	num := func(tag uint16, otherwise int64) int {
		if v, ok := f.number(d[tag]); ok && v >= 0 && v < 1<<31 {
			return int(v)
		}
		return int(otherwise)
	}
	p := &page{
		width: num(tagWidth, 0), height: num(tagHeight, 0), samples: num(tagSamples, 1),
		compression: num(tagCompression, plain), photometric: num(tagPhotometric, 0),
		fillOrder: num(tagFillOrder, 1), planar: num(tagPlanar, 1), predictor: num(tagPredictor, 1),
		orientation: num(tagOrientation, 1), format: num(tagFormat, 1), t4: int64(num(tagT4Options, 0)),
		tileWidth: num(tagTileWidth, 0),
		oldOffset: int64(num(tagOldJPEG, 0)), oldSize: int64(num(tagOldJPEGSize, 0)),
	}
	if p.width == 0 || p.height == 0 || p.width > 1<<24 || p.height > 1<<24 {
		return nil, fault.SizeBad(fmt.Sprintf("TIFF %d × %d", p.width, p.height))
	}
	p.rows = min(num(tagRowsPer, int64(p.height)), p.height)
	if p.rows == 0 {
		p.rows = p.height
	}
	if err := f.depth(p, d); err != nil {
		return nil, err
	}
	return p, f.places(p, d)
}

// depth reads what is said of the samples and of the resolution.
func (f *File) depth(p *page, d map[uint16]field) error {
	bits, err := f.numbers(d[tagBits])
	if err != nil {
		return err
	}
	p.bits = 1
	for i, b := range bits {
		if i > 0 && int(b) != p.bits {
			return fault.Feature("TIFF with samples of different depth", nil)
		}
		p.bits = int(b)
	}
	if p.photometric == 3 {
		if err := f.colours(p, d[tagColorMap]); err != nil {
			return err
		}
	}
	if p.tables, _, err = f.data(d[tagTables]); err != nil {
		return err
	}
	p.dpiX, p.dpiY = f.ratio(d[tagXRes]), f.ratio(d[tagYRes])
	switch unit, ok := f.number(d[tagResUnit]); {
	case ok && unit == 1:
		p.dpiX, p.dpiY = 0, 0
	case ok && unit == 3:
		p.dpiX, p.dpiY = p.dpiX*2.54, p.dpiY*2.54
	}
	return nil
}

func (f *File) colours(p *page, fl field) error {
	m, err := f.numbers(fl)
	if err != nil {
		return err
	}
	n := len(m) / 3
	if n == 0 || n > 256 || p.bits > 8 || n != 1<<p.bits {
		return fault.Broken("TIFF", fmt.Errorf("a palette of %d colours for %d bits", n, p.bits))
	}
	shift := 0
	for _, v := range m {
		if v > 255 {
			shift = 8
		}
	}
	for i := range n {
		p.palette = append(p.palette, byte(m[i]>>shift), byte(m[n+i]>>shift), byte(m[2*n+i]>>shift))
	}
	return nil
}

// places reads where the strips or tiles lie.
func (f *File) places(p *page, d map[uint16]field) error {
	offsets, counts := d[tagOffsets], d[tagCounts]
	if p.tileWidth > 0 {
		offsets, counts = d[tagTileOffsets], d[tagTileCounts]
		h, _ := f.number(d[tagTileHeight])
		if h <= 0 || h > 1<<16 || p.tileWidth > 1<<16 {
			return fault.Broken("TIFF", fmt.Errorf("tiles of %d × %d", p.tileWidth, h))
		}
		p.rows = int(h)
	}
	var err error
	if p.offsets, err = f.numbers(offsets); err != nil {
		return err
	}
	if p.counts, err = f.numbers(counts); err != nil {
		return err
	}
	if p.compression == oldJPEG {
		return nil // places of its own
	}
	if len(p.counts) == 0 && len(p.offsets) == 1 {
		p.counts = []int64{f.size - p.offsets[0]}
	}
	return f.inside(p)
}

// inside makes sure that all strips or tiles are there.
func (f *File) inside(p *page) error {
	if want := p.parts(); len(p.offsets) < want || len(p.counts) < want {
		return fault.Broken("TIFF", fmt.Errorf("%d of %d strips", min(len(p.offsets), len(p.counts)), want))
	}
	for i := range p.parts() {
		if o, n := p.offsets[i], p.counts[i]; o < 0 || n < 0 || o > f.size-n {
			return fault.Cut("TIFF", fmt.Errorf("strip %d lies outside the file", i))
		}
	}
	return nil
}

// across is the number of tiles side by side, 1 for strips.
func (p *page) across() int {
	if p.tileWidth == 0 {
		return 1
	}
	return (p.width + p.tileWidth - 1) / p.tileWidth
}

// parts is the number of strips or tiles.
func (p *page) parts() int {
	n := p.across() * ((p.height + p.rows - 1) / p.rows)
	if p.planar == 2 {
		n *= p.samples
	}
	return n
}

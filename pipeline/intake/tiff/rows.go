package tiff

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"image/jpeg"
	"io"
	"math/bits"

	"golang.org/x/image/ccitt"
	"golang.org/x/image/tiff/lzw"

	"hoso/pipeline/intake/fault"
	jpg "hoso/pipeline/intake/jpeg"
	"hoso/pipeline/intake/raster"
)

// errForeign is returned for a page that only libtiff's own program can draw.
var errForeign = errors.New("a rare form of TIFF")

// rows decodes a page strip by strip, or one row of tiles after another.
type rows struct {
	f     *File
	p     *page
	form  raster.Form
	in    []byte    // a row as stored
	strip io.Reader // what is left of the current strip
	band  []byte    // decoded tiles or JPEG strip
	y     int
}

func (f *File) rows(p *page) (raster.Rows, error) {
	channels := p.channels()
	if channels == 0 || p.foreign() {
		return nil, errForeign
	}
	r := &rows{f: f, p: p, form: raster.Form{Width: p.width, Height: p.height, Bits: p.bits, Channels: channels, Palette: p.palette}}
	r.in = make([]byte, r.stored(p.width))
	if r.banded() && int64(r.bandStride())*int64(p.rows) > 512<<20 {
		return nil, fault.DataTooMuch("TIFF", 512<<20)
	}
	return r, nil
}

// foreign reports whether the page is stored in a way that is not decoded here.
func (p *page) foreign() bool {
	switch {
	case p.format != 1, p.planar == 2 && p.samples > 1, p.predictor > 2, p.compression == oldJPEG:
		return true
	case p.compression == group3 && p.t4&5 != 0: // in two dimensions, or with fill bits
		return true
	}
	switch p.bits {
	case 1, 2, 4:
		return p.samples > 1
	case 8, 16:
		return false
	}
	return true
}

// channels is the number of components that the rows will have, 0 if their colours
// are not understood here.
func (p *page) channels() int {
	switch {
	case p.photometric == 2 && p.samples >= 3, p.compression == newJPEG && p.samples == 3:
		return 3
	case p.photometric == 5 && p.samples >= 4 && p.bits == 8 && p.compression != newJPEG:
		return 3
	case p.photometric <= 1 && p.samples <= 2, p.photometric == 3 && p.samples == 1:
		return 1
	}
	return 0
}

// stored is the number of bytes of n pixels side by side as stored.
func (r *rows) stored(n int) int { return (n*r.p.samples*r.p.bits + 7) / 8 }

func (r *rows) banded() bool { return r.p.tileWidth > 0 || r.p.compression == newJPEG }

func (r *rows) bandStride() int {
	if r.p.tileWidth > 0 {
		return r.stored(r.p.tileWidth) * r.p.across()
	}
	return r.stored(r.p.width)
}

func (r *rows) Form() raster.Form { return r.form }

func (r *rows) Next(row []byte) error {
	if r.y >= r.p.height {
		return io.EOF
	}
	if r.y%r.p.rows == 0 {
		if err := r.begin(r.y / r.p.rows); err != nil {
			return err
		}
	}
	if r.banded() {
		at := r.y % r.p.rows * r.bandStride()
		copy(r.in, r.band[at:at+r.bandStride()])
	} else if _, err := io.ReadFull(r.strip, r.in); err != nil {
		return fault.Unread("TIFF", err)
	} else if r.p.predictor == 2 {
		undo(r.in, r.p, r.f.order)
	}
	r.y++
	r.emit(row)
	return nil
}

// begin opens strip i, or decodes the tiles of band i.
func (r *rows) begin(i int) error {
	if !r.banded() {
		var err error
		r.strip, err = r.open(i, r.p.width)
		return err
	}
	if r.band == nil {
		r.band = make([]byte, r.bandStride()*r.p.rows)
	}
	clear(r.band)
	width := r.p.width
	if r.p.tileWidth > 0 {
		width = r.p.tileWidth
	}
	for k := range r.p.across() {
		if err := r.tile(i*r.p.across()+k, k*r.stored(width), width); err != nil {
			return err
		}
	}
	return nil
}

// tile decodes part i into the band, from byte column at.
func (r *rows) tile(i, at, width int) error {
	if r.p.compression == newJPEG {
		return r.jpegTile(i, at, width)
	}
	src, err := r.open(i, width)
	if err != nil {
		return err
	}
	n, stride := r.stored(width), r.bandStride()
	for y := range r.p.rows {
		to := r.band[y*stride+at : y*stride+at+n]
		if _, err := io.ReadFull(src, to); err != nil {
			if r.p.tileWidth == 0 && y >= r.p.height%r.p.rows {
				break // the last strip is shorter
			}
			return fault.Unread("TIFF", err)
		}
		if r.p.predictor == 2 {
			undo(to, r.p, r.f.order)
		}
	}
	return nil
}

func (r *rows) jpegTile(i, at, width int) error {
	b, err := r.f.bytes(r.p.offsets[i], r.p.counts[i])
	if err != nil {
		return err
	}
	b, err = jpg.Merge(r.p.tables, b, r.p.transform())
	if err != nil {
		return err
	}
	info, err := jpg.Parse(b)
	if err != nil {
		return err
	}
	if info.Width > width+16 || info.Height > r.p.rows+16 {
		return fault.Broken("TIFF", fmt.Errorf("a strip of %d × %d", info.Width, info.Height))
	}
	img, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		return fault.Unread("TIFF", err)
	}
	m := raster.FromImage(img)
	if m.Form().Channels != r.p.samples {
		return errForeign
	}
	stride, n, y := r.bandStride(), min(m.Form().Stride(), r.stored(width)), 0
	return raster.Each(m, func(row []byte) error {
		if y < r.p.rows {
			copy(r.band[y*stride+at:], row[:n])
			y++
		}
		return nil
	})
}

// transform is the colour transform that the JPEG strips of p need to be told, -1
// for none.
func (p *page) transform() int {
	switch {
	case p.samples == 3 && p.photometric == 2:
		return 0
	case p.samples == 3 && p.photometric == 6:
		return 1
	}
	return -1
}

// open gives the decompressed bytes of part i.
func (r *rows) open(i, width int) (io.Reader, error) {
	var src io.Reader = bufio.NewReaderSize(io.NewSectionReader(r.f.r, r.p.offsets[i], r.p.counts[i]), 32<<10)
	if r.p.fillOrder == 2 && r.p.compression != newJPEG {
		src = reversed{src}
	}
	height := min(r.p.rows, r.p.height-i/r.p.across()*r.p.rows)
	if r.p.tileWidth > 0 {
		height = r.p.rows
	}
	// In these streams black is 1, as a TIFF of WhiteIsZero has it.
	opts := &ccitt.Options{Invert: true}
	switch r.p.compression {
	case plain:
		return src, nil
	case huffman:
		opts.Align = true
		return ccitt.NewReader(src, ccitt.MSB, ccitt.Group3, width, height, opts), nil
	case group3:
		return ccitt.NewReader(src, ccitt.MSB, ccitt.Group3, width, height, opts), nil
	case group4:
		return ccitt.NewReader(src, ccitt.MSB, ccitt.Group4, width, height, opts), nil
	case lzwCode:
		return lzw.NewReader(src, lzw.MSB, 8), nil
	case deflate, deflateAdobe:
		z, err := zlib.NewReader(src)
		if err != nil {
			return nil, fault.Unread("TIFF", err)
		}
		return z, nil
	case packBits:
		return &unpack{src: src.(io.ByteReader)}, nil //nolint:forcetypeassert // both kinds above are
	}
	return nil, fault.Feature(fmt.Sprintf("TIFF compression %d", r.p.compression), nil)
}

// reversed turns the order of the bits in each byte.
type reversed struct{ r io.Reader }

func (v reversed) Read(b []byte) (int, error) {
	n, err := v.r.Read(b)
	for i := range b[:n] {
		b[i] = bits.Reverse8(b[i])
	}
	return n, err //nolint:wrapcheck // io.EOF must stay itself
}

func (v reversed) ReadByte() (byte, error) {
	var b [1]byte
	_, err := io.ReadFull(v, b[:])
	return b[0], err //nolint:wrapcheck // io.EOF must stay itself
}

// unpack undoes PackBits.
type unpack struct {
	src   io.ByteReader
	left  int
	same  bool
	value byte
}

func (u *unpack) Read(b []byte) (int, error) {
	for i := range b {
		for u.left == 0 {
			c, err := u.src.ReadByte()
			if err != nil {
				return i, err //nolint:wrapcheck // io.EOF must stay itself
			}
			switch {
			case c < 128:
				u.left, u.same = int(c)+1, false
			case c > 128:
				u.left, u.same = 257-int(c), true
				if u.value, err = u.src.ReadByte(); err != nil {
					return i, err //nolint:wrapcheck // likewise
				}
			}
		}
		if !u.same {
			v, err := u.src.ReadByte()
			if err != nil {
				return i, err //nolint:wrapcheck // likewise
			}
			u.value = v
		}
		b[i] = u.value
		u.left--
	}
	return len(b), nil
}

// undo reverses horizontal differencing.
func undo(row []byte, p *page, order binary.ByteOrder) {
	n := p.samples
	switch p.bits {
	case 8:
		for i := n; i < len(row); i++ {
			row[i] += row[i-n]
		}
	case 16:
		for i := 2 * n; i+1 < len(row); i += 2 {
			order.PutUint16(row[i:], order.Uint16(row[i:])+order.Uint16(row[i-2*n:]))
		}
	}
}

// emit writes the stored row in the form a PDF wants.
func (r *rows) emit(out []byte) {
	p := r.p
	if p.bits == 16 && r.f.order == binary.ByteOrder(binary.LittleEndian) {
		for i := 0; i+1 < len(r.in); i += 2 {
			r.in[i], r.in[i+1] = r.in[i+1], r.in[i]
		}
	}
	switch {
	case p.photometric == 5 && p.compression != newJPEG:
		for x := range p.width {
			c := r.in[x*p.samples:]
			for k := range 3 {
				out[3*x+k] = byte((255 - int(c[k])) * (255 - int(c[3])) / 255)
			}
		}
	case p.samples > r.form.Channels:
		r.drop(out)
	default:
		copy(out, r.in)
	}
	if p.photometric == 0 && p.palette == nil {
		for i := range out {
			out[i] = ^out[i]
		}
	}
}

// drop lays samples with alpha on white and leaves out what else there is.
func (r *rows) drop(out []byte) {
	ch, n, size := r.form.Channels, r.p.samples, r.p.bits/8
	for x := range r.p.width {
		px := r.in[x*n*size:]
		alpha := int(px[ch*size])
		for c := range ch {
			for k := range size {
				v := int(px[c*size+k])
				if size == 1 { // colours are already multiplied by alpha
					v = min(255, v+255-alpha)
				}
				out[(x*ch+c)*size+k] = byte(v)
			}
		}
	}
}

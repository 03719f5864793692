package raster

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image/png"
	"io"
	"slices"

	"hoso/pipeline/intake/fault"
)

// PNG reads a PNG file row by row.
type PNG struct {
	form       Form
	kind       byte // colour type
	interlaced bool
	clear      []byte // tRNS
	DPIX, DPIY float64

	in     *bufio.Reader
	left   int64 // bytes of the current chunk
	sum    uint32
	inData bool
	sink   io.Writer
	z      io.ReadCloser
	y      int
	cur    []byte // filter byte and row as stored
	above  []byte
}

// OpenPNG reads the head of a PNG file. What follows is read by Next; the bytes of
// its compressed stream are copied to sink on the way, if there is one.
func OpenPNG(r io.Reader, sink io.Writer) (*PNG, error) {
	p := &PNG{in: bufio.NewReaderSize(r, 64<<10), sink: sink}
	var sig [8]byte
	if _, err := io.ReadFull(p.in, sig[:]); err != nil || string(sig[:]) != "\x89PNG\r\n\x1a\n" {
		return nil, fault.Broken("PNG", err)
	}
	for first := true; ; first = false {
		name, err := p.chunk()
		if err != nil {
			return nil, err
		}
		if first != (name == "IHDR") {
			return nil, fault.Broken("PNG", errors.New("IHDR is not the first chunk"))
		}
		if name == "IDAT" {
			return p, p.begin()
		}
		if err := p.header(name); err != nil {
			return nil, err
		}
	}
}

// chunk reads the head of the next chunk.
func (p *PNG) chunk() (string, error) {
	var h [8]byte
	if _, err := io.ReadFull(p.in, h[:]); err != nil {
		return "", fault.Cut("PNG", err)
	}
	p.left = int64(binary.BigEndian.Uint32(h[:]))
	if p.left > 1<<31 {
		return "", fault.Broken("PNG", errors.New("impossible chunk length"))
	}
	p.sum = crc32.ChecksumIEEE(h[4:])
	return string(h[4:]), nil
}

// header takes in a chunk that stands before the data.
func (p *PNG) header(name string) error {
	if p.left > 1<<20 || !slices.Contains([]string{"IHDR", "PLTE", "tRNS", "pHYs"}, name) {
		return p.skip(name)
	}
	data := make([]byte, p.left)
	if _, err := io.ReadFull(p.in, data); err != nil {
		return fault.Cut("PNG", err)
	}
	p.sum = crc32.Update(p.sum, crc32.IEEETable, data)
	if err := p.check(); err != nil {
		return err
	}
	switch name {
	case "IHDR":
		return p.ihdr(data)
	case "PLTE":
		if p.kind == 3 {
			p.form.Palette = data[:len(data)/3*3]
		}
	case "tRNS":
		p.clear = data
	case "pHYs":
		if len(data) == 9 && data[8] == 1 {
			p.DPIX = float64(binary.BigEndian.Uint32(data)) * 0.0254
			p.DPIY = float64(binary.BigEndian.Uint32(data[4:])) * 0.0254
		}
	}
	return nil
}

// skip leaves out a chunk that need not be understood.
func (p *PNG) skip(name string) error {
	if name[0]&0x20 == 0 { // critical
		return fault.Broken("PNG", fmt.Errorf("unexpected chunk %q", name))
	}
	if _, err := io.CopyN(io.Discard, p.in, p.left+4); err != nil {
		return fault.Cut("PNG", err)
	}
	return nil
}

func (p *PNG) check() error {
	var sum [4]byte
	if _, err := io.ReadFull(p.in, sum[:]); err != nil {
		return fault.Cut("PNG", err)
	}
	if binary.BigEndian.Uint32(sum[:]) != p.sum {
		return fault.Broken("PNG", errors.New("a chunk's checksum is wrong"))
	}
	return nil
}

func (p *PNG) ihdr(b []byte) error {
	if len(b) != 13 || b[10] != 0 || b[11] != 0 || b[12] > 1 {
		return fault.Broken("PNG", errors.New("bad IHDR"))
	}
	w, h := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	if w == 0 || h == 0 || w > 1<<24 || h > 1<<24 {
		return fault.SizeBad(fmt.Sprintf("%d × %d", w, h))
	}
	p.form = Form{Width: int(w), Height: int(h), Bits: int(b[8]), Channels: 1}
	p.kind, p.interlaced = b[9], b[12] == 1
	allowed := map[byte]string{0: "\x01\x02\x04\x08\x10", 2: "\x08\x10", 3: "\x01\x02\x04\x08", 4: "\x08\x10", 6: "\x08\x10"}[p.kind]
	if !bytes.Contains([]byte(allowed), b[8:9]) {
		return fault.Broken("PNG", errors.New("bad colour type or depth"))
	}
	if p.kind == 2 || p.kind == 6 {
		p.form.Channels = 3
	}
	return nil
}

func (p *PNG) begin() error {
	if p.form.Width == 0 || p.kind == 3 && len(p.form.Palette) == 0 {
		return fault.Broken("PNG", errors.New("no palette"))
	}
	p.inData = true
	n := (p.form.Width*p.form.Bits*p.stored() + 7) / 8
	p.cur, p.above = make([]byte, n+1), make([]byte, n+1)
	return nil
}

// stored is the number of components in the file, alpha included.
func (p *PNG) stored() int {
	switch p.kind {
	case 4:
		return 2
	case 6:
		return 4
	}
	return p.form.Channels
}

// Plain reports whether the compressed stream can stand in a PDF as it is.
func (p *PNG) Plain() bool {
	return !p.interlaced && p.kind != 4 && p.kind != 6 && p.clear == nil
}

// Interlaced reports whether the rows do not come from top to bottom: Next cannot
// be used, see Whole.
func (p *PNG) Interlaced() bool { return p.interlaced }

// Form is the shape of the rows that Next gives: with transparency laid on white,
// in 8 bits and without a palette.
func (p *PNG) Form() Form {
	f := p.form
	if p.clear != nil || p.kind == 4 || p.kind == 6 {
		f.Bits = 8
		if f.Palette != nil {
			f.Channels, f.Palette = 3, nil
		}
	}
	return f
}

// Read gives the compressed stream: the payloads of the IDAT chunks.
func (p *PNG) Read(b []byte) (int, error) {
	for p.left == 0 {
		if !p.inData {
			return 0, io.EOF
		}
		if err := p.check(); err != nil {
			return 0, err
		}
		name, err := p.chunk()
		if err != nil {
			return 0, err
		}
		p.inData = name == "IDAT"
	}
	if !p.inData {
		return 0, io.EOF
	}
	n, err := p.in.Read(b[:min(int64(len(b)), p.left)])
	p.left -= int64(n)
	p.sum = crc32.Update(p.sum, crc32.IEEETable, b[:n])
	if p.sink != nil {
		if _, err := p.sink.Write(b[:n]); err != nil {
			return n, fmt.Errorf("keeping the stream: %w", err)
		}
	}
	if errors.Is(err, io.EOF) {
		err = fault.Cut("PNG", io.ErrUnexpectedEOF)
	}
	return n, err //nolint:wrapcheck // io.EOF must stay itself
}

// Next gives the next row, or io.EOF once the stream has ended well.
func (p *PNG) Next(row []byte) error {
	if p.z == nil {
		z, err := zlib.NewReader(p)
		if err != nil {
			return fault.Unread("PNG", err)
		}
		p.z = z
	}
	if p.y == p.form.Height {
		// Reading on to the end has the checksum compared and the sink filled.
		if _, err := io.CopyN(io.Discard, p.z, 1<<16); err != nil && !errors.Is(err, io.EOF) {
			return fault.Unread("PNG", err)
		}
		if _, err := io.Copy(io.Discard, p); err != nil {
			return fault.Unread("PNG", err)
		}
		return io.EOF
	}
	if _, err := io.ReadFull(p.z, p.cur); err != nil {
		return fault.Unread("PNG", err)
	}
	if err := Unfilter(p.cur, p.above, max(1, p.stored()*p.form.Bits/8)); err != nil {
		return fault.Broken("PNG", err)
	}
	p.emit(row, p.cur[1:])
	p.cur, p.above = p.above, p.cur
	p.y++
	return nil
}

// Unfilter undoes the predictor of one row of PNG, in place; cur and above begin
// with their filter byte.
func Unfilter(cur, above []byte, bpp int) error {
	row, up := cur[1:], above[1:]
	switch cur[0] {
	case 0:
	case 1:
		for i := bpp; i < len(row); i++ {
			row[i] += row[i-bpp]
		}
	case 2:
		for i := range row {
			row[i] += up[i]
		}
	case 3:
		for i := range row {
			left := 0
			if i >= bpp {
				left = int(row[i-bpp])
			}
			row[i] += byte((left + int(up[i])) / 2)
		}
	case 4:
		for i := range row {
			var a, c byte
			if i >= bpp {
				a, c = row[i-bpp], up[i-bpp]
			}
			row[i] += paeth(a, up[i], c)
		}
	default:
		return fmt.Errorf("row filter %d", cur[0])
	}
	return nil
}

// emit writes the stored row to out in the shape of Form.
func (p *PNG) emit(out, in []byte) {
	switch {
	case p.kind == 4 || p.kind == 6:
		p.flatten(out, in)
	case p.clear == nil:
		copy(out, in)
	case p.kind == 3:
		p.clearIndex(out, in)
	default:
		p.clearColour(out, in)
	}
}

func (p *PNG) flatten(out, in []byte) {
	ch, size := p.form.Channels, p.form.Bits/8
	for x := range p.form.Width {
		px := in[x*(ch+1)*size:]
		alpha := int(px[ch*size])
		for c := range ch {
			out[x*ch+c] = over(int(px[c*size]), alpha)
		}
	}
}

func over(v, alpha int) byte { return byte((v*alpha + 255*(255-alpha) + 127) / 255) }

func (p *PNG) clearIndex(out, in []byte) {
	for x := range p.form.Width {
		i := sample(in, x, p.form.Bits)
		alpha := 255
		if i < len(p.clear) {
			alpha = int(p.clear[i])
		}
		for c := range 3 {
			v := 0
			if 3*i+c < len(p.form.Palette) {
				v = int(p.form.Palette[3*i+c])
			}
			out[3*x+c] = over(v, alpha)
		}
	}
}

// clearColour makes pixels of the one transparent colour white.
func (p *PNG) clearColour(out, in []byte) {
	ch, bits := p.form.Channels, p.form.Bits
	for x := range p.form.Width {
		through := len(p.clear) >= 2*ch
		for c := range ch {
			i := x*ch + c
			v := 0
			if bits == 16 {
				v = int(in[2*i])<<8 | int(in[2*i+1])
				out[i] = byte(v >> 8)
			} else {
				v = sample(in, i, bits)
				out[i] = byte(v * 255 / (1<<bits - 1))
			}
			if through && v != int(p.clear[2*c])<<8|int(p.clear[2*c+1]) {
				through = false
			}
		}
		if through {
			for c := range ch {
				out[x*ch+c] = 255
			}
		}
	}
}

// Interlaced decodes an interlaced PNG, which cannot be done by rows.
func Interlaced(r io.Reader) (Rows, error) {
	img, err := png.Decode(r)
	if err != nil {
		return nil, fault.Unread("PNG", err)
	}
	return FromImage(img), nil
}

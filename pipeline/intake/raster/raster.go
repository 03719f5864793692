// Package raster moves images a row at a time, so that a sheet of a thousand
// megapixels costs no more memory than a few of its rows: rows are decoded, made
// smaller, and encoded again as they pass. What has to be encoded anew without loss
// takes the form of fewest bits that shows the same pixels, and then the code that
// gave the fewest bytes for the time, over drawn pages of A4 at 300 dpi and scans:
//
//	black and white, text     JBIG2 16–26 KB, 6–9 ms; Group 4 21–34 KB, 2 ms; Flate 44–67 KB, 4 ms
//	  the same, noisy         JBIG2 345 KB, 60 ms; Group 4 695 KB; Flate 450 KB
//	  dithered, screened      JBIG2 17–150 KB; Group 4 313–1,500 KB; Flate 25–340 KB
//	colour, no noise          858 KB, 120 ms; by PNG's sum of differences 991 KB, 420 ms
//	colour, sensor's noise    7.4 MB, 350 ms; likewise 11.0 MB, 900 ms
//	colour, scanned           3.3 MB, 300 ms; likewise 3.3 MB, 490 ms; level 9: 3.1 MB, 2.8 s
//	gray stored as colour     as gray 417 KB; as colour 866 KB
//
// JBIG2 was the smallest for every black-and-white image tried, so there is no other
// path for them. Photographs that were JPEG before become JPEG of quality 92 again.
package raster

import (
	"errors"
	"fmt"
	"io"

	"hoso/pipeline"
)

// Form is the shape of an image and of its rows.
type Form struct {
	Width, Height int
	Bits          int    // per component: 1, 2, 4, 8 or 16
	Channels      int    // 1 (gray or index) or 3 (RGB)
	Palette       []byte // RGB triples; then a row holds indices
}

// Stride is the number of bytes of a row.
func (f Form) Stride() int { return (f.Width*f.Bits*f.Channels + 7) / 8 }

// Pixels is the number of pixels.
func (f Form) Pixels() int64 { return int64(f.Width) * int64(f.Height) }

// Color is the colour space in which a PDF shows such rows.
func (f Form) Color() pipeline.ColorSpace {
	switch {
	case f.Palette != nil:
		return pipeline.Indexed
	case f.Channels == 3:
		return pipeline.RGB
	}
	return pipeline.Gray
}

// Rows gives an image from top to bottom. Rows are packed as in a PDF: components
// side by side, the first pixel in the highest bits, 16-bit values big-endian, 0 is
// black.
type Rows interface {
	Form() Form
	// Next fills row, of Form().Stride() bytes; io.EOF comes after the last row.
	Next(row []byte) error
}

// ErrShort is returned by Rows whose data end before the image does.
var ErrShort = errors.New("the data end before the last row")

// Each hands all rows of r to do, which must not keep them.
func Each(r Rows, do func(row []byte) error) error {
	row := make([]byte, r.Form().Stride())
	for y := 0; ; y++ {
		err := r.Next(row)
		if errors.Is(err, io.EOF) {
			if y < r.Form().Height {
				return fmt.Errorf("row %d of %d: %w", y, r.Form().Height, ErrShort)
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("row %d of %d: %w", y, r.Form().Height, err)
		}
		if err := do(row); err != nil {
			return err
		}
	}
}

// Plain turns any rows into 8 bits per component, gray or RGB.
func Plain(r Rows) Rows {
	f := r.Form()
	if f.Bits == 8 && f.Palette == nil {
		return r
	}
	p := &plain{src: r, in: make([]byte, f.Stride()), form: Form{f.Width, f.Height, 8, f.Channels, nil}}
	if f.Palette == nil && f.Bits < 8 {
		p.levels = levelsOf(f.Bits)
	}
	if f.Palette != nil {
		p.form.Channels = 3
		if grayOnly(f.Palette) {
			p.form.Channels = 1
		}
	}
	return p
}

func grayOnly(palette []byte) bool {
	for i := 0; i+2 < len(palette); i += 3 {
		if palette[i] != palette[i+1] || palette[i] != palette[i+2] {
			return false
		}
	}
	return true
}

type plain struct {
	src    Rows
	in     []byte
	form   Form
	levels *levels // of gray or colour with fewer than eight bits
}

// levels is what the values of each byte are in eight bits: a sheet of a thousand
// megapixels is not to be taken apart bit by bit.
type levels [1 << 8][8]byte

func levelsOf(bits int) *levels {
	var all levels
	scale := 255 / (1<<bits - 1)
	for b := range all {
		for i := range 8 / bits {
			all[b][i] = byte(sample([]byte{byte(b)}, i, bits) * scale)
		}
	}
	return &all
}

// spread puts the levels of packed values into row.
func (l *levels) spread(row, packed []byte, bits int) {
	if bits == 1 {
		for ; len(row) >= 8; row, packed = row[8:], packed[1:] {
			*(*[8]byte)(row) = l[packed[0]]
		}
	}
	for n := 8 / bits; len(row) > 0; packed = packed[1:] {
		row = row[copy(row, l[packed[0]][:n]):]
	}
}

func (p *plain) Form() Form { return p.form }

func (p *plain) Next(row []byte) error {
	if err := p.src.Next(p.in); err != nil {
		return err //nolint:wrapcheck // io.EOF must stay itself
	}
	f := p.src.Form()
	if f.Palette != nil {
		p.look(row, f)
		return nil
	}
	if f.Bits == 16 {
		for i := range row {
			row[i] = p.in[2*i]
		}
		return nil
	}
	p.levels.spread(row, p.in, f.Bits)
	return nil
}

func (p *plain) look(row []byte, f Form) {
	for x := range f.Width {
		i := 3 * sample(p.in, x, f.Bits)
		var c [3]byte
		if i+3 <= len(f.Palette) {
			c = [3]byte(f.Palette[i : i+3])
		}
		if p.form.Channels == 1 {
			row[x] = c[0]
			continue
		}
		row[3*x], row[3*x+1], row[3*x+2] = c[0], c[1], c[2]
	}
}

// sample is the i-th value in row, of so many bits each.
func sample(row []byte, i, bits int) int {
	if bits == 8 {
		return int(row[i])
	}
	at := i * bits
	return int(row[at/8]) >> (8 - bits - at%8) & (1<<bits - 1)
}

// Shrink makes plain rows smaller by a whole factor, each pixel the mean of the
// square it stands for.
func Shrink(r Rows, factor int) Rows {
	f := r.Form()
	if factor <= 1 {
		return r
	}
	small := Form{(f.Width + factor - 1) / factor, (f.Height + factor - 1) / factor, 8, f.Channels, nil}
	return &shrink{src: r, factor: factor, form: small, in: make([]byte, f.Stride()), sum: make([]uint32, small.Stride())}
}

type shrink struct {
	src    Rows
	factor int
	form   Form
	in     []byte
	sum    []uint32
}

func (s *shrink) Form() Form { return s.form }

func (s *shrink) Next(row []byte) error {
	clear(s.sum)
	got := 0
	for ; got < s.factor; got++ {
		err := s.src.Next(s.in)
		if errors.Is(err, io.EOF) && got > 0 {
			break
		}
		if err != nil {
			return err //nolint:wrapcheck // io.EOF must stay itself
		}
		s.add()
	}
	ch, width := s.form.Channels, s.src.Form().Width
	for i := range row {
		x := i / ch * s.factor
		n := uint32(min(s.factor, width-x) * got) //nolint:gosec // at most factor²
		row[i] = byte(s.sum[i] / n)
	}
	return nil
}

func (s *shrink) add() {
	ch, width := s.form.Channels, s.src.Form().Width
	if ch == 1 {
		s.addGray()
		return
	}
	for x, out := 0, 0; x < width; out += ch {
		for range min(s.factor, width-x) {
			for c := range ch {
				s.sum[out+c] += uint32(s.in[x*ch+c])
			}
			x++
		}
	}
}

func (s *shrink) addGray() {
	in := s.in
	for i := range s.sum {
		var sum uint32
		n := min(s.factor, len(in))
		for _, v := range in[:n] {
			sum += uint32(v)
		}
		s.sum[i] += sum
		in = in[n:]
	}
}

// Memory is an image held whole.
type Memory struct {
	Shape Form
	Pix   []byte
	y     int
}

// Whole reads all rows into memory.
func Whole(r Rows) (*Memory, error) {
	f := r.Form()
	m := &Memory{Shape: f, Pix: make([]byte, 0, f.Stride()*f.Height)}
	err := Each(r, func(row []byte) error {
		m.Pix = append(m.Pix, row...)
		return nil
	})
	return m, err
}

// Form is the shape of the image.
func (m *Memory) Form() Form { return m.Shape }

// Next gives the next row.
func (m *Memory) Next(row []byte) error {
	if m.y >= m.Shape.Height {
		return io.EOF
	}
	n := m.Shape.Stride()
	if (m.y+1)*n > len(m.Pix) {
		return ErrShort
	}
	copy(row, m.Pix[m.y*n:(m.y+1)*n])
	m.y++
	return nil
}

// Mirror swaps left and right.
func Mirror(r Rows) Rows {
	f := r.Form()
	return &mirror{src: r, in: make([]byte, f.Stride())}
}

type mirror struct {
	src Rows
	in  []byte
}

func (m *mirror) Form() Form { return m.src.Form() }

func (m *mirror) Next(row []byte) error {
	if err := m.src.Next(m.in); err != nil {
		return err //nolint:wrapcheck // io.EOF must stay itself
	}
	f := m.src.Form()
	if f.Bits >= 8 {
		n := f.Channels * f.Bits / 8
		for x := range f.Width {
			copy(row[x*n:(x+1)*n], m.in[(f.Width-1-x)*n:])
		}
		return nil
	}
	clear(row)
	for x := range f.Width {
		v := sample(m.in, f.Width-1-x, f.Bits)
		row[x*f.Bits/8] |= byte(v << (8 - f.Bits - x*f.Bits%8))
	}
	return nil
}

// Package jbig2 writes black-and-white images as JBIG2 without loss (ITU-T T.88 |
// ISO/IEC 14492): one generic region of template 0, arithmetic coded, in which every
// pixel stands as it was. It never compares letters with each other, which is how
// other encoders of this code have put a wrong digit into a paper.
package jbig2

import (
	"encoding/binary"
	"math/bits"
)

// typical is the context in which a row says whether it repeats the one above (T.88,
// 6.2.5.7, figure 8).
const typical = 0x9b25

// Sizes of the parts before the coded data, in bytes (T.88, 7.2, 7.4.1, 7.4.6, 7.4.8).
const (
	segmentHead = 11
	pageHead    = 19
	regionHead  = 17 + 1 + 8
	lengthAt    = segmentHead + pageHead + segmentHead - 4
	dataAt      = segmentHead + pageHead + segmentHead + regionHead
)

// margin is how many zero bytes stand around a row in memory, so that words of eight
// bytes can be read before and behind it.
const margin = 8

// Encoder turns rows into the embedded stream that a JBIG2Decode filter of a PDF
// takes without globals (ISO 32000-1, 7.4.7). In a row a bit 1 is white, as in an
// image of one bit per pixel in DeviceGray; JBIG2 itself has 1 for black, and the
// filter turns it back. Its memory is three rows, 64 KiB, and the stream.
type Encoder struct {
	coder
	width, stride, height int
	rows                  int
	last                  byte // the bits of a row's last byte that are pixels
	cur, up, top          []byte
	repeats               uint8 // whether the row above repeated its own
}

// NewEncoder begins an image of width by height pixels, both 1 to 2³¹-1.
func NewEncoder(width, height int) *Encoder {
	e := &Encoder{width: width, height: height, stride: (width + 7) / 8}
	e.last = 0xff << ((8 - width%8) % 8)
	for _, row := range []*[]byte{&e.cur, &e.up, &e.top} {
		*row = make([]byte, e.stride+2*margin)
	}
	e.reset(e.head())
	return e
}

// head writes the page information segment and the head of the region's segment,
// whose length is not known yet.
func (e *Encoder) head() []byte {
	w, h := uint32(e.width), uint32(e.height) //nolint:gosec // below 2³¹
	b := make([]byte, 0, dataAt+e.stride)
	b = append(b, 0, 0, 0, 0, 48, 0, 1, 0, 0, 0, pageHead) // segment 0: page information, of page 1
	b = binary.BigEndian.AppendUint32(b, w)
	b = binary.BigEndian.AppendUint32(b, h)
	b = append(b, 0, 0, 0, 0, 0, 0, 0, 0) // resolution unknown
	b = append(b, 1, 0, 0)                // lossless in the end; no stripes
	b = append(b, 0, 0, 0, 1, 39, 0, 1)   // segment 1: immediate lossless generic region
	b = append(b, 0, 0, 0, 0)             // its length
	b = binary.BigEndian.AppendUint32(b, w)
	b = binary.BigEndian.AppendUint32(b, h)
	b = append(b, 0, 0, 0, 0, 0, 0, 0, 0, 0) // at the page's corner, combined by OR
	// Arithmetic code, template 0, typical prediction on. Its one symbol a row is
	// nearly free, and repeated rows then cost no time in either program.
	b = append(b, 1<<3)
	return append(b, 3, 0xff, 0xfd, 0xff, 2, 0xfe, 0xfe, 0xfe) // the usual adaptive pixels
}

// Row adds one row of (width+7)/8 bytes. Rows beyond the height are left out.
func (e *Encoder) Row(row []byte) {
	if e.rows == e.height {
		return
	}
	e.rows++
	e.cur, e.up, e.top = e.top, e.cur, e.up
	in := e.cur[margin : margin+e.stride]
	for i := range in {
		in[i] = ^row[i]
	}
	in[e.stride-1] &= e.last
	same := uint8(0)
	if string(in) == string(e.up[margin:margin+e.stride]) {
		same = 1
	}
	e.encode(typical, same^e.repeats)
	e.repeats = same
	if same == 0 {
		e.line()
	}
}

// Contexts hold five pixels of the row above that above in their highest bits, seven
// of the row above, and four of the row itself in the lowest (T.88, 6.2.5.3, figure
// 3). The first of each leave when the context moves on.
const leaving = 1<<15 | 1<<10 | 1<<3

// line codes the pixels of a row, each in the context of the sixteen before it.
func (e *Encoder) line() {
	context := uint32(e.top[margin]>>6)<<12 | uint32(e.up[margin]>>5)<<5
	for i, left := margin, e.width; left > 0; {
		if context == 0 {
			if n := e.blank(i); n > 0 {
				e.run(0, min(8*n, left))
				i, left = i+n, left-8*n
				continue
			}
		}
		top := uint32(e.top[i])<<8 | uint32(e.top[i+1])
		up := uint32(e.up[i])<<8 | uint32(e.up[i+1])
		cur := uint32(e.cur[i])
		for range min(8, left) {
			context |= top>>13&1<<11 | up>>12&1<<4 // the pixels that have come in sight
			symbol := cur >> 7 & 1
			e.encode(context, uint8(symbol))
			context = context&^leaving<<1 | symbol
			top, up, cur = top<<1, up<<1, cur<<1
		}
		i, left = i+1, left-8
	}
}

// blank counts the bytes from i on whose pixels are white in the middle of white.
func (e *Encoder) blank(i int) int {
	end := margin + e.stride
	for at := i; at < end; at += 8 {
		seen := binary.LittleEndian.Uint64(e.cur[at:]) | binary.LittleEndian.Uint64(e.up[at:]) | binary.LittleEndian.Uint64(e.top[at:])
		if seen != 0 {
			// The first pixels of the byte that is not white are in sight before it.
			return at + bits.TrailingZeros64(seen)/8 - i - 1
		}
	}
	return end - i
}

// Len is the number of bytes written so far.
func (e *Encoder) Len() int { return len(e.out) }

// Bytes ends the image and returns the stream. All rows must have been added.
func (e *Encoder) Bytes() []byte {
	out := e.flush()
	binary.BigEndian.PutUint32(out[lengthAt:], uint32(len(out)-dataAt+regionHead)) //nolint:gosec // no stream is so long
	return out
}

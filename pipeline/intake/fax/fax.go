// Package fax writes black-and-white images the way fax machines do (ITU-T T.6,
// "Group 4"): exact to the pixel, readable by every PDF and TIFF program for
// decades, and about twenty times smaller than the plain bits of a page of text.
package fax

import (
	"math/bits"
	"strconv"
)

// word is a code word: its n low bits, the first of them the most significant.
type word struct {
	bits uint32
	n    uint
}

// Encoder turns rows into one T.6 stream. In a row a bit 1 is white, as in an
// image of one bit per pixel in DeviceGray; the stream is for BlackIs1 false.
type Encoder struct {
	width int
	out   []byte
	acc   uint64
	n     uint

	runs [2][]word // by colour: 0 white, 1 black
	long []word
	ref  []int // changing elements of the line above, without the sentinels
	cur  []int
}

// NewEncoder begins an image of width pixels a row.
func NewEncoder(width int) *Encoder {
	return &Encoder{
		width: width,
		runs:  [2][]word{parse(whiteWords()), parse(blackWords())},
		long:  parse(longWords()),
	}
}

func parse(texts []string) []word {
	words := make([]word, len(texts))
	for i, t := range texts {
		v, err := strconv.ParseUint(t, 2, 32)
		if err != nil {
			panic("fax: code word " + t) // a slip in the tables above, not in any input
		}
		words[i] = word{uint32(v), uint(len(t))}
	}
	return words
}

// Row adds one row of (width+7)/8 bytes.
func (e *Encoder) Row(row []byte) {
	e.cur = changes(e.cur[:0], row, e.width)
	e.line()
	e.ref, e.cur = e.cur, e.ref
}

// Bytes ends the image and returns the stream.
func (e *Encoder) Bytes() []byte {
	e.put(word{1, 12})
	e.put(word{1, 12})
	for e.n > 0 {
		e.put(word{0, 8 - e.n%8})
		e.flush()
	}
	return e.out
}

// Len is the number of whole bytes written so far.
func (e *Encoder) Len() int { return len(e.out) }

// changes lists the positions where the colour changes, beginning from white.
func changes(list []int, row []byte, width int) []int {
	colour := byte(0xff) // the byte that holds no change
	for i, b := range row {
		if b == colour {
			continue
		}
		at := i * 8
		for x := b ^ colour; x != 0; {
			lead := bits.LeadingZeros8(x)
			pos := at + lead
			if pos >= width {
				return list
			}
			list = append(list, pos)
			colour ^= 0xff
			x = (b ^ colour) & (0xff >> lead)
		}
	}
	return list
}

// line writes e.cur in the two-dimensional code against e.ref (T.6, 2.2).
func (e *Encoder) line() {
	a0, black, r, c := 0, 0, 0, 0
	first := true
	for a0 < e.width {
		a1 := at(e.cur, c, e.width)
		r = e.seek(r, a0, black, first)
		b1, b2 := at(e.ref, r, e.width), at(e.ref, r+1, e.width)
		switch d := a1 - b1; {
		case b2 < a1:
			e.put(word{1, 4})
			a0, first = b2, false
			continue
		case d >= -3 && d <= 3:
			e.put(vertical(d))
			a0, black, c = a1, black^1, c+1
		default:
			a2 := at(e.cur, c+1, e.width)
			e.put(word{1, 3})
			e.run(black, a1-a0)
			e.run(black^1, a2-a1)
			a0, c = a2, c+2
		}
		first = false
	}
}

// seek finds b1: the first change on the line above, right of a0 and to the
// colour opposite to the current one.
func (e *Encoder) seek(r, a0, black int, first bool) int {
	for r > 0 && at(e.ref, r-1, e.width) > a0 {
		r--
	}
	for r < len(e.ref) && (e.ref[r] < a0 || e.ref[r] == a0 && !first) {
		r++
	}
	if r&1 != black {
		r++
	}
	return r
}

func at(list []int, i, width int) int {
	if i < len(list) {
		return list[i]
	}
	return width
}

func vertical(d int) word {
	switch d {
	case 0:
		return word{1, 1}
	case 1:
		return word{0b011, 3}
	case 2:
		return word{0b000011, 6}
	case 3:
		return word{0b0000011, 7}
	case -1:
		return word{0b010, 3}
	case -2:
		return word{0b000010, 6}
	}
	return word{0b0000010, 7}
}

func (e *Encoder) run(colour, n int) {
	for n >= 2560 {
		e.put(e.long[12])
		n -= 2560
	}
	if n >= 1792 {
		e.put(e.long[(n-1792)/64])
		n %= 64
	}
	if n >= 64 {
		e.put(e.runs[colour][63+n/64])
		n %= 64
	}
	e.put(e.runs[colour][n])
}

func (e *Encoder) put(w word) {
	e.acc = e.acc<<w.n | uint64(w.bits)
	e.n += w.n
	if e.n >= 32 {
		e.flush()
	}
}

func (e *Encoder) flush() {
	for e.n >= 8 {
		e.n -= 8
		e.out = append(e.out, byte(e.acc>>e.n))
	}
}

package paper

import (
	"image"
	"strings"
)

// The run codes of ITU-T T.4, tables 2 and 3: the lengths 0 to 63, then 64, 128, …
// to 2560.
const (
	whiteRuns = `00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100 110101
101010 101011 0100111 0001100 0001000 0010111 0000011 0000100 0101000 0101011 0010011 0100100
0011000 00000010 00000011 00011010 00011011 00010010 00010011 00010100 00010101 00010110 00010111
00101000 00101001 00101010 00101011 00101100 00101101 00000100 00000101 00001010 00001011 01010010
01010011 01010100 01010101 00100100 00100101 01011000 01011001 01011010 01011011 01001010 01001011
00110010 00110011 00110100 11011 10010 010111 0110111 00110110 00110111 01100100 01100101 01101000
01100111 011001100 011001101 011010010 011010011 011010100 011010101 011010110 011010111 011011000
011011001 011011010 011011011 010011000 010011001 010011010 011000 010011011 00000001000
00000001100 00000001101 000000010010 000000010011 000000010100 000000010101 000000010110
000000010111 000000011100 000000011101 000000011110 000000011111`
	blackRuns = `0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100 00000111
000011000 0000010111 0000011000 0000001000 00001100111 00001101000 00001101100 00000110111
00000101000 00000010111 00000011000 000011001010 000011001011 000011001100 000011001101
000001101000 000001101001 000001101010 000001101011 000011010010 000011010011 000011010100
000011010101 000011010110 000011010111 000001101100 000001101101 000011011010 000011011011
000001010100 000001010101 000001010110 000001010111 000001100100 000001100101 000001010010
000001010011 000000100100 000000110111 000000111000 000000100111 000000101000 000001011000
000001011001 000000101011 000000101100 000001011010 000001100110 000001100111 0000001111
000011001000 000011001001 000001011011 000000110011 000000110100 000000110101 0000001101100
0000001101101 0000001001010 0000001001011 0000001001100 0000001001101 0000001110010 0000001110011
0000001110100 0000001110101 0000001110110 0000001110111 0000001010010 0000001010011 0000001010100
0000001010101 0000001011010 0000001011011 0000001100100 0000001100101 00000001000 00000001100
00000001101 000000010010 000000010011 000000010100 000000010101 000000010110 000000010111
000000011100 000000011101 000000011110 000000011111`
)

// The codes of ITU-T T.6, table 1.
const (
	passMode       = "0001"
	horizontalMode = "001"
)

// verticalModes are the codes for a1 up to three pixels left to three right of b1.
func verticalModes() [7]string {
	return [7]string{"0000010", "000010", "010", "1", "011", "000011", "0000011"}
}

// fax writes bits, the first in the highest place.
type fax struct {
	out  []byte
	free int // bits left in the last byte
	runs [2][]string
}

// g4 encodes a bilevel image by ITU-T T.6; palette index 0 is black.
func g4(img *image.Paletted) []byte {
	f := &fax{runs: [2][]string{strings.Fields(whiteRuns), strings.Fields(blackRuns)}}
	width := img.Rect.Dx()
	above, row := make([]byte, width), make([]byte, width)
	for y := range img.Rect.Dy() {
		for x, v := range img.Pix[y*img.Stride : y*img.Stride+width] {
			row[x] = 1 - v
		}
		f.row(above, row)
		above, row = row, above
	}
	f.bits("000000000001000000000001") // end of facsimile block
	return f.out
}

// row encodes one row, 1 for black, against the one above.
func (f *fax) row(above, row []byte) {
	a0, color := -1, byte(0)
	for a0 < len(row) {
		a1 := next(row, a0, color)
		b1 := nextChange(above, a0, color)
		b2 := next(above, b1, 1-color)
		switch {
		case b2 < a1:
			f.bits(passMode)
			a0 = b2
		case a1-b1 >= -3 && a1-b1 <= 3:
			f.bits(verticalModes()[a1-b1+3])
			a0, color = a1, 1-color
		default:
			a2 := next(row, a1, 1-color)
			f.bits(horizontalMode)
			f.run(color, a1-max(a0, 0))
			f.run(1-color, a2-a1)
			a0 = a2
		}
	}
}

// next gives the first place right of from whose pixel is not of the color.
func next(row []byte, from int, color byte) int {
	at := max(from, 0)
	for at < len(row) && row[at] == color {
		at++
	}
	return at
}

// nextChange gives b1: the first place right of a0 where the reference row changes
// to the opposite of the color.
func nextChange(above []byte, a0 int, color byte) int {
	at := a0 + 1
	for at < len(above) {
		left := byte(0)
		if at > 0 {
			left = above[at-1]
		}
		if above[at] != color && left == color {
			return at
		}
		at++
	}
	return len(above)
}

// run encodes the length of a run.
func (f *fax) run(color byte, n int) {
	const longest = 2560
	codes := f.runs[color]
	for n >= longest+64 {
		f.bits(codes[63+longest/64])
		n -= longest
	}
	if n >= 64 {
		f.bits(codes[63+n/64])
		n %= 64
	}
	f.bits(codes[n])
}

func (f *fax) bits(code string) {
	for _, bit := range []byte(code) {
		if f.free == 0 {
			f.out, f.free = append(f.out, 0), 8
		}
		f.free--
		f.out[len(f.out)-1] |= (bit - '0') << f.free
	}
}

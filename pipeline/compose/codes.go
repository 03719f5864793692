package compose

import (
	"math/bits"
	"slices"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Two-byte codes of the text layer. A character of the Basic Multilingual Plane is
// its own code. Those above it share the 2,048 codes of the surrogates, which are
// no characters themselves, in the order in which they first appear; a record with
// more than 2,048 different ones shows the replacement character for the rest.
const (
	firstSpare = 0xD800
	lastSpare  = 0xDFFF
)

// codeSet is the set of codes that a record uses, for its ToUnicode map. Its size
// is bounded by the number of codes.
type codeSet struct {
	used  [1 << 16 / 64]uint64
	spare map[rune]uint16
	above []rune // by code, from firstSpare
}

// encode appends the codes of s, big endian, leaving out what may not stand in a
// ToUnicode map (ISO 19005-2, 6.2.11.7.2) or is no text: controls, noncharacters,
// and the byte order mark.
func (c *codeSet) encode(dst []uint16, s string) []uint16 {
	for _, r := range norm.NFC.String(s) {
		switch {
		case unicode.IsSpace(r):
			r = ' '
		case unicode.IsControl(r) || noncharacter(r):
			continue
		}
		dst = append(dst, c.code(r))
	}
	return dst
}

func noncharacter(r rune) bool {
	return r == 0xFEFF || r&0xFFFE == 0xFFFE || r >= 0xFDD0 && r <= 0xFDEF
}

func (c *codeSet) code(r rune) uint16 {
	code := uint16(r) //nolint:gosec // replaced below where it does not fit
	if r > 0xFFFF {
		code = c.spareCode(r)
	}
	c.used[code/64] |= 1 << (code % 64)
	return code
}

func (c *codeSet) spareCode(r rune) uint16 {
	if code, ok := c.spare[r]; ok {
		return code
	}
	if len(c.above) > lastSpare-firstSpare {
		return utf8.RuneError
	}
	if c.spare == nil {
		c.spare = make(map[rune]uint16)
	}
	code := uint16(firstSpare + len(c.above)) //nolint:gosec // bounded by lastSpare
	c.above = append(c.above, r)
	c.spare[r] = code
	return code
}

// mapping is one line of the ToUnicode map.
type mapping struct {
	code uint16
	text []uint16 // UTF-16
}

// mappings lists the used codes in order.
func (c *codeSet) mappings() []mapping {
	var all []mapping
	for i, word := range c.used {
		for ; word != 0; word &= word - 1 {
			code := uint16(i*64 + bits.TrailingZeros64(word)) //nolint:gosec // below 1<<16
			r := rune(code)
			if code >= firstSpare && code <= lastSpare {
				r = c.above[code-firstSpare]
			}
			all = append(all, mapping{code, utf16.AppendRune(nil, r)})
		}
	}
	return slices.Clip(all)
}

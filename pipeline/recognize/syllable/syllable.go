// Package syllable knows how Vietnamese is spelled: a word of print is one syllable,
// and a syllable is an onset out of 28, a rime out of some 160 and a tone out of six,
// which go together by strict rules. A recognizer's guess that breaks them is
// misread; one that keeps them may be right. The package judges guesses, and offers
// those that differ from a broken one by a single confusion of shapes.
package syllable

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Syllable is one syllable, taken apart.
type Syllable struct {
	Onset string    // as spelled: "", "b" ... "x"; "gi" and "qu" count as onsets
	Rime  string    // glide, vowel and coda without tone, as spelled behind the onset; "iê" where a word begins with yê, "i" and "iê" behind gi
	Tone  Tone      // the tone
	Place Placement // where its mark stands
	Case  Case      // capitals
}

// Placement is one of two habits of writing the tone in oa, oe and uy.
type Placement uint8

// The placements. All rimes but three have one place only, which counts as Old.
const (
	Old    Placement = iota // hòa, khỏe, thủy
	Modern                  // hoà, khoẻ, thuỷ
)

const (
	maxLetters = 7  // nghiêng
	maxBytes   = 40 // a word of so many letters with every mark written apart
)

// spelling is a word as bare lower-case letters between two spaces, and what was
// taken off.
type spelling struct {
	buf     [2*maxLetters + 2]byte
	size    int // bytes of buf in use, with the first space
	letters int
	tone    Tone
	at      int // the letter that carries the tone
	shape   shape
}

// read takes a word apart; false if it cannot be one syllable.
func (s *spelling) read(word string) bool {
	if len(word) > maxBytes {
		return false
	}
	s.buf[0], s.size = ' ', 1
	for _, r := range word {
		if s.letters == maxLetters {
			return false
		}
		small := lower(r)
		b := bare(small)
		if b >= utf8.RuneSelf && b != 'đ' && !isVowel(b) || b < 'a' {
			return false
		}
		if t := toneOf(small); t != Ngang {
			if s.tone != Ngang {
				return false
			}
			s.tone, s.at = t, s.letters
		}
		s.shape.add(r != small)
		s.size += utf8.EncodeRune(s.buf[s.size:], b)
		s.letters++
	}
	s.buf[s.size] = ' '
	return s.letters > 0
}

// Parse takes one syllable apart. The word may be composed (NFC) or not, in any mix
// of capitals, and has nothing attached; Core takes punctuation off. It reports false
// for what Vietnamese cannot spell: the rules of c, k and qu, of g, gh, ng and ngh,
// of gi before i, of the tones of stopped rimes, and both places of the tone mark are
// those of the dictionaries. Rimes that only few words have are taken.
func Parse(word string) (Syllable, bool) {
	var s spelling
	if !s.read(composed(word)) {
		return Syllable{}, false
	}
	onset := onsetAt(s.buf[1:s.size])
	start := len(onset) // where the rime begins, behind the space
	if onset == "gi" && s.dropsI() {
		start = 1
	}
	rime, ok := s.rime(onset, start)
	if !ok || !agree(onset, rime) {
		return Syllable{}, false
	}
	place, ok := s.place(rime, start)
	if !ok || stopped(rime) && s.tone != Sac && s.tone != Nang {
		return Syllable{}, false
	}
	return Syllable{Onset: onset, Rime: rime, Tone: s.tone, Place: place, Case: s.shape.style()}, true
}

// place tells where the tone mark stands in a rime that begins at a byte behind the
// first space; false if it stands on the wrong letter.
func (s *spelling) place(rime string, start int) (Placement, bool) {
	if s.tone == Ngang {
		return Old, true
	}
	old, modern := spots(rime)
	switch s.at - utf8.RuneCount(s.buf[1:1+start]) {
	case old:
		return Old, true
	case modern:
		return Modern, true
	}
	return Old, false
}

// composed gives the composed form of a word that has marks written apart.
func composed(word string) string {
	if len(word) > maxBytes {
		return word
	}
	for _, r := range word {
		if r >= 0x300 && r <= 0x36f {
			return norm.NFC.String(word)
		}
	}
	return word
}

// dropsI reports whether a word with gi is written with one i for two: gì, gìn,
// giếng.
func (s *spelling) dropsI() bool {
	const gi = len(" gi")
	if s.size == gi {
		return true
	}
	next, _ := utf8.DecodeRune(s.buf[gi:s.size])
	return !isVowel(next) || next == 'ê' && s.size > gi+len("ê")
}

// rime finds the rime that begins at a byte behind the first space.
func (s *spelling) rime(onset string, start int) (string, bool) {
	if 1+start >= s.size {
		return "", false
	}
	letters := s.buf[1+start : s.size]
	row := rimes
	switch {
	case onset == "qu":
		row = rimesQu
	case onset != "":
	case letters[0] == 'y' && len(letters) > 1:
		letters[0] = 'i' // yêu is iêu without an onset, and iêu itself is not written
		if !strings.HasPrefix(string(letters), "iê") {
			return "", false
		}
	case strings.HasPrefix(string(letters), "iê"):
		return "", false
	}
	before := s.buf[start]
	s.buf[start] = ' '
	rime, ok := findRime(row, s.buf[start:s.size+1])
	s.buf[start] = before
	return rime, ok
}

// String writes the syllable in its case, with the tone in its place. Mixed case is
// written small.
func (s Syllable) String() string {
	return s.Case.write(string(s.append(make([]byte, 0, maxBytes))))
}

// append adds the syllable in lower case.
func (s Syllable) append(buf []byte) []byte {
	head, tail := s.Onset, s.Rime
	switch {
	case s.Onset == "gi" && strings.HasPrefix(tail, "i"):
		head = "g"
	case s.Onset == "" && strings.HasPrefix(tail, "iê"):
		head, tail = "y", tail[1:]
	}
	old, modern := spots(s.Rime)
	at := old
	if s.Place == Modern {
		at = modern
	}
	if head == "y" {
		at-- // the y is a letter of the rime
	}
	buf = append(buf, head...)
	for _, r := range tail {
		if at == 0 {
			r = toned(r, s.Tone)
		}
		at--
		buf = utf8.AppendRune(buf, r)
	}
	return buf
}

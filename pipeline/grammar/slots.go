package grammar

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Digit gives the digit that a character is, or looks like to a recognizer.
func Digit(r rune) (digit rune, ok bool) {
	switch r {
	case 'O', 'o', 'Q', 'D', 'Đ':
		return '0', true
	case 'I', 'i', 'l', '|', '!', ']':
		return '1', true
	case 'Z', 'z':
		return '2', true
	case 'S', 's':
		return '5', true
	case 'ó', 'Ó':
		return '6', true
	case 'B':
		return '8', true
	}
	return r, r >= '0' && r <= '9'
}

// Letter gives the capital that a character is, or looks like to a recognizer.
func Letter(r rune) rune {
	switch r {
	case '0':
		return 'O'
	case '1', 'l', '|', '!':
		return 'I'
	case '2':
		return 'Z'
	case '5':
		return 'S'
	case '8':
		return 'B'
	}
	return unicode.ToUpper(r)
}

// slot is what a piece of an identifier consists of.
type slot byte

// The slots.
const (
	digits  slot = 'd' // digits, and signs between them
	code    slot = 'u' // the code of a unit: digits, points, and one letter
	symbol  slot = 's' // the symbol of a document
	capital slot = 'c' // capitals without marks
	quality slot = 'q' // the KQ of codes of results
	asRead  slot = 'x'
)

// mend gives, for each character of a piece, what it must be.
func (r *Rules) mend(s slot, piece []rune) []rune {
	out := make([]rune, len(piece))
	copy(out, piece)
	switch s {
	case digits:
		asDigits(out)
	case code:
		mendCode(out)
	case symbol:
		words(out, r.mendWord)
	case capital:
		for i, c := range out {
			out[i] = unicode.ToUpper(c)
		}
	case quality:
		out[0], out[1] = 'K', 'Q'
	case asRead:
	}
	return out
}

// asDigits puts digits for all that looks like one; other characters stay.
func asDigits(rs []rune) {
	for i, c := range rs {
		rs[i], _ = Digit(c)
	}
}

// mendCode writes a unit code with its one letter: at its head, or after the third point
// of the old form.
func mendCode(rs []rune) {
	at := 0
	if groups := groupsOf(rs); len(groups) == 4 && len(groups[0]) == 3 && len(groups[3]) == 3 && unicode.IsLetter(rs[groups[3][0]]) {
		if _, ok := Digit(rs[groups[0][0]]); ok {
			at = groups[3][0]
		}
	}
	for i, c := range rs {
		switch {
		case i == at && (c == 'đ' || c == 'Đ'):
			rs[i] = 'D'
		case i == at:
			rs[i] = unicode.ToUpper(c)
		case isPoint(c):
			rs[i] = '.'
		default:
			rs[i], _ = Digit(c)
		}
	}
}

// groupsOf gives the places of the characters of each group between points.
func groupsOf(rs []rune) [][]int {
	groups := [][]int{nil}
	for i, c := range rs {
		switch {
		case isPoint(c):
			groups = append(groups, nil)
		case !unicode.IsSpace(c):
			groups[len(groups)-1] = append(groups[len(groups)-1], i)
		}
	}
	return groups
}

func isPoint(r rune) bool { return r == '.' || r == ',' || r == '·' }

// mendWord puts letters for digits among the letters of a word of a symbol, but for those
// at its end (QH15), and gives it its Đ.
func (r *Rules) mendWord(w []rune) {
	body := len(w)
	for body > 0 && w[body-1] >= '0' && w[body-1] <= '9' {
		body--
	}
	for i, c := range w[:body] {
		switch {
		case c == 'Ð':
			w[i] = 'Đ'
		case c >= '0' && c <= '9' || c == '|' || c == '!':
			w[i] = Letter(c)
		}
	}
	r.stroke(w)
}

// stroke gives a word of a symbol its Đ.
func (r *Rules) stroke(w []rune) {
	if name, ok := r.Strokes.Name(string(w)); ok && utf8.RuneCountInString(name) == len(w) {
		copy(w, []rune(name))
	}
}

// Stroked gives a symbol with the Đ of the initials that always have it: QD-UBND is
// QĐ-UBND.
func (r *Rules) Stroked(s string) string {
	rs := []rune(s)
	words(rs, r.stroke)
	return string(rs)
}

// Symbol gives a symbol as it must have been printed: Stroked, and with letters for the
// digits among letters.
func (r *Rules) Symbol(s string) string {
	rs := []rune(s)
	words(rs, r.mendWord)
	return string(rs)
}

// words hands on each word of a symbol.
func words(rs []rune, do func([]rune)) {
	for from := 0; from <= len(rs); {
		to := from
		for to < len(rs) && rs[to] != '-' && rs[to] != '/' {
			to++
		}
		do(rs[from:to])
		from = to + 1
	}
}

// onlyDigits drops all other characters.
func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

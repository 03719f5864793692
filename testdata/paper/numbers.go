package paper

import (
	"strings"

	"hoso/testdata/invent"
)

// Number is a number on a paper as it is printed, and what it is.
type Number = invent.Number

// Numbers gives the numbers that stand in the text, each once, in the order in
// which they were invented.
func (p *Paper) Numbers() []Number {
	text := " " + strings.Join(strings.Fields(p.Text()), " ") + " "
	numbers := []Number{}
	seen := map[Number]bool{}
	for _, n := range p.invented {
		if !seen[n] && stands(text, n.Text) {
			numbers = append(numbers, n)
		}
		seen[n] = true
	}
	return numbers
}

// stands reports whether a number is in the text and not a part of a longer one.
func stands(text, number string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], number)
		if i < 0 {
			return false
		}
		before, after := text[at+i-1], text[at+i+len(number)]
		if !digit(before) && before != '.' && before != '/' && before != '-' && !digit(after) {
			return true
		}
		at += i + len(number)
	}
}

func digit(b byte) bool { return '0' <= b && b <= '9' }

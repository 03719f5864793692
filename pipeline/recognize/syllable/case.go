package syllable

import (
	"strings"
	"unicode"
)

// Case is how a word uses capitals.
type Case uint8

// The cases. A single capital counts as Title.
const (
	Lower Case = iota // nguyễn
	Title             // Nguyễn
	Upper             // NGUYỄN
	Mixed             // nGuyễn, HòA: a misreading, or no word of Vietnamese
)

// shape counts the capitals of a word while it is read.
type shape struct {
	letters, capitals int
	first             bool // the first letter is a capital
}

// add notes one letter more.
//
//nolint:revive // the flag is what the letter is, no choice of behaviour
func (s *shape) add(capital bool) {
	if capital {
		s.capitals++
		s.first = s.first || s.letters == 0
	}
	s.letters++
}

func (s *shape) style() Case {
	switch {
	case s.capitals == 0:
		return Lower
	case s.capitals == 1 && s.first:
		return Title
	case s.capitals == s.letters:
		return Upper
	}
	return Mixed
}

// shapeOf counts the capitals among all letters of a word.
func shapeOf(word string) shape {
	var s shape
	for _, r := range word {
		if unicode.IsLetter(r) {
			s.add(unicode.IsUpper(r))
		}
	}
	return s
}

// likely gives the case that a misread word most likely had: its own, and if that is
// mixed the one that most letters are in.
func (s *shape) likely() Case {
	switch own := s.style(); {
	case own != Mixed:
		return own
	case 2*s.capitals >= s.letters && s.letters > 2:
		return Upper
	case s.first || s.capitals > 1:
		return Title
	}
	return Lower
}

// write puts a lower-case word into a case; Mixed leaves it.
func (c Case) write(word string) string {
	if c != Title && c != Upper {
		return word
	}
	first := true
	return strings.Map(func(r rune) rune {
		if first || c == Upper {
			first = false
			return upper(r)
		}
		return r
	}, word)
}

// MixedCase reports whether a syllable has capitals where no way of writing has
// them: nGuyễn, HòA. What is no syllable (ThS, TTr) is not judged.
func MixedCase(word string) bool {
	_, core, _ := Core(word)
	s, ok := Parse(core)
	return ok && s.Case == Mixed
}

// CaseRepair gives the words of one line with the capitals that their neighbours
// speak for: in a line of capitals, syllables in mixed case become capitals, and so
// do small ones whose letters have the same shape in both cases (số, cơ); in another
// line, mixed ones keep their first letter as it is and lose the other capitals.
// Everything else is given back as it came.
func CaseRepair(words []string) []string {
	out := make([]string, len(words))
	capitals := inCapitals(words)
	for i, w := range words {
		out[i] = w
		prefix, core, suffix := Core(w)
		s, ok := Parse(core)
		if !ok {
			continue
		}
		switch {
		case capitals && (s.Case == Mixed || s.Case != Upper && alike(core)):
			s.Case = Upper
		case s.Case == Mixed:
			own := shapeOf(core)
			s.Case = Lower
			if own.first {
				s.Case = Title
			}
		default:
			continue
		}
		out[i] = prefix + s.String() + suffix
	}
	return out
}

// inCapitals reports whether a line is written in capitals, as far as its syllables
// of more than one letter show.
func inCapitals(words []string) bool {
	upper, letters := 0, 0
	for _, w := range words {
		_, core, _ := Core(w)
		if _, ok := Parse(core); !ok {
			continue
		}
		if s := shapeOf(core); s.letters > 1 {
			upper += s.capitals
			letters += s.letters
		}
	}
	return letters >= 4 && 10*upper >= 7*letters
}

// alike reports whether a word consists of letters that differ in size alone between
// the cases.
func alike(word string) bool {
	for _, r := range word {
		switch bare(lower(r)) {
		case 'c', 'o', 'ô', 'ơ', 's', 'u', 'ư', 'v', 'x':
		default:
			return false
		}
	}
	return word != ""
}

package fold

import (
	"iter"
	"unicode"
	"unicode/utf8"
)

// Longest is the greatest length of a folded word, in bytes. What recognizers make
// of a pattern or a ruler can be longer; it is cut, in the index and in the question
// alike.
const Longest = 64

// Word is one word of a text: a run of letters and digits.
type Word struct {
	Text       string // folded, never empty, at most Longest bytes
	Start, End int    // where it stands in the text given, in bytes
}

// Words gives the words of s in order. For exact places s must be NFC; text that is
// not is folded all the same, letter by letter.
func Words(s string) iter.Seq[Word] {
	return func(yield func(Word) bool) {
		for start, end := next(s, 0); start < end; start, end = next(s, end) {
			if w, ok := word(s, start, end); ok && !yield(w) {
				return
			}
		}
	}
}

// next gives where the next run of letters and digits from at on begins and ends, or
// the same place twice at the end of s.
func next(s string, at int) (start, end int) {
	start = -1
	for i, r := range s[at:] {
		inside := unicode.IsLetter(r) || unicode.IsNumber(r) || start >= 0 && unicode.IsMark(r)
		if inside && start < 0 {
			start = at + i
		}
		if !inside && start >= 0 {
			return start, at + i
		}
	}
	if start < 0 {
		return len(s), len(s)
	}
	return start, len(s)
}

func word(s string, start, end int) (Word, bool) {
	folded := Text(s[start:end])
	if len(folded) > Longest {
		cut := Longest
		for cut > 0 && !utf8.RuneStart(folded[cut]) {
			cut--
		}
		folded = folded[:cut]
	}
	return Word{Text: folded, Start: start, End: end}, folded != ""
}

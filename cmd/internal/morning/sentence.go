package morning

import (
	"slices"
	"strings"
)

// sentence is what sentences that differ in a number or a name have in common: the words
// they begin with and those they end with.
type sentence struct {
	some       bool
	head, tail []string
	same       string // while all are the same
	differ     bool
	most       string // what more than half of them are, if there is such a one
	votes      int    // for it, less those against
}

// fewestWords is how many words in common make a heading.
const fewestWords = 4

func (s *sentence) add(text string) {
	switch {
	case s.votes == 0:
		s.most, s.votes = text, 1
	case s.most == text:
		s.votes++
	default:
		s.votes--
	}
	if !s.some {
		s.some, s.head, s.same = true, strings.Fields(text), text
		s.tail = slices.Clone(s.head)
		return
	}
	if text == s.same {
		return
	}
	s.differ = true
	words := strings.Fields(text)
	n := 0
	for n < min(len(words), len(s.head)) && words[n] == s.head[n] {
		n++
	}
	s.head = s.head[:n]
	m := 0
	for m < min(len(words)-n, len(s.tail)) && words[len(words)-1-m] == s.tail[len(s.tail)-1-m] {
		m++
	}
	s.tail = s.tail[len(s.tail)-m:]
}

// quoted takes out of what is in common the words of a name in quotation marks of which the
// rest differs: no one would know where the name ends.
func (s *sentence) quoted() {
	for i, word := range slices.Backward(s.head) {
		if strings.Contains(word, "”") {
			break
		}
		if strings.Contains(word, "“") {
			s.head = s.head[:i]
			break
		}
	}
	for i, word := range s.tail {
		if strings.Contains(word, "“") {
			break
		}
		if strings.Contains(word, "”") {
			s.tail = s.tail[i+1:]
			break
		}
	}
}

// common reports whether there is enough of it.
func (s *sentence) common() bool { return len(s.head)+len(s.tail) >= fewestWords }

// say gives a heading for all: of those that have too little in common, the one that most
// of them are.
func (s *sentence) say() string {
	if s.differ {
		s.quoted()
	}
	if !s.differ || !s.common() {
		return s.most
	}
	if len(s.tail) == 0 && strings.HasSuffix(s.head[len(s.head)-1], ".") { // some have a sentence more
		return strings.Join(s.head, " ")
	}
	return strings.TrimSpace(strings.Join(s.head, " ") + " … " + strings.Join(s.tail, " "))
}

// own is what text has that the heading leaves out.
func (s *sentence) own(text string) string {
	switch words := strings.Fields(text); {
	case !s.differ:
		return ""
	case !s.common() || len(words) < len(s.head)+len(s.tail):
		return text
	default:
		return s.between(words)
	}
}

// between is what of words is not in common; where that begins with a bare number, with the
// word before it, which says of what.
func (s *sentence) between(words []string) string {
	from, to := len(s.head), len(words)-len(s.tail)
	if to-from > 0 && to-from <= 2 && from > 0 && bare(words[from]) {
		from--
	}
	return strings.TrimRight(strings.Join(words[from:to], " "), ":;,.")
}

// bare reports whether a word is a number that does not say of what, as a code does.
func bare(word string) bool {
	return strings.Trim(word, "0123456789.,:;") == "" && len(word) < 6
}

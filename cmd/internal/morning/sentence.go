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

// common reports whether there is enough of it.
func (s *sentence) common() bool { return len(s.head)+len(s.tail) >= fewestWords }

// say gives a heading for all: of those that have too little in common, the one that most
// of them are.
func (s *sentence) say() string {
	if !s.differ || !s.common() {
		return s.most
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

// between is what of words is not in common; where that is a number or two, with the word
// before it, which says of what.
func (s *sentence) between(words []string) string {
	from, to := len(s.head), len(words)-len(s.tail)
	if to-from > 0 && to-from <= 2 && from > 0 {
		from--
	}
	return strings.TrimRight(strings.Join(words[from:to], " "), ":;,.")
}

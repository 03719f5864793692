package recognize

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// numbering is a column that may count the rows of a list, from top to bottom. Cells that
// are empty are not in it: they have no number.
type numbering []cell

// fewestInSequence is how many cells must agree for a column to be trusted to count.
const fewestInSequence = 3

// mayCount reports whether a column is worth looking at: it has numbers enough for a
// sequence, or one and a head that says so, or one with what looks like it.
func (n numbering) mayCount() bool {
	numbers := 0
	for _, c := range n {
		if len(c.values) > 0 {
			numbers++
		}
	}
	return numbers >= fewestInSequence || numbers > 0 && (n[0].heads() || n[0].seen && len(n) >= fewestInSequence)
}

// heads reports whether a cell says that those below it count: số thứ tự.
func (c cell) heads() bool {
	return slices.Contains([]string{"TT", "STT", "SOTT"}, fold(coreOf(c.text())))
}

// demands gives the number that each cell must have, 0 where the others do not say.
// Numbers may begin again, and a row with another kind of number breaks the count: what
// lies between two sequences is left alone, and so is what follows the last number.
func (n numbering) demands() []int {
	out := make([]int, len(n))
	for _, s := range n.sequences() {
		for i := s.from; i <= s.to; i++ {
			out[i] = i + s.offset
		}
	}
	return out
}

// sequence is a stretch of a column that counts: the cell at i has the number i+offset.
type sequence struct {
	offset, from, to int // both ends belong to it
	agree            int // cells that were read so
}

// sequences gives the stretches that count.
func (n numbering) sequences() []sequence {
	at := map[int]*sequence{}
	for i, c := range n {
		for k, v := range c.values {
			if slices.Contains(c.values[:k], v) {
				continue
			}
			if at[v-i] == nil {
				at[v-i] = &sequence{offset: v - i, from: i}
			}
			at[v-i].to = i
			at[v-i].agree++
		}
	}
	var out []sequence
	for _, s := range at {
		if s.agree >= fewestInSequence && 2*s.agree > s.to-s.from {
			out = append(out, n.fromOne(*s))
		}
	}
	return undisputed(out)
}

// fromOne lets the first sequence of a column begin with the number one if that is not
// far above.
func (n numbering) fromOne(s sequence) sequence {
	one := 1 - s.offset
	if one < 0 || one >= s.from || s.from-one > s.agree {
		return s
	}
	if !slices.ContainsFunc(n[:one], func(c cell) bool { return len(c.values) > 0 }) {
		s.from = one
	}
	return s
}

// undisputed drops the sequences that run through another, unless they have far more cells.
func undisputed(all []sequence) []sequence {
	var out []sequence
	for i, s := range all {
		stands := true
		for j, o := range all {
			stands = stands && (i == j || s.to < o.from || o.to < s.from || s.agree > 3*o.agree)
		}
		if stands {
			out = append(out, s)
		}
	}
	return out
}

// form is how the numbers of a column are printed.
type form struct {
	digits int    // at least so many: 01
	end    string // what follows: a stop
}

func (f form) write(n int) string { return fmt.Sprintf("%0*d%s", f.digits, n, f.end) }

// printed tells how the numbers of a column are printed from those that were read.
func (n numbering) printed(demands []int) form {
	padded, low, stops, all := 0, 0, 0, 0
	for i, c := range n {
		if demands[i] == 0 || numberOf(c.text()) != demands[i] {
			continue
		}
		core := coreOf(c.text())
		all++
		if strings.Contains(c.text(), core+".") {
			stops++
		}
		if demands[i] < 10 {
			low++
			padded += len(core) - 1
		}
	}
	out := form{digits: 1}
	if 2*padded > low {
		out.digits = 2
	}
	if 2*stops > all {
		out.end = "."
	}
	return out
}

// coreOf takes off the signs around a word.
func coreOf(text string) string {
	return strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// numberOf gives the number of a row that a text is but for signs around it, 0 for any
// other text.
func numberOf(text string) int {
	const signs = 3 // around it
	core := coreOf(text)
	if len(core) > 3 || len([]rune(text)) > len(core)+signs || strings.Trim(core, figures) != "" {
		return 0
	}
	v, _ := strconv.Atoi(core)
	return v
}

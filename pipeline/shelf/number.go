package shelf

import (
	"strings"
	"unicode"

	"hoso/pipeline"
	"hoso/pipeline/grammar"
)

// found is what a name says of a dossier's number, and which of its pieces say it.
type found struct {
	number   pipeline.DossierNumber
	doubt    doubt
	from, to int    // pieces of the number
	code     string // the official code of the paper's kind, as 000.00.00.G09-KQ002269
	codeAt   int    // the first of its pieces
	codeEnd  int
}

// used reports whether a piece belongs to the number or the code.
func (f found) used(i int) bool { return i >= f.from && i < f.to || i >= f.codeAt && i < f.codeEnd }

// doubt is why a name's number cannot be taken.
type doubt byte

const (
	sure    doubt = iota
	garbled       // it looks like a number and is none
	double        // two different ones
	future        // its day has not come
)

// numbers reads the numbers of dossiers. Names and rows that follow each other often have
// the same, which is then read once.
type numbers struct {
	text   string
	number pipeline.DossierNumber
	err    error
}

func (r *numbers) parse(text string) (pipeline.DossierNumber, error) {
	if r.text != text {
		r.text = text
		r.number, r.err = pipeline.ParseDossierNumber(text)
	}
	return r.number, r.err
}

// in looks for the number of a dossier in a name, whatever signs part its groups.
// Nothing is mended: a letter O for a nought, a day that no calendar has, a group too few
// make it garbled, for a person to say what is meant.
func (r *numbers) in(n name) found {
	f := found{}
	f.codeIn(n)
	odd := false
	for i := 0; i+1 < len(n.pieces); i++ {
		if f.used(i) || !head(n, i) {
			continue
		}
		from, to, ok := span(n, i)
		if !ok {
			continue
		}
		number, err := r.parse(written(n, from, to, i))
		switch {
		case err != nil || cut(n, from, i):
			odd = true
		case f.number.IsZero():
			f.number, f.from, f.to = number, from, to
		case f.number.Key() != number.Key():
			f.doubt = double
		}
	}
	if f.doubt == sure && (odd || misread(n, f)) {
		f.doubt = garbled
	}
	return f
}

// head reports whether a unit's first level, such as H42, begins at a piece.
func head(n name, i int) bool {
	p, q := n.pieces[i], n.pieces[i+1]
	return !p.digits && p.end-p.start == 1 && n.plain[p.start] <= 'z' && !p.glued &&
		q.digits && q.glued && q.end-q.start == 2 && (i+2 == len(n.pieces) || !n.pieces[i+2].glued)
}

// size is how many digits a piece of nothing else has, 0 for any other piece.
func size(n name, i int) int {
	if i < 0 || i >= len(n.pieces) || !n.pieces[i].digits || n.pieces[i].glued {
		return 0
	}
	if i+1 < len(n.pieces) && n.pieces[i+1].glued {
		return 0
	}
	return n.pieces[i].end - n.pieces[i].start
}

// span gives the pieces of a number whose first level stands at i.
func span(n name, i int) (from, to int, ok bool) {
	from, to = i, i+2
	if size(n, i-3) == 3 && size(n, i-2) == 2 && size(n, i-1) == 2 {
		from = i - 3
	}
	for groups := 0; from == i && groups < 4 && (size(n, to) == 2 || size(n, to) == 3); groups++ {
		to++
	}
	if day := size(n, to); day != 6 && day != 8 {
		return 0, 0, false
	}
	if counter := size(n, to+1); counter < 4 || counter > 7 {
		return 0, 0, false
	}
	return from, to + 2, true
}

// written gives a number with the signs that it is printed with; at is its first level.
func written(n name, from, to, at int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		switch {
		case i == from, i == at+1:
		case i >= to-2:
			b.WriteByte('-')
		default:
			b.WriteByte('.')
		}
		b.WriteString(n.of(n.pieces[i]))
	}
	return b.String()
}

// cut reports whether a number seems to have lost its beginning: digits stand before it
// as another group would. "01. H42.15-…" and "01_H42.15-…" are numbers of a list.
func cut(n name, from, at int) bool {
	if from < at || from == 0 || size(n, from-1) == 0 || size(n, from-1) > 3 {
		return false
	}
	before, behind := n.gap(from), n.gap(at+2)
	listed := strings.ContainsAny(before, "_ ") || strings.ContainsAny(before, ")]")
	return !listed || before == behind
}

// codeIn looks for the code of a result (KQ.G07.000122) or of a component
// (000.00.00.G09-KQ002269), as the official form of file names has one.
func (f *found) codeIn(n name) {
	for i := range n.pieces {
		if n.of(n.pieces[i]) != "kq" {
			continue
		}
		if i+3 < len(n.pieces) && head(n, i+1) && size(n, i+3) == 6 {
			f.take(n, grammar.Result, i, i+4)
		}
		if i >= 5 && head(n, i-2) && i+1 < len(n.pieces) && n.pieces[i+1].glued && n.pieces[i+1].digits {
			f.take(n, grammar.Component, i-5, i+2)
		}
	}
}

func (f *found) take(n name, kind grammar.Kind, from, to int) {
	rules := grammar.Default()
	m, err := rules.Parse(kind, n.text[n.pieces[from].from:n.pieces[to-1].to])
	if err == nil {
		f.code, f.codeAt, f.codeEnd = m.Printed, from, to
	}
}

// misread reports whether there is something else like a number in a name: with letters
// where digits belong, with a group too few, too long or too short.
func misread(n name, f found) bool {
	if len(n.pieces) < 4 {
		return false
	}
	words := wordsOf(n, f)
	for i, w := range words {
		if !w.level {
			continue
		}
		at := i + 1
		for at < len(words) && at < i+5 && words[at].digits >= 2 && words[at].digits <= 3 {
			at++
		}
		if at+1 < len(words) && words[at].digits >= 5 && words[at].digits <= 9 && words[at+1].digits > 0 {
			return true
		}
	}
	return false
}

// word is a run of letters and digits as a hasty eye reads it.
type word struct {
	digits int  // how many, if it may be nothing but digits
	level  bool // it may be the first level of a unit
}

func wordsOf(n name, f found) []word {
	var words []word
	for i := 0; i < len(n.pieces); {
		from := i
		for i++; i < len(n.pieces) && n.pieces[i].glued; i++ {
		}
		text := n.plain[n.pieces[from].start:n.pieces[i-1].end]
		if f.used(from) {
			words = append(words, word{})
			continue
		}
		w := word{digits: likeDigits(text)}
		w.level = len(text) == 3 && text[0] >= 'a' && text[0] <= 'h' && likeDigits(text[1:]) == 2
		words = append(words, w)
	}
	return words
}

// likeDigits counts the digits of a text that has nothing else but letters that look like
// one, and at least one real one.
func likeDigits(s string) int {
	count := false
	for _, r := range s {
		d, ok := grammar.Digit(r)
		if !ok {
			d, ok = grammar.Digit(unicode.ToUpper(r))
		}
		if !ok {
			return 0
		}
		count = count || d == r
	}
	if !count {
		return 0
	}
	return len(s)
}

// isResult reports whether the code is that of a result.
func (f found) isResult() bool { return strings.HasPrefix(f.code, "KQ") }

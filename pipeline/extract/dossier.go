package extract

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
	"hoso/pipeline/grammar"
)

const repairCost = 6 // percent of confidence per letter taken for a digit

// candidate is a number found at one place.
type candidate struct {
	pipeline.Field
	number pipeline.DossierNumber
	role   role
}

// FindDossierNumbers gives every different dossier number on pages, the best first:
// those that a code names (ByQR), then the paper's own (see role) before those that it
// cites, earlier pages before later, surer before less sure. Letters that the grammar
// takes for digits cost confidence, and a number that is only cited is never surer than
// AtMostCited. A number whose day lies after today is misread and left out. Value is the
// number as printed.
func FindDossierNumbers(pages []pipeline.Page, today time.Time) []pipeline.Field {
	var coded, found []candidate
	for _, p := range pages {
		coded = append(coded, inCodes(p, today)...)
		found = append(found, onPage(p, today)...)
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.role, a.role), cmp.Compare(a.Page, b.Page), cmp.Compare(b.Confidence, a.Confidence))
	})
	var fields []pipeline.Field
	seen := map[string]bool{}
	for _, c := range append(coded, found...) {
		if !seen[c.number.Key()] {
			seen[c.number.Key()] = true
			fields = append(fields, c.Field)
		}
	}
	return fields
}

// Bound gives the one number that a paper surely is of, and how many different ones it may
// be of. What codes state goes before what was read, and the paper's own before what it
// cites. sure is the confidence that is enough for a number.
func Bound(found []pipeline.Field, sure func(pipeline.DossierNumber) float32) (n pipeline.DossierNumber, different int) {
	for _, better := range []func(pipeline.Field) bool{
		func(f pipeline.Field) bool { return f.Source == pipeline.ByQR },
		func(f pipeline.Field) bool { return f.Confidence > AtMostCited },
	} {
		if only := slices.DeleteFunc(slices.Clone(found), func(f pipeline.Field) bool { return !better(f) }); len(only) > 0 {
			found = only
			break
		}
	}
	keys := map[string]bool{}
	for _, f := range found {
		if one, err := pipeline.ParseDossierNumber(f.Value); err == nil {
			n = one
			keys[n.Key()] = true
		}
	}
	if len(keys) != 1 || found[0].Confidence < sure(n) {
		return pipeline.DossierNumber{}, len(keys)
	}
	return n, 1
}

// run is the text of a page in one piece, with the word that each byte belongs to. Columns
// that stand on one line are parted by a tab.
type run struct {
	text  string
	words []pipeline.Word
	owner []int // per byte; -1 between words
}

func runOf(p pipeline.Page) run {
	var r run
	var b strings.Builder
	put := func(s string, owner int) {
		b.WriteString(s)
		for range len(s) {
			r.owner = append(r.owner, owner)
		}
	}
	for _, l := range p.Lines {
		for i, w := range l.Words {
			if i > 0 {
				put(between(l.Words[i-1], w), -1)
			}
			r.words = append(r.words, w)
			put(spaced(norm.NFC.String(w.Text)), len(r.words)-1)
		}
		put("\n", -1)
	}
	r.text = b.String()
	return r
}

// between gives what parts two words of a line.
func between(a, b pipeline.Word) string {
	if apart(a, b, max(a.Box.Y1-a.Box.Y0, b.Box.Y1-b.Box.Y0)) {
		return "\t"
	}
	return " "
}

// spaced makes every kind of space a plain one.
func spaced(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Zs, r) {
			return ' '
		}
		return r
	}, s)
}

func onPage(p pipeline.Page, today time.Time) []candidate {
	r := runOf(p)
	rules := grammar.Default()
	rules.Today = today
	var found []candidate
	loose := map[string]bool{} // no entries
	for _, m := range rules.Find(grammar.Dossier, r.text) {
		number, err := pipeline.ParseDossierNumber(m.Printed)
		if err != nil {
			continue
		}
		c := candidate{Field: r.field(p, m), number: number}
		c.role = r.role(m, c.Box, p.Height/headShare)
		if c.role != asEntry {
			loose[number.Key()] = true
		}
		found = append(found, c)
	}
	for i, c := range found {
		if c.role == asAlone && len(loose) > 1 {
			c.role = asCited // a column of a table stands in the head too
		}
		c.Confidence = c.role.trusted(c.Confidence)
		found[i] = c
	}
	return found
}

// field makes a field of a number in the text.
func (r run) field(p pipeline.Page, m grammar.Match) pipeline.Field {
	words := r.between(m.Start, m.End)
	f := pipeline.Field{
		Name: pipeline.FieldDossier, Value: m.Printed, Source: sourceOf(p), Page: p.Number,
		Confidence: max(0, confidence(words)-float32(m.Misread()*repairCost)),
	}
	for _, w := range words {
		f.Box = f.Box.Union(w.Box)
	}
	return f
}

// between gives the words that lie wholly or partly in text[from:to].
func (r run) between(from, to int) []pipeline.Word {
	var words []pipeline.Word
	last := -1
	for _, o := range r.owner[from:to] {
		if o >= 0 && o != last {
			words = append(words, r.words[o])
			last = o
		}
	}
	return words
}

// repairDigits gives the digits of s without spaces, and how many were letters.
func repairDigits(s string) (digits string, repairs int) {
	digits = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		d := asDigit(r)
		if d < 0 {
			return r
		}
		if d != r {
			repairs++
		}
		return d
	}, s)
	return digits, repairs
}

// asDigit gives the digit that r is or looks like, or -1. Folded, an l is an L.
func asDigit(r rune) rune {
	if r == 'L' {
		return '1'
	}
	if d, ok := grammar.Digit(r); ok {
		return d
	}
	return -1
}

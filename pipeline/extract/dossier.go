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

const (
	repairCost = 6    // percent of confidence per letter taken for a digit
	unlabelled = 0.85 // how much a number without a label is trusted
)

// candidate is a number found at one place.
type candidate struct {
	pipeline.Field
	number   pipeline.DossierNumber
	labelled bool
}

// FindDossierNumbers gives every different dossier number on pages, the best first:
// those that a code names (ByQR), then those after a label ("Mã hồ sơ:") before bare
// ones, earlier pages before later, surer before less sure. Letters that the grammar
// takes for digits cost confidence. A number whose day lies after today
// is misread and left out. Value is the number as printed.
func FindDossierNumbers(pages []pipeline.Page, today time.Time) []pipeline.Field {
	var coded, found []candidate
	for _, p := range pages {
		coded = append(coded, inCodes(p, today)...)
		found = append(found, onPage(p, today)...)
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		if a.labelled != b.labelled {
			if a.labelled {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Page, b.Page), cmp.Compare(b.Confidence, a.Confidence))
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

// run is the text of a page in one piece, with the word that each byte belongs to.
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
				put(" ", -1)
			}
			r.words = append(r.words, w)
			put(spaced(norm.NFC.String(w.Text)), len(r.words)-1)
		}
		put("\n", -1)
	}
	r.text = b.String()
	return r
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
	for _, m := range rules.Find(grammar.Dossier, r.text) {
		if number, err := pipeline.ParseDossierNumber(m.Printed); err == nil {
			found = append(found, candidate{Field: r.field(p, m), number: number, labelled: m.Labelled})
		}
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
	if !m.Labelled {
		f.Confidence *= unlabelled
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

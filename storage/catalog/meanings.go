package catalog

import (
	"slices"
	"strings"

	"hoso/pipeline"
	"hoso/pipeline/grammar"
	"hoso/storage/catalog/fold"
)

// fewTotal caps what is counted of a meaning whose papers are not shown; it says "more
// than 1,000".
const fewTotal = 1_001

// meaning is one that a search can be made of.
type meaning struct {
	pipeline.Meaning

	apply func(*search)
}

// meanings gives what the text of the box may mean, the likeliest first, as far as
// papers are found by it.
func meanings(box string) []meaning {
	rules := grammar.Default()
	var all []meaning
	add := func(g grammar.Guess, apply func(*search)) {
		name := string(g.Kind) + "-" + string(g.Part)
		if apply != nil && !slices.ContainsFunc(all, func(m meaning) bool { return m.Name == name }) {
			all = append(all, meaning{pipeline.Meaning{Name: name, Kind: g.Kind, Part: g.Part}, apply})
		}
	}
	for _, g := range rules.Classify(storableForm(box)) {
		add(g, applied(g, box))
		if g.Kind == grammar.Dossier && g.Part == grammar.Whole {
			if more := pipeline.NumberPrefixes(g.Values[0]); len(more) > 0 {
				add(grammar.Guess{Kind: g.Kind, Part: grammar.Beginning}, func(s *search) { s.numbers = more })
			}
		}
	}
	return all
}

// applied gives how a search is made of a guess, nil if papers are not found by such.
func applied(g grammar.Guess, box string) func(*search) {
	switch g.Kind {
	case grammar.Dossier:
		return appliedNumber(g)
	case grammar.Citizen, grammar.OldID, grammar.Tax:
		if g.Part == grammar.Tail {
			return look("masked", g, holderKey)
		}
		return look("papers.holder", g, holderKey)
	case grammar.Document:
		if g.Part == grammar.Tail {
			return appliedSymbol(g)
		}
		return look("papers.document", g, documentKey)
	case grammar.Date:
		if g.Part != grammar.Tail {
			return look("papers.issued", g, func(s string) string { return s })
		}
	case grammar.Words:
		if parts := ask(box); len(parts) > 0 {
			return func(s *search) { s.asked.parts = parts }
		}
	default: // the words find it
	}
	return nil
}

// look gives how a column is looked up for a guess.
func look(column string, g grammar.Guess, key func(string) string) func(*search) {
	by := keyed{column: column}
	for _, v := range g.Values {
		r := span{low: key(v)}
		if r.low == "" {
			continue
		}
		if g.Part == grammar.Beginning {
			r.high = r.low + "~"
		}
		by.spans = append(by.spans, r)
	}
	if len(by.spans) == 0 {
		return nil
	}
	return func(s *search) { s.by = by }
}

// appliedNumber gives how dossier numbers are looked up by a part of theirs.
func appliedNumber(g grammar.Guess) func(*search) {
	switch {
	case g.Part == grammar.Whole:
		return func(s *search) { s.whole, s.numbers = g.Values[0], nil }
	case g.Part == grammar.Beginning:
		return func(s *search) { s.numbers = g.Values }
	case g.Part == grammar.Tail && strings.LastIndexByte(g.Values[0], '-') <= 0:
		by := keyed{column: "papers.counter", spans: counterSpans(g.Values)}
		return func(s *search) { s.by = by }
	}
	pieces := piecesOf(g)
	return func(s *search) { s.pieces = pieces }
}

// counterSpans gives what ends as typed: a whole counter behind its hyphen, or its last
// digits, among which the whole ones are.
func counterSpans(values []string) []span {
	var spans []span
	for _, v := range values {
		back := backwards(strings.TrimPrefix(v, "-"))
		if v[0] == '-' {
			spans = append(spans, span{low: back})
			continue
		}
		return []span{{low: back, high: back + "~"}}
	}
	return spans
}

// appliedSymbol gives how documents are found by their symbol alone: in its index, or,
// with filters that the index of words knows and this one does not, by its words and then
// by their number's end.
func appliedSymbol(g grammar.Guess) func(*search) {
	symbol := fold.Text(g.Values[0])
	p := partOf(symbol)
	if len(p.words) == 0 || strings.ContainsAny(symbol, "%_") {
		return nil
	}
	p.tones, p.number = make([]string, len(p.words)), nil
	return func(s *search) {
		if !s.filtered() {
			s.by = keyed{column: "symbol", spans: []span{{low: symbol}}}
		}
		s.asked.parts, s.symbol = []part{p}, symbol
		s.asked.heads = append(slices.Clone(s.asked.heads), p.words)
	}
}

// piece is what stands in a dossier key: something of the unit, and what follows it.
type piece struct {
	unit  string // contained in the unit's code, or its end
	ends  bool   // it is the end
	rest  string // from the hyphen after the unit on, "" for anything
	whole bool   // rest goes to the end
}

// piecesOf cuts the middles and the tails of keys. What begins as another does is found
// with it.
func piecesOf(g grammar.Guess) []piece {
	var all []piece
	for _, v := range g.Values {
		within := func(other string) bool { return other != v && strings.HasPrefix(v, other) }
		if g.Part == grammar.Middle && slices.ContainsFunc(g.Values, within) {
			continue
		}
		unit, rest, dated := strings.Cut(v, "-")
		p := piece{unit: unit, ends: dated, whole: g.Part == grammar.Tail}
		if dated {
			p.rest = "-" + rest
		}
		all = append(all, p)
	}
	return all
}

// spansOf gives the spans of keys that have a piece, being told all units.
func spansOf(pieces []piece, units []string) []span {
	var spans []span
	for _, p := range pieces {
		for _, u := range units {
			if p.ends && !strings.HasSuffix(u, p.unit) || !strings.Contains(u, p.unit) {
				continue
			}
			key := u + orElse(p.rest, "-")
			if r := (span{low: key}); p.whole {
				spans = append(spans, r)
			} else {
				spans = append(spans, span{low: key, high: key + "~"})
			}
		}
	}
	return spans
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

package catalog

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"hoso/pipeline"
)

// span is a range of dossier keys: from low, below high; high "" for low alone.
type span struct{ low, high string }

// ranges gives the spans of keys that s asks for.
func (s search) ranges() []span {
	if s.whole != "" {
		return []span{{low: s.whole}}
	}
	return s.beginnings()
}

// beginnings gives the spans of keys that begin as asked. None lies within another.
func (s search) beginnings() []span {
	var spans []span
	for i, n := range s.numbers {
		within := func(other string) bool { return other != n && strings.HasPrefix(n, other) }
		if slices.ContainsFunc(s.numbers, within) || slices.Contains(s.numbers[:i], n) {
			continue
		}
		// Keys are ASCII, so the byte after the last is the end of the prefix.
		spans = append(spans, span{low: n, high: n[:len(n)-1] + string(n[len(n)-1]+1)})
	}
	return spans
}

// spans adds the condition that a column with an index of what is not empty lies in one
// of spans.
func (w *where) spans(column string, spans []span) {
	terms := make([]string, len(spans))
	for i, r := range spans {
		low := w.arg(r.low)
		if terms[i] = column + " = " + low; r.high != "" {
			terms[i] = column + " >= " + low + " AND " + column + " < " + w.arg(r.high)
		}
	}
	w.terms = append(w.terms, column+" <> '' AND ("+strings.Join(terms, " OR ")+")")
}

// anyOf gives a table of spans and adds the condition that the dossier number lies in one
// of them, which both engines take for as many walks of the index. The spans are either
// all of one key or all beginnings. Keys are of characters below ~.
func (c *Catalog) anyOf(spans []span, w *where) (table string) {
	lows, end := make([]string, len(spans)), ""
	for i, r := range spans {
		if lows[i] = r.low; r.high != "" {
			end = "~"
		}
	}
	table = " FROM " + c.engine.list(w.arg(array(lows))) + " AS spans"
	w.and("papers.number <> '' AND papers.number >= spans.value AND papers.number <= spans.value || CAST(? AS TEXT)", end)
	return table
}

// array writes values as a JSON array, one argument however many there are: that takes a
// third of the time that the engines need to read as many arguments.
func array[T string | int64](values []T) string {
	text, err := json.Marshal(values)
	if err != nil {
		return "[]" // texts and numbers can always be written
	}
	return string(text)
}

// numbered is a paper's place in the index of numbers.
type numbered struct {
	number string
	n      int64
}

// findNumber gives a page of papers by dossier number. It walks the index of numbers
// only, so that it takes as long for ten million papers as for ten.
func (c *Catalog) findNumber(ctx context.Context, s search) (pipeline.Found, error) {
	spans := s.ranges()
	total, err := c.countNumbers(ctx, s, spans)
	if err != nil {
		return pipeline.Found{}, err
	}
	if total == 0 && s.whole != "" {
		spans = s.beginnings()
		if total, err = c.countNumbers(ctx, s, spans); err != nil {
			return pipeline.Found{}, err
		}
	}
	var all []numbered
	for _, r := range spans {
		some, err := c.span(ctx, s, r)
		if err != nil {
			return pipeline.Found{}, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b numbered) int {
		if d := strings.Compare(b.number, a.number); d != 0 {
			return d
		}
		return int(max(-1, min(1, b.n-a.n)))
	})
	found := pipeline.Found{Total: total}
	if len(all) > s.Limit {
		all = all[:s.Limit]
		last := all[s.Limit-1]
		found.Next = token{place: last.n, number: last.number, meaning: s.from.meaning}.String()
	}
	places := make([]int64, len(all))
	for i, a := range all {
		places[i] = a.n
	}
	found.Hits, err = c.hits(ctx, places, s.asked)
	return found, err
}

// countNumbers counts the papers in spans up to mostTotal.
func (c *Catalog) countNumbers(ctx context.Context, s search, spans []span) (int, error) {
	// One by one: for several at once SQLite reads the whole index.
	total := 0
	for _, r := range spans {
		w := &where{}
		w.filters(s)
		w.spans("papers.number", []span{r})
		n, err := c.count(ctx, "SELECT 1 FROM papers"+w.String(), w.args, mostTotal)
		if err != nil {
			return 0, err
		}
		total = min(total+n, mostTotal)
	}
	return total, nil
}

// span gives the first papers of a span after the page before, one more than asked
// for.
func (c *Catalog) span(ctx context.Context, s search, r span) ([]numbered, error) {
	w := &where{}
	w.filters(s)
	w.spans("papers.number", []span{r})
	if s.from.number != "" {
		w.and("(papers.number, papers.n) < (?, ?)", s.from.number, s.from.place)
	}
	scan := func(scan func(...any) error) (numbered, error) {
		var a numbered
		err := scan(&a.number, &a.n)
		return a, err
	}
	query := "SELECT number, n FROM papers" + w.String() + " ORDER BY number DESC, n DESC LIMIT " + w.arg(s.Limit+1)
	return collect(ctx, c.read, scan, query, w.args...)
}

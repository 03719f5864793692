package catalog

import (
	"context"
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

// numbers adds the condition that the dossier number lies in one of spans.
func (w *where) numbers(spans []span) {
	terms := make([]string, len(spans))
	for i, r := range spans {
		if terms[i] = "papers.number = " + w.arg(r.low); r.high != "" {
			terms[i] = "papers.number >= $" + terms[i][len("papers.number = $"):] + " AND papers.number < " + w.arg(r.high)
		}
	}
	w.terms = append(w.terms, "papers.number <> '' AND ("+strings.Join(terms, " OR ")+")")
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
		found.Next = token{place: last.n, number: last.number}.String()
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
		w := s.filters()
		w.numbers([]span{r})
		n, err := c.count(ctx, "SELECT 1 FROM papers"+w.String(), w.args)
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
	w := s.filters()
	w.numbers([]span{r})
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

// filters gives the conditions of s other than words and numbers, on columns that
// the index of numbers holds.
func (s search) filters() *where {
	w := &where{}
	if s.Unit != "" {
		w.and("(papers.unit = ? OR papers.unit >= ? AND papers.unit < ?)", s.Unit, s.Unit+".", s.Unit+"/")
	}
	if s.Kind != "" {
		w.and("papers.kind = ?", short(storableForm(string(s.Kind))))
	}
	if s.State != "" {
		w.and("papers.state = ?", storableForm(string(s.State)))
	}
	if s.Sender != "" {
		w.and("papers.sender = ?", senderOf(s.Sender))
	}
	if s.low > 0 {
		w.and("papers.n >= ?", s.low)
	}
	if s.top > 0 {
		w.and("papers.n < ?", s.top)
	}
	return w
}

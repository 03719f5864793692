package catalog

import (
	"context"
	"fmt"
	"strings"

	"hoso/pipeline"
)

// The sizes of what Find gives.
const (
	usualLimit = 20
	mostLimit  = 200
	mostTotal  = 10_001 // says "more than 10,000"
)

// Find looks papers up. A dossier number, whole or its beginning, gives the papers of
// the highest numbers first, within a dossier the newest first; everything else the
// newest received first, or the best of the newest 600 with pipeline.Ranked. Papers
// that have one letter of a Box wrong come after all others.
//
// A whole number that no paper has is taken for a beginning. Text without a word or
// digit in it finds nothing. No text, number, unit or kind is an error; After that is
// no Found.Next is a Refusal.
func (c *Catalog) Find(ctx context.Context, q pipeline.Query) (pipeline.Found, error) {
	if q.Limit <= 0 {
		q.Limit = usualLimit
	}
	q.Limit = min(q.Limit, mostLimit)
	from, err := parseToken(q.After)
	if err != nil {
		return pipeline.Found{}, err
	}
	found, err := c.answer(ctx, q, from)
	if err != nil {
		return pipeline.Found{}, failed(err, "finding papers")
	}
	return found, nil
}

func (c *Catalog) answer(ctx context.Context, q pipeline.Query, from token) (found pipeline.Found, err error) {
	if strings.TrimSpace(q.Box) != "" {
		return c.findBox(ctx, q, from)
	}
	s, ok := newSearch(q)
	if !ok {
		return pipeline.Found{}, nil
	}
	s.from = from
	if s.rare, err = c.rareState(ctx, s); err != nil {
		return pipeline.Found{}, err
	}
	if err = c.gatherRare(ctx, &s); err != nil {
		return pipeline.Found{}, err
	}
	found, err = c.find(ctx, s)
	if err == nil && q.Facets {
		found.Facets, err = c.facets(ctx, s)
	}
	return found, err
}

func (c *Catalog) find(ctx context.Context, s search) (pipeline.Found, error) {
	switch {
	case s.byNumber():
		return c.findNumber(ctx, s)
	case s.Order == pipeline.Ranked && len(s.asked.parts) > 0:
		return c.findRanked(ctx, s)
	}
	return c.findNewest(ctx, s)
}

// findNewest gives a page of papers, newest first.
func (c *Catalog) findNewest(ctx context.Context, s search) (pipeline.Found, error) {
	found, err := c.pageNewest(ctx, s)
	if err != nil {
		return found, err
	}
	if found.Next == "" && s.from.place == 0 {
		found.Total = len(found.Hits)
		return found, nil
	}
	found.Total, err = c.total(ctx, s, mostTotal)
	return found, err
}

// pageNewest gives a page of papers, newest first, without counting them all.
func (c *Catalog) pageNewest(ctx context.Context, s search) (pipeline.Found, error) {
	if s.exactly != nil && *s.exactly == 0 {
		return pipeline.Found{}, nil
	}
	from := c.source(s)
	w := from.where
	if s.from.place > 0 {
		w.and(from.place+" < ?", s.from.place)
	}
	query := "SELECT " + from.place + from.tables + w.String() + " ORDER BY " + from.place + " DESC LIMIT " + w.arg(s.Limit+1)
	places, err := collect(ctx, c.read, scanPlace, query, w.args...)
	if err != nil {
		return pipeline.Found{}, err
	}
	var found pipeline.Found
	if len(places) > s.Limit {
		places = places[:s.Limit]
		found.Next = token{place: places[s.Limit-1], meaning: s.from.meaning, near: s.from.near}.String()
	}
	found.Hits, err = c.hits(ctx, places, s.asked)
	return found, err
}

func scanPlace(scan func(...any) error) (int64, error) {
	var n int64
	err := scan(&n)
	return n, err
}

// total counts the papers that s finds up to most.
func (c *Catalog) total(ctx context.Context, s search, most int) (int, error) {
	if s.exactly != nil {
		return min(*s.exactly, most), nil
	}
	from := c.source(s)
	return c.count(ctx, "SELECT 1"+from.tables+from.where.String(), from.where.args, most)
}

// count counts the rows of a query up to most.
func (c *Catalog) count(ctx context.Context, query string, args []any, most int) (int, error) {
	var n int
	query = fmt.Sprintf("SELECT count(*) FROM (%s LIMIT %d) AS matches", query, most)
	err := c.read.QueryRowContext(ctx, query, args...).Scan(&n)
	return n, err
}

// hits reads the papers at places, in that order, with their snippets.
func (c *Catalog) hits(ctx context.Context, places []int64, asked question) ([]pipeline.Hit, error) {
	if len(places) == 0 {
		return nil, nil
	}
	w := &where{}
	w.oneOf("papers.n", places)
	rows, err := c.rows(ctx, "SELECT "+rowColumns+" FROM papers"+w.String(), w.args...)
	if err != nil {
		return nil, err
	}
	byPlace := make(map[int64]pipeline.Paper, len(rows))
	for _, r := range rows {
		byPlace[r.n] = r.paper
	}
	var bodies map[int64]string
	if len(asked.parts) > 0 {
		if bodies, err = c.bodies(ctx, places); err != nil {
			return nil, err
		}
	}
	hits := make([]pipeline.Hit, 0, len(places))
	for _, n := range places {
		if p, ok := byPlace[n]; ok {
			hits = append(hits, pipeline.Hit{Paper: p, Snippet: snippet(bodies[n], headOf(p), asked)})
		}
	}
	return hits, nil
}

// oneOf adds the condition that column is one of some places.
func (w *where) oneOf(column string, places []int64) {
	marks := make([]string, len(places))
	for i, n := range places {
		marks[i] = w.arg(n)
	}
	w.terms = append(w.terms, column+" IN ("+strings.Join(marks, ", ")+")")
}

// bodies gives the stored texts of the papers at places.
func (c *Catalog) bodies(ctx context.Context, places []int64) (map[int64]string, error) {
	type packed struct {
		n    int64
		body []byte
	}
	w := &where{}
	w.oneOf("n", places)
	scan := func(scan func(...any) error) (packed, error) {
		var p packed
		err := scan(&p.n, &p.body)
		return p, err
	}
	all, err := collect(ctx, c.read, scan, "SELECT n, body FROM texts"+w.String(), w.args...)
	if err != nil {
		return nil, err
	}
	bodies := make(map[int64]string, len(all))
	for _, p := range all {
		if bodies[p.n], err = c.unpackText(p.body); err != nil {
			return nil, err
		}
	}
	return bodies, nil
}

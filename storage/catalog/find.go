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
// newest received first, or the best of the newest 2,000 with pipeline.Ranked.
//
// A whole number that no paper has is taken for a beginning. Text without a word or
// digit in it finds nothing. No text, number, unit or kind is an error; After that is
// no Found.Next is a Refusal.
func (c *Catalog) Find(ctx context.Context, q pipeline.Query) (pipeline.Found, error) {
	if q.Limit <= 0 {
		q.Limit = usualLimit
	}
	q.Limit = min(q.Limit, mostLimit)
	s, ok := newSearch(q)
	if !ok {
		return pipeline.Found{}, nil
	}
	var err error
	if s.from, err = parseToken(q.After); err != nil {
		return pipeline.Found{}, err
	}
	found, err := c.find(ctx, s)
	if err != nil {
		return pipeline.Found{}, failed(err, "finding papers")
	}
	return found, nil
}

func (c *Catalog) find(ctx context.Context, s search) (pipeline.Found, error) {
	switch {
	case s.Number != "" && len(s.asked.parts) == 0:
		return c.findNumber(ctx, s)
	case s.Order == pipeline.Ranked && len(s.asked.parts) > 0:
		return c.findRanked(ctx, s)
	}
	return c.findNewest(ctx, s)
}

// search is a Query made ready.
type search struct {
	pipeline.Query
	asked    question
	numbers  []string // beginnings of dossier keys
	whole    string   // the dossier key, if Number is a whole one
	from     token    // where the page before ended
	low, top int64    // places: low <= n < top; top 0 has no end
}

// newSearch reads q; ok is false if nothing can match.
func newSearch(q pipeline.Query) (s search, ok bool) {
	s = search{Query: q}
	s.asked.parts = ask(q.Text)
	if len(s.asked.parts) == 0 && strings.TrimSpace(q.Text) != "" {
		return s, false
	}
	if s.Number = strings.TrimSpace(q.Number); s.Number != "" {
		s.numbers = pipeline.NumberPrefixes(s.Number)
		if n, err := pipeline.ParseDossierNumber(s.Number); err == nil {
			s.whole = n.Key()
		}
		if len(s.numbers) == 0 && s.whole == "" {
			return s, false
		}
	}
	if !q.From.IsZero() {
		s.low = firstPlace(q.From)
	}
	if !q.To.IsZero() {
		s.top = firstPlace(q.To)
		if s.top <= s.low {
			return s, false
		}
	}
	if q.Unit = unitOf(q.Unit); q.Unit != "" {
		s.asked.marks = append(s.asked.marks, unitMark(q.Unit))
	}
	s.Unit = q.Unit
	if q.Kind != "" {
		s.asked.marks = append(s.asked.marks, kindMark(q.Kind))
	}
	return s, true
}

// where collects the conditions of a query and their arguments.
type where struct {
	terms []string
	args  []any
}

// and adds a condition in which each ? stands for one of args.
func (w *where) and(term string, args ...any) {
	for _, a := range args {
		w.args = append(w.args, a)
		term = strings.Replace(term, "?", fmt.Sprintf("$%d", len(w.args)), 1)
	}
	w.terms = append(w.terms, term)
}

// arg adds an argument and gives its placeholder.
func (w *where) arg(a any) string {
	w.args = append(w.args, a)
	return fmt.Sprintf("$%d", len(w.args))
}

func (w *where) String() string {
	if len(w.terms) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.terms, " AND ")
}

// clone gives a copy that can be added to.
func (w *where) clone() *where {
	return &where{terms: append([]string(nil), w.terms...), args: append([]any(nil), w.args...)}
}

// source is the tables and conditions of a search that does not start from a number.
type source struct {
	tables string
	place  string // the column with the place
	where  *where
}

// source gives where the papers of s are found, without regard to pages.
func (c *Catalog) source(s search) source {
	from := source{tables: " FROM papers", place: "papers.n", where: &where{}}
	if !s.asked.empty() {
		from.place = c.engine.place
		from.tables = " FROM words"
		// The question is $1, which the condition of the engine names itself.
		from.where.arg(c.engine.question(s.asked))
		from.where.terms = append(from.where.terms, c.engine.match)
		if s.State != "" || s.Number != "" || s.Sender != "" {
			// CROSS makes SQLite start from the words, which come in order.
			from.tables = " FROM words CROSS JOIN papers"
			from.where.and("papers.n = " + c.engine.place)
		}
	}
	if s.State != "" {
		from.where.and("papers.state = ?", storableForm(string(s.State)))
	}
	if s.Sender != "" {
		from.where.and("papers.sender = ?", senderOf(s.Sender))
	}
	if s.Number != "" {
		from.where.numbers(s.ranges())
	}
	if s.low > 0 {
		from.where.and(from.place+" >= ?", s.low)
	}
	if s.top > 0 {
		from.where.and(from.place+" < ?", s.top)
	}
	return from
}

// findNewest gives a page of papers, newest first.
func (c *Catalog) findNewest(ctx context.Context, s search) (pipeline.Found, error) {
	from := c.source(s)
	total, err := c.count(ctx, "SELECT 1"+from.tables+from.where.String(), from.where.args)
	if err != nil {
		return pipeline.Found{}, err
	}
	w := from.where.clone()
	if s.from.place > 0 {
		w.and(from.place+" < ?", s.from.place)
	}
	query := "SELECT " + from.place + from.tables + w.String() + " ORDER BY " + from.place + " DESC LIMIT " + w.arg(s.Limit+1)
	places, err := collect(ctx, c.read, scanPlace, query, w.args...)
	if err != nil {
		return pipeline.Found{}, err
	}
	found := pipeline.Found{Total: total}
	if len(places) > s.Limit {
		places = places[:s.Limit]
		found.Next = token{place: places[s.Limit-1]}.String()
	}
	found.Hits, err = c.hits(ctx, places, s.asked)
	return found, err
}

func scanPlace(scan func(...any) error) (int64, error) {
	var n int64
	err := scan(&n)
	return n, err
}

// count counts the rows of a query up to mostTotal.
func (c *Catalog) count(ctx context.Context, query string, args []any) (int, error) {
	var n int
	query = fmt.Sprintf("SELECT count(*) FROM (%s LIMIT %d) AS matches", query, mostTotal)
	err := c.read.QueryRowContext(ctx, query, args...).Scan(&n)
	return n, err
}

// hits reads the papers at places, in that order, with their snippets.
func (c *Catalog) hits(ctx context.Context, places []int64, asked question) ([]pipeline.Hit, error) {
	if len(places) == 0 {
		return nil, nil
	}
	w := &where{}
	w.places("papers.n", places)
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

// places adds the condition that column is one of some places.
func (w *where) places(column string, places []int64) {
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
	w.places("n", places)
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

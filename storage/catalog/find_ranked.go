package catalog

import (
	"context"
	"slices"

	"hoso/pipeline"
	"hoso/storage/catalog/fold"
)

const (
	// window is how many of the newest matches are ranked. Ranking all papers with
	// a common word costs seconds and tells no more.
	window = 2000
	// pool is how many of the best are read again to put exact tones first.
	pool = 100
	// toneText is how much of a text is looked through for exact tones, in bytes.
	toneText = 32 << 10
)

// findRanked gives a page of the best papers. The pages of one search all look at
// the window that the first one saw, so that a paper received meanwhile moves none.
func (c *Catalog) findRanked(ctx context.Context, s search) (pipeline.Found, error) {
	from := c.source(s)
	total, err := c.count(ctx, "SELECT 1"+from.tables+from.where.String(), from.where.args, mostTotal)
	if err != nil || total == 0 {
		return pipeline.Found{}, err
	}
	w := from.where.clone()
	if s.from.place > 0 {
		w.and(from.place+" <= ?", s.from.place)
	}
	places, err := c.best(ctx, from, w)
	if err != nil {
		return pipeline.Found{}, err
	}
	top := s.from.place
	if top == 0 && len(places) > 0 {
		top = slices.Max(places)
	}
	if s.asked.toned() {
		if err := c.exactFirst(ctx, places[:min(pool, len(places))], s.asked); err != nil {
			return pipeline.Found{}, err
		}
	}
	found := pipeline.Found{Total: total}
	places = places[min(s.from.skip, len(places)):]
	if len(places) > s.Limit {
		places = places[:s.Limit]
		found.Next = token{place: top, skip: s.from.skip + s.Limit, meaning: s.from.meaning}.String()
	}
	found.Hits, err = c.hits(ctx, places, s.asked)
	return found, err
}

// best gives the places of the newest window that meets w, best first.
func (c *Catalog) best(ctx context.Context, from source, w *where) ([]int64, error) {
	newest := w.clone()
	query := "SELECT " + from.place + from.tables + newest.String() +
		" ORDER BY " + from.place + " DESC LIMIT 1 OFFSET " + newest.arg(window-1)
	last, err := collect(ctx, c.read, scanPlace, query, newest.args...)
	if err != nil {
		return nil, err
	}
	if len(last) > 0 {
		w.and(from.place+" >= ?", last[0])
	}
	query = "SELECT " + from.place + from.tables + w.String() +
		" ORDER BY " + c.engine.score + ", " + from.place + " DESC"
	return collect(ctx, c.read, scanPlace, query, w.args...)
}

// exactFirst puts those papers first that have the most words of the question with
// the very tones asked for, and leaves the order among equals.
func (c *Catalog) exactFirst(ctx context.Context, places []int64, asked question) error {
	bodies, err := c.bodies(ctx, places)
	if err != nil {
		return err
	}
	w := &where{}
	w.oneOf("papers.n", places)
	rows, err := c.rows(ctx, "SELECT "+rowColumns+" FROM papers"+w.String(), w.args...)
	if err != nil {
		return err
	}
	exact := make(map[int64]int, len(places))
	for _, r := range rows {
		body := bodies[r.n]
		exact[r.n] = asked.exact(headOf(r.paper) + "\n" + body[:min(len(body), toneText)])
	}
	slices.SortStableFunc(places, func(a, b int64) int { return exact[b] - exact[a] })
	return nil
}

// exact counts the words of q written with marks that stand in text just so.
func (q question) exact(text string) int {
	wanted := make(map[string]map[string]bool) // folded word → tone keys not yet seen
	for _, p := range q.parts {
		for i, tone := range p.tones {
			if tone == "" {
				continue
			}
			if wanted[p.words[i]] == nil {
				wanted[p.words[i]] = make(map[string]bool)
			}
			wanted[p.words[i]][tone] = true
		}
	}
	found := 0
	for w := range fold.Words(text) {
		tones := wanted[w.Text]
		if len(tones) == 0 {
			continue
		}
		if tone := fold.Tone(text[w.Start:w.End]); tones[tone] {
			delete(tones, tone)
			found++
		}
	}
	return found
}

package catalog

import (
	"cmp"
	"context"
	"slices"

	"hoso/pipeline"
	"hoso/storage/catalog/fold"
)

const (
	// window is how many of the newest matches are ranked. The engines can rank by
	// themselves, but look through all papers with a word to learn how rare it is: half
	// a second for a phrase of common words among a million. Reading the texts of the
	// newest takes as long in a catalog of any size, and both engines give one order.
	window = 600
	// rankedText is how much of a text is looked through, in bytes.
	rankedText = 32 << 10
	// textsAtOnce bounds the texts in memory.
	textsAtOnce = 100
)

// The weights of a match: those of BM25, with a usual text of 300 words. A word in the
// names and fields of a paper counts as four in its text.
const (
	saturation = 1.2
	lengthNorm = 0.75
	usualText  = 300
	headWeight = 4
)

// rated is how well a paper answers a question.
type rated struct {
	place int64
	exact int // words with the very tones asked for
	score float64
}

// findRanked gives a page of the best papers of the window. The pages of one search all
// look at the window that the first one saw, so that a paper received meanwhile moves
// none.
func (c *Catalog) findRanked(ctx context.Context, s search) (pipeline.Found, error) {
	total, err := c.total(ctx, s, mostTotal)
	if err != nil || total == 0 {
		return pipeline.Found{}, err
	}
	places, err := c.newest(ctx, s)
	if err != nil {
		return pipeline.Found{}, err
	}
	found := pipeline.Found{Total: total}
	if len(places) == 0 {
		return found, nil
	}
	top := places[0]
	if places, err = c.best(ctx, places, s.asked); err != nil {
		return pipeline.Found{}, err
	}
	places = places[min(s.from.skip, len(places)):]
	if len(places) > s.Limit {
		places = places[:s.Limit]
		found.Next = token{place: top, skip: s.from.skip + s.Limit, meaning: s.from.meaning}.String()
	}
	found.Hits, err = c.hits(ctx, places, s.asked)
	return found, err
}

// newest gives the places of the window, newest first.
func (c *Catalog) newest(ctx context.Context, s search) ([]int64, error) {
	from := c.source(s)
	w := from.where
	if s.from.place > 0 {
		w.and(from.place+" <= ?", s.from.place)
	}
	query := "SELECT " + from.place + from.tables + w.String() + " ORDER BY " + from.place + " DESC LIMIT " + w.arg(window)
	return collect(ctx, c.read, scanPlace, query, w.args...)
}

// best puts places in order: those first that have the most words with the very tones
// asked for, then the best score, then the newest.
func (c *Catalog) best(ctx context.Context, places []int64, asked question) ([]int64, error) {
	all := make([]rated, 0, len(places))
	for some := range slices.Chunk(places, textsAtOnce) {
		bodies, err := c.bodies(ctx, some)
		if err != nil {
			return nil, err
		}
		w := &where{}
		w.oneOf("papers.n", some)
		rows, err := c.rows(ctx, "SELECT "+rowColumns+" FROM papers"+w.String(), w.args...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			all = append(all, asked.rate(r.n, headOf(r.paper), clip(bodies[r.n], rankedText)))
		}
	}
	slices.SortFunc(all, func(a, b rated) int {
		return cmp.Or(cmp.Compare(b.exact, a.exact), cmp.Compare(b.score, a.score), cmp.Compare(b.place, a.place))
	})
	sorted := make([]int64, len(all))
	for i, r := range all {
		sorted[i] = r.place
	}
	return sorted, nil
}

// rate tells how well a paper with this head and body answers q.
func (q question) rate(place int64, head, body string) rated {
	inHead, inBody := lookThrough(head, q), lookThrough(body, q)
	counts := make([]float64, len(q.parts))
	for _, m := range inHead.matches {
		counts[m.part] += headWeight
	}
	for _, m := range inBody.matches {
		counts[m.part]++
	}
	r := rated{place: place}
	norm := saturation * (1 - lengthNorm + lengthNorm*float64(len(inBody.words))/usualText)
	for _, n := range counts {
		r.score += n / (n + norm)
	}
	if q.toned() {
		r.exact = q.exact(inHead, inBody)
	}
	return r
}

// exact counts the words of q written with marks that stand in texts just so.
func (q question) exact(texts ...looked) int {
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
	for _, t := range texts {
		for _, w := range t.words {
			if tones := wanted[w.Text]; len(tones) > 0 {
				if tone := fold.Tone(t.text[w.Start:w.End]); tones[tone] {
					delete(tones, tone)
					found++
				}
			}
		}
	}
	return found
}

package catalog

import (
	"context"
	"slices"
	"strings"

	"hoso/pipeline"
	"hoso/pipeline/grammar"
)

// findBox answers by the first meaning of the box that finds something, or by the one
// asked for, and tells how many papers the others find.
func (c *Catalog) findBox(ctx context.Context, q pipeline.Query, from token) (pipeline.Found, error) {
	q.Number, q.Text = "", ""
	q.Meaning = orElse(from.meaning, q.Meaning)
	base, ok := newSearch(q)
	if !ok {
		return pipeline.Found{}, nil
	}
	base.from, base.units = from, new([]string)
	var err error
	if base.rare, err = c.rareState(ctx, base); err != nil {
		return pipeline.Found{}, err
	}
	all, err := c.meant(ctx, base, q.Box)
	if err != nil {
		return pipeline.Found{}, err
	}
	used, s, err := c.choose(ctx, base, all)
	if err != nil || used < 0 {
		return pipeline.Found{}, err
	}
	s.from.meaning = all[used].Name
	found, err := c.forgiving(ctx, &s)
	if err != nil {
		return pipeline.Found{}, err
	}
	all[used].Used, all[used].Total, all[used].More = true, min(found.Total, fewTotal), false
	for _, m := range all {
		found.Meanings = append(found.Meanings, m.Meaning)
	}
	if q.Facets {
		if found.Facets, err = c.facets(ctx, s); err != nil {
			return pipeline.Found{}, err
		}
	}
	if found.Total == 0 {
		found.Perhaps, err = c.perhaps(ctx, base, all)
	}
	return found, err
}

// meant gives what the box may mean, the likeliest first: what it is of the things that
// are looked up as they stand and no rule tells from others, and what the rules say.
func (c *Catalog) meant(ctx context.Context, base search, box string) ([]meaning, error) {
	all := meanings(box)
	box = strings.TrimSpace(storableForm(box))
	if len(box) > pipeline.LongestCode || !strings.ContainsAny(box, "./") || !strings.ContainsAny(box, "0123456789") || strings.ContainsAny(box, " \t\n") {
		return all, nil
	}
	coded, err := c.codedAs(ctx, base, box)
	if err != nil {
		return nil, err
	}
	if len(coded) > 0 {
		return slices.Insert(all, 0, meaningOf(grammar.Code, func(s *search) { s.by = keyed{"papers.id", coded} })), nil
	}
	if slices.ContainsFunc(all, func(m meaning) bool { return m.Kind != grammar.Words }) {
		return all, nil
	}
	numbered := meaningOf(grammar.Document, func(s *search) { s.by = keyed{"papers.document", []span{{low: documentKey(box)}}} })
	try := base
	numbered.apply(&try)
	if n, err := c.total(ctx, try, 1); err != nil || n == 0 {
		return all, err
	}
	return slices.Insert(all, 0, numbered), nil
}

func meaningOf(kind grammar.Kind, apply func(*search)) meaning {
	return meaning{pipeline.Meaning{Name: string(kind) + "-" + string(grammar.Whole), Kind: kind, Part: grammar.Whole}, apply}
}

// codedAs gives the papers that have, or once had, a digitization code, as far as base may
// see them: that there is one elsewhere is not told either. Templates write in capitals.
func (c *Catalog) codedAs(ctx context.Context, base search, code string) ([]span, error) {
	w := &where{}
	w.and("codes.code IN (?, ?)", code, strings.ToUpper(code))
	w.filters(search{Query: pipeline.Query{Within: base.Within}})
	scan := func(scan func(...any) error) (r span, err error) {
		return r, scan(&r.low)
	}
	return collect(ctx, c.read, scan, "SELECT papers.id FROM codes JOIN papers ON papers.id = codes.paper"+w.String(), w.args...)
}

// choose counts what each meaning finds, the best of each kind, and gives the one to use
// and its search; -1 if there is no meaning.
func (c *Catalog) choose(ctx context.Context, base search, all []meaning) (used int, chosen search, err error) {
	used = -1
	for i := range all {
		if better := all[:i]; base.Meaning != all[i].Name && slices.ContainsFunc(better, func(m meaning) bool { return m.Kind == all[i].Kind && m.Total > 0 }) {
			continue // it would find the same, or what only resembles it
		}
		s := base
		all[i].apply(&s)
		ok, err := c.ready(ctx, &s)
		if err != nil {
			return -1, s, err
		}
		if ok {
			if err = c.weigh(ctx, &all[i], &s, all[:i]); err != nil {
				return -1, s, err
			}
		}
		if ok && (used < 0 || preferred(all[used], all[i], base.Meaning)) {
			used, chosen = i, s
		}
	}
	return used, chosen, nil
}

// weigh counts what a meaning finds, and leaves the count in s if it is not capped. Of
// phrases that are not likely to be meant it counts the newest only: whoever types
// 15/QĐ-UBND and has found that document would wait for all papers with these words.
func (c *Catalog) weigh(ctx context.Context, m *meaning, s *search, likelier []meaning) (err error) {
	s.exactly = nil
	found := slices.ContainsFunc(likelier, func(m meaning) bool { return m.Total > 0 })
	counted := *s
	if found && m.Name != s.Meaning && s.asked.phrased() {
		newest, err := c.newestFrom(ctx, weighed)
		if err != nil {
			return err
		}
		if m.More = newest > s.low; m.More {
			counted.low = newest
		}
	}
	if m.Total, err = c.total(ctx, counted, fewTotal); err == nil && m.Total < fewTotal && !m.More {
		known := m.Total
		s.exactly = &known
	}
	return err
}

// weighed is how many of the newest papers are looked through for a phrase that is not
// likely to be meant.
const weighed = 2_000

// newestFrom gives the place at which so many of the newest papers begin, 0 if there are
// no more.
func (c *Catalog) newestFrom(ctx context.Context, papers int) (int64, error) {
	places, err := collect(ctx, c.read, scanPlace, "SELECT n FROM papers ORDER BY n DESC LIMIT 1 OFFSET $1", papers-1)
	if err != nil || len(places) == 0 {
		return 0, err
	}
	return places[0], nil
}

// preferred reports whether a later meaning is to be used instead of an earlier one.
func preferred(was, is meaning, wanted string) bool {
	if was.Name == wanted || is.Name == wanted {
		return is.Name == wanted
	}
	return was.Total == 0 && is.Total > 0
}

// mostUnits bounds the units whose numbers are looked through for a piece.
const mostUnits = 2000

// units gives the units that numbers begin with, by going from one to the next in the
// index of numbers: the sign after the hyphen, which ends a unit's code, is the dot.
func (c *Catalog) units(ctx context.Context) ([]string, error) {
	query := `WITH RECURSIVE firsts (number) AS (
		SELECT number FROM (SELECT min(number) AS number FROM papers WHERE number <> '') AS first
		UNION ALL
		SELECT (SELECT min(papers.number) FROM papers WHERE papers.number <> '' AND papers.number >= ` + c.engine.unit + ` || '.')
		FROM firsts WHERE firsts.number IS NOT NULL
	) SELECT ` + c.engine.unit + ` FROM firsts WHERE firsts.number IS NOT NULL LIMIT $1`
	return collect(ctx, c.read, scanText, query, mostUnits)
}

// ready finishes a search that a meaning was applied to; ok is false if nothing can
// match.
func (c *Catalog) ready(ctx context.Context, s *search) (ok bool, err error) {
	switch s.by.column {
	case "masked":
		s.by.column = c.engine.masked
	case "symbol":
		s.by.column = c.engine.symbol
	}
	if len(s.pieces) == 0 {
		return true, c.gatherRare(ctx, s)
	}
	if *s.units == nil {
		if *s.units, err = c.units(ctx); err != nil {
			return false, err
		}
	}
	s.spans = spansOf(s.pieces, *s.units)
	return len(s.spans) > 0, nil
}

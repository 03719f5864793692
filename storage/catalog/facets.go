package catalog

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"hoso/pipeline"
)

const (
	// counted is how many of the newest matches facets are counted among.
	counted = 5000
	// countedNear is the same of papers that have a letter wrong, which take longer to find:
	// those that are gathered for the page anyhow.
	countedNear = mostNear - 1
	// mostValues is how many values of a facet are told.
	mostValues = 12
)

// traits is what facets count of one paper.
type traits struct {
	place                                   int64
	unit, kind, state, class, batch, issued string
}

func scanTraits(scan func(...any) error) (traits, error) {
	var t traits
	err := scan(&t.place, &t.unit, &t.kind, &t.state, &t.class, &t.batch, &t.issued)
	return t, err
}

// facet is how one facet is counted: the values of a paper, and the search without its
// own filter.
type facet struct {
	name   pipeline.FacetName
	values func(traits) []string
	set    func(pipeline.Query) bool
	open   func(*pipeline.Query)
}

// facetsOf gives all facets; spans are those of ByReceived.
func facetsOf(spans []received) []facet {
	type query = pipeline.Query
	one := func(s string) []string {
		if s == "" {
			return nil
		}
		return []string{s}
	}
	return []facet{
		{pipeline.ByUnit, func(t traits) []string { return one(t.unit) }, func(q query) bool { return q.Unit != "" }, func(q *query) { q.Unit = "" }},
		{pipeline.ByKind, func(t traits) []string { return one(t.kind) }, func(q query) bool { return q.Kind != "" }, func(q *query) { q.Kind = "" }},
		{pipeline.ByState, func(t traits) []string { return one(t.state) }, func(q query) bool { return q.State != "" }, func(q *query) { q.State = "" }},
		{pipeline.ByClass, func(t traits) []string { return one(t.class) }, func(q query) bool { return q.Class != "" }, func(q *query) { q.Class = "" }},
		{pipeline.ByBatch, func(t traits) []string { return one(t.batch) }, func(q query) bool { return q.Batch != "" }, func(q *query) { q.Batch = "" }},
		{pipeline.ByIssued, func(t traits) []string { return one(t.issued[:min(4, len(t.issued))]) }, func(q query) bool { return q.Issued != "" }, func(q *query) { q.Issued = "" }},
		{
			pipeline.ByReceived, func(t traits) []string { return spansAt(spans, t.place) },
			func(q query) bool { return !q.From.IsZero() || !q.To.IsZero() },
			func(q *query) { q.From, q.To = time.Time{}, time.Time{} },
		},
	}
}

// facets counts what s can be narrowed down by: each filter as if it were not set itself.
func (c *Catalog) facets(ctx context.Context, s search) ([]pipeline.Facet, error) {
	spans := receivedSpans(c.now())
	under, underMore, err := c.traits(ctx, s)
	if err != nil {
		return nil, err
	}
	var all []pipeline.Facet
	for _, f := range facetsOf(spans) {
		among, more := under, underMore
		if f.set(s.Query) {
			if among, more, err = c.traits(ctx, s.without(f.open)); err != nil {
				return nil, err
			}
		}
		one := tally(f, among, spans)
		one.Capped = more
		all = append(all, one)
	}
	return all, nil
}

// without gives s with one filter opened.
func (s search) without(open func(*pipeline.Query)) search {
	q := s.Query
	open(&q)
	again, ok := newSearch(q)
	if !ok {
		return s
	}
	again.asked.parts, again.symbol = s.asked.parts, s.symbol
	if s.symbol != "" {
		again.asked.heads = append(again.asked.heads, s.asked.parts[0].words)
	}
	if again.State != "" {
		again.rare = s.rare
	}
	again.by, again.spans, again.numbers, again.whole = s.by, s.spans, s.numbers, s.whole
	return again
}

// traits reads what is counted of the newest matches, and whether there are more.
func (c *Catalog) traits(ctx context.Context, s search) (newest []traits, more bool, err error) {
	if s.exactly != nil && *s.exactly == 0 {
		return nil, false, nil
	}
	most := counted
	if len(s.asked.slips()) > 0 {
		most = countedNear
	}
	from := c.source(s)
	w := from.where
	query := "SELECT " + from.place + " AS place" + from.tables + w.String() + " ORDER BY " + from.place + " DESC LIMIT " + w.arg(most+1)
	query = "SELECT n, unit, kind, state, class, batch, issued FROM (" + query + ") AS newest CROSS JOIN papers" + c.engine.traits + " WHERE n = place"
	newest, err = collect(ctx, c.read, scanTraits, query, w.args...)
	if more = len(newest) > most; more {
		newest = newest[:most]
	}
	return newest, more, err
}

// tally counts the values of one facet, the most frequent first.
func tally(f facet, among []traits, spans []received) pipeline.Facet {
	out := pipeline.Facet{Name: f.name}
	counts := make(map[string]int)
	for _, t := range among {
		for _, v := range f.values(t) {
			counts[v]++
		}
	}
	for v, n := range counts {
		out.Values = append(out.Values, pipeline.FacetValue{Value: v, Count: n})
	}
	slices.SortFunc(out.Values, func(a, b pipeline.FacetValue) int {
		return cmp.Or(b.Count-a.Count, strings.Compare(a.Value, b.Value))
	})
	switch f.name {
	case pipeline.ByIssued:
		slices.SortFunc(out.Values, func(a, b pipeline.FacetValue) int { return strings.Compare(b.Value, a.Value) })
	case pipeline.ByReceived:
		out.Values = inOrder(spans, counts)
	default:
	}
	if out.More = len(out.Values) > mostValues; out.More {
		out.Values = out.Values[:mostValues]
	}
	return out
}

// received is a span of days in which papers came.
type received struct {
	name     string
	from, to pipeline.Day // both included
	low, top int64        // places
}

// inVietnam is where offices have their days.
func inVietnam() *time.Location { return time.FixedZone("ICT", 7*60*60) }

// shownYears is how many years of receipt are told apart.
const shownYears = 8

// receivedSpans gives the spans that are counted: the last days, which overlap, and years.
func receivedSpans(now time.Time) []received {
	zone := inVietnam()
	y, m, d := now.In(zone).Date()
	at := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, zone) }
	span := func(name string, from, end time.Time) received {
		return received{name, pipeline.DayOf(from), pipeline.DayOf(end.AddDate(0, 0, -1)), firstPlace(from), firstPlace(end)}
	}
	tomorrow := at(y, m, d+1)
	all := []received{span("today", at(y, m, d), tomorrow), span("week", at(y, m, d-6), tomorrow), span("month", at(y, m, d-29), tomorrow)}
	for year := y; year > y-shownYears; year-- {
		all = append(all, span(at(year, 1, 1).Format("2006"), at(year, 1, 1), at(year+1, 1, 1)))
	}
	return all
}

func spansAt(spans []received, place int64) []string {
	var names []string
	for _, r := range spans {
		if place >= r.low && place < r.top {
			names = append(names, r.name)
		}
	}
	return names
}

// inOrder gives what was counted of spans in their order.
func inOrder(spans []received, counts map[string]int) []pipeline.FacetValue {
	var all []pipeline.FacetValue
	for _, r := range spans {
		if n := counts[r.name]; n > 0 {
			all = append(all, pipeline.FacetValue{Value: r.name, From: r.from, To: r.to, Count: n})
		}
	}
	return all
}

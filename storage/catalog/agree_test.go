package catalog_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
	"hoso/storage/catalog"
	"hoso/storage/catalog/catalogtest"
)

// agree puts the same papers into two catalogs and expects the same answers.
func agree(t *testing.T, lite, pg *catalog.Catalog) {
	t.Helper()
	g := catalogtest.NewGenerator(3, 40)
	r := rand.New(rand.NewPCG(3, 3))
	var all []catalog.Loaded
	for i := range 120 {
		p, text := g.Paper(i)
		states := pipeline.States()
		p.State = states[r.IntN(len(states))]
		p.Kind = []pipeline.Kind{pipeline.Component, pipeline.Result}[r.IntN(2)]
		if r.IntN(10) == 0 {
			p.Dossier = pipeline.DossierNumber{}
		}
		all = append(all, catalog.Loaded{Paper: p, Text: text})
	}
	for _, c := range []*catalog.Catalog{lite, pg} {
		if err := c.Load(t.Context(), all); err != nil {
			t.Fatal(err)
		}
	}
	hits := 0
	for range 400 {
		q := anyQuery(r, g, all)
		hits += sameAnswer(t, lite, pg, q)
	}
	if hits < 400 {
		t.Errorf("all queries together had %d hits, which says little", hits)
	}
}

// anyQuery makes up a query.
func anyQuery(r *rand.Rand, g *catalogtest.Generator, all []catalog.Loaded) pipeline.Query {
	q := pipeline.Query{Limit: 1 + r.IntN(30)}
	one := all[r.IntN(len(all))]
	words := strings.Fields(one.Text)
	at := r.IntN(len(words) - 3)
	switch r.IntN(12) {
	case 0:
		q.Text = words[at]
	case 1:
		q.Text = `"` + strings.Join(words[at:at+2], " ") + `"`
	case 2:
		q.Text = words[at] + " " + g.Word(r.IntN(10))
	case 3:
		q.Text = g.Word(r.IntN(10))
	case 4:
		q.Number = one.Paper.Dossier.String()
		q.Number = q.Number[:min(len(q.Number), 3+r.IntN(16))]
	case 5:
		q.Text = one.Paper.Dossier.String()
	case 6, 7:
		q.Box = pieceOf(r, one.Paper.Dossier.String())
	case 8:
		q.Box = pieceOf(r, one.Paper.Fields[r.IntN(len(one.Paper.Fields))].Value)
	case 9:
		q.Box = g.Damaged() + " " + g.Word(r.IntN(10))
	case 10:
		q.Box = `"` + words[at] + " " + g.Damaged() + `"`
	}
	q.Facets = r.IntN(3) == 0
	restrict(r, &q, one.Paper)
	return q
}

// pieceOf gives the beginning, the middle or the end of s, or all of it.
func pieceOf(r *rand.Rand, s string) string {
	letters := []rune(s)
	if len(letters) < 3 || r.IntN(3) == 0 {
		return s
	}
	from := r.IntN(len(letters) - 2)
	return string(letters[from : from+3+r.IntN(len(letters)-from-2)])
}

// restrict adds some of the filters that a paper may pass.
func restrict(r *rand.Rand, q *pipeline.Query, p pipeline.Paper) {
	if r.IntN(4) == 0 {
		q.Unit = []string{"H42", p.Unit, "H43"}[r.IntN(3)]
	}
	if r.IntN(4) == 0 {
		q.Kind = p.Kind
	}
	if r.IntN(4) == 0 {
		q.State = p.State
	}
	if r.IntN(6) == 0 {
		q.Batch = p.Batch
	}
	if r.IntN(6) == 0 {
		q.Class = p.Fields[len(p.Fields)-1].Value
	}
	if r.IntN(6) == 0 {
		q.Issued = p.Received.Format("2006")
	}
	if r.IntN(4) == 0 {
		q.From = p.Received.Add(-time.Hour)
	}
	if r.IntN(4) == 0 {
		q.To = p.Received.Add(time.Hour)
	}
	if r.IntN(3) == 0 {
		q.Order = pipeline.Ranked
		q.Limit = 200
	}
}

// sameAnswer compares the first two pages of both catalogs.
func sameAnswer(t *testing.T, lite, pg *catalog.Catalog, q pipeline.Query) int {
	t.Helper()
	numbers := cmp.Comparer(func(a, b pipeline.DossierNumber) bool { return a == b })
	hits := 0
	for range 2 {
		a, err := lite.Find(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		b, err := pg.Find(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		hits += len(a.Hits)
		if d := cmp.Diff(a, b, numbers); d != "" {
			t.Fatalf("%s\nSQLite (-) and PostgreSQL (+) differ:\n%s", fmt.Sprintf("%+v", q), d)
		}
		if q.After = a.Next; q.After == "" {
			break
		}
	}
	return hits
}

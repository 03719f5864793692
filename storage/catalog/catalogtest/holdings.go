package catalogtest

import (
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/storage/catalog"
)

func template(t testing.TB, text string) pipeline.CodeTemplate {
	t.Helper()
	made, err := pipeline.ParseCodeTemplate(text)
	must(t, err)
	return made
}

func testCodes(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	usual := template(t, pipeline.UsualCode)
	hers := pipeline.CodeFacts{Owner: "035199000123", Type: "KQ.G07.000122"}
	his := pipeline.CodeFacts{Owner: "036099000124", Type: "KQ.G07.000122"}
	for _, want := range []struct {
		paper int
		facts pipeline.CodeFacts
		code  string
	}{
		{1, hers, "035199000123.KQ.G07.000122"},
		{2, hers, "035199000123.KQ.G07.000122.2"},
		{1, hers, "035199000123.KQ.G07.000122"}, // asked again
		{3, his, "036099000124.KQ.G07.000122"},
		{1, his, "036099000124.KQ.G07.000122.2"}, // corrected
		{1, hers, "035199000123.KQ.G07.000122"},  // and back
		{4, pipeline.CodeFacts{Type: "KQ.G07.000122"}, ".KQ.G07.000122"},
	} {
		got, err := c.Code(ctx, ID(want.paper), usual, want.facts)
		must(t, err)
		if got.Value != want.code {
			t.Errorf("paper %d gets %q, want %q", want.paper, got.Value, want.code)
		}
	}
	// Another template that counts in the same way goes on, and one that counts anew
	// gives no code that was given.
	for _, want := range []struct{ template, kind, code string }{
		{"{owner}.{type}.{serial}", hers.Type, "035199000123.KQ.G07.000122.3"},
		{pipeline.UsualCode, hers.Type + ".2", "035199000123.KQ.G07.000122.2.2"},
	} {
		got, err := c.Code(ctx, ID(9), template(t, want.template), pipeline.CodeFacts{Owner: hers.Owner, Type: want.kind})
		must(t, err)
		if got.Value != want.code {
			t.Errorf("%s gives %q, want %q", want.template, got.Value, want.code)
		}
	}
	if id, err := c.Coded(ctx, "035199000123.KQ.G07.000122.2"); err != nil || id != ID(2) {
		t.Errorf("the code of paper 2 is that of %s, %v", id, err)
	}
	if _, err := c.Coded(ctx, "none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a code that nobody has: %v", err)
	}
	t.Run("in the box", func(t *testing.T) { testBoxCodes(t, open) })
}

// testBoxCodes types what no rule tells from other things: digitization codes, by which
// papers are found that once had them, and numbers of documents with odd symbols.
func testBoxCodes(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	shelf(t, c)
	odd := receive(t, c, Paper(5))
	odd.Fields = append(odd.Fields, pipeline.Field{Name: pipeline.FieldNumber, Value: "115/163-CV", Source: pipeline.ByOCR})
	odd.State = pipeline.Recognized
	commit(t, c, catalog.Move{Paper: odd, Event: Event("read", odd.Received)})
	usual := template(t, pipeline.UsualCode)
	for i, f := range map[int]pipeline.CodeFacts{
		0: {Owner: "035199000123", Type: "KQ.G98.000005"},
		1: {Type: "KQ.G98.000001"},
		2: {Type: "KQ.G98.000001"},
	} {
		if _, err := c.Code(t.Context(), ID(i), usual, f); err != nil {
			t.Fatal(err)
		}
	}
	for _, q := range []struct {
		pipeline.Query
		want string
	}{
		{pipeline.Query{Box: "035199000123.KQ.G98.000005"}, "code-whole 0"},
		{pipeline.Query{Box: " 035199000123.kq.g98.000005 "}, "code-whole 0"},
		{pipeline.Query{Box: "035199000123.KQ.G98.000005", Within: "H42.15"}, "code-whole 0"},
		{pipeline.Query{Box: "035199000123.KQ.G98.000005", Within: "H42.15.03"}, "words-whole"},
		{pipeline.Query{Box: "035199000123.KQ.G98.000005", State: pipeline.Filed}, "code-whole"},
		{pipeline.Query{Box: "035199000123.KQ.G98.000006"}, "words-whole"},
		{pipeline.Query{Box: "115/163-cv"}, "document-whole 5"},
		{pipeline.Query{Box: "115/163-cv", State: pipeline.Filed}, "words-whole"},
		{pipeline.Query{Box: "15/163-cv"}, "words-whole"},
	} {
		f, err := c.Find(t.Context(), q.Query)
		must(t, err)
		if got := exactly(f); got != q.want {
			t.Errorf("%+v found %q of %+v, want %q", q.Query, got, f.Meanings, q.want)
		}
	}
	first, err := c.Find(t.Context(), pipeline.Query{Box: ".KQ.G98.000001"})
	must(t, err)
	second, err := c.Find(t.Context(), pipeline.Query{Box: ".KQ.G98.000001.2"})
	must(t, err)
	if len(first.Hits) != 1 || len(second.Hits) != 1 || first.Hits[0].Paper.ID == second.Hits[0].Paper.ID {
		t.Errorf("codes without an owner found %s and %s", exactly(first), exactly(second))
	}
}

// testCodesTogether: many at once get different codes, without a gap.
func testCodesTogether(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	usual, facts := template(t, pipeline.UsualCode), pipeline.CodeFacts{Owner: "035199000123", Type: "T"}
	const many = 24
	given := make([]string, many)
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			code, err := c.Code(t.Context(), ID(i), usual, facts)
			if err != nil {
				t.Error(err)
			}
			given[i] = code.Value
		})
	}
	all.Wait()
	seen := map[string]bool{}
	for _, code := range given {
		seen[code] = true
	}
	for serial := 1; serial <= many; serial++ {
		if want := usual.Code(facts, serial).Value; !seen[want] {
			t.Errorf("nobody has %q", want)
		}
	}
}

// testCodesRestored: a catalog filled from manifests goes on counting where the lost
// one was.
func testCodesRestored(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	usual, facts := template(t, pipeline.UsualCode), pipeline.CodeFacts{Owner: "035199000123", Type: "T"}
	p := Paper(1)
	p.State, p.Gen, p.Code = pipeline.Filed, 5, usual.Code(facts, 7)
	for range 2 {
		must(t, c.Restore(ctx, p, nil, ""))
	}
	if id, err := c.Coded(ctx, p.Code.Value); err != nil || id != p.ID {
		t.Errorf("a restored code: %s, %v", id, err)
	}
	got, err := c.Code(ctx, ID(2), usual, facts)
	must(t, err)
	if got.Serial != 8 {
		t.Errorf("after 7 comes %d", got.Serial)
	}
}

// reuse makes the i-th reuse of paper i in a dossier.
func reuse(t testing.TB, i int, dossier string) pipeline.Reuse {
	t.Helper()
	n, err := pipeline.ParseDossierNumber(dossier)
	must(t, err)
	return pipeline.Reuse{
		ID: pipeline.ReuseID(n, ID(i), 0), Dossier: n, Paper: ID(i), Unit: n.Unit(), Component: "Giấy khai sinh",
		Source: pipeline.OwnRepository, Actor: "canbo", Time: Start().Add(time.Duration(i) * time.Hour),
	}
}

func testReuses(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	first, second := reuse(t, 1, "H42.15-261128-0001"), reuse(t, 2, "000.00.15.H42-261128-0001")
	third := reuse(t, 1, "H42.16-261128-0009")
	for _, r := range []pipeline.Reuse{first, second, third, first} {
		must(t, c.PutReuse(ctx, r))
	}
	counts := func(unit string, from, to time.Time, want pipeline.ReuseCount) {
		t.Helper()
		got, err := c.ReuseCount(ctx, unit, from, to)
		must(t, err)
		same(t, want, got)
	}
	counts("", time.Time{}, time.Time{}, pipeline.ReuseCount{Papers: 3, Dossiers: 2})
	counts("H42.15", time.Time{}, time.Time{}, pipeline.ReuseCount{Papers: 2, Dossiers: 1})
	counts("000.00.00.H42", time.Time{}, time.Time{}, pipeline.ReuseCount{Papers: 3, Dossiers: 2})
	counts("H42.1", time.Time{}, time.Time{}, pipeline.ReuseCount{})
	counts("", Start().Add(2*time.Hour), time.Time{}, pipeline.ReuseCount{Papers: 1, Dossiers: 1})
	counts("", time.Time{}, Start().Add(2*time.Hour), pipeline.ReuseCount{Papers: 2, Dossiers: 2})

	second.Ended, second.EndedBy = Start().Add(9*time.Hour), "canbo"
	must(t, c.PutReuse(ctx, second))
	back := second
	back.Ended = time.Time{}
	must(t, c.PutReuse(ctx, back)) // a late answer does not bring it back
	counts("H42.15", time.Time{}, time.Time{}, pipeline.ReuseCount{Papers: 1, Dossiers: 1})
	got, err := c.Reuses(ctx, first.Dossier)
	must(t, err)
	same(t, fmt.Sprint([]pipeline.Reuse{first, second}), fmt.Sprint(got))
	if got, err = c.ReusesOf(ctx, ID(1)); err != nil || len(got) != 2 {
		t.Errorf("reuses of paper 1: %v, %v", got, err)
	}
	if _, err := c.Reuse(ctx, "none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a reuse that is not: %v", err)
	}
}

func testDossier(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	for i, number := range []string{"H42.15-261128-0001", "H42.15-261128-0002", "000.00.15.H42-261128-0001"} {
		receive(t, c, Numbered(t, Paper(i), number))
	}
	receive(t, c, Paper(5))
	var ids []pipeline.PaperID
	papers, err := c.Dossier(t.Context(), Numbered(t, Paper(0), "H42.15-20261128-0001").Dossier)
	must(t, err)
	for _, p := range papers {
		ids = append(ids, p.ID)
	}
	same(t, []pipeline.PaperID{ID(0), ID(2)}, ids)
	if papers, err := c.Dossier(t.Context(), pipeline.DossierNumber{}); err != nil || len(papers) != 0 {
		t.Errorf("papers without a number are taken for a dossier: %v, %v", papers, err)
	}
}

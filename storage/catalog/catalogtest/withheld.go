package catalogtest

import (
	"testing"

	"hoso/pipeline"
	"hoso/storage/catalog"
)

// testWithheld: of a paper that may be secret nothing is found but its number, until
// somebody says that it is not.
func testWithheld(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	p := receive(t, c, Numbered(t, Paper(1), "H42.15-221011-0001"))
	p.State, p.Reason = pipeline.Confirming, pipeline.Reason{Code: pipeline.ReasonSecret}
	p.Fields = []pipeline.Field{{Name: pipeline.FieldSubject, Value: "phương án diễn tập"}, {Name: pipeline.FieldNumber, Value: "15/QĐ-BCH"}}
	found := func(box string) int {
		t.Helper()
		got, err := c.Find(t.Context(), pipeline.Query{Box: box})
		must(t, err)
		return got.Total
	}
	p = commit(t, c, catalog.Move{Paper: p, Event: Event("read", p.Received)})
	if n, m, number := found("diễn tập"), found("15/QĐ-BCH"), found("H42.15-221011-0001"); n+m != 0 || number != 1 {
		t.Errorf("while it is asked: %d by words, %d by its symbol, %d by its dossier", n, m, number)
	}
	p.Reason, p.State = pipeline.Reason{}, pipeline.Recognized
	commit(t, c, catalog.Move{Paper: p, Event: Event("fields confirmed", p.Updated)})
	if n, m := found("diễn tập"), found("15/QĐ-BCH"); n != 1 || m != 1 {
		t.Errorf("once it is none: %d by words, %d by its symbol", n, m)
	}
}

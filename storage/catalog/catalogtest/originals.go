package catalogtest

import (
	"testing"

	"hoso/pipeline"
	"hoso/storage/catalog"
)

// testInWork: an original is in work as long as one of its papers is neither filed nor
// rejected.
func testInWork(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	first, second := Paper(1), Paper(2)
	second.Original = first.Original
	second = Numbered(t, second, "H42.15-221011-0002") // another dossier
	first, second = receive(t, c, first), receive(t, c, second)
	want := func(busy bool, when string) {
		t.Helper()
		got, err := c.InWork(ctx, first.Original)
		must(t, err)
		if got != busy {
			t.Errorf("%s: in work = %t", when, got)
		}
	}
	become := func(p pipeline.Paper, s pipeline.State) pipeline.Paper {
		t.Helper()
		p.State = s
		return commit(t, c, catalog.Move{Paper: p})
	}
	want(true, "received")
	first = become(first, pipeline.Filed)
	want(true, "one of two filed")
	second = become(second, pipeline.Confirming)
	want(true, "the other waits")
	become(second, pipeline.Rejected)
	want(false, "the other rejected")
	become(first, pipeline.Recognized)
	want(true, "read again")
	if busy, err := c.InWork(ctx, pipeline.Sum([]byte("unknown"))); err != nil || busy {
		t.Errorf("an original that nobody handed in: %t, %v", busy, err)
	}
}

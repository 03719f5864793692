package catalogtest

import (
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/storage/catalog"
)

// testWaiting asks for the papers that wait for a person, in the order in which citizens
// came, and for those alone that concern who asks.
func testWaiting(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	for i, one := range []struct {
		lane   pipeline.Lane
		unit   string
		sender string
		state  pipeline.State
	}{
		{pipeline.Batch, "H42.15", "an", pipeline.Confirming},
		{pipeline.Desk, "H42.15", "an", pipeline.Confirming},
		{pipeline.Desk, "H42.15.2", "an", pipeline.Confirming},
		{pipeline.Desk, "H42.150", "an", pipeline.Confirming},
		{pipeline.Desk, "", "lan", pipeline.Confirming},
		{pipeline.Desk, "H42.15", "an", pipeline.Filed},
	} {
		p := Paper(i)
		p.Lane, p.Unit, p.Sender = one.lane, one.unit, one.sender
		p = receive(t, c, p)
		p.State = one.state
		commit(t, c, catalog.Move{Paper: p, Event: Event("read", p.Received.Add(time.Second))})
	}
	for _, asked := range []struct {
		q     pipeline.Queue
		total int
		want  []pipeline.PaperID
	}{
		{pipeline.Queue{Limit: 10}, 5, papers(1, 2, 3, 4, 0)},
		{pipeline.Queue{Limit: 2}, 5, papers(1, 2)},
		{pipeline.Queue{}, 5, papers()},
		{pipeline.Queue{Unit: "H42.15", Sender: "lan", Limit: 10}, 4, papers(1, 2, 4, 0)},
		{pipeline.Queue{Unit: "000.00.15.H42", Sender: "cuc", Limit: 10}, 3, papers(1, 2, 0)},
		{pipeline.Queue{Unit: "H4_.1%", Sender: "cuc", Limit: 10}, 0, papers()},
		{pipeline.Queue{Limit: 10, After: ID(2)}, 5, papers(3, 4, 0)},
		{pipeline.Queue{Limit: 10, After: ID(5)}, 5, papers(0)},
		{pipeline.Queue{Limit: 10, After: ID(0)}, 5, papers()},
		{pipeline.Queue{Limit: 10, After: "nobody"}, 5, papers()},
	} {
		found, total, err := c.Waiting(ctx, asked.q)
		must(t, err)
		got := papers()
		for _, p := range found {
			got = append(got, p.ID)
		}
		same(t, asked.want, got)
		if total != asked.total {
			t.Errorf("%+v: %d in all, want %d", asked.q, total, asked.total)
		}
	}
}

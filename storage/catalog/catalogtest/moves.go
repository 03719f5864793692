package catalogtest

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
	"hoso/storage/catalog"
)

// same compares papers and the like; dossier numbers have their own equality.
func same(t testing.TB, want, got any) {
	t.Helper()
	numbers := cmp.Comparer(func(a, b pipeline.DossierNumber) bool { return a == b })
	if d := cmp.Diff(want, got, numbers); d != "" {
		t.Errorf("unexpected difference (-want +got):\n%s", d)
	}
}

func testReceive(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	p := Numbered(t, Paper(1), "H42.15-221011-0001")
	p.Received = p.Received.In(time.FixedZone("ICT", 7*3600)).Add(123456789 * time.Nanosecond)
	got := receive(t, c, p)

	want := p
	want.Gen, want.Received = 1, p.Received.UTC().Truncate(time.Millisecond)
	want.Updated = want.Received
	same(t, want, got)
	stored, err := c.Paper(ctx, p.ID)
	must(t, err)
	same(t, want, stored)

	events, err := c.Events(ctx, p.ID)
	must(t, err)
	same(t, []pipeline.Event{{
		Paper: p.ID, Seq: 1, Time: want.Received, Actor: "canbo", What: "received", To: pipeline.Received,
	}}, events)
	todo, err := c.Outbox(ctx, 10)
	must(t, err)
	same(t, []catalog.Todo{{ID: p.ID, Gen: 1, State: pipeline.Received, Lane: pipeline.Desk}}, todo)
}

func testReceiveAgain(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	bare := receive(t, c, Paper(1))
	numbered := receive(t, c, Numbered(t, Paper(2), "H42.15-221011-0001"))

	twin := func(i int, of pipeline.Paper, number string) pipeline.Paper {
		p := Paper(i)
		p.Original = of.Original
		if number != "" {
			p = Numbered(t, p, number)
		}
		return p
	}
	expect := func(p pipeline.Paper, earlier pipeline.PaperID) {
		t.Helper()
		got, again, err := c.Receive(ctx, p, Event("received", p.Received))
		must(t, err)
		if again != (earlier != p.ID) || got.ID != earlier {
			t.Errorf("receiving %s gave %s, again %t; want %s", p.ID, got.ID, again, earlier)
		}
	}
	expect(twin(3, bare, ""), bare.ID)
	expect(twin(4, numbered, "000.00.15.H42-20221011-0001"), numbered.ID) // the same number in another form
	expect(twin(5, numbered, ""), ID(5))                                  // not known to be of that dossier
	expect(twin(6, numbered, "H42.15-221011-0002"), ID(6))                // another dossier

	bare = Numbered(t, bare, "H42.15-221011-0009")
	bare = commit(t, c, catalog.Move{Paper: bare, Event: Event("number set", bare.Received)})
	expect(twin(7, bare, "H42.15-221011-0009"), bare.ID) // found by the number set since
	expect(twin(8, bare, ""), bare.ID)                   // and still without

	bare.State = pipeline.Rejected
	commit(t, c, catalog.Move{Paper: bare, Event: Event("rejected", bare.Received)})
	expect(twin(9, bare, ""), ID(9)) // a new attempt

	events, err := c.Events(ctx, numbered.ID)
	must(t, err)
	if len(events) != 1 {
		t.Errorf("a repeated paper left %d events, want 1", len(events))
	}
}

func testPlaces(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	const crowd = 60 // of one millisecond, more than it has places
	for i := range crowd {
		p := Paper(i)
		p.Received = Start()
		receive(t, c, p)
	}
	later := Paper(crowd)
	later.Received = Start().Add(2 * time.Millisecond) // falls among the places of the crowd
	receive(t, c, later)
	early := Paper(crowd + 1)
	early.Received = time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)
	receive(t, c, early)

	var got []pipeline.PaperID
	for p, err := range c.Each(t.Context()) {
		must(t, err)
		got = append(got, p.ID)
	}
	want := papers(crowd + 1)
	for i := range crowd + 1 {
		want = append(want, ID(i))
	}
	same(t, want, got)
}

// testWalk takes a paper from its receipt to the shelf.
func testWalk(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	p := receive(t, c, Paper(1))
	at := p.Received
	for i, to := range []pipeline.State{pipeline.Recognized, pipeline.Confirming, pipeline.Recognized, pipeline.Composed, pipeline.SignedOff, pipeline.Filed} {
		todo, err := c.Outbox(ctx, 10)
		must(t, err)
		if p.State.Open() {
			same(t, []catalog.Todo{{ID: p.ID, Gen: p.Gen, State: p.State, Lane: p.Lane}}, todo)
		} else {
			same(t, []catalog.Todo(nil), todo)
		}
		owner := fmt.Sprintf("worker %d", i)
		claimed, err := c.Claim(ctx, p.ID, p.Gen, owner, time.Now().Add(time.Hour))
		must(t, err)
		same(t, p, claimed)
		at = at.Add(time.Second)
		next := claimed
		next.State, next.Pages = to, i
		got := commit(t, c, catalog.Move{Paper: next, Owner: owner, Event: pipeline.Event{Actor: "hoso", What: "moved", Time: at}})
		next.Gen, next.Updated = p.Gen+1, at
		same(t, next, got)
		stored, err := c.Paper(ctx, p.ID)
		must(t, err)
		same(t, next, stored)
		p = got
	}
	todo, err := c.Outbox(ctx, 10)
	must(t, err)
	same(t, []catalog.Todo(nil), todo)

	events, err := c.Events(ctx, p.ID)
	must(t, err)
	if len(events) != 7 {
		t.Fatalf("got %d events, want 7", len(events))
	}
	from := pipeline.State("")
	for i, e := range events {
		if e.Seq != int64(i+1) || e.From != from || e.Paper != p.ID {
			t.Errorf("event %d is %+v, want it to follow %q", i+1, e, from)
		}
		from = e.To
	}
}

func testBadMoves(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	p := receive(t, c, Paper(1))
	for name, change := range map[string]func(*pipeline.Paper){
		"original": func(p *pipeline.Paper) { p.Original = pipeline.Sum(nil) },
		"none":     func(p *pipeline.Paper) { p.Original = pipeline.Digest{} },
		"received": func(p *pipeline.Paper) { p.Received = p.Received.Add(time.Hour) },
		"state":    func(p *pipeline.Paper) { p.State = "nowhere" },
		"no state": func(p *pipeline.Paper) { p.State = "" },
	} {
		q := p
		change(&q)
		if _, err := c.Commit(ctx, catalog.Move{Paper: q}); err == nil || errors.Is(err, catalog.ErrStale) {
			t.Errorf("changing %s gave %v, want an error of its own", name, err)
		}
	}
	stored, err := c.Paper(ctx, p.ID)
	must(t, err)
	same(t, p, stored)
}

func testNumberSet(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	p := receiveText(t, c, Paper(1), "giấy khai sinh")
	find := func(number string) int {
		t.Helper()
		f, err := c.Find(ctx, pipeline.Query{Number: number})
		must(t, err)
		return f.Total
	}
	p = Numbered(t, p, "H42.15-221011-0001")
	p.FileName = "ten khac.pdf"
	p = commit(t, c, catalog.Move{Paper: p, Event: Event("number set", p.Updated)})
	if find("H42.15-221011-0001") != 1 {
		t.Error("the number set is not found")
	}
	p = Numbered(t, p, "H42.15-221011-0002")
	commit(t, c, catalog.Move{Paper: p, Event: Event("number set", p.Updated)})
	if find("H42.15-221011-0001") != 0 || find("H42.15-221011-0002") != 1 {
		t.Error("the index did not follow the number")
	}
	for text, want := range map[string]int{
		"khai sinh": 1, "ten khac": 1, "tep-1": 0, "H42.15-221011-0001": 0, "H42.15-221011-0002": 1,
	} {
		f, err := c.Find(ctx, pipeline.Query{Text: text})
		must(t, err)
		if f.Total != want {
			t.Errorf("%q finds %d papers, want %d", text, f.Total, want)
		}
	}
}

func testNothingThere(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	for _, id := range []pipeline.PaperID{ID(1), "", "\x00", "\xff", "' OR 1=1 --"} {
		missing := func(what string, err error) {
			t.Helper()
			if !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s of %q gave %v, want fs.ErrNotExist", what, id, err)
			}
		}
		_, err := c.Paper(ctx, id)
		missing("paper", err)
		_, err = c.Claim(ctx, id, 1, "a", time.Now())
		missing("claim", err)
		missing("release", c.Release(ctx, id, 1, "a"))
		missing("requeue", c.Requeue(ctx, catalog.Todo{ID: id, Gen: 1}, time.Now()))
		_, err = c.Account(ctx, string(id))
		missing("account", err)
		_, err = c.Session(ctx, string(id))
		missing("session", err)
		events, err := c.Events(ctx, id)
		must(t, err)
		if len(events) != 0 {
			t.Errorf("events of %q: %v", id, events)
		}
	}
	b, err := c.Balance(ctx)
	must(t, err)
	if !b.Even() || b.Received != 0 {
		t.Errorf("an empty catalog has the balance %+v", b)
	}
	f, err := c.Find(ctx, pipeline.Query{})
	must(t, err)
	same(t, pipeline.Found{}, f)
}

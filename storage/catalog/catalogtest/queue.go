package catalogtest

import (
	"context"
	"errors"
	"io/fs"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/storage/catalog"
)

func testOutbox(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	lanes := []pipeline.Lane{pipeline.Upkeep, pipeline.Batch, pipeline.Desk, pipeline.Desk}
	for i, lane := range lanes {
		p := Paper(i)
		p.Lane = lane
		receive(t, c, p)
	}
	ids := func(todo []catalog.Todo) []pipeline.PaperID {
		out := papers()
		for _, d := range todo {
			out = append(out, d.ID)
		}
		return out
	}
	todo, err := c.Outbox(ctx, 10)
	must(t, err)
	same(t, papers(2, 3, 1, 0), ids(todo))
	some, err := c.Outbox(ctx, 2)
	must(t, err)
	same(t, papers(2, 3), ids(some))

	// The paper moves on while its task is being sent: the newer row stays.
	p, err := c.Paper(ctx, ID(2))
	must(t, err)
	p.State = pipeline.Recognized
	commit(t, c, catalog.Move{Paper: p, Event: Event("read", p.Updated.Add(time.Minute))})
	must(t, c.Sent(ctx, todo))
	must(t, c.Sent(ctx, todo))
	must(t, c.Sent(ctx, nil))
	todo, err = c.Outbox(ctx, 10)
	must(t, err)
	same(t, []catalog.Todo{{ID: ID(2), Gen: 2, State: pipeline.Recognized, Lane: pipeline.Desk}}, todo)
}

// idle is how long the papers of these tests may lie untouched.
const idle = 10 * time.Minute

// stalled expects the numbered papers to have been forgotten at now.
func stalled(t *testing.T, c *catalog.Catalog, now time.Time, want ...int) []catalog.Todo {
	t.Helper()
	todo, err := c.Stalled(t.Context(), now, idle, 10)
	must(t, err)
	got := papers()
	for _, d := range todo {
		got = append(got, d.ID)
	}
	same(t, papers(want...), got)
	return todo
}

// forget makes papers in all situations, as of now, and gives them to the queue.
func forget(t *testing.T, c *catalog.Catalog, now time.Time) {
	t.Helper()
	long, just := now.Add(-time.Hour), now.Add(-time.Minute)
	for i, is := range []struct {
		state          pipeline.State
		touched, retry time.Time
	}{
		{state: pipeline.Recognized, touched: long},
		{state: pipeline.Recognized, touched: just},
		{state: pipeline.Filed, touched: long},
		{state: pipeline.Confirming, touched: long},
		{state: pipeline.Failed, touched: just, retry: now.Add(time.Hour)},
		{state: pipeline.Failed, touched: just, retry: now.Add(-time.Second)},
		{state: pipeline.Composed, touched: long}, // somebody works on it
		{state: pipeline.Composed, touched: long.Add(-time.Hour), retry: now.Add(time.Hour)},
	} {
		p := receive(t, c, Paper(i))
		p.State, p.RetryAt = is.state, is.retry
		commit(t, c, catalog.Move{Paper: p, Event: Event("moved", is.touched)})
	}
	_, err := c.Claim(t.Context(), ID(6), 2, "a", now.Add(time.Minute))
	must(t, err)
	// What is in the outbox has not been forgotten by the queue; a Failed paper
	// with its retry ahead is not in it.
	stalled(t, c, now, 5)
	todo, err := c.Outbox(t.Context(), 100)
	must(t, err)
	for _, d := range todo {
		if d.State == pipeline.Failed {
			t.Errorf("the outbox has %s, which is to be retried later", d.ID)
		}
	}
	must(t, c.Sent(t.Context(), todo))
}

func testStalled(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	now := time.Now().Add(time.Minute) // after all the moves of this test
	forget(t, c, now)
	todo := stalled(t, c, now, 7, 0, 5)
	for _, d := range todo {
		must(t, c.Requeue(ctx, d, now))
		if err := c.Requeue(ctx, d, now); !errors.Is(err, catalog.ErrStale) {
			t.Errorf("requeueing twice gave %v, want ErrStale", err)
		}
	}
	stalled(t, c, now)
	sent, err := c.Outbox(ctx, 10)
	must(t, err)
	if len(sent) != len(todo) || sent[0].Gen != todo[0].Gen+1 {
		t.Errorf("the outbox has %+v after requeueing %+v", sent, todo)
	}
	must(t, c.Sent(ctx, sent))
	stalled(t, c, now) // touched
	stalled(t, c, now.Add(idle+time.Minute), 6, 1, 0, 5, 7)
	for _, d := range []catalog.Todo{{ID: ID(2), Gen: 2}, {ID: ID(6), Gen: 2}} {
		if err := c.Requeue(ctx, d, now); !errors.Is(err, catalog.ErrStale) {
			t.Errorf("requeueing %s gave %v, want ErrStale", d.ID, err)
		}
	}
}

// testAbandon ends the leases of a worker that is known to be dead.
func testAbandon(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	for i, owner := range []string{"máy 1/a", "máy 1/b", "máy 12", "%"} {
		p := receive(t, c, Paper(i))
		_, err := c.Claim(ctx, p.ID, p.Gen, owner, time.Now().Add(time.Hour))
		must(t, err)
	}
	must(t, c.Abandon(ctx, "máy 1/"))
	for i, free := range []bool{true, true, false, false} {
		_, err := c.Claim(ctx, ID(i), 1, "another", time.Now().Add(time.Hour))
		if free != (err == nil) || !free && !errors.Is(err, catalog.ErrStale) {
			t.Errorf("claiming paper %d gave %v, want it free: %t", i, err, free)
		}
	}
}

func testBalance(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	want := pipeline.Balance{ByState: map[pipeline.State]int64{}}
	i := 0
	for n, state := range pipeline.States() {
		for range n + 1 {
			p := receive(t, c, Paper(i))
			i++
			p.State = state
			commit(t, c, catalog.Move{Paper: p})
			want.ByState[state]++
			want.Received++
			switch {
			case state.Open():
				want.Open++
			case state.Waiting():
				want.Waiting++
			case state == pipeline.Filed:
				want.Filed++
			default:
				want.Rejected++
			}
		}
	}
	got, err := c.Balance(ctx)
	must(t, err)
	same(t, want, got)
	if !got.Even() {
		t.Error("the balance is not even")
	}
}

func testEach(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	const n = 300 // more than it holds at once
	for i := range n {
		must(t, c.Restore(ctx, Paper(i), nil, ""))
	}
	i := 0
	for p, err := range c.Each(ctx) {
		must(t, err)
		if p.ID != ID(i) {
			t.Fatalf("paper %d is %s, want %s", i, p.ID, ID(i))
		}
		i++
	}
	if i != n {
		t.Errorf("got %d papers, want %d", i, n)
	}
	for _, err := range c.Each(ctx) {
		must(t, err)
		break
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	for _, err := range c.Each(ended) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("listing with an ended context gave %v", err)
		}
	}
}

func testRestore(t *testing.T, open Open) {
	t.Helper()
	lost, c, ctx := open(t), open(t), t.Context()
	p := receive(t, lost, Numbered(t, Paper(1), "H42.15-221011-0001"))
	note := p
	text := "quyết định về việc khen thưởng"
	for _, to := range []pipeline.State{pipeline.Recognized, pipeline.Composed, pipeline.SignedOff, pipeline.Filed} {
		p.State = to
		p = commit(t, lost, catalog.Move{Paper: p, Event: Event("moved", p.Updated.Add(time.Second)), Text: &text})
	}
	events, err := lost.Events(ctx, p.ID)
	must(t, err)

	must(t, c.Restore(ctx, note, events[:1], ""))
	todo, err := c.Outbox(ctx, 10)
	must(t, err)
	same(t, []catalog.Todo{{ID: p.ID, Gen: 1, State: pipeline.Received, Lane: pipeline.Desk}}, todo)
	for range 2 {
		must(t, c.Restore(ctx, p, events, text))
		must(t, c.Restore(ctx, note, events[:1], "")) // an older value does not win
		got, err := c.Paper(ctx, p.ID)
		must(t, err)
		same(t, p, got)
		log, err := c.Events(ctx, p.ID)
		must(t, err)
		same(t, events, log)
	}
	for _, q := range []pipeline.Query{{Text: "khen thuong"}, {Number: "H42.15-221011-0001"}, {Unit: "H42"}, {State: pipeline.Filed}} {
		f, err := c.Find(ctx, q)
		must(t, err)
		if f.Total != 1 {
			t.Errorf("%+v finds %d papers, want 1", q, f.Total)
		}
	}
	todo, err = c.Outbox(ctx, 10)
	must(t, err)
	same(t, []catalog.Todo(nil), todo)
	b, err := c.Balance(ctx)
	must(t, err)
	if b.Received != 1 || b.Filed != 1 || !b.Even() {
		t.Errorf("the balance is %+v", b)
	}
	again, was, err := c.Receive(ctx, Numbered(t, Paper(1), "H42.15-221011-0001"), Event("received", Start()))
	must(t, err)
	if !was || again.State != pipeline.Filed {
		t.Errorf("receiving a restored paper gave %s, again %t", again.State, was)
	}
}

// testRestoreFound hands in a file again, without a number as before, after its
// paper, on which a number was found, went through a rebuild.
func testRestoreFound(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	p := Numbered(t, Paper(1), "H42.15-221011-0001")
	p.State, p.Gen = pipeline.Filed, 6
	p.Fields = []pipeline.Field{{Name: pipeline.FieldDossier, Value: p.Dossier.String(), Source: pipeline.ByOCR}}
	must(t, c.Restore(t.Context(), p, nil, ""))
	again := Paper(2)
	again.Original = p.Original
	got, was, err := c.Receive(t.Context(), again, Event("received", again.Received))
	must(t, err)
	if !was || got.ID != p.ID {
		t.Errorf("the file gave paper %s, again %t, want %s", got.ID, was, p.ID)
	}
}

func testAccounts(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	all, err := c.Accounts(ctx)
	must(t, err)
	same(t, []catalog.Account(nil), all)
	b := catalog.Account{Name: "Bình", Hash: "$argon2id$v=19$b", Role: "officer", Unit: "H42.15", Created: Start()}
	a := catalog.Account{Name: "an", Hash: "$argon2id$v=19$a", Role: "admin", Created: Start(), Disabled: true}
	must(t, c.PutAccount(ctx, b))
	must(t, c.PutAccount(ctx, a))
	got, err := c.Account(ctx, "BÌNH")
	must(t, err)
	same(t, b, got)
	b.Name, b.Hash = "bình", "$argon2id$v=19$c"
	must(t, c.PutAccount(ctx, b))
	all, err = c.Accounts(ctx)
	must(t, err)
	same(t, []catalog.Account{a, b}, all)
	for _, bad := range []catalog.Account{{}, {Name: " "}, {Name: "a\x00"}, {Name: "a", Hash: "\xff"}} {
		if err := c.PutAccount(ctx, bad); !errors.Is(err, catalog.ErrAccount) {
			t.Errorf("keeping %+v gave %v, want ErrAccount", bad, err)
		}
	}
}

func testSessions(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	now := time.Now()
	data := []byte("\x00\xffany bytes")
	must(t, c.PutSession(ctx, "a", []byte("old"), now.Add(time.Hour)))
	must(t, c.PutSession(ctx, "a", data, now.Add(time.Hour)))
	must(t, c.PutSession(ctx, "b", data, now.Add(-time.Second)))
	must(t, c.PutSession(ctx, "c", data, now.Add(time.Minute)))
	missing := func(key string) {
		t.Helper()
		if _, err := c.Session(ctx, key); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("session %s gave %v, want fs.ErrNotExist", key, err)
		}
	}
	got, err := c.Session(ctx, "a")
	must(t, err)
	same(t, data, got)
	missing("b")
	must(t, c.DropExpired(ctx, now.Add(2*time.Minute)))
	missing("c")
	must(t, c.DropSession(ctx, "a"))
	must(t, c.DropSession(ctx, "a"))
	missing("a")
}

func testViews(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	var want []catalog.View
	for i := range 5 {
		v := catalog.View{
			Time: Start().Add(time.Duration(i/2) * time.Millisecond), Account: "an",
			Paper: ID(i % 2), Act: "viewed", Detail: "trang 1", Remote: "10.0.0.1",
		}
		must(t, c.LogView(ctx, v))
		want = append([]catalog.View{v}, want...)
	}
	all, err := c.Views(ctx, "", 0)
	must(t, err)
	same(t, want, all)
	one, err := c.Views(ctx, ID(1), 1)
	must(t, err)
	same(t, []catalog.View{want[1]}, one)
	strange := catalog.View{Time: Start(), Account: "a\x00", Act: "searched", Detail: "\xff'--"}
	must(t, c.LogView(ctx, strange))
}

func testEndedContext(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	p := receive(t, c, Paper(1))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var away *pipeline.Unavailable
	for name, err := range map[string]error{
		"receive": third(c.Receive(ctx, Paper(2), pipeline.Event{})),
		"commit":  second(c.Commit(ctx, catalog.Move{Paper: p})),
		"paper":   second(c.Paper(ctx, p.ID)),
		"find":    second(c.Find(ctx, pipeline.Query{})),
	} {
		if !errors.Is(err, context.Canceled) || errors.As(err, &away) {
			t.Errorf("%s with an ended context gave %v, want the context's error", name, err)
		}
	}
	receive(t, c, Paper(3)) // and nothing is stuck
}

func second[T any](_ T, err error) error        { return err }
func third[A, B any](_ A, _ B, err error) error { return err }

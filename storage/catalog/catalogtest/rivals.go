package catalogtest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/storage/catalog"
)

func testClaims(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	p := receive(t, c, Paper(1))
	claim := func(owner string, until time.Time, want error) {
		t.Helper()
		if _, err := c.Claim(ctx, p.ID, p.Gen, owner, until); !errors.Is(err, want) {
			t.Errorf("claiming for %s gave %v, want %v", owner, err, want)
		}
	}
	soon, past := time.Now().Add(time.Hour), time.Now().Add(-time.Second)
	claim("a", soon, nil)
	claim("a", soon, nil) // prolongs
	claim("b", soon, catalog.ErrStale)
	if err := c.Release(ctx, p.ID, p.Gen, "b"); !errors.Is(err, catalog.ErrStale) {
		t.Errorf("releasing what another holds gave %v, want ErrStale", err)
	}
	must(t, c.Release(ctx, p.ID, p.Gen, "a"))
	claim("b", past, nil)
	claim("c", soon, nil) // b's lease has run out
	claim("b", soon, catalog.ErrStale)
	if _, err := c.Claim(ctx, p.ID, p.Gen+1, "c", soon); !errors.Is(err, catalog.ErrStale) {
		t.Errorf("claiming another generation gave %v, want ErrStale", err)
	}
	if _, err := c.Claim(ctx, p.ID, p.Gen, "", soon); err == nil {
		t.Error("claiming for nobody gave no error")
	}
}

func testStaleMoves(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	p := receive(t, c, Paper(1))
	text := "không bao giờ"
	stale := func(m catalog.Move) {
		t.Helper()
		m.Paper.State = pipeline.Recognized
		m.Text = &text
		if _, err := c.Commit(ctx, m); !errors.Is(err, catalog.ErrStale) {
			t.Errorf("committing gave %v, want ErrStale", err)
		}
	}
	other := p
	other.Gen = 7
	stale(catalog.Move{Paper: other})
	stale(catalog.Move{Paper: p, Owner: "nobody's claim"})
	_, err := c.Claim(ctx, p.ID, p.Gen, "a", time.Now().Add(time.Hour))
	must(t, err)
	stale(catalog.Move{Paper: p, Owner: "b"})
	stale(catalog.Move{Paper: p})

	stored, err := c.Paper(ctx, p.ID)
	must(t, err)
	same(t, p, stored)
	events, err := c.Events(ctx, p.ID)
	must(t, err)
	found, err := c.Find(ctx, pipeline.Query{Text: text})
	must(t, err)
	if len(events) != 1 || found.Total != 0 {
		t.Errorf("stale moves left %d events and %d hits, want 1 and 0", len(events), found.Total)
	}

	_, err = c.Claim(ctx, p.ID, p.Gen, "a", time.Now().Add(-time.Second))
	must(t, err)
	p.State = pipeline.Rejected
	commit(t, c, catalog.Move{Paper: p}) // a lease that has run out binds nobody
}

func testOneWinner(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	const papers = 12
	for i := range papers {
		receive(t, c, Paper(i))
	}
	claims := rivals(t, papers, func(owner string, i int) error {
		p, err := c.Claim(t.Context(), ID(i), 1, owner, time.Now().Add(time.Hour))
		if err != nil {
			return err
		}
		p.State = pipeline.Confirming
		if _, err = c.Commit(t.Context(), catalog.Move{Paper: p, Owner: owner}); err != nil {
			t.Errorf("moving what was claimed: %v", err)
		}
		return nil
	})
	moves := rivals(t, papers, func(_ string, i int) error {
		p, err := c.Paper(t.Context(), ID(i))
		if err != nil {
			return err
		}
		p.State, p.Gen = pipeline.Filed, 2
		_, err = c.Commit(t.Context(), catalog.Move{Paper: p})
		return err
	})
	if claims != papers || moves != papers {
		t.Errorf("%d claims and %d moves without a claim, want %d each", claims, moves, papers)
	}
	for i := range papers {
		events, err := c.Events(t.Context(), ID(i))
		must(t, err)
		if len(events) != 3 {
			t.Errorf("paper %d has %d events, want 3", i, len(events))
		}
	}
}

// rivals lets eight try the same with every paper at once, and counts who succeeded;
// the others must be told that they are late.
func rivals(t *testing.T, papers int, try func(owner string, i int) error) int64 {
	t.Helper()
	var won atomic.Int64
	var all sync.WaitGroup
	for r := range 8 {
		all.Go(func() {
			for i := range papers {
				if err := try(fmt.Sprintf("rival %d", r), i); err == nil {
					won.Add(1)
				} else if !errors.Is(err, catalog.ErrStale) {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	return won.Load()
}

// testCrowd lets many hand in the same bytes at once.
func testCrowd(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	const senders, each = 8, 6
	var fresh atomic.Int64
	var all sync.WaitGroup
	for s := range senders {
		all.Go(func() {
			for i := range each {
				p := Paper(s*each + i)
				p.Original = Paper(i).Original
				p.Received = Start()
				_, again, err := c.Receive(ctx, p, Event("received", p.Received))
				if err != nil {
					t.Error(err)
					return
				}
				if !again {
					fresh.Add(1)
				}
			}
		})
	}
	all.Wait()
	b, err := c.Balance(ctx)
	must(t, err)
	if fresh.Load() != each || b.Received != each {
		t.Errorf("%d new papers and %d in the balance, want %d", fresh.Load(), b.Received, each)
	}
}

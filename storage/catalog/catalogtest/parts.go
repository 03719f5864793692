package catalogtest

import (
	"errors"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/storage/catalog"
)

func partPromises() map[string]func(*testing.T, Open) {
	return map[string]func(*testing.T, Open){
		"parts":          testParts,
		"merges":         testMerges,
		"merged":         testMerged,
		"rejected stack": testRejectedStack,
		"restored stack": testRestoredStack,
	}
}

// part is the i-th paper as one that was parted from p.
func part(i int, p pipeline.Paper, pages ...int) pipeline.Birth {
	born := Paper(i)
	born.Original, born.Size, born.Received, born.Parted = p.Original, p.Size, p.Received, p.ID
	for _, n := range pages {
		born.Leaves = append(born.Leaves, pipeline.Leaf{Page: n})
	}
	return pipeline.Birth{Paper: born, Event: Event("parted", p.Received.Add(time.Minute))}
}

// testParts: papers that begin with a move are there with it or not at all, and are not
// taken for the stack that they come from.
func testParts(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	stack := receive(t, c, Paper(1))
	move := catalog.Move{Paper: stack, Event: Event("parted", stack.Received.Add(time.Minute)), Born: []pipeline.Birth{part(2, stack, 2), part(3, stack, 4, 3)}}
	move.Paper.Leaves, move.Paper.Parts = []pipeline.Leaf{{Page: 1}}, []pipeline.PaperID{ID(2), ID(3)}
	move.Born[0].Paper = Numbered(t, move.Born[0].Paper, "H42.15-221011-0001")
	move.Paper = Numbered(t, move.Paper, "H42.15-221011-0002")

	stale := move
	stale.Paper.Gen++
	if _, err := c.Commit(ctx, stale); !errors.Is(err, pipeline.ErrStale) {
		t.Errorf("a move from another generation: %v", err)
	}
	wrong := move
	wrong.Born = append(wrong.Born[:2:2], pipeline.Birth{Paper: pipeline.Paper{ID: ID(4)}})
	if _, err := c.Commit(ctx, wrong); err == nil {
		t.Error("a paper without an original began")
	}
	balance(t, c, 1, 0)

	first := commit(t, c, move)
	balance(t, c, 3, 0)
	got, err := c.Paper(ctx, ID(3))
	must(t, err)
	same(t, []pipeline.Leaf{{Page: 4}, {Page: 3}}, got.Leaves)
	events, err := c.Events(ctx, ID(3))
	must(t, err)
	if len(events) != 1 || events[0].What != "parted" || events[0].To != pipeline.Received || events[0].Seq != 1 {
		t.Errorf("events of a part: %+v", events)
	}
	todo, err := c.Outbox(ctx, 10)
	must(t, err)
	if len(todo) != 3 {
		t.Errorf("to do: %+v", todo)
	}
	stackAgain(t, c, stack, "", "H42.15-221011-0002")

	second := commit(t, c, catalog.Move{Paper: got, Event: Event("read", got.Received)})
	again := move
	again.Paper = first
	commit(t, c, again) // the same again, of another try
	if now, err := c.Paper(ctx, ID(3)); err != nil || now.Gen != second.Gen {
		t.Errorf("a part that was there began anew: %+v, %v", now, err)
	}
	balance(t, c, 3, 0)
}

// stackAgain hands a stack in again with each of these numbers: it is the first paper.
func stackAgain(t *testing.T, c *catalog.Catalog, stack pipeline.Paper, numbers ...string) {
	t.Helper()
	for _, number := range numbers {
		twin := Paper(20)
		twin.Original = stack.Original
		if number != "" {
			twin = Numbered(t, twin, number)
		}
		got, again, err := c.Receive(t.Context(), twin, Event("received", twin.Received))
		if err != nil || !again || got.ID != stack.ID {
			t.Errorf("the stack again with number %q: %s, again %t, %v", number, got.ID, again, err)
		}
	}
}

// testMerges: moves that belong together are made together.
func testMerges(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	keeper := receive(t, c, Paper(2))
	keeper.Leaves = []pipeline.Leaf{{Page: 1}}
	keeper = commit(t, c, catalog.Move{Paper: keeper, Born: []pipeline.Birth{part(1, keeper, 2)}})
	other, err := c.Paper(ctx, ID(1))
	must(t, err)
	until := time.Now().Add(time.Hour)
	_, err = c.Claim(ctx, other.ID, other.Gen, "somebody", until)
	must(t, err)
	end := catalog.Move{Paper: other, Event: Event("merged", other.Received), Owner: "me"}
	end.Paper.State, end.Paper.Into = pipeline.Rejected, keeper.ID
	move := catalog.Move{Paper: keeper, Event: Event("merged", keeper.Received), With: []catalog.Move{end}}
	move.Paper.Leaves = []pipeline.Leaf{{Page: 1}, {Page: 2}}
	if _, err := c.Commit(ctx, move); !errors.Is(err, pipeline.ErrStale) {
		t.Errorf("with a paper that somebody else holds: %v", err)
	}
	if now, err := c.Paper(ctx, keeper.ID); err != nil || now.Gen != keeper.Gen {
		t.Errorf("the keeper moved alone: %+v, %v", now, err)
	}
	must(t, c.Release(ctx, other.ID, other.Gen, "somebody"))
	move.With[0].Owner = ""
	moved := commit(t, c, move)
	if moved.ID != keeper.ID || len(moved.Leaves) != 2 {
		t.Errorf("moved %+v", moved)
	}
	if now, err := c.Paper(ctx, other.ID); err != nil || now.State != pipeline.Rejected || now.Gen != other.Gen+1 {
		t.Errorf("the other one is %+v, %v", now, err)
	}
	balance(t, c, 2, 1)
}

// testMerged: a paper that went into one of other files is the same as before when it comes
// again.
func testMerged(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	p := receive(t, c, Paper(1))
	p.State, p.Into = pipeline.Rejected, ID(9)
	stackAgain(t, c, commit(t, c, catalog.Move{Paper: p}), "")
}

// testRejectedStack: a stack whose first paper was rejected is not parted once more when it
// comes again, since the others are still there.
func testRejectedStack(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	p := receive(t, c, Paper(1))
	p.Leaves, p.Parts = []pipeline.Leaf{{Page: 1}}, []pipeline.PaperID{ID(2)}
	p = commit(t, c, catalog.Move{Paper: p, Born: []pipeline.Birth{part(2, p, 2)}})
	p.State = pipeline.Rejected
	stackAgain(t, c, commit(t, c, catalog.Move{Paper: p}), "")
}

// balance holds the totals against what is expected.
func balance(t *testing.T, c *catalog.Catalog, received, rejected int64) {
	t.Helper()
	b, err := c.Balance(t.Context())
	must(t, err)
	if !b.Even() || b.Received != received || b.Rejected != rejected {
		t.Errorf("balance %+v, want %d received and %d rejected", b, received, rejected)
	}
}

// testRestoredStack: a stack that comes back from the bucket is still known.
func testRestoredStack(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	stack := Numbered(t, Paper(1), "H42.15-221011-0002")
	stack.Leaves, stack.Gen, stack.OnSheet = []pipeline.Leaf{{Page: 2}}, 3, true
	must(t, c.Restore(t.Context(), part(2, stack, 1).Paper, nil, "")) // the part comes first
	must(t, c.Restore(t.Context(), stack, nil, ""))
	stackAgain(t, c, stack, "", "H42.15-221011-0002")
}

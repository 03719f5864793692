package catalogtest

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/storage/catalog"
)

// shelved puts the i-th paper of the night, with two pages and in a state, into c.
func shelved(t testing.TB, c *catalog.Catalog, i int, state pipeline.State, change func(*pipeline.Paper)) pipeline.Paper {
	t.Helper()
	p := Paper(i)
	p.Batch, p.State, p.Pages = night, state, 2
	if change != nil {
		change(&p)
	}
	return receive(t, c, p)
}

// labelled gives a paper another label.
func labelled(label string) func(*pipeline.Paper) {
	return func(p *pipeline.Paper) { p.Batch = label }
}

func testShelfBalance(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	n := tree(t, c, night)
	balances(t, c, night, "")
	var ticks []pipeline.ShelfFile
	for i, state := range pipeline.States() {
		p := shelved(t, c, i, state, func(p *pipeline.Paper) {
			*p = Numbered(t, *p, fmt.Sprintf("H42.15-221011-%04d", i/4+1))
		})
		ticks = append(ticks, taken(i, p.ID))
	}
	ticks = append(ticks, taken(100, ID(1)), taken(101, ID(99)), file(102, pipeline.FileWaiting), file(103, pipeline.FileToDo),
		file(104, pipeline.FileHeld), file(105, pipeline.FileRefused), file(106, pipeline.FileIgnored), file(107, pipeline.FileGone))
	must(t, c.TickFiles(ctx, night, n, ticks[:10]))
	balances(t, c, night, "found 10 filed 1 waiting 2 rejected 1 open 6")
	must(t, c.TickFiles(ctx, night, n, ticks[10:]))
	balances(t, c, night, "found 16 todo 2 held 1 refused 1 ignored 1 filed 1 waiting 2 rejected 1 open 6 missing 1 gone 1")
	// A paper that was received before, with another label or none, counts for its file.
	early := shelved(t, c, 50, pipeline.Filed, labelled(""))
	must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{taken(108, early.ID)}))
	balances(t, c, night, "found 17 todo 2 held 1 refused 1 ignored 1 filed 2 waiting 2 rejected 1 open 6 missing 1 gone 1")
	b, err := c.ShelfBalance(ctx, night)
	must(t, err)
	if b.Papers.Received != 9 || !b.Papers.Even() || b.Papers.ByState[pipeline.Failed] != 1 || b.Pages != 18 || b.Dossiers != 3 {
		t.Errorf("the papers of the shelf: %+v", b)
	}
	// A paper that moves is counted where it went.
	p, err := c.Paper(ctx, ID(0))
	must(t, err)
	p.State, p.Pages = pipeline.Filed, 5
	commit(t, c, catalog.Move{Paper: p, Event: Event("filed", Start())})
	balances(t, c, night, "found 17 todo 2 held 1 refused 1 ignored 1 filed 3 waiting 2 rejected 1 open 5 missing 1 gone 1")
	if b, err = c.ShelfBalance(ctx, night); err != nil || b.Pages != 21 {
		t.Errorf("%d pages, %v", b.Pages, err)
	}
	for _, label := range []string{"", "\x00", "dem-9"} {
		balances(t, c, label, "")
	}
}

// A file that is a stack counts by all papers that come of it.
func testPartedPapers(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	n := tree(t, c, night)
	stack := shelved(t, c, 1, pipeline.Filed, nil)
	must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{taken(1, stack.ID), taken(2, stack.ID)}))
	balances(t, c, night, "found 2 filed 2")
	part := func(i int, of pipeline.PaperID, state pipeline.State) pipeline.Paper {
		return shelved(t, c, i, state, func(p *pipeline.Paper) { p.Parted = of })
	}
	move := func(p pipeline.Paper, state pipeline.State, reason string) pipeline.Paper {
		t.Helper()
		p.State, p.Reason.Code = state, reason
		return commit(t, c, catalog.Move{Paper: p, Event: Event("moved", Start())})
	}
	second := part(2, stack.ID, pipeline.Filed)
	balances(t, c, night, "found 2 filed 2")
	third := part(3, second.ID, pipeline.Recognized) // parted from a part
	balances(t, c, night, "found 2 open 2")
	second = move(second, pipeline.Confirming, "no-number")
	balances(t, c, night, "found 2 waiting 2")
	second = move(second, pipeline.Rejected, "blank")
	balances(t, c, night, "found 2 open 2")
	third = move(third, pipeline.Filed, "")
	balances(t, c, night, "found 2 rejected 2")
	// What was put back weighs nothing, and those parted from it are where they were.
	second = move(second, pipeline.Failed, "")
	second.Into = stack.ID
	move(second, pipeline.Rejected, pipeline.ReasonMerged)
	balances(t, c, night, "found 2 filed 2")
	third = move(third, pipeline.Confirming, "no-number")
	balances(t, c, night, "found 2 waiting 2")
	move(third, pipeline.Filed, "")
	// Papers that name each other end nothing in a circle.
	part(4, ID(5), pipeline.Filed)
	part(5, ID(4), pipeline.Filed)
	must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{taken(5, ID(5))}))
	balances(t, c, night, "found 3 filed 3")
}

// A file whose pages went into a paper of several originals stands where that one does, and
// the papers that come of it.
func testJoinedPapers(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	n := tree(t, c, night)
	stack := shelved(t, c, 1, pipeline.Confirming, nil)
	alone := shelved(t, c, 2, pipeline.Confirming, nil)
	part := shelved(t, c, 3, pipeline.Confirming, func(p *pipeline.Paper) { p.Parted = stack.ID })
	must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{taken(1, stack.ID), taken(2, alone.ID)}))
	bundle := shelved(t, c, 4, pipeline.Received, func(p *pipeline.Paper) { p.Merged = []pipeline.PaperID{part.ID, alone.ID} })
	move := func(p pipeline.Paper, state pipeline.State) pipeline.Paper {
		t.Helper()
		p.State = state
		return commit(t, c, catalog.Move{Paper: p, Event: Event("moved", Start())})
	}
	stack = move(stack, pipeline.Filed)
	balances(t, c, night, "found 2 waiting 2")
	for _, p := range []pipeline.Paper{part, alone} {
		p.Into, p.Reason.Code = bundle.ID, pipeline.ReasonMerged
		move(p, pipeline.Rejected)
	}
	if b, err := c.ShelfBalance(ctx, night); err != nil || b.Pages != 4 {
		t.Errorf("%d pages, %v; want those of the stack and of the bundle", b.Pages, err)
	}
	balances(t, c, night, "found 2 open 2")
	bundle = move(bundle, pipeline.Confirming)
	balances(t, c, night, "found 2 waiting 2")
	bundle = move(bundle, pipeline.Filed)
	balances(t, c, night, "found 2 filed 2")
	piece := shelved(t, c, 5, pipeline.Recognized, func(p *pipeline.Paper) { p.Parted = bundle.ID })
	balances(t, c, night, "found 2 open 2")
	piece = move(piece, pipeline.Rejected)
	balances(t, c, night, "found 2 rejected 2")
	again := shelved(t, c, 6, pipeline.Filed, func(p *pipeline.Paper) { p.Merged = []pipeline.PaperID{piece.ID, stack.ID} })
	for _, p := range []pipeline.Paper{piece, stack} {
		p.Into, p.Reason.Code = again.ID, pipeline.ReasonMerged
		move(p, pipeline.Rejected)
	}
	balances(t, c, night, "found 2 filed 2")
	move(again, pipeline.Confirming)
	balances(t, c, night, "found 2 waiting 2")
}

func testShelfPapers(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	states := pipeline.States()
	for i := range 20 {
		shelved(t, c, i, states[i/2%3], labelled([]string{night, "dem-2"}[i%2]))
	}
	for _, asked := range [][]pipeline.State{nil, {pipeline.Confirming}, {pipeline.Recognized, pipeline.Received}, {"'"}} {
		var want []pipeline.PaperID
		for i := 0; i < 20; i += 2 {
			if asked == nil || slices.Contains(asked, states[i/2%3]) {
				want = append(want, ID(i))
			}
		}
		same(t, want, paperPages(t, c, asked))
	}
	for _, label := range []string{"", "\x00", "dem-9"} {
		if page, next, err := c.ShelfPapers(ctx, label, nil, 0, 0); err != nil || next != 0 || len(page) != 0 {
			t.Errorf("papers of %q: %d, %v", label, len(page), err)
		}
	}
}

// paperPages gives the papers of the night in some states, read three at a time.
func paperPages(t testing.TB, c *catalog.Catalog, asked []pipeline.State) (all []pipeline.PaperID) {
	t.Helper()
	for after := int64(0); ; {
		page, next, err := c.ShelfPapers(t.Context(), night, asked, after, 3)
		must(t, err)
		for _, p := range page {
			all = append(all, p.ID)
		}
		if after = next; next == 0 {
			return all
		}
	}
}

// After a rebuild of a lost catalog from the bucket the papers are there and the shelf is
// not: going through the tree again makes the ledger anew and no paper twice.
func testShelfRebuilt(t *testing.T, open Open) {
	t.Helper()
	ctx := t.Context()
	var lost []pipeline.Paper
	first := open(t)
	for i := range 4 {
		lost = append(lost, shelved(t, first, i, pipeline.Filed, func(p *pipeline.Paper) {
			if i > 0 {
				*p = Numbered(t, *p, fmt.Sprintf("H42.15-221011-%04d", i))
			}
		}))
	}
	c := open(t)
	for _, p := range lost {
		must(t, c.Restore(ctx, p, nil, ""))
	}
	if _, err := c.Shelf(ctx, night); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("a shelf after a rebuild: %v", err)
	}
	n := tree(t, c, night)
	for i := range 4 {
		p := Paper(i)
		p.ID, p.Batch, p.Dossier = ID(100+i), night, lost[i].Dossier
		got, again, err := c.Receive(ctx, p, Event("received", Start()))
		must(t, err)
		if !again || got.ID != lost[i].ID {
			t.Errorf("paper %d became %s, again %t", i, got.ID, again)
		}
		f := taken(i, got.ID)
		f.Digest = got.Original
		must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{f}))
	}
	balances(t, c, night, "found 4 filed 4")
	if b, err := c.ShelfBalance(ctx, night); err != nil || b.Papers.Received != 4 || b.Pages != 8 {
		t.Errorf("after the rebuild: %+v, %v", b, err)
	}
}

// drawn gives the papers that were drawn.
func drawn(t testing.TB, c *catalog.Catalog) []pipeline.PaperID {
	t.Helper()
	all, err := c.Checks(t.Context(), night)
	must(t, err)
	var ids []pipeline.PaperID
	for _, k := range all {
		ids = append(ids, k.Paper)
	}
	return ids
}

func testChecks(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	draw := func(share float64, later time.Duration, want int) {
		t.Helper()
		if n, err := c.DrawChecks(ctx, night, share, Start().Add(later)); err != nil || n != want {
			t.Errorf("a share of %v draws %d, %v; want %d", share, n, err, want)
		}
	}
	tree(t, c, night)
	draw(0.1, 0, 0)
	papers := make([]pipeline.Paper, 0, 60)
	for i := range 60 {
		papers = append(papers, shelved(t, c, i, []pipeline.State{pipeline.Filed, pipeline.Confirming}[i%2], nil))
	}
	shelved(t, c, 70, pipeline.Filed, labelled("dem-2"))
	draw(0.1, time.Second, 3)
	first := drawn(t, c)
	shelf, err := c.Shelf(ctx, night)
	must(t, err)
	if told := shelf.Draws(1)[0]; told.Digest != pipeline.Sum([]byte(told.Seed)) || !slices.Equal(lots(told.Seed, papers), sorted(first)) {
		t.Errorf("drawn are %v; by the seed %v it should be %v", first, told, lots(told.Seed, papers))
	}
	draw(0.1, time.Minute, 0)
	draw(0.101, time.Minute, 1)
	// A drawn paper stays drawn, whatever becomes of it.
	p, err := c.Paper(ctx, first[0])
	must(t, err)
	p.State = pipeline.Rejected
	commit(t, c, catalog.Move{Paper: p, Event: Event("rejected", Start())})
	draw(0.101, time.Hour, 0)
	draw(1, 2*time.Hour, 29-4) // of 29 filed ones, with the rejected one
	draw(1, 3*time.Hour, 0)
	if all := drawn(t, c); len(all) != 29 || !slices.Equal(all[:3], first) {
		t.Errorf("%d are drawn: %v, first %v", len(all), all, first)
	}
	for _, share := range []float64{-0.1, 1.1, math.NaN(), math.Inf(1)} {
		if _, err := c.DrawChecks(ctx, night, share, Start()); err == nil {
			t.Errorf("a share of %v is drawn", share)
		}
	}
	if _, err := c.DrawChecks(ctx, "dem-9", 0.1, Start()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("drawing of no shelf: %v", err)
	}
}

func sorted(ids []pipeline.PaperID) []pipeline.PaperID {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return ids
}

// lots gives the first papers to be drawn, the first three by ID, as anybody can work out
// who is given the seed.
func lots(seed string, papers []pipeline.Paper) []pipeline.PaperID {
	var ids []pipeline.PaperID
	for _, p := range papers {
		if p.State == pipeline.Filed {
			ids = append(ids, p.ID)
		}
	}
	slices.SortFunc(ids, func(a, b pipeline.PaperID) int {
		x, y := pipeline.Sum([]byte(seed+string(a))).String(), pipeline.Sum([]byte(seed+string(b))).String()
		if x < y {
			return -1
		}
		return 1
	})
	return sorted(ids[:3])
}

// Several who draw at once draw no more than one.
func testChecksTogether(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	tree(t, c, night)
	for i := range 20 {
		shelved(t, c, i, pipeline.Filed, nil)
	}
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			if _, err := c.DrawChecks(t.Context(), night, 0.2, Start()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(drawn(t, c)); n != 4 {
		t.Errorf("%d are drawn, want 4", n)
	}
}

func testSignOffs(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	tree(t, c, night)
	sign := func(want string) pipeline.SignOff {
		t.Helper()
		s, err := c.PutSignOff(ctx, pipeline.SignOff{Batch: night, By: "truongphong", At: Start(), Note: "ổn", Drawn: 99, Good: 99})
		if refused, ok := pipeline.AsRefusal(err); want != "" && (!ok || refused.Reason.Code != want) || want == "" && err != nil {
			t.Errorf("signing off: %v, want %q", err, want)
		}
		return s
	}
	sign("nothing-drawn")
	for i := range 10 {
		shelved(t, c, i, pipeline.Filed, nil)
	}
	_, err := c.DrawChecks(ctx, night, 0.2, Start())
	must(t, err)
	ids := drawn(t, c)
	look := func(id pipeline.PaperID, good bool, note string) error {
		return c.PutCheck(ctx, pipeline.Check{Batch: night, Paper: id, Good: good, Note: note, By: "lan", At: Start().Add(time.Hour)})
	}
	must(t, look(ids[0], true, ""))
	sign("checks-left")
	must(t, look(ids[1], true, ""))
	must(t, look(ids[1], false, "mất trang\x00"))
	checks, err := c.Checks(ctx, night)
	must(t, err)
	at := Start().Add(time.Hour)
	same(t, []pipeline.Check{
		{Batch: night, Paper: ids[0], Drawn: Start(), Good: true, By: "lan", At: at},
		{Batch: night, Paper: ids[1], Drawn: Start(), Note: "mất trang\ufffd", By: "lan", At: at},
	}, checks)
	want := pipeline.SignOff{Batch: night, By: "truongphong", At: Start(), Drawn: 2, Good: 1, Bad: 1, Of: 10, Note: "ổn"}
	same(t, want, sign(""))
	must(t, look(ids[1], true, ""))
	better := want
	better.Good, better.Bad = 2, 0
	same(t, better, sign(""))
	all, err := c.SignOffs(ctx, night)
	must(t, err)
	same(t, []pipeline.SignOff{want, better}, all)
}

func testBadChecks(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	tree(t, c, night)
	drew := shelved(t, c, 1, pipeline.Filed, nil)
	_, err := c.DrawChecks(ctx, night, 1, Start())
	must(t, err)
	for _, id := range []pipeline.PaperID{"", "\x00", ID(77)} {
		if err := c.PutCheck(ctx, pipeline.Check{Batch: night, Paper: id, By: "lan"}); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a look at %q, which was not drawn: %v", id, err)
		}
	}
	if err := c.PutCheck(ctx, pipeline.Check{Batch: night, Paper: drew.ID, Good: true}); err == nil {
		t.Error("nobody looked, and it is written down")
	}
	for _, label := range []string{"dem-9", "\x00"} {
		if _, err := c.PutSignOff(ctx, pipeline.SignOff{Batch: label, By: "a"}); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("signing off %q: %v", label, err)
		}
	}
}

package catalogtest

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/storage/catalog"
)

func testTicks(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	n := tree(t, c, night)
	held := file(2, pipeline.FileHeld)
	held.Reason = pipeline.Reason{Code: "no-dossier", English: "no number", Vietnamese: "Chưa có mã hồ sơ"}
	held.Remarks = []pipeline.Reason{{Code: "odd", Vietnamese: "Tên lạ"}}
	ignored := file(3, pipeline.FileIgnored)
	ignored.Why = "Thumbs.db"
	first := []pipeline.ShelfFile{file(1, pipeline.FileToDo), held, ignored, taken(4, ID(4))}
	for range 2 {
		must(t, c.TickFiles(ctx, night, n, first))
		same(t, first, files(t, c, night))
	}
	// Of several ticks of one path the last counts, and the order stays.
	moved := taken(1, ID(1))
	moved.After = "moved"
	must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{file(9, pipeline.FileToDo), file(1, pipeline.FileWaiting), taken(1, ID(1)), moved}))
	same(t, []pipeline.ShelfFile{moved, held, ignored, taken(4, ID(4)), file(9, pipeline.FileToDo)}, files(t, c, night))
	must(t, c.TickFiles(ctx, night, n, nil))
	same(t, []pipeline.ShelfFile{held, file(9, pipeline.FileToDo)}, files(t, c, night, pipeline.FileHeld, pipeline.FileToDo))
	if got := files(t, c, night, "'; --"); len(got) != 0 {
		t.Errorf("files in a state that is none: %v", got)
	}
	if got := files(t, c, "dem-9"); len(got) != 0 {
		t.Errorf("files of another shelf: %v", got)
	}
	many := make([]pipeline.ShelfFile, 0, 1000)
	for i := range 1000 {
		many = append(many, file(1000+i, pipeline.FileToDo))
	}
	must(t, c.TickFiles(ctx, night, n, many))
	if err := c.TickFiles(ctx, night, n, append(many, file(1, pipeline.FileToDo))); err == nil {
		t.Error("1,001 files are ticked at once")
	}
	balances(t, c, night, "found 1005 todo 1001 held 1 ignored 1 missing 2")
}

func testTicksOfOthers(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	n := tree(t, c, night)
	tree(t, c, "dem-2")
	must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{file(1, pipeline.FileToDo)}))
	second, err := c.BeginRun(ctx, night, time.Time{}, Start().Add(time.Hour), beating)
	must(t, err)
	for what, err := range map[string]error{
		"a lost run":     c.TickFiles(ctx, night, n, []pipeline.ShelfFile{taken(1, ID(1))}),
		"a run to come":  c.TickFiles(ctx, night, 3, []pipeline.ShelfFile{taken(1, ID(1))}),
		"no shelf":       c.TickFiles(ctx, "dem-9", 1, []pipeline.ShelfFile{taken(1, ID(1))}),
		"a strange one":  c.TickFiles(ctx, "\x00", 1, []pipeline.ShelfFile{taken(1, ID(1))}),
		"a walk of lost": func() error { _, err := c.Walked(ctx, night, n, pipeline.Walk{N: 2}, Start()); return err }(),
	} {
		if !errors.Is(err, pipeline.ErrStale) {
			t.Errorf("%s ticks: %v", what, err)
		}
	}
	same(t, []pipeline.ShelfFile{file(1, pipeline.FileToDo)}, files(t, c, night))
	must(t, c.TickFiles(ctx, night, second.N, []pipeline.ShelfFile{file(1, pipeline.FileHeld)}))
	must(t, c.EndRun(ctx, night, second.N, pipeline.RunDone, Start()))
	if err := c.TickFiles(ctx, night, second.N, []pipeline.ShelfFile{file(2, pipeline.FileToDo)}); !errors.Is(err, pipeline.ErrStale) {
		t.Errorf("a run that ended ticks: %v", err)
	}
	same(t, []pipeline.ShelfFile{file(1, pipeline.FileHeld)}, files(t, c, night))
	balances(t, c, "dem-2", "")
}

// testReceiptsStay tries all that could make a receipt be forgotten.
func testReceiptsStay(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	n := tree(t, c, night)
	shelved(t, c, 0, pipeline.Received, nil)
	had := taken(1, ID(0))
	must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{had}))
	for _, state := range pipeline.FileStates() {
		if state == pipeline.FileReceived {
			continue
		}
		f := file(1, state) // without a digest: other size and time may be of a file half written
		f.Size, f.Changed, f.Walk = 7, Start().Add(time.Hour), 2
		f.Reason = pipeline.Reason{Code: "x"}
		must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{f}))
		had.Walk = 2
		same(t, []pipeline.ShelfFile{had}, files(t, c, night))
		f.Digest = had.Digest // the same content, touched
		must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{f}))
		had.Size, had.Changed = f.Size, f.Changed
		same(t, []pipeline.ShelfFile{had}, files(t, c, night))
	}
	again := had
	again.After, again.Taken, again.Remarks = "moved", Start().Add(9*time.Hour), []pipeline.Reason{{Code: "late"}}
	must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{again}))
	had.After, had.Remarks = again.After, again.Remarks
	same(t, []pipeline.ShelfFile{had}, files(t, c, night))
	back := had // put back where it was
	back.After = ""
	must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{back}))
	same(t, []pipeline.ShelfFile{back}, files(t, c, night))
	balances(t, c, night, "found 1 open 1")
}

// A path with another content, or for another paper: what was there is kept aside.
func testReceiptsAside(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	n := tree(t, c, night)
	for i := range 3 {
		shelved(t, c, i, pipeline.Received, nil)
	}
	must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{taken(1, ID(0))}))
	// Another content: what was there is kept aside, and its paper still counts.
	other := file(1, pipeline.FileToDo)
	other.Digest = pipeline.Sum([]byte("another"))
	must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{other}))
	same(t, []pipeline.ShelfFile{other}, files(t, c, night))
	balances(t, c, night, "found 1 todo 1")
	other.State, other.Paper = pipeline.FileReceived, ID(1)
	third := other
	third.Paper = ID(2) // the same content for another dossier
	must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{other, third}))
	same(t, []pipeline.ShelfFile{third}, files(t, c, night))
	balances(t, c, night, "found 1 open 1")
	b, err := c.ShelfBalance(ctx, night)
	must(t, err)
	if b.Papers.Received != 3 || b.Papers.Open != 3 {
		t.Errorf("papers of what was replaced do not count: %+v", b.Papers)
	}
	// A receipt that says of a paper that is not there is seen, also once replaced.
	lost := taken(1, ID(77))
	for range 3 { // once is enough, however often they take turns
		must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{lost, third}))
	}
	balances(t, c, night, "found 1 open 1 missing 1")
}

// A received file that somebody renamed is found once, under its new path; renamed back,
// too. Its receipts are not forgotten.
func testRenamed(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	n := tree(t, c, night)
	shelved(t, c, 0, pipeline.Received, nil)
	had := taken(1, ID(0))
	must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{had}))
	for range 3 {
		now, old := had, had
		now.Path, old.After = "tên mới.pdf", pipeline.AfterRenamed
		for range 2 {
			must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{now, old}))
		}
		balances(t, c, night, "found 1 open 1")
		old.State = pipeline.FileGone
		same(t, []pipeline.ShelfFile{old, now}, files(t, c, night))
		now.After = pipeline.AfterRenamed
		must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{had, now}))
		balances(t, c, night, "found 1 open 1")
	}
	lost := taken(2, ID(77)) // its paper is not there
	must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{lost}))
	lost.After = pipeline.AfterRenamed
	must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{lost}))
	balances(t, c, night, "found 1 open 1 missing 1")
}

func testStrangeFiles(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	n := tree(t, c, night)
	for name, spoil := range map[string]func(*pipeline.ShelfFile){
		"no path":           func(f *pipeline.ShelfFile) { f.Path = "" },
		"NUL":               func(f *pipeline.ShelfFile) { f.Path = "a\x00b" },
		"no UTF-8":          func(f *pipeline.ShelfFile) { f.Path = "a\xffb" },
		"endless path":      func(f *pipeline.ShelfFile) { f.Path = strings.Repeat("a/", 8000) },
		"no state":          func(f *pipeline.ShelfFile) { f.State = "" },
		"strange state":     func(f *pipeline.ShelfFile) { f.State = "lost" },
		"strange paper":     func(f *pipeline.ShelfFile) { f.Paper = "\x00" },
		"received, unread":  func(f *pipeline.ShelfFile) { f.State, f.Paper = pipeline.FileReceived, ID(1) },
		"received, nowhere": func(f *pipeline.ShelfFile) { f.State, f.Digest = pipeline.FileReceived, pipeline.Sum(nil) },
		"negative size":     func(f *pipeline.ShelfFile) { f.Size = -1 },
		"no calendar":       func(f *pipeline.ShelfFile) { f.Changed = time.Unix(1<<40, 0) },
	} {
		bad := file(2, pipeline.FileToDo)
		spoil(&bad)
		if err := c.TickFiles(ctx, night, n, []pipeline.ShelfFile{file(1, pipeline.FileToDo), bad}); err == nil || errors.Is(err, pipeline.ErrStale) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := files(t, c, night); len(got) != 0 {
		t.Errorf("half of a tick is written: %v", got)
	}
	var want []pipeline.ShelfFile
	for i, path := range []string{"../../etc/passwd", "a\nb\x1b[2J", "';DROP TABLE shelf_files;--", "\ufffd", "a", "A", "e\u0301", "é", "\u202e", strings.Repeat("ỹ", 4000), pipeline.PathText("b\xff")} {
		f := file(i, pipeline.FileToDo)
		f.Path = path
		want = append(want, f)
	}
	want[0].Changed = time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC)
	want[1].Changed = time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC)
	must(t, c.TickFiles(ctx, night, n, want))
	same(t, want, files(t, c, night))

	long := file(99, pipeline.FileHeld)
	long.Reason.Vietnamese, long.Why, long.After = strings.Repeat("ỹ", 9000), "\x00", "\xff"
	long.Remarks = make([]pipeline.Reason, 500)
	must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{long}))
	got := files(t, c, night, pipeline.FileHeld)[0]
	if len([]rune(got.Reason.Vietnamese)) != 1000 || len(got.Remarks) != 20 || got.Why != "\ufffd" || got.After != "\ufffd" {
		t.Errorf("sentences of %d characters, %d remarks, %q, %q are kept", len([]rune(got.Reason.Vietnamese)), len(got.Remarks), got.Why, got.After)
	}
}

func testWalks(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	n := tree(t, c, night)
	var all []pipeline.ShelfFile
	for i, state := range pipeline.FileStates() {
		f := file(i, state)
		if state == pipeline.FileReceived {
			f = taken(i, ID(i))
		}
		all = append(all, f)
	}
	seen := file(50, pipeline.FileToDo)
	seen.Walk = 2
	must(t, c.TickFiles(ctx, night, n, append(all, seen)))
	walked := func(walk, found, want int) {
		t.Helper()
		if gone, err := c.Walked(ctx, night, n, pipeline.Walk{N: walk, Found: found}, Start()); err != nil || gone != want {
			t.Errorf("walk %d: %d files are gone, %v; want %d", walk, gone, err, want)
		}
	}
	walked(1, 8, 0)
	walked(2, 1, 5) // all but the received one and the one that was gone
	walked(2, 1, 0)
	balances(t, c, night, "found 2 todo 1 missing 1 gone 6")
	for _, bad := range [][2]int{{1, 1}, {0, 1}, {3, -1}} {
		if _, err := c.Walked(ctx, night, n, pipeline.Walk{N: bad[0], Found: bad[1]}, Start()); err == nil {
			t.Errorf("walk %d that found %d files is taken for one", bad[0], bad[1])
		}
	}
	// What is there again is there again.
	back := file(0, pipeline.FileToDo)
	back.Walk = 3
	must(t, c.TickFiles(ctx, night, n, []pipeline.ShelfFile{back}))
	balances(t, c, night, "found 3 todo 2 missing 1 gone 5")
	s, err := c.Shelf(ctx, night)
	must(t, err)
	if s.Run.Walk != 2 || s.Run.Found != 1 {
		t.Errorf("the run is %+v", s.Run)
	}
}

func testEmptyFolders(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	n := tree(t, c, night)
	wants := func(want pipeline.EmptyFolders) {
		t.Helper()
		got, err := c.EmptyFolders(ctx, night)
		must(t, err)
		same(t, want, got)
	}
	wants(pipeline.EmptyFolders{})
	first := pipeline.EmptyFolders{Paths: []string{"Hộp 1/H42.15-221011-0001", pipeline.PathText("Hộp\xff")}, More: 70_000}
	for _, e := range []pipeline.EmptyFolders{first, {Paths: []string{"Hộp 2"}}, {}, first} {
		_, err := c.Walked(ctx, night, n, pipeline.Walk{N: 2, Empty: e}, Start())
		must(t, err)
		wants(e)
	}
	for _, bad := range []pipeline.EmptyFolders{
		{Paths: []string{""}}, {Paths: []string{"a\x00"}}, {Paths: []string{"\xff"}}, {More: -1}, {Paths: slices.Repeat([]string{"a"}, pipeline.MostEmpty+1)},
	} {
		if _, err := c.Walked(ctx, night, n, pipeline.Walk{N: 2, Empty: bad}, Start()); !errors.Is(err, pipeline.ErrShelfFile) {
			t.Errorf("empty folders that cannot be kept: %v", err)
		}
	}
	if _, err := c.Walked(ctx, night, n, pipeline.Walk{N: 1}, Start()); !errors.Is(err, pipeline.ErrStale) {
		t.Errorf("an older walk: %v", err)
	}
	must(t, c.EndRun(ctx, night, n, pipeline.RunDone, Start()))
	if _, err := c.Walked(ctx, night, n, pipeline.Walk{N: 3}, Start()); !errors.Is(err, pipeline.ErrStale) {
		t.Errorf("a walk of a run that has ended: %v", err)
	}
	wants(first)
	if _, err := c.EmptyFolders(ctx, "dem-9"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the empty folders of no shelf: %v", err)
	}
}

func testPagesOfFiles(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	n := tree(t, c, night)
	var all []pipeline.ShelfFile
	for i := range 25 {
		all = append(all, file(i, pipeline.FileStates()[i%2]))
	}
	must(t, c.TickFiles(ctx, night, n, all))
	for _, states := range [][]pipeline.FileState{nil, {pipeline.FileWaiting}, {pipeline.FileWaiting, pipeline.FileHeld}} {
		var want []pipeline.ShelfFile
		for _, f := range all {
			if states == nil || f.State == states[0] {
				want = append(want, f)
			}
		}
		got, pages := filePages(t, c, states)
		same(t, want, got)
		if pages != len(want)/4+1 {
			t.Errorf("%d files in %d pages", len(want), pages)
		}
	}
	if page, next, err := c.ShelfFiles(ctx, night, nil, 1<<62, -5); err != nil || len(page) != 0 || next != 0 {
		t.Errorf("behind the end: %s", fmt.Sprint(page, next, err))
	}
}

// filePages gives the files of the night in some states, read four at a time.
func filePages(t testing.TB, c *catalog.Catalog, states []pipeline.FileState) (all []pipeline.ShelfFile, pages int) {
	t.Helper()
	for after := int64(0); ; {
		page, next, err := c.ShelfFiles(t.Context(), night, states, after, 4)
		must(t, err)
		all = append(all, page...)
		pages++
		if after = next; next == 0 {
			return all, pages
		}
	}
}

package catalogtest

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/storage/catalog"
)

func shelfPromises() map[string]func(*testing.T, Open) {
	return map[string]func(*testing.T, Open){
		"shelves":           testShelves,
		"runs":              testRuns,
		"runs together":     testRunsTogether,
		"ticks":             testTicks,
		"ticks of others":   testTicksOfOthers,
		"receipts stay":     testReceiptsStay,
		"receipts aside":    testReceiptsAside,
		"strange files":     testStrangeFiles,
		"walks":             testWalks,
		"empty folders":     testEmptyFolders,
		"pages of files":    testPagesOfFiles,
		"shelf balance":     testShelfBalance,
		"shelf renamed":     testRenamed,
		"parted papers":     testPartedPapers,
		"joined papers":     testJoinedPapers,
		"papers of shelves": testShelfPapers,
		"shelf rebuilt":     testShelfRebuilt,
		"checks":            testChecks,
		"checks together":   testChecksTogether,
		"sign-offs":         testSignOffs,
		"bad checks":        testBadChecks,
		"strange shelves":   testStrangeShelves,
		"ends of runs":      testRunEnds,
	}
}

const night = "dem-1"

// beating is how long a run of the tests may be silent.
const beating = time.Minute

// tree opens a shelf with a run that lives, and gives the run's number.
func tree(t testing.TB, c *catalog.Catalog, label string) int {
	t.Helper()
	_, err := c.OpenShelf(t.Context(), pipeline.Shelf{Label: label, Root: "/kho/" + label, Host: "may-quet", By: "canbo", Opened: Start()})
	must(t, err)
	run, err := c.BeginRun(t.Context(), label, time.Time{}, Start(), beating)
	must(t, err)
	return run.N
}

// file makes up the i-th file of a tree.
func file(i int, state pipeline.FileState) pipeline.ShelfFile {
	return pipeline.ShelfFile{
		Path: fmt.Sprintf("Hộp 1/%05d.pdf", i), Size: int64(100 + i), Changed: Start().Add(time.Duration(i)*time.Second + 123456789),
		State: state, Walk: 1,
	}
}

// taken is the i-th file, received as a paper.
func taken(i int, id pipeline.PaperID) pipeline.ShelfFile {
	f := file(i, pipeline.FileReceived)
	f.Digest, f.Paper, f.Part, f.Parts, f.Taken = pipeline.Sum(fmt.Appendf(nil, "file %d", i)), id, 1, 1, Start().Add(time.Hour)
	return f
}

// files gives all files of a shelf in some states.
func files(t testing.TB, c *catalog.Catalog, label string, states ...pipeline.FileState) []pipeline.ShelfFile {
	t.Helper()
	all, next, err := c.ShelfFiles(t.Context(), label, states, 0, 0)
	must(t, err)
	if next != 0 {
		t.Errorf("the files of shelf %s go on at %d", label, next)
	}
	return all
}

// counts says what a balance has of files.
func counts(t testing.TB, c *catalog.Catalog, label string) string {
	t.Helper()
	b, err := c.ShelfBalance(t.Context(), label)
	must(t, err)
	if b.Missing == 0 && !b.Even() {
		t.Errorf("the balance is not even: %+v", b)
	}
	return fmt.Sprintf("found %d todo %d held %d refused %d ignored %d filed %d waiting %d rejected %d open %d missing %d gone %d",
		b.Found, b.ToDo, b.Held, b.Refused, b.Ignored, b.Filed, b.Waiting, b.Rejected, b.Open, b.Missing, b.Gone)
}

// balances expects such counts; those that are 0 are left out.
func balances(t testing.TB, c *catalog.Catalog, label, want string) {
	t.Helper()
	var got []string
	parts := strings.Fields(counts(t, c, label))
	for i := 0; i < len(parts); i += 2 {
		if parts[i+1] != "0" {
			got = append(got, parts[i], parts[i+1])
		}
	}
	if s := strings.Join(got, " "); s != want {
		t.Errorf("the balance of %s: %s, want %s", label, s, want)
	}
}

func testShelves(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	made := pipeline.Shelf{Label: night, Root: "/kho/Hộp 1", Host: "may-quet", By: "canbo", Opened: Start()}
	first, err := c.OpenShelf(ctx, made)
	must(t, err)
	again := made
	again.By, again.Opened = "khac", Start().Add(time.Hour)
	second, err := c.OpenShelf(ctx, again)
	must(t, err)
	same(t, first, second)
	if len(first.Seed) != 64 || first.By != "canbo" || !first.Opened.Equal(Start()) || first.Run != (pipeline.Run{}) {
		t.Errorf("the shelf is %+v", first)
	}
	for _, other := range []pipeline.Shelf{{Label: night, Root: "/kho/Hộp 2", Host: "may-quet"}, {Label: night, Root: "/kho/Hộp 1", Host: "may-khac"}} {
		other.By = "khac"
		if _, err := c.OpenShelf(ctx, other); !errors.Is(err, pipeline.ErrShelfTaken) {
			t.Errorf("%s of %s under a label that is taken: %v", other.Root, other.Host, err)
		}
	}
	young, err := c.OpenShelf(ctx, pipeline.Shelf{Label: "dem-0", Root: "/kho", Opened: Start().Add(time.Minute), By: "canbo"})
	must(t, err)
	if young.Seed == first.Seed {
		t.Error("two shelves have the same seed")
	}
	_, err = c.BeginRun(ctx, night, Start().Add(8*time.Hour), Start(), beating)
	must(t, err)
	first.Run = pipeline.Run{N: 1, Began: Start(), Until: Start().Add(8 * time.Hour), Beat: Start()}
	all, err := c.Shelves(ctx)
	must(t, err)
	same(t, []pipeline.Shelf{young, first}, all)
	one, err := c.Shelf(ctx, night)
	must(t, err)
	same(t, first, one)
}

func testStrangeShelves(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	for _, label := range []string{"", "Dem-1", "đêm", "..", "a/b", "a\x00", strings.Repeat("a", 61)} {
		if _, err := c.OpenShelf(ctx, pipeline.Shelf{Label: label, Root: "/kho", By: "canbo"}); !errors.Is(err, pipeline.ErrBatch) {
			t.Errorf("the label %q: %v", label, err)
		}
	}
	for _, root := range []string{"", "/kho\x00", "/kho\xff", "/" + strings.Repeat("a", 13_000)} {
		if _, err := c.OpenShelf(ctx, pipeline.Shelf{Label: "x", Root: root, By: "canbo"}); err == nil {
			t.Errorf("the root %.20q makes a shelf", root)
		}
	}
	for _, label := range []string{"dem-9", "", "\x00", "\xff"} {
		if _, err := c.Shelf(ctx, label); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("shelf %q: %v", label, err)
		}
		if _, err := c.BeginRun(ctx, label, time.Time{}, Start(), beating); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a run of shelf %q: %v", label, err)
		}
	}
}

func testRuns(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	tree(t, c, night)
	at := func(d time.Duration) time.Time { return Start().Add(d) }
	begin := func(now time.Time) (pipeline.Run, error) { return c.BeginRun(ctx, night, time.Time{}, now, beating) }
	stale := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, pipeline.ErrStale) {
			t.Errorf("%s: %v, want that it is stale", what, err)
		}
	}
	if _, err := begin(at(beating)); !errors.Is(err, pipeline.ErrRunLives) {
		t.Errorf("a second run beside one that lives: %v", err)
	}
	must(t, c.BeatRun(ctx, night, 1, at(50*time.Second)))
	if _, err := begin(at(100 * time.Second)); !errors.Is(err, pipeline.ErrRunLives) {
		t.Errorf("a second run beside one that beat: %v", err)
	}
	_, err := c.Walked(ctx, night, 1, pipeline.Walk{N: 3, Found: 7}, at(50*time.Second))
	must(t, err)
	second, err := begin(at(3 * time.Minute))
	must(t, err)
	same(t, pipeline.Run{N: 2, Began: at(3 * time.Minute), Beat: at(3 * time.Minute), Walk: 3, Found: 7}, second)
	stale("beating for a lost run", c.BeatRun(ctx, night, 1, at(3*time.Minute)))
	stale("ending a lost run", c.EndRun(ctx, night, 1, pipeline.RunDone, at(3*time.Minute)))
	stale("beating for a run to come", c.BeatRun(ctx, night, 3, at(3*time.Minute)))
	stale("beating for no shelf", c.BeatRun(ctx, "dem-9", 1, at(0)))
	// A clock that ran ahead and was put right keeps nobody out.
	must(t, c.BeatRun(ctx, night, 2, at(1000*time.Hour)))
	if _, err := begin(at(5 * time.Minute)); err != nil {
		t.Errorf("a run after one that beat in the future: %v", err)
	}
}

func testRunEnds(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	tree(t, c, night)
	at := func(d time.Duration) time.Time { return Start().Add(d) }
	begin := func(now time.Time) (pipeline.Run, error) { return c.BeginRun(ctx, night, time.Time{}, now, beating) }
	stale := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, pipeline.ErrStale) {
			t.Errorf("%s: %v, want that it is stale", what, err)
		}
	}
	_, err := begin(at(2 * time.Minute))
	must(t, err)
	for range 2 { // the answer to the first was lost
		must(t, c.EndRun(ctx, night, 2, pipeline.RunUntil, at(4*time.Minute)))
	}
	stale("ending in another way", c.EndRun(ctx, night, 2, pipeline.RunDone, at(5*time.Minute)))
	stale("beating after the end", c.BeatRun(ctx, night, 2, at(5*time.Minute)))
	for _, how := range []pipeline.RunEnd{pipeline.RunLost, "", "tired"} {
		if err := c.EndRun(ctx, night, 2, how, at(0)); err == nil || errors.Is(err, pipeline.ErrStale) {
			t.Errorf("ending a run as %q: %v", how, err)
		}
	}
	if _, err := begin(at(4*time.Minute + time.Second)); err != nil {
		t.Errorf("a run at once after one that ended: %v", err)
	}
	runs, err := c.Runs(ctx, night)
	must(t, err)
	var ends []string
	for _, r := range runs {
		ends = append(ends, fmt.Sprintf("%d %s %t", r.N, r.How, r.Ended.IsZero()))
	}
	same(t, []string{"1 lost true", "2 until false", "3  true"}, ends)
}

// Several who begin at once: one of them may.
func testRunsTogether(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	_, err := c.OpenShelf(t.Context(), pipeline.Shelf{Label: night, Root: "/kho", By: "canbo"})
	must(t, err)
	var all sync.WaitGroup
	var began, lived atomic.Int64
	for range 6 {
		all.Go(func() {
			_, err := c.BeginRun(t.Context(), night, time.Time{}, Start(), beating)
			switch {
			case err == nil:
				began.Add(1)
			case errors.Is(err, pipeline.ErrRunLives):
				lived.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if began.Load() != 1 || lived.Load() != 5 {
		t.Errorf("%d runs began, %d found another one", began.Load(), lived.Load())
	}
}

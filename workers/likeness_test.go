package workers_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"hoso/pipeline"
	"hoso/storage/catalog"
	"hoso/workers"
)

// birth is what is read on a birth certificate; each scan is read a little differently.
const (
	birth   = "Mã hồ sơ: H42.15-221011-0001\nGIẤY KHAI SINH số 125/2019 ngày 05/03/2019\nHọ tên: Trần Minh Khôi\nSố định danh: 035219000123\nMẹ: Lê Thị Hoa, số 035190004567, điện thoại 0912345678\nCha: Trần Văn Nam, số 035089001122"
	rescan  = "Mã hồ sơ: H42.15-221011-0001\nGIẤY KHAI SINH số l25/2019 ngày 05/O3/2019\nHọ tên: Trần Minh Khôi\nSố định danh: 035219000123\nMẹ: Lê Thi Hoa, số 035190004567, điện thoại 0912345678\nCha: Trần Văn Nam, số 035089001122"
	sibling = "Mã hồ sơ: H42.15-221011-0002\nGIẤY KHAI SINH số 991/2022 ngày 17/11/2022\nHọ tên: Phạm Thu An\nSố định danh: 035322000888\nMẹ: Vũ Thị Lan, số 035192007777, điện thoại 0987654321\nCha: Phạm Văn Sơn, số 035088003344"
)

// handIn hands a paper in on which that is read, and works until nothing is open.
func (w *world) handIn(number, file, text string) pipeline.Paper {
	w.t.Helper()
	w.steps.Readers = &readers{text: text}
	r, err := w.tryReceive(number, file)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.work(r.ID, 20)
}

// alike gives the papers that look like one, and how.
func alike(t *testing.T, c *catalog.Catalog, id pipeline.PaperID) map[pipeline.PaperID]pipeline.LikenessKind {
	t.Helper()
	found, err := c.Alike(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[pipeline.PaperID]pipeline.LikenessKind{}
	for _, a := range found.Alike {
		kinds[a.Paper.ID] = a.Kind
	}
	return kinds
}

func expectAlike(t *testing.T, c *catalog.Catalog, id pipeline.PaperID, want map[pipeline.PaperID]pipeline.LikenessKind) {
	t.Helper()
	if got := alike(t, c, id); !maps.Equal(got, want) {
		t.Errorf("like %s are %v, want %v", id, got, want)
	}
}

type kinds = map[pipeline.PaperID]pipeline.LikenessKind

// told gives what the history of a paper says of others like it.
func (w *world) told(t *testing.T, id pipeline.PaperID) string {
	t.Helper()
	events, err := w.catalog.Events(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if strings.Contains(e.Detail, "looks_like") {
			return e.Detail
		}
	}
	return ""
}

// A paper that is scanned again, or handed in with another dossier, is known: its history
// and the catalog say so, nothing is done about it, and the catalog's loss changes nothing.
func TestAPaperIsKnownAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.handIn("", "first scan", birth)
	other := w.handIn("", "another child", sibling)
	again := w.handIn("", "second scan", rescan)
	copied := w.handIn("H42.15-221011-0077", "for another dossier", rescan)
	for _, p := range []pipeline.Paper{first, other, again, copied} {
		if p.State != pipeline.Filed {
			t.Fatalf("%s is %s (%s), want it filed", p.ID, p.State, p.Reason.English)
		}
	}
	if d := w.told(t, first.ID) + w.told(t, other.ID); d != "" {
		t.Errorf("papers that nobody had before look like %s", d)
	}
	for id, like := range map[pipeline.PaperID]pipeline.PaperID{again.ID: first.ID, copied.ID: again.ID} {
		if d := w.told(t, id); !strings.Contains(d, string(like)) || strings.Contains(d, string(other.ID)) {
			t.Errorf("the history of %s says %q, want %s", id, d, like)
		}
	}
	check := func(c *catalog.Catalog) {
		t.Helper()
		expectAlike(t, c, first.ID, kinds{again.ID: pipeline.LikeRescan, copied.ID: pipeline.LikeCopy})
		expectAlike(t, c, copied.ID, kinds{first.ID: pipeline.LikeCopy, again.ID: pipeline.LikeCopy})
		expectAlike(t, c, other.ID, kinds{})
	}
	check(w.catalog)
	check(w.rebuilt(workers.Rebuilt{Published: 4}))
}

// Two scans that are read at the same time do not see each other then; who looks later
// sees both.
func TestTwoScansReadTogetherAreKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Known = nil // neither has committed when the other looks
	first := w.handIn("", "first scan", birth)
	again := w.handIn("", "second scan", rescan)
	expectAlike(t, w.catalog, first.ID, kinds{again.ID: pipeline.LikeRescan})
	expectAlike(t, w.catalog, again.ID, kinds{first.ID: pipeline.LikeRescan})
}

// A reading that was cut off at any call leaves the same likeness as one that was not.
func TestALikenessSurvivesEveryFailure(t *testing.T) {
	t.Parallel()
	whole := newWorld(t)
	whole.handIn("", "first scan", birth)
	from := whole.bucket.calls
	whole.handIn("", "second scan", rescan)
	for failAt := from + 1; failAt <= whole.bucket.calls; failAt++ {
		w := newWorld(t)
		first := w.handIn("", "first scan", birth)
		w.bucket.failAt = failAt
		w.steps.Readers = &readers{text: rescan}
		r, err := w.tryReceive("", "second scan")
		if err != nil {
			r, err = w.tryReceive("", "second scan")
		}
		if err != nil {
			t.Fatal(err)
		}
		w.work(r.ID, 20)
		expectAlike(t, w.catalog, r.ID, kinds{first.ID: pipeline.LikeRescan})
		if d := w.told(t, r.ID); !strings.Contains(d, string(first.ID)) {
			t.Errorf("call %d cut off: the history says %q", failAt, d)
		}
	}
}

// Of a paper that bears a stamp of secrecy nothing is kept to know it by.
func TestASecretPaperIsNotKnownAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.handIn("", "first scan", "MẬT\n"+birth)
	again := w.handIn("", "second scan", "MẬT\n"+birth)
	secret := func(r pipeline.Reason) bool { return r.Code == "secret-stamp" }
	if !slices.ContainsFunc(again.Questions(), secret) {
		t.Fatalf("a paper stamped secret is %s (%s)", again.State, again.Reason.Code)
	}
	expectAlike(t, w.catalog, first.ID, kinds{})
	expectAlike(t, w.catalog, again.ID, kinds{})
}

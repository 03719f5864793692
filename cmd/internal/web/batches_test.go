package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"hoso/cmd/internal/web"
	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
	"hoso/storage/catalog"
	"hoso/storage/catalog/catalogtest"
)

// ledgered is a bench whose ledger is a catalog on disk.
func ledgered(t *testing.T) (*bench, *catalog.Catalog) {
	t.Helper()
	c := catalogtest.New(t)
	return newBench(t, func(o *web.Options) { o.Ledger = c }), c
}

// is expects an answer's status and, of an error, its code.
func (a answer) is(t *testing.T, what string, status int, code string) {
	t.Helper()
	if a.code != status || code != "" && !strings.Contains(a.body, `"code":"`+code+`"`) {
		t.Errorf("%s = %d %.200s, want %d %s", what, a.code, a.body, status, code)
	}
}

type filesPage struct {
	Files []pipeline.ShelfFile
	Next  int64
}

// TestBatchOfANight goes through a batch as the engine does.
func TestBatchOfANight(t *testing.T) {
	t.Parallel()
	b, c := ledgered(t)
	b.account(t, "lan", gate.Clerk, "")
	lan := b.program(t, "lan")
	open := map[string]string{"batch": "Dem-1", "root": "/kho/Hộp 1", "host": "may-quet"}
	shelf := decode[pipeline.Shelf](t, lan.json("/api/v1/batches", open))
	if shelf.Label != "dem-1" || shelf.By != "lan" || shelf.Root != "/kho/Hộp 1" || shelf.Seed != "" {
		t.Errorf("the batch is %+v", shelf)
	}
	lan.json("/api/v1/batches", open).is(t, "opening it again", http.StatusOK, "")
	lan.json("/api/v1/batches", map[string]string{"batch": "dem-1", "root": "/kho/Hộp 2"}).is(t, "another folder", http.StatusConflict, "batch-taken")
	const at = "/api/v1/batches/dem-1"
	until := b.clock().Add(8 * time.Hour)
	run := decode[pipeline.Run](t, lan.json(at+"/runs", map[string]any{"until": until}))
	if run.N != 1 || !run.Until.Equal(until) {
		t.Errorf("the run is %+v", run)
	}
	lan.json(at+"/runs", nil).is(t, "a second run", http.StatusConflict, "run-lives")
	b.later(pipeline.RunPatience)
	lan.json(at+"/runs/1/beat", nil).is(t, "beating", http.StatusOK, "")

	paper, _, err := c.Receive(t.Context(), pipeline.Paper{ID: newID(), Original: pipeline.Sum([]byte("a")), Batch: "dem-1", Sender: "lan", Unit: "H42.15"}, pipeline.Event{})
	if err != nil {
		t.Fatal(err)
	}
	changed := time.Date(2026, 11, 1, 8, 0, 0, 123456789, time.UTC)
	files := []pipeline.ShelfFile{
		{Path: pipeline.PathText("Nguyễn Văn A\xff.pdf"), Size: 1, Changed: changed, Digest: paper.Original, State: pipeline.FileReceived, Paper: paper.ID, Part: 1, Parts: 1, Walk: 1},
		{Path: "b.pdf", Changed: changed, State: pipeline.FileToDo, Walk: 1},
	}
	for range 997 { // far more than other bodies may hold
		files = append(files, pipeline.ShelfFile{Path: fmt.Sprintf("%s/%d.pdf", strings.Repeat("Hồ sơ ", 40), len(files)), State: pipeline.FileIgnored, Why: "trống", Walk: 1})
	}
	lan.json(at+"/runs/1/files", map[string]any{"files": files}).is(t, "ticking", http.StatusOK, "")
	got := decode[filesPage](t, lan.get(at+"/files?state=received&state=todo&limit=2"))
	if len(got.Files) != 2 || got.Next != 2 || pipeline.PathName(got.Files[0].Path) != "Nguyễn Văn A\xff.pdf" || !got.Files[0].Changed.Equal(changed) || got.Files[0].Digest != paper.Original {
		t.Errorf("the files are %+v", got)
	}
	if got := decode[filesPage](t, lan.get(at+"/files?state=received&state=todo&after=2")); len(got.Files) != 0 || got.Next != 0 {
		t.Errorf("behind the end are %+v", got)
	}
	if gone := decode[map[string]int](t, lan.json(at+"/runs/1/walk", map[string]int{"walk": 2, "found": 1})); gone["gone"] != 998 {
		t.Errorf("%v are gone", gone)
	}
	for range 2 {
		lan.json(at+"/runs/1/end", map[string]string{"how": "until"}).is(t, "ending", http.StatusOK, "")
	}
	whole := decode[struct {
		Shelf   pipeline.Shelf
		Runs    []pipeline.Run
		Balance pipeline.ShelfBalance
	}](t, lan.get(at))
	balance := decode[pipeline.ShelfBalance](t, lan.get(at+"/balance"))
	if !balance.Even() || balance.Found != 1 || balance.Open != 1 || balance.Gone != 998 || whole.Balance.Found != 1 ||
		len(whole.Runs) != 1 || whole.Runs[0].How != pipeline.RunUntil || whole.Shelf.Run.Walk != 2 {
		t.Errorf("in the morning: %+v, %+v", balance, whole)
	}
	papers := decode[struct{ Papers []pipeline.Paper }](t, lan.get(at+"/papers?state=received"))
	if len(papers.Papers) != 1 || papers.Papers[0].ID != paper.ID {
		t.Errorf("the papers are %+v", papers)
	}
	if all := decode[[]pipeline.Shelf](t, lan.get("/api/v1/batches")); len(all) != 1 || all[0].Run.N != 1 {
		t.Errorf("the batches are %+v", all)
	}
}

// TestEmptyFoldersOfABatch are told to whom may know of all papers, and to nobody else.
func TestEmptyFoldersOfABatch(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	paths := []string{"Hộp 1/H42.15-221011-0001"}
	for i := range pipeline.MostEmpty - 1 { // far more than other bodies may hold
		paths = append(paths, fmt.Sprintf("%s/H42.15-221011-%04d", strings.Repeat("Hồ sơ ", 40), i))
	}
	const at = "/api/v1/batches/" + nightLabel
	n.program(t, "quet").json(at+"/runs/1/walk", pipeline.Walk{N: 1, Empty: pipeline.EmptyFolders{Paths: paths, More: 234}}).is(t, "walking", http.StatusOK, "")
	type whole struct{ Empty *pipeline.EmptyFolders }
	if got := decode[whole](t, n.program(t, "lan").get(at)).Empty; got == nil || got.More != 234 || !slices.Equal(got.Paths, paths) {
		t.Errorf("the folders are %.300v", got)
	}
	if got := decode[whole](t, n.program(t, "quet").get(at)).Empty; got != nil {
		t.Errorf("who is bound to a unit is told of %d folders", got.Count())
	}
	for name, sees := range map[string]bool{"lan": true, "giam": true, "quet": false, "minh": false} {
		page := n.enter(t, name).get(nightPath + "/live").body
		if strings.Contains(page, "1.234 thư mục hồ sơ chưa có bản quét") != sees || strings.Contains(page, "H42.15-221011") {
			t.Errorf("the page of %s tells of the folders: %v", name, !sees)
		}
	}
	n.program(t, "quet").json(at+"/runs/1/walk", map[string]any{"walk": 2, "empty": map[string]int{"more": -1}}).is(t, "nonsense", http.StatusUnprocessableEntity, "shelf-file")
	n.program(t, "quet").json(at+"/runs/1/walk", map[string]int{"walk": 2, "found": 0}).is(t, "walking again", http.StatusOK, "")
	if page := n.enter(t, "lan").get(nightPath + "/live").body; strings.Contains(page, "thư mục hồ sơ") {
		t.Error("folders that are not empty any more are told of")
	}
}

func TestBatchOfALostRun(t *testing.T) {
	t.Parallel()
	b, _ := ledgered(t)
	b.account(t, "lan", gate.Clerk, "")
	lan := b.program(t, "lan")
	lan.json("/api/v1/batches", map[string]string{"batch": "dem-1", "root": "/kho"}).is(t, "opening", http.StatusOK, "")
	const at = "/api/v1/batches/dem-1/runs"
	lan.json(at, nil).is(t, "beginning", http.StatusOK, "")
	b.later(pipeline.RunPatience + time.Second)
	if run := decode[pipeline.Run](t, lan.json(at, nil)); run.N != 2 {
		t.Errorf("the next run is %+v", run)
	}
	for path, body := range map[string]any{
		"/1/beat": nil, "/1/end": map[string]string{"how": "done"}, "/1/walk": map[string]int{"walk": 1, "found": 0},
		"/1/files": map[string]any{"files": []pipeline.ShelfFile{{Path: "a", State: pipeline.FileToDo}}}, "/3/beat": nil,
	} {
		lan.json(at+path, body).is(t, path, http.StatusConflict, "stale")
	}
}

func TestBatchOfNonsense(t *testing.T) {
	t.Parallel()
	b, _ := ledgered(t)
	b.account(t, "lan", gate.Clerk, "")
	lan := b.program(t, "lan")
	lan.json("/api/v1/batches", map[string]string{"batch": "dem-1", "root": "/kho"}).is(t, "opening", http.StatusOK, "")
	const at = "/api/v1/batches/dem-1"
	lan.json(at+"/runs", nil).is(t, "beginning", http.StatusOK, "")
	many := make([]pipeline.ShelfFile, 1001)
	for _, c := range []struct {
		path   string
		body   any
		status int
		code   string
	}{
		{"/api/v1/batches", map[string]string{"batch": "", "root": "/kho"}, 400, "batch"},
		{"/api/v1/batches", map[string]string{"batch": "..", "root": "/kho"}, 400, "batch"},
		{"/api/v1/batches", map[string]string{"batch": "a"}, 400, "root"},
		{"/api/v1/batches", map[string]string{"batch": "a", "root": "/" + strings.Repeat("a", 5000)}, 400, "root"},
		{at + "/runs", map[string]string{"until": "soon"}, 400, "json"},
		{at + "/runs/1/end", map[string]string{"how": "lost"}, 400, "how"},
		{at + "/runs/1/walk", map[string]int{"walk": 0}, 400, "walk"},
		{at + "/runs/1/walk", map[string]int{"walk": 1, "found": -1}, 400, "walk"},
		{at + "/runs/0/beat", nil, 404, ""},
		{at + "/runs/x/beat", nil, 404, ""},
		{"/api/v1/batches/dem-9/runs", nil, 404, ""},
		{at + "/runs/1/files", map[string]any{"files": 1}, 400, "json"},
		{at + "/runs/1/files", map[string]any{"files": many}, 422, "shelf-file"},
		{at + "/runs/1/files", map[string]any{"files": []pipeline.ShelfFile{{Path: "a\x00", State: pipeline.FileToDo}}}, 422, "shelf-file"},
		{at + "/runs/1/files", map[string]any{"files": []pipeline.ShelfFile{{Path: "a", State: "?"}}}, 422, "shelf-file"},
		{at + "/runs/1/files", map[string]any{"files": strings.Repeat("a", 9<<20)}, 413, "too-large"},
	} {
		lan.json(c.path, c.body).is(t, fmt.Sprintf("%s %.60v", c.path, c.body), c.status, c.code)
	}
	for _, path := range []string{"/files?state=lost", "/files?after=-1", "/files?after=x", "/files?limit=0", "/papers?state=todo", "/papers?limit=x", "/files?state=" + url.QueryEscape("'")} {
		lan.get(at+path).is(t, path, http.StatusBadRequest, "")
	}
	for _, path := range []string{"/api/v1/batches/dem-9", "/api/v1/batches/dem-9/balance", "/api/v1/batches/%00/files", "/api/v1/batches/%ff/papers"} {
		lan.get(path).is(t, path, http.StatusNotFound, "")
	}
}

// Who deals with papers of one unit sees the batches that they opened; what they do not
// see is not there, and a label that is taken is only that.
func TestBatchesOfUnits(t *testing.T) {
	t.Parallel()
	b, c := ledgered(t)
	b.account(t, "lan", gate.Clerk, "H42.15")
	b.account(t, "minh", gate.Clerk, "H40.03")
	b.account(t, "tong", gate.Clerk, "")
	b.account(t, "giam", gate.Reader, "")
	lan, minh, tong := b.enter(t, "lan"), b.enter(t, "minh"), b.enter(t, "tong")
	open := map[string]string{"batch": "dem-1", "root": "/kho"}
	lan.json("/api/v1/batches", open).is(t, "opening", http.StatusOK, "")
	minh.json("/api/v1/batches", open).is(t, "opening another unit's", http.StatusConflict, "batch-taken")
	for _, path := range []string{"", "/files", "/balance", "/papers"} {
		minh.get("/api/v1/batches/dem-1"+path).is(t, "another unit's "+path, http.StatusNotFound, "")
		lan.get("/api/v1/batches/dem-1"+path).is(t, "the own "+path, http.StatusOK, "")
		tong.get("/api/v1/batches/dem-1"+path).is(t, "of all units "+path, http.StatusOK, "")
	}
	minh.json("/api/v1/batches/dem-1/runs", nil).is(t, "a run of another unit", http.StatusNotFound, "")
	b.enter(t, "giam").get("/api/v1/batches").is(t, "a reader", http.StatusForbidden, "forbidden")
	for who, want := range map[*person]int{lan: 1, minh: 0, tong: 1} {
		if all := decode[[]pipeline.Shelf](t, who.get("/api/v1/batches")); len(all) != want {
			t.Errorf("%d batches are seen, want %d", len(all), want)
		}
	}
	// Somebody else's paper under the same label is not told of.
	for sender, unit := range map[string]string{"minh": "H40.03", "lan": "H42.15"} {
		p := pipeline.Paper{ID: newID(), Original: pipeline.Sum([]byte(sender)), Batch: "dem-1", Sender: sender, Unit: unit}
		if _, _, err := c.Receive(t.Context(), p, pipeline.Event{}); err != nil {
			t.Fatal(err)
		}
	}
	for who, want := range map[*person]int{lan: 1, tong: 2} {
		if got := decode[struct{ Papers []pipeline.Paper }](t, who.get("/api/v1/batches/dem-1/papers")); len(got.Papers) != want {
			t.Errorf("%d papers are told of, want %d", len(got.Papers), want)
		}
	}
	before := len(b.log())
	tong.get("/api/v1/batches/dem-1/files")
	if n := len(b.log()) - before; n != 0 {
		t.Errorf("asking again at once left %d more rows in the log", n)
	}
	b.breakLog()
	b.later(time.Hour)
	lan = b.enter(t, "lan")
	for _, path := range []string{"/files", "/papers"} {
		lan.get("/api/v1/batches/dem-1"+path).is(t, "without a log "+path, http.StatusServiceUnavailable, "")
	}
}

package web_test

import (
	"context"
	"io"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"hoso/cmd/internal/web"
	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// fakeLists know H42 until 30/06/2025, and keep what they were asked to import.
type fakeLists struct {
	mu   sync.Mutex
	took []pipeline.Importing
	data []byte
}

func (f *fakeLists) Import(_ context.Context, l pipeline.List, how pipeline.Importing, data []byte) (pipeline.Import, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if strings.Contains(string(data), "sai") {
		return pipeline.Import{}, pipeline.Misfits{
			{Spot: pipeline.Spot{File: how.File, Line: 7, Column: "Mã đơn vị"}, English: "bad code", Vietnamese: "không phải mã đơn vị."},
			{Spot: pipeline.Spot{File: how.File, Line: 9}, English: "again", Vietnamese: "lặp."},
		}
	}
	f.took, f.data = append(f.took, how), data
	return pipeline.Import{ID: 1, List: l, Actor: how.Actor, File: how.File, New: 3}, nil
}

func (f *fakeLists) Export(_ context.Context, l pipeline.List, format string, out io.Writer) error {
	_, err := io.WriteString(out, string(l)+" as "+format)
	return err
}

func (f *fakeLists) Look(ctx context.Context, asked string, day pipeline.Day) (web.Listed, error) {
	if asked != "H42" {
		return web.Listed{}, fs.ErrNotExist
	}
	u, err := f.Unit(ctx, asked, day)
	return web.Listed{Unit: &u}, err
}

func (f *fakeLists) Unit(_ context.Context, code string, day pipeline.Day) (pipeline.Unit, error) {
	var entries []pipeline.Agency
	if code == "H42" {
		entries = append(entries, pipeline.Agency{Code: "H42", Name: "Tỉnh Cũ", Validity: pipeline.Validity{To: "2025-06-30"}})
	}
	return pipeline.Stand(code, day, entries, true), nil
}

func (f *fakeLists) Imports(context.Context) ([]pipeline.Import, error) { return nil, nil }

func listed(t *testing.T, role gate.Role) (*fakeLists, *bench, *person) {
	t.Helper()
	lists := &fakeLists{}
	b := newBench(t, func(o *web.Options) { o.Lists = lists })
	b.account(t, "lan", role, "")
	return lists, b, b.enter(t, "lan")
}

func TestImportOfAList(t *testing.T) {
	t.Parallel()
	lists, _, lan := listed(t, gate.Admin)
	send := func(path, body string) answer {
		return lan.do("POST", "/api/v1/catalogue/"+path, strings.NewReader(body), "Hoso-File-Name", escape("cơ quan.csv"), "Hoso-Token", lan.form)
	}
	body := strings.Repeat("H42,Tỉnh\n", 20_000) // more than any other body may have
	got := send("agencies?complete=true", body)
	done := decode[pipeline.Import](t, got)
	if got.code != http.StatusOK || done.New != 3 || done.Actor != "lan" || done.File != "cơ quan.csv" || done.List != pipeline.Agencies {
		t.Errorf("an import = %d %s", got.code, got.body)
	}
	if how := lists.took[0]; !how.Complete || how.Dry || how.Digest != pipeline.Sum([]byte(body)) || string(lists.data) != body {
		t.Errorf("the lists were given %+v and %d bytes", how, len(lists.data))
	}
	got = send("procedures?dry_run=1", "sai")
	p := decode[struct {
		problemJSON
		Misfits pipeline.Misfits `json:"misfits"`
	}](t, got)
	if got.code != 422 || p.Code != "list-misfits" || len(p.Misfits) != 2 || p.Misfits[0].Line != 7 || p.Misfits[0].Column != "Mã đơn vị" ||
		!strings.Contains(p.Message, "dòng 7") || !strings.Contains(p.Message, "và 1 lỗi khác") {
		t.Errorf("a bad file = %d %s", got.code, got.body)
	}
	for path, want := range map[string]int{"streets": 404, "agencies?complete=maybe": 400} {
		if got := send(path, "a"); got.code != want {
			t.Errorf("importing %s = %d %s, want %d", path, got.code, got.body, want)
		}
	}
	if got := send("agencies", strings.Repeat("a", 33<<20)); got.code != 413 {
		t.Errorf("a list of 33 MiB = %d %.200s", got.code, got.body)
	}
	if len(lists.took) != 1 {
		t.Errorf("%d files came through, want one", len(lists.took))
	}
}

func TestQuestionsToTheLists(t *testing.T) {
	t.Parallel()
	lists, _, lan := listed(t, gate.Clerk)
	for _, c := range []struct {
		asked, on string
		status    int
		standing  pipeline.Standing
	}{
		{"H42", "30/06/2025", 200, pipeline.Valid},
		{"H42", "2025-07-01", 200, pipeline.NotThen},
		{"H43", "", 404, ""},
		{"H42", "hôm qua", 422, ""},
		{" ", "", 400, ""},
	} {
		got := lan.json("/api/v1/catalogue/show", map[string]string{"asked": c.asked, "on": c.on})
		if got.code != c.status || c.status == 200 && decode[web.Listed](t, got).Unit.Standing != c.standing {
			t.Errorf("%s on %s = %d %s", c.asked, c.on, got.code, got.body)
		}
	}
	got := lan.get("/api/v1/catalogue/procedures/export?format=csv")
	if got.code != 200 || got.body != "procedures as csv" || !strings.Contains(got.header.Get("Content-Disposition"), "procedures.csv") {
		t.Errorf("an export = %d %s %v", got.code, got.body, got.header)
	}
	if got := lan.get("/api/v1/catalogue/agencies/export?format=exe"); got.code != 400 {
		t.Errorf("an export as exe = %d", got.code)
	}
	if got := lan.get("/api/v1/catalogue/imports"); got.code != 200 || !strings.Contains(got.body, `"imports":[]`) {
		t.Errorf("the log = %d %s", got.code, got.body)
	}
	if got := lan.do("POST", "/api/v1/catalogue/agencies", strings.NewReader("a"), "Hoso-Token", lan.form); got.code != 403 || len(lists.took) != 0 {
		t.Errorf("an import by a clerk = %d", got.code)
	}
}

// While a number is typed its unit is looked up, and one that is doubted is taken only
// when that is said.
func TestDoubtedNumbers(t *testing.T) {
	t.Parallel()
	_, b, lan := listed(t, gate.Clerk)
	for number, doubt := range map[string]string{"H42-250630-0001": "", "H42-250701-0001": pipeline.ReasonUnitNotThen, "H43-250701-0001": pipeline.ReasonUnitUnknown} {
		got := decode[struct {
			Valid          bool
			Doubt, Message string
		}](t, lan.json("/api/v1/numbers/check", map[string]string{"number": number}))
		if !got.Valid || got.Doubt != doubt || got.Message == "" {
			t.Errorf("%s while it is typed: %+v, want %q", number, got, doubt)
		}
	}
	id := lan.send("a.pdf", "", "%PDF a").ID
	b.move(id, "read", func(p *pipeline.Paper) { p.State = pipeline.Confirming })
	got := lan.json("/api/v1/papers/"+string(id)+"/number", map[string]any{"number": "H43-250701-0001", "confirm": true})
	if got.code != 200 {
		t.Fatalf("confirming = %d %s", got.code, got.body)
	}
	events, err := b.Events(t.Context(), id)
	if err != nil || !slices.ContainsFunc(events, func(e pipeline.Event) bool { return e.Actor == "lan (confirmed)" }) {
		t.Errorf("the office was not told that it was confirmed: %+v, %v", events, err)
	}
}

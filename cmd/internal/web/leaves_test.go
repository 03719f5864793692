package web_test

import (
	"encoding/json"
	"strings"
	"testing"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// TestPagesByProgram: a program arranges, splits and merges papers that it saw, and none of
// other units.
func TestPagesByProgram(t *testing.T) {
	t.Parallel()
	b := newBench(t, asksFields(t))
	b.account(t, "lan", gate.Clerk, "H42.15")
	b.account(t, "mai", gate.Clerk, "H42.16")
	lan, mai := b.enter(t, "lan"), b.enter(t, "mai")
	p := b.waits(lan.send("một.pdf", "H42.15-221011-0001", "%PDF-1.7 a").ID)
	other := b.waits(lan.send("hai.pdf", "H42.15-221011-0002", "%PDF-1.7 b").ID)
	path := "/api/v1/papers/" + string(p.ID)
	leaves := []pipeline.Leaf{{Page: 2, Turn: 90}, {Page: 1}}
	stale := map[string]any{"papers": []pipeline.PaperID{p.ID, other.ID}, "gens": []int64{p.Gen, other.Gen - 1}}
	for name, c := range map[string]struct {
		path string
		body any
		by   *person
		code int
	}{
		"no generation":          {path + "/leaves", map[string]any{"leaves": leaves}, lan, 400},
		"an earlier one":         {path + "/leaves", map[string]any{"gen": p.Gen - 1, "leaves": leaves}, lan, 409},
		"no JSON":                {path + "/leaves", "leaves", lan, 400},
		"of another unit":        {path + "/leaves", map[string]any{"gen": p.Gen, "leaves": leaves}, mai, 404},
		"a cut without seeing":   {path + "/split", map[string]any{"before": []int{2}}, lan, 400},
		"a cut of another unit":  {path + "/split", map[string]any{"gen": p.Gen, "before": []int{2}}, mai, 404},
		"no paper":               {"/api/v1/papers/merge", map[string]any{"papers": []string{"x", string(p.ID)}, "gens": []int64{1, p.Gen}}, lan, 404},
		"of others":              {"/api/v1/papers/merge", map[string]any{"papers": []pipeline.PaperID{p.ID, other.ID}, "gens": []int64{p.Gen, other.Gen}}, mai, 404},
		"merging without seeing": {"/api/v1/papers/merge", map[string]any{"papers": []pipeline.PaperID{p.ID, other.ID}}, lan, 400},
		"seeing one alone":       {"/api/v1/papers/merge", map[string]any{"papers": []pipeline.PaperID{p.ID, other.ID}, "gens": []int64{p.Gen}}, lan, 400},
		"seen before it changed": {"/api/v1/papers/merge", stale, lan, 409},
	} {
		if got := c.by.json(c.path, c.body); got.code != c.code {
			t.Errorf("%s: %d, want %d: %s", name, got.code, c.code, got.body)
		}
	}
	if got := b.paper(p.ID); got.Gen != p.Gen {
		t.Fatal("the paper moved all the same")
	}
	which := lan.json("/api/v1/papers/merge", stale).body
	for _, want := range []string{`the paper \"hai.pdf\" (number 2) has changed since it was seen and is confirming now`, "Giấy tờ “hai.pdf” (số thứ tự 2) vừa thay đổi, nay là “Chờ xác nhận”"} {
		if !strings.Contains(which, want) {
			t.Errorf("of a stale merge is told %s, want %q", which, want)
		}
	}
	var arranged pipeline.Paper
	got := lan.json(path+"/leaves", map[string]any{"gen": p.Gen, "leaves": leaves})
	if err := json.Unmarshal([]byte(got.body), &arranged); err != nil || got.code != 200 || arranged.Leaf(1) != leaves[0] {
		t.Fatalf("arranging: %d %s", got.code, got.body)
	}
	var split struct {
		Paper pipeline.Paper   `json:"paper"`
		Parts []pipeline.Paper `json:"parts"`
	}
	got = lan.json(path+"/split", map[string]any{"gen": arranged.Gen, "before": []int{2}})
	if err := json.Unmarshal([]byte(got.body), &split); err != nil || got.code != 200 || split.Paper.ID != p.ID || len(split.Parts) != 1 || split.Parts[0].Parted != p.ID {
		t.Fatalf("splitting: %d %s", got.code, got.body)
	}
	gens := []int64{split.Paper.Gen, other.Gen}
	if got := lan.json("/api/v1/papers/merge", map[string]any{"papers": []pipeline.PaperID{p.ID, other.ID}, "gens": gens}); got.code != 200 {
		t.Errorf("merging: %d %s", got.code, got.body)
	}
}

// TestHistoryTellsOfPages in words.
func TestHistoryTellsOfPages(t *testing.T) {
	t.Parallel()
	b := newBench(t, asksFields(t))
	b.account(t, "lan", gate.Clerk, "")
	lan := b.enter(t, "lan")
	p := b.waits(lan.send("một.pdf", "H42.15-221011-0001", "%PDF-1.7 a").ID)
	for _, e := range []pipeline.Event{
		{What: "parted", Detail: `{"pages":"3-4","parts":[{"paper":"01M84E0F4CFGDGW2VC87EH0002","pages":"6"}],"dropped":"1-2,5","alone":["H42.15-221011-0009"]}`},
		{What: "parted", Detail: `{"from":"01M84E0F4CFGDGW2VC87EH0003","pages":"7"}`},
		{What: "pages arranged", Detail: `{"before":"1-2","after":"2@90,1"}`},
		{What: "merged", Detail: `{"into":"01M84E0F4CFGDGW2VC87EH0004"}`},
		{What: "merged", Detail: `{"of":[{"paper":"01M84E0F4CFGDGW2VC87EH0005","pages":"8"}]}`},
		{What: "split", Detail: `no JSON`},
	} {
		b.mu.Lock()
		b.events[p.ID] = append(b.events[p.ID], e)
		b.mu.Unlock()
	}
	page := lan.get("/papers/" + string(p.ID)).body
	for _, want := range []string{
		"Tách theo tờ phân cách", "Gồm các trang 3-4 của tệp gốc.", "Giấy tờ mới 01M84E0F4CFGDGW2VC87EH0002: trang 6.",
		"Tờ phân cách để ngoài: trang 1-2,5.", "H42.15-221011-0009", "Tách từ giấy tờ 01M84E0F4CFGDGW2VC87EH0003, trang 7 của tệp gốc.",
		"Sắp xếp lại các trang", "trang 1-2 → nay: trang 2@90,1", "Các trang nay ở giấy tờ 01M84E0F4CFGDGW2VC87EH0004.",
		"Ghép giấy tờ", "Từ giấy tờ 01M84E0F4CFGDGW2VC87EH0005: trang 8.", "Tách thành nhiều giấy tờ",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the history does not say %q", want)
		}
	}
}

// TestCollationOfAnUpload: sides are put together as asked, and not as nobody can.
func TestCollationOfAnUpload(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.account(t, "lan", gate.Clerk, "")
	lan := b.enter(t, "lan")
	for how, code := range map[string]int{"": 201, "same": 201, "reverse": 201, "sideways": 400} {
		got := lan.do("POST", "/api/v1/papers", strings.NewReader("%PDF-1.7 "+how), "Hoso-File-Name", "a.pdf", "Hoso-Collate", how, "Hoso-Token", lan.form)
		if got.code != code {
			t.Errorf("collate %q: %d, want %d: %s", how, got.code, code, got.body)
		}
		var r pipeline.Receipt
		if code == 201 && (json.Unmarshal([]byte(got.body), &r) != nil || string(b.paper(r.ID).Collate) != how) {
			t.Errorf("collate %q: the paper has %q", how, b.paper(r.ID).Collate)
		}
	}
}

// TestOriginalOfSeveral: the original of a paper that was parted is the whole stack. Who
// deals with one unit gets it only if all papers of it are theirs, and nobody takes pages
// of another paper by arranging.
func TestOriginalOfSeveral(t *testing.T) {
	t.Parallel()
	b := newBench(t, asksFields(t))
	b.account(t, "giao", gate.Clerk, "")
	b.account(t, "lan", gate.Clerk, "H42.15")
	b.account(t, "mai", gate.Clerk, "H42.16")
	giao, lan, mai := b.enter(t, "giao"), b.enter(t, "lan"), b.enter(t, "mai")
	first := b.waits(giao.send("một.pdf", "H42.15-221011-0001", "%PDF-1.7 a").ID)
	originals := func(who *person, id pipeline.PaperID, want int) {
		t.Helper()
		for _, path := range []string{"/api/v1/papers/" + string(id) + "/original", "/papers/" + string(id) + "/download/original", "/papers/" + string(id) + "/preview"} {
			if got := who.get(path); got.code != want || (want == 200) != strings.Contains(got.body, "%PDF-1.7") {
				t.Errorf("%s = %d, want %d", path, got.code, want)
			}
		}
	}
	b.move(first.ID, "looked at", func(p *pipeline.Paper) { p.Media, p.Unit = "application/pdf", "H42.15" })
	originals(lan, first.ID, 200)

	path := "/api/v1/papers/" + string(first.ID)
	var split struct{ Parts []pipeline.Paper }
	got := giao.json(path+"/split", map[string]any{"gen": b.paper(first.ID).Gen, "before": []int{2}})
	if err := json.Unmarshal([]byte(got.body), &split); err != nil || len(split.Parts) != 1 {
		t.Fatalf("splitting: %d %s", got.code, got.body)
	}
	part := split.Parts[0].ID
	ofUnit := func(unit string) { b.move(part, "number set", func(p *pipeline.Paper) { p.Unit = unit }) }
	ofUnit("H42.16")
	originals(giao, first.ID, 200)
	originals(lan, first.ID, 403)
	originals(mai, part, 403)
	if got := lan.get("/papers/" + string(first.ID)); got.code != 200 {
		t.Errorf("the paper itself = %d", got.code)
	}
	both := []pipeline.Leaf{{Page: 1}, {Page: 2}}
	takes := func(who *person, id pipeline.PaperID, leaves []pipeline.Leaf, want int) {
		t.Helper()
		got := who.json("/api/v1/papers/"+string(id)+"/leaves", map[string]any{"gen": b.paper(id).Gen, "leaves": leaves})
		if got.code != want {
			t.Errorf("taking pages %v = %d, want %d: %s", leaves, got.code, want, got.body)
		}
	}
	takes(lan, first.ID, both, 422)
	takes(giao, first.ID, both, 422)

	// A bundle has the whole originals of what it was made of.
	other := b.waits(giao.send("hai.pdf", "H42.15-221011-0002", "%PDF-1.7 b").ID)
	ids := []pipeline.PaperID{other.ID, first.ID}
	bundle := b.paper(first.ID)
	original := b.put([]byte("%PDF-1.7 bundle"))
	b.mu.Lock()
	bundle.ID, bundle.Merged, bundle.Parts, bundle.Original = pipeline.MergedID(ids), ids, nil, original
	bundle.Of, bundle.Leaves, bundle.Pages = 4, []pipeline.Leaf{{Page: 1}, {Page: 3}}, 2
	b.keep(bundle)
	b.mu.Unlock()
	for _, id := range ids {
		b.move(id, "merged", func(p *pipeline.Paper) { p.State, p.Into, p.Unit = pipeline.Rejected, bundle.ID, "H42.15" })
	}
	originals(giao, bundle.ID, 200)
	originals(lan, bundle.ID, 403)
	takes(giao, bundle.ID, []pipeline.Leaf{{Page: 1}, {Page: 3}, {Page: 4}}, 422) // of the part
	takes(lan, bundle.ID, []pipeline.Leaf{{Page: 1}, {Page: 2}, {Page: 3}}, 422)
	takes(giao, part, both, 422) // page 1 went into the bundle
	takes(giao, bundle.ID, []pipeline.Leaf{{Page: 2}, {Page: 1}, {Page: 3}}, 200)

	ofUnit("H42.15.03")
	originals(lan, first.ID, 200)
	originals(lan, bundle.ID, 200)
	takes(lan, bundle.ID, []pipeline.Leaf{{Page: 2}, {Page: 3}}, 200)
	takes(lan, bundle.ID, []pipeline.Leaf{{Page: 1}, {Page: 2}, {Page: 3}}, 200)
}

package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"io/fs"
	"net/http"
	"strings"
	"testing"

	"hoso/cmd/internal/web"
	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
	"hoso/pipeline/policy"
)

// asksFields is a policy under which a signer must be there.
func asksFields(t *testing.T) func(*web.Options) {
	t.Helper()
	rules, err := policy.Parse([]byte("- fields: {signer: {need: true, hold: true}}"))
	if err != nil {
		t.Fatal(err)
	}
	return func(o *web.Options) { o.Policy, o.Pictures = rules, drawn{} }
}

// drawn are white pages of 400 by 600 pixels, shown at half that.
type drawn struct{}

func (drawn) Page(_ context.Context, _ pipeline.Paper, number int) (web.Picture, error) {
	if number < 1 || number > 3 {
		return web.Picture{}, fs.ErrNotExist
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 200, 300)), nil)
	return web.Picture{JPEG: b.Bytes(), Width: 400, Height: 600}, err
}

func (d drawn) Sheet(ctx context.Context, p pipeline.Paper, number int) (web.Picture, error) {
	return d.Page(ctx, p, number)
}

func (d drawn) Whole(ctx context.Context, p pipeline.Paper, number int) (web.Picture, error) {
	return d.Page(ctx, p, number)
}

// waits makes a paper wait for its signer.
func (b *bench) waits(id pipeline.PaperID) pipeline.Paper {
	b.move(id, "read", func(p *pipeline.Paper) {
		p.State, p.Pages, p.Words = pipeline.Confirming, 2, pipeline.Sum([]byte("words"))
		p.Reason = pipeline.Reason{Code: "fields-unsure", Vietnamese: "Có 1 trường thông tin cần cán bộ xem lại và xác nhận."}
		p.Fields = []pipeline.Field{{Name: pipeline.FieldTitle, Value: "ĐƠN <b>", Confidence: 93, Source: pipeline.ByOCR, Page: 1, Box: pipeline.Box{X0: 10, Y0: 20, X1: 110, Y1: 40}}}
	})
	return b.paper(id)
}

// TestQueueWithoutScript settles two papers by plain forms, the oldest first.
func TestQueueWithoutScript(t *testing.T) {
	t.Parallel()
	b := newBench(t, asksFields(t))
	b.account(t, "lan", gate.Clerk, "")
	lan := b.enter(t, "lan")
	first := b.waits(lan.send("một.pdf", "H42.15-221011-0001", "%PDF-1.7 a").ID)
	b.later(1000)
	second := b.waits(lan.send("hai.pdf", "H42.15-221011-0002", "%PDF-1.7 b").ID)
	shown := lan.get("/review")
	for _, want := range []string{"một.pdf", "còn 2 giấy tờ", `name="f.signer" value=""`, "ĐƠN &lt;b&gt;", "tin cậy 93", "/crop?page=1&amp;box=10,20,110,40", "/review?after=" + string(first.ID)} {
		if !strings.Contains(shown.body, want) {
			t.Errorf("the queue lacks %q", want)
		}
	}
	if i, j := strings.Index(shown.body, "f.signer"), strings.Index(shown.body, "f.title"); i > j {
		t.Error("the doubtful field does not come first")
	}
	if put := lan.get("/review?after=" + string(first.ID)); !strings.Contains(put.body, "hai.pdf") {
		t.Error("behind the paper that was put off there is none")
	}
	got := lan.post("/papers/"+string(first.ID)+"/fields", map[string]string{
		"gen": fmt.Sprint(first.Gen), "queue": "1", "all": "1", "f.signer": "Lê Văn A", "f.title": "ĐƠN <b>", "f.subject": "",
	})
	if got.code != http.StatusSeeOther || got.header.Get("Location") != "/review" {
		t.Errorf("confirmed: %d to %q", got.code, got.header.Get("Location"))
	}
	p := b.paper(first.ID)
	title, _ := pipeline.FieldOf(p.Fields, pipeline.FieldTitle)
	_, subject := pipeline.FieldOf(p.Fields, pipeline.FieldSubject)
	if p.State != pipeline.Recognized || title.Source != pipeline.ByPerson || subject {
		t.Errorf("confirmed: %s, %+v", p.State, p.Fields)
	}
	if next := lan.get("/review"); !strings.Contains(next.body, "hai.pdf") {
		t.Error("the next paper does not follow")
	}
	lan.post("/papers/"+string(second.ID)+"/fields", map[string]string{"gen": fmt.Sprint(second.Gen), "all": "1", "f.signer": ""})
	if f, said := pipeline.FieldOf(b.paper(second.ID).Fields, pipeline.FieldSigner); !said || f.Value != "" {
		t.Error("that a field is not there is no answer")
	}
	if done := lan.get("/review"); !strings.Contains(done.body, "Không còn giấy tờ nào") {
		t.Error("the empty queue does not say so")
	}
}

// TestContradictions shows what a list and the paper say of the same field side by side,
// at the place on the paper, before everything else; likewise of the dossier's number.
func TestContradictions(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *web.Options) { o.Policy, o.Pictures = policy.Default(), drawn{} })
	b.account(t, "lan", gate.Clerk, "")
	lan := b.enter(t, "lan")
	p := lan.send("một.pdf", "H42.15-221011-0001", "%PDF-1.7 a")
	b.move(p.ID, "read", func(p *pipeline.Paper) {
		p.State, p.Pages, p.Words = pipeline.Confirming, 2, pipeline.Sum([]byte("words"))
		p.Reason = pipeline.Reason{Code: "fields-unsure", Vietnamese: "Khác nhau ở 1 trường."}
		p.Asked = []pipeline.Reason{p.Reason, {Code: "number-contradicts", Vietnamese: "Trên giấy tờ là số khác."}}
		p.Fields = []pipeline.Field{
			{Name: pipeline.FieldTitle, Value: "ĐƠN", Confidence: 93, Source: pipeline.ByOCR, Page: 1},
			{Name: pipeline.FieldNumber, Value: "12/QĐ-UBND", Confidence: 100, Source: pipeline.ByList},
			{Name: pipeline.FieldNumber, Value: "21/QĐ-UBND", Confidence: 97, Source: pipeline.ByOCR, Page: 2, Box: pipeline.Box{X0: 10, Y0: 20, X1: 110, Y1: 40}},
			{Name: pipeline.FieldDossier, Value: "H42.15-221011-0001", Confidence: 100, Source: pipeline.ByList},
			{Name: pipeline.FieldDossier, Value: "H42.15-221011-0009", Confidence: 97, Source: pipeline.ByOCR, Page: 1, Box: pipeline.Box{X0: 1, Y0: 2, X1: 11, Y1: 4}},
		}
	})
	page := lan.get("/review").body
	form := page[strings.Index(page, "data-fields"):]
	for _, want := range []string{
		"bảng kê và giấy tờ ghi khác nhau", `data-fill>12/QĐ-UBND</button><button type="button" class="num" data-fill>21/QĐ-UBND</button>`,
		"/crop?page=2&amp;box=10,20,110,40", "data-fill>H42.15-221011-0009</button>", "/crop?page=1&amp;box=1,2,11,4",
	} {
		if !strings.Contains(form, want) {
			t.Errorf("the form lacks %q:\n%s", want, form)
		}
	}
	number, title := strings.Index(form, `"f-document_number"`), strings.Index(form, `"f-title"`)
	if strings.Index(form, `"f-dossier_number"`) > title || number > title || number < 0 {
		t.Errorf("what contradicts does not come first: %d, %d", number, title)
	}
}

// TestOnlyChangesAreSaved: who corrects one field of a filed paper has not vouched for the
// others, and who looked at an earlier state is shown the new one.
func TestOnlyChangesAreSaved(t *testing.T) {
	t.Parallel()
	b := newBench(t, asksFields(t))
	b.account(t, "lan", gate.Clerk, "")
	lan := b.enter(t, "lan")
	p := b.waits(lan.send("một.pdf", "H42.15-221011-0001", "%PDF-1.7 a").ID)
	b.move(p.ID, "filed", func(p *pipeline.Paper) { p.State, p.Record = pipeline.Filed, p.Original })
	path := "/papers/" + string(p.ID)
	form := map[string]string{"gen": fmt.Sprint(b.paper(p.ID).Gen), "f.title": "ĐƠN <b>", "f.signer": "Lê Văn A"}
	if got := lan.post(path+"/fields", form); got.code != http.StatusSeeOther {
		t.Fatalf("saving: %d %s", got.code, got.body)
	}
	if title, _ := pipeline.FieldOf(b.paper(p.ID).Fields, pipeline.FieldTitle); title.Source != pipeline.ByOCR {
		t.Errorf("the title that nobody touched is %+v", title)
	}
	form["f.signer"] = "Lê Văn B"
	got := lan.post(path+"/fields", form)
	if got.code != http.StatusConflict || !strings.Contains(got.body, "người khác thay đổi") || !strings.Contains(got.body, `value="Lê Văn A"`) || strings.Contains(got.body, "Lê Văn B") {
		t.Errorf("saving over a change: %d", got.code)
	}
}

// TestDoubtfulSignaturesWithoutScript takes a file whose signatures are not in order by a
// box, and not by confirming all else.
func TestDoubtfulSignaturesWithoutScript(t *testing.T) {
	t.Parallel()
	b := newBench(t, asksFields(t))
	b.account(t, "lan", gate.Clerk, "")
	lan := b.enter(t, "lan")
	id := lan.send("một.pdf", "H42.15-221011-0001", "%PDF-1.7 a").ID
	now := b.site.Now()
	b.move(id, "read", func(p *pipeline.Paper) {
		p.State, p.Pages, p.Words = pipeline.Confirming, 2, pipeline.Sum([]byte("words"))
		p.Reason = pipeline.Reason{Code: pipeline.ReasonSignatures, Vietnamese: "Tệp ĐÃ BỊ SỬA ĐỔI sau khi ký."}
		p.Signed, p.Arrival = true, pipeline.Arrival{Verdict: "changed", Signatures: 2, Level: "B-T", Unknown: true, Judged: now}
	})
	path := "/papers/" + string(id)
	for _, page := range []string{path, "/review"} {
		if got := lan.get(page); !strings.Contains(got.body, `name="accept"`) || !strings.Contains(got.body, "SỬA ĐỔI") {
			t.Errorf("%s does not ask", page)
		}
	}
	if got := lan.get(path); !strings.Contains(got.body, "tệp bị sửa đổi sau khi ký</span> 2 chữ ký, mức PAdES B-T, chưa rõ") {
		t.Error("the page does not tell what was found")
	}
	form := map[string]string{"gen": fmt.Sprint(b.paper(id).Gen), "all": "1"}
	lan.post(path+"/fields", form)
	if p := b.paper(id); p.State != pipeline.Confirming {
		t.Fatalf("confirming all else made it %s", p.State)
	}
	form["gen"], form["accept"] = fmt.Sprint(b.paper(id).Gen), "1"
	if got := lan.post(path+"/fields", form); got.code != http.StatusSeeOther || !b.paper(id).Accepted {
		t.Errorf("accepting: %d, %+v", got.code, b.paper(id))
	}
	if got := lan.get(path); !strings.Contains(got.body, "cán bộ đã chấp nhận") {
		t.Error("the page does not tell that it was accepted")
	}
}

// TestDoubtedUnitWithoutScript confirms a number whose unit is in no list by a box.
func TestDoubtedUnitWithoutScript(t *testing.T) {
	t.Parallel()
	b := newBench(t, asksFields(t))
	b.account(t, "lan", gate.Clerk, "")
	lan := b.enter(t, "lan")
	p := b.waits(lan.send("một.pdf", "", "%PDF-1.7 a").ID)
	form := map[string]string{"gen": fmt.Sprint(p.Gen), "queue": "1", "all": "1", "f.dossier_number": "H99.15-221011-0001", "f.signer": "Lê Văn A"}
	got := lan.post("/papers/"+string(p.ID)+"/fields", form)
	for _, want := range []string{`name="anyway"`, "H99 không có trong danh mục", `value="H99.15-221011-0001"`, `value="Lê Văn A"`} {
		if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, want) {
			t.Errorf("doubted: %d, lacks %q", got.code, want)
		}
	}
	form["anyway"] = "1"
	if got = lan.post("/papers/"+string(p.ID)+"/fields", form); got.code != http.StatusSeeOther || b.paper(p.ID).Dossier.IsZero() {
		t.Errorf("confirmed: %d", got.code)
	}
}

// TestQueueOfOthers: nobody settles, sees the picture of, or counts another unit's papers.
func TestQueueOfOthers(t *testing.T) {
	t.Parallel()
	b := newBench(t, asksFields(t))
	b.account(t, "lan", gate.Clerk, "H42.15")
	b.account(t, "minh", gate.Clerk, "H40.03")
	p := b.waits(b.enter(t, "lan").send("của Lan.pdf", "H42.15-221011-0001", "%PDF-1.7 a").ID)
	minh := b.enter(t, "minh")
	if got := minh.get("/review"); strings.Contains(got.body, "của Lan.pdf") || strings.Contains(got.body, `class="badge"`) {
		t.Error("another unit's queue shows the paper")
	}
	for _, path := range []string{"/crop?page=1", "/words?page=1"} {
		if got := minh.get("/papers/" + string(p.ID) + path); got.code != http.StatusNotFound {
			t.Errorf("%s for another unit: %d", path, got.code)
		}
	}
	for _, path := range []string{"fields", "words", "reread"} {
		if got := minh.json("/api/v1/papers/"+string(p.ID)+"/"+path, map[string]any{"gen": p.Gen}); got.code != http.StatusNotFound {
			t.Errorf("%s by another unit: %d", path, got.code)
		}
	}
}

func TestCrop(t *testing.T) {
	t.Parallel()
	b := newBench(t, asksFields(t))
	b.account(t, "lan", gate.Clerk, "")
	lan := b.enter(t, "lan")
	path := "/papers/" + string(b.waits(lan.send("một.pdf", "H42.15-221011-0001", "%PDF-1.7 a").ID).ID) + "/crop"
	for query, want := range map[string]int{
		"?page=1": 200, "?page=2&box=10,20,110,40": 200, "?page=1&box=-50,-50,9000,9000": 200, "?page=1&box=5000,5000,6000,6000": 200,
		"?page=4": 404, "?page=x": 404, "": 404, "?page=1&box=1,2,3": 400, "?page=1&box=9,9,1,1": 400,
	} {
		got := lan.get(path + query)
		if got.code != want {
			t.Errorf("%s = %d, want %d", query, got.code, want)
		}
		if want != 200 {
			continue
		}
		if size, err := jpeg.DecodeConfig(strings.NewReader(got.body)); err != nil || size.Width > 200 || size.Height > 300 || got.header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("%s is %dx%d, %v", query, size.Width, size.Height, err)
		}
	}
	if log := b.log(); log[len(log)-1].Act != "viewed" || log[len(log)-1].Detail != "picture" {
		t.Errorf("the log ends with %+v", log[len(log)-1])
	}
}

// TestLines corrects lines of a page and finds which words of them were changed.
func TestLines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ after, want string }{
		{"Chữ ký số", "kỳ → ký"},
		{"Chữ kỳ số hai", "số → số hai"},
		{"Bản Chữ kỳ số", "Chữ → Bản Chữ"},
		{"Chữ số", "kỳ → "},
		{"Chữkỳ số", "Chữ kỳ → Chữkỳ"},
		{"", "Chữ kỳ số → "},
		{"  Chữ  kỳ số ", ""},
	} {
		b := newBench(t, asksFields(t))
		b.account(t, "lan", gate.Clerk, "")
		lan := b.enter(t, "lan")
		p := lan.send("một.pdf", "H42.15-221011-0001", "%PDF-1.7 a")
		line := pipeline.Line{Words: []pipeline.Word{{Text: "Chữ", Confidence: 90}, {Text: "kỳ", Confidence: 30}, {Text: "số", Confidence: 90}}}
		words := b.put(stored(t, []pipeline.Page{{Number: 1, Outcome: pipeline.PageOK, Lines: []pipeline.Line{line}}}))
		b.move(p.ID, "filed", func(p *pipeline.Paper) {
			p.State, p.Words, p.Pages, p.Record = pipeline.Filed, words, 1, p.Original
		})
		path := "/papers/" + string(p.ID) + "/words"
		if got := lan.get(path + "?page=1"); !strings.Contains(got.body, `value="Chữ kỳ số"`) || !strings.Contains(got.body, `class="doubt"`) {
			t.Errorf("the form of the page: %d", got.code)
		}
		lan.post(path, map[string]string{"gen": fmt.Sprint(b.paper(p.ID).Gen), "page": "1", "l.0": c.after})
		got := ""
		for _, e := range b.paper(p.ID).Corrections {
			got = e.Before + " → " + e.After
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.after, got, c.want)
		}
	}
}

// TestCorrectionsByProgram: a program must name what it saw.
func TestCorrectionsByProgram(t *testing.T) {
	t.Parallel()
	b := newBench(t, asksFields(t))
	b.account(t, "lan", gate.Clerk, "")
	lan := b.enter(t, "lan")
	p := b.waits(lan.send("một.pdf", "H42.15-221011-0001", "%PDF-1.7 a").ID)
	path := "/api/v1/papers/" + string(p.ID)
	signer := []pipeline.Edit{{Name: pipeline.FieldSigner, Value: "Lê Văn A"}}
	for name, c := range map[string]struct {
		body any
		code int
	}{
		"no generation":    {map[string]any{"fields": signer}, 400},
		"an earlier one":   {map[string]any{"gen": p.Gen - 1, "fields": signer}, 409},
		"a field of no us": {map[string]any{"gen": p.Gen, "fields": []pipeline.Edit{{Name: "colour"}}}, 400},
	} {
		if got := lan.json(path+"/fields", c.body); got.code != c.code {
			t.Errorf("%s: %d, want %d", name, got.code, c.code)
		}
	}
	if got := lan.json(path+"/fields", map[string]any{"gen": p.Gen, "fields": signer}); got.code != 200 {
		t.Fatalf("correcting: %d %s", got.code, got.body)
	}
	if got := lan.json(path+"/words", map[string]any{"gen": p.Gen + 1, "words": []pipeline.WordEdit{{Page: 1, Before: "a", After: "b"}}}); got.code != 200 {
		t.Errorf("correcting words: %d %s", got.code, got.body)
	}
	b.move(p.ID, "filed", func(p *pipeline.Paper) { p.State, p.Record = pipeline.Filed, p.Original })
	if got := lan.json(path+"/reread", nil); got.code != 200 {
		t.Errorf("reading again: %d %s", got.code, got.body)
	}
	for query, code := range map[string]int{"": 200, "?version=1": 200, "?version=2": 404, "?version=0": 404, "?version=x": 404} {
		b.move(p.ID, "filed", func(p *pipeline.Paper) { *p = p.Shelved() })
		if got := lan.get(path + "/record" + query); got.code != code {
			t.Errorf("record%s = %d, want %d", query, got.code, code)
		}
	}
}

// TestHistoryTellsWhatChanged in words, and nothing of details that it does not know.
func TestHistoryTellsWhatChanged(t *testing.T) {
	t.Parallel()
	b := newBench(t, asksFields(t))
	b.account(t, "lan", gate.Clerk, "")
	lan := b.enter(t, "lan")
	id := lan.send("một.pdf", "H42.15-221011-0001", "%PDF-1.7 a").ID
	said, err := json.Marshal(pipeline.Changes{
		Fields: []pipeline.Change{{Name: pipeline.FieldSigner, Before: "Lê Văn A", After: ""}}, Confirmed: []pipeline.FieldName{pipeline.FieldTitle},
		Words: []pipeline.Change{{Page: 2, Before: "kỳ", After: "<i>ký"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	b.mu.Lock()
	b.events[id] = append(b.events[id], pipeline.Event{Paper: id, Actor: "lan", What: "fields corrected", Detail: string(said)}, pipeline.Event{Paper: id, What: "fields corrected", Detail: "{broken"})
	b.mu.Unlock()
	body := lan.get("/papers/" + string(id)).body
	for _, want := range []string{"Người ký: “Lê Văn A” → (không có)", "Trang 2: “kỳ” → “&lt;i&gt;ký”", "Đúng như máy đọc: Tên loại"} {
		if !strings.Contains(body, want) {
			t.Errorf("the history lacks %q", want)
		}
	}
}

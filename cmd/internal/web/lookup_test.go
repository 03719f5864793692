package web_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"hoso/cmd/internal/web"
	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
	"hoso/storage/catalog"
	"hoso/storage/catalog/catalogtest"
	"hoso/storage/register/sheet"
)

// catalogued is a bench whose papers lie in a true catalog.
func catalogued(t *testing.T, change ...func(*web.Options)) (*bench, *catalog.Catalog) {
	t.Helper()
	c := catalogtest.New(t)
	b := newBench(t, append(change, func(o *web.Options) {
		o.Catalog, o.Searches = c, c
		o.Class = func(class string) string {
			return map[string]string{"quyet-dinh": "Quyết định", "khai-sinh": "Giấy khai sinh"}[class]
		}
	})...)
	b.account(t, "lan", gate.Clerk, "")
	b.account(t, "minh", gate.Clerk, "H42.15")
	return b, c
}

// deed is a paper as a clerk thinks of it.
type deed struct {
	number, unit, class, document, day, issuer, owner, ownerID, batch, text string
}

func (b *bench) catalogue(t *testing.T, c *catalog.Catalog, deeds ...deed) {
	t.Helper()
	for i, d := range deeds {
		p := pipeline.Paper{
			ID: newID(), Kind: pipeline.Result, Unit: d.unit, FileName: fmt.Sprintf("quét %d.pdf", i+1), Original: pipeline.Sum([]byte(fmt.Sprint(d, i))),
			Lane: pipeline.Desk, Sender: "lan", Batch: d.batch, State: pipeline.Filed, Gen: 5, Pages: 2, Received: b.now.Add(time.Duration(i) * time.Second),
		}
		if d.number != "" {
			n, err := pipeline.ParseDossierNumber(d.number)
			if err != nil {
				t.Fatal(err)
			}
			p.Dossier = n
		}
		for _, f := range []pipeline.Field{
			{Name: pipeline.FieldClass, Value: d.class},
			{Name: pipeline.FieldNumber, Value: d.document},
			{Name: pipeline.FieldDate, Value: d.day},
			{Name: pipeline.FieldIssuer, Value: d.issuer},
			{Name: pipeline.FieldOwnerName, Value: d.owner},
			{Name: pipeline.FieldOwnerID, Value: d.ownerID},
		} {
			if f.Value != "" {
				p.Fields = append(p.Fields, f)
			}
		}
		if err := c.Restore(t.Context(), p, nil, d.text); err != nil {
			t.Fatal(err)
		}
	}
}

// deeds are three papers of two units.
func deeds() []deed {
	return []deed{
		{"H42.15-261011-0001", "H42.15", "quyet-dinh", "15/QĐ-UBND", "2022-10-05", "UBND xã Gia Viễn", "Nguyễn Thị Hoà", "035199000123", "dem-1", "Quyết định hỗ trợ chi phí học tập"},
		{"H42.15-261012-0002", "H42.15", "khai-sinh", "27/KS", "2023-01-20", "UBND xã Gia Viễn", "=HYPERLINK(\"http://x\")", "036088004567", "dem-1", "Giấy khai sinh số 27"},
		{"H42.20-261013-0003", "H42.20", "quyet-dinh", "15/QĐ-UBND", "2024-02-01", "UBND xã Vạn Liễu", "Trần Văn Hóa", "037088004599", "dem-2", "Quyết định thu hồi đất ngưyen văn a"},
	}
}

// search asks by the form, and gives where the answer is and what it says.
func (p *person) search(form map[string]string) (where, body string) {
	p.t.Helper()
	asked := p.post("/lookup", form)
	where = asked.header.Get("Location")
	if asked.code != http.StatusSeeOther || !strings.HasPrefix(where, "/lookup/") {
		p.t.Fatalf("asking %v = %d to %q: %s", form, asked.code, where, between(asked.body, "<main", "</main>"))
	}
	return where, p.get(where).body
}

// lookUp asks for what stands in the box, and gives where the answer is.
func (p *person) lookUp(box string) string {
	p.t.Helper()
	where, _ := p.search(map[string]string{"box": box})
	return where
}

// plainText gives what a page says, without its marks.
func plainText(html string) string {
	return strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(between(html, "<main", "</main>"), " ")), " ")
}

func TestBoxSaysWhatItLookedFor(t *testing.T) {
	t.Parallel()
	b, c := catalogued(t)
	b.catalogue(t, c, deeds()...)
	lan := b.enter(t, "lan")
	for box, want := range map[string][]string{
		"0003":               {"1 giấy tờ", "mã số hồ sơ (phần cuối)", "H42.20-261013-0003"},
		"261012":             {"mã số hồ sơ (phần giữa)", "H42.15-261012-0002"},
		"035199000123":       {"số định danh cá nhân", "Quyết định 15/QĐ-UBND ngày 05/10/2022", "Nguyễn Thị Hoà"},
		"15/qd-ubnd":         {"2 giấy tờ", "số, ký hiệu văn bản"},
		"nguyem thi hoa":     {"Không có giấy tờ khớp hẳn, 1 giấy tờ gần đúng", "Gần đúng: khác một chữ"},
		"H42.15-261011-0009": {"Không tìm thấy", "Có phải bạn tìm:", "H42.15-261011-0001"},
		"van lieu":           {"từ trong giấy tờ", "H42.20-261013-0003"},
		"15/QĐ-UBND":         {"Cũng có thể là:", "từ trong giấy tờ 2"},
	} {
		_, body := lan.search(map[string]string{"box": box})
		for _, w := range want {
			if said := plainText(body); !strings.Contains(said, w) {
				t.Errorf("%q: the page lacks %q: %s", box, w, said)
			}
		}
	}
}

func TestFacetsNarrowAndLift(t *testing.T) {
	t.Parallel()
	b, c := catalogued(t)
	b.catalogue(t, c, deeds()...)
	lan := b.enter(t, "lan")
	where, body := lan.search(map[string]string{"box": "quyet dinh"})
	if strings.Contains(where, "quyet") || !strings.Contains(plainText(body), "Đơn vị H42.15 1 H42.20 1") {
		t.Fatalf("%s says %s", where, plainText(body))
	}
	// A button stands for what it sets, all else stays as it is.
	_, body = lan.search(map[string]string{"box": "quyet dinh", "was": "quyet dinh", "unit": "", "set": "unit=H42.20"})
	if said := plainText(body); !strings.Contains(said, "1 giấy tờ") || !strings.Contains(said, "Đơn vị: H42.20") || strings.Contains(said, "H42.15-261011-0001") {
		t.Errorf("narrowed to a unit: %s", said)
	}
	if !strings.Contains(body, `value="unit="`) {
		t.Error("nothing lifts the filter")
	}
	_, body = lan.search(map[string]string{"box": "15/QĐ-UBND", "was": "15/QĐ-UBND", "set": "meaning=words-whole"})
	if said := plainText(body); !strings.Contains(said, "Đang tìm theo: từ trong giấy tờ") {
		t.Errorf("another meaning: %s", said)
	}
	_, body = lan.search(map[string]string{"box": "0003", "was": "15/QĐ-UBND", "meaning": "words-whole"})
	if said := plainText(body); !strings.Contains(said, "mã số hồ sơ (phần cuối)") {
		t.Errorf("a new box keeps the meaning of the old one: %s", said)
	}
	if got := lan.post("/lookup", map[string]string{"set": "state=nowhere"}); got.code != http.StatusUnprocessableEntity {
		t.Errorf("a state that is none = %d", got.code)
	}
}

func TestFacetsKeepToTheUnit(t *testing.T) {
	t.Parallel()
	b, c := catalogued(t)
	b.catalogue(t, c, deeds()...)
	minh := b.enter(t, "minh")
	for _, box := range []string{"", "quyet dinh", "15/QĐ-UBND", "0003", "037088004598"} {
		_, body := minh.search(map[string]string{"box": box})
		if said := plainText(body); strings.Contains(said, "H42.20") || strings.Contains(said, "dem-2") || strings.Contains(said, "037088004599") {
			t.Errorf("%q tells of another unit: %s", box, said)
		}
	}
	where, _ := minh.search(map[string]string{"box": "", "set": "unit=H42.20"})
	if file := minh.get(where + "/export/csv"); strings.Contains(file.body, "H42.20") {
		t.Errorf("an export tells of another unit: %s", file.body)
	}
	if got := minh.json("/api/v1/find/export", map[string]string{"unit": "H42"}); got.code != http.StatusOK || strings.Contains(got.body, "H42.20") || !strings.Contains(got.body, "H42.15") {
		t.Errorf("an export by a program = %d %s", got.code, got.body)
	}
}

func TestExport(t *testing.T) {
	t.Parallel()
	b, c := catalogued(t)
	all := deeds()
	for i := range 450 { // more than a page of the catalog
		all = append(all, deed{number: fmt.Sprintf("H42.15-261101-%04d", i+1), unit: "H42.15"})
	}
	b.catalogue(t, c, all...)
	lan := b.enter(t, "lan")
	where, _ := lan.search(map[string]string{"order": "ranked"})
	file := lan.get(where + "/export/csv")
	if !strings.HasPrefix(file.body, "\xEF\xBB\xBF") || !strings.Contains(file.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("a file for Excel has a byte order mark: %q, %v", file.body[:min(20, len(file.body))], file.header)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.body, "\xEF\xBB\xBF"))).ReadAll()
	if err != nil || len(rows) != 1+len(all) {
		t.Fatalf("%d rows, %v; want %d", len(rows), err, 1+len(all))
	}
	last := strings.Join(rows[len(rows)-1], "|") // the oldest
	want := "H42.15-261011-0001|Quyết định|15/QĐ-UBND|05/10/2022|UBND xã Gia Viễn|Nguyễn Thị Hoà|*********123|H42.15|Kết quả giải quyết|Đã lưu hồ sơ|23/11/2026 14:30|2|dem-1"
	if !strings.HasPrefix(last, want) {
		t.Errorf("the row says %s, want %s", last, want)
	}
	if !strings.Contains(file.body, "'=HYPERLINK") || strings.Contains(file.body, "036088004567") {
		t.Error("a formula is live, or an owner's number is not masked")
	}
	book := lan.get(where + "/export/xlsx")
	tables, err := sheet.Read("a.xlsx", []byte(book.body))
	if err != nil || len(tables) != 1 || len(tables[0].Rows) != 1+len(all) || tables[0].Rows[1+len(all)-1].Cells[0] != "H42.15-261011-0001" {
		t.Errorf("the workbook has %d tables, %v", len(tables), err)
	}
	log := b.log()
	if v := log[len(log)-1]; v.Act != "exported" || v.Account != "lan" {
		t.Errorf("the access log says %+v", v)
	}
	where, _ = lan.search(map[string]string{"unit": "H42.15", "state": "filed", "from": "01/11/2026"})
	lan.get(where + "/export/csv")
	log = b.log()
	for _, v := range log[len(log)-2:] { // of the search and of the export
		if want := "unit=H42.15&state=filed&from=01/11/2026"; v.Detail != want {
			t.Errorf("without words the access log says %q of what was %s, want %q", v.Detail, v.Act, want)
		}
	}
	if got := b.enter(t, "lan").get(where + "/export/csv"); got.code != http.StatusNotFound {
		t.Errorf("another session exports: %d", got.code)
	}
	if got := lan.get(where + "/export/exe"); got.code != http.StatusBadRequest {
		t.Errorf("an unknown format = %d", got.code)
	}
	b.breakLog()
	if got := lan.get(where + "/export/csv"); got.code != http.StatusServiceUnavailable || strings.Contains(got.body, "H42") {
		t.Errorf("an export without a log = %d", got.code)
	}
}

func TestKeptSearches(t *testing.T) {
	t.Parallel()
	b, c := catalogued(t)
	b.catalogue(t, c, deeds()...)
	lan := b.enter(t, "lan")
	where, _ := lan.search(map[string]string{"box": "0003", "set": "kind=result"})
	if got := lan.post(where+"/keep", map[string]string{"name": "Hồ sơ của ông Hóa"}); got.header.Get("Location") != where {
		t.Fatalf("keeping = %d %v", got.code, got.header)
	}
	again := b.enter(t, "lan") // the next morning
	id := between(again.get("/lookup").body, `<a href="/searches/`, `"`)
	if id == "" {
		t.Fatalf("the lookup does not offer the kept search: %s", plainText(again.get("/lookup").body))
	}
	run := again.get("/searches/" + id)
	if body := again.get(run.header.Get("Location")).body; !strings.Contains(body, "H42.20-261013-0003") || !strings.Contains(plainText(body), "Vai trò trong hồ sơ: Kết quả giải quyết") {
		t.Errorf("running it = %d: %s", run.code, plainText(body))
	}
	if got := b.enter(t, "minh").get("/searches/" + id); got.code != http.StatusNotFound {
		t.Errorf("somebody else's search = %d", got.code)
	}
	again.post("/searches/"+id+"/rename", map[string]string{"name": "Việc sáng thứ hai"})
	if body := again.get("/lookup").body; !strings.Contains(body, "Việc sáng thứ hai") || strings.Contains(body, "ông Hóa") {
		t.Error("it is not renamed")
	}
	if got := again.post("/searches/"+id+"/rename", map[string]string{"name": " "}); got.code != http.StatusUnprocessableEntity {
		t.Errorf("a name of nothing = %d", got.code)
	}
	again.post("/searches/"+id+"/drop", nil)
	if got := again.get("/searches/" + id); got.code != http.StatusNotFound || strings.Contains(again.get("/lookup").body, "Việc sáng") {
		t.Errorf("it is still there: %d", got.code)
	}
}

func TestKeptSearchesOfPrograms(t *testing.T) {
	t.Parallel()
	b, c := catalogued(t)
	b.catalogue(t, c, deeds()...)
	program := b.program(t, "lan")
	type kept struct {
		ID, Name string
		Asked    map[string]string
	}
	made := decode[kept](t, program.json("/api/v1/searches", map[string]any{"name": "a", "asked": map[string]string{"box": "thu hoi dat"}}))
	found := decode[pipeline.Found](t, program.json("/api/v1/searches/"+made.ID+"/find", map[string]any{"facets": true}))
	if made.Asked["box"] != "thu hoi dat" || found.Total != 1 || len(found.Facets) == 0 {
		t.Errorf("kept %+v, which finds %d", made, found.Total)
	}
	program.json("/api/v1/searches/"+made.ID+"/rename", map[string]string{"name": "b"})
	all := decode[struct{ Searches []kept }](t, program.get("/api/v1/searches"))
	if len(all.Searches) != 1 || all.Searches[0].Name != "b" {
		t.Errorf("renamed: %+v", all)
	}
	all = decode[struct{ Searches []kept }](t, program.json("/api/v1/searches/"+made.ID+"/drop", nil))
	if len(all.Searches) != 0 {
		t.Errorf("dropped: %+v", all)
	}
	if got := program.json("/api/v1/searches", map[string]any{"name": "x", "asked": map[string]string{"state": "nowhere"}}); got.code != http.StatusUnprocessableEntity {
		t.Errorf("keeping nonsense = %d", got.code)
	}
}

// TestMarks asks where the words of a search stand on the pages.
func TestMarks(t *testing.T) {
	t.Parallel()
	b, c := catalogued(t)
	b.catalogue(t, c, deeds()[0])
	p, err := c.Find(t.Context(), pipeline.Query{})
	if err != nil {
		t.Fatal(err)
	}
	word := func(text string, x, y int) pipeline.Word {
		return pipeline.Word{Text: text, Box: pipeline.Box{X0: x, Y0: y, X1: x + 50, Y1: y + 20}}
	}
	stored := b.put(stored(t, []pipeline.Page{
		{Number: 1, Width: 1000, Height: 1400, Lines: []pipeline.Line{
			{Words: []pipeline.Word{word("Ông", 0, 0), word("Nguyễn", 60, 0), word("Văn", 120, 0)}}, {Words: []pipeline.Word{word("Hòa", 0, 30)}},
		}},
		{Number: 2, Width: 1000, Height: 1400, Lines: []pipeline.Line{{Words: []pipeline.Word{word("nguyên", 5, 5), word("hóa", 60, 5)}}}},
	}))
	paper := p.Hits[0].Paper
	paper.Words, paper.Record = stored, stored
	if paper, err = c.Commit(t.Context(), catalog.Move{Paper: paper}); err != nil {
		t.Fatal(err)
	}
	b.mu.Lock()
	b.papers[paper.ID] = paper
	b.mu.Unlock()
	lan := b.enter(t, "lan")
	for box, want := range map[string]string{
		`"nguyen van hoa"`: "1 [60 0 170 20] Nguyễn Văn; 1 [0 30 50 50] Hòa", // on two lines
		"hoa":              "1 [0 30 50 50] Hòa; 2 [60 5 110 25] hóa",
		"nguyem":           "1 [60 0 110 20] Nguyễn ~; 2 [5 5 55 25] nguyên ~",
		"nguyen":           "1 [60 0 110 20] Nguyễn; 2 [5 5 55 25] nguyên",
		"không có":         "",
	} {
		got := decode[struct {
			Marks []struct {
				Page int
				Box  pipeline.Box
				Text string
				Near bool
			}
		}](t, lan.json("/api/v1/papers/"+string(paper.ID)+"/marks", map[string]string{"box": box}))
		var all []string
		for _, m := range got.Marks {
			one := fmt.Sprintf("%d [%d %d %d %d] %s", m.Page, m.Box.X0, m.Box.Y0, m.Box.X1, m.Box.Y1, m.Text)
			if m.Near {
				one += " ~"
			}
			all = append(all, one)
		}
		if said := strings.Join(all, "; "); said != want {
			t.Errorf("%s stands at %q, want %q", box, said, want)
		}
	}
	where, _ := lan.search(map[string]string{"box": `"nguyen van" hoa`})
	id := strings.TrimPrefix(where, "/lookup/")
	page := "/papers/" + string(paper.ID)
	if body := lan.get(page + "?q=" + id).body; !strings.Contains(body, page+"/text?q="+id) {
		t.Error("the paper does not lead to its text with the words marked")
	}
	text := lan.get(page + "/text?q=" + id).body
	for _, want := range []string{"<pre>Ông <mark>Nguyễn Văn</mark>\n<mark>Hòa</mark></pre>", "<pre>nguyên <mark>hóa</mark></pre>", `href="/lookup/` + id} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q: %s", want, between(text, "<main", "</main>"))
		}
	}
	if text := b.enter(t, "lan").get(page + "/text?q=" + id).body; strings.Contains(text, "<mark>") {
		t.Error("another session sees what was searched for")
	}
}

package web_test

import (
	"fmt"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"

	"hoso/cmd/internal/web"
	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// withPictures gives a site pictures of pages.
func withPictures(o *web.Options) { o.Pictures = drawn{} }

// shows files a paper of pages of 400 by 600 pixels with their words in a row.
func (b *bench) shows(t *testing.T, id pipeline.PaperID, pages ...string) {
	t.Helper()
	var all []pipeline.Page
	for n, text := range pages {
		p := pipeline.Page{Number: n + 1, Width: 400, Height: 600, Outcome: pipeline.PageOK}
		var l pipeline.Line
		for i, word := range strings.Fields(text) {
			l.Words = append(l.Words, pipeline.Word{Text: word, Box: pipeline.Box{X0: 10 + 50*i, Y0: 100, X1: 50 + 50*i, Y1: 120}})
		}
		p.Lines = []pipeline.Line{l}
		all = append(all, p)
	}
	words, record := b.put(stored(t, all)), b.put(onePage("ban da ky"))
	b.mu.Lock()
	b.text[id] = strings.Join(pages, " ")
	b.mu.Unlock()
	b.move(id, "filed", func(p *pipeline.Paper) {
		p.State, p.Words, p.Record, p.Pages = pipeline.Filed, words, record, len(pages)
		p.Fields = []pipeline.Field{{Name: pipeline.FieldOwnerName, Value: "Nguyễn Thị Hoà"}, {Name: pipeline.FieldOwnerID, Value: "035199000123"}}
	})
}

// looked is a paper of three pages, found by a word that stands twice on the first and once
// on the third, and who found it.
func looked(t *testing.T) (lan *person, paper, question string) {
	t.Helper()
	b := newBench(t, withPictures)
	b.account(t, "lan", gate.Clerk, "H42.15")
	lan = b.enter(t, "lan")
	id := lan.send("ba trang.pdf", "H42.15-221011-0001", "%PDF-1.7 a").ID
	b.shows(t, id, "Giấy phép và phép", "trang trắng", "giấy phép")
	where := lan.post("/lookup", map[string]string{"box": "phép"}).header.Get("Location")
	return lan, "/papers/" + string(id), strings.TrimPrefix(where, "/lookup/")
}

// TestPlacesOnThePicture goes from place to place by links alone.
func TestPlacesOnThePicture(t *testing.T) {
	t.Parallel()
	lan, paper, q := looked(t)
	if hits := lan.get("/lookup/" + q).body; !strings.Contains(hits, paper+"/look?q="+q) || !strings.Contains(hits, paper+"?q="+q) {
		t.Error("the list leads neither to the paper nor to its picture")
	}
	for _, base := range []string{paper, paper + "/look"} {
		for _, c := range []struct {
			query string
			page  int
			now   string // the place that stands out
			says  string
			next  string
			prev  string
		}{
			{"", 1, `x="60" y="100" width="40" height="20"`, "Chỗ 1 /3", "m=2", "m=3"},
			{"&m=2", 1, `x="160" y="100"`, "Chỗ 2 /3", "m=3", "m=1"},
			{"&m=3", 3, `x="60" y="100"`, "Chỗ 3 /3", "m=1", "m=2"},
			{"&m=99", 3, `x="60" y="100"`, "Chỗ 3 /3", "m=1", "m=2"},
			{"&m=-4", 1, `x="60" y="100"`, "Chỗ 1 /3", "m=2", "m=3"},
			{"&m=x", 1, `x="60" y="100"`, "Chỗ 1 /3", "m=2", "m=3"},
			{"&page=3", 3, `x="60" y="100"`, "Chỗ 3 /3", "m=1", "m=2"},
			{"&page=2", 2, "", "Trang này không có", "m=3", "m=2"},
		} {
			got := lan.get(base + "?q=" + q + c.query)
			if got.code != http.StatusOK {
				t.Fatalf("%s: %d", c.query, got.code)
			}
			link := func(step string) string { return between(got.body, `rel="`+step+`" href="`, `"`) }
			now := between(got.body, `id="place"`, "</g>")
			if !strings.Contains(got.body, fmt.Sprintf(`src="%s/pages/%d" width="400" height="600"`, paper, c.page)) ||
				!strings.Contains(now, c.now) || !strings.Contains(plainText(got.body), c.says) ||
				!strings.Contains(link("next"), base+"?"+c.next+"&") || !strings.Contains(link("prev"), base+"?"+c.prev+"&") {
				t.Errorf("%s%s: %q is marked, next %s, before %s, says %s", base, c.query, now, link("next"), link("prev"), plainText(got.body))
			}
		}
	}
	if got := lan.get(paper + "?q=" + q + "&record"); !strings.Contains(got.body, `<iframe src="`+paper+`/record`) {
		t.Error("the signed record is not one step away")
	}
	if got := lan.get(paper); !strings.Contains(got.body, `<iframe src="`+paper+`/record`) || !strings.Contains(got.body, paper+"/look") {
		t.Error("a paper that was not found by words shows no record, or no way to its pages")
	}
}

// TestFullestPlace: among words that stand everywhere one begins where most stand together.
func TestFullestPlace(t *testing.T) {
	t.Parallel()
	b, c := catalogued(t, withPictures)
	lan := b.enter(t, "lan")
	b.catalogue(t, c, deed{"H42.15-261011-0001", "H42.15", "", "", "", "", "", "", "", "học phí chi hỗ trợ chi phí học tập chi hổ trợ"})
	id := between(lan.get(lan.lookUp("ho tro chi phi hoc tap")).body, `<a href="/papers/`, "?")
	p, err := c.Paper(t.Context(), pipeline.PaperID(id))
	if err != nil {
		t.Fatal(err)
	}
	b.mu.Lock()
	b.papers[p.ID] = p
	b.mu.Unlock()
	b.shows(t, p.ID, "chi tiết học sinh", "hỗ trợ chi phí học tập là chi")
	p = b.paper(p.ID)
	p.Words, p.Pages = b.paper(p.ID).Words, 2
	if err := c.Restore(t.Context(), p, nil, "hỗ trợ chi phí học tập"); err != nil {
		t.Fatal(err)
	}
	body := lan.get("/papers/" + id + "/look?q=" + strings.TrimPrefix(lan.lookUp("ho tro chi phi hoc tap"), "/lookup/")).body
	if !strings.Contains(plainText(body), "Chỗ 1 /1") || !strings.Contains(body, `/pages/2"`) || strings.Count(body, "<rect") != 2 || !strings.Contains(body, `width="290"`) {
		t.Errorf("the page shows %s with %d marks", plainText(body), strings.Count(body, "<rect"))
	}
}

func TestStrangePages(t *testing.T) {
	t.Parallel()
	lan, paper, q := looked(t)
	b := lan.b
	for _, n := range []string{"0", "-1", "4", "x", "", "1.5", "99999999999999999999", "%00", "1/.."} {
		if got := lan.get(paper + "/look?q=" + q + "&page=" + n); got.code != http.StatusNotFound && got.code != http.StatusBadRequest {
			t.Errorf("page %q = %d", n, got.code)
		}
		if got := lan.get(paper + "/pages/" + n); got.code == http.StatusOK || got.code >= 500 {
			t.Errorf("picture of page %q = %d", n, got.code)
		}
	}
	if got := lan.get(paper + "?q=" + q + "&page=77"); got.code != http.StatusOK || !strings.Contains(got.body, "<iframe") {
		t.Errorf("the paper at a page that it has not = %d", got.code)
	}
	if got := lan.get(paper + "/look?q=none"); got.code != http.StatusOK || strings.Contains(got.body, "data-place") {
		t.Errorf("a question that nobody asked = %d", got.code)
	}
	got := lan.get(paper + "/pages/2")
	if size, err := jpeg.DecodeConfig(strings.NewReader(got.body)); err != nil || size.Width != 200 || got.header.Get("Content-Type") != "image/jpeg" || !strings.Contains(got.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the picture is %+v, %v, under %v", size, err, got.header)
	}
	unread := "/papers/" + string(lan.send("chưa đọc.pdf", "", "%PDF-1.7 b").ID)
	if got := lan.get(unread + "/look"); got.code != http.StatusNotFound {
		t.Errorf("a paper that was not read = %d", got.code)
	}
	b.damage(b.paper(pipeline.PaperID(strings.TrimPrefix(paper, "/papers/"))).Words)
	if got := lan.get(paper + "?q=" + q); got.code != http.StatusOK || !strings.Contains(got.body, "<iframe") {
		t.Errorf("a paper whose words are lost = %d, want its record", got.code)
	}
}

// TestLooksAtPages: who may not look at a paper sees no page of it nor a mark, and going
// through its pages is one look in the log.
func TestLooksAtPages(t *testing.T) {
	t.Parallel()
	lan, paper, q := looked(t)
	b := lan.b
	b.account(t, "minh", gate.Clerk, "H40.03")
	b.account(t, "doc", gate.Reader, "H42.15")
	minh, doc := b.enter(t, "minh"), b.enter(t, "doc")
	for _, path := range []string{"/look", "/pages/1"} {
		if got := minh.get(paper + path); got.code != http.StatusNotFound {
			t.Errorf("%s for another unit = %d", path, got.code)
		}
		if got := doc.get(paper + path + "?q=" + q); got.code != http.StatusOK || strings.Contains(got.body, "data-place") {
			t.Errorf("%s for a reader with the question of another = %d", path, got.code)
		}
	}
	before := len(b.log())
	for _, path := range []string{"/look?q=" + q, "/pages/1", "/look?m=2&q=" + q, "/look?page=2", "/pages/2", "/look?m=3&q=" + q, "/pages/3"} {
		lan.get(paper + path)
	}
	log := b.log()
	if len(log) != before+1 || log[before].Act != "viewed" || log[before].Detail != "pages" || log[before].Account != "lan" || "/papers/"+string(log[before].Paper) != paper {
		t.Errorf("seven looks left %+v", log[before:])
	}
	b.later(61e9)
	b.breakLog()
	for _, path := range []string{"/look?q=" + q, "/pages/1", "?m=2&q=" + q} {
		if got := lan.get(paper + path); got.code != http.StatusServiceUnavailable || strings.Contains(got.body, "<rect") {
			t.Errorf("%s without a log = %d", path, got.code)
		}
	}
}

// TestOwnerIsMasked: a list shows the end of a number, the paper all of it to those alone
// who may settle it.
func TestOwnerIsMasked(t *testing.T) {
	t.Parallel()
	const whole, end = "035199000123", "*********123"
	lan, paper, _ := looked(t)
	b := lan.b
	b.account(t, "doc", gate.Reader, "H42.15")
	doc := b.enter(t, "doc")
	id := pipeline.PaperID(strings.TrimPrefix(paper, "/papers/"))
	b.shows(t, id, "căn cước "+whole+" của bà")
	b.mu.Lock()
	b.events[id] = append(b.events[id], pipeline.Event{Paper: id, What: "fields corrected", Detail: `{"fields":[{"name":"owner_id","before":"","after":"` + whole + `"}]}`})
	b.mu.Unlock()
	for name, c := range map[string]struct {
		who   *person
		path  string
		whole bool
	}{
		"hits of a clerk": {lan, lan.lookUp("của bà"), false}, "hits of a reader": {doc, doc.lookUp("của bà"), false},
		"the paper for a clerk": {lan, paper, true}, "the paper for a reader": {doc, paper, false},
	} {
		body := c.who.get(c.path).body
		if strings.Contains(body, whole) != c.whole || !c.whole && !strings.Contains(body, end) {
			t.Errorf("%s: %s", name, plainText(body))
		}
	}
}

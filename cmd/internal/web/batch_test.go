package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
)

const nightPath = "/batches/" + nightLabel

// work is where one works on a paper of the night.
func work(p pipeline.Paper) string { return nightPath + "/exceptions/" + string(p.ID) }

// acts posts an act to a paper as it is now.
func (n *night) acts(who *person, p pipeline.Paper, form map[string]string) answer {
	form["gen"] = fmt.Sprint(n.bench.paper(p.ID).Gen)
	return who.post(work(p), form)
}

// TestAnUnreadableSheet is asked about before anything else, at its page, and may turn out to
// be none.
func TestAnUnreadableSheet(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	lan := n.enter(t, "lan")
	n.paper(t, "1.pdf", 1, unnumbered)
	p := n.paper(t, "2.tif", 4, func(p *pipeline.Paper) {
		unnumbered(p)
		number := p.Reason
		p.Reason = pipeline.Reason{Code: pipeline.ReasonSheetUnreadable, Page: 3, English: "a sheet", Vietnamese: "Trang 3 giống tờ phân cách nhưng không đọc được mã."}
		p.Asked = []pipeline.Reason{p.Reason, number}
	})
	list := plainText(lan.get(nightPath + "/exceptions").body)
	if sheet, number := strings.Index(list, "Tờ phân cách không đọc được"), strings.Index(list, "Chưa có mã số hồ sơ"); sheet < 0 || sheet > number {
		t.Errorf("the list does not begin with the sheet: %s", list)
	}
	page := lan.get(work(p)).body
	for _, want := range []string{"Trang 3 giống tờ phân cách", "Đúng là một giấy tờ", `data-start="3"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(page, "có vẻ gồm 0 giấy tờ") {
		t.Error("the page speaks of no papers at all")
	}
	if got := n.acts(lan, p, map[string]string{"act": "whole"}); got.code != 303 {
		t.Errorf("saying that it is one paper = %d %s", got.code, plainText(got.body))
	}
}

// TestPagesInOrderWithoutScript turns, orders, drops, cuts and takes back by the form alone.
func TestPagesInOrderWithoutScript(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	lan := n.enter(t, "lan")
	for _, c := range []struct {
		name   string
		form   map[string]string
		leaves string
		parts  string
	}{
		{"turned right", map[string]string{"t1": "90"}, "[{1 90} {2 0} {3 0} {4 0}]", ""},
		{"ordered", map[string]string{"o4": "0"}, "[{4 0} {1 0} {2 0} {3 0}]", ""},
		{"a page dropped", map[string]string{"x2": "1"}, "[{1 0} {3 0} {4 0}]", ""},
		{"cut", map[string]string{"c3": "1"}, "[{1 0} {2 0}]", "[[{3 0} {4 0}]]"},
		{"all at once", map[string]string{"o1": "9", "t1": "180", "x2": "1", "c1": "1", "c3": "1"}, "[{3 0} {4 0}]", "[[{1 180}]]"},
		{"one place for all", map[string]string{"o1": "3", "o2": "3", "o3": "3", "o4": "3", "t3": "270"}, "[{1 0} {2 0} {3 270} {4 0}]", ""},
	} {
		p := n.paper(t, c.name+".pdf", 4, unnumbered)
		c.form["act"] = "pages"
		if got := n.acts(lan, p, c.form); got.code != http.StatusSeeOther {
			t.Errorf("%s: %d %s", c.name, got.code, plainText(got.body))
			continue
		}
		now := n.bench.paper(p.ID)
		parts := ""
		if len(now.Parts) > 0 {
			var all [][]pipeline.Leaf
			for _, id := range now.Parts {
				all = append(all, n.bench.paper(id).Leaves)
			}
			parts = fmt.Sprint(all)
		}
		if got := fmt.Sprint(now.Leaves); got != c.leaves || parts != c.parts {
			t.Errorf("%s: %s and %s, want %s and %s", c.name, got, parts, c.leaves, c.parts)
		}
	}
	upside := n.paper(t, "lộn ngược.pdf", 1, unnumbered)
	n.acts(lan, upside, map[string]string{"act": "pages", "t1": "90"})
	if got := fmt.Sprint(n.bench.paper(upside.ID).Leaves); got != "[{1 360}]" {
		t.Errorf("a page shown turned by 270 degrees and turned back: %s, want it as it is stored", got)
	}
}

// TestDroppedPagesComeBack takes back pages that no paper has, and no others.
func TestDroppedPagesComeBack(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	lan := n.enter(t, "lan")
	p := n.paper(t, "a.pdf", 5, unnumbered)
	n.acts(lan, p, map[string]string{"act": "pages", "x2": "1", "c5": "1"})
	if got := fmt.Sprint(n.bench.paper(p.ID).Leaves); got != "[{1 0} {3 0} {4 0}]" {
		t.Fatalf("the leaves are %s", got)
	}
	body := lan.get(work(p)).body
	if !strings.Contains(body, `name="back" value="2"`) || strings.Contains(body, `name="back" value="5"`) {
		t.Error("the page that was dropped is not offered, or one that another paper has is")
	}
	picture := "/papers/" + string(p.ID) + "/left-out/"
	if got := lan.get(picture + "2"); !strings.Contains(body, picture+"2") || got.code != http.StatusOK || got.header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("the picture of the page that was dropped = %d", got.code)
	}
	for _, page := range []string{"1", "5", "6", "x"} {
		if got := lan.get(picture + page); got.code != http.StatusNotFound {
			t.Errorf("the picture of page %s, which is not left out = %d", page, got.code)
		}
	}
	if got := n.acts(lan, p, map[string]string{"act": "pages", "back": "5"}); got.code != http.StatusBadRequest {
		t.Errorf("taking a page of another paper = %d", got.code)
	}
	if got := n.acts(lan, p, map[string]string{"act": "pages", "back": "2"}); got.code != http.StatusSeeOther {
		t.Errorf("taking a page back = %d %s", got.code, plainText(got.body))
	}
	if got := fmt.Sprint(n.bench.paper(p.ID).Leaves); got != "[{1 0} {2 0} {3 0} {4 0}]" {
		t.Errorf("the leaves are %s", got)
	}
}

// TestActsOnAPaper does each of the other acts without any script, and follows where it
// leads.
func TestActsOnAPaper(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	lan := n.enter(t, "lan")
	first, second, third := n.paper(t, "1.pdf", 1, unnumbered), n.paper(t, "2.pdf", 1, unnumbered), n.paper(t, "3.pdf", 1, unnumbered)
	failed := n.paper(t, "4.pdf", 1, func(p *pipeline.Paper) { p.State = pipeline.Failed })
	stack := n.paper(t, "5.pdf", 2, func(p *pipeline.Paper) { p.Pieces = []pipeline.Piece{{From: 1, To: 1}, {From: 2, To: 2}} })
	got := n.acts(lan, first, map[string]string{"act": "fields", "all": "1", "f.dossier_number": "H42.15-221011-0001", "why": "number-not-found"})
	to := got.header.Get("Location")
	if p := n.bench.paper(first.ID); got.code != 303 || p.Dossier.String() != "H42.15-221011-0001" || !strings.HasPrefix(to, work(second)+"?") || !strings.Contains(to, "why=number-not-found") {
		t.Errorf("setting a number = %d to %s, the paper has %s", got.code, to, p.Dossier)
	}
	if body := plainText(lan.get(to).body); !strings.Contains(body, "Đã lưu. Mở lại giấy tờ đó") {
		t.Errorf("the next page does not say what was done: %s", body)
	}
	got = n.acts(lan, second, map[string]string{"act": "merge", "with": string(third.ID) + "." + fmt.Sprint(third.Gen)})
	if p := n.bench.paper(second.ID); got.code != 303 || p.Pages != 2 || n.bench.paper(third.ID).State != pipeline.Rejected {
		t.Errorf("merging = %d %s", got.code, plainText(got.body))
	}
	if to := got.header.Get("Location"); strings.HasPrefix(to, work(third)) || !strings.Contains(plainText(lan.get(to).body), "Đã ghép. Mở giấy tờ đã ghép") {
		t.Errorf("merging leads to %s, want the next paper that is still one", to)
	}
	if got = n.acts(lan, failed, map[string]string{"act": "retry"}); got.code != 303 || n.bench.paper(failed.ID).State != pipeline.Received {
		t.Errorf("trying again = %d", got.code)
	}
	list := lan.get(nightPath + "/exceptions").body
	if !strings.Contains(list, work(stack)) || strings.Contains(list, work(third)) {
		t.Error("a stack is not listed, or what was merged is")
	}
	if got = n.acts(lan, stack, map[string]string{"act": "whole"}); got.code != 303 || got.header.Get("Location") != nightPath+"/exceptions?did=whole&was="+string(stack.ID) {
		t.Errorf("taking a stack as one paper = %d to %s", got.code, got.header.Get("Location"))
	}
	if list = lan.get(nightPath + "/exceptions").body; strings.Contains(list, work(stack)) {
		t.Error("what is one paper is still listed as a stack")
	}
	last := n.paper(t, "6.pdf", 1, unnumbered)
	if got = n.acts(lan, last, map[string]string{"act": "reject", "reason": "Gửi nhầm tệp"}); got.code != 303 || n.bench.paper(last.ID).Reason.Vietnamese != "Gửi nhầm tệp" {
		t.Errorf("refusing = %d", got.code)
	}
	for _, p := range []pipeline.Paper{first, second, failed, stack, last} {
		if !slices.ContainsFunc(n.events[p.ID], func(e pipeline.Event) bool { return e.Actor == "lan" }) {
			t.Errorf("the history of %s does not know who acted", p.FileName)
		}
	}
}

// TestStaleAndHostileActs changes nothing by what does not fit.
func TestStaleAndHostileActs(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	lan := n.enter(t, "lan")
	p, other := n.paper(t, "a.pdf", 2, unnumbered), n.paper(t, "b.pdf", 1, unnumbered)
	away := n.paper(t, "c.pdf", 1, func(p *pipeline.Paper) { unnumbered(p); p.Batch = "dem-khac" })
	gen := fmt.Sprint(p.Gen)
	for _, c := range []struct {
		name string
		form map[string]string
		code int
		says string
	}{
		{"seen long ago", map[string]string{"gen": "4", "act": "pages", "x1": "1"}, 409, "chưa được thực hiện"},
		{"refused long ago", map[string]string{"gen": "4", "act": "reject", "reason": "nhầm"}, 409, "chưa được thực hiện"},
		{"no generation", map[string]string{"act": "retry"}, 400, ""},
		{"no act", map[string]string{"gen": gen}, 400, ""},
		{"an unknown act", map[string]string{"gen": gen, "act": "burn"}, 400, ""},
		{"no page left", map[string]string{"gen": gen, "act": "pages", "x1": "1", "x2": "1"}, 422, "ít nhất một trang"},
		{"nothing changed", map[string]string{"gen": gen, "act": "pages", "o1": "1", "o2": "2", "t1": "0"}, 422, "Chưa có thay đổi"},
		{"turned askew", map[string]string{"gen": gen, "act": "pages", "t1": "45"}, 400, ""},
		{"turned around and around", map[string]string{"gen": gen, "act": "pages", "t1": "360"}, 400, ""},
		{"turned back", map[string]string{"gen": gen, "act": "pages", "t1": "-90"}, 422, "phải là số"},
		{"an order of words", map[string]string{"gen": gen, "act": "pages", "o1": "đầu"}, 422, "phải là số"},
		{"a huge order", map[string]string{"gen": gen, "act": "pages", "o1": "99999999999999999999"}, 422, "phải là số"},
		{"a page that is not there", map[string]string{"gen": gen, "act": "pages", "back": "9"}, 400, ""},
		{"a wrong number", map[string]string{"gen": gen, "act": "fields", "f.dossier_number": "H42"}, 422, "không đúng mẫu"},
		{"no reason", map[string]string{"gen": gen, "act": "reject", "reason": " "}, 422, "lý do"},
		{"merged with nothing", map[string]string{"gen": gen, "act": "merge"}, 422, "ít nhất một giấy tờ"},
		{"merged with itself", map[string]string{"gen": gen, "act": "merge", "with": string(p.ID) + "." + gen}, 422, "ít nhất một giấy tờ"},
		{"merged with a page seen long ago", map[string]string{"gen": gen, "act": "merge", "with": string(other.ID) + ".1"}, 409, "chưa được thực hiện"},
		{"merged with it in the third place", map[string]string{"gen": gen, "act": "merge", "with": string(other.ID) + ".1", "at." + string(other.ID): "3"}, 409, "Giấy tờ “b.pdf” (số thứ tự 3) vừa thay đổi, nay là “Chờ xác nhận” (người khác"},
		{"merged when it is not as it was seen itself", map[string]string{"gen": "4", "act": "merge", "with": string(other.ID) + "." + gen}, 409, "Giấy tờ “a.pdf” vừa thay đổi"},
		{"merged with another batch's", map[string]string{"gen": gen, "act": "merge", "with": string(away.ID) + ".5"}, 404, ""},
		{"merged with a name", map[string]string{"gen": gen, "act": "merge", "with": "../../etc/passwd"}, 404, ""},
		{"merged without a generation", map[string]string{"gen": gen, "act": "merge", "with": string(other.ID)}, 400, ""},
	} {
		got := lan.post(work(p), c.form)
		if got.code != c.code || !strings.Contains(plainText(got.body), c.says) {
			t.Errorf("%s = %d %.300s; want %d and %q", c.name, got.code, plainText(got.body), c.code, c.says)
		}
	}
	now := n.bench.paper(p.ID)
	if now.Gen != p.Gen || n.bench.paper(other.ID).Gen != other.Gen {
		t.Errorf("the paper is in generation %d, was in %d", now.Gen, p.Gen)
	}
	for _, path := range []string{
		work(away), "/batches/" + nightLabel + "x", "/batches/D%C3%AAm", "/batches/%00", "/batches/" + strings.Repeat("a", 70), "/batches/%2e%2e%2fstatus",
		nightPath + "/exceptions/x", nightPath + "/sample/" + string(p.ID), nightPath + "/live/x",
	} {
		if got := lan.get(path); got.code != http.StatusNotFound {
			t.Errorf("%s = %d, want not found", path, got.code)
		}
	}
	for _, query := range []string{"?why=%3Cscript%3Ealert(1)%3C/script%3E", "?why=" + strings.Repeat("x", 9000), "?from=-1", "?from=zz", "?from=99999999999999999999", "?did=%3Cb%3E&was=%3Cb%3E", "?did=good&was=javascript:alert(1)"} {
		if got := lan.get(nightPath + "/exceptions" + query); got.code != http.StatusOK || !strings.Contains(got.body, work(p)) || strings.Contains(got.body, "<script>alert") || strings.Contains(got.body, "javascript:") {
			t.Errorf("%.60s = %d", query, got.code)
		}
	}
}

// TestForgedActs: nobody acts in another's name.
func TestForgedActs(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	lan := n.enter(t, "lan")
	p := n.paper(t, "a.pdf", 2, unnumbered)
	form := "application/x-www-form-urlencoded"
	for _, path := range []string{work(p), nightPath + "/sample", nightPath + "/sample/signoff", nightPath + "/sample/" + string(p.ID)} {
		for name, header := range map[string][]string{
			"no form token": {"Content-Type", form}, "another site": {"Content-Type", form, "Sec-Fetch-Site", "cross-site"}, "another origin": {"Content-Type", form, "Origin", "https://evil.example"},
		} {
			body := "act=reject&reason=forged&found=good&bad=0&gen=" + fmt.Sprint(p.Gen)
			if name != "no form token" {
				body += "&token=" + lan.form
			}
			if got := lan.do("POST", path, strings.NewReader(body), header...); got.code != http.StatusForbidden {
				t.Errorf("%s: %s = %d, want 403", path, name, got.code)
			}
		}
	}
	if got := n.bench.paper(p.ID); got.Gen != p.Gen {
		t.Error("a forged request moved the paper")
	}
	if all, err := n.c.Checks(t.Context(), nightLabel); err != nil || len(all) > 0 {
		t.Errorf("a forged request drew %d papers: %v", len(all), err)
	}
}

// TestWhoSeesABatch: totals, papers and files are for those whose business they are; who is
// bound to a unit that is not that of the batch is told how many papers are of theirs.
func TestWhoSeesABatch(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	mine := n.paper(t, "của H42.15.pdf", 1, unnumbered)
	theirs := n.paper(t, "của H42.20.pdf", 1, func(p *pipeline.Paper) { unnumbered(p); p.Unit = "H42.20" })
	n.file(t, pipeline.ShelfFile{Path: "Nguyễn Văn A.pdf", State: pipeline.FileRefused, Reason: pipeline.Reason{Code: "encrypted", Vietnamese: "Có mật khẩu."}})
	const all, row = "3 tệp đã thấy", "3 tệp · 2 giấy tờ"
	for _, c := range []struct {
		who                            string
		list                           int
		seesMine, seesTheirs, seesFile bool
		sample                         int
		totals, row                    string
	}{
		{"lan", 200, true, true, true, 200, all, row},  // of every unit
		{"quet", 200, true, true, true, 200, all, row}, // handed them in
		{"minh", 200, true, false, false, 403, "1 giấy tờ đã nhận thuộc đơn vị bạn, của 0 hồ sơ: 0 đã lưu (0 trang), 0 đang xử lý, 1 chờ cán bộ", "thuộc đơn vị bạn"}, // of H42.15
		{"khac", 200, false, false, false, 403, "Chưa có giấy tờ nào của lô thuộc đơn vị bạn", "thuộc đơn vị bạn"},
		{"giam", 403, false, false, false, 403, all, row}, // a reader
		{"docmot", 403, false, false, false, 403, "1 giấy tờ đã nhận thuộc đơn vị bạn", "thuộc đơn vị bạn"}, // of H42.15
	} {
		who := n.enter(t, c.who)
		got := who.get(nightPath)
		page, list := plainText(got.body), plainText(who.get("/batches").body)
		if got.code != 200 || !strings.Contains(page, c.totals) || !strings.Contains(list, c.row) {
			t.Errorf("%s sees the batch: %d %s %s", c.who, got.code, page, list)
		}
		if c.totals != all && (strings.Contains(page, "tệp đã thấy") || strings.Contains(page, "Tệp thấy") || strings.Contains(list, "3 tệp")) {
			t.Errorf("%s, who is of another unit, is told of all files: %s %s", c.who, page, list)
		}
		if live := who.get(nightPath + "/live").body; strings.Contains(live, "/kho/Hộp 1") != c.seesFile || strings.Contains(live, "<html") {
			t.Errorf("%s: the folder is shown, or it is not", c.who)
		}
		got = who.get(nightPath + "/exceptions")
		saw := func(text string) bool { return strings.Contains(got.body, text) }
		if got.code != c.list || saw(work(mine)) != c.seesMine || saw(work(theirs)) != c.seesTheirs || saw("Nguyễn Văn A.pdf") != c.seesFile {
			t.Errorf("%s sees the list: %d, own %v, others' %v, files %v", c.who, got.code, saw(work(mine)), saw(work(theirs)), saw("Nguyễn Văn A.pdf"))
		}
		if got := who.get(nightPath + "/sample"); got.code != c.sample {
			t.Errorf("%s asks for the sample: %d, want %d", c.who, got.code, c.sample)
		}
		if c.seesTheirs {
			continue
		}
		if got := n.acts(who, theirs, map[string]string{"act": "retry"}); got.code != 404 && got.code != 403 {
			t.Errorf("%s acts on a paper of others: %d", c.who, got.code)
		}
	}
	if strings.Contains(n.enter(t, "minh").get(work(mine)).body, "của H42.20.pdf") {
		t.Error("a paper of another unit is offered to be merged with")
	}
}

// TestEveryLookAtABatchIsLogged and nothing is shown that is not.
func TestEveryLookAtABatchIsLogged(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	p := n.paper(t, "a.pdf", 1, numbered(t, "H42.15-221011-0001"))
	lan := n.enter(t, "lan")
	if got := lan.post(nightPath+"/sample", nil); got.code != 303 {
		t.Fatalf("drawing = %d", got.code)
	}
	paths := []string{"/batches", nightPath, nightPath + "/exceptions", work(p), nightPath + "/sample", nightPath + "/sample/" + string(p.ID)}
	for _, path := range paths {
		n.later(2 * time.Minute)
		before := len(n.log())
		if got := lan.get(path); got.code != 200 {
			t.Errorf("%s = %d", path, got.code)
		}
		if log := n.log(); len(log) != before+1 || log[before].Account != "lan" || log[before].Act != "viewed" {
			t.Errorf("%s left %+v in the log", path, log[before:])
		}
	}
	n.breakLog()
	n.later(2 * time.Minute)
	for _, path := range append(paths, nightPath+"/live") {
		if got := lan.get(path); got.code != 503 || strings.Contains(got.body, "a.pdf") {
			t.Errorf("%s without a log = %d", path, got.code)
		}
	}
}

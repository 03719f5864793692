package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"hoso/cmd/internal/web"
	"hoso/pipeline"
)

const unitsPath = nightPath + "/exceptions?why=" + pipeline.ReasonUnitUnknown

// ofUnit waits because the list of agencies does not have the unit of its number; more are
// other questions.
func ofUnit(t *testing.T, number string, more ...pipeline.Reason) func(*pipeline.Paper) {
	t.Helper()
	bind := numbered(t, number)
	return func(p *pipeline.Paper) {
		bind(p)
		p.State, p.Unit = pipeline.Confirming, p.Dossier.Unit()
		p.Reason = pipeline.Reason{Code: pipeline.ReasonUnitUnknown, English: "unknown", Vietnamese: "Mã đơn vị " + p.Dossier.Unit() + " không có trong danh mục cơ quan."}
		if len(more) > 0 {
			p.Asked = append([]pipeline.Reason{p.Reason}, more...)
		}
	}
}

// takes presses the button of a unit, as the page has it.
func (n *night) takes(who *person, page, unit string) answer {
	form := regexp.MustCompile(`(?s)<input type="hidden" name="unit" value="` + regexp.QuoteMeta(unit) + `">.*?</form>`).FindString(page)
	body := "sure=1&why=" + pipeline.ReasonUnitUnknown + "&unit=" + unit + "&token=" + who.form
	for _, with := range regexp.MustCompile(`name="with" value="([^"]+)"`).FindAllStringSubmatch(form, -1) {
		body += "&with=" + with[1]
	}
	return who.do("POST", nightPath+"/exceptions", strings.NewReader(body), "Content-Type", "application/x-www-form-urlencoded")
}

// TestOneAnswerForAUnit: papers of one unit go on by one press, each with its own line in the
// log; what was asked otherwise, or has changed since, waits on.
func TestOneAnswerForAUnit(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	lan := n.enter(t, "lan")
	var papers []pipeline.Paper
	for i := range 4 {
		papers = append(papers, n.paper(t, fmt.Sprintf("%d.pdf", i), 1, ofUnit(t, "H99.15-221011-0001")))
	}
	other := n.paper(t, "khác.pdf", 1, ofUnit(t, "H98.17-221011-0001"))
	unsure := n.paper(t, "mờ.pdf", 1, ofUnit(t, "H99.15-221011-0007", pipeline.Reason{Code: "number-unsure", English: "u", Vietnamese: "Mã số đọc chưa chắc."}))
	stack := n.paper(t, "tập.pdf", 1, ofUnit(t, "H99.15-221011-0001", pipeline.Reason{Code: pipeline.ReasonSheetUnreadable, English: "s", Vietnamese: "Tờ phân cách không đọc được."}))
	page := lan.get(unitsPath).body
	for _, want := range []string{"Vẫn dùng mã này cho 4 giấy tờ", "Vẫn dùng mã này cho 1 giấy tờ", "H99.15-221011-0001 (4)"} {
		if !strings.Contains(plainText(page), want) {
			t.Errorf("the page lacks %q: %s", want, plainText(page))
		}
	}
	n.move(papers[3].ID, "reread", func(*pipeline.Paper) {})
	got := n.takes(lan, page, "H99.15")
	if got.code != http.StatusSeeOther {
		t.Fatalf("taking a unit = %d %s", got.code, plainText(got.body))
	}
	if told := plainText(lan.get(got.header.Get("Location")).body); !strings.Contains(told, "Đã nhận mã đơn vị cho 3 giấy tờ. 1 giấy tờ vừa thay đổi nên chưa nhận") {
		t.Errorf("what came of it is told as %s", told)
	}
	for i, p := range papers {
		events, err := n.Events(t.Context(), p.ID)
		last := events[len(events)-1]
		if taken := last.Actor == "lan" && n.bench.paper(p.ID).State == pipeline.Recognized; err != nil || taken != (i < 3) {
			t.Errorf("paper %d: %+v, %v", i, last, err)
		}
	}
	for _, p := range []pipeline.Paper{other, unsure, stack} {
		if now := n.bench.paper(p.ID); now.State != pipeline.Confirming {
			t.Errorf("%s goes on as %s", p.FileName, now.State)
		}
	}
}

// TestUnitOfOthers: nobody answers for papers that they may not settle, and nobody without
// saying that they looked.
func TestUnitOfOthers(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	lan, minh := n.enter(t, "lan"), n.enter(t, "minh")
	p := n.paper(t, "a.pdf", 1, ofUnit(t, "H99.15-221011-0001"))
	page := lan.get(unitsPath).body
	if got := n.takes(minh, page, "H99.15"); got.code != http.StatusSeeOther || n.bench.paper(p.ID).State != pipeline.Confirming {
		t.Errorf("a clerk of another unit = %d, the paper is %s", got.code, n.bench.paper(p.ID).State)
	}
	if got := n.takes(lan, page, "H98.17"); n.bench.paper(p.ID).State != pipeline.Confirming {
		t.Errorf("a unit that is not the paper's = %d", got.code)
	}
	with := map[string]string{"unit": "H99.15", "with": fmt.Sprintf("%s.%d", p.ID, p.Gen)}
	if got := lan.post(nightPath+"/exceptions", with); got.code != http.StatusBadRequest {
		t.Errorf("without a look = %d", got.code)
	}
}

// TestUnitListedSince: once the list has the unit, the page says so.
func TestUnitListedSince(t *testing.T) {
	t.Parallel()
	n := newNight(t, func(o *web.Options) { o.Lists = &fakeLists{} })
	n.paper(t, "a.pdf", 1, ofUnit(t, "H42-221011-0001"))
	other := n.paper(t, "b.pdf", 1, ofUnit(t, "H42.33-221011-0001"))
	lan := n.enter(t, "lan")
	page := plainText(lan.get(unitsPath).body)
	if !strings.Contains(page, "Danh mục nay đã có: Tỉnh Cũ") || strings.Count(page, "Danh mục nay đã có") != 1 || !strings.Contains(page, "Cho 1 giấy tờ đi tiếp") {
		t.Errorf("the page says %s", page)
	}
	// The office decides by the list where no unit is named.
	unlisted := n.paper(t, "c.pdf", 1, ofUnit(t, "H99.15-221011-0001"))
	form := map[string]string{"unit": "", "sure": "1"}
	for _, p := range []pipeline.Paper{other, unlisted} {
		form["with"] = fmt.Sprintf("%s.%d", p.ID, p.Gen)
		lan.post(nightPath+"/exceptions", form)
	}
	if n.bench.paper(other.ID).State != pipeline.Recognized || n.bench.paper(unlisted.ID).State != pipeline.Confirming {
		t.Errorf("papers of units that the list is to have: %s and %s", n.bench.paper(other.ID).State, n.bench.paper(unlisted.ID).State)
	}
}

// TestFolderOfAStack: where a stack lay is told to who may see the whole batch; its folder may bear
// the number and the name of a dossier of another unit.
func TestFolderOfAStack(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	stack := n.paper(t, "tập.pdf", 3, ofUnit(t, "H98.17-221011-0001"))
	part := stack
	ofUnit(t, "H42.15-221011-0001")(&part)
	part.ID, part.Parted, part.FileName = newID(), stack.ID, "phần.pdf"
	n.mu.Lock()
	n.keep(part)
	n.tell(part, "parted", "quet")
	n.mu.Unlock()
	for who, sees := range map[string]bool{"lan": true, "minh": false} {
		person := n.enter(t, who)
		for _, path := range []string{unitsPath, work(part)} {
			if text := plainText(person.get(path).body); !strings.Contains(text, "phần.pdf") || strings.Contains(text, "Hộp 1") != sees {
				t.Errorf("to %s %s says %s", who, path, text)
			}
		}
	}
}

// TestNumberThatThePaperDoesNotHave: a number that a paper was handed in with is not shown
// beside the place, or as sure as, another number that was read off it.
func TestNumberThatThePaperDoesNotHave(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	read := pipeline.Field{Name: pipeline.FieldDossier, Value: "H98.62-250104-0005", Confidence: 49, Source: pipeline.ByOCR, Page: 1, Box: pipeline.Box{X0: 10, Y0: 10, X1: 90, Y1: 30}}
	p := n.paper(t, "a.pdf", 1, func(p *pipeline.Paper) {
		ofUnit(t, "H99.15-221011-0001")(p)
		p.Fields = []pipeline.Field{read}
	})
	body := n.enter(t, "lan").get(work(p)).body
	if text := plainText(body); !strings.Contains(text, "trên giấy máy đọc được số khác: "+read.Value) || strings.Contains(text, "49 %") || strings.Contains(body, "box=10,10,90,30") {
		t.Errorf("the page says %s", text)
	}
	read.Value = p.Dossier.String()
	n.move(p.ID, "read", func(p *pipeline.Paper) { p.Fields = []pipeline.Field{read} })
	if body := n.enter(t, "lan").get(work(p)).body; !strings.Contains(body, "box=10,10,90,30") || strings.Contains(plainText(body), "số khác") {
		t.Errorf("of the paper's own number the page says %s", plainText(body))
	}
}

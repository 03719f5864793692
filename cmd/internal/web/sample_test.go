package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hoso/cmd/internal/web"
	"hoso/pipeline"
	"hoso/pipeline/policy"
)

// sampledNight is a night of ten filed papers of which half are drawn.
func sampledNight(t *testing.T) (*night, *person, []pipeline.Check) {
	t.Helper()
	n := newNight(t, func(o *web.Options) {
		rules, err := policy.Parse([]byte("- sample: 50"))
		if err != nil {
			t.Fatal(err)
		}
		o.Policy = rules
	})
	for i := range 10 {
		n.paper(t, fmt.Sprintf("%d.pdf", i), 1, numbered(t, "H42.15-221011-0001"))
	}
	quet := n.enter(t, "quet")
	if got := quet.post(nightPath+"/sample", nil); got.code != http.StatusSeeOther {
		t.Fatalf("drawing = %d %s", got.code, plainText(got.body))
	}
	all, err := n.c.Checks(t.Context(), nightLabel)
	if err != nil || len(all) != 5 {
		t.Fatalf("%d papers are drawn, want half of ten: %v", len(all), err)
	}
	return n, quet, all
}

// judges says what was found at a drawn paper.
func (n *night) judges(who *person, c pipeline.Check, form map[string]string) answer {
	form["gen"] = fmt.Sprint(n.bench.paper(c.Paper).Gen)
	return who.post(nightPath+"/sample/"+string(c.Paper), form)
}

// TestSampleToItsEnd goes from the draw to the sign-off, and on to the papers of the next
// night.
func TestSampleToItsEnd(t *testing.T) {
	t.Parallel()
	n, quet, drawn := sampledNight(t)
	if got := quet.post(nightPath+"/sample", nil); got.code != 422 || !strings.Contains(got.body, "Không có giấy tờ mới") {
		t.Errorf("drawing again = %d", got.code)
	}
	for i, c := range drawn {
		if got := quet.post(nightPath+"/sample/signoff", map[string]string{"bad": "0"}); got.code != 422 || !strings.Contains(got.body, fmt.Sprintf("Còn %d giấy tờ", 5-i)) {
			t.Errorf("signing off with %d left = %d", 5-i, got.code)
		}
		form := map[string]string{"found": "good"}
		if i == 2 {
			form = map[string]string{"found": "bad", "note": "  sai   ngày "}
		}
		got := n.judges(quet, c, form)
		next := nightPath + "/sample"
		if i < 4 {
			next += "/" + string(drawn[i+1].Paper)
		}
		if to := got.header.Get("Location"); got.code != 303 || !strings.HasPrefix(to, next+"?did=") {
			t.Errorf("paper %d leads %d to %s, want %s", i, got.code, to, next)
		}
	}
	if got := quet.post(nightPath+"/sample/signoff", map[string]string{"bad": "0"}); got.code != 409 {
		t.Errorf("signing off other numbers than those that are there = %d", got.code)
	}
	n.later(time.Minute)
	shelf, err := n.c.Shelf(t.Context(), nightLabel)
	seed := shelf.Draws(1)[0].Seed
	if body := quet.get(nightPath + "/sample").body; err != nil || strings.Contains(body, seed) || !strings.Contains(body, pipeline.Sum([]byte(seed)).String()) {
		t.Error("before the sign-off the page tells the seed, or not its digest")
	}
	if got := quet.post(nightPath+"/sample/signoff", map[string]string{"bad": "1", "note": "đã quét lại"}); got.code != 303 {
		t.Errorf("signing off = %d %s", got.code, plainText(got.body))
	}
	if body := quet.get(nightPath + "/sample").body; !strings.Contains(body, seed) || strings.Contains(body, shelf.Draws(2)[1].Seed) {
		t.Error("after the sign-off the page does not tell the seed, or the next one's")
	}
	page := plainText(quet.get(nightPath + "/sample").body)
	for _, want := range []string{"kiểm tra 5 giấy tờ rút từ 10, 4 đúng, 1 sai", "đã quét lại", "sai ngày", "tỷ lệ đúng 80,0 %"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q: %s", want, page)
		}
	}
	if got := n.judges(quet, drawn[0], map[string]string{"found": "bad", "note": "nghĩ lại"}); got.code != 409 || !strings.Contains(got.body, "đã được ký xác nhận") {
		t.Errorf("changing what was signed off = %d", got.code)
	}
	if got := quet.post(nightPath+"/sample/signoff", map[string]string{"bad": "1"}); got.code != 409 {
		t.Errorf("signing off twice = %d", got.code)
	}
	for i := range 2 {
		n.paper(t, fmt.Sprintf("đêm sau %d.pdf", i), 1, numbered(t, "H42.15-221011-0001"))
	}
	n.later(time.Minute)
	if got := quet.post(nightPath+"/sample", nil); got.code != 303 {
		t.Errorf("drawing of the next night = %d", got.code)
	}
	all, err := n.c.Checks(t.Context(), nightLabel)
	if err != nil || len(all) != 6 {
		t.Fatalf("%d papers are drawn, want 6: %v", len(all), err)
	}
	if got := n.judges(quet, all[5], map[string]string{"found": "good"}); got.code != 303 {
		t.Errorf("looking at what was drawn later = %d", got.code)
	}
	n.later(time.Minute)
	if got := quet.post(nightPath+"/sample/signoff", map[string]string{"bad": "1"}); got.code != 303 {
		t.Errorf("signing off again = %d", got.code)
	}
	if signed, err := n.c.SignOffs(t.Context(), nightLabel); err != nil || len(signed) != 2 || signed[0].Note != "đã quét lại" {
		t.Errorf("signed off: %+v, %v", signed, err)
	}
}

// TestSampleTakesOnlyWhatWasSeen says nothing of a paper that is otherwise by now.
func TestSampleTakesOnlyWhatWasSeen(t *testing.T) {
	t.Parallel()
	n, quet, drawn := sampledNight(t)
	one := drawn[0]
	for _, c := range []struct {
		name string
		form map[string]string
		code int
		says string
	}{
		{"nothing found", map[string]string{}, 400, ""},
		{"found something", map[string]string{"found": "maybe"}, 400, ""},
		{"bad without a note", map[string]string{"found": "bad", "note": " "}, 422, "chỗ sai"},
		{"an endless note", map[string]string{"found": "bad", "note": strings.Repeat("sai ", 400)}, 422, "dài quá"},
	} {
		got := n.judges(quet, one, c.form)
		if got.code != c.code || !strings.Contains(got.body, c.says) {
			t.Errorf("%s = %d", c.name, got.code)
		}
	}
	if got := quet.post(nightPath+"/sample/"+string(one.Paper), map[string]string{"found": "good", "gen": "1"}); got.code != 409 || !strings.Contains(got.body, "vừa thay đổi") {
		t.Errorf("a paper seen long ago = %d", got.code)
	}
	if got := quet.post(nightPath+"/sample/"+string(one.Paper), map[string]string{"found": "good"}); got.code != 400 {
		t.Errorf("without a generation = %d", got.code)
	}
	got := n.judges(quet, one, map[string]string{"found": "bad", "note": `<script>alert("sai")</script>`})
	if page := quet.get(nightPath + "/sample").body; got.code != 303 || strings.Contains(page, "<script>alert") {
		t.Errorf("a note with a script = %d", got.code)
	}
	all, err := n.c.Checks(t.Context(), nightLabel)
	if err != nil || all[0].By != "quet" || all[0].Good {
		t.Errorf("the check is %+v, %v", all[0], err)
	}
}

package web_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// TestAlike: a paper that looks like others shows them, and which scan is the better one,
// to those who may see them; others learn only that there are some.
func TestAlike(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.account(t, "lan", gate.Clerk, "H42.15")
	b.account(t, "minh", gate.Clerk, "H40.03")
	b.account(t, "doc", gate.Reader, "")
	lan, minh := b.enter(t, "lan"), b.enter(t, "minh")
	first := lan.send("quét mờ.pdf", "H42.15-221011-0001", "%PDF-1.7 a")
	elsewhere := minh.send("nơi khác.pdf", "H40.03-221011-0005", "%PDF-1.7 b")
	b.later(time.Minute)
	again := lan.send("quét lại.pdf", "H42.15-221011-0001", "%PDF-1.7 c")
	page := "/papers/" + string(again.ID)
	if body := lan.get(page).body; strings.Contains(body, "đã được quét trước đó") {
		t.Error("a paper that looks like no other says that it does")
	}
	b.mu.Lock()
	b.alike = map[pipeline.PaperID]pipeline.Likenesses{again.ID: {
		Quality: pipeline.Quality{Confidence: 96, DPI: 300},
		Alike: []pipeline.Alike{
			{Paper: pipeline.Paper{ID: first.ID}, Kind: pipeline.LikeRescan, Score: 93, Quality: pipeline.Quality{Confidence: 71, DPI: 150}},
			{Paper: pipeline.Paper{ID: elsewhere.ID}, Kind: pipeline.LikeCopy, Score: 88, Quality: pipeline.Quality{Confidence: 96, DPI: 300}},
		},
	}}
	b.mu.Unlock()

	body := lan.get(page).body
	for _, want := range []string{
		"Có vẻ đã được quét trước đó", "/papers/" + string(first.ID), "quét mờ.pdf", "93 %", "71 % · 150 dpi", "bản đang xem rõ hơn",
		"Có 1 giấy tờ giống như vậy mà bạn không có quyền xem",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, hidden := range []string{"nơi khác.pdf", string(elsewhere.ID), "H40.03"} {
		if strings.Contains(body, hidden) {
			t.Errorf("the page tells a clerk of another unit %q", hidden)
		}
	}
	for who, want := range map[string]struct{ shown, hidden int }{"lan": {1, 1}, "doc": {2, 0}} {
		var like struct {
			Alike []struct {
				Paper  pipeline.PaperID
				Kind   pipeline.LikenessKind
				Better pipeline.PaperID
			}
			Hidden int
		}
		if err := json.Unmarshal([]byte(b.enter(t, who).get("/api/v1"+page+"/alike").body), &like); err != nil {
			t.Fatal(err)
		}
		if len(like.Alike) != want.shown || like.Hidden != want.hidden || like.Alike[0].Kind != pipeline.LikeRescan || like.Alike[0].Better != again.ID {
			t.Errorf("%s is told %+v", who, like)
		}
	}
	if got := minh.get("/api/v1" + page + "/alike"); got.code != 404 {
		t.Errorf("papers like one of another unit = %d, want 404", got.code)
	}
}

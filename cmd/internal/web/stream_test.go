package web_test

import (
	"context"
	"testing"
	"time"

	"hoso/pipeline"
)

// TestNewsStream follows a paper by both streams until it is filed.
func TestNewsStream(t *testing.T) {
	t.Parallel()
	b, lan := clerk(t)
	for _, path := range []string{"/events", "/api/v1/events"} {
		if got := (&person{t: t, b: b}).get(path); got.code != 303 && got.code != 401 {
			t.Errorf("%s for a stranger = %d", path, got.code)
		}
	}
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	rows, papers := lan.stream(ctx, "/events"), lan.stream(ctx, "/api/v1/events")
	receipt := lan.send("a.pdf", "H42.15-221011-0001", "%PDF a")
	rows.until(`\u003eĐã nhận`)
	papers.until(`"state":"received"`)
	b.reads(receipt.ID, 2, 12)
	rows.until("Đang đọc trang 3/12")
	papers.until(`"done":2,"total":12`)
	b.move(receipt.ID, "filed", func(p *pipeline.Paper) { p.State = pipeline.Filed })
	rows.until("Đã lưu hồ sơ")
	papers.until(`"state":"filed"`)
}

func TestStreamsAreBounded(t *testing.T) {
	t.Parallel()
	_, lan := clerk(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	for range 12 {
		lan.stream(ctx, "/api/v1/events")
	}
	if got := lan.get("/api/v1/events"); got.code != 503 || got.header.Get("Retry-After") == "" {
		t.Errorf("one stream too many = %d", got.code)
	}
}

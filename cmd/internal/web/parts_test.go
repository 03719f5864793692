package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
)

func TestParts(t *testing.T) {
	t.Parallel()
	b, lan := clerk(t)
	body := "%PDF-1.7 " + strings.Repeat("0123456789", 100)
	id := lan.send("a.pdf", "", body).ID
	path := "/papers/" + string(id) + "/download/original"
	get := func(header ...string) answer { return lan.do("GET", path, http.NoBody, header...) }

	whole := get()
	if whole.code != 200 || whole.body != body || whole.header.Get("Accept-Ranges") != "bytes" {
		t.Fatalf("the whole = %d, %d bytes, %v", whole.code, len(whole.body), whole.header)
	}
	tag := whole.header.Get("ETag")
	if got := get("Range", "bytes=100-199", "If-Range", tag); got.code != 206 || got.body != body[100:200] {
		t.Errorf("a part = %d, %q", got.code, got.body)
	}
	if got := get("Range", "bytes=-9"); got.code != 206 || got.body != body[len(body)-9:] {
		t.Errorf("the end = %d, %q", got.code, got.body)
	}
	if got := get("Range", "bytes=100-199", "If-Range", `"another"`); got.code != 200 || got.body != body {
		t.Errorf("a part of another version = %d, %d bytes", got.code, len(got.body))
	}
	if got := get("Range", "bytes=0-"); got.code != 200 || got.body != body {
		t.Errorf("all as a part = %d, %d bytes", got.code, len(got.body))
	}
	if got := get("Range", "bytes=99999-"); got.code != 416 || strings.Contains(got.body, "0123") {
		t.Errorf("beyond the end = %d, %q", got.code, got.body)
	}

	damaged := lan.send("b.pdf", "", body+"x").ID
	b.damage(pipeline.Sum([]byte(body + "x")))
	path = "/papers/" + string(damaged) + "/download/original"
	if got := get("Range", "bytes=100-199"); got.code < 500 || strings.Contains(got.body, "0123") {
		t.Errorf("a part of damaged bytes = %d, %q", got.code, got.body)
	}

	// What was whole a while ago is looked at again.
	path = "/papers/" + string(id) + "/download/original"
	b.damage(pipeline.Sum([]byte(body)))
	b.later(2 * time.Minute)
	if got := get("Range", "bytes=100-199"); got.code < 500 {
		t.Errorf("a part of bytes damaged since = %d", got.code)
	}
}

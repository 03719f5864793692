package web_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHeaders(t *testing.T) {
	t.Parallel()
	_, lan := clerk(t)
	id := string(lan.send("a.html", "", "<script>alert(1)</script>").ID)
	for _, path := range []string{"/", "/login", "/lookup", "/papers/" + id, "/nowhere", "/api/v1/status", "/api/v1/openapi.json", "/papers/" + id + "/download/original"} {
		h := lan.get(path).header
		if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'self'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: Content-Security-Policy = %q", path, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" || h.Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s: headers = %v", path, h)
		}
	}
	if got := lan.get("/papers/" + id + "/download/original"); got.header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("a page in a paper's clothes goes out as %q", got.header.Get("Content-Type"))
	}
	if got := lan.get("/papers/" + id + "/preview"); got.code != 404 {
		t.Errorf("a page in a paper's clothes is shown: %d", got.code)
	}
	for _, path := range []string{"/", "/lookup", "/papers/" + id, "/status"} {
		body := lan.get(path).body
		if strings.Contains(body, " style=") || strings.Contains(body, "<style") || strings.Contains(body, " onclick") || strings.Contains(body, "<script>") || strings.Contains(body, "//cdn") {
			t.Errorf("%s holds inline script or style, or something from elsewhere", path)
		}
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	_, lan := clerk(t)
	page := lan.get("/").body
	for _, want := range []string{"/assets/app-", "/assets/mark-"} {
		path := "/assets/" + between(page[strings.Index(page, want):], "/assets/", `"`)
		got := lan.get(path)
		if got.code != 200 || !strings.Contains(got.header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s = %d %v", path, got.code, got.header)
		}
	}
	if got := lan.get("/assets/app.css"); got.code != 404 {
		t.Errorf("an asset under a name that does not change = %d", got.code)
	}
}

// TestAssetsAreLight weighs what every page loads and, apart from that, what the pages of
// batches load besides; nothing else is loaded by any.
func TestAssetsAreLight(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	lan := n.enter(t, "lan")
	names := regexp.MustCompile(`/assets/([a-z]+)-[0-9a-zA-Z_-]+\.(css|js|svg)`)
	loaded := func(path string) map[string]bool {
		got := lan.get(path)
		if got.code != 200 {
			t.Fatalf("%s = %d", path, got.code)
		}
		all := map[string]bool{}
		for _, m := range names.FindAllStringSubmatch(got.body, -1) {
			all[m[1]+"."+m[2]] = true
		}
		return all
	}
	weigh := func(names map[string]bool) (total int) {
		for name := range names {
			total += len(readFile(t, "assets/"+name))
		}
		return total
	}
	every := loaded("/")
	for _, path := range []string{"/lookup", "/review", "/status", "/verify"} {
		if diff := cmp.Diff(every, loaded(path)); diff != "" {
			t.Errorf("%s does not load what every page does (-every +it):\n%s", path, diff)
		}
	}
	ofBatches := loaded("/batches/" + nightLabel)
	for name := range every {
		delete(ofBatches, name)
	}
	if got := weigh(every); got > 60_000 || got == 0 {
		t.Errorf("a page loads %d bytes, want at most 60,000", got)
	}
	if got := weigh(ofBatches); got > 21_000 || got == 0 {
		t.Errorf("a page of a batch loads %d bytes more, want at most 21,000", got)
	}
	files, err := filepath.Glob("assets/*")
	if err != nil || len(files) != len(every)+len(ofBatches) {
		t.Errorf("%d files (%v), of which pages load %d and %d", len(files), err, len(every), len(ofBatches))
	}
}

package web_test

import (
	"path/filepath"
	"strings"
	"testing"
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
	page, total := lan.get("/").body, 0
	for _, want := range []string{"/assets/app-", "/assets/mark-"} {
		path := "/assets/" + between(page[strings.Index(page, want):], "/assets/", `"`)
		got := lan.get(path)
		if got.code != 200 || !strings.Contains(got.header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s = %d %v", path, got.code, got.header)
		}
	}
	files, err := filepath.Glob("assets/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("assets: %v, %v", files, err)
	}
	for _, f := range files {
		total += len(readFile(t, f))
	}
	if total > 60_000 {
		t.Errorf("assets weigh %d bytes, want at most 60,000", total)
	}
	if got := lan.get("/assets/app.css"); got.code != 404 {
		t.Errorf("an asset under a name that does not change = %d", got.code)
	}
}

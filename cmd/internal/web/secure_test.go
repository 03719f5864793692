package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"hoso/cmd/internal/web"
	"hoso/cmd/internal/web/gate"
)

// TestCookieFollowsTheLine logs in over plain HTTP, through a trusted proxy, and
// through somebody who only says that he is one.
func TestCookieFollowsTheLine(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *web.Options) { o.Proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} })
	b.account(t, "lan", gate.Clerk, "")
	for _, c := range []struct {
		name, peer, proto string
		secure            bool
	}{
		{"plain", "192.0.2.1:1", "", false},
		{"proxy", "10.1.2.3:1", "https", true},
		{"pretender", "192.0.2.1:1", "https", false},
	} {
		form := url.Values{"account": {"lan"}, "secret": {goodSecret}}
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/login", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-Proto", c.proto)
		r.RemoteAddr = c.peer
		w := httptest.NewRecorder()
		b.site.Handler().ServeHTTP(w, r)
		cookies := w.Result().Cookies()
		if w.Code != http.StatusSeeOther || len(cookies) != 1 {
			t.Fatalf("%s: login = %d, cookies %v", c.name, w.Code, cookies)
		}
		got := cookies[0]
		if got.Secure != c.secure || !got.HttpOnly || got.SameSite != http.SameSiteLaxMode || strings.HasPrefix(got.Name, "__Host-") != c.secure {
			t.Errorf("%s: cookie = %v", c.name, got)
		}
		if hsts := w.Header().Get("Strict-Transport-Security"); (hsts != "") != c.secure {
			t.Errorf("%s: Strict-Transport-Security = %q", c.name, hsts)
		}
	}
}

// TestAddressBehindProxies logs a look through proxies and holds the address against
// who can be believed.
func TestAddressBehindProxies(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *web.Options) {
		o.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}
	})
	b.account(t, "lan", gate.Clerk, "")
	lan := b.enter(t, "lan")
	id := string(lan.send("a.pdf", "", "%PDF a").ID)
	for _, c := range []struct{ forwarded, want string }{
		{"", "127.0.0.1"},
		{"203.0.113.9", "203.0.113.9"},
		{"1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"},
		{"nonsense, 10.0.0.2", "10.0.0.2"},
	} {
		lan.do("GET", "/papers/"+id, nil, "X-Forwarded-For", c.forwarded)
		log := b.log()
		if got := log[len(log)-1].Remote; got != c.want {
			t.Errorf("X-Forwarded-For %q is logged as %q, want %q", c.forwarded, got, c.want)
		}
	}
}

func TestLoginPageSaysLittle(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.account(t, "lan", gate.Clerk, "")
	stranger := &person{t: t, b: b}
	var said []string
	for _, name := range []string{"lan", "nobody"} {
		got := stranger.post("/login", map[string]string{"account": name, "secret": "wrong"})
		if got.code != http.StatusUnauthorized || got.header.Get("Set-Cookie") != "" {
			t.Errorf("a wrong login as %s = %d", name, got.code)
		}
		said = append(said, between(got.body, `role="alert">`, "</p>"))
	}
	if said[0] == "" || said[0] != said[1] {
		t.Errorf("a known and an unknown account are told %q", said)
	}
	for range 6 {
		stranger.post("/login", map[string]string{"account": "lan", "secret": "wrong"})
	}
	got := stranger.post("/login", map[string]string{"account": "lan", "secret": goodSecret})
	if got.code != http.StatusTooManyRequests || !strings.Contains(got.body, "Hãy đợi") {
		t.Errorf("after many tries = %d", got.code)
	}
}

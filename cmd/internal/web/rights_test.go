package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// TestEveryRouteAsEveryRole asks every route of the table in the name of everybody and
// holds the answer against the rights; a new route is in the table or it is nowhere.
func TestEveryRouteAsEveryRole(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	roles := []struct {
		name  string
		role  gate.Role
		grant map[gate.Act]bool
	}{
		{"stranger", "", map[gate.Act]bool{gate.Approach: true}},
		{"reader", gate.Reader, map[gate.Act]bool{gate.Approach: true, gate.Enter: true, gate.Look: true}},
		{"clerk", gate.Clerk, map[gate.Act]bool{gate.Approach: true, gate.Enter: true, gate.Look: true, gate.Deliver: true, gate.Settle: true}},
		{"admin", gate.Admin, map[gate.Act]bool{gate.Approach: true, gate.Enter: true, gate.Look: true, gate.Deliver: true, gate.Settle: true, gate.Govern: true}},
	}
	b.account(t, "sender", gate.Clerk, "")
	paper := b.enter(t, "sender").send("a.pdf", "H42.15-221011-0001", "%PDF-1.7 a")
	for _, who := range roles {
		p := &person{t: t, b: b}
		if who.role != "" {
			b.account(t, who.name, who.role, "")
		}
		for _, route := range b.site.Routes() {
			if strings.HasSuffix(route.Path, "/events") && route.Path != "/api/v1/papers/{id}/events" {
				continue // streams do not end; TestNewsStream asks them
			}
			if who.role != "" && p.cookie == "" {
				p = b.enter(t, who.name)
			}
			path := strings.NewReplacer("{id}", string(paper.ID), "{name}", "none.css", "{question}", "none", "{n}", "1", "{label}", "dem", "{what}", "original", "{$}", "").Replace(route.Path)
			got := p.do(route.Method, path, strings.NewReader(""), "Hoso-Token", p.form)
			if turned := turnedAway(got); turned == who.grant[route.Act] {
				t.Errorf("%s asking %s %s (%s) = %d to %q, granted = %v", who.name, route.Method, route.Path, route.Act, got.code, got.header.Get("Location"), who.grant[route.Act])
			}
			if route.Path == "/logout" {
				p.cookie = ""
			}
		}
	}
}

// turnedAway reports whether an answer says that one may not, or must log in first.
func turnedAway(a answer) bool {
	return a.code == http.StatusUnauthorized && !strings.Contains(a.body, `name="secret"`) ||
		a.code == http.StatusForbidden || a.code == http.StatusSeeOther && a.header.Get("Location") == "/login" && !strings.Contains(a.header.Get("Set-Cookie"), "Max-Age=0")
}

func TestRoutesWithoutRightsAreFew(t *testing.T) {
	t.Parallel()
	var open []string
	for _, r := range newBench(t).site.Routes() {
		if r.Act == gate.Approach {
			open = append(open, r.Method+" "+r.Path)
		}
	}
	want := "[GET /login POST /login GET /assets/{name} GET /alive GET /api/v1/openapi.json]"
	if got := fmt.Sprint(open); got != want {
		t.Errorf("open to strangers: %s, want %s", got, want)
	}
}

func TestUnitsDoNotSeeEachOther(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.account(t, "lan", gate.Clerk, "H42.15")
	b.account(t, "minh", gate.Clerk, "H40.03")
	b.account(t, "giam", gate.Reader, "")
	paper := b.enter(t, "lan").send("a.pdf", "H42.15-221011-0001", "%PDF-1.7 a")
	minh := b.enter(t, "minh")
	id := string(paper.ID)
	for _, path := range []string{"/papers/" + id, "/papers/" + id + "/row", "/papers/" + id + "/download/original", "/papers/" + id + "/dossier", "/api/v1/papers/" + id, "/api/v1/papers/" + id + "/original", "/api/v1/papers/" + id + "/verify"} {
		if got := minh.get(path); got.code != http.StatusNotFound {
			t.Errorf("%s for another unit = %d, want as if it were not there", path, got.code)
		}
	}
	if got := minh.json("/api/v1/papers/"+id+"/reject", map[string]string{"reason": "không phải của tôi"}); got.code != http.StatusNotFound {
		t.Errorf("another unit rejecting = %d %s", got.code, got.body)
	}
	for _, unit := range []string{"", "H42", "H42.15"} {
		got := decode[pipeline.Found](t, minh.json("/api/v1/find", map[string]string{"number": "H42.15", "unit": unit}))
		if len(got.Hits) != 0 {
			t.Errorf("another unit finds %d papers asking for unit %q", len(got.Hits), unit)
		}
	}
	if got := b.enter(t, "giam").get("/papers/" + id); got.code != http.StatusOK {
		t.Errorf("a reader of all units = %d", got.code)
	}
}

func TestEveryLookIsLogged(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.account(t, "lan", gate.Clerk, "")
	lan := b.enter(t, "lan")
	id := string(lan.send("a.pdf", "H42.15-221011-0001", "%PDF-1.7 a").ID)
	asked := lan.post("/lookup", map[string]string{"box": "Nguyễn Văn A"}).header.Get("Location")
	dossier := lan.get("/papers/" + id + "/dossier").header.Get("Location")
	for _, path := range []string{"/papers/" + id, "/papers/" + id + "/preview", "/papers/" + id + "/download/original", dossier, "/papers/" + id + "/verdict", asked, "/api/v1/papers/" + id} {
		before := len(b.log())
		if got := lan.get(path); got.code != http.StatusOK {
			t.Fatalf("%s = %d", path, got.code)
		}
		log := b.log()
		if len(log) != before+1 || log[before].Account != "lan" || log[before].Remote != "127.0.0.1" {
			t.Errorf("%s left %+v in the log", path, log[before:])
		}
	}
	before := len(b.log())
	for range 5 {
		lan.get("/api/v1/papers/" + id)
	}
	if n := len(b.log()) - before; n != 0 {
		t.Errorf("a program asking every moment left %d more rows", n)
	}
	b.breakLog()
	for _, path := range []string{"/papers/" + id, "/papers/" + id + "/download/original", asked, "/api/v1/papers/" + id + "/original"} {
		if got := lan.get(path); got.code != http.StatusServiceUnavailable || strings.Contains(got.body, "%PDF") {
			t.Errorf("%s without a log = %d", path, got.code)
		}
	}
}

func TestAnswersBelongToWhoAsked(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.account(t, "lan", gate.Clerk, "")
	b.account(t, "minh", gate.Clerk, "")
	where := b.enter(t, "lan").post("/lookup", map[string]string{"box": "Nguyễn Văn A"}).header.Get("Location")
	for _, name := range []string{"minh", "lan"} { // lan in another session too
		if got := b.enter(t, name).get(where); got.code != http.StatusGone || strings.Contains(got.body, "Nguyễn Văn A") {
			t.Errorf("%s elsewhere sees %d", name, got.code)
		}
	}
}

func TestForgedRequests(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.account(t, "lan", gate.Clerk, "")
	lan := b.enter(t, "lan")
	id := string(lan.send("a.pdf", "", "%PDF a").ID)
	form := "application/x-www-form-urlencoded"
	for _, c := range []struct {
		name, path, body string
		header           []string
	}{
		{"no form token", "/papers/" + id + "/reject", "reason=forged", []string{"Content-Type", form}},
		{"wrong form token", "/papers/" + id + "/reject", "reason=forged&token=00", []string{"Content-Type", form}},
		{"form token in the address", "/papers/" + id + "/reject?token=" + lan.form, "reason=forged", []string{"Content-Type", form}},
		{"another site", "/papers/" + id + "/reject", "reason=forged&token=" + lan.form, []string{"Content-Type", form, "Sec-Fetch-Site", "cross-site"}},
		{"another origin", "/papers/" + id + "/reject", "reason=forged&token=" + lan.form, []string{"Content-Type", form, "Origin", "https://evil.example"}},
		{"API without the token", "/api/v1/papers/" + id + "/reject", `{"reason":"forged"}`, nil},
		{"upload without the token", "/api/v1/papers", "%PDF forged", nil},
		{"login from another site", "/login", "account=lan&secret=x", []string{"Content-Type", form, "Sec-Fetch-Site", "cross-site"}},
	} {
		got := lan.do("POST", c.path, strings.NewReader(c.body), c.header...)
		if got.code != http.StatusForbidden {
			t.Errorf("%s = %d, want 403", c.name, got.code)
		}
	}
	if p := b.paper(pipeline.PaperID(id)); p.State != pipeline.Received {
		t.Errorf("a forged request moved the paper to %s", p.State)
	}
}

func TestCookieIsNoBearerAndBearerNoCookie(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.account(t, "lan", gate.Clerk, "")
	lan, program := b.enter(t, "lan"), b.program(t, "lan")
	if got := program.send("a.pdf", "", "%PDF a"); got.ID == "" {
		t.Error("a program cannot hand in")
	}
	swapped := &person{t: t, b: b, bearer: lan.cookie}
	if got := swapped.get("/api/v1/status"); got.code != http.StatusUnauthorized || got.header.Get("WWW-Authenticate") == "" {
		t.Errorf("a cookie as a bearer token = %d", got.code)
	}
	swapped = &person{t: t, b: b, cookie: program.bearer}
	if got := swapped.get("/api/v1/status"); got.code != http.StatusUnauthorized {
		t.Errorf("a bearer token as a cookie = %d", got.code)
	}
	if got := decode[map[string]any](t, program.get("/api/v1/status")); got["account"] != "lan" {
		t.Errorf("status = %v", got)
	}
}

func TestLogout(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.account(t, "lan", gate.Clerk, "")
	lan := b.enter(t, "lan")
	if got := lan.post("/logout", nil); got.code != http.StatusSeeOther || !strings.Contains(got.header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("logout = %d %v", got.code, got.header)
	}
	if got := lan.get("/"); got.header.Get("Location") != "/login" {
		t.Errorf("after logout = %d to %q", got.code, got.header.Get("Location"))
	}
}

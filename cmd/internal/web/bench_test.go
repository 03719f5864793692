package web_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"hoso/cmd/internal/web"
	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// bench is a site over a world, and a server of it.
type bench struct {
	*world
	gate *gate.Gate
	site *web.Site
	url  string
}

func newBench(t *testing.T, change ...func(*web.Options)) *bench {
	t.Helper()
	w := newWorld()
	g := gate.New(w, w, w.clock)
	o := web.Options{
		Searches: w,
		Office:   w, Shelf: w, Catalog: w, Known: w, Journal: w, Gate: g, Observer: w, Repository: &repository{w: w}, Now: w.clock, Demo: true,
		Agency: "Trung tâm Phục vụ hành chính công", Version: "thử",
		Limits: []string{"Kho có kiểm tra SHA-256 khi ghi.", "Kho không có khóa chống xóa (Object Lock): hãy sao lưu hằng ngày."},
	}
	for _, c := range change {
		c(&o)
	}
	site, err := web.New(o)
	if err != nil {
		t.Fatal(err)
	}
	site.SetPatience(2 * time.Second) // a busy machine leaves an honest sender lying for a while
	server := httptest.NewServer(site.Handler())
	t.Cleanup(server.Close)
	ctx, stop := context.WithCancel(t.Context())
	watched := make(chan error, 1)
	go func() { watched <- site.Watch(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-watched; err != nil {
			t.Errorf("Watch: %v", err)
		}
	})
	return &bench{world: w, gate: g, site: site, url: server.URL}
}

// goodHash is made once: hashing is dear by design.
var goodHash = sync.OnceValue(func() string { return gate.Hash(goodSecret) })

const goodSecret = "một câu dài dễ nhớ"

// account makes an account that has changed its first secret.
func (b *bench) account(t *testing.T, name string, role gate.Role, unit string) {
	t.Helper()
	if err := b.PutAccount(t.Context(), gate.Account{Name: name, Role: role, Unit: unit, Created: b.clock(), Hash: goodHash()}); err != nil {
		t.Fatal(err)
	}
}

// person is somebody with a browser or a bearer token.
type person struct {
	t      *testing.T
	b      *bench
	cookie string
	bearer string
	form   string
}

func (b *bench) enter(t *testing.T, name string) *person {
	t.Helper()
	token, _, err := b.gate.Login(t.Context(), gate.Attempt{Account: name, Secret: goodSecret, Address: netip.MustParseAddr("127.0.0.1")})
	if err != nil {
		t.Fatalf("logging in as %s: %v", name, err)
	}
	p := &person{t: t, b: b, cookie: token}
	p.form = between(p.get("/lookup").body, `data-token="`, `"`)
	return p
}

func (b *bench) program(t *testing.T, name string) *person {
	t.Helper()
	token, err := b.gate.Token(t.Context(), name, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return &person{t: t, b: b, bearer: token}
}

type answer struct {
	code   int
	header http.Header
	body   string
}

func (p *person) do(method, path string, body io.Reader, header ...string) answer {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.b.url+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	if p.cookie != "" {
		r.AddCookie(&http.Cookie{Name: "hoso", Value: p.cookie})
	}
	if p.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+p.bearer)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		p.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatalf("%s %s: reading: %v", method, path, err)
	}
	return answer{resp.StatusCode, resp.Header, string(raw)}
}

func (p *person) get(path string) answer { p.t.Helper(); return p.do("GET", path, nil) }

func (p *person) json(path string, value any) answer {
	p.t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.do("POST", path, bytes.NewReader(raw), "Content-Type", "application/json", "Hoso-Token", p.form)
}

func (p *person) post(path string, form map[string]string) answer {
	p.t.Helper()
	v := make([]string, 0, len(form)+1)
	for k, s := range form {
		v = append(v, k+"="+escape(s))
	}
	v = append(v, "token="+p.form)
	return p.do("POST", path, strings.NewReader(strings.Join(v, "&")), "Content-Type", "application/x-www-form-urlencoded")
}

func (p *person) send(name, number, content string) pipeline.Receipt {
	p.t.Helper()
	a := p.do("POST", "/api/v1/papers", strings.NewReader(content), "Hoso-File-Name", escape(name), "Hoso-Dossier", number, "Hoso-Token", p.form)
	if a.code != 201 && a.code != 200 {
		p.t.Fatalf("sending: %d %s", a.code, a.body)
	}
	return decode[pipeline.Receipt](p.t, a)
}

func decode[T any](t *testing.T, a answer) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("decoding %d %q: %v", a.code, a.body, err)
	}
	return v
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

func escape(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// listening is an open stream of events.
type listening struct {
	t     *testing.T
	lines *bufio.Scanner
}

func (p *person) stream(ctx context.Context, path string) *listening {
	p.t.Helper()
	r, err := http.NewRequestWithContext(ctx, "GET", p.b.url+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "hoso", Value: p.cookie})
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = resp.Body.Close() }) // only read from
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/event-stream" {
		p.t.Fatalf("%s = %d %q", path, resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	return &listening{p.t, lines}
}

// until reads news until one of them says so.
func (l *listening) until(text string) {
	l.t.Helper()
	for l.lines.Scan() {
		if strings.Contains(l.lines.Text(), text) {
			return
		}
	}
	l.t.Fatalf("the stream ended before it said %q: %v", text, l.lines.Err())
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path) //nolint:gosec // the test names it
	if err != nil {
		t.Fatal(err)
	}
	return b
}

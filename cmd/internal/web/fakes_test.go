package web_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hoso/cmd/internal/web"
	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// world is everything a site needs, in memory, moved by the test.
type world struct {
	mu       sync.Mutex
	now      time.Time
	papers   map[pipeline.PaperID]pipeline.Paper
	events   map[pipeline.PaperID][]pipeline.Event
	bytes    map[pipeline.Digest][]byte
	text     map[pipeline.PaperID]string
	progress map[pipeline.PaperID]web.Progress
	views    []web.View
	accounts map[string]gate.Account
	sessions map[string][]byte
	down     error // what every move answers, if set
	logDown  error
	damaged  pipeline.Digest
	slow     chan struct{} // what receiving waits for
	gone     error         // of the context of the last receiving
}

func newWorld() *world {
	return &world{
		now:      time.Date(2026, 11, 23, 7, 30, 0, 0, time.UTC),
		papers:   map[pipeline.PaperID]pipeline.Paper{},
		events:   map[pipeline.PaperID][]pipeline.Event{},
		bytes:    map[pipeline.Digest][]byte{},
		text:     map[pipeline.PaperID]string{},
		progress: map[pipeline.PaperID]web.Progress{},
		accounts: map[string]gate.Account{},
		sessions: map[string][]byte{},
	}
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func newID() pipeline.PaperID {
	const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	raw := make([]byte, 26)
	_, _ = rand.Read(raw)
	for i := range raw {
		raw[i] = letters[raw[i]%32]
	}
	raw[0] = '0'
	return pipeline.PaperID(raw)
}

func (w *world) Receive(ctx context.Context, h web.Handed) (pipeline.Receipt, error) {
	body, err := io.ReadAll(h.Body)
	if err != nil {
		return pipeline.Receipt{}, fmt.Errorf("receiving: %w", err)
	}
	w.mu.Lock()
	slow := w.slow
	w.mu.Unlock()
	if slow != nil {
		<-slow
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gone = ctx.Err()
	if w.down != nil {
		return pipeline.Receipt{}, w.down
	}
	if len(body) == 0 {
		return pipeline.Receipt{}, pipeline.Refuse(pipeline.Reason{Code: "empty-file", English: "the file has no bytes", Vietnamese: "Tệp rỗng."}, nil)
	}
	d := pipeline.Sum(body)
	for _, p := range w.papers {
		if p.Original == d && p.Dossier.Key() == h.Dossier.Key() {
			return receiptOf(p, true), nil
		}
	}
	p := pipeline.Paper{
		ID: newID(), Dossier: h.Dossier, Kind: h.Kind, Unit: h.Unit, FileName: h.FileName, Original: d, Size: int64(len(body)),
		Media: http.DetectContentType(body), Lane: h.Lane, Sender: h.Sender, Received: w.now, State: pipeline.Received, Gen: 1, Updated: w.now,
	}
	w.bytes[d] = body
	w.papers[p.ID] = p
	w.tell(p, "received", h.Sender)
	return receiptOf(p, false), nil
}

func receiptOf(p pipeline.Paper, again bool) pipeline.Receipt {
	return pipeline.Receipt{ID: p.ID, Dossier: p.Dossier, State: p.State, Digest: p.Original, Size: p.Size, FileName: p.FileName, Received: p.Received, Again: again}
}

func (w *world) tell(p pipeline.Paper, what, actor string) {
	w.events[p.ID] = append(w.events[p.ID], pipeline.Event{Paper: p.ID, Seq: int64(len(w.events[p.ID]) + 1), Time: w.now, Actor: actor, What: what, To: p.State, Reason: p.Reason})
}

// move changes a paper as the workers would.
func (w *world) move(id pipeline.PaperID, what string, change func(*pipeline.Paper)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.papers[id]
	change(&p)
	p.Gen++
	w.now = w.now.Add(700 * time.Millisecond)
	p.Updated = w.now
	w.papers[id] = p
	w.tell(p, what, "hoso")
}

func (w *world) put(b []byte) pipeline.Digest {
	w.mu.Lock()
	defer w.mu.Unlock()
	d := pipeline.Sum(b)
	w.bytes[d] = b
	return d
}

func (w *world) settle(id pipeline.PaperID, what, actor string, change func(*pipeline.Paper) error) (pipeline.Paper, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.down != nil {
		return pipeline.Paper{}, w.down
	}
	p, ok := w.papers[id]
	if !ok {
		return p, fs.ErrNotExist
	}
	if err := change(&p); err != nil {
		return p, err
	}
	p.Gen++
	w.papers[id] = p
	w.tell(p, what, actor)
	return p, nil
}

func (w *world) SetNumber(_ context.Context, id pipeline.PaperID, n pipeline.DossierNumber, actor string) (pipeline.Paper, error) {
	return w.settle(id, "number set", actor, func(p *pipeline.Paper) error {
		if p.State != pipeline.Confirming {
			return fmt.Errorf("setting: %w", pipeline.ErrStale)
		}
		p.Dossier, p.State, p.Reason = n, pipeline.Recognized, pipeline.Reason{}
		return nil
	})
}

func (w *world) Reject(_ context.Context, id pipeline.PaperID, reason pipeline.Reason, actor string) (pipeline.Paper, error) {
	return w.settle(id, "rejected", actor, func(p *pipeline.Paper) error {
		p.State, p.Reason = pipeline.Rejected, reason
		return nil
	})
}

func (w *world) Retry(_ context.Context, id pipeline.PaperID, actor string) (pipeline.Paper, error) {
	return w.settle(id, "retry asked", actor, func(p *pipeline.Paper) error {
		if p.State != pipeline.Failed && p.State != pipeline.Confirming {
			return fmt.Errorf("retrying: %w", pipeline.ErrStale)
		}
		p.State, p.Reason = pipeline.Received, pipeline.Reason{}
		return nil
	})
}

func (w *world) Open(_ context.Context, id pipeline.PaperID, what web.Artifact) (web.Opened, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p, ok := w.papers[id]
	if !ok {
		return web.Opened{}, fs.ErrNotExist
	}
	d, media := p.Original, p.Media
	switch what {
	case web.Record:
		d, media = p.Record, "application/pdf"
	case web.Words:
		d, media = p.Words, "application/json"
	}
	body, ok := w.bytes[d]
	if !ok {
		return web.Opened{}, fs.ErrNotExist
	}
	var r io.Reader = bytes.NewReader(body)
	if d == w.damaged {
		r = damagedReader{r}
	}
	return web.Opened{Body: io.NopCloser(r), Size: int64(len(body)), Media: media}, nil
}

func (w *world) Verify(_ context.Context, id pipeline.PaperID) (web.Verdict, error) {
	p, err := w.Paper(context.Background(), id)
	if err != nil {
		return web.Verdict{}, err
	}
	return web.Verdict{Passed: true, Signature: p.Sealed, Checks: []web.Check{
		{Name: "fixity", Passed: true, English: "bytes match", Say: "Bản ký và bản gốc còn nguyên vẹn, đúng mã SHA-256."},
		{Name: "structure", Passed: true, English: "PDF/A-2u", Say: "Cấu trúc PDF/A-2u đúng, đủ số trang."},
		{Name: "signature", Passed: true, English: "covers the file", Say: "Chữ ký số phủ toàn bộ tệp, không có thay đổi sau khi ký."},
	}}, nil
}

func (w *world) Paper(_ context.Context, id pipeline.PaperID) (pipeline.Paper, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p, ok := w.papers[id]
	if !ok {
		return p, fmt.Errorf("loading paper: %w", fs.ErrNotExist)
	}
	return p, nil
}

func (w *world) Events(_ context.Context, id pipeline.PaperID) ([]pipeline.Event, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.events[id]), nil
}

func (w *world) Find(_ context.Context, q pipeline.Query) (pipeline.Found, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var hits []pipeline.Hit
	for _, p := range w.papers {
		if snippet, ok := w.matches(p, q); ok {
			hits = append(hits, pipeline.Hit{Paper: p, Snippet: snippet})
		}
	}
	slices.SortFunc(hits, func(a, b pipeline.Hit) int {
		if c := b.Paper.Received.Compare(a.Paper.Received); c != 0 {
			return c
		}
		return strings.Compare(string(b.Paper.ID), string(a.Paper.ID))
	})
	limit := q.Limit
	if limit == 0 {
		limit = 20
	}
	found := pipeline.Found{Total: len(hits)}
	for i, h := range hits {
		if q.After != "" && !slices.ContainsFunc(hits[:i], func(h pipeline.Hit) bool { return string(h.Paper.ID) == q.After }) {
			continue
		}
		if len(found.Hits) == limit {
			found.Next = string(found.Hits[limit-1].Paper.ID)
			break
		}
		found.Hits = append(found.Hits, h)
	}
	return found, nil
}

func (w *world) matches(p pipeline.Paper, q pipeline.Query) (pipeline.Snippet, bool) {
	switch {
	case q.Kind != "" && p.Kind != q.Kind, q.State != "" && p.State != q.State:
		return nil, false
	case !q.From.IsZero() && p.Received.Before(q.From), !q.To.IsZero() && !p.Received.Before(q.To):
		return nil, false
	case q.Unit != "" && p.Unit != q.Unit && !strings.HasPrefix(p.Unit, q.Unit+"."):
		return nil, false
	}
	if q.Number != "" && !slices.ContainsFunc(pipeline.NumberPrefixes(q.Number), func(s string) bool { return strings.HasPrefix(p.Dossier.Key(), s) }) {
		return nil, false
	}
	if q.Text == "" {
		return nil, true
	}
	text := w.text[p.ID]
	i := strings.Index(strings.ToLower(text), strings.ToLower(q.Text))
	if i < 0 {
		return nil, false
	}
	end := i + len(q.Text)
	return pipeline.Snippet{{Text: "…" + text[max(0, i-60):i]}, {Text: text[i:end], Match: true}, {Text: text[end:min(len(text), end+120)] + "…"}}, true
}

func (w *world) Balance(context.Context) (pipeline.Balance, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	b := pipeline.Balance{ByState: map[pipeline.State]int64{}}
	for _, p := range w.papers {
		b.Received++
		b.ByState[p.State]++
		switch {
		case p.State == pipeline.Filed:
			b.Filed++
		case p.State == pipeline.Rejected:
			b.Rejected++
		case p.State.Waiting():
			b.Waiting++
		default:
			b.Open++
		}
	}
	return b, nil
}

func (w *world) LogView(_ context.Context, v web.View) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.logDown != nil {
		return w.logDown
	}
	w.views = append(w.views, v)
	return nil
}

func (w *world) Progress(_ context.Context, id pipeline.PaperID) (web.Progress, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.progress[id], nil
}

func (w *world) Services(context.Context) []web.Service {
	return []web.Service{
		{Name: "Hàng đợi", Healthy: true, Say: "Hàng đợi xử lý đang hoạt động."},
		{Name: "Kho lưu trữ", Healthy: true, Say: "Kho lưu trữ tệp đang hoạt động."},
		{Name: "Máy chủ dấu thời gian", Healthy: false, Say: "Máy chủ dấu thời gian không trả lời từ 14:20; các bản ký đang chờ, không mất giấy tờ nào."},
	}
}

func (w *world) Account(_ context.Context, name string) (gate.Account, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	a, ok := w.accounts[name]
	if !ok {
		return a, fs.ErrNotExist
	}
	return a, nil
}

func (w *world) PutAccount(_ context.Context, a gate.Account) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.accounts[a.Name] = a
	return nil
}

func (w *world) Accounts(context.Context) ([]gate.Account, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make([]gate.Account, 0, len(w.accounts))
	for _, a := range w.accounts {
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b gate.Account) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

func (w *world) PutSession(_ context.Context, key string, data []byte, _ time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sessions[key] = data
	return nil
}

func (w *world) Session(_ context.Context, key string) ([]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	data, ok := w.sessions[key]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return data, nil
}

func (w *world) DropSession(_ context.Context, key string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.sessions, key)
	return nil
}

func (w *world) log() []web.View {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.views)
}

func (w *world) breakLog() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.logDown = errors.New("disk full")
}

func (w *world) breakMoves(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = err
}

func (w *world) slowDown(until chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.slow = until
}

func (w *world) lastContext() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.gone
}

func (w *world) paper(id pipeline.PaperID) pipeline.Paper {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.papers[id]
}

// damage makes reading an object end in an error, as a store does when a digest is
// not that of the bytes.
func (w *world) damage(d pipeline.Digest) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.damaged = d
}

// damagedReader says at the end that the bytes are not what they should be.
type damagedReader struct{ io.Reader }

func (r damagedReader) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	if errors.Is(err, io.EOF) {
		err = errors.New("digest mismatch")
	}
	return n, err
}

func (w *world) DropExpired(context.Context, time.Time) error { return nil }

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
	o := web.Options{Office: w, Shelf: w, Catalog: w, Journal: w, Gate: g, Observer: w, Now: w.clock, Demo: true,
		Agency: "Trung tâm Phục vụ hành chính công", Version: "thử",
		Limits: []string{"Kho có kiểm tra SHA-256 khi ghi.", "Kho không có khóa chống xóa (Object Lock): hãy sao lưu hằng ngày."}}
	for _, c := range change {
		c(&o)
	}
	site, err := web.New(o)
	if err != nil {
		t.Fatal(err)
	}
	site.SetPatience(300 * time.Millisecond)
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
	defer resp.Body.Close() //nolint:errcheck // only read from
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

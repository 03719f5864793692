package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoso/cmd/internal/web"
	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

type problemJSON struct {
	Code    string            `json:"code"`
	Message string            `json:"message"`
	Detail  string            `json:"detail"`
	Receipt *pipeline.Receipt `json:"receipt"`
}

func clerk(t *testing.T, change ...func(*web.Options)) (*bench, *person) {
	t.Helper()
	b := newBench(t, change...)
	b.account(t, "lan", gate.Clerk, "")
	return b, b.enter(t, "lan")
}

func TestErrorsAsProblems(t *testing.T) {
	t.Parallel()
	b, lan := clerk(t)
	id := string(lan.send("a.pdf", "", "%PDF a").ID)
	down := &pipeline.Unavailable{What: "object storage", After: 30 * time.Second, Err: errors.New("connection refused to 10.0.0.7")}
	for _, c := range []struct {
		name   string
		down   error
		path   string
		body   string
		status int
		code   string
	}{
		{"stale", nil, "/api/v1/papers/" + id + "/retry", "", 409, "stale"},
		{"malformed number", nil, "/api/v1/papers/" + id + "/number", `{"number":"H42"}`, 422, "dossier-number"},
		{"number of tomorrow", nil, "/api/v1/papers/" + id + "/number", `{"number":"H42.15-261124-0001"}`, 422, "future-number"},
		{"no reason", nil, "/api/v1/papers/" + id + "/reject", `{"reason":" "}`, 422, "reason"},
		{"no such paper", nil, "/api/v1/papers/01ARZ3NDEKTSV4RRFFQ69G5FAV/retry", "", 404, "not-found"},
		{"no paper ID", nil, "/api/v1/papers/..%2f..%2fetc/retry", "", 404, "not-found"},
		{"no JSON", nil, "/api/v1/find", "{", 400, "json"},
		{"broken UTF-8", nil, "/api/v1/find", "{\"text\":\"\xff\"}", 400, "json"},
		{"unknown state", nil, "/api/v1/find", `{"state":"gone"}`, 422, "state"},
		{"no such day, as people write it", nil, "/api/v1/find", `{"from":"30/2/2026"}`, 422, "day"},
		{"no such day", nil, "/api/v1/find", `{"from":"2026-02-30"}`, 422, "day"},
		{"too much", nil, "/api/v1/find", `{"text":"` + strings.Repeat("x", 70_000) + `"}`, 413, "too-large"},
		{"unavailable", down, "/api/v1/papers/" + id + "/retry", "", 503, "unavailable"},
		{"surprise", errors.New("secret inner detail"), "/api/v1/papers/" + id + "/retry", "", 500, "internal"},
	} {
		b.breakMoves(c.down)
		got := lan.do("POST", c.path, strings.NewReader(c.body), "Hoso-Token", lan.form)
		p := decode[problemJSON](t, got)
		if got.code != c.status || p.Code != c.code || p.Message == "" {
			t.Errorf("%s = %d %+v, want %d %s", c.name, got.code, p, c.status, c.code)
		}
		if strings.Contains(got.body, "inner") || strings.Contains(got.body, "10.0.0.7") {
			t.Errorf("%s tells a stranger about our insides: %s", c.name, got.body)
		}
		if c.status == 503 && got.header.Get("Retry-After") != "30" {
			t.Errorf("%s: Retry-After = %q", c.name, got.header.Get("Retry-After"))
		}
	}
}

func TestReceiveByForm(t *testing.T) {
	t.Parallel()
	_, lan := clerk(t)
	form := func(files ...string) (*bytes.Buffer, string) {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		for _, f := range [][2]string{{"dossier", "H42.15-221011-0001"}, {"kind", "result"}} {
			if err := w.WriteField(f[0], f[1]); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range files {
			part, err := w.CreateFormFile("file", f)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(part, "%%PDF %s", f)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return &body, w.FormDataContentType()
	}
	body, media := form("../../quét.pdf")
	got := lan.do("POST", "/api/v1/papers", body, "Content-Type", media, "Hoso-Token", lan.form)
	receipt := decode[pipeline.Receipt](t, got)
	if got.code != 201 || receipt.FileName != "quét.pdf" || receipt.Dossier.String() != "H42.15-221011-0001" || got.header.Get("Location") != "/api/v1/papers/"+string(receipt.ID) {
		t.Errorf("a form = %d %s %v", got.code, got.body, got.header)
	}
	body, media = form("a.pdf", "b.pdf")
	got = lan.do("POST", "/api/v1/papers", body, "Content-Type", media, "Hoso-Token", lan.form)
	if p := decode[problemJSON](t, got); got.code != 400 || p.Code != "one-file-only" || p.Receipt == nil || p.Receipt.FileName != "a.pdf" {
		t.Errorf("two files in a form = %d %s", got.code, got.body)
	}
	body, media = form()
	if got = lan.do("POST", "/api/v1/papers", body, "Content-Type", media, "Hoso-Token", lan.form); got.code != 400 {
		t.Errorf("a form without a file = %d %s", got.code, got.body)
	}
}

func TestReceiveRefuses(t *testing.T) {
	t.Parallel()
	b, lan := clerk(t, func(o *web.Options) { o.MaxUpload = 1 << 20 })
	big := strings.Repeat("x", 1<<20+1)
	for _, c := range []struct {
		name   string
		body   io.Reader
		header []string
		status int
		code   string
	}{
		{"empty", strings.NewReader(""), nil, 422, "empty-file"},
		{"announced too large", strings.NewReader(strings.Repeat("x", 3<<20)), nil, 413, "too-large"},
		{"too large without saying", io.MultiReader(strings.NewReader(big)), nil, 413, "too-large"},
		{"a little too large", strings.NewReader(big), nil, 413, "too-large"},
		{"bad number", strings.NewReader("x"), []string{"Hoso-Dossier", "H42"}, 422, "dossier-number"},
		{"bad kind", strings.NewReader("x"), []string{"Hoso-Kind", "virus"}, 400, "kind"},
		{"bad name", strings.NewReader("x"), []string{"Hoso-File-Name", "%zz"}, 400, "file-name"},
	} {
		got := lan.do("POST", "/api/v1/papers", c.body, append(c.header, "Hoso-Token", lan.form)...)
		if p := decode[problemJSON](t, got); got.code != c.status || p.Code != c.code {
			t.Errorf("%s = %d %+v, want %d %s", c.name, got.code, p, c.status, c.code)
		}
	}
	if balance, err := b.Balance(t.Context()); err != nil || balance.Received != 0 {
		t.Errorf("received %d papers, want none (%v)", balance.Received, err)
	}
}

// TestCutUpload breaks the line in the middle of a paper and sends it again.
func TestCutUpload(t *testing.T) {
	t.Parallel()
	b, lan := clerk(t)
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(b.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "POST /api/v1/papers HTTP/1.1\r\nHost: desk\r\nContent-Length: 1000\r\nCookie: hoso=%s\r\nHoso-Token: %s\r\nHoso-File-Name: a.pdf\r\n\r\n%%PDF half", lan.cookie, lan.form)
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	reply, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(reply, []byte("cut-upload")) || !bytes.HasPrefix(reply, []byte("HTTP/1.1 400")) {
		t.Errorf("a cut upload was answered with %q", reply)
	}
	if receipt := lan.send("a.pdf", "", "%PDF whole"); receipt.Again || receipt.Size != 10 {
		t.Errorf("sending again = %+v", receipt)
	}
}

// TestSilentSender says half a paper and then nothing.
func TestSilentSender(t *testing.T) {
	t.Parallel()
	b, lan := clerk(t)
	for _, path := range []string{"/api/v1/papers", "/api/v1/find"} {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(b.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: desk\r\nContent-Length: 1000\r\nCookie: hoso=%s\r\nHoso-Token: %s\r\n\r\n{", path, lan.cookie, lan.form)
		if err := conn.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(conn); err != nil {
			t.Errorf("%s: a silent sender is still waited for: %v", path, err)
		}
	}
}

// TestPatienceIsForSendersOnly lets the office and a stream take longer than a sender
// may be silent.
func TestPatienceIsForSendersOnly(t *testing.T) {
	t.Parallel()
	b, lan := clerk(t)
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	news := lan.stream(ctx, "/api/v1/events")
	slow := make(chan struct{})
	b.slowDown(slow)
	late := time.AfterFunc(3*time.Second, func() { close(slow) }) // longer than the patience of the bench
	defer late.Stop()
	receipt := lan.send("a.pdf", "", "%PDF slow")
	if err := b.lastContext(); err != nil {
		t.Errorf("the office was told that the sender had gone: %v", err)
	}
	news.until(string(receipt.ID))
}

func TestHostileNames(t *testing.T) {
	t.Parallel()
	_, lan := clerk(t)
	for i, c := range []struct{ sent, kept string }{
		{"../../../etc/cron.d/x", "x"},
		{"a\r\nSet-Cookie: evil=1\r\n.pdf", "a Set-Cookie_ evil=1 .pdf"},
		{`"><script>alert(1)</script>.pdf`, "script_.pdf"},
		{"\u202efdp.exe", "fdp.exe"},
		{"Giấy đề nghị.pdf", "Giấy đề nghị.pdf"},
		{"Gia\u0302\u0301y NFD.pdf", "Giấy NFD.pdf"},
	} {
		receipt := lan.send(c.sent, "", fmt.Sprint("%PDF ", i))
		if receipt.FileName != c.kept {
			t.Errorf("%q is kept as %q, want %q", c.sent, receipt.FileName, c.kept)
		}
		got := lan.get("/papers/" + string(receipt.ID) + "/download/original")
		if got.header.Get("Set-Cookie") != "" || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment; filename=") {
			t.Errorf("%q goes out as %v", c.sent, got.header)
		}
		if body := lan.get("/").body; strings.Contains(body, "<script>alert") {
			t.Errorf("%q runs on the page", c.sent)
		}
	}
	long := lan.send(strings.Repeat("giấy tờ ", 40)+".pdf", "", "%PDF long")
	if len(long.FileName) > 200 || !strings.HasSuffix(long.FileName, ".pdf") {
		t.Errorf("a long name is kept as %d bytes: %q", len(long.FileName), long.FileName)
	}
}

func TestDocumentTellsOfEveryRoute(t *testing.T) {
	t.Parallel()
	b, lan := clerk(t)
	var doc struct {
		OpenAPI string `json:"openapi"`
		Paths   map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal([]byte(lan.get("/api/v1/openapi.json").body), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.OpenAPI != "3.1.0" {
		t.Errorf("openapi = %q", doc.OpenAPI)
	}
	routes := 0
	for _, r := range b.site.Routes() {
		path, ok := strings.CutPrefix(r.Path, "/api/v1")
		if !ok {
			continue
		}
		routes++
		if _, ok := doc.Paths[path][strings.ToLower(r.Method)]; !ok {
			t.Errorf("the document lacks %s %s", r.Method, path)
		}
	}
	told := 0
	for _, methods := range doc.Paths {
		for method := range methods {
			if method != "parameters" {
				told++
			}
		}
	}
	if told != routes {
		t.Errorf("the document tells of %d operations, there are %d", told, routes)
	}
}

func TestCheckNumber(t *testing.T) {
	t.Parallel()
	_, lan := clerk(t)
	for _, c := range []struct {
		typed         string
		valid, begins bool
		unit, day     string
	}{
		{"000.00.15.h42–221011–0001", true, true, "H42.15", "11/10/2022"},
		{"G09.20-20260609-0092637", true, true, "G09.20", "09/06/2026"},
		{"H42.15-22", false, true, "", ""},
		{"H42.15-2610", false, true, "", ""},
		{"H42.15-261130-0001", false, false, "", ""},
		{"H42.15–221399–0001", false, false, "", ""},
		{"chào", false, false, "", ""},
	} {
		got := decode[struct {
			Valid, Begins      bool
			Unit, Day, Message string
		}](t, lan.json("/api/v1/numbers/check", map[string]string{"number": c.typed}))
		if got.Valid != c.valid || got.Begins != c.begins || got.Unit != c.unit || got.Day != c.day || got.Message == "" {
			t.Errorf("%q reads as %+v", c.typed, got)
		}
	}
}

func TestDamagedBytesNeverArriveWhole(t *testing.T) {
	t.Parallel()
	b, lan := clerk(t)
	receipt := lan.send("a.pdf", "", "%PDF "+strings.Repeat("x", 700<<10))
	b.damage(receipt.Digest)
	r, err := http.NewRequestWithContext(t.Context(), "GET", b.url+"/papers/"+string(receipt.ID)+"/download/original", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "hoso", Value: lan.cookie})
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got, err := io.ReadAll(resp.Body); err == nil || len(got) >= 700<<10 {
		t.Errorf("damaged bytes arrived: %d of them, error %v", len(got), err)
	}
}

func TestLocalHandlerNeedsNoLogin(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := filepath.Join(t.TempDir(), "hoso.sock")
	socket, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", path)
	if err != nil {
		t.Fatal(err)
	}
	server := web.Server(b.site.LocalHandler(), slog.New(slog.DiscardHandler))
	served := make(chan error, 1)
	go func() { served <- server.Serve(socket) }()
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("serving: %v", err)
		}
	})
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}}
	r, err := http.NewRequestWithContext(t.Context(), "POST", "http://hoso/api/v1/papers", strings.NewReader("%PDF a"))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var receipt pipeline.Receipt
	if err := json.NewDecoder(resp.Body).Decode(&receipt); err != nil || resp.StatusCode != 201 {
		t.Fatalf("handing in through the socket = %d, %v", resp.StatusCode, err)
	}
	if p := b.paper(receipt.ID); p.Sender != "local" {
		t.Errorf("sender = %q", p.Sender)
	}
}

func TestServerCutsHugeHeaders(t *testing.T) {
	t.Parallel()
	s := web.Server(http.NotFoundHandler(), slog.New(slog.DiscardHandler))
	if s.ReadHeaderTimeout <= 0 || s.ReadHeaderTimeout > 30*time.Second || s.MaxHeaderBytes > 64<<10 || s.IdleTimeout <= 0 || s.ReadTimeout != 0 {
		t.Errorf("limits = %+v", s)
	}
}

// TestFullDiskIsToldAsSuch: that a disk is full does not mend by itself, so whoever hands
// something in is told so, and that it was not received.
func TestFullDiskIsToldAsSuch(t *testing.T) {
	t.Parallel()
	b, lan := clerk(t)
	b.breakMoves(&pipeline.Unavailable{What: "the receiving disk", Err: errors.New("0 bytes are free in /var/lib")})
	got := lan.do("POST", "/api/v1/papers", strings.NewReader("%PDF a"), "Hoso-Token", lan.form, "Hoso-File-Name", "a.pdf")
	p := decode[problemJSON](t, got)
	if got.code != 503 || p.Code != "unavailable" || !strings.Contains(p.Message, "chưa được nhận") || !strings.Contains(p.Message, "Ổ đĩa của máy chủ sắp đầy") || strings.Contains(got.body, "/var/lib") {
		t.Errorf("a full disk = %d %s", got.code, got.body)
	}
}

package main_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"hoso/pipeline"
	"hoso/testdata/judge"
)

// TestExternal is the journey with nothing embedded: queue, objects, catalog, key and
// timestamp authority are all servers and files of others, put in place by
// configuration alone.
func TestExternal(t *testing.T) {
	t.Parallel()
	o := startOutside(t)
	s := newService(t, o.env...)
	for _, word := range []string{"redis-server", "hoso-s3 /"} {
		if pids := s.descendants(word); len(pids) > 0 {
			t.Errorf("%q runs below the service (%v) although an external one is configured", word, pids)
		}
	}
	papers, code := s.submitted(filepath.Join(scans, "quyet-dinh.jpg"), filepath.Join(scans, "ho-so-3-trang.pdf"))
	if code != 0 || len(papers) != 2 {
		t.Fatalf("submit: exit %d, %+v", code, papers)
	}
	for _, p := range papers {
		if p.State != pipeline.Filed || p.Sealed.Demo || p.Sealed.Signer != "UBND xã Thử Nghiệm" {
			t.Errorf("%s is %s, sealed %+v; want it filed and signed by the agency", p.ID, p.State, p.Sealed)
		}
		s.foundAndGood(p, o.root)
	}
	s.saysWhatItIs(o)
	o.strangerMayNotWork(t)
	s.sharesTheLoad(o)
}

// strangerMayNotWork: a worker that was not given the key does not sign with one that
// it makes up.
func (o *outside) strangerMayNotWork(t *testing.T) {
	t.Helper()
	var env []string
	for _, e := range o.env {
		if !strings.HasPrefix(e, "HOSO_PKCS12") {
			env = append(env, e)
		}
	}
	stranger := startWorker(t, env)
	select {
	case <-stranger.gone:
	case <-time.After(time.Minute):
		t.Fatal("a worker without the key works")
	}
	if code := stranger.cmd.ProcessState.ExitCode(); code != 2 || !strings.Contains(stranger.said.String(), "pkcs12") {
		t.Errorf("a worker without the key: exit %d, want 2 and words about the setting:\n%s", code, stranger.said)
	}
}

// foundAndGood finds, fetches and judges a record by the agency's root alone.
func (s *service) foundAndGood(p pipeline.Paper, root string) {
	t := s.t
	t.Helper()
	if out, code := s.hoso("find", "--json", p.Dossier.String()); code != 0 || !strings.Contains(out, string(p.ID)) {
		t.Errorf("find %s: exit %d, %s", p.Dossier, code, out)
	}
	record := filepath.Join(t.TempDir(), "bản ghi.pdf")
	if _, code := s.hoso("get", string(p.ID), "-o", record); code != 0 {
		t.Fatalf("%s cannot be fetched", p.ID)
	}
	found := judge.PyHanko(t, record, root)
	if len(found) != 1 || !found[0].BottomLine || !found[0].Trusted || found[0].Timestamp == nil ||
		!found[0].Timestamp.Valid || !found[0].Timestamp.Trusted {
		t.Errorf("pyHanko, trusting the agency's root alone: %+v", found)
	}
	if out, code := s.hoso("verify", "--json", string(p.ID)); code != 0 || strings.Contains(out, "DEMO") {
		t.Errorf("verify: exit %d, %s", code, out)
	}
}

// standing is what the service says of itself.
type standing struct {
	pipeline.Balance
	Demo     bool     `json:"demo"`
	Limits   []string `json:"limits"`
	Services []struct {
		Name    string `json:"name"`
		Healthy bool   `json:"healthy"`
		Say     string `json:"vietnamese"`
	} `json:"services"`
}

func (s *service) standing() (standing, time.Duration) {
	s.t.Helper()
	began := time.Now()
	out, code := s.hoso("status", "--json")
	if code != 0 {
		return standing{}, time.Since(began)
	}
	return objects[standing](s.t, out)[0], time.Since(began)
}

// saysWhatItIs makes sure that nothing calls itself a demonstration, that the storage
// that is weaker than it should be is named in plain words, and that no secret shows.
func (s *service) saysWhatItIs(o *outside) {
	t := s.t
	t.Helper()
	now, _ := s.standing()
	if now.Demo {
		t.Error("status says demonstration although key and authority are real")
	}
	limits := strings.Join(now.Limits, "\n")
	for _, want := range []string{"SHA-256", "phiên bản", "Object Lock"} {
		if !strings.Contains(limits, want) {
			t.Errorf("the limits of the storage say nothing of %q: %q", want, limits)
		}
	}
	page := s.page("/status")
	if strings.Contains(page, "DÙNG THỬ") || strings.Contains(page, "dùng thử") {
		t.Error("the status page says demonstration")
	}
	if !strings.Contains(page, "Object Lock") {
		t.Error("the status page does not say what the storage lacks")
	}
	said := s.said.String()
	for _, secret := range []string{keyPassword, queuePassword, "mat-khau-thu"} {
		if strings.Contains(said, secret) || strings.Contains(page, secret) {
			t.Errorf("the secret %q shows", secret)
		}
	}
	if strings.Contains(said, "DEMONSTRATION") {
		t.Error("the greeting says demonstration")
	}
}

// owner is a client that is known as the owner of the data folder, whose name may be longer
// than that of a socket can be.
func (s *service) owner() (client *http.Client, done func()) {
	s.t.Helper()
	dir, err := os.Open(s.data)
	if err != nil {
		s.t.Fatal(err)
	}
	client = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", fmt.Sprintf("/proc/self/fd/%d/hoso.sock", dir.Fd()))
		},
	}}
	return client, func() { _ = dir.Close() } // only looked into
}

// page fetches a page as the owner of the data folder.
func (s *service) page(path string) string {
	s.t.Helper()
	client, done := s.owner()
	defer done()
	answer, err := client.Get("http://hoso" + path) //nolint:noctx // limited above
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s, %v", path, answer.Status, err)
	}
	return string(body)
}

// sharesTheLoad lets a worker on another machine help, kills it in the middle of its
// work, and holds everything against the receipts.
func (s *service) sharesTheLoad(o *outside) {
	t := s.t
	t.Helper()
	before, _ := s.standing()
	other := startWorker(t, o.env)
	seen := o.watchOwners(t)
	sent := s.handIn(16, "batch")
	eventually(t, 90*time.Second, "both workers had papers", func() bool { return seen.count() >= 2 })
	if err := other.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	maps.Copy(sent, s.handIn(6, "desk"))
	s.settle()
	s.holdPapers(sent)
	after, _ := s.standing()
	if after.Filed != before.Filed+int64(len(sent)) || !after.Even() {
		t.Errorf("filed %d papers of %d", after.Filed-before.Filed, len(sent))
	}
	t.Logf("papers held by each worker, as seen from outside: %v", seen.all())
}

// handIn hands in n small papers and gives what was sent under which receipt.
func (s *service) handIn(n int, lane string) map[pipeline.PaperID]pipeline.Digest {
	s.t.Helper()
	dir, sent := s.t.TempDir(), map[pipeline.PaperID]pipeline.Digest{}
	args := []string{"submit", "--json", "--dossier", "H42.15-221011-0007", "--lane", lane}
	for i := range n {
		path := filepath.Join(dir, fmt.Sprintf("giấy %d.jpg", i))
		write(s.t, path, smallScan(7+len(lane), s.scans+i))
		args = append(args, path)
	}
	s.scans += n
	out, code := s.hoso(args...)
	if code != 0 {
		s.t.Fatalf("submit: exit %d: %s", code, out)
	}
	for _, r := range objects[pipeline.Receipt](s.t, out) {
		sent[r.ID] = r.Digest
	}
	if len(sent) != n {
		s.t.Fatalf("%d receipts for %d papers", len(sent), n)
	}
	return sent
}

// owners are the papers that each worker was seen holding.
type owners struct {
	mu   sync.Mutex
	held map[string]map[string]bool
}

func (w *owners) all() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	counted := map[string]int{}
	for name, papers := range w.held {
		counted[name] = len(papers)
	}
	return counted
}

func (w *owners) count() int { return len(w.all()) }

// watchOwners looks into the catalog until the test ends.
func (o *outside) watchOwners(t *testing.T) *owners {
	t.Helper()
	dsn, _ := setting(o.env, "HOSO_CATALOG")
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	w := &owners{held: map[string]map[string]bool{}}
	ctx, stop := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				w.look(ctx, db)
			}
		}
	})
	t.Cleanup(func() {
		stop()
		done.Wait()
		_ = db.Close()
	})
	return w
}

func (w *owners) look(ctx context.Context, db *sql.DB) {
	rows, err := db.QueryContext(ctx, "SELECT owner, id FROM papers WHERE owner <> ''")
	if err != nil {
		return
	}
	defer rows.Close()
	for rows.Next() {
		var name, paper string
		if rows.Scan(&name, &paper) == nil {
			w.mu.Lock()
			if w.held[name] == nil {
				w.held[name] = map[string]bool{}
			}
			w.held[name][paper] = true
			w.mu.Unlock()
		}
	}
	_ = rows.Err()
}

func setting(env []string, name string) (string, bool) {
	for _, e := range env {
		if value, ok := strings.CutPrefix(e, name+"="); ok {
			return value, true
		}
	}
	return "", false
}

// TestKeyThatCannotBeUsed: with a key file that cannot be opened the service does not
// start, and says why in words; a key whose time is over or has not come lets papers
// wait with that reason, as it may be replaced any minute.
func TestKeyThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	ca := newAgency(t)
	trust := "HOSO_TRUST=" + ca.file
	good := append(ca.keyFile(t, time.Now().Add(-time.Hour), time.Now().AddDate(1, 0, 0)), trust)
	damaged := filepath.Join(t.TempDir(), "hỏng.p12")
	write(t, damaged, []byte("not a key"))
	for name, c := range map[string]struct {
		env  []string
		want string
	}{
		"wrong password":          {[]string{good[0], "HOSO_PKCS12_PASSWORD=khac"}, "Mật khẩu của tệp khóa ký"},
		"damaged":                 {[]string{"HOSO_PKCS12=" + damaged}, "Không đọc được tệp khóa ký"},
		"missing":                 {[]string{"HOSO_PKCS12=/nowhere/key.p12"}, "/nowhere/key.p12"},
		"certificate without key": {ca.pageCertificate(t)[:1], "trang.crt"},
		"authority nowhere":       {[]string{"HOSO_TSA=tsa.example.vn"}, "tsa.example.vn"},
		"no roots":                {append(slices.Clone(good), "HOSO_TRUST="+damaged), "hỏng.p12"},
		"root not installed":      {good[:2], "Hãy khai báo tệp chứng thư gốc của tổ chức cấp ở HOSO_TRUST"},
		"nowhere to ask":          {append(ca.silentKeyFile(t), trust), "không ghi địa chỉ kiểm tra thu hồi"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, code := started(t, c.env)
			if code != 2 || !strings.Contains(out, c.want) {
				t.Errorf("serve: exit %d, want 2 and words with %q:\n%s", code, c.want, out)
			}
		})
	}
	for name, env := range map[string][]string{
		"expired":       ca.keyFile(t, time.Now().AddDate(-2, 0, 0), time.Now().AddDate(-1, 0, 0)),
		"not yet valid": ca.keyFile(t, time.Now().AddDate(1, 0, 0), time.Now().AddDate(2, 0, 0)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, append(env, trust)...)
			for id := range s.handIn(1, "desk") {
				p := s.waits(id, "chứng thư số")
				if p.State != pipeline.Failed || p.Composed.IsZero() {
					t.Errorf("%s is %s; want it composed and waiting for the key", id, p.State)
				}
				s.stop()
				s.env = good
				s.start()
				s.filedAtLast(id)
			}
		})
	}
}

// started runs serve to its end and gives all that it said.
func started(t *testing.T, env []string) (string, int) {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), time.Minute)
	defer done()
	cmd := exec.CommandContext(ctx, binary(t), "serve", "--data", filepath.Join(t.TempDir(), "d"), "--listen", "127.0.0.1:0")
	cmd.Env = append(os.Environ(), env...)
	out, _ := cmd.CombinedOutput() // the exit code says it
	return string(out), cmd.ProcessState.ExitCode()
}

// waits gives a paper once it says in Vietnamese what it waits for.
func (s *service) waits(id pipeline.PaperID, say string) pipeline.Paper {
	s.t.Helper()
	var p pipeline.Paper
	eventually(s.t, 90*time.Second, fmt.Sprintf("%s waits, saying %q", id, say), func() bool {
		out, code := quietly(s, "status", "--json", string(id))
		return code == 0 && json.Unmarshal([]byte(out), &p) == nil && strings.Contains(p.Reason.Vietnamese, say)
	})
	return p
}

func (s *service) filedAtLast(id pipeline.PaperID) {
	s.t.Helper()
	var p pipeline.Paper
	eventually(s.t, 2*time.Minute, string(id)+" is filed", func() bool {
		out, code := quietly(s, "status", "--json", string(id))
		return code == 0 && json.Unmarshal([]byte(out), &p) == nil && p.State == pipeline.Filed
	})
}

package main_test

import (
	"context"
	"database/sql"
	"fmt"
	"image"
	"image/color"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"hoso/testdata/paper"
)

// TestCost counts what a paper asks of database, object storage and queue on its whole
// way, by the servers' own books; a paper of a page and one of a hundred tell what each
// page costs. What an idle service asks is taken off. -v prints all of it.
func TestCost(t *testing.T) { //nolint:paralleltest // what others do to the machine lengthens the way, and with it the asking
	o := startOutside(t)
	books := o.openBooks(t)
	s := newService(t, o.env...)
	s.handIn(1, "batch") // what is done once is no paper's
	books.settle(t, 1)
	idle := books.idle(t)

	const singles, pages = 8, 100
	before := books.read(t)
	s.handIn(singles, "batch")
	books.settle(t, 1+singles)
	one := books.read(t).less(before, idle).parted(singles)
	t.Logf("a paper of one page:\n%v", one)

	book := filepath.Join(t.TempDir(), "sách.tif")
	write(t, book, hundred(t, pages))
	before = books.read(t)
	if out, code := s.hoso("submit", "--json", "--dossier", "H42.15-221011-0007", "--lane", "batch", book); code != 0 {
		t.Fatalf("submit: exit %d: %s", code, out)
	}
	books.settle(t, 2+singles)
	hundred := books.read(t).less(before, idle)
	t.Logf("a paper of %d pages:\n%v", pages, hundred)
	page := hundred.less(one, tally{}).parted(pages - 1)
	t.Logf("each page more:\n%v", page)
	t.Logf("an idle service, each second:\n%v", idle)
	for name, c := range map[string][4]float64{
		"statements": {one.sum(one.statements), costPaper[0], page.sum(page.statements), costPage[0]},
		"objects":    {one.sum(one.objects), costPaper[1], page.sum(page.objects), costPage[1]},
		"commands":   {one.sum(one.commands), costPaper[2], page.sum(page.commands), costPage[2]},
	} {
		if c[0] > c[1] || c[2] > c[3] || c[0] <= 0 {
			t.Errorf("%s: %.1f a paper, %.1f a page more; want at most %g and %g", name, c[0], c[2], c[1], c[3])
		}
	}
}

// hundred makes a TIFF of small pages, each with something on it.
func hundred(t *testing.T, n int) []byte {
	t.Helper()
	var pages []image.Image
	for i := range n {
		page := image.NewPaletted(image.Rect(0, 0, 620, 877), color.Palette{color.White, color.Black})
		for bit := range 12 {
			for y := 100; y < 130; y++ {
				for x := range 4 + 8*(i>>bit&1) {
					page.SetColorIndex(60+bit*20+x, y, 1)
				}
			}
		}
		pages = append(pages, page)
	}
	b, err := paper.TIFF(pages, 75)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// tally counts by kind.
type tally struct {
	at                            time.Time
	statements, objects, commands map[string]float64
}

func (c tally) each() [3]map[string]float64 {
	return [3]map[string]float64{c.statements, c.objects, c.commands}
}

// less is what came after earlier, without what an idle service asks in that time.
func (c tally) less(earlier, idle tally) tally {
	seconds := c.at.Sub(earlier.at).Seconds()
	now, then, off := c.each(), earlier.each(), idle.each()
	var out [3]map[string]float64
	for i := range now {
		out[i] = map[string]float64{}
		for what, n := range now[i] {
			if left := n - then[i][what] - seconds*off[i][what]; left > 0.5 {
				out[i][what] = left
			}
		}
	}
	return tally{c.at, out[0], out[1], out[2]}
}

func (c tally) parted(n float64) tally {
	for _, m := range c.each() {
		for what := range m {
			m[what] /= n
		}
	}
	return c
}

func (tally) sum(m map[string]float64) (all float64) {
	for _, n := range m {
		all += n
	}
	return all
}

func (c tally) String() string {
	var b strings.Builder
	for i, m := range c.each() {
		fmt.Fprintf(&b, "  %7.1f %s\n", c.sum(m), [3]string{"statements", "operations on objects", "commands to the queue"}[i])
		what := slices.SortedFunc(maps.Keys(m), func(x, y string) int { return int(1000*m[y]) - int(1000*m[x]) })
		for _, w := range what {
			if m[w] >= 0.05 {
				fmt.Fprintf(&b, "    %7.1f %s\n", m[w], w)
			}
		}
	}
	return b.String()
}

// books are the servers' own accounts of what they are asked.
type books struct {
	db    *sql.DB
	queue *redis.Client

	mu      sync.Mutex
	objects map[string]float64
}

// openBooks has the database count, and puts a counter before the object storage.
func (o *outside) openBooks(t *testing.T) *books {
	t.Helper()
	dsn, _ := setting(o.env, "HOSO_CATALOG")
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	do := func(statement string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	do("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
	o.catalog.Stop(t)
	o.catalog.Start(t)
	eventually(t, 30*time.Second, "the database answers", func() bool { return db.PingContext(t.Context()) == nil })
	do("CREATE EXTENSION pg_stat_statements")
	b := &books{db: db, objects: map[string]float64{}}
	b.queue = redis.NewClient(&redis.Options{Addr: o.queue.address, Password: queuePassword})
	t.Cleanup(func() { _ = b.queue.Close() })
	for i, e := range o.env {
		if to, ok := strings.CutPrefix(e, "HOSO_S3_ENDPOINT="); ok {
			o.env[i] = "HOSO_S3_ENDPOINT=" + b.before(t, to)
		}
	}
	return b
}

// before starts a counter before an object storage, and gives its address.
func (b *books) before(t *testing.T, storage string) string {
	t.Helper()
	to, err := url.Parse(storage)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host // it is signed
	}}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		folder, _, _ := strings.Cut(key+r.URL.Query().Get("prefix"), "/")
		b.mu.Lock()
		b.objects[r.Method+" "+folder]++
		b.mu.Unlock()
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// own marks the statements of the test itself.
const own = "/* counting */"

var (
	space = regexp.MustCompile(`\s+`)
	table = regexp.MustCompile(`(?i)\b(?:from|into|update|join)\s+([a-z_]+)`)
)

// kindOf gives what is done to which table first.
func kindOf(statement string) string {
	statement = strings.TrimSpace(space.ReplaceAllString(statement, " "))
	kind, _, _ := strings.Cut(statement, " ")
	if m := table.FindStringSubmatch(statement); m != nil {
		kind += " " + m[1]
	}
	return strings.ToLower(kind)
}

func (b *books) read(t *testing.T) tally {
	t.Helper()
	c := tally{at: time.Now(), statements: map[string]float64{}, commands: map[string]float64{}}
	rows, err := b.db.QueryContext(t.Context(), own+" SELECT query, calls FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = current_database()")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var query string
		var calls float64
		if err := rows.Scan(&query, &calls); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(query, own) {
			c.statements[kindOf(query)] += calls
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	info, err := b.queue.Info(t.Context(), "commandstats").Result()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(info) {
		var calls float64
		name, rest, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "cmdstat_"), ":calls=")
		if _, err := fmt.Sscanf(rest, "%g,", &calls); ok && err == nil && name != "info" {
			c.commands[name] = calls
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	c.objects = maps.Clone(b.objects)
	return c
}

// settle waits until so many papers are filed and nothing is stored any more.
func (b *books) settle(t *testing.T, papers int) {
	t.Helper()
	eventually(t, 5*time.Minute, "the papers are filed", func() bool {
		var n int
		err := b.db.QueryRowContext(t.Context(), own+" SELECT count(*) FROM papers WHERE state = 'filed'").Scan(&n)
		return err == nil && n == papers
	})
	last, since := -1.0, time.Now()
	eventually(t, time.Minute, "all is quiet", func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		if n := (tally{}).sum(b.objects); n != last {
			last, since = n, time.Now()
		}
		return time.Since(since) > time.Second
	})
}

// idle is what a service without work asks in a second.
func (b *books) idle(t *testing.T) tally {
	t.Helper()
	before := b.read(t)
	ctx, done := context.WithTimeout(t.Context(), 6*time.Second)
	defer done()
	<-ctx.Done()
	now := b.read(t)
	return now.less(before, tally{}).parted(now.at.Sub(before.at).Seconds())
}

// What a paper of one page may cost, and each page more: statements, operations on
// objects, commands to the queue.
var (
	costPaper = [3]float64{110, 16, 110}
	costPage  = [3]float64{1, 2.2, 4}
)

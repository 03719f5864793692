package catalog_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/storage/catalog"
	"hoso/storage/catalog/catalogtest"
)

// away expects err to say that the catalog is unavailable.
func away(t *testing.T, what string, err error) {
	t.Helper()
	var u *pipeline.Unavailable
	if !errors.As(err, &u) || errors.Is(err, context.Canceled) {
		t.Errorf("%s gave %v, want *pipeline.Unavailable", what, err)
	}
}

func exec(t testing.TB, c *catalog.Catalog, query string, args ...any) {
	t.Helper()
	if _, err := c.Writer().ExecContext(t.Context(), query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func receive(t testing.TB, c *catalog.Catalog, i int) pipeline.Paper {
	t.Helper()
	p, _, err := c.Receive(t.Context(), catalogtest.Paper(i), catalogtest.Event("received", catalogtest.Start()))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestOpenStates compares the list in SQL with the vocabulary.
func TestOpenStates(t *testing.T) {
	t.Parallel()
	var open []string
	for _, s := range pipeline.States() {
		if s.Open() {
			open = append(open, "'"+string(s)+"'")
		}
	}
	for _, s := range open {
		if !strings.Contains(catalog.OpenStates, s) {
			t.Errorf("%s is open, and not in %s", s, catalog.OpenStates)
		}
	}
	if n := strings.Count(catalog.OpenStates, ","); n != len(open)-1 {
		t.Errorf("%s has %d states, want %d", catalog.OpenStates, n+1, len(open))
	}
}

// appendOnly holds the logs of an engine to being added to only.
func appendOnly(t *testing.T, c *catalog.Catalog, more ...string) {
	t.Helper()
	p := receive(t, c, 1)
	if err := c.LogView(t.Context(), catalog.View{Account: "an", Paper: p.ID, Act: "viewed"}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.ImportAgencies(t.Context(), pipeline.Importing{Actor: "an"}, catalogtest.Agencies("H42, Tỉnh")); err != nil {
		t.Fatal(err)
	}
	for _, query := range append(more,
		"UPDATE imports SET doc = '{}'", "DELETE FROM imports", "DELETE FROM listed",
		"UPDATE events SET doc = '{}'", "UPDATE events SET seq = seq + 1", "DELETE FROM events",
		"UPDATE views SET account = ''", "DELETE FROM views",
	) {
		if _, err := c.Writer().ExecContext(t.Context(), query); err == nil || !strings.Contains(err.Error(), "only ever added") && !strings.Contains(err.Error(), "never removed") {
			t.Errorf("%s gave %v, want to be refused", query, err)
		}
	}
	events, err := c.Events(t.Context(), p.ID)
	if err != nil || len(events) != 1 || events[0].Actor != "canbo" {
		t.Errorf("the events are %v, %v", events, err)
	}
	views, err := c.Views(t.Context(), p.ID, 10)
	if err != nil || len(views) != 1 || views[0].Account != "an" {
		t.Errorf("the views are %v, %v", views, err)
	}
}

func TestAppendOnlySQLite(t *testing.T) {
	t.Parallel()
	appendOnly(t, open(t, liteFile(t)),
		"REPLACE INTO events SELECT paper, seq, 0, '{}' FROM events",
		"REPLACE INTO listed SELECT list, code, since, base, 0, '{}' FROM listed",
		"REPLACE INTO views SELECT id, at, '', paper, act, detail, remote FROM views")
}

// TestDiskFull fills the disk (a limit on the file stands for it) and makes room again.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	c := open(t, liteFile(t))
	exec(t, c, "PRAGMA max_page_count = 100")
	var err error
	n := 0
	text := strings.Repeat("rất nhiều chữ ", 100)
	for err == nil && n < 10_000 {
		p := catalogtest.Paper(n)
		if p, _, err = c.Receive(t.Context(), p, catalogtest.Event("received", p.Received)); err == nil {
			n++
			p.State = pipeline.Confirming
			_, err = c.Commit(t.Context(), catalog.Move{Paper: p, Text: &text})
		}
	}
	away(t, "a full disk", err)
	away(t, "logging access", c.LogView(t.Context(), catalog.View{Detail: strings.Repeat("x", 1<<20)}))
	b, err := c.Balance(t.Context())
	if err != nil || b.Received != int64(n) || !b.Even() {
		t.Errorf("the balance of %d papers is %+v, %v", n, b, err)
	}
	exec(t, c, "PRAGMA max_page_count = 100000")
	receive(t, c, n)
	sound(t, c)
}

func TestLocked(t *testing.T) {
	t.Parallel()
	dsn := liteFile(t)
	holder := open(t, dsn)
	p := receive(t, holder, 1)
	c, err := catalog.OpenImpatient(t.Context(), dsn, 30*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	tx, err := holder.Writer().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	p.State = pipeline.Filed
	_, err = c.Commit(t.Context(), catalog.Move{Paper: p})
	away(t, "writing while another process writes", err)
	if _, err := c.Paper(t.Context(), p.ID); err != nil {
		t.Errorf("reading while another process writes: %v", err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if _, err = c.Commit(t.Context(), catalog.Move{Paper: p}); err != nil {
		t.Errorf("writing afterwards: %v", err)
	}
}

func TestOpenFailures(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := catalog.Open(t.Context(), "sqlite:"+filepath.Join(dir, "missing", "catalog.db"))
	away(t, "a missing directory", err)
	garbage := filepath.Join(dir, "garbage.db")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("not a database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = catalog.Open(t.Context(), "sqlite:"+garbage)
	away(t, "a file that is no database", err)
	_, err = catalog.Open(t.Context(), "postgres:///x?host="+dir+"&user=hoso&sslmode=disable")
	away(t, "a server that is not there", err)
	for _, dsn := range []string{"", "mysql://hoso:s3cret@host/x", "postgres://hoso:s3cret@host:port/x"} {
		_, err := catalog.Open(t.Context(), dsn)
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("opening %q gave %v, want an error without the password", dsn, err)
		}
	}
}

func TestFileIsPrivate(t *testing.T) {
	t.Parallel()
	dsn := liteFile(t)
	receive(t, open(t, dsn), 1)
	dir, err := os.ReadDir(filepath.Dir(strings.TrimPrefix(dsn, "sqlite:")))
	if err != nil || len(dir) < 3 {
		t.Fatalf("the catalog has the files %v, %v", dir, err)
	}
	for _, f := range dir {
		info, err := f.Info()
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %v, %v", f.Name(), info.Mode(), err)
		}
	}
}

// corrupt damages every value that is read back, and expects errors.
func corrupt(t *testing.T, c *catalog.Catalog, garbage any) {
	t.Helper()
	ctx := t.Context()
	p := receive(t, c, 1)
	text := "một hai ba"
	p.State = pipeline.Recognized
	p, err := c.Commit(ctx, catalog.Move{Paper: p, Text: &text})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.PutSession(ctx, "a", []byte("data"), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	exec(t, c, "UPDATE texts SET body = $1", garbage)
	exec(t, c, "UPDATE sessions SET data = '%'")
	fails := func(what string, err error) {
		t.Helper()
		var u *pipeline.Unavailable
		if err == nil || errors.As(err, &u) {
			t.Errorf("%s gave %v, want an error", what, err)
		}
	}
	_, err = c.Find(ctx, pipeline.Query{Text: "hai"})
	fails("a damaged text", err)
	_, err = c.Session(ctx, "a")
	fails("a damaged session", err)
	for _, doc := range []string{"", "{", `{"dossier":"?"}`, `{"sha256":"zz"}`, `[]`, `{"received":1}`} {
		exec(t, c, "UPDATE papers SET doc = $1", doc)
		_, err = c.Paper(ctx, p.ID)
		fails("a damaged paper", err)
		_, err = c.Claim(ctx, p.ID, p.Gen, "a", time.Now())
		fails("claiming a damaged paper", err)
		for _, err := range c.Each(ctx) {
			fails("listing a damaged paper", err)
		}
	}
}

func TestCorruptSQLite(t *testing.T) {
	t.Parallel()
	corrupt(t, open(t, liteFile(t)), []byte("garbage"))
}

// sound checks what must hold of a catalog at every moment.
func sound(t testing.TB, c *catalog.Catalog) {
	t.Helper()
	waiting := outbox(t, c)
	n := int64(0)
	for p, err := range c.Each(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		soundPaper(t, c, p)
		if d, ok := waiting[p.ID]; ok != p.State.Open() || ok && d.Gen != p.Gen {
			t.Errorf("paper %s is %s, and in the outbox: %t", p.ID, p.State, ok)
		}
	}
	found, err := c.Find(t.Context(), pipeline.Query{Unit: "H42"})
	if err != nil || int64(found.Total) != min(n, 10_001) {
		t.Errorf("the index has %d papers of %d, %v", found.Total, n, err)
	}
	b, err := c.Balance(t.Context())
	if err != nil || b.Received != n || !b.Even() {
		t.Errorf("the balance of %d papers is %+v, %v", n, b, err)
	}
}

// outbox gives what waits in the outbox, by paper.
func outbox(t testing.TB, c *catalog.Catalog) map[pipeline.PaperID]catalog.Todo {
	t.Helper()
	todo, err := c.Outbox(t.Context(), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	waiting := make(map[pipeline.PaperID]catalog.Todo)
	for _, d := range todo {
		waiting[d.ID] = d
	}
	return waiting
}

// soundPaper checks that a paper and its events say the same.
func soundPaper(t testing.TB, c *catalog.Catalog, p pipeline.Paper) {
	t.Helper()
	events, err := c.Events(t.Context(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(events)) != p.Gen || events[len(events)-1].To != p.State {
		t.Errorf("paper %s is %s in generation %d after %d events", p.ID, p.State, p.Gen, len(events))
	}
}

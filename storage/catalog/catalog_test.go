package catalog_test

import (
	"path/filepath"
	"testing"

	"hoso/pipeline"
	"hoso/storage/catalog"
	"hoso/storage/catalog/catalogtest"
)

// open opens the catalog of a URL until the test ends.
func open(t testing.TB, dsn string) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// liteFile names an SQLite catalog that is not there yet.
func liteFile(t testing.TB) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "catalog #1?.db")
}

func TestSQLite(t *testing.T) {
	t.Parallel()
	catalogtest.Run(t, catalogtest.New)
}

//nolint:tparallel // the last part stops the server that the others need
func TestPostgres(t *testing.T) {
	t.Parallel()
	server := catalogtest.StartPostgres(t)
	// Migrating takes longer than most tests; they get copies.
	migrated := server.Database(t, "")
	if err := open(t, migrated).Close(); err != nil {
		t.Fatal(err)
	}
	empty := func(t testing.TB) *catalog.Catalog {
		t.Helper()
		return open(t, server.Database(t, migrated))
	}
	t.Run("suite", func(t *testing.T) { catalogtest.Run(t, empty) })
	t.Run("answers like SQLite", func(t *testing.T) { agree(t, open(t, liteFile(t)), empty(t)) })
	t.Run("several handles", func(t *testing.T) { severalHandles(t, server.Database(t, migrated)) })
	t.Run("open together", func(t *testing.T) { openTogether(t, server.Database(t, "")) })
	t.Run("append only", func(t *testing.T) {
		appendOnly(t, empty(t), "TRUNCATE events", "TRUNCATE views", "TRUNCATE imports", "TRUNCATE listed")
	})
	t.Run("corrupt", func(t *testing.T) { corrupt(t, empty(t), []byte("garbage")) })
	t.Run("backfill", func(t *testing.T) { backfill(t, server.Database(t, migrated)) })
	t.Run("backfill in a plain locale", func(t *testing.T) { backfill(t, server.Plain(t)) })
	t.Run("balance of a new shelf", func(t *testing.T) { plannedBalance(t, empty(t)) })
	t.Run("locked", func(t *testing.T) { locked(t, server.Database(t, migrated)) })
	t.Run("server gone", func(t *testing.T) { serverGone(t, empty(t), server) })
}

// locked keeps a row that another process wants to change.
func locked(t *testing.T, dsn string) {
	t.Helper()
	c := open(t, dsn+"&lock_timeout=50")
	p := receive(t, c, 1)
	tx, err := open(t, dsn).Writer().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), "UPDATE papers SET lane = lane"); err != nil {
		t.Fatal(err)
	}
	p.State = pipeline.Filed
	_, err = c.Commit(t.Context(), catalog.Move{Paper: p})
	away(t, "changing what another process changes", err)
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if _, err = c.Commit(t.Context(), catalog.Move{Paper: p}); err != nil {
		t.Errorf("changing it afterwards: %v", err)
	}
}

// serverGone stops the server below an open catalog.
func serverGone(t *testing.T, c *catalog.Catalog, server *catalogtest.Postgres) {
	t.Helper()
	p := receive(t, c, 1)
	server.Stop(t)
	_, err := c.Paper(t.Context(), p.ID)
	away(t, "reading", err)
	_, err = c.Commit(t.Context(), catalog.Move{Paper: p})
	away(t, "committing", err)
	_, err = c.Find(t.Context(), pipeline.Query{Text: "a"})
	away(t, "finding", err)
}

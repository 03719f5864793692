package catalog_test

import (
	"path/filepath"
	"testing"

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
	catalogtest.Run(t, func(t testing.TB) *catalog.Catalog { return open(t, liteFile(t)) })
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	server := catalogtest.StartPostgres(t)
	t.Run("suite", func(t *testing.T) {
		catalogtest.Run(t, func(t testing.TB) *catalog.Catalog { return open(t, server.Database(t)) })
	})
}

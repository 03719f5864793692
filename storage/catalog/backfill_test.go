package catalog_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
	"hoso/storage/catalog"
	"hoso/storage/catalog/catalogtest"
)

// backfill forgets what a catalog has in its newer columns and migrates it again: papers
// that were there before must be found like those that come after.
func backfill(t *testing.T, dsn string) {
	t.Helper()
	c := open(t, dsn)
	for i, p := range []pipeline.Paper{
		{Fields: []pipeline.Field{
			{Name: pipeline.FieldOwnerID, Value: "035 199 000123"},
			{Name: pipeline.FieldNumber, Value: "05/QĐ-UBND"},
			{Name: pipeline.FieldDate, Value: "2024-03-05"},
			{Name: pipeline.FieldClass, Value: "khai-sinh"},
			{Name: pipeline.FieldTitle, Value: "'\"{}"},
		}},
		{Fields: []pipeline.Field{{Name: pipeline.FieldNumber, Value: "163/2025/QĐ-CTUBND"}, {Name: pipeline.FieldNumber, Value: "163/2025/QĐ-CTUBND"}}},
		{Fields: []pipeline.Field{{Name: pipeline.FieldSigner, Value: "\x00"}}},
		{},
	} {
		whole := catalogtest.Paper(i)
		whole.Fields, whole.Pages = p.Fields, 3
		if i < 2 {
			whole = catalogtest.Numbered(t, whole, fmt.Sprintf("H42.15-221011-12%02d", i))
		}
		if _, _, err := c.Receive(t.Context(), whole, pipeline.Event{Time: time.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	migrateAgain(t, c, 7)
	// A batch has no pages in the version that had no batches.
	batched := catalogtest.Paper(9)
	batched.Batch, batched.Pages = "dem-1", 3
	if _, _, err := c.Receive(t.Context(), batched, pipeline.Event{Time: time.Now()}); err != nil {
		t.Fatal(err)
	}
	migrateAgain(t, c, 20)
}

// migrateAgain goes back to a version and forward, and expects what was there before.
func migrateAgain(t *testing.T, c *catalog.Catalog, version int64) {
	t.Helper()
	written := keyColumns(t, c)
	if err := c.MigrateAgain(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(written, keyColumns(t, c)); d != "" {
		t.Errorf("written by moves (-) and by the migration from version %d (+):\n%s", version, d)
	}
}

// keyColumns reads the columns that papers are looked up by.
func keyColumns(t *testing.T, c *catalog.Catalog) []string {
	t.Helper()
	rows, err := c.Writer().QueryContext(t.Context(), "SELECT counter, holder, document, issued, class, batch, pages FROM papers ORDER BY n")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // only read from
	var all []string
	for rows.Next() {
		var k [7]string
		if err := rows.Scan(&k[0], &k[1], &k[2], &k[3], &k[4], &k[5], &k[6]); err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprintf("%q", k))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestBackfillSQLite(t *testing.T) {
	t.Parallel()
	backfill(t, liteFile(t))
}

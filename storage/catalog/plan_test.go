package catalog_test

import (
	"encoding/json"
	"testing"

	"hoso/storage/catalog"
)

// planned is a part of a plan of PostgreSQL, with what it came to.
type planned struct {
	Loops   float64   `json:"Actual Loops"`
	Rows    float64   `json:"Actual Rows"`
	Dropped float64   `json:"Rows Removed by Filter"`
	Unequal float64   `json:"Rows Removed by Join Filter"`
	Hit     float64   `json:"Shared Hit Blocks"`
	Read    float64   `json:"Shared Read Blocks"`
	Plans   []planned `json:"Plans"`
}

// rows is how many rows were looked at.
func (p planned) rows() float64 {
	all := p.Loops * (p.Rows + p.Dropped + p.Unequal)
	for _, part := range p.Plans {
		all += part.rows()
	}
	return all
}

// balanceWork is how many blocks and rows the balance of a shelf looks at.
func balanceWork(t *testing.T, c *catalog.Catalog, label string) float64 {
	t.Helper()
	var text []byte
	query := "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) " + c.BalanceQuery()
	if err := c.Writer().QueryRowContext(t.Context(), query, label).Scan(&text); err != nil {
		t.Fatal(err)
	}
	var all []struct{ Plan planned }
	if err := json.Unmarshal(text, &all); err != nil || len(all) != 1 {
		t.Fatalf("%d plans, %v", len(all), err)
	}
	return all[0].Plan.Hit + all[0].Plan.Read + all[0].Plan.rows()
}

// plannedBalance counts a shelf of which the statistics know nothing: they are of the one
// before, in which every second file was parted in two like here. Four times the files are
// four times the work, and not sixteen times.
func plannedBalance(t *testing.T, c *catalog.Catalog) {
	t.Helper()
	known := aShelf{label: "dem-1", files: 300, parted: 2}
	known.fill(t, c)
	exec(t, c, "ANALYZE")
	before := balanceWork(t, c, known.label)
	fresh := aShelf{label: "dem-2", files: 1200, first: 10_000, parted: 2}
	fresh.fill(t, c)
	b, err := c.ShelfBalance(t.Context(), fresh.label)
	if err != nil || !b.Even() || b.Found != int64(fresh.files) || b.Papers.Received != 1800 {
		t.Errorf("the balance is %+v, %v", b, err)
	}
	after := balanceWork(t, c, fresh.label)
	t.Logf("%.0f blocks and rows for %d files, %.0f for %d", before, known.files, after, fresh.files)
	if after > 8*before {
		t.Errorf("%d files are counted by %.0f blocks and rows, %d by %.0f", known.files, before, fresh.files, after)
	}
}

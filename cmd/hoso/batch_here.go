package main

import (
	"context"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/shelf"
	"hoso/storage/catalog"
	"hoso/storage/register/sheet"
	"hoso/workers/batch"
)

// ownLedger is the ledger of shelves in the service's own catalog.
type ownLedger struct {
	c     *catalog.Catalog
	alone bool // nobody else on this machine goes through the shelf
}

// Open gives the shelf of a label, a new one if there is none.
func (l ownLedger) Open(ctx context.Context, s pipeline.Shelf) (pipeline.Shelf, error) {
	return l.c.OpenShelf(ctx, s)
}

// Begin begins a run.
func (l ownLedger) Begin(ctx context.Context, label string, until time.Time) (pipeline.Run, error) {
	patience := pipeline.RunPatience
	if l.alone {
		patience = 0
	}
	return l.c.BeginRun(ctx, label, until, time.Now(), patience)
}

// Beat says that a run lives.
func (l ownLedger) Beat(ctx context.Context, label string, run int) error {
	return l.c.BeatRun(ctx, label, run, time.Now())
}

// End ends a run.
func (l ownLedger) End(ctx context.Context, label string, run int, how pipeline.RunEnd) error {
	return l.c.EndRun(ctx, label, run, how, time.Now())
}

// Files gives rows of the ledger.
func (l ownLedger) Files(ctx context.Context, label string, after int64) ([]pipeline.ShelfFile, int64, error) {
	return l.c.ShelfFiles(ctx, label, nil, after, 1000)
}

// Tick writes what became of files.
func (l ownLedger) Tick(ctx context.Context, label string, run int, files []pipeline.ShelfFile) error {
	return l.c.TickFiles(ctx, label, run, files)
}

// Walked says that a walk came to its end.
func (l ownLedger) Walked(ctx context.Context, label string, run int, w pipeline.Walk) (int, error) {
	return l.c.Walked(ctx, label, run, w, time.Now())
}

// Balance gives the totals of a shelf.
func (l ownLedger) Balance(ctx context.Context, label string) (pipeline.ShelfBalance, error) {
	return l.c.ShelfBalance(ctx, label)
}

var _ batch.Ledger = ownLedger{}

// tables reads a list that lies beside scans.
func tables(name string, data []byte) ([]shelf.Inventory, error) {
	read, err := sheet.Read(name, data)
	if err != nil {
		return nil, err
	}
	var all []shelf.Inventory
	for _, t := range read {
		list := shelf.Inventory{Sheet: t.Name, Rows: make([]shelf.Row, 0, len(t.Rows))}
		for _, r := range t.Rows {
			list.Rows = append(list.Rows, shelf.Row{Line: r.Line, Cells: r.Cells})
		}
		all = append(all, list)
	}
	return all, nil
}

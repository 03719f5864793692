package batch

import (
	"context"
	"fmt"
	"os"
	"slices"

	"hoso/pipeline/shelf"
)

// Preview is what a run would make of a tree.
type Preview struct {
	*shelf.Plan

	Files int      // found
	Whole bool     // nothing vanished while it was looked at
	Shut  []string // folders that nobody may open
}

// Preview says what a run would make of the tree as it lies there: nothing is waited for,
// handed in, moved or written down. Of files nothing is read but inventories, and of
// TIFFs how many pages they have. Desk and
// Ledger may be nil.
func (e *Engine) Preview(ctx context.Context) (Preview, error) {
	r := &run{
		e: e.filled(), book: newBook(), told: &teller{},
		tried: map[string]try{}, strays: map[string]bool{}, missed: map[string]part{}, stacks: stacks{},
	}
	root, err := os.OpenRoot(r.e.Root)
	if err != nil {
		return Preview{}, fmt.Errorf("looking at a shelf: %w", away(err))
	}
	defer root.Close() //nolint:errcheck // only read from
	t, err := walk(ctx, root)
	if err != nil {
		return Preview{}, fmt.Errorf("looking at a shelf: %w", err)
	}
	l, err := r.reconcile(ctx, t)
	if err != nil {
		return Preview{}, fmt.Errorf("looking at a shelf: %w", err)
	}
	return Preview{Plan: l.plan, Files: l.found, Whole: t.whole, Shut: slices.Clone(t.shut)}, nil
}

package batch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"syscall"

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
// handed in, moved or written down. Every file is opened, so that those that a run could
// not read are told of; nothing is read but inventories, and of TIFFs how many pages they
// have. Desk and Ledger may be nil.
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
	if err := t.tryAll(ctx); err != nil {
		return Preview{}, err
	}
	l, err := r.reconcile(ctx, t)
	if err != nil {
		return Preview{}, fmt.Errorf("looking at a shelf: %w", err)
	}
	return Preview{Plan: l.plan, Files: l.found, Whole: t.whole, Shut: slices.Clone(t.shut)}, nil
}

// tryAll opens every file and notes those that nobody may read.
func (t *tree) tryAll(ctx context.Context) error {
	for i := range t.entries {
		e := &t.entries[i]
		if e.What != shelf.File {
			continue
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		file, err := t.root.OpenFile(e.Path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
		switch err := ill(err); {
		case err == nil:
			_ = file.Close() // nothing was read
		case errors.Is(err, errShut):
			e.What = shelf.Unreadable
		}
	}
	return nil
}

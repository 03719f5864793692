package web

import (
	"context"

	"hoso/pipeline"
)

// Batches knows the trees of folders that are digitized under a label: how far they are,
// what became of their files, and which papers they gave. A label that nobody has opened is
// fs.ErrNotExist.
type Batches interface {
	Shelves(ctx context.Context) ([]pipeline.Shelf, error)
	Shelf(ctx context.Context, label string) (pipeline.Shelf, error)
	Runs(ctx context.Context, label string) ([]pipeline.Run, error)
	ShelfBalance(ctx context.Context, label string) (pipeline.ShelfBalance, error)
	Shelved
}

// Shelved goes through what a batch holds, in the order in which it came: after 0 begins,
// a next of 0 is the end; no states are all.
type Shelved interface {
	ShelfFiles(ctx context.Context, label string, states []pipeline.FileState, after int64, limit int) ([]pipeline.ShelfFile, int64, error)
	ShelfPapers(ctx context.Context, label string, states []pipeline.State, after int64, limit int) ([]pipeline.Paper, int64, error)
}

// Package morning writes the report of a shelf (báo cáo số hóa theo lô) that an archivist
// reads over coffee, the morning after a night of digitizing.
//
// Its first question is whether everything is accounted for: files found = filed + waiting
// for a person + refused + still to do + ignored. The totals come from the catalog, and are
// not believed: for each paper the bucket is asked whether the original, the record and
// the manifest are there, in the size that the catalog says, and each file that got a
// receipt is held against the paper it became. What is missing stands on top, in red, with
// what to do. Then come the things that a person can mend by daylight: a scanner whose
// glass got dirty at two, pages to scan again, files that wait where they lie.
//
// A report is made in one going through the files and the papers of the shelf, of which a
// page at a time is in memory, beside some hundred bytes for each paper. The HTML cuts its
// lists and says how much was left out; the JSON has the lists whole, streamed.
package morning

import (
	"context"
	"io"
	"time"

	"hoso/pipeline"
)

// Ledger knows the shelves and what stands on them, see storage/catalog.
type Ledger interface {
	Shelf(ctx context.Context, label string) (pipeline.Shelf, error)
	Runs(ctx context.Context, label string) ([]pipeline.Run, error)
	Counts
	Rows
	Sample
}

// Counts are what is known of a shelf as a whole.
type Counts interface {
	ShelfBalance(ctx context.Context, label string) (pipeline.ShelfBalance, error)
	EmptyFolders(ctx context.Context, label string) (pipeline.EmptyFolders, error)
}

// Rows goes through what stands on a shelf, up to limit of it at a time: after 0 begins, a
// next of 0 ends. No states are all of them.
type Rows interface {
	ShelfFiles(ctx context.Context, label string, states []pipeline.FileState, after int64, limit int) ([]pipeline.ShelfFile, int64, error)
	ShelfPapers(ctx context.Context, label string, states []pipeline.State, after int64, limit int) ([]pipeline.Paper, int64, error)
	Paper(ctx context.Context, id pipeline.PaperID) (pipeline.Paper, error) // fs.ErrNotExist
}

// Sample is the quality sample of a shelf.
type Sample interface {
	Checks(ctx context.Context, label string) ([]pipeline.Check, error)
	SignOffs(ctx context.Context, label string) ([]pipeline.SignOff, error)
}

// Bucket says whether objects are there; fs.ErrNotExist if one is not.
type Bucket interface {
	Stat(ctx context.Context, d pipeline.Digest) (int64, error)
	StatKey(ctx context.Context, key string) (int64, error)
	ReaderAt(ctx context.Context, d pipeline.Digest) (io.ReaderAt, int64, error)
}

// Known knows papers again.
type Known interface {
	Alike(ctx context.Context, id pipeline.PaperID) (pipeline.Likenesses, error)
}

// Sources are what a report is made from. Ledger and Bucket are needed.
type Sources struct {
	Ledger Ledger
	Bucket Bucket
	Known  Known // nil: papers that look alike are not looked for

	// Picture draws a page of a paper as a JPEG; nil leaves pictures out.
	Picture func(ctx context.Context, p pipeline.Paper, page int) ([]byte, error)
}

// Scope is what of a shelf who asks may see, and how it is to be shown.
type Scope struct {
	Sees func(pipeline.Paper) bool // nil: all papers, and folders without any; files of the shelf are named whoever asks
	Unit string                    // the unit that Sees is bound to, for the heading
	Base string                    // the address before /papers/…, such as https://hoso.example; "" leaves links relative
	Now  time.Time

	Looking time.Duration // how long papers that look alike are looked for; 0 means 20 s
	Drawing time.Duration // how long pictures are drawn; 0 means 40 s
}

func (s Scope) sees(p pipeline.Paper) bool { return s.Sees == nil || s.Sees(p) }

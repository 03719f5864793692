package batch

import (
	"context"
	"log/slog"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/shelf"
	"hoso/workers"
)

// Desk is where papers are handed in: the office itself, or a service far away. A Refusal
// says that the paper is not taken, an Unavailable that it is to be tried again.
type Desk interface {
	Receive(ctx context.Context, h workers.Handed) (pipeline.Receipt, error)
}

// Ledger keeps what became of every file of a shelf. An Unavailable is tried again; any
// other error ends the run.
type Ledger interface {
	Runs
	Files
}

// Runs are the goings through a shelf. Begin gives ErrRunLives while another run is
// alive, Beat and End give ErrStale for a run that is not the living one.
type Runs interface {
	Open(ctx context.Context, s pipeline.Shelf) (pipeline.Shelf, error)
	Begin(ctx context.Context, label string, until time.Time) (pipeline.Run, error)
	Beat(ctx context.Context, label string, run int) error
	End(ctx context.Context, label string, run int, how pipeline.RunEnd) error
	Balance(ctx context.Context, label string) (pipeline.ShelfBalance, error)
}

// Files are the rows of a shelf, one for each path. Files gives up to 1000 at a time and
// where to go on; 0 begins and ends. Tick takes up to 1000, all or none. Walked says that
// a walk through the whole tree has ended.
type Files interface {
	Files(ctx context.Context, label string, after int64) ([]pipeline.ShelfFile, int64, error)
	Tick(ctx context.Context, label string, run int, files []pipeline.ShelfFile) error
	Walked(ctx context.Context, label string, run int, w pipeline.Walk) (gone int, err error)
}

// Tables reads a workbook or a CSV file of the given name; Path of what it gives may be
// left blank. An error that a person can mend is a Refusal.
type Tables func(name string, data []byte) ([]shelf.Inventory, error)

// Engine works through one shelf. What is zero among the durations and numbers has a
// default.
type Engine struct {
	Desk    Desk
	Ledger  Ledger
	Tables  Tables
	Root    string // of the tree
	Host    string // on which Root is
	Label   string // of the batch
	By      string // the account that hands in
	Mapping *shelf.Mapping

	Until  time.Time     // when to stop; zero never
	Ahead  int           // how many papers of the shelf may be in work at once: 64
	Hands  int           // how many are handed in at once: 3
	Watch  bool          // go on for ever
	Rescan time.Duration // between two looks at the tree: a minute
	Last   time.Duration // how long papers in work are waited for after Until: 30 seconds
	Pulse  time.Duration // between two signs of life: 15 seconds

	Tell func(Progress) // called a few times a second at most, never twice at once; may be nil
	Now  func() time.Time
	Log  *slog.Logger

	seams seams
}

// Phase is what a run is about.
type Phase string

// The phases. Away is also told while the tree, the service or the ledger does not answer.
const (
	Walking  Phase = "walking"
	Handing  Phase = "handing"
	Settling Phase = "settling" // all is handed in; files or papers are waited for
	Away     Phase = "away"     // something is missing; see Progress.Lacks
	Ending   Phase = "ending"
)

// Progress tells how far a run is. The numbers of files are those of the tree as it was
// last seen.
type Progress struct {
	Run   pipeline.Run `json:"run"`
	Phase Phase        `json:"phase"`
	Lacks string       `json:"lacks,omitempty"` // what is waited for: "shelf", or what an Unavailable names

	Files    int `json:"files"` // found, in all states
	ToDo     int `json:"todo"`
	Waiting  int `json:"waiting"`
	Held     int `json:"held"`
	Refused  int `json:"refused"`
	Ignored  int `json:"ignored"`
	Received int `json:"received"` // in this run or before

	Planned int `json:"planned"` // papers that the tree means, as far as they are not parted when they are read

	HandedIn int   `json:"handed_in"` // papers that got a receipt in this run
	Again    int   `json:"again"`     // of them, those that had been received before
	Bytes    int64 `json:"bytes"`     // handed in by this run
	After    int   `json:"after"`     // files moved or deleted by this run

	Papers pipeline.Balance `json:"papers"` // of the shelf, as last asked
	Pages  int64            `json:"pages"`  // likewise
	Asked  time.Time        `json:"asked"`  // when
}

// Run works through the shelf until nothing is left to do, the hour has come or ctx ends,
// and gives how it ended. An error says that the run could not begin or go on: another
// one lives, this one was taken for dead, or a port failed for good.
func (e *Engine) Run(ctx context.Context) (pipeline.Run, error) {
	return e.run(ctx)
}

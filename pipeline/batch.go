package pipeline

import (
	"errors"
	"fmt"
	"time"
)

var (
	// ErrShelfTaken is returned for a label under which another tree is digitized.
	ErrShelfTaken = errors.New("the label belongs to another folder")
	// ErrRunLives is returned to who would begin a run while another one lives.
	ErrRunLives = errors.New("another run is going through this shelf")
	// ErrShelfFile is returned for what cannot be written down of a file of a shelf.
	ErrShelfFile = errors.New("unsuitable file of a shelf")
)

// RunPatience is how long a run may give no sign of life before another one may take its
// place. A run beats several times in that.
const RunPatience = 2 * time.Minute

// Shelf (lô số hóa) is a tree of folders that is digitized under one label, in as many
// nights as it takes. Its papers carry the label, see Paper.Batch.
type Shelf struct {
	Label  string    `json:"batch"` // see ParseBatch
	Root   string    `json:"root"`  // of the tree, as whoever walks it sees it
	Host   string    `json:"host,omitempty"`
	Opened time.Time `json:"opened"`
	By     string    `json:"by"` // the account
	Seed   string    `json:"-"`  // what the seeds of all its draws come from, see Draw; random, for nobody's eyes
	Run    Run       `json:"run"`
}

// Run is one going through a shelf, a night's. One of a shelf lives at a time.
type Run struct {
	N     int       `json:"n"` // from 1
	Began time.Time `json:"began"`
	Until time.Time `json:"until,omitzero"` // when it is to stop
	Beat  time.Time `json:"beat"`           // its last sign of life
	Ended time.Time `json:"ended,omitzero"` // zero while it lives, or if it was killed
	How   RunEnd    `json:"how,omitempty"`
	Walk  int       `json:"walk"`  // the newest walk through the whole tree that came to its end, from 1 over all runs
	Found int       `json:"found"` // files that walk came by
}

// Walk is a going through a whole tree that came to its end.
type Walk struct {
	N     int `json:"walk"`  // from 1 over all runs
	Found int `json:"found"` // files that it came by

	Empty EmptyFolders `json:"empty"`
}

// EmptyFolders are folders of dossiers in which nothing was scanned: most likely somebody
// has forgotten one.
type EmptyFolders struct {
	Paths []string `json:"paths"` // the first ones in natural order, below the root, see PathText
	More  int      `json:"more"`  // how many there are beside
}

// MostEmpty is how many folders EmptyFolders names at most.
const MostEmpty = 1000

// Count is how many there are.
func (e EmptyFolders) Count() int { return len(e.Paths) + e.More }

// RunEnd is how a run ended.
type RunEnd string

// The ends of a run.
const (
	RunDone    RunEnd = "done"    // nothing is left that it could do
	RunUntil   RunEnd = "until"   // the hour had come
	RunStopped RunEnd = "stopped" // a person stopped it
	RunLost    RunEnd = "lost"    // killed; found out by the next one
)

// ShelfFile is a file of a shelf and what became of it. It is in one state at any time.
type ShelfFile struct {
	Path    string    `json:"path"`    // below the root, parted by /, see PathText
	Size    int64     `json:"size"`    // bytes
	Changed time.Time `json:"changed"` // to the nanosecond, by the clock of whoever keeps the file; of the years 1 to 9999
	Digest  Digest    `json:"sha256,omitzero"`
	State   FileState `json:"state"`
	Why     string    `json:"why,omitempty"`     // of an Ignored file
	Reason  Reason    `json:"reason,omitzero"`   // of what waits, is held or was refused
	Paper   PaperID   `json:"paper,omitempty"`   // that it became, or became a part of
	Part    int       `json:"part,omitempty"`    // its place among the files of that paper, from 1
	Parts   int       `json:"parts,omitempty"`   // how many files the paper is made of
	After   string    `json:"after,omitempty"`   // what became of the file after the receipt: moved, deleted, or renamed by somebody
	Remarks []Reason  `json:"remarks,omitempty"` // what a person should know though nothing stopped it
	Walk    int       `json:"walk"`              // the last walk that came by it
	Taken   time.Time `json:"taken,omitzero"`    // when its paper got its receipt
}

// What may have been done with a file after its receipt.
const (
	AfterMoved   = "moved"   // to the folder of those that are done
	AfterDeleted = "deleted" // as the mapping wants it
	AfterRenamed = "renamed" // by somebody else: it lies under another path, and is that file now
)

// FileState is where a file of a shelf stands. Found files are those in all states but
// FileGone.
type FileState string

// The states of a file.
const (
	FileToDo     FileState = "todo"     // to be handed in
	FileWaiting  FileState = "waiting"  // still being written, locked, or away; tried again by itself
	FileHeld     FileState = "held"     // a person must see to it where it lies
	FileRefused  FileState = "refused"  // hoso does not take it, with a reason
	FileIgnored  FileState = "ignored"  // no paper: a system's file, an inventory that was understood
	FileReceived FileState = "received" // its paper has a receipt; what became of it the paper says
	FileGone     FileState = "gone"     // was there and is there no more: never received, or found again under another path
)

// FileStates lists all states.
func FileStates() []FileState {
	return []FileState{FileToDo, FileWaiting, FileHeld, FileRefused, FileIgnored, FileReceived, FileGone}
}

// ShelfBalance is a shelf in numbers, counted from the catalog: Found = ToDo + Held +
// Refused + Ignored + the files of papers that are Filed, Waiting, Rejected or Open.
type ShelfBalance struct {
	Found    int64 `json:"found"`
	ToDo     int64 `json:"todo"` // FileToDo and FileWaiting
	Held     int64 `json:"held"`
	Refused  int64 `json:"refused"` // files that were not received
	Ignored  int64 `json:"ignored"`
	Filed    int64 `json:"filed"`    // files whose papers all are
	Waiting  int64 `json:"waiting"`  // files with a paper that a person must see to
	Rejected int64 `json:"rejected"` // files with a rejected paper, and none in work or waiting
	Open     int64 `json:"open"`     // files with a paper in work, and none waiting
	Missing  int64 `json:"missing"`  // files that say they were received and whose paper the catalog does not have: 0, or something is wrong
	Gone     int64 `json:"gone"`     // files that are there no more and were never received; beside the sum

	Papers   Balance `json:"papers"` // the papers of the shelf
	Pages    int64   `json:"pages"`  // of its papers, as far as they are read
	Dossiers int64   `json:"dossiers"`
}

// Even reports whether the totals agree.
func (b ShelfBalance) Even() bool {
	return b.Missing == 0 && b.Papers.Even() &&
		b.Found == b.ToDo+b.Held+b.Refused+b.Ignored+b.Filed+b.Waiting+b.Rejected+b.Open
}

// Draw is what one can check a drawing of the quality sample by. Each round, from one
// sign-off to the next, has a seed of its own, so that who is told one foresees no other.
//
// Of the filed papers that are not drawn yet those are drawn first for which SHA-256 of the
// round's seed and the paper's ID (the text of one after the other) comes first.
type Draw struct {
	Round  int    `json:"round"`          // from 1
	Digest Digest `json:"sha256"`         // of the text of the seed: told before the draw
	Seed   string `json:"seed,omitempty"` // 64 hexadecimal digits; "" until the round is signed off
}

// DrawSeed is the seed of a round, from 1: SHA-256 of the shelf's seed and the round's
// number, in hexadecimal digits.
func DrawSeed(seed string, round int) string {
	return Sum(fmt.Appendf(nil, "%s draw %d", seed, round)).String()
}

// Draws tells of all rounds after so many sign-offs what may be told: the seeds of those that
// are signed off, and of the one that is open the digest alone.
func (s Shelf) Draws(signed int) []Draw {
	all := make([]Draw, 0, signed+1)
	for round := 1; round <= signed+1; round++ {
		seed := DrawSeed(s.Seed, round)
		d := Draw{Round: round, Digest: Sum([]byte(seed))}
		if round <= signed {
			d.Seed = seed
		}
		all = append(all, d)
	}
	return all
}

// Check (kiểm tra chất lượng) is the second look of a person at a paper of a shelf that
// was drawn for it.
type Check struct {
	Batch string    `json:"batch"`
	Paper PaperID   `json:"paper"`
	Drawn time.Time `json:"drawn"`
	Good  bool      `json:"good"`
	Note  string    `json:"note,omitempty"` // what is wrong
	By    string    `json:"by,omitempty"`   // the account; "" while nobody has looked
	At    time.Time `json:"at,omitzero"`
}

// SignOff says that a person takes responsibility for the second look at a shelf.
type SignOff struct {
	Batch string    `json:"batch"`
	By    string    `json:"by"`
	At    time.Time `json:"at"`
	Drawn int       `json:"drawn"`
	Good  int       `json:"good"`
	Bad   int       `json:"bad"`
	Of    int       `json:"of"` // papers that it was drawn from
	Note  string    `json:"note,omitempty"`
}

// Package workers holds the moves: every operation that takes a paper from one state
// to the next, whether a person asks for it (Office) or the queue does (Steps).
//
// The catalog is the record and the queue is a hint. A move claims a paper by its
// generation, works, and commits by comparing and swapping that generation; whoever
// comes late finds it moved on and drops what he has. Every product is stored under
// its digest before the move that names it is committed, so a move done twice stores
// the same thing, and a move cut off anywhere is done again. What must happen once,
// the publication of a record, is the writing of a manifest that can be written only
// once.
//
// A paper waits for what makes its signature good: a certificate of which its issuer was
// asked, and a timestamp. What makes the signature last is wanted within years, not within
// minutes, and authorities take up to two minutes for a timestamp and bear four questions
// at once. So the second timestamp, over the whole record, is asked for on the way only of
// an authority that answers at once, which saves the storing of a second file; else the
// record is filed at what can be had, counts as missing something in the Calendar, and
// Renew completes it behind all papers.
//
// A paper is pages of its original: all of them, or the leaves that separator sheets or
// people chose. What is decided of several papers at once, a stack that is parted, a paper
// that is split, papers that are merged, is one transaction of the catalog. In the bucket it
// is written into the note of every paper concerned first; the note or the manifest of the
// paper that gave the leaves away, or took them in, comes last and names the others, and
// only then does it count (see Rebuild).
//
// A file that comes with signatures of its own is never altered. What they are worth is
// found out by the first reading and written once under the paper's name, before the
// catalog knows of it; the policy says whether the paper is then filed, waits for a
// person or is rejected, and whether its record is the file itself or a wrapper that
// shows it and carries it whole.
package workers

import (
	"context"
	"io"
	"iter"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/extract"
)

// Papers is what the moves need of the catalog.
type Papers interface {
	Receive(ctx context.Context, p pipeline.Paper, e pipeline.Event) (pipeline.Paper, bool, error)
	Paper(ctx context.Context, id pipeline.PaperID) (pipeline.Paper, error)
	Events(ctx context.Context, id pipeline.PaperID) ([]pipeline.Event, error)
	Commit(ctx context.Context, m pipeline.Move) (pipeline.Paper, error)
	Leases
}

// Leases keep a paper for one owner while a move of it is made.
type Leases interface {
	Claim(ctx context.Context, id pipeline.PaperID, gen int64, owner string, until time.Time) (pipeline.Paper, error)
	Release(ctx context.Context, id pipeline.PaperID, gen int64, owner string) error
}

// Known knows papers again: it gives those that look like p, which is about to have that
// sketch.
type Known interface {
	Like(ctx context.Context, p pipeline.Paper, s pipeline.Sketch) ([]pipeline.Alike, error)
}

// Units knows which units there were on a day, and so which dossier numbers can be.
type Units interface {
	Unit(ctx context.Context, code string, day pipeline.Day) (pipeline.Unit, error)
}

// Agencies knows agencies by the names that are printed. The lookup is nil while there is
// no list.
type Agencies interface {
	Agencies(ctx context.Context) (extract.Lookup, error)
}

// Backlog is what the dispatcher and the reconciler need of the catalog.
type Backlog interface {
	Outbox(ctx context.Context, limit int) ([]pipeline.Todo, error)
	Sent(ctx context.Context, sent []pipeline.Todo) error
	Stalled(ctx context.Context, now time.Time, idle time.Duration, limit int) ([]pipeline.Todo, error)
	Requeue(ctx context.Context, t pipeline.Todo, now time.Time) error
	Due(ctx context.Context, before time.Time, skip, limit int) ([]pipeline.Todo, error)
}

// Blobs keeps bytes under their digest. Get errs at the end of bytes that are not
// those of the digest.
type Blobs interface {
	Put(ctx context.Context, d pipeline.Digest, size int64, r io.Reader, media string) error
	Get(ctx context.Context, d pipeline.Digest) (io.ReadCloser, int64, error)
}

// Notes keeps small objects under keys of the pipeline package.
type Notes interface {
	PutOnce(ctx context.Context, key string, body []byte) error // fs.ErrExist if there is one
	PutKey(ctx context.Context, key string, body []byte) error
	GetKey(ctx context.Context, key string) ([]byte, error) // fs.ErrNotExist
	Delete(ctx context.Context, key string) error
	List(ctx context.Context, prefix string) iter.Seq2[string, error]
}

// Objects is the bucket.
type Objects interface {
	Blobs
	Notes
}

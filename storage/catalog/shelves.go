package catalog

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"hoso/pipeline"
)

// longestRoot is how long the root of a shelf, and a path below it, may be, in bytes: as
// long as systems allow, with room for names that had to be written otherwise.
const longestRoot = 3 * 4096

// OpenShelf gives the shelf of a label, made with root and host as they are given if
// there was none. If the label belongs to another root or host it is
// pipeline.ErrShelfTaken; pipeline.ErrBatch if it is none.
//
// An Opened left out is now. Seed and Run are not taken from s.
func (c *Catalog) OpenShelf(ctx context.Context, s pipeline.Shelf) (pipeline.Shelf, error) {
	if err := checkShelf(s); err != nil {
		return pipeline.Shelf{}, fmt.Errorf("opening shelf %.60q: %w", s.Label, err)
	}
	if s.Opened.IsZero() {
		s.Opened = c.now()
	}
	seed := make([]byte, 32)
	_, _ = rand.Read(seed) // never fails
	err := c.inTx(ctx, func(tx *sql.Tx) error {
		const add = `INSERT INTO shelves (label, root, host, opened, opener, seed) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (label) DO NOTHING`
		if _, err := tx.ExecContext(ctx, add, s.Label, s.Root, s.Host, millis(s.Opened), senderOf(s.By), hex.EncodeToString(seed)); err != nil {
			return err
		}
		there, err := scanShelf(tx.QueryRowContext(ctx, oneShelf, s.Label).Scan)
		if err == nil && (there.Root != s.Root || there.Host != s.Host) {
			err = pipeline.ErrShelfTaken
		}
		s = there
		return err
	})
	if err != nil {
		return pipeline.Shelf{}, failed(err, "opening shelf %s", s.Label)
	}
	return s, nil
}

// checkShelf refuses what cannot be a shelf.
func checkShelf(s pipeline.Shelf) error {
	label, err := pipeline.ParseBatch(s.Label)
	if err != nil {
		return err
	}
	if label == "" || label != s.Label {
		return pipeline.ErrBatch
	}
	if s.By == "" || !isPath(s.Root) || len(s.Host) > longest || !storable(s.Host) {
		return errors.New("nobody opens it, or its root or host is unsuitable")
	}
	return nil
}

// Shelves come with their newest run, if there is one.
const (
	allShelves = `SELECT s.label, s.root, s.host, s.opened, s.opener, s.seed, coalesce(r.n, 0), coalesce(r.began, 0),
			coalesce(r.until, 0), coalesce(r.beat, 0), coalesce(r.ended, 0), coalesce(r.how, ''), coalesce(r.walk, 0), coalesce(r.found, 0)
		FROM shelves s LEFT JOIN shelf_runs r
			ON r.label = s.label AND r.n = (SELECT max(n) FROM shelf_runs WHERE label = s.label)`
	oneShelf = allShelves + " WHERE s.label = $1"
)

func scanShelf(scan func(...any) error) (pipeline.Shelf, error) {
	var s pipeline.Shelf
	var opened int64
	var run runRow
	err := scan(append([]any{&s.Label, &s.Root, &s.Host, &opened, &s.By, &s.Seed}, run.into()...)...)
	s.Opened, s.Run = fromMillis(opened), run.run()
	return s, err
}

// Shelf gives the shelf of a label with its newest run, or fs.ErrNotExist.
func (c *Catalog) Shelf(ctx context.Context, label string) (pipeline.Shelf, error) {
	if !storable(label) {
		return pipeline.Shelf{}, fmt.Errorf("reading shelf %.60q: %w", label, fs.ErrNotExist)
	}
	s, err := scanShelf(c.read.QueryRowContext(ctx, oneShelf, label).Scan)
	if err != nil {
		return pipeline.Shelf{}, failed(err, "reading shelf %.60q", label)
	}
	return s, nil
}

// Shelves gives all shelves with their newest runs, the one opened last first.
func (c *Catalog) Shelves(ctx context.Context) ([]pipeline.Shelf, error) {
	all, err := collect(ctx, c.read, scanShelf, allShelves)
	if err != nil {
		return nil, failed(err, "listing shelves")
	}
	// Not by the engine: they differ in how they order labels.
	slices.SortFunc(all, func(a, b pipeline.Shelf) int {
		if by := b.Opened.Compare(a.Opened); by != 0 {
			return by
		}
		return strings.Compare(a.Label, b.Label)
	})
	return all, nil
}

// holdShelf keeps all others from changing what belongs to a shelf until the transaction
// ends, and gives its seed; sql.ErrNoRows if there is none.
func (c *Catalog) holdShelf(ctx context.Context, tx *sql.Tx, label string) (seed string, err error) {
	if !storable(label) {
		return "", sql.ErrNoRows
	}
	err = tx.QueryRowContext(ctx, "SELECT seed FROM shelves WHERE label = $1"+c.engine.hold, label).Scan(&seed)
	return seed, err
}

// runRow is a run as it is stored.
type runRow struct {
	n, walk, found            int
	began, until, beat, ended int64
	how                       string
}

const runColumns = "n, began, until, beat, ended, how, walk, found"

func (r *runRow) into() []any {
	return []any{&r.n, &r.began, &r.until, &r.beat, &r.ended, &r.how, &r.walk, &r.found}
}

func (r *runRow) run() pipeline.Run {
	return pipeline.Run{
		N: r.n, Began: fromMillis(r.began), Until: fromMillis(r.until), Beat: fromMillis(r.beat), Ended: fromMillis(r.ended),
		How: pipeline.RunEnd(r.how), Walk: r.walk, Found: r.found,
	}
}

func scanRun(scan func(...any) error) (pipeline.Run, error) {
	var r runRow
	err := scan(r.into()...)
	return r.run(), err
}

// lives reports whether a run may still be at work: it has not ended, and its last sign
// of life is not longer ago than patience. One far in the future comes of a clock that
// was put right since, and says nothing.
func lives(r pipeline.Run, now time.Time, patience time.Duration) bool {
	return r.N > 0 && r.How == "" && now.Sub(r.Beat).Abs() <= patience
}

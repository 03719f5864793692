package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"hoso/pipeline"
)

// Runs gives the runs of a shelf, the first one first.
func (c *Catalog) Runs(ctx context.Context, label string) ([]pipeline.Run, error) {
	const all = "SELECT " + runColumns + " FROM shelf_runs WHERE label = $1 ORDER BY n"
	runs, err := collect(ctx, c.read, scanRun, all, storableForm(label))
	return runs, failed(err, "listing the runs of shelf %.60q", label)
}

// BeginRun begins the next run of a shelf: fs.ErrNotExist if there is no such shelf,
// pipeline.ErrRunLives while the run before gave a sign of life within patience. If that
// one fell silent without having ended it is lost from here on (pipeline.RunLost), and
// whatever it still does is pipeline.ErrStale.
//
// A run begins with the Walk and the Found of the one before. A walk should have a number
// above those of all files too: the last one may have come by some of them and not to its
// end.
func (c *Catalog) BeginRun(ctx context.Context, label string, until, now time.Time, patience time.Duration) (pipeline.Run, error) {
	var run pipeline.Run
	err := c.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := c.holdShelf(ctx, tx, label); err != nil {
			return err
		}
		last, err := newestRun(ctx, tx, label)
		if err != nil {
			return err
		}
		if lives(last, now, patience) {
			return pipeline.ErrRunLives
		}
		const lose = "UPDATE shelf_runs SET how = 'lost' WHERE label = $1 AND how = ''"
		if _, err := tx.ExecContext(ctx, lose, label); err != nil {
			return err
		}
		run = pipeline.Run{N: last.N + 1, Began: stamp(now), Until: stamp(until), Beat: stamp(now), Walk: last.Walk, Found: last.Found}
		const add = "INSERT INTO shelf_runs (label, " + runColumns + ") VALUES ($1, $2, $3, $4, $5, 0, '', $6, $7)"
		_, err = tx.ExecContext(ctx, add, label, run.N, millis(run.Began), millis(run.Until), millis(run.Beat), run.Walk, run.Found)
		return err
	})
	if err != nil {
		return pipeline.Run{}, failed(err, "beginning a run of shelf %.60q", label)
	}
	return run, nil
}

// newestRun gives the newest run of a shelf that is held; the zero one if there is none.
func newestRun(ctx context.Context, tx *sql.Tx, label string) (pipeline.Run, error) {
	const newest = "SELECT " + runColumns + " FROM shelf_runs WHERE label = $1 ORDER BY n DESC LIMIT 1"
	run, err := scanRun(tx.QueryRowContext(ctx, newest, label).Scan)
	if isNoRows(err) {
		return pipeline.Run{}, nil
	}
	return run, err
}

// asRun runs f in a transaction that only the living run of a shelf gets:
// pipeline.ErrStale for any other one, and if there is no such shelf.
func (c *Catalog) asRun(ctx context.Context, label string, n int, f func(tx *sql.Tx, run pipeline.Run) error) error {
	return c.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := c.holdShelf(ctx, tx, label); isNoRows(err) {
			return pipeline.ErrStale
		} else if err != nil {
			return err
		}
		run, err := newestRun(ctx, tx, label)
		if err != nil {
			return err
		}
		if run.N != n || run.How != "" {
			return pipeline.ErrStale
		}
		return f(tx, run)
	})
}

// BeatRun is a sign of life of a run; pipeline.ErrStale if it is not the living one, and
// then it must stop.
func (c *Catalog) BeatRun(ctx context.Context, label string, n int, now time.Time) error {
	err := c.asRun(ctx, label, n, func(tx *sql.Tx, _ pipeline.Run) error {
		_, err := tx.ExecContext(ctx, "UPDATE shelf_runs SET beat = $3 WHERE label = $1 AND n = $2", label, n, millis(now))
		return err
	})
	return failed(err, "beating for run %d of shelf %.60q", n, label)
}

// EndRun ends the living run, as done, until or stopped. To end it again in the same way,
// as whoever missed the answer does, changes nothing; anything else is pipeline.ErrStale.
func (c *Catalog) EndRun(ctx context.Context, label string, n int, how pipeline.RunEnd, now time.Time) error {
	switch how {
	case pipeline.RunDone, pipeline.RunUntil, pipeline.RunStopped:
	case pipeline.RunLost:
		fallthrough
	default:
		return fmt.Errorf("ending run %d of shelf %.60q: no run ends itself as %.40q", n, label, how)
	}
	err := c.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := c.holdShelf(ctx, tx, label); isNoRows(err) {
			return pipeline.ErrStale
		} else if err != nil {
			return err
		}
		run, err := newestRun(ctx, tx, label)
		if err != nil {
			return err
		}
		if run.N == n && run.How == how {
			return nil
		}
		if run.N != n || run.How != "" {
			return pipeline.ErrStale
		}
		const end = "UPDATE shelf_runs SET how = $3, ended = $4, beat = $4 WHERE label = $1 AND n = $2"
		_, err = tx.ExecContext(ctx, end, label, n, string(how), millis(now))
		return err
	})
	return failed(err, "ending run %d of shelf %.60q", n, label)
}

// Walked says that the living run has gone through the whole tree. Files that an earlier
// walk came by last, and that were never received, are gone; it gives how many went now.
// The empty folders that are known are those of this walk from here on; too many, or paths
// that cannot be kept, are pipeline.ErrShelfFile. A walk before the newest one is
// pipeline.ErrStale too.
func (c *Catalog) Walked(ctx context.Context, label string, n int, w pipeline.Walk, now time.Time) (gone int, err error) {
	if w.N < 1 || w.Found < 0 {
		return 0, fmt.Errorf("ending a walk of shelf %.60q: walk %d that found %d files", label, w.N, w.Found)
	}
	empty, err := tidyEmpty(w.Empty)
	if err != nil {
		return 0, fmt.Errorf("ending walk %d of shelf %.60q: %w", w.N, label, err)
	}
	err = c.asRun(ctx, label, n, func(tx *sql.Tx, run pipeline.Run) error {
		if w.N < run.Walk {
			return fmt.Errorf("walk %d ends after walk %d: %w", w.N, run.Walk, pipeline.ErrStale)
		}
		const lose = `UPDATE shelf_files SET state = 'gone'
			WHERE label = $1 AND former = 0 AND walk < $2 AND state NOT IN ('received', 'gone')`
		done, err := tx.ExecContext(ctx, lose, label, w.N)
		if err != nil {
			return err
		}
		lost, err := done.RowsAffected()
		if err != nil {
			return err
		}
		gone = int(lost)
		if _, err := tx.ExecContext(ctx, "UPDATE shelves SET empty_folders = $2 WHERE label = $1", label, empty); err != nil {
			return err
		}
		const ended = "UPDATE shelf_runs SET walk = $3, found = $4, beat = $5 WHERE label = $1 AND n = $2"
		_, err = tx.ExecContext(ctx, ended, label, n, w.N, w.Found, millis(now))
		return err
	})
	if err != nil {
		return 0, failed(err, "ending walk %d of shelf %.60q", w.N, label)
	}
	return gone, nil
}

// tidyEmpty checks empty folders, and gives them as they are stored.
func tidyEmpty(e pipeline.EmptyFolders) (string, error) {
	if len(e.Paths) > pipeline.MostEmpty || e.More < 0 {
		return "", fmt.Errorf("%w: %d empty folders, and %d more", pipeline.ErrShelfFile, len(e.Paths), e.More)
	}
	for _, path := range e.Paths {
		if !isPath(path) {
			return "", fmt.Errorf("%w: the path of an empty folder", pipeline.ErrShelfFile)
		}
	}
	text, err := json.Marshal(e)
	return string(text), err
}

// EmptyFolders gives the folders of dossiers in which the newest walk through the whole
// tree of a shelf found nothing scanned; none before the first one. fs.ErrNotExist if there
// is no such shelf.
func (c *Catalog) EmptyFolders(ctx context.Context, label string) (pipeline.EmptyFolders, error) {
	var text string
	var e pipeline.EmptyFolders
	err := c.read.QueryRowContext(ctx, "SELECT empty_folders FROM shelves WHERE label = $1", storableForm(label)).Scan(&text)
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &e)
	}
	return e, failed(err, "reading the empty folders of shelf %.60q", label)
}

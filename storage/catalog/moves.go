package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"hoso/pipeline"
)

// Move is one change of a paper. The states and the number of its event are filled in
// by Commit.
type Move = pipeline.Move

// Claim gives the paper to owner until then, unless it has moved on from gen or
// somebody else's lease lives: then ErrStale. Claiming again prolongs the lease.
func (c *Catalog) Claim(ctx context.Context, id pipeline.PaperID, gen int64, owner string, until time.Time) (pipeline.Paper, error) {
	if owner == "" || !storable(owner) {
		return pipeline.Paper{}, fmt.Errorf("claiming paper %s: unsuitable owner %.40q", id, owner)
	}
	var r row
	err := c.inTx(ctx, func(tx *sql.Tx) error {
		var err error
		if r, err = c.hold(ctx, tx, id, gen); err != nil {
			return err
		}
		if r.held(owner, c.now()) {
			return ErrStale
		}
		_, err = tx.ExecContext(ctx, "UPDATE papers SET owner = $2, lease = $3 WHERE id = $1", string(id), owner, millis(until))
		return err
	})
	if err != nil {
		return pipeline.Paper{}, failed(err, "claiming paper %s", id)
	}
	return r.paper, nil
}

// hold reads the row of a paper and keeps others from changing it until tx ends. It
// gives ErrStale if the paper has moved on from gen.
func (c *Catalog) hold(ctx context.Context, tx *sql.Tx, id pipeline.PaperID, gen int64) (row, error) {
	if !storable(string(id)) {
		return row{}, sql.ErrNoRows
	}
	query := "SELECT " + rowColumns + " FROM papers WHERE id = $1" + c.engine.hold
	r, err := scanRow(tx.QueryRowContext(ctx, query, string(id)).Scan)
	if err != nil {
		return row{}, err
	}
	if r.paper.Gen != gen {
		return row{}, ErrStale
	}
	return r, nil
}

// Release gives a claimed paper back before its lease has run out. ErrStale says
// that owner does not hold it any more, which is as good.
func (c *Catalog) Release(ctx context.Context, id pipeline.PaperID, gen int64, owner string) error {
	err := c.inTx(ctx, func(tx *sql.Tx) error {
		r, err := c.hold(ctx, tx, id, gen)
		if err != nil {
			return err
		}
		if r.owner != owner {
			return ErrStale
		}
		_, err = tx.ExecContext(ctx, "UPDATE papers SET owner = '', lease = 0 WHERE id = $1", string(id))
		return err
	})
	return failed(err, "releasing paper %s", id)
}

// Commit makes a move: it raises the generation by one, ends the lease, writes the
// event, brings the indexes up to date and, if hoso has more to do, leaves a row in
// the outbox. It gives the paper as it is now.
//
// ErrStale means that nothing was changed: the paper has moved on from Paper.Gen, or
// Owner does not hold it, or (without an Owner) somebody else's lease lives. Received
// and Original cannot change. Updated becomes the event's time.
//
// A Failed paper whose RetryAt lies ahead gets no row in the outbox; Stalled gives it
// when its time has come.
//
// What is born with the move, and the moves that belong to it, are made with it or not at
// all. A paper to be born that is there already stays as it is.
func (c *Catalog) Commit(ctx context.Context, m Move) (pipeline.Paper, error) {
	m, err := c.dated(m)
	if err != nil {
		return pipeline.Paper{}, err
	}
	all := []Move{m}
	for _, w := range m.With {
		if w, err = c.dated(w); err != nil {
			return pipeline.Paper{}, err
		}
		all = append(all, w)
	}
	// In one order, so that no two wait for each other.
	slices.SortFunc(all, func(a, b Move) int { return strings.Compare(string(a.Paper.ID), string(b.Paper.ID)) })
	moved := pipeline.Paper{}
	err = c.inTx(ctx, func(tx *sql.Tx) error {
		if len(m.Born) > 0 {
			if err := c.queue(ctx, tx); err != nil {
				return err
			}
		}
		for _, one := range all {
			next, err := c.commit(ctx, tx, one)
			if err != nil {
				return err
			}
			if next.ID == m.Paper.ID {
				moved = next
			}
		}
		return c.bear(ctx, tx, m.Born)
	})
	if err != nil {
		return pipeline.Paper{}, failed(err, "moving paper %s to %s", m.Paper.ID, m.Paper.State)
	}
	return moved, nil
}

// dated gives a move with its times filled in, if it can be one.
func (c *Catalog) dated(m Move) (Move, error) {
	if m.Event.Time.IsZero() {
		m.Event.Time = c.now()
	}
	m.Paper.Updated = m.Event.Time
	m.Paper = stamped(m.Paper)
	return m, check(m.Paper)
}

// commit makes one move in tx and gives the paper as it then is.
func (c *Catalog) commit(ctx context.Context, tx *sql.Tx, m Move) (pipeline.Paper, error) {
	r, err := c.hold(ctx, tx, m.Paper.ID, m.Paper.Gen)
	if err != nil {
		return pipeline.Paper{}, err
	}
	if err := c.mayMove(r, m.Paper, m.Owner); err != nil {
		return pipeline.Paper{}, err
	}
	next := m.Paper
	next.Gen++
	return next, c.move(ctx, tx, r, next, m)
}

// bear enters new papers that are not there yet.
func (c *Catalog) bear(ctx context.Context, tx *sql.Tx, births []pipeline.Birth) error {
	for _, b := range births {
		p := c.complete(b.Paper)
		if err := check(p); err != nil {
			return err
		}
		var n int64
		err := tx.QueryRowContext(ctx, "SELECT n FROM papers WHERE id = $1", string(p.ID)).Scan(&n)
		if err == nil {
			continue
		}
		if !isNoRows(err) {
			return err
		}
		if err := c.add(ctx, tx, p, b.Event); err != nil {
			return err
		}
	}
	return nil
}

// mayMove gives ErrStale if owner may not move r, and another error for a move that
// nobody may make.
func (c *Catalog) mayMove(r row, next pipeline.Paper, owner string) error {
	if owner != "" && r.owner != owner || owner == "" && r.held("", c.now()) {
		return ErrStale
	}
	if r.paper.Original != next.Original || !r.paper.Received.Equal(next.Received) {
		return errors.New("a paper's original and time of receipt cannot change")
	}
	return nil
}

func (c *Catalog) move(ctx context.Context, tx *sql.Tx, r row, next pipeline.Paper, m Move) error {
	if err := replace(ctx, tx, next); err != nil {
		return err
	}
	m.Event.From = r.paper.State
	if err := appendEvent(ctx, tx, next, m.Event); err != nil {
		return err
	}
	if err := keepSketch(ctx, tx, r.n, m.Sketch); err != nil {
		return err
	}
	if m.Text != nil || headOf(r.paper) != headOf(next) || metaOf(r.paper) != metaOf(next) {
		if err := c.index(ctx, tx, r.n, next, m.Text); err != nil {
			return err
		}
	}
	return post(ctx, tx, next)
}

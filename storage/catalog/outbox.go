package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"hoso/pipeline"
)

// Todo is a paper that hoso has work to do on, as of a generation.
type Todo = pipeline.Todo

// post leaves a row in the outbox if there is work to do on p now, and takes away an
// earlier one, which is out of date either way.
func post(ctx context.Context, tx *sql.Tx, p pipeline.Paper) error {
	if !p.State.Open() || p.State == pipeline.Failed && p.RetryAt.After(p.Updated) {
		if _, err := tx.ExecContext(ctx, "DELETE FROM outbox WHERE id = $1", string(p.ID)); err != nil {
			return fmt.Errorf("clearing outbox: %w", err)
		}
		return nil
	}
	const put = `INSERT INTO outbox (id, gen, state, lane, rank, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO UPDATE SET gen = excluded.gen, state = excluded.state, lane = excluded.lane,
		rank = excluded.rank, at = excluded.at`
	_, err := tx.ExecContext(ctx, put, string(p.ID), p.Gen, string(p.State), string(p.Lane), rank(p.Lane), millis(p.Updated))
	if err != nil {
		return fmt.Errorf("writing outbox: %w", err)
	}
	return nil
}

// Outbox gives what is to be handed to the queue, first lane first, oldest first.
// It is the same until Sent, so that a crash between the two only sends twice.
func (c *Catalog) Outbox(ctx context.Context, limit int) ([]Todo, error) {
	const list = "SELECT id, gen, state, lane FROM outbox ORDER BY rank, at, id LIMIT $1"
	todo, err := collect(ctx, c.read, scanTodo, list, limit)
	if err != nil {
		return nil, failed(err, "reading outbox")
	}
	return todo, nil
}

func scanTodo(scan func(...any) error) (Todo, error) {
	var t Todo
	err := scan((*string)(&t.ID), &t.Gen, (*string)(&t.State), (*string)(&t.Lane))
	return t, err
}

// Sent takes out of the outbox what the queue has accepted. Rows of a later
// generation stay.
func (c *Catalog) Sent(ctx context.Context, sent []Todo) error {
	if len(sent) == 0 {
		return nil
	}
	err := c.inTx(ctx, func(tx *sql.Tx) error {
		for _, t := range sent {
			if _, err := tx.ExecContext(ctx, "DELETE FROM outbox WHERE id = $1 AND gen = $2", string(t.ID), t.Gen); err != nil {
				return err
			}
		}
		return nil
	})
	return failed(err, "marking %d as sent", len(sent))
}

// Stalled gives papers that the queue seems to have forgotten, those of the first lane
// first and in it the longest untouched: open, nobody's lease lives, nothing waits in the outbox, and untouched for
// idle. A Failed paper is among them as soon as its RetryAt has come, and then again
// whenever it was untouched for idle.
func (c *Catalog) Stalled(ctx context.Context, now time.Time, idle time.Duration, limit int) ([]Todo, error) {
	const list = `SELECT id, gen, state, lane FROM papers
		WHERE state IN ` + openStates + ` AND (owner = '' OR lease <= $1)
		AND (updated <= $2 AND retry_at <= $1 OR state = 'failed' AND retry_at <= $1 AND updated < retry_at)
		AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.id = papers.id)
		ORDER BY CASE lane WHEN 'desk' THEN 0 WHEN 'batch' THEN 1 ELSE 2 END, updated, n LIMIT $3`
	todo, err := collect(ctx, c.read, scanTodo, list, millis(now), millis(now.Add(-idle)), limit)
	if err != nil {
		return nil, failed(err, "looking for stalled papers")
	}
	return todo, nil
}

// Requeue puts a stalled paper back into the outbox under a new generation, so that
// whatever still runs for the old one comes to nothing. ErrStale says that it is not
// stalled any more.
func (c *Catalog) Requeue(ctx context.Context, t Todo, now time.Time) error {
	err := c.inTx(ctx, func(tx *sql.Tx) error {
		r, err := c.hold(ctx, tx, t.ID, t.Gen)
		if err != nil {
			return err
		}
		if r.held("", now) || !r.paper.State.Open() {
			return ErrStale
		}
		p := r.paper
		p.Gen++
		p.Updated = stamp(now)
		if err := replace(ctx, tx, p); err != nil {
			return err
		}
		// Its time to retry has come, or it would not have been stalled.
		p.RetryAt = time.Time{}
		return post(ctx, tx, p)
	})
	return failed(err, "requeueing paper %s", t.ID)
}

// Balance counts the papers in one statement, and so in one moment.
func (c *Catalog) Balance(ctx context.Context) (pipeline.Balance, error) {
	type count struct {
		state pipeline.State
		n     int64
	}
	scan := func(scan func(...any) error) (count, error) {
		var n count
		err := scan((*string)(&n.state), &n.n)
		return n, err
	}
	counts, err := collect(ctx, c.read, scan, "SELECT state, count(*) FROM papers GROUP BY state")
	if err != nil {
		return pipeline.Balance{}, failed(err, "counting papers")
	}
	b := pipeline.Balance{ByState: make(map[pipeline.State]int64)}
	for _, n := range counts {
		addPapers(&b, n.state, n.n)
	}
	return b, nil
}

// addPapers counts papers in one state.
func addPapers(b *pipeline.Balance, state pipeline.State, n int64) {
	b.ByState[state] += n
	b.Received += n
	switch {
	case state == pipeline.Filed:
		b.Filed += n
	case state == pipeline.Rejected:
		b.Rejected += n
	case state.Waiting():
		b.Waiting += n
	case state.Open():
		b.Open += n
	}
}

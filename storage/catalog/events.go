package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"hoso/pipeline"
)

// appendEvent writes the next event of p. What the catalog knows better than the
// caller is filled in: the paper, its new state, the number in sequence.
func appendEvent(ctx context.Context, tx *sql.Tx, p pipeline.Paper, e pipeline.Event) error {
	e.Paper, e.To = p.ID, p.State
	if e.Time.IsZero() {
		e.Time = p.Updated
	}
	const last = "SELECT coalesce(max(seq), 0) FROM events WHERE paper = $1"
	if err := tx.QueryRowContext(ctx, last, string(p.ID)).Scan(&e.Seq); err != nil {
		return fmt.Errorf("numbering event: %w", err)
	}
	e.Seq++
	return writeEvent(ctx, tx, e, "")
}

// writeEvent writes e as it is; onConflict is SQL for the case that it is there.
func writeEvent(ctx context.Context, tx *sql.Tx, e pipeline.Event, onConflict string) error {
	e.Time = stamp(e.Time)
	doc, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("writing event as JSON: %w", err)
	}
	const add = "INSERT INTO events (paper, seq, at, doc) VALUES ($1, $2, $3, $4)"
	if _, err := tx.ExecContext(ctx, add+onConflict, string(e.Paper), e.Seq, millis(e.Time), string(doc)); err != nil {
		return fmt.Errorf("writing event: %w", err)
	}
	return nil
}

// Events gives what happened to a paper, oldest first; nothing for a paper that is
// not there.
func (c *Catalog) Events(ctx context.Context, id pipeline.PaperID) ([]pipeline.Event, error) {
	if !storable(string(id)) {
		return nil, nil
	}
	events, err := collect(ctx, c.read, scanEvent, "SELECT doc FROM events WHERE paper = $1 ORDER BY seq", string(id))
	if err != nil {
		return nil, failed(err, "reading events of %s", id)
	}
	return events, nil
}

func scanEvent(scan func(...any) error) (pipeline.Event, error) {
	var doc string
	var e pipeline.Event
	if err := scan(&doc); err != nil {
		return e, err
	}
	if err := json.Unmarshal([]byte(doc), &e); err != nil {
		return e, fmt.Errorf("reading an event: %w", err)
	}
	return e, nil
}

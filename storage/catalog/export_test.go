package catalog

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"hoso/pipeline"
)

// OpenImpatient is Open for SQLite with a wait of its own for other writers.
func OpenImpatient(ctx context.Context, dsn string, wait time.Duration) (*Catalog, error) {
	return openSQLite(ctx, strings.TrimPrefix(dsn, "sqlite:"), wait)
}

// Writer gives the database that c writes to.
func (c *Catalog) Writer() *sql.DB { return c.write }

// OpenStates is the list of open states in SQL.
const OpenStates = openStates

// Loaded is a paper with its text and, if it was read, its sketch.
type Loaded struct {
	Paper  pipeline.Paper
	Text   string
	Sketch *pipeline.Sketch
}

// Load restores many papers in one transaction.
func (c *Catalog) Load(ctx context.Context, all []Loaded) error {
	return c.inTx(ctx, func(tx *sql.Tx) error {
		for _, l := range all {
			if err := c.restore(ctx, tx, c.complete(l.Paper), l.Text); err != nil {
				return err
			}
			var n int64
			if err := tx.QueryRowContext(ctx, "SELECT n FROM papers WHERE id = $1", string(l.Paper.ID)).Scan(&n); err != nil {
				return err
			}
			if err := keepSketch(ctx, tx, n, l.Sketch); err != nil {
				return err
			}
		}
		return nil
	})
}

// ReadToken parses a page token and writes it again.
func ReadToken(s string) (string, error) {
	t, err := parseToken(s)
	return t.String(), err
}

// BalanceQuery gives the statement that counts a shelf.
func (c *Catalog) BalanceQuery() string { return c.engine.balanceQuery() }

// Ask gives the questions that both engines are asked for a text.
func Ask(text string) (lite, pg string) {
	q := question{parts: ask(text), marks: []string{unitMark(unitOf(text))}}
	return liteQuestion(q), pgQuestion(q)
}

// Snippet cuts a piece out of a text for a question.
func Snippet(body, text string) pipeline.Snippet {
	return snippet(body, "", question{parts: ask(text)})
}

// Settle does what a database does by itself after a while: statistics, clean-up.
func (c *Catalog) Settle(ctx context.Context) error {
	if c.engine.queue != "" {
		_, err := c.write.ExecContext(ctx, "VACUUM ANALYZE")
		return err
	}
	_, err := c.write.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}

// HoldHalf begins to receive p and calls f before the transaction ends.
func (c *Catalog) HoldHalf(ctx context.Context, p pipeline.Paper, f func()) error {
	return c.inTx(ctx, func(tx *sql.Tx) error {
		if err := c.add(ctx, tx, c.complete(p), pipeline.Event{}); err != nil {
			return err
		}
		f()
		return nil
	})
}

// MigrateAgain takes the tables back to a version and brings them up to date anew.
func (c *Catalog) MigrateAgain(ctx context.Context, version int64) error {
	p, err := c.engine.provider(c.write)
	if err != nil {
		return err
	}
	if _, err := p.DownTo(ctx, version); err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

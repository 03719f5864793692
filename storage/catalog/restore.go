package catalog

import (
	"context"
	"database/sql"
	"slices"

	"hoso/pipeline"
)

// Restore puts a paper that is already known, from its manifest or its note, into a
// catalog that has lost it, with its state, generation and history as they are. It
// may be repeated: a paper that is there in the same or a later generation stays,
// an earlier one is replaced, and events that are there stay. An open paper is put
// into the outbox.
func (c *Catalog) Restore(ctx context.Context, p pipeline.Paper, events []pipeline.Event, text string) error {
	p = c.complete(p)
	if err := check(p); err != nil {
		return err
	}
	err := c.inTx(ctx, func(tx *sql.Tx) error {
		if err := c.queue(ctx, tx); err != nil {
			return err
		}
		// The paper first, like every move, so that no two wait for each other.
		if err := c.restore(ctx, tx, p, text); err != nil {
			return err
		}
		for _, code := range append(slices.Clip(p.FormerCodes), p.Code) {
			if code.IsZero() {
				continue
			}
			if err := c.writeCode(ctx, tx, p.ID, code); err != nil {
				return err
			}
		}
		for _, e := range events {
			e.Paper = p.ID
			if err := writeEvent(ctx, tx, e, " ON CONFLICT (paper, seq) DO NOTHING"); err != nil {
				return err
			}
		}
		return nil
	})
	return failed(err, "restoring paper %s", p.ID)
}

func (c *Catalog) restore(ctx context.Context, tx *sql.Tx, p pipeline.Paper, text string) error {
	var n, gen int64
	err := tx.QueryRowContext(ctx, "SELECT n, gen FROM papers WHERE id = $1"+c.engine.hold, string(p.ID)).Scan(&n, &gen)
	switch {
	case isNoRows(err):
		if n, err = insert(ctx, tx, p, handed(p)); err != nil {
			return err
		}
	case err != nil:
		return err
	case gen > p.Gen:
		return nil
	case gen == p.Gen:
		return c.restoreText(ctx, tx, n, p, text)
	default:
		if err := replace(ctx, tx, p); err != nil {
			return err
		}
	}
	if err := c.index(ctx, tx, n, p, &text); err != nil {
		return err
	}
	return post(ctx, tx, p)
}

// handed guesses the dossier key that a restored paper was handed in with: none, if
// its number stands on the paper and so may have been found there. Guessing wrong
// only means that the same bytes, handed in again without a number, are known.
func handed(p pipeline.Paper) string {
	if !p.Handed.IsZero() || len(p.Leaves) > 0 || p.Into != "" { // of a stack nothing is to be guessed
		return p.Handed.Key()
	}
	for _, f := range p.Fields {
		read := f.Source == pipeline.ByQR || f.Source == pipeline.ByText || f.Source == pipeline.ByOCR
		if f.Name == pipeline.FieldDossier && read {
			return ""
		}
	}
	return p.Dossier.Key()
}

// restoreText gives a paper its text if it has none yet: the first attempt may not
// have had it.
func (c *Catalog) restoreText(ctx context.Context, tx *sql.Tx, n int64, p pipeline.Paper, text string) error {
	kept, err := c.keepText(ctx, tx, n, nil)
	if err != nil || kept != "" || text == "" {
		return err
	}
	return c.index(ctx, tx, n, p, &text)
}

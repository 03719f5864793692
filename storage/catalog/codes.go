package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"hoso/pipeline"
)

// mostSerials is how many serials are tried before giving up: more than one only where
// another template once gave codes that look alike.
const mostSerials = 1000

// Code gives a paper its digitization code: the one that it has within this stem, or
// the next one that nobody ever had. Asking again, after whatever cut the first asking
// off, gives the same.
func (c *Catalog) Code(ctx context.Context, id pipeline.PaperID, t pipeline.CodeTemplate, f pipeline.CodeFacts) (pipeline.DigitizationCode, error) {
	stem := t.Stem(f)
	if !storable(stem) || len(stem) > pipeline.LongestCode {
		return pipeline.DigitizationCode{}, fmt.Errorf("giving paper %s a code: what it is made of has %d bytes", id, len(stem))
	}
	var given pipeline.DigitizationCode
	err := c.inTx(ctx, func(tx *sql.Tx) error {
		if err := wait(ctx, tx, c.engine.codes); err != nil {
			return err
		}
		const had = "SELECT code, serial FROM codes WHERE paper = $1 AND stem = $2 ORDER BY serial LIMIT 1"
		given = pipeline.DigitizationCode{Stem: stem}
		err := tx.QueryRowContext(ctx, had, string(id), stem).Scan(&given.Value, &given.Serial)
		if !isNoRows(err) {
			return err
		}
		given, err = c.nextCode(ctx, tx, t, f)
		if err != nil {
			return err
		}
		return c.writeCode(ctx, tx, id, given)
	})
	return given, failed(err, "giving paper %s a code", id)
}

// nextCode finds the first code of a stem that nobody had.
func (c *Catalog) nextCode(ctx context.Context, tx *sql.Tx, t pipeline.CodeTemplate, f pipeline.CodeFacts) (pipeline.DigitizationCode, error) {
	var last int
	const highest = "SELECT coalesce(max(serial), 0) FROM codes WHERE stem = $1"
	if err := tx.QueryRowContext(ctx, highest, t.Stem(f)).Scan(&last); err != nil {
		return pipeline.DigitizationCode{}, err
	}
	for serial := last + 1; serial <= last+mostSerials; serial++ {
		next := t.Code(f, serial)
		var taken int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM codes WHERE code = $1", next.Value).Scan(&taken); err != nil {
			return next, err
		}
		if taken == 0 {
			return next, nil
		}
	}
	return pipeline.DigitizationCode{}, errors.New("too many codes look like those of another template")
}

func (c *Catalog) writeCode(ctx context.Context, tx *sql.Tx, id pipeline.PaperID, given pipeline.DigitizationCode) error {
	const add = "INSERT INTO codes (code, paper, stem, serial, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"
	_, err := tx.ExecContext(ctx, add, given.Value, string(id), given.Stem, given.Serial, millis(c.now()))
	return err
}

// Coded gives the paper that has, or once had, a digitization code; fs.ErrNotExist if
// none has.
func (c *Catalog) Coded(ctx context.Context, code string) (pipeline.PaperID, error) {
	var id string
	err := c.read.QueryRowContext(ctx, "SELECT paper FROM codes WHERE code = $1", storableForm(code)).Scan(&id)
	return pipeline.PaperID(id), failed(err, "looking up a digitization code")
}

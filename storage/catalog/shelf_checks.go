package catalog

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"hoso/pipeline"
)

// DrawChecks draws papers of a shelf for a second look until share (0 to 1) of all its
// filed papers, rounded up, is drawn, and gives how many were drawn now. It is to be
// called again as more are filed. What is drawn stays drawn, whatever becomes of the
// paper.
//
// Those are drawn next, of the filed papers that are not drawn yet, for which SHA-256 of
// the round's seed and the paper's ID (the text of one after the other) comes first, see
// pipeline.Draw. Only the digest of a seed is told before its round is signed off: no one
// can foresee whether a paper will be looked at, and whoever is given the seed then can
// prove that nobody chose.
//
// It errs with fs.ErrNotExist if there is no such shelf.
func (c *Catalog) DrawChecks(ctx context.Context, label string, share float64, now time.Time) (drawn int, err error) {
	if !(share >= 0 && share <= 1) {
		return 0, fmt.Errorf("drawing papers of shelf %.60q: a share of %v", label, share)
	}
	err = c.inTx(ctx, func(tx *sql.Tx) error {
		seed, err := c.holdShelf(ctx, tx, label)
		if err != nil {
			return err
		}
		var filed, had, signed int
		const count = `SELECT (SELECT count(*) FROM papers WHERE batch = $1 AND batch <> '' AND state = 'filed'),
			(SELECT count(*) FROM shelf_checks WHERE label = $1), (SELECT count(*) FROM shelf_signoffs WHERE label = $1)`
		if err := tx.QueryRowContext(ctx, count, label).Scan(&filed, &had, &signed); err != nil {
			return err
		}
		drawn = shareOf(share, filed) - had
		if drawn <= 0 {
			drawn = 0
			return nil
		}
		urn, err := undrawn(ctx, tx, label, pipeline.DrawSeed(seed, signed+1))
		if err != nil {
			return err
		}
		drawn = min(drawn, len(urn))
		for _, id := range urn[:drawn] {
			if err := addCheck(ctx, tx, pipeline.Check{Batch: label, Paper: id, Drawn: stamp(now)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, failed(err, "drawing papers of shelf %.60q", label)
	}
	return drawn, nil
}

// shareOf is the share of n rounded up, where what no share of numbers in decimals can be
// off by does not make one more.
func shareOf(share float64, n int) int { return min(n, int(math.Ceil(share*float64(n)-1e-6))) }

// undrawn gives the filed papers of a shelf that are not drawn, in the order of the draw.
func undrawn(ctx context.Context, tx *sql.Tx, label, seed string) ([]pipeline.PaperID, error) {
	type lot struct {
		sum [sha256.Size]byte
		id  string
	}
	const all = `SELECT id FROM papers WHERE batch = $1 AND batch <> '' AND state = 'filed'
		AND NOT EXISTS (SELECT 1 FROM shelf_checks WHERE label = $1 AND paper = papers.id)`
	lots, err := collect(ctx, tx, func(scan func(...any) error) (lot, error) {
		var l lot
		err := scan(&l.id)
		l.sum = sha256.Sum256([]byte(seed + l.id))
		return l, err
	}, all, label)
	slices.SortFunc(lots, func(a, b lot) int { return bytes.Compare(a.sum[:], b.sum[:]) })
	ids := make([]pipeline.PaperID, 0, len(lots))
	for _, l := range lots {
		ids = append(ids, pipeline.PaperID(l.id))
	}
	return ids, err
}

func addCheck(ctx context.Context, tx *sql.Tx, k pipeline.Check) error {
	doc, err := json.Marshal(k)
	if err != nil {
		return fmt.Errorf("writing a check as JSON: %w", err)
	}
	const add = "INSERT INTO shelf_checks (label, paper, drawn, looked, good, doc) VALUES ($1, $2, $3, 0, 0, $4)"
	_, err = tx.ExecContext(ctx, add, k.Batch, string(k.Paper), millis(k.Drawn), string(doc))
	return err
}

func scanCheck(scan func(...any) error) (pipeline.Check, error) {
	var k pipeline.Check
	var doc string
	if err := scan(&doc); err != nil {
		return k, err
	}
	if err := json.Unmarshal([]byte(doc), &k); err != nil {
		return k, fmt.Errorf("reading a check: %w", err)
	}
	return k, nil
}

// Checks gives the papers of a shelf that were drawn for a second look, in the order in
// which they were drawn, and in that by ID.
func (c *Catalog) Checks(ctx context.Context, label string) ([]pipeline.Check, error) {
	all, err := collect(ctx, c.read, scanCheck, "SELECT doc FROM shelf_checks WHERE label = $1 ORDER BY drawn, paper", storableForm(label))
	return all, failed(err, "reading the checks of shelf %.60q", label)
}

// PutCheck writes down what the second look at a paper came to, whose it was and when; a
// later look takes the place of an earlier one. A paper that was not drawn is
// fs.ErrNotExist. Batch and Drawn stay; an At left out is now; a look without account is an
// error.
func (c *Catalog) PutCheck(ctx context.Context, k pipeline.Check) error {
	if k.By == "" {
		return errors.New("writing down a check: nobody looked")
	}
	if k.At.IsZero() {
		k.At = c.now()
	}
	err := c.inTx(ctx, func(tx *sql.Tx) error {
		// With the shelf held no one signs off what is being changed.
		if _, err := c.holdShelf(ctx, tx, k.Batch); err != nil {
			return err
		}
		const one = "SELECT doc FROM shelf_checks WHERE label = $1 AND paper = $2"
		kept, err := scanCheck(tx.QueryRowContext(ctx, one, k.Batch, storableForm(string(k.Paper))).Scan)
		if err != nil {
			return err
		}
		kept.Good, kept.Note, kept.By, kept.At = k.Good, sentence(k.Note), senderOf(k.By), stamp(k.At)
		doc, err := json.Marshal(kept)
		if err != nil {
			return fmt.Errorf("writing a check as JSON: %w", err)
		}
		const put = "UPDATE shelf_checks SET looked = $3, good = $4, doc = $5 WHERE label = $1 AND paper = $2"
		good := 0
		if kept.Good {
			good = 1
		}
		_, err = tx.ExecContext(ctx, put, k.Batch, string(kept.Paper), millis(kept.At), good, string(doc))
		return err
	})
	return failed(err, "writing down a check of shelf %.60q", k.Batch)
}

// PutSignOff writes down that a person takes responsibility for the second look at a
// shelf, and gives it with its numbers, which are counted and not taken from s. While
// nothing is drawn, or a drawn paper was not looked at, it is a Refusal; fs.ErrNotExist
// if there is no such shelf. An At left out is now.
func (c *Catalog) PutSignOff(ctx context.Context, s pipeline.SignOff) (pipeline.SignOff, error) {
	if s.By == "" {
		return pipeline.SignOff{}, errors.New("signing off: nobody does")
	}
	if s.At.IsZero() {
		s.At = c.now()
	}
	s.By, s.At, s.Note = senderOf(s.By), stamp(s.At), sentence(s.Note)
	err := c.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := c.holdShelf(ctx, tx, s.Batch); err != nil {
			return err
		}
		var looked int
		const count = `SELECT count(*), coalesce(sum(CASE WHEN looked > 0 THEN 1 ELSE 0 END), 0), coalesce(sum(good), 0),
			(SELECT count(*) FROM papers WHERE batch = $1 AND batch <> '' AND state = 'filed') FROM shelf_checks WHERE label = $1`
		if err := tx.QueryRowContext(ctx, count, s.Batch).Scan(&s.Drawn, &looked, &s.Good, &s.Of); err != nil {
			return err
		}
		s.Bad = looked - s.Good
		if s.Drawn == 0 || looked < s.Drawn {
			return unlooked(s.Drawn, looked)
		}
		doc, err := json.Marshal(s)
		if err != nil {
			return fmt.Errorf("writing a sign-off as JSON: %w", err)
		}
		const add = `INSERT INTO shelf_signoffs (label, n, doc)
			VALUES ($1, (SELECT coalesce(max(n), 0) + 1 FROM shelf_signoffs WHERE label = $1), $2)`
		_, err = tx.ExecContext(ctx, add, s.Batch, string(doc))
		return err
	})
	if err != nil {
		return pipeline.SignOff{}, failed(err, "signing off shelf %.60q", s.Batch)
	}
	return s, nil
}

// unlooked says why a shelf cannot be signed off.
func unlooked(drawn, looked int) error {
	if drawn == 0 {
		return pipeline.Refuse(pipeline.Reason{
			Code:       "nothing-drawn",
			English:    "no paper was drawn for the second look",
			Vietnamese: "Chưa có giấy tờ nào được chọn để kiểm tra chất lượng. Hãy chọn mẫu rồi kiểm tra trước khi xác nhận.",
		}, nil)
	}
	return pipeline.Refuse(pipeline.Reason{
		Code:       "checks-left",
		English:    fmt.Sprintf("%d of %d papers were not looked at", drawn-looked, drawn),
		Vietnamese: fmt.Sprintf("Còn %d trong %d giấy tờ của mẫu chưa được kiểm tra. Hãy kiểm tra hết rồi xác nhận.", drawn-looked, drawn),
	}, nil)
}

// SignOffs gives the sign-offs of a shelf, the first one first.
func (c *Catalog) SignOffs(ctx context.Context, label string) ([]pipeline.SignOff, error) {
	all, err := collect(ctx, c.read, scanSignOff, "SELECT doc FROM shelf_signoffs WHERE label = $1 ORDER BY n", storableForm(label))
	return all, failed(err, "reading the sign-offs of shelf %.60q", label)
}

func scanSignOff(scan func(...any) error) (pipeline.SignOff, error) {
	var s pipeline.SignOff
	var doc string
	if err := scan(&doc); err != nil {
		return s, err
	}
	if err := json.Unmarshal([]byte(doc), &s); err != nil {
		return s, fmt.Errorf("reading a sign-off: %w", err)
	}
	return s, nil
}

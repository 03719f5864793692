package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"time"

	"hoso/pipeline"
)

// row is a paper with what only the catalog knows of it.
type row struct {
	paper pipeline.Paper
	n     int64
	owner string
	lease int64 // milliseconds
}

// rowColumns are those that scanRow takes.
const rowColumns = "papers.n, papers.gen, papers.state, papers.owner, papers.lease, papers.updated, papers.doc"

// scanRow reads a row. What a move compares is taken from its column, all else from
// the document.
func scanRow(scan func(...any) error) (row, error) {
	var r row
	var gen, updated int64
	var state, doc string
	if err := scan(&r.n, &gen, &state, &r.owner, &r.lease, &updated, &doc); err != nil {
		return row{}, err
	}
	if err := json.Unmarshal([]byte(doc), &r.paper); err != nil {
		return row{}, fmt.Errorf("reading the row at place %d: %w", r.n, err)
	}
	r.paper.Gen, r.paper.State, r.paper.Updated = gen, pipeline.State(state), fromMillis(updated)
	return r, nil
}

// held reports whether somebody but owner has a lease that lives at now.
func (r row) held(owner string, now time.Time) bool {
	return r.owner != "" && r.owner != owner && r.lease > now.UnixMilli()
}

func isNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// Paper gives the paper, or fs.ErrNotExist.
func (c *Catalog) Paper(ctx context.Context, id pipeline.PaperID) (pipeline.Paper, error) {
	if !storable(string(id)) {
		return pipeline.Paper{}, fmt.Errorf("reading paper %.40q: %w", id, fs.ErrNotExist)
	}
	r, err := scanRow(c.read.QueryRowContext(ctx, "SELECT "+rowColumns+" FROM papers WHERE id = $1", string(id)).Scan)
	if err != nil {
		return pipeline.Paper{}, failed(err, "reading paper %s", id)
	}
	return r.paper, nil
}

// Receive puts a new paper into the catalog, with its first event and its row in the
// outbox. If the same bytes were already received for the same dossier it changes
// nothing and gives the earlier paper and true. For bytes handed in without a
// number, those handed in earlier without one count as the same unless they were
// rejected, whatever number was found since. A stack is the same as the paper that it
// first was, whatever became of its pages, and never as one that was parted from it: the
// others are still there, even if the first one was rejected.
//
// A State, Gen or Received left out becomes pipeline.Received, 1 and now.
func (c *Catalog) Receive(ctx context.Context, p pipeline.Paper, e pipeline.Event) (pipeline.Paper, bool, error) {
	p = c.complete(p)
	if err := check(p); err != nil {
		return pipeline.Paper{}, false, err
	}
	again := false
	err := c.inTx(ctx, func(tx *sql.Tx) error {
		if err := c.queue(ctx, tx); err != nil {
			return err
		}
		earlier, err := same(ctx, tx, p)
		if err == nil {
			p, again = earlier, true
			return nil
		}
		if !isNoRows(err) {
			return err
		}
		return c.add(ctx, tx, p, e)
	})
	if err != nil {
		return pipeline.Paper{}, false, failed(err, "receiving paper %s", p.ID)
	}
	return p, again, nil
}

// complete fills in what a new paper may leave out.
func (c *Catalog) complete(p pipeline.Paper) pipeline.Paper {
	if p.State == "" {
		p.State = pipeline.Received
	}
	if p.Lane == "" {
		p.Lane = pipeline.Batch
	}
	if p.Received.IsZero() {
		p.Received = c.now()
	}
	if p.Updated.IsZero() {
		p.Updated = p.Received
	}
	p.Gen = max(p.Gen, 1)
	return stamped(p)
}

// stamped brings the times of p to what is stored.
func stamped(p pipeline.Paper) pipeline.Paper {
	p.Received, p.Updated, p.RetryAt = stamp(p.Received), stamp(p.Updated), stamp(p.RetryAt)
	return p
}

// check refuses values that are mistakes of the caller.
func check(p pipeline.Paper) error {
	switch {
	case p.ID == "" || len(p.ID) > longest || !storable(string(p.ID)):
		return fmt.Errorf("cataloguing %.40q: %w", p.ID, pipeline.ErrPaperID)
	case p.Original.IsZero():
		return fmt.Errorf("cataloguing %s: the original has no digest", p.ID)
	case len(p.Lane) > longest || !storable(string(p.Lane)):
		return fmt.Errorf("cataloguing %s: unknown lane %.40q", p.ID, p.Lane)
	}
	if !slices.Contains(pipeline.States(), p.State) {
		return fmt.Errorf("cataloguing %s: unknown state %.40q", p.ID, p.State)
	}
	return nil
}

// queue makes this transaction wait for others that give out places.
func (c *Catalog) queue(ctx context.Context, tx *sql.Tx) error { return wait(ctx, tx, c.engine.queue) }

// wait makes a transaction wait by SQL for others; "" where writers wait anyhow.
func wait(ctx context.Context, tx *sql.Tx, turn string) error {
	if turn == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, turn)
	return err
}

// same finds the paper that p would be a second copy of, or sql.ErrNoRows.
func same(ctx context.Context, tx *sql.Tx, p pipeline.Paper) (pipeline.Paper, error) {
	const query = "SELECT " + rowColumns + " FROM papers WHERE original = $1 AND (number = $2 OR handed = $2) ORDER BY n"
	key := p.Dossier.Key()
	rows, err := tx.QueryContext(ctx, query, p.Original.String(), key)
	if err != nil {
		return pipeline.Paper{}, err
	}
	defer func() { _ = rows.Close() }() // rows.Err says it all
	for rows.Next() {
		r, err := scanRow(rows.Scan)
		if err != nil || isSame(r.paper, key) {
			return r.paper, err
		}
	}
	return pipeline.Paper{}, errors.Join(rows.Err(), sql.ErrNoRows)
}

// isSame reports whether p is what was handed in with that dossier key: it has the key, or
// was handed in with it.
func isSame(p pipeline.Paper, key string) bool {
	taken := len(p.Leaves) > 0 || p.Into != "" // a stack, of which sheets or people said more
	switch {
	case p.Parted != "":
		return false
	case key == "":
		return p.State != pipeline.Rejected || p.Into != "" || len(p.Parts) > 0
	}
	return p.Dossier.Key() == key || taken
}

// add writes a new paper, its event, its index and what is to do.
func (c *Catalog) add(ctx context.Context, tx *sql.Tx, p pipeline.Paper, e pipeline.Event) error {
	n, err := insert(ctx, tx, p, p.Dossier.Key())
	if err != nil {
		return err
	}
	e.From = ""
	if err := appendEvent(ctx, tx, p, e); err != nil {
		return err
	}
	if err := c.index(ctx, tx, n, p, nil); err != nil {
		return err
	}
	return post(ctx, tx, p)
}

// insert writes the row of a new paper, handed in with that dossier key, and gives
// its place.
func insert(ctx context.Context, tx *sql.Tx, p pipeline.Paper, handed string) (int64, error) {
	n, err := takePlace(ctx, tx, p.Received)
	if err != nil {
		return 0, err
	}
	args, err := columns(p)
	if err != nil {
		return 0, err
	}
	const add = `INSERT INTO papers (id, gen, state, lane, kind, unit, number, retry_at, updated, doc,
		counter, holder, document, issued, class, batch, renew_by, parted, pages, joined, n, handed, original, sender)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`
	_, err = tx.ExecContext(ctx, add, append(args, n, handed, p.Original.String(), senderOf(p.Sender))...)
	return n, err
}

// replace writes the row of a paper that is there, and drops its lease.
func replace(ctx context.Context, tx *sql.Tx, p pipeline.Paper) error {
	args, err := columns(p)
	if err != nil {
		return err
	}
	const change = `UPDATE papers SET gen = $2, state = $3, lane = $4, kind = $5, unit = $6, number = $7,
		retry_at = $8, updated = $9, doc = $10, counter = $11, holder = $12, document = $13, issued = $14,
		class = $15, batch = $16, renew_by = $17, parted = $18, pages = $19, joined = $20, owner = '', lease = 0 WHERE id = $1`
	_, err = tx.ExecContext(ctx, change, args...)
	return err
}

// columns gives the values of the columns that follow from the paper.
func columns(p pipeline.Paper) ([]any, error) {
	doc, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("writing paper as JSON: %w", err)
	}
	var retry int64
	if p.State == pipeline.Failed {
		retry = millis(p.RetryAt)
	}
	k := keysOf(p)
	return []any{
		string(p.ID), p.Gen, string(p.State), string(p.Lane), short(storableForm(string(p.Kind))), unitOf(p.Unit),
		p.Dossier.Key(), retry, millis(p.Updated), string(doc),
		k.counter, k.holder, k.document, k.issued, k.class, k.batch,
		renewalOf(p), partedFrom(p), pagesOf(p), joinedTo(p),
	}, nil
}

// eachPage is how many papers Each holds at once.
const eachPage = 256

// Each gives all papers in the order of receipt, a page at a time, so that neither
// memory nor a lock grows with the catalog. Papers that arrive meanwhile may or may
// not be among them. An error ends the sequence.
func (c *Catalog) Each(ctx context.Context) iter.Seq2[pipeline.Paper, error] {
	return func(yield func(pipeline.Paper, error) bool) {
		after := int64(-1)
		for {
			page, err := c.rows(ctx, "SELECT "+rowColumns+" FROM papers WHERE n > $1 ORDER BY n LIMIT $2", after, eachPage)
			if err != nil {
				yield(pipeline.Paper{}, failed(err, "listing papers"))
				return
			}
			for _, r := range page {
				if !yield(r.paper, nil) {
					return
				}
				after = r.n
			}
			if len(page) < eachPage {
				return
			}
		}
	}
}

// rows reads all rows of a query for rowColumns.
func (c *Catalog) rows(ctx context.Context, query string, args ...any) ([]row, error) {
	return collect(ctx, c.read, scanRow, query, args...)
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// collect reads all rows of a query.
func collect[T any](ctx context.Context, q querier, scan func(func(...any) error) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err says it all
	var all []T
	for rows.Next() {
		one, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

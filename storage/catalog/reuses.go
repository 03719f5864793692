package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"hoso/pipeline"
)

// PutReuse keeps a reuse, or what became of it since. Keeping the same again changes
// nothing, and one that has ended stays so.
func (c *Catalog) PutReuse(ctx context.Context, r pipeline.Reuse) error {
	r.Time, r.Ended = stamp(r.Time), stamp(r.Ended)
	doc, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("writing reuse %s as JSON: %w", r.ID, err)
	}
	const put = `INSERT INTO reuses (id, dossier, paper, unit, at, ended, doc) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET ended = excluded.ended, doc = excluded.doc WHERE reuses.ended = 0`
	err = c.inTx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, put, r.ID, r.Dossier.Key(), string(r.Paper), unitOf(r.Unit), millis(r.Time), millis(r.Ended), string(doc))
		return err
	})
	return failed(err, "keeping reuse %s", r.ID)
}

// Reuses gives what a dossier uses again, in the order in which it was decided, what
// was withdrawn included.
func (c *Catalog) Reuses(ctx context.Context, n pipeline.DossierNumber) ([]pipeline.Reuse, error) {
	all, err := collect(ctx, c.read, scanReuse, "SELECT doc FROM reuses WHERE dossier = $1 ORDER BY at, id", n.Key())
	return all, failed(err, "reading reuses")
}

// ReusesOf gives the reuses of a paper in other dossiers likewise.
func (c *Catalog) ReusesOf(ctx context.Context, id pipeline.PaperID) ([]pipeline.Reuse, error) {
	all, err := collect(ctx, c.read, scanReuse, "SELECT doc FROM reuses WHERE paper = $1 ORDER BY at, id", short(storableForm(string(id))))
	return all, failed(err, "reading reuses")
}

// Reuse gives one reuse, or fs.ErrNotExist.
func (c *Catalog) Reuse(ctx context.Context, id string) (pipeline.Reuse, error) {
	r, err := scanReuse(c.read.QueryRowContext(ctx, "SELECT doc FROM reuses WHERE id = $1", short(storableForm(id))).Scan)
	return r, failed(err, "reading a reuse")
}

func scanReuse(scan func(...any) error) (pipeline.Reuse, error) {
	var r pipeline.Reuse
	var doc string
	if err := scan(&doc); err != nil {
		return r, err
	}
	if err := json.Unmarshal([]byte(doc), &r); err != nil {
		return r, fmt.Errorf("reading a reuse: %w", err)
	}
	return r, nil
}

// ReuseCount counts the reuses that stand, of a unit and those below it ("" for all),
// decided from one moment to before another.
func (c *Catalog) ReuseCount(ctx context.Context, unit string, from, to time.Time) (pipeline.ReuseCount, error) {
	w := &where{}
	w.and("ended = 0 AND at >= ?", millis(from))
	if !to.IsZero() {
		w.and("at < ?", millis(to))
	}
	if unit = unitOf(unit); unit != "" {
		w.and("(unit = ? OR unit >= ? AND unit < ?)", unit, unit+".", unit+"/")
	}
	var n pipeline.ReuseCount
	query := "SELECT count(*), count(DISTINCT dossier) FROM reuses" + w.String()
	err := c.read.QueryRowContext(ctx, query, w.args...).Scan(&n.Papers, &n.Dossiers)
	return n, failed(err, "counting reuses")
}

// mostOfDossier is how many papers of one dossier are given at most.
const mostOfDossier = 1000

// Dossier gives the papers of a dossier in the order of their receipt.
func (c *Catalog) Dossier(ctx context.Context, n pipeline.DossierNumber) ([]pipeline.Paper, error) {
	if n.IsZero() {
		return nil, nil
	}
	query := "SELECT " + rowColumns + " FROM papers WHERE number = $1 AND number <> '' ORDER BY n LIMIT $2"
	rows, err := c.rows(ctx, query, n.Key(), mostOfDossier)
	if err != nil {
		return nil, failed(err, "reading a dossier")
	}
	return papersOf(rows), nil
}

// Owned gives the filed papers of an owner, by the number of a citizen or for tax, the
// newest first.
func (c *Catalog) Owned(ctx context.Context, owner string, limit int) ([]pipeline.Paper, error) {
	if owner = holderKey(owner); owner == "" {
		return nil, nil
	}
	query := "SELECT " + rowColumns + " FROM papers WHERE holder = $1 AND holder <> '' AND state = 'filed' ORDER BY n DESC LIMIT $2"
	rows, err := c.rows(ctx, query, owner, min(limit, mostOfDossier))
	if err != nil {
		return nil, failed(err, "reading what an owner has")
	}
	return papersOf(rows), nil
}

func papersOf(rows []row) []pipeline.Paper {
	papers := make([]pipeline.Paper, len(rows))
	for i, r := range rows {
		papers[i] = r.paper
	}
	return papers
}

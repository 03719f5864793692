package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"hoso/pipeline"
)

// deskMemory is how long ended requests and wishes are kept, for whoever asks late.
const deskMemory = 24 * time.Hour

// mostAtDesk bounds how many requests or wishes are given at once.
const mostAtDesk = 1000

const deskColumns = "SELECT id, paper, gen, account, certificate, until, doc FROM desk_requests"

// Ask keeps a request for a signature unless one of the paper lives: then that one is
// given, which is somebody else's or the same again. A request for another generation of
// the paper, or by the same account for another certificate, gives way.
func (c *Catalog) Ask(ctx context.Context, r pipeline.DeskRequest, now time.Time) (pipeline.DeskRequest, error) {
	const put = `INSERT INTO desk_requests (id, paper, gen, account, certificate, until, doc) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (paper) DO UPDATE SET id = excluded.id, gen = excluded.gen, account = excluded.account,
		certificate = excluded.certificate, until = excluded.until, doc = excluded.doc
		WHERE desk_requests.until <= $8 OR desk_requests.gen <> excluded.gen
		OR desk_requests.account = excluded.account AND desk_requests.certificate <> excluded.certificate`
	var kept pipeline.DeskRequest
	err := c.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM desk_requests WHERE until <= $1", millis(now.Add(-deskMemory))); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, put, r.ID, string(r.Paper), r.Gen, senderOf(r.Account), r.Certificate.String(), millis(r.Until), string(r.Prepared), millis(now))
		if err != nil {
			return err
		}
		kept, err = scanDesk(tx.QueryRowContext(ctx, deskColumns+" WHERE paper = $1", string(r.Paper)).Scan)
		return err
	})
	return kept, failed(err, "keeping a request for a signature of paper %s", r.Paper)
}

// Asked gives a request by its ID, ended or not; fs.ErrNotExist if another one has taken
// its place.
func (c *Catalog) Asked(ctx context.Context, id string) (pipeline.DeskRequest, error) {
	if !storable(id) {
		return pipeline.DeskRequest{}, fmt.Errorf("reading a request for a signature: %w", fs.ErrNotExist)
	}
	r, err := scanDesk(c.read.QueryRowContext(ctx, deskColumns+" WHERE id = $1", id).Scan)
	return r, failed(err, "reading a request for a signature")
}

// AskedOf gives the newest request for a paper, ended or not, or fs.ErrNotExist.
func (c *Catalog) AskedOf(ctx context.Context, paper pipeline.PaperID) (pipeline.DeskRequest, error) {
	r, err := scanDesk(c.read.QueryRowContext(ctx, deskColumns+" WHERE paper = $1", storableForm(string(paper))).Scan)
	return r, failed(err, "reading a request for a signature")
}

// AskedNow gives the requests that live, without what was prepared.
func (c *Catalog) AskedNow(ctx context.Context, now time.Time) ([]pipeline.DeskRequest, error) {
	const live = "SELECT id, paper, gen, account, certificate, until, '' FROM desk_requests WHERE until > $1 ORDER BY until LIMIT $2"
	all, err := collect(ctx, c.read, scanDesk, live, millis(now), mostAtDesk)
	return all, failed(err, "listing requests for signatures")
}

func scanDesk(scan func(...any) error) (pipeline.DeskRequest, error) {
	var r pipeline.DeskRequest
	var paper, certificate, doc string
	var until int64
	if err := scan(&r.ID, &paper, &r.Gen, &r.Account, &certificate, &until, &doc); err != nil {
		return r, err
	}
	var err error
	r.Paper, r.Until, r.Prepared = pipeline.PaperID(paper), fromMillis(until), json.RawMessage(doc)
	r.Certificate, err = pipeline.ParseDigest(certificate)
	return r, err
}

// Wishing is when something is wished, and how long that counts.
type Wishing = pipeline.Wishing

// Wish keeps that an account has decided to sign papers. Somebody else's wish gives way
// once its time is over, and so does one that came to nothing.
func (c *Catalog) Wish(ctx context.Context, account string, papers []pipeline.PaperID, w Wishing) error {
	const put = `INSERT INTO desk_wishes (paper, account, at, trouble) VALUES ($1, $2, $3, '')
		ON CONFLICT (paper) DO UPDATE SET account = excluded.account, at = excluded.at, trouble = ''
		WHERE desk_wishes.account = excluded.account OR desk_wishes.at <= $4 OR desk_wishes.trouble <> ''`
	err := c.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM desk_wishes WHERE at <= $1", millis(w.Now.Add(-deskMemory))); err != nil {
			return err
		}
		for _, id := range papers {
			if _, err := tx.ExecContext(ctx, put, storableForm(string(id)), senderOf(account), millis(w.Now), millis(w.Now.Add(-w.Limit))); err != nil {
				return err
			}
		}
		return nil
	})
	return failed(err, "keeping wishes to sign")
}

// Wishes gives what an account has decided to sign and what counts still, "" for all
// accounts, the oldest first.
func (c *Catalog) Wishes(ctx context.Context, account string, w Wishing) ([]pipeline.DeskWish, error) {
	const since = `SELECT paper, account, at, trouble FROM desk_wishes
		WHERE (account = $1 OR $1 = '') AND at > $2 ORDER BY at, paper LIMIT $3`
	all, err := collect(ctx, c.read, scanWish, since, senderOf(account), millis(w.Now.Add(-w.Limit)), mostAtDesk)
	return all, failed(err, "listing wishes to sign")
}

func scanWish(scan func(...any) error) (pipeline.DeskWish, error) {
	var w pipeline.DeskWish
	var paper string
	var at int64
	err := scan(&paper, &w.Account, &at, &w.Trouble)
	w.Paper, w.Time = pipeline.PaperID(paper), fromMillis(at)
	return w, err
}

// Trouble notes why an account's wish came to nothing.
func (c *Catalog) Trouble(ctx context.Context, account string, paper pipeline.PaperID, code string) error {
	const note = "UPDATE desk_wishes SET trouble = $3 WHERE paper = $1 AND account = $2"
	_, err := c.write.ExecContext(ctx, note, storableForm(string(paper)), senderOf(account), short(storableForm(code)))
	return failed(err, "noting why a paper was not signed")
}

// Unwish forgets an account's wishes for papers, which have been signed or will not be.
func (c *Catalog) Unwish(ctx context.Context, account string, papers []pipeline.PaperID) error {
	err := c.inTx(ctx, func(tx *sql.Tx) error {
		for _, id := range papers {
			const drop = "DELETE FROM desk_wishes WHERE paper = $1 AND account = $2"
			if _, err := tx.ExecContext(ctx, drop, storableForm(string(id)), senderOf(account)); err != nil {
				return err
			}
		}
		return nil
	})
	return failed(err, "forgetting wishes to sign")
}

// HeardOf notes that the helper on an account's desk is there.
func (c *Catalog) HeardOf(ctx context.Context, account string, now time.Time) error {
	const put = `INSERT INTO desk_helpers (account, seen) VALUES ($1, $2)
		ON CONFLICT (account) DO UPDATE SET seen = excluded.seen`
	_, err := c.write.ExecContext(ctx, put, senderOf(account), millis(now))
	return failed(err, "noting that a helper is there")
}

// Heard gives when the helper on an account's desk was last heard of; zero for never.
func (c *Catalog) Heard(ctx context.Context, account string) (time.Time, error) {
	var seen int64
	err := c.read.QueryRowContext(ctx, "SELECT seen FROM desk_helpers WHERE account = $1", senderOf(account)).Scan(&seen)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return fromMillis(seen), failed(err, "asking for a helper")
}

// Hold ties an account to the subject of its certificates unless either is tied
// already, and gives what is so now: the tie of the account, or else of the subject.
func (c *Catalog) Hold(ctx context.Context, h pipeline.Holder) (pipeline.Holder, error) {
	const put = "INSERT INTO desk_holders (account, subject, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
	var tied pipeline.Holder
	err := c.inTx(ctx, func(tx *sql.Tx) (err error) {
		if _, err = tx.ExecContext(ctx, put, senderOf(h.Account), h.Subject.String(), millis(h.Since)); err != nil {
			return err
		}
		tied, err = holder(ctx, tx, h)
		return err
	})
	return tied, failed(err, "tying an account to its certificate")
}

// HolderOf gives the tie of an account, or else of a subject; fs.ErrNotExist if there is
// neither.
func (c *Catalog) HolderOf(ctx context.Context, h pipeline.Holder) (pipeline.Holder, error) {
	tied, err := holder(ctx, c.read, h)
	return tied, failed(err, "asking whose certificate it is")
}

func holder(ctx context.Context, q querier, h pipeline.Holder) (pipeline.Holder, error) {
	const either = `SELECT account, subject, at FROM desk_holders WHERE account = $1 OR subject = $2
		ORDER BY CASE WHEN account = $1 THEN 0 ELSE 1 END LIMIT 1`
	all, err := collect(ctx, q, scanHolder, either, senderOf(h.Account), h.Subject.String())
	if err == nil && len(all) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return pipeline.Holder{}, err
	}
	return all[0], nil
}

// Holders gives all ties, by account.
func (c *Catalog) Holders(ctx context.Context) ([]pipeline.Holder, error) {
	all, err := collect(ctx, c.read, scanHolder, "SELECT account, subject, at FROM desk_holders ORDER BY account")
	return all, failed(err, "listing whose certificates are whose")
}

func scanHolder(scan func(...any) error) (pipeline.Holder, error) {
	var h pipeline.Holder
	var subject string
	var at int64
	if err := scan(&h.Account, &subject, &at); err != nil {
		return h, err
	}
	var err error
	h.Since = fromMillis(at)
	h.Subject, err = pipeline.ParseDigest(subject)
	return h, err
}

// LetGo unties an account from its certificate: the next one that signs is tied to it.
func (c *Catalog) LetGo(ctx context.Context, account string) error {
	_, err := c.write.ExecContext(ctx, "DELETE FROM desk_holders WHERE account = $1", senderOf(account))
	return failed(err, "untying an account from its certificate")
}

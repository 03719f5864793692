package workers

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/sign"
	"hoso/workers/document"
)

// Desk is where officers sign with keys that never leave their tokens, in two steps: a
// signature is prepared and its digest travels to the desk; the value comes back, is
// checked and kept, and the paper goes on. The timestamp is the queue's business, so that
// nobody sits waiting for a slow authority.
//
// What was prepared can be lost at any time and is asked for again. What was accepted
// lies in the bucket before anybody is told so, under the digest of what was signed.
//
// An account is tied to the subject of the first certificate that it signs with, not to
// the certificate: certificates are renewed every year, and a paper must not wait for an
// administrator because of that, while the person stays the same. No two accounts sign
// with the same subject's certificates. Who leaves an account to somebody else has to
// have it untied first.
type Desk struct {
	Office   *Office
	Requests Requests
	Holders  Holders
	Limit    time.Duration // how long a request lives
	Looks    Looks         // how officers' signatures show
	Pictures Drawn         // nil: places are chosen by words alone
	AnyRoot  bool          // certificates need not lead to a trusted root
	Machine  string        // the account of the machine's owner, who is nobody in particular and tied to no certificate
}

// Requests keeps what officers' keys have been asked for. Ask gives the request that
// holds: another one if that was there before. Asked and AskedOf give fs.ErrNotExist.
type Requests interface {
	Ask(ctx context.Context, r pipeline.DeskRequest, now time.Time) (pipeline.DeskRequest, error)
	Asked(ctx context.Context, id string) (pipeline.DeskRequest, error)
	AskedOf(ctx context.Context, paper pipeline.PaperID) (pipeline.DeskRequest, error)
}

// Holders knows whose certificates are whose: what is tied to the account, or else to the
// subject.
type Holders interface {
	Hold(ctx context.Context, h pipeline.Holder) (pipeline.Holder, error)
	HolderOf(ctx context.Context, h pipeline.Holder) (pipeline.Holder, error) // fs.ErrNotExist
}

// Signatory is who is about to sign.
type Signatory struct {
	Account string
	Chain   []*x509.Certificate // the signer's first
}

func (s Signatory) holder(now time.Time) pipeline.Holder {
	return pipeline.Holder{Account: s.Account, Subject: pipeline.Sum(s.Chain[0].RawSubject), Since: now}
}

// Offer is what a key is asked to sign of a paper, or why it is not asked.
type Offer struct {
	Paper      pipeline.Paper
	Request    string
	Hash       string // such as SHA-256
	Digest     []byte // to be signed
	Attributes []byte // DER of the signed attributes, whose hash Digest is
	Until      time.Time
	Refused    pipeline.Reason
}

// preparing is how many signatures are prepared side by side.
const preparing = 4

// Prepare makes signatures ready for a key. A certificate that may not sign is a Refusal
// of everything; what is wrong with a single paper stands in its offer.
func (d *Desk) Prepare(ctx context.Context, papers []pipeline.Paper, by Signatory) ([]Offer, error) {
	now := d.Office.Now()
	chain, err := sign.Admit(ctx, by.Chain, sign.Admission{Trust: d.Office.Trust, AnyRoot: d.AnyRoot, Time: now})
	if err != nil {
		return nil, err
	}
	by.Chain = chain
	tied, err := d.Holders.HolderOf(ctx, by.holder(now))
	if err == nil {
		err = d.mine(by, tied)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	offers, faults := make([]Offer, len(papers)), make([]error, len(papers))
	var all sync.WaitGroup
	turns := make(chan struct{}, preparing)
	for i, p := range papers {
		turns <- struct{}{}
		all.Go(func() {
			offers[i], faults[i] = d.offer(ctx, p, by)
			<-turns
		})
	}
	all.Wait()
	return offers, errors.Join(faults...)
}

// mine refuses a certificate that is tied to another account, and an account that is
// tied to another certificate.
func (d *Desk) mine(by Signatory, tied pipeline.Holder) error {
	switch {
	case by.Account == d.Machine:
		return nil
	case tied.Account != by.Account:
		return pipeline.Refuse(certificateOfOther(tied.Account), nil)
	case tied.Subject != by.holder(time.Time{}).Subject:
		return pipeline.Refuse(otherCertificate(), nil)
	}
	return nil
}

// offer makes one signature ready, or finds it so.
func (d *Desk) offer(ctx context.Context, p pipeline.Paper, by Signatory) (Offer, error) {
	if p.State != pipeline.Signing {
		return Offer{Paper: p, Refused: notToSign(p)}, nil
	}
	moved, err := d.resume(ctx, p)
	if err == nil {
		return Offer{Paper: moved, Refused: signedAlready()}, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return d.stale(p, err)
	}
	live, err := d.Requests.AskedOf(ctx, p.ID)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Offer{}, err
	}
	if err == nil && d.holds(live, p, by) {
		return d.offered(p, live, by)
	}
	return d.ask(ctx, p, by)
}

// ask makes a signature ready and keeps the request for it. What is wrong with one file
// keeps no other from being signed.
func (d *Desk) ask(ctx context.Context, p pipeline.Paper, by Signatory) (Offer, error) {
	prepared, err := d.prepare(ctx, p, by)
	if errors.Is(err, fs.ErrNotExist) {
		return d.composedAgain(ctx, p)
	}
	if refusal, refused := pipeline.AsRefusal(err); refused {
		return Offer{Paper: p, Refused: refusal.Reason}, nil
	}
	if err != nil {
		return Offer{}, err
	}
	now := d.Office.Now()
	kept, err := d.Requests.Ask(ctx, pipeline.DeskRequest{
		ID: string(d.Office.NewID()), Paper: p.ID, Gen: p.Gen, Account: by.Account, Certificate: certificateOf(by),
		Until: now.Add(d.Limit), Prepared: prepared,
	}, now)
	if err != nil {
		return Offer{}, err
	}
	return d.offered(p, kept, by)
}

// holds reports whether a request for p lives that who asks has to take: the same again,
// or somebody else's.
func (d *Desk) holds(r pipeline.DeskRequest, p pipeline.Paper, by Signatory) bool {
	return r.Gen == p.Gen && r.Until.After(d.Office.Now()) && (r.Account != by.Account || r.Certificate == certificateOf(by))
}

// composedAgain has the file of p made again, which is gone.
func (d *Desk) composedAgain(ctx context.Context, p pipeline.Paper) (Offer, error) {
	_, err := d.Office.act(ctx, p, pipeline.Recognized, "", pipeline.Event{What: "composing again", Actor: byItself})
	if err != nil {
		return d.stale(p, err)
	}
	return Offer{Paper: p, Refused: composedAnew()}, nil
}

// stale is the offer of a paper that moved meanwhile.
func (d *Desk) stale(p pipeline.Paper, err error) (Offer, error) {
	if errors.Is(err, pipeline.ErrStale) {
		return Offer{Paper: p, Refused: changed()}, nil
	}
	return Offer{}, err
}

func certificateOf(by Signatory) pipeline.Digest { return pipeline.Sum(by.Chain[0].Raw) }

// offered tells of a request: of somebody else's, that it is theirs.
func (d *Desk) offered(p pipeline.Paper, r pipeline.DeskRequest, by Signatory) (Offer, error) {
	if r.Account != by.Account {
		return Offer{Paper: p, Until: r.Until, Refused: beingSigned(r)}, nil
	}
	var prepared sign.Prepared
	if err := json.Unmarshal(r.Prepared, &prepared); err != nil {
		return Offer{}, fmt.Errorf("reading a request for a signature: %w", err)
	}
	return Offer{
		Paper: p, Request: r.ID, Hash: prepared.Hash.String(), Digest: prepared.Digest(), Attributes: prepared.Attributes, Until: r.Until,
	}, nil
}

// prepare fetches the composed file and makes its signature as far as it can be made
// without the key. fs.ErrNotExist says that the file is gone.
func (d *Desk) prepare(ctx context.Context, p pipeline.Paper, by Signatory) (json.RawMessage, error) {
	dir, err := os.MkdirTemp(d.Office.Spool, "signing-*")
	if err != nil {
		return nil, spoolError(err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a leftover is cleared at the next start
	file := filepath.Join(dir, "composed.pdf")
	if err := fetch(ctx, d.Office.Objects, p.Composed, file); err != nil {
		return nil, err
	}
	q := requestOf(p, pipeline.ByOfficer, sign.Identity{Chain: by.Chain}, d.Office.Now())
	q, err = document.Show(ctx, file, q, d.Looks.Look(pipeline.ByOfficer, p), func(ctx context.Context) (document.Sight, error) { return d.sight(ctx, p) })
	if err != nil {
		return nil, err
	}
	made, err := document.Prepare(ctx, file, q)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(made)
	if err != nil {
		return nil, fmt.Errorf("keeping a signature that was prepared: %w", err)
	}
	return body, nil
}

// Submit takes the signature value that a key gave for a request. The value is durable
// when Submit returns; handing it in once more is then as good. A value that does not
// count is a Refusal, and the request stays open.
func (d *Desk) Submit(ctx context.Context, request string, value []byte, account string) (pipeline.Paper, error) {
	r, err := d.Requests.Asked(ctx, request)
	if errors.Is(err, fs.ErrNotExist) {
		return pipeline.Paper{}, pipeline.Refuse(noRequest(), err)
	}
	if err != nil {
		return pipeline.Paper{}, err
	}
	if r.Account != account {
		return pipeline.Paper{}, pipeline.Refuse(othersRequest(), nil)
	}
	p, err := d.Office.Papers.Paper(ctx, r.Paper)
	if err != nil {
		return pipeline.Paper{}, err
	}
	var prepared sign.Prepared
	if err := json.Unmarshal(r.Prepared, &prepared); err != nil {
		return pipeline.Paper{}, fmt.Errorf("reading a request for a signature: %w", err)
	}
	if err := prepared.Check(value); err != nil {
		return p, err
	}
	if p.State != pipeline.Signing || p.Gen != r.Gen {
		return d.handedInAgain(ctx, p, prepared.Input, r)
	}
	if now := d.Office.Now(); now.After(r.Until) {
		return p, pipeline.Refuse(requestOver(), nil)
	}
	return d.accept(ctx, p, r, value)
}

// handedInAgain answers whoever hands in what was accepted before, and refuses a value
// for a paper that has changed.
func (d *Desk) handedInAgain(ctx context.Context, p pipeline.Paper, composed pipeline.Digest, r pipeline.DeskRequest) (pipeline.Paper, error) {
	note, err := deskNote(ctx, d.Office.Objects, composed)
	switch {
	case err == nil && note.Account == r.Account && p.Composed == composed:
		return p, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return p, err
	}
	return p, pipeline.Refuse(changed(), nil)
}

// accept ties the account to its certificate, keeps the value, and lets the paper go on,
// in that order: whatever is cut off in between is done again and changes nothing.
func (d *Desk) accept(ctx context.Context, p pipeline.Paper, r pipeline.DeskRequest, value []byte) (pipeline.Paper, error) {
	signer, err := signatoryOf(r)
	if err != nil {
		return p, err
	}
	if r.Account != d.Machine {
		tied, err := d.Holders.Hold(ctx, signer.holder(d.Office.Now()))
		if err != nil {
			return p, err
		}
		if err := d.mine(signer, tied); err != nil {
			return p, err
		}
	}
	note := &pipeline.DeskNote{
		Schema: pipeline.ManifestSchema, Paper: p.ID, Account: r.Account, Time: d.Office.Now(), Prepared: r.Prepared, Value: value,
	}
	var moved pipeline.Paper
	err = d.Office.held(ctx, p, r.Account, func(owner string) error {
		err := d.Office.Objects.PutOnce(ctx, pipeline.DeskKey(p.Composed), []byte(detail(note)))
		if errors.Is(err, fs.ErrExist) { // of an earlier try that was cut off
			note, err = deskNote(ctx, d.Office.Objects, p.Composed)
		}
		if err != nil {
			return fmt.Errorf("keeping a signature: %w", err)
		}
		moved, err = d.goOn(ctx, p, note, owner)
		return err
	})
	return moved, err
}

// resume lets a paper go on whose signature was kept by a try that was cut off behind
// that; fs.ErrNotExist if there is none.
func (d *Desk) resume(ctx context.Context, p pipeline.Paper) (pipeline.Paper, error) {
	note, err := deskNote(ctx, d.Office.Objects, p.Composed)
	if err != nil {
		return p, err
	}
	return d.goOn(ctx, p, note, "")
}

// goOn commits that p was signed.
func (d *Desk) goOn(ctx context.Context, p pipeline.Paper, note *pipeline.DeskNote, owner string) (pipeline.Paper, error) {
	signer, err := signatoryOf(pipeline.DeskRequest{Account: note.Account, Prepared: note.Prepared})
	if err != nil {
		return p, err
	}
	p.Tries = 0
	return d.Office.act(ctx, p, pipeline.Composed, owner, pipeline.Event{
		What: "signed at the desk", Actor: note.Account,
		Detail: detail(map[string]string{"serial": signer.Chain[0].SerialNumber.Text(16)}),
	})
}

// signatoryOf tells whose signature was prepared.
func signatoryOf(r pipeline.DeskRequest) (Signatory, error) {
	by := Signatory{Account: r.Account}
	var prepared sign.Prepared
	if err := json.Unmarshal(r.Prepared, &prepared); err != nil {
		return by, fmt.Errorf("reading a request for a signature: %w", err)
	}
	for _, der := range prepared.Chain {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return by, fmt.Errorf("reading a certificate: %w", err)
		}
		by.Chain = append(by.Chain, c)
	}
	return by, nil
}

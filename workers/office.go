package workers

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/policy"
	"hoso/pipeline/sign"
	"hoso/workers/document"
)

// Office is what people can do with papers.
type Office struct {
	Papers  Papers
	Objects Objects
	Units   Units // nil: every unit is known
	Policy  policy.Policy
	Coding  *Coding // nil: no digitization codes are given
	Trust   sign.Trust
	Spool   string // a folder for bytes on their way into object storage
	MaxSize int64  // bytes of one original; 0 means 2 GiB
	Now     func() time.Time
	NewID   func() pipeline.PaperID
	Log     *slog.Logger
	Kick    func() // tells the dispatcher that there is something to do; may be nil

	// AskLight asks for the access copy of a filed paper; nil if none are made.
	AskLight func(context.Context, pipeline.PaperID) error

	// Asked gives what an officer's key is asked to sign of a paper; fs.ErrNotExist if
	// nothing is. Nil if no officers sign.
	Asked func(context.Context, pipeline.PaperID) (pipeline.DeskRequest, error)
}

// Handed is a paper as somebody hands it in.
type Handed struct {
	Dossier  pipeline.DossierNumber // zero: hoso looks for it on the paper
	Kind     pipeline.Kind
	Unit     string // zero: the unit of the dossier number
	FileName string
	Sender   string
	Batch    string             // see pipeline.ParseBatch; "" for none
	Collate  pipeline.Collation // see Paper.Collate
	Lane     pipeline.Lane
	Known    []pipeline.Field // what whoever hands it in knows of its content, such as from a list
	Size     int64            // bytes announced, -1 if unknown
	Body     io.Reader
}

// SetNumber settles the dossier number of a paper that waits for one. The paper goes
// on by itself. A number of a unit that the list of agencies does not have for that day
// is refused with the reason, which from then on stands on the paper as well.
func (o *Office) SetNumber(ctx context.Context, id pipeline.PaperID, n pipeline.DossierNumber, actor string) (pipeline.Paper, error) {
	return o.settleNumber(ctx, id, numberGiven{number: n, actor: actor})
}

// ConfirmNumber does the same although the list of agencies may speak against it; that
// it did is logged.
func (o *Office) ConfirmNumber(ctx context.Context, id pipeline.PaperID, n pipeline.DossierNumber, actor string) (pipeline.Paper, error) {
	return o.settleNumber(ctx, id, numberGiven{number: n, actor: actor, anyway: true})
}

// numberGiven is a number that a person gives, in spite of the list of agencies or not.
type numberGiven struct {
	number pipeline.DossierNumber
	actor  string
	anyway bool
}

func (o *Office) settleNumber(ctx context.Context, id pipeline.PaperID, given numberGiven) (pipeline.Paper, error) {
	n, actor := given.number, given.actor
	p, err := o.Papers.Paper(ctx, id)
	if err != nil {
		return pipeline.Paper{}, err
	}
	if p.State != pipeline.Confirming || p.Words.IsZero() {
		return pipeline.Paper{}, fmt.Errorf("setting the number of a paper that is %s: %w", p.State, pipeline.ErrStale)
	}
	why, err := doubt(ctx, o.Units, n)
	if err != nil {
		return pipeline.Paper{}, err
	}
	if !why.IsZero() && !given.anyway {
		return pipeline.Paper{}, o.doubted(ctx, p, given, why)
	}
	before := p.Dossier
	next := withNumber(p, n)
	next = o.answered(next, answers{number: true, secret: true, rest: true})
	set := map[bool]string{true: "number set", false: "number confirmed"}
	return o.settle(ctx, p, pipeline.Move{Paper: next, Event: pipeline.Event{
		What: set[why.IsZero()], Actor: actor, Reason: why, Detail: detail(map[string]string{"before": before.String(), "after": n.String()}),
	}})
}

// withNumber gives p the number that a person says it has, and its unit with it.
func withNumber(p pipeline.Paper, n pipeline.DossierNumber) pipeline.Paper {
	if p.Unit == "" || p.Unit == p.Dossier.Unit() {
		p.Unit = n.Unit()
	}
	p.Dossier = n
	p.Fields = pipeline.WithField(p.Fields, pipeline.Field{
		Name: pipeline.FieldDossier, Value: n.String(), Confidence: 100, Source: pipeline.ByPerson,
	})
	return p
}

// answered sends a waiting paper on once nothing is asked of it any more; until then it
// waits with what is left to ask.
func (o *Office) answered(p pipeline.Paper, a answers) pipeline.Paper {
	if p.State != pipeline.Confirming {
		return p
	}
	secret := asks(p, secretStamp)
	p.NotSecret = p.NotSecret || secret && a.secret
	p.Accepted = p.Accepted || a.accept && asks(p, pipeline.ReasonSignatures)
	left := unanswered(p, a)
	if why := fieldsDoubted(o.Policy, p); !why.IsZero() {
		left = append(left, why)
	}
	p = asking(p, left)
	switch {
	case len(left) > 0:
	case secret: // a stamp that was none: read again, for its text to be found
		p.State, p.Words, p.Pages, p.Scan = pipeline.Received, pipeline.Digest{}, 0, pipeline.ScanQuality{}
	case p.Words.IsZero():
		p.State = pipeline.Received
	default:
		p.State = pipeline.Recognized
	}
	return p
}

// settle makes a person's move of p, which must not go on meanwhile: what was decided is
// written beside the catalog first, so that it survives the catalog's loss, and who is
// told that the paper has moved on has not written anything.
func (o *Office) settle(ctx context.Context, p pipeline.Paper, m pipeline.Move) (pipeline.Paper, error) {
	m.Event.Paper, m.Event.From, m.Event.To, m.Event.Time = p.ID, p.State, m.Paper.State, o.Now()
	var moved pipeline.Paper
	err := o.held(ctx, p, m.Event.Actor, func(owner string) error {
		m.Owner = owner
		kept, err := o.keep(ctx, m)
		if err != nil {
			return err
		}
		o.unsign(ctx, p)
		moved, err = o.Papers.Commit(ctx, kept)
		if err == nil && (kept.Event.Actor != m.Event.Actor || kept.Event.Detail != m.Event.Detail) {
			err = fmt.Errorf("settling a paper: somebody's earlier decision came to light: %w", pipeline.ErrStale)
		}
		return err
	})
	if err == nil && o.Kick != nil {
		o.Kick()
	}
	return moved, err
}

// unsign deletes the file that waited to be signed, before the paper stops waiting: the
// next one may be the same again. A leftover costs space and nothing else.
func (o *Office) unsign(ctx context.Context, p pipeline.Paper) {
	if p.State != pipeline.Signing {
		return
	}
	if err := dropComposed(ctx, o.Objects, p); err != nil {
		o.Log.LogAttrs(ctx, slog.LevelWarn, "leftovers stay", slog.String("paper", string(p.ID)), slog.String("error", err.Error()))
	}
}

// keep writes a decision beside the catalog: into the note of a paper that has not been
// published, as a manifest more for one that has.
func (o *Office) keep(ctx context.Context, m pipeline.Move) (pipeline.Move, error) {
	if err := noteOthers(ctx, o.Papers, o.Objects, m); err != nil {
		return m, err
	}
	if m.Paper.Manifest == 0 {
		return m, keepNote(ctx, o.Objects, m.Paper)
	}
	if o.Coding != nil && m.Paper.State == pipeline.Filed {
		var err error
		if m.Paper, err = o.Coding.Give(ctx, m.Paper); err != nil {
			return m, err
		}
	}
	d := deps{o.Papers, o.Objects, o.Now}
	written, err := amend(ctx, d, m)
	if err != nil {
		return m, err
	}
	return adopt(ctx, d, m, written)
}

// held keeps a paper for actor while do writes what was decided, and no longer than
// officeLease. Every decision has an owner of its own: the same person may have two
// windows open.
func (o *Office) held(ctx context.Context, p pipeline.Paper, actor string, do func(owner string) error) error {
	owner := byOffice + actor + "/" + string(o.NewID())
	if _, err := o.Papers.Claim(ctx, p.ID, p.Gen, owner, o.Now().Add(officeLease)); err != nil {
		return err
	}
	err := do(owner)
	if err != nil { // should this fail, the lease ends by itself
		_ = o.Papers.Release(context.WithoutCancel(ctx), p.ID, p.Gen, owner)
	}
	return err
}

const (
	byOffice    = "office/" // and the account: the owner of a lease
	officeLease = 30 * time.Second
)

// keepNote writes the paper's note again, so that what a person settled survives the
// loss of the catalog.
func keepNote(ctx context.Context, objects Notes, p pipeline.Paper) error {
	p.State, p.Gen = pipeline.Received, 0
	p.Words, p.Pages, p.Reason, p.Asked, p.Revise = pipeline.Digest{}, 0, pipeline.Reason{}, nil, false
	p.Scan = pipeline.ScanQuality{}
	note, err := json.Marshal(pipeline.Note{Schema: pipeline.ManifestSchema, Paper: p})
	if err != nil {
		return fmt.Errorf("writing a note: %w", err)
	}
	return objects.PutKey(ctx, pipeline.NoteKey(p.ID), note)
}

// Reject ends a paper with a reason that a person gives.
func (o *Office) Reject(ctx context.Context, id pipeline.PaperID, reason pipeline.Reason, actor string) (pipeline.Paper, error) {
	p, err := o.Papers.Paper(ctx, id)
	if err != nil {
		return pipeline.Paper{}, err
	}
	if _, published := p.Current(); published || p.State == pipeline.Rejected {
		return pipeline.Paper{}, fmt.Errorf("rejecting a paper that is %s: %w", p.State, pipeline.ErrStale)
	}
	var moved pipeline.Paper
	err = o.held(ctx, p, actor, func(owner string) error {
		m := pipeline.Move{Paper: p, Owner: owner, Event: pipeline.Event{What: "rejected", Actor: actor}}
		o.unsign(ctx, p)
		moved, err = reject(ctx, deps{o.Papers, o.Objects, o.Now}, m, reason)
		return err
	})
	if err == nil && moved.State != pipeline.Rejected { // its record had been published just before
		return moved, fmt.Errorf("rejecting a paper that is %s: %w", moved.State, pipeline.ErrStale)
	}
	return moved, err
}

// Retry sends a paper that failed back to the step it stands before, one that waits to be
// signed to where it is decided who signs, and one that waits to be confirmed back to its
// beginning: what was made of it so far may be what is
// wrong with it, and it must not go on without a number. One that was rejected stays so: a
// Refusal says what to do instead.
func (o *Office) Retry(ctx context.Context, id pipeline.PaperID, actor string) (pipeline.Paper, error) {
	p, err := o.Papers.Paper(ctx, id)
	if err != nil {
		return pipeline.Paper{}, err
	}
	if p.State == pipeline.Rejected {
		return pipeline.Paper{}, pipeline.Refuse(rejectedForGood(p), nil)
	}
	if p.State != pipeline.Failed && !p.State.Waiting() {
		return pipeline.Paper{}, fmt.Errorf("retrying a paper that is %s: %w", p.State, pipeline.ErrStale)
	}
	p.Tries = 0
	if p.State == pipeline.Confirming {
		if err := dropCheckpoints(ctx, o.Objects, p.Original); err != nil {
			return pipeline.Paper{}, fmt.Errorf("starting again: %w", err)
		}
		p.Words, p.Composed, p.Record = pipeline.Digest{}, pipeline.Digest{}, pipeline.Digest{}
		p.Sealed, p.RecSize, p.Scan = pipeline.Signature{}, 0, pipeline.ScanQuality{}
	}
	return o.act(ctx, p, standing(p), "", pipeline.Event{What: "retry asked", Actor: actor})
}

// act commits a person's move to state to, as owner of the paper's lease if there is one.
func (o *Office) act(ctx context.Context, p pipeline.Paper, to pipeline.State, owner string, e pipeline.Event) (pipeline.Paper, error) {
	e.Paper, e.From, e.To, e.Time = p.ID, p.State, to, o.Now()
	p.State, p.Reason, p.Asked, p.RetryAt = to, pipeline.Reason{}, nil, time.Time{}
	moved, err := o.Papers.Commit(ctx, pipeline.Move{Paper: p, Owner: owner, Event: e})
	if err == nil && o.Kick != nil {
		o.Kick()
	}
	return moved, err
}

// standing is the state of a paper by what is already there of it: where it stood
// before a failure.
func standing(p pipeline.Paper) pipeline.State {
	switch {
	case p.Words.IsZero():
		return pipeline.Received
	case !p.Record.IsZero():
		return pipeline.SignedOff
	case !p.Composed.IsZero():
		return pipeline.Composed
	}
	return pipeline.Recognized
}

// Artifact is a thing that is kept of a paper.
type Artifact string

// The artifacts of a paper.
const (
	Original Artifact = "original"
	Record   Artifact = "record"
	Words    Artifact = "words"
	Light    Artifact = "light" // the access copy, if such are made
)

// Opened is an artifact being read. Reading to the end checks its digest.
type Opened struct {
	io.ReadCloser
	Paper  pipeline.Paper
	Size   int64
	Media  string
	Digest pipeline.Digest
}

// Open gives an artifact; fs.ErrNotExist if there is none (yet), ErrInWork for an access
// copy that the asking has begun. While a newer record is being made, the one before it
// is given.
func (o *Office) Open(ctx context.Context, id pipeline.PaperID, what Artifact) (Opened, error) {
	p, err := o.Papers.Paper(ctx, id)
	if err != nil {
		return Opened{}, err
	}
	stored := pipeline.Stored{Digest: p.Original, Media: p.Media}
	switch what {
	case Record:
		current, _ := p.Current()
		stored = pipeline.Stored{Digest: current.Record, Media: document.PDFMedia}
	case Words:
		stored = pipeline.Stored{Digest: p.Words, Media: document.WordsMedia}
		if p.Words.IsZero() {
			stored.Digest = p.Shelved().Words
		}
	case Light:
		if stored, err = o.openLight(ctx, p); err != nil {
			return Opened{}, err
		}
	case Original:
	}
	return o.open(ctx, p, what, stored)
}

// OpenEdition gives the record of a version, from 1.
func (o *Office) OpenEdition(ctx context.Context, id pipeline.PaperID, version int) (Opened, error) {
	p, err := o.Papers.Paper(ctx, id)
	if err != nil {
		return Opened{}, err
	}
	all := p.Editions()
	if version < 1 || version > len(all) {
		return Opened{}, fmt.Errorf("opening version %d of %d: %w", version, len(all), errNothing)
	}
	return o.open(ctx, p, Record, pipeline.Stored{Digest: all[version-1].Record, Media: document.PDFMedia})
}

func (o *Office) open(ctx context.Context, p pipeline.Paper, what Artifact, stored pipeline.Stored) (Opened, error) {
	if stored.Digest.IsZero() {
		return Opened{}, fmt.Errorf("opening the %s of a paper that is %s: %w", what, p.State, errNothing)
	}
	body, size, err := o.Objects.Get(ctx, stored.Digest)
	if err != nil {
		return Opened{}, fmt.Errorf("opening the %s: %w", what, err)
	}
	return Opened{ReadCloser: body, Paper: p, Size: size, Media: stored.Media, Digest: stored.Digest}, nil
}

func detail(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(data)
}

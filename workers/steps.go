package workers

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/extract"
	"hoso/pipeline/policy"
	"hoso/pipeline/sign"
	"hoso/workers/document"
)

// Steps are the moves that hoso makes by itself, one for each state in which it has
// work to do.
type Steps struct {
	Papers  Papers
	Objects Objects
	Units   Units    // nil: every unit is known
	Names   Agencies // nil: no agency is known by name
	Known   Known    // nil: no paper is known again
	Readers document.Readers
	Scratch string // a folder for work that can be lost
	Signing Signing
	Looks   Looks // how signatures show
	Trust   sign.Trust
	Deaths  Deaths          // of this worker, by paper
	Classes extract.Classes // how classes of papers are told
	Coding  *Coding         // nil: no digitization codes are given
	Policy  policy.Policy   // what a person must look at
	Setting pipeline.Digest // of everything a page's result depends on beside the original
	Program string          // name and version, for manifests
	Owner   string          // names this process among all that work on the catalog
	Lease   time.Duration   // how long a claim lives without a sign of life
	Now     func() time.Time
	Log     *slog.Logger
	Kick    func() // tells the dispatcher that there is something to do; may be nil

	// InWork reports whether a paper of this original is in work or waits for a person; nil
	// if nobody knows.
	InWork func(context.Context, pipeline.Digest) (bool, error)

	// AskLight asks for the access copy of a paper just filed; nil if none are made.
	AskLight func(context.Context, pipeline.PaperID) error
}

// Signing is with what records are signed.
type Signing struct {
	Identity    func(context.Context) (sign.Identity, error) // *pipeline.Unavailable while the key is away
	Timestamper sign.Timestamper                             // nil gives PAdES B-B
	Level       string                                       // "B-LT" or "B-LTA" add what proves signatures later; "" is what Timestamper gives
	Later       bool                                         // a record is not held up when nobody tells of revocation: it is completed by Renew
}

// tooOften is how many failures in a row send a paper to a person.
const tooOften = 6

// Do makes the move that the paper stands before. A paper that has moved on, or that
// somebody else holds, is no error. An error is returned only when the failure could
// not be written down; the queue then tries again. progress is told of pages read.
func (s *Steps) Do(ctx context.Context, id pipeline.PaperID, gen int64, progress func(done, total int)) error {
	p, err := s.Papers.Claim(ctx, id, gen, s.Owner, s.Now().Add(s.Lease))
	if errors.Is(err, pipeline.ErrStale) || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("claiming a paper: %w", err)
	}
	ctx, release := context.WithCancelCause(ctx)
	defer release(nil)
	letGo := s.hold(ctx, p, release)
	defer letGo()
	if p.State == pipeline.Failed {
		p.State = standing(p)
	}
	m, err := s.step(ctx, p, progress)
	letGo() // once the move is committed the claim is of the past, and no reason to stop tidying up
	if errors.Is(err, pipeline.ErrStale) || errors.Is(context.Cause(ctx), pipeline.ErrStale) {
		return nil
	}
	if err == nil {
		return s.commit(ctx, p, m)
	}
	if outOfSpace(err) {
		s.dropAtHand()
	}
	return s.fail(ctx, p, diskTrouble(err))
}

// hold renews the claim until it is let go, and ends the work when the claim is lost. What
// it gives returns when the claim is renewed no more, and may be called again.
func (s *Steps) hold(ctx context.Context, p pipeline.Paper, release context.CancelCauseFunc) (letGo func()) {
	ctx, end := context.WithCancel(ctx)
	var holding sync.WaitGroup
	holding.Go(func() { s.renewClaim(ctx, p, release) })
	return func() {
		end()
		holding.Wait()
	}
}

func (s *Steps) renewClaim(ctx context.Context, p pipeline.Paper, release context.CancelCauseFunc) {
	tick := time.NewTicker(s.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			_, err := s.Papers.Claim(ctx, p.ID, p.Gen, s.Owner, s.Now().Add(s.Lease))
			if errors.Is(err, pipeline.ErrStale) {
				release(err)
				return
			}
		}
	}
}

// step does the work of one move and gives the move, not yet committed. A panic is a
// failure like others: left to the queue it would come back for ever and never reach
// a person.
func (s *Steps) step(ctx context.Context, p pipeline.Paper, progress func(done, total int)) (m pipeline.Move, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("going on from %q: panic: %v at %.2000s", p.State, broken, debug.Stack())
		}
	}()
	died, err := s.Deaths.begin(p)
	if err != nil {
		return pipeline.Move{}, err
	}
	defer func() { err = errors.Join(err, s.Deaths.end(p)) }()
	if died >= tooDeadly {
		return s.deadly(p)
	}
	switch p.State {
	case pipeline.Received:
		return s.read(ctx, p, progress)
	case pipeline.Recognized:
		return s.compose(ctx, p)
	case pipeline.Composed:
		return s.sign(ctx, p)
	case pipeline.SignedOff:
		return s.file(ctx, p)
	default: // a person's turn, or nobody's
		return pipeline.Move{}, pipeline.ErrStale
	}
}

// commit completes and commits a move.
func (s *Steps) commit(ctx context.Context, from pipeline.Paper, m pipeline.Move) error {
	m.Owner = s.Owner
	m.Paper.Tries = 0
	m.Event.Paper, m.Event.From, m.Event.To = from.ID, from.State, m.Paper.State
	if m.Event.Time.IsZero() {
		m.Event.Time = s.Now()
	}
	if m.Event.Actor == "" {
		m.Event.Actor = byItself
	}
	if !m.Paper.State.Waiting() && m.Paper.State != pipeline.Rejected {
		m.Paper.Reason, m.Paper.Asked = pipeline.Reason{}, nil
	}
	m.Paper.RetryAt = time.Time{}
	moved, err := s.Papers.Commit(ctx, m)
	if errors.Is(err, pipeline.ErrStale) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("committing %q: %w", m.Event.What, err)
	}
	s.tidy(ctx, moved)
	s.askLight(ctx, moved)
	if s.Kick != nil {
		s.Kick()
	}
	return nil
}

// byItself is the actor of moves that nobody asked for.
const byItself = "hoso"

// fail writes down why a step did not succeed: a fault of the input ends the paper,
// a fault of the surroundings lets it wait without end, and anything else lets it be
// tried again a few times before a person is asked.
func (s *Steps) fail(ctx context.Context, p pipeline.Paper, failure error) error {
	refusal, refused := pipeline.AsRefusal(failure)
	if refused && len(p.Former) > 0 {
		return s.giveUp(ctx, p, refusal.Reason)
	}
	if refused {
		m := pipeline.Move{Paper: p, Owner: s.Owner, Event: pipeline.Event{What: "rejected", Actor: byItself}}
		moved, err := reject(ctx, deps{s.Papers, s.Objects, s.Now}, m, refusal.Reason)
		return s.written(ctx, moved, err)
	}
	// The failure may be that this process is being stopped; what happened must be
	// written down all the same.
	stopping := ctx.Err() != nil
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer done()
	m := s.setback(p, failure, stopping)
	if m.Paper.State == pipeline.Confirming && len(p.Former) > 0 {
		return s.giveUp(ctx, p, m.Paper.Reason)
	}
	s.Log.LogAttrs(ctx, slog.LevelWarn, "step failed", slog.String("paper", string(p.ID)),
		slog.String("state", string(p.State)), slog.Int("tries", m.Paper.Tries), slog.String("error", failure.Error()))
	moved, err := s.Papers.Commit(ctx, m)
	return s.written(ctx, moved, err)
}

// giveUp puts a paper back on the shelf of which no newer record can be made: the one it
// has stays, and so does what people said of it.
func (s *Steps) giveUp(ctx context.Context, p pipeline.Paper, why pipeline.Reason) error {
	m := pipeline.Move{Paper: p.Shelved(), Owner: s.Owner, Event: pipeline.Event{
		Paper: p.ID, Time: s.Now(), Actor: byItself, What: "kept as it was", From: p.State, To: pipeline.Filed, Reason: why,
	}}
	m.Paper.Reason, m.Paper.Asked, m.Paper.RetryAt = pipeline.Reason{}, nil, time.Time{}
	d := deps{s.Papers, s.Objects, s.Now}
	written, err := amend(ctx, d, m)
	if err == nil {
		m, err = adopt(ctx, d, m, written)
	}
	if err != nil {
		return err
	}
	moved, err := s.Papers.Commit(ctx, m)
	return s.written(ctx, moved, err)
}

// written ends the writing down of a failure; having come late is as good.
func (s *Steps) written(ctx context.Context, moved pipeline.Paper, err error) error {
	switch {
	case err == nil:
		s.tidy(ctx, moved)
		return nil
	case errors.Is(err, pipeline.ErrStale):
		return nil
	}
	return fmt.Errorf("writing down a failure: %w", err)
}

// setback is the move to Failed, or to a person when it has happened too often.
func (s *Steps) setback(p pipeline.Paper, failure error, stopping bool) pipeline.Move {
	now := s.Now()
	m := pipeline.Move{Paper: p, Owner: s.Owner, Event: pipeline.Event{
		Paper: p.ID, Time: now, Actor: byItself, What: "failed", From: p.State, To: pipeline.Failed,
	}}
	m.Paper.State, m.Paper.Asked = pipeline.Failed, nil
	var missing *pipeline.Unavailable
	switch {
	case stopping:
		m.Event.What = "interrupted"
		m.Paper.RetryAt = now
		m.Paper.Reason = stopped()
	case errors.As(failure, &missing):
		m.Event.What = "waiting for " + missing.What
		m.Paper.Tries = again(p, waiting)
		m.Paper.RetryAt = now.Add(max(missing.After, pause(m.Paper.Tries)))
		m.Paper.Reason = Lacking(missing)
	default:
		if p.Reason.Code == waits { // the tries of an outage are not the paper's
			m.Paper.Tries = 0
		}
		m.Paper.Tries++
		m.Paper.RetryAt = now.Add(pause(m.Paper.Tries))
		m.Paper.Reason = troubled(p.State)
		if m.Paper.Tries >= tooOften {
			m.Event.What, m.Event.To, m.Paper.State = "given to a person", pipeline.Confirming, pipeline.Confirming
		}
	}
	m.Event.Reason = m.Paper.Reason
	m.Event.Detail = detail(map[string]string{"error": failure.Error()})
	return m
}

// again counts a failure with those of its kind before it: a paper that had to wait
// for an authority all night is not on its last try at the first hiccup after that.
func again(p pipeline.Paper, kind string) int {
	if p.Reason.Code != kind {
		return 1
	}
	return p.Tries + 1
}

// pause grows from two seconds to ten minutes.
func pause(tries int) time.Duration {
	return min(time.Second<<min(tries, 10), 10*time.Minute)
}

package batch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"time"

	"hoso/pipeline"
)

// seams is what tests take hold of.
type seams struct {
	deaf    bool // to what the file system tells
	undated bool // files go by their dates alone
	// rename moves a file within the tree.
	rename func(root *os.Root, from, to string) error
}

// run is one going through the shelf. One goroutine has it; the others are handed jobs.
type run struct {
	e       Engine // with its defaults
	is      pipeline.Run
	book    *book
	settler settler
	lists   tables
	stacks  stacks
	told    *teller
	walk    int // the number of all walks of this run

	toldOf *pipeline.Walk  // the walk that the ledger was last told of; nil if it was not
	tried  map[string]try  // files that are not to be tried again so soon
	strays map[string]bool // files that were received and have other bytes now, which are waited for
	putOff []*job          // to be put away once the ledger knows of the receipt
	missed map[string]part // files that could not be put away in this run
	hands  hands
	ears   *ears
	load   load
	claims sync.Mutex // of lost papers
}

// errHalted says that nothing more is to be begun: the hour has come, or a person stops it.
var errHalted = errors.New("the run is to end")

// errLost is the cause of the end of a run that was taken for dead.
var errLost = errors.New("another run has taken the shelf over")

func (e Engine) filled() Engine {
	e.Ahead, e.Hands = cmp.Or(max(e.Ahead, 0), 64), cmp.Or(max(e.Hands, 0), 3)
	e.Rescan, e.Last, e.Pulse = cmp.Or(e.Rescan, time.Minute), cmp.Or(e.Last, 30*time.Second), cmp.Or(e.Pulse, 15*time.Second)
	if e.Now == nil {
		e.Now = time.Now
	}
	if e.Log == nil {
		e.Log = slog.New(slog.DiscardHandler)
	}
	if e.seams.rename == nil {
		e.seams.rename = (*os.Root).Rename
	}
	return e
}

func (e *Engine) run(ctx context.Context) (pipeline.Run, error) {
	r := &run{
		e: e.filled(), book: newBook(), told: &teller{tell: e.Tell},
		tried: map[string]try{}, strays: map[string]bool{}, missed: map[string]part{}, stacks: stacks{},
	}
	r.settler.settle, r.settler.halfway = e.Mapping.Settle, e.Mapping.Unfinished
	halt, done := r.until(ctx)
	defer done()
	if err := r.begin(halt); err != nil {
		return r.is, fmt.Errorf("beginning a run: %w", err)
	}
	working, lose := context.WithCancelCause(ctx)
	defer lose(nil)
	halt, stop := r.until(working)
	defer stop()
	beats := r.beat(working, lose)
	err := r.recall(halt)
	if err == nil {
		err = r.work(working, halt)
	}
	err = r.end(ctx, working, err)
	lose(nil)
	<-beats
	return r.is, err
}

// until gives a context that ends when nothing more is to be begun.
func (r *run) until(ctx context.Context) (context.Context, context.CancelFunc) {
	if r.e.Until.IsZero() {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, r.e.Until.Sub(r.e.Now()), errHalted)
}

// begin opens the shelf and begins the run. A tree that is not there and never was is a
// mistake; one that was there is waited for.
func (r *run) begin(ctx context.Context) error {
	label := r.e.Label
	var opened pipeline.Shelf
	err := r.insist(ctx, func() (err error) {
		opened, err = r.e.Ledger.Open(ctx, pipeline.Shelf{Label: label, Root: r.e.Root, Host: r.e.Host, By: r.e.By, Opened: r.e.Now()})
		return err
	})
	if err != nil {
		return err
	}
	if info, err := os.Stat(r.e.Root); opened.Run.N == 0 && (err != nil || !info.IsDir()) {
		return fmt.Errorf("the folder of the shelf: %w", cmp.Or(err, fs.ErrNotExist))
	}
	err = r.insist(ctx, func() (err error) {
		r.is, err = r.e.Ledger.Begin(ctx, label, r.e.Until)
		return err
	})
	if err != nil {
		return err
	}
	r.told.put(func(p *Progress) { p.Run = r.is })
	r.walk = max(r.is.Walk, opened.Run.Walk) + 1
	return nil
}

// recall reads what is known of the files.
func (r *run) recall(halt context.Context) error {
	for after := int64(0); ; {
		var files []pipeline.ShelfFile
		err := r.insist(halt, func() (err error) {
			files, after, err = r.e.Ledger.Files(halt, r.e.Label, after)
			return err
		})
		switch {
		case errors.Is(err, errHalted):
			return nil
		case err != nil:
			return err
		}
		for _, f := range files {
			r.book.put(f)
		}
		if after == 0 {
			r.walk = max(r.walk, r.book.walk+1)
			return nil
		}
	}
}

// beat gives signs of life until ctx ends, and ends the run that is not the living one any
// more.
func (r *run) beat(ctx context.Context, lose context.CancelCauseFunc) <-chan struct{} {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(r.e.Pulse)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			switch err := r.e.Ledger.Beat(ctx, r.e.Label, r.is.N); {
			case errors.Is(err, pipeline.ErrStale):
				lose(fmt.Errorf("%w: %w", errLost, err))
				return
			case err != nil && ctx.Err() == nil:
				r.e.Log.WarnContext(ctx, "giving a sign of life", slog.Any("err", err))
			}
		}
	}()
	return ended
}

// The shortest and the longest time to the next try of what is away.
const (
	soon = time.Second
	late = time.Minute
)

// insist does something until it is done, halted, or fails for good.
func (r *run) insist(halt context.Context, do func() error) error {
	for wait := soon; ; wait = min(2*wait, late) {
		err := do()
		gone, ok := errors.AsType[*pipeline.Unavailable](err)
		if !ok {
			if err != nil && halt.Err() != nil {
				return errors.Join(errHalted, err)
			}
			return err
		}
		if !r.absent(halt, gone, wait) {
			return errors.Join(errHalted, err)
		}
	}
}

// absent waits before the next try of what does not answer; false if halted.
func (r *run) absent(halt context.Context, gone *pipeline.Unavailable, wait time.Duration) bool {
	if r.told.lacks(gone.What) {
		r.e.Log.WarnContext(halt, "waiting for a part that is away", slog.String("part", gone.What), slog.Any("err", gone.Err))
	}
	ok := pause(halt, min(max(wait, gone.After), 5*late))
	r.told.back()
	return ok
}

// pause waits; false if ctx ended before.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// work goes through the tree again and again until nothing is left to do, or it is halted,
// which is no error.
func (r *run) work(ctx, halt context.Context) error {
	r.ears = listen(r.e.seams.deaf)
	defer r.ears.close()
	for wait := 2 * soon; ; {
		busy, t, err := r.pass(ctx, halt)
		switch {
		case halt.Err() != nil && !errors.Is(err, pipeline.ErrStale):
			return nil
		case errors.Is(err, errAway):
			if !r.absent(halt, &pipeline.Unavailable{What: "shelf", Err: err}, wait) {
				return nil
			}
			wait = min(2*wait, late)
			continue
		case err != nil:
			return err
		}
		wait = 2 * soon
		again, err := r.idle(halt, t, busy)
		if err != nil || !again {
			return err
		}
	}
}

// end writes down what is left to write down and how the run ended. After the hour it
// waits a little for papers that are in work.
func (r *run) end(ctx, working context.Context, err error) error {
	if cause := context.Cause(working); errors.Is(cause, errLost) {
		err = cause
	}
	if errors.Is(err, pipeline.ErrStale) { // nothing of it is ours any more
		return fmt.Errorf("working through a shelf: %w", err)
	}
	how := pipeline.RunDone
	switch {
	case ctx.Err() != nil || err != nil:
		how = pipeline.RunStopped
	case !r.e.Until.IsZero() && !r.e.Now().Before(r.e.Until) && !r.finished():
		how = pipeline.RunUntil
	}
	r.told.put(func(p *Progress) { p.Phase = Ending })
	last, done := context.WithTimeout(context.WithoutCancel(ctx), r.e.Last)
	defer done()
	told := r.insist(last, func() error { return r.tellLedger(last) })
	if how == pipeline.RunUntil {
		r.linger(last, ctx)
	}
	closing, done := context.WithTimeout(context.WithoutCancel(ctx), r.e.Last)
	defer done()
	ended := r.insist(closing, func() error { return r.e.Ledger.End(closing, r.e.Label, r.is.N, how) })
	if ended == nil {
		r.is.How, r.is.Ended = how, r.e.Now()
	}
	r.told.finally(func(p *Progress) { p.Run = r.is })
	if err = errors.Join(err, told, ended); err != nil {
		return fmt.Errorf("working through a shelf: %w", err)
	}
	return nil
}

// linger waits for papers in work until last ends, or a person stops it.
func (r *run) linger(last, ctx context.Context) {
	for r.poll(last) == nil && r.load.balance.Papers.Open > 0 && ctx.Err() == nil {
		if !pause(last, time.Second) {
			return
		}
	}
}

// tellLedger tells the ledger what it does not know, and lets go of the files that may be
// put away from then on.
func (r *run) tellLedger(ctx context.Context) error {
	err := r.book.tell(ctx, func(ctx context.Context, files []pipeline.ShelfFile) error {
		return r.e.Ledger.Tick(ctx, r.e.Label, r.is.N, files)
	})
	if err != nil {
		return err
	}
	r.hands.queue, r.putOff = append(r.hands.queue, r.putOff...), nil
	return nil
}

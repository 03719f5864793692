package batch

import (
	"context"
	"errors"
	"sync"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/shelf"
)

// jobKind is what is to be done with files.
type jobKind byte

const (
	handIn    jobKind = iota // as a paper
	tellApart                // find out whether a received file has other bytes now
	putAway                  // move or delete a file after its receipt
)

// job is something to be done with the files of a paper, by whoever is free.
type job struct {
	kind    jobKind
	paper   *shelf.Paper
	parts   []part
	had     []pipeline.ShelfFile // what the book has of the parts
	lost    []*lost              // received papers that this may be
	remarks []pipeline.Reason
	verdict pipeline.ShelfFile // of tellApart: what a file with other bytes is
}

// hands are those who do jobs at once.
type hands struct {
	queue  []*job // before the papers
	work   chan *job
	done   chan outcome
	flying int
	wait   sync.WaitGroup
}

// handAll does all jobs and hands in all papers that the tree has left to do. Halted, it
// begins nothing more and waits for what is in flight.
func (r *run) handAll(ctx, halt context.Context, l *ledgerwork) error {
	if len(l.todo)+len(r.hands.queue) == 0 {
		return nil
	}
	r.told.phase(Handing)
	if r.load.at.IsZero() { // papers of the run before may be in work still
		if err := r.insist(halt, func() error { return r.poll(halt) }); err != nil {
			return err
		}
	}
	h := &r.hands
	h.work, h.done, h.flying = make(chan *job), make(chan outcome), 0
	for range r.e.Hands {
		h.wait.Go(func() {
			for j := range h.work {
				h.done <- r.do(ctx, halt, l.tree, j)
			}
		})
	}
	err := r.feed(ctx, halt, l)
	close(h.work)
	for ; h.flying > 0; h.flying-- {
		if e := r.take(l, <-h.done); err == nil {
			err = e
		}
	}
	h.wait.Wait()
	if err == nil {
		err = r.insist(halt, func() error { return r.tellLedger(halt) })
	}
	r.tellRows()
	return err
}

// feed gives out jobs until there are none, or it is halted, or one finds that the shelf
// is away.
func (r *run) feed(ctx, halt context.Context, l *ledgerwork) error {
	p := poll{tick: time.NewTicker(time.Second), told: make(chan reading, 1)}
	defer p.end()
	for halt.Err() == nil {
		next := r.next(l)
		if r.idleHands(l) {
			return nil
		}
		if err := r.turn(ctx, halt, l, next, &p); err != nil {
			return err
		}
		if err := r.tellInTime(ctx, halt); err != nil {
			return err
		}
	}
	return errHalted
}

// turn waits for the next thing to happen, and does what is to be done then: somebody is
// free for the next job, if there is one, or has done one, or it is time to tell and ask.
func (r *run) turn(ctx, halt context.Context, l *ledgerwork, next *job, p *poll) error {
	work := r.hands.work
	if next == nil {
		work = nil
	}
	select {
	case work <- next:
		r.given(l, next)
	case o := <-r.hands.done:
		r.hands.flying--
		return r.take(l, o)
	case <-p.tick.C:
		if r.load.due() {
			p.begin(r.load.handed, func(seen int) reading { return r.ask(halt, seen) })
		}
		return r.insist(halt, func() error { return r.tellLedger(ctx) })
	case told := <-p.told:
		p.asking = false
		if err := r.load.take(told); err != nil {
			return err
		}
		r.tellRows()
	case <-halt.Done():
	}
	return nil
}

// poll is a question how much is in work, asked now and then beside the work.
type poll struct {
	tick   *time.Ticker // when it is time to ask and to tell
	asking bool
	told   chan reading // room for one
}

// begin asks, unless an answer is being waited for.
func (p *poll) begin(seen int, ask func(seen int) reading) {
	if p.asking {
		return
	}
	p.asking = true
	go func() { p.told <- ask(seen) }()
}

// end waits for an answer that nobody needs any more.
func (p *poll) end() {
	p.tick.Stop()
	if p.asking {
		<-p.told
	}
}

// idleHands reports whether there is nothing to do and nothing in flight.
func (r *run) idleHands(l *ledgerwork) bool {
	return r.hands.flying == 0 && len(r.hands.queue)+len(l.todo)+len(r.putOff) == 0
}

// tellInTime tells the ledger as soon as there is enough to tell, or somebody waits for it.
func (r *run) tellInTime(ctx, halt context.Context) error {
	if (len(r.putOff) == 0 || r.hands.flying > 0) && len(r.book.untold) < mostTicks/2 {
		return nil
	}
	return r.insist(halt, func() error { return r.tellLedger(ctx) })
}

// next gives what may be done now, nil if nothing may. Papers are handed in only as far
// ahead as the service is to be.
func (r *run) next(l *ledgerwork) *job {
	switch {
	case len(r.hands.queue) > 0:
		return r.hands.queue[0]
	case len(l.todo) == 0 || r.load.open()+r.load.flying >= r.e.Ahead:
		return nil
	case l.next == nil:
		l.next = r.jobOf(l, l.todo[0])
	}
	return l.next
}

// given takes a job that somebody has begun out of what is left.
func (r *run) given(l *ledgerwork, j *job) {
	r.hands.flying++
	if j.kind == handIn {
		l.todo, l.next = l.todo[1:], nil
		r.load.flying++
		return
	}
	r.hands.queue = r.hands.queue[1:]
}

// jobOf makes the job for a paper of the plan.
func (r *run) jobOf(l *ledgerwork, paper int32) *job {
	p := &l.plan.Papers[paper]
	j := &job{kind: handIn, paper: p, parts: l.parts(p)}
	for _, one := range j.parts {
		var had pipeline.ShelfFile
		if old := r.book.rows[pipeline.PathText(one.path)]; old != nil {
			had = *old
		}
		j.had = append(j.had, had)
	}
	j.lost = l.lost[measureOf(j.parts, func(p part) int64 { return p.size })]
	if p.Missing > 0 {
		j.remarks = append(j.remarks, pagesSkipped(p.Missing))
	}
	if l.lacks(paper) {
		j.remarks = append(j.remarks, unlisted())
	}
	return j
}

// lacks reports whether an inventory should name a paper and does not.
func (l *ledgerwork) lacks(paper int32) bool {
	if l.unlisted == nil {
		l.unlisted = make(map[int]bool, len(l.plan.Unlisted))
		for _, i := range l.plan.Unlisted {
			l.unlisted[i] = true
		}
	}
	return l.unlisted[int(paper)]
}

// load is how much of the shelf is in work.
type load struct {
	balance pipeline.ShelfBalance // as last asked
	at      time.Time             // when
	took    time.Duration         // to answer
	asked   time.Time             // when that was, by the clock that took goes by
	handed  int                   // papers that got their first receipt in this run
	then    int                   // of them, those that the balance surely has
	flying  int                   // papers that are being handed in
}

// open is how many papers may be in work: those that were when last asked, and those
// handed in since.
func (l *load) open() int { return int(l.balance.Papers.Open) + l.handed - l.then }

// The totals of a large shelf take the catalog a while, so they are asked for no oftener
// than a tenth of the time, and every half minute at least.
const (
	askShare  = 10
	askSeldom = 30 * time.Second
)

// due reports whether it is time to ask again.
func (l *load) due() bool { return time.Since(l.asked) >= min(askShare*l.took, askSeldom) }

// reading is a balance and how many papers had been handed in when it was asked for.
type reading struct {
	balance pipeline.ShelfBalance
	at      time.Time
	took    time.Duration
	handed  int
	err     error
}

// take notes a reading. One that could not be had is asked for again; an error is for good.
func (l *load) take(p reading) error {
	if _, gone := errors.AsType[*pipeline.Unavailable](p.err); p.err != nil {
		if gone {
			return nil
		}
		return p.err
	}
	l.balance, l.at, l.then, l.took, l.asked = p.balance, p.at, p.handed, p.took, time.Now()
	return nil
}

// ask asks how much is in work.
func (r *run) ask(ctx context.Context, handed int) reading {
	began := time.Now()
	b, err := r.e.Ledger.Balance(ctx, r.e.Label)
	return reading{b, r.e.Now(), time.Since(began), handed, err}
}

// poll asks and notes it.
func (r *run) poll(ctx context.Context) error {
	p := r.ask(ctx, r.load.handed)
	_ = r.load.take(p) // the same error
	r.tellRows()
	return p.err
}

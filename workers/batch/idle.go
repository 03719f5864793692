package batch

import (
	"context"
	"errors"
	"time"

	"hoso/pipeline"
)

// idle waits until the tree is to be looked at again; false if nothing is left to do, or
// it is halted. busy says that the last look found something to do: then there is one
// more before the end, for what came meanwhile.
func (r *run) idle(halt context.Context, t *tree, busy bool) (again bool, err error) {
	r.told.phase(Settling)
	began := time.Now()
	rest := max(time.Second, 10*t.took) // between two walks, whatever happens
	rescan := max(r.e.Rescan, 2*rest)
	if wake := r.settler.wake; !wake.IsZero() {
		rescan = min(rescan, max(rest, wake.Sub(r.e.Now())))
	}
	for {
		err := r.learn(halt)
		switch {
		case errors.Is(err, errHalted):
			return false, nil
		case err != nil:
			return false, err
		case r.finished() && !r.e.Watch:
			return busy, nil
		}
		r.told.fine()
		if passed := time.Since(began); passed >= rescan || passed >= rest && r.ears.heard() {
			return true, nil
		}
		if !pause(halt, min(time.Second, max(rescan-time.Since(began), 0))) {
			return false, nil
		}
	}
}

// learn asks how much is in work, if it is time to.
func (r *run) learn(halt context.Context) error {
	if !r.load.due() {
		return nil
	}
	return r.insist(halt, func() error { return r.poll(halt) })
}

// finished reports whether nothing is left that the run could do.
func (r *run) finished() bool {
	c := r.book.counts
	return c[pipeline.FileToDo]+c[pipeline.FileWaiting]+len(r.strays) == 0 && r.load.open() == 0 && len(r.putOff)+len(r.hands.queue) == 0
}

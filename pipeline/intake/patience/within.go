package patience

import (
	"context"
	"sync"
	"time"
)

// within is a context that ends as if by a deadline. That of package context can only
// be ended so by the clock.
type within struct {
	context.Context //nolint:containedctx // it is one
	done            chan struct{}
	mu              sync.Mutex
	err             error
}

func (w *within) Done() <-chan struct{} { return w.done }

func (w *within) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

func (w *within) end(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		w.err = err
		close(w.done)
	}
}

// Within gives a context that ends with context.DeadlineExceeded when the work that
// gauge looks at must end. Cancel ends it as well.
func Within(ctx context.Context, limit time.Duration, gauge Gauge) (context.Context, context.CancelFunc) {
	w := &within{Context: ctx, done: make(chan struct{})}
	judge := NewJudge(limit, time.Now(), gauge())
	var watch sync.WaitGroup
	watch.Go(func() { w.watch(judge, gauge) })
	return w, func() {
		w.end(context.Canceled)
		watch.Wait()
	}
}

func (w *within) watch(judge *Judge, gauge Gauge) {
	tick := time.NewTicker(Pause(judge.limit))
	defer tick.Stop()
	for {
		select {
		case <-w.done:
			return
		case <-w.Context.Done():
			w.end(w.Context.Err())
			return
		case <-tick.C:
			if judge.Look(time.Now(), gauge()) != Going {
				w.end(context.DeadlineExceeded)
				return
			}
		}
	}
}

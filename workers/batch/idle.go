package batch

import (
	"context"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"

	"hoso/pipeline"
)

// idle waits until the tree is to be looked at again; false if nothing is left to do, or
// it is halted. busy says that the last look found something to do: then there is one
// more before the end, for what came meanwhile.
func (r *run) idle(halt context.Context, t *tree, busy bool) (again bool, err error) {
	r.told.phase(Settling)
	stirred, stop := r.listen(t)
	defer stop()
	began := time.Now()
	rest := max(time.Second, 10*t.took) // between two walks, whatever happens
	rescan := max(r.e.Rescan, 2*rest)
	if wake := r.settler.wake; !wake.IsZero() {
		rescan = min(rescan, max(rest, wake.Sub(r.e.Now())))
	}
	for {
		err := r.insist(halt, func() error { return r.poll(halt) })
		switch {
		case halt.Err() != nil:
			return false, nil
		case err != nil:
			return false, err
		case r.finished() && !r.e.Watch:
			return busy, nil
		}
		r.told.fine()
		if passed := time.Since(began); passed >= rescan || passed >= rest && drained(stirred) {
			return true, nil
		}
		if !pause(halt, min(time.Second, max(rescan-time.Since(began), 0))) {
			return false, nil
		}
	}
}

// finished reports whether nothing is left that the run could do.
func (r *run) finished() bool {
	c := r.book.counts
	return c[pipeline.FileToDo]+c[pipeline.FileWaiting]+len(r.strays) == 0 && r.load.open() == 0 && len(r.putOff)+len(r.hands.queue) == 0
}

func drained(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// mostWatched is how many folders are watched: systems give a few thousand to a user. The
// others, and those on shares, are seen at the next rescan.
const mostWatched = 4096

// listen tells when something stirs in the tree, as far as the file system says so.
func (r *run) listen(t *tree) (<-chan struct{}, func()) {
	if r.e.seams.deaf {
		return nil, func() {}
	}
	w, err := fsnotify.NewBufferedWatcher(64)
	if err != nil {
		return nil, func() {}
	}
	stirred, ended := make(chan struct{}, 1), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case _, ok := <-w.Events:
				if !ok {
					return
				}
			case _, ok := <-w.Errors: // too many events are an event
				if !ok {
					return
				}
			}
			select {
			case stirred <- struct{}{}:
			default:
			}
		}
	}()
	for _, folder := range t.folders[:min(len(t.folders), mostWatched)] {
		if w.Add(filepath.Join(r.e.Root, folder)) != nil {
			break
		}
	}
	return stirred, func() {
		_ = w.Close() // nothing is written
		<-ended
	}
}

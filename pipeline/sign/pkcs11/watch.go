package pkcs11

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// watch bounds how long anybody waits for the library. Nothing can end a call in it: one
// that hangs, as those of security modules behind a network do, is left to itself, and
// what it was to give is thrown away should it ever come. Whoever asked is told to come
// again, so that reading and filing go on beside it.
type watch struct {
	limit time.Duration
	most  int64        // calls that may hang before no other is begun
	hung  atomic.Int64 // calls that nobody waits for any more
}

// run gives what call gives, or errHangs after the limit. call must keep its hands off
// whatever the caller uses afterwards.
func run[T any](w *watch, call func() (T, error)) (T, error) {
	var none T
	if w.hung.Load() >= w.most {
		return none, hangs(w.limit)
	}
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	var left atomic.Bool // by the one who asked
	go func() {
		value, err := call()
		done <- outcome{value, err}
		if !left.CompareAndSwap(false, true) {
			w.hung.Add(-1)
		}
	}()
	timer := time.NewTimer(w.limit)
	defer timer.Stop()
	select {
	case o := <-done:
		return o.value, o.err
	case <-timer.C:
	}
	w.hung.Add(1)
	if left.CompareAndSwap(false, true) {
		return none, hangs(w.limit)
	}
	w.hung.Add(-1) // it came at the last moment
	o := <-done
	return o.value, o.err
}

// idle reports whether no call hangs.
func (w *watch) idle() bool { return w.hung.Load() == 0 }

var errHangs = errors.New("see whether the security module and its network are up, or plug the token in anew; " +
	"if it stays so, start the service again, since nothing else frees a library that hangs")

func hangs(limit time.Duration) error {
	return unavailable(fmt.Errorf("the library of the token has not answered for %s: %w", limit, errHangs))
}

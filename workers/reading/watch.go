package reading

import (
	"time"

	"golang.org/x/sys/unix"

	"hoso/pipeline"
)

// watch notes the processor time of the steps of one page, all of which run on the
// thread that made it.
type watch struct {
	last  time.Duration
	spent []pipeline.Spent
}

func newWatch() *watch { return &watch{last: threadTime()} }

// done says that a step has ended; steps of one name add up.
func (w *watch) done(step string) {
	now := threadTime()
	took := float64((now - w.last).Microseconds()) / 1000
	w.last = now
	for i := range w.spent {
		if w.spent[i].Step == step {
			w.spent[i].Millis += took
			return
		}
	}
	w.spent = append(w.spent, pipeline.Spent{Step: step, Millis: took})
}

func threadTime() time.Duration {
	var used unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_THREAD, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

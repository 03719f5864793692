package patience_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"hoso/pipeline/intake/patience"
)

// life is a piece of work as the kernel's counters show it: in each phase the work runs
// and waits for so much of every second.
type life []phase

type phase struct {
	seconds     float64
	ran, waited float64
	ready       bool // when it is looked at
}

// judged gives the first verdict on a life and when it was given.
func judged(limit time.Duration, l life, known bool) (patience.Verdict, time.Duration) {
	const step = time.Second
	now := time.Unix(0, 0)
	s := patience.Sample{Known: known}
	judge := patience.NewJudge(limit, now, s)
	var at time.Duration
	for _, p := range l {
		for range int(p.seconds) {
			at += step
			s.Ran += time.Duration(p.ran * float64(step))
			s.Waited += time.Duration(p.waited * float64(step))
			s.Ready = p.ready
			if v := judge.Look(now.Add(at), s); v != patience.Going {
				return v, at
			}
		}
	}
	return patience.Going, at
}

func TestJudge(t *testing.T) {
	t.Parallel()
	const limit = time.Minute
	for _, c := range []struct {
		name string
		life life
		want patience.Verdict
		from time.Duration
		to   time.Duration
	}{
		{"a page", life{{3, 1, 0, true}}, patience.Going, 0, 0},
		{"spins", life{{999, 1, 0, true}}, patience.Spent, limit, limit},
		{"spins on half a processor", life{{999, 0.5, 0.5, true}}, patience.Spent, 2 * limit, 2 * limit},
		{"in two threads", life{{999, 2, 0, true}}, patience.Spent, limit / 2, limit / 2},
		{"stopped", life{{999, 0, 0, false}}, patience.Hung, limit, limit},
		{"deadlocked after half its time", life{{30, 1, 0, true}, {999, 0, 0, false}}, patience.Hung, 90 * time.Second, 90 * time.Second},
		{"a hung one that blinks", life{{999, 0.001, 0.01, false}}, patience.Hung, limit, 63 * time.Second},
		{"now busy, now idle", life{
			{55, 0, 0, false}, {28, 1, 0, true}, {55, 0, 0, false}, {28, 1, 0, true}, {55, 0, 0, false}, {28, 1, 0, true},
		}, patience.Hung, limit, 3 * limit},
		{"a good page that gets a hundredth of a processor", life{{300, 0.01, 0.99, false}}, patience.Going, 0, 0},
		{"waits for its first turn", life{{300, 0, 0, true}}, patience.Going, 0, 0},
		{"in helpers whose waiting is lost half of the time", life{{200, 0.01, 0.5, false}}, patience.Going, 0, 0},
		{"never gets anything", life{{9999, 0, 1, true}}, patience.Starved, 60 * limit, 60 * limit},
		{"looks busy and does nothing", life{{9999, 0.001, 0.7, false}}, patience.Starved, 60 * limit, 60 * limit},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, at := judged(limit, c.life, true)
			if got != c.want || got != patience.Going && (at < c.from || at > c.to) {
				t.Errorf("it %q after %v, want %q between %v and %v", got, at, c.want, c.from, c.to)
			}
		})
	}
}

// Without counters the clock decides, as it always did.
func TestJudgeByTheClock(t *testing.T) {
	t.Parallel()
	if v, at := judged(time.Minute, life{{999, 0, 0, false}}, false); v != patience.Late || at != time.Minute {
		t.Errorf("it %q after %v, want it late after a minute", v, at)
	}
}

// A judge who was stopped with all the rest, for an hour, saw nobody hang.
func TestAJudgeWhoDidNotLook(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	s := patience.Sample{Known: true, Ran: time.Second}
	judge := patience.NewJudge(2*time.Minute, now, s)
	if v := judge.Look(now.Add(time.Hour), s); v != patience.Going {
		t.Errorf("it %q", v)
	}
}

// TestWithin ends work that stands still, and only that, as a deadline would.
func TestWithin(t *testing.T) {
	t.Parallel()
	still := func() patience.Sample { return patience.Sample{Known: true, Ran: time.Second} }
	starved := func() patience.Sample { return patience.Sample{Known: true, Ran: time.Second, Ready: true} }
	ctx, cancel := patience.Within(t.Context(), 30*time.Millisecond, still)
	defer cancel()
	below, done := context.WithCancel(ctx)
	defer done()
	<-below.Done()
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) || !errors.Is(below.Err(), context.DeadlineExceeded) {
		t.Errorf("it ended with %v and, below, %v", ctx.Err(), below.Err())
	}
	outer, stop := context.WithCancel(t.Context())
	ctx, end := patience.Within(outer, time.Hour, starved)
	defer end()
	if ctx.Err() != nil {
		t.Errorf("it began with %v", ctx.Err())
	}
	stop()
	<-ctx.Done()
	if !errors.Is(ctx.Err(), context.Canceled) {
		t.Errorf("it was stopped and ended with %v", ctx.Err())
	}
}

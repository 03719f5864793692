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

// starved is what the kernel counted of a reader of two good pages and its helpers, at
// nice 19 on one processor with eight busy loops at nice 10: after so many seconds, the
// milliseconds that it ran and waited.
func starved() [][3]int {
	return [][3]int{
		{3, 10, 804},
		{7, 70, 4702},
		{11, 150, 7235},
		{15, 230, 12128},
		{19, 300, 16738},
		{23, 380, 21698},
		{27, 450, 26593},
		{31, 510, 31744},
		{35, 570, 37326},
		{39, 620, 42978},
		{43, 680, 48075},
		{47, 740, 53023},
		{51, 800, 58067},
		{56, 860, 64227},
		{60, 920, 69813},
		{64, 980, 76228},
		{68, 1030, 81166},
		{72, 1090, 86492},
		{76, 1140, 91517},
		{80, 1180, 96277},
		{84, 1220, 101011},
		{88, 1280, 106202},
		{92, 1330, 110798},
		{96, 1380, 115614},
		{100, 1440, 120581},
		{104, 1490, 126044},
		{108, 1550, 132034},
		{112, 1620, 137407},
	}
}

// TestAStarvedReaderIsWaitedFor goes by what was counted, with and without a look at who
// is ready; were it stopped half way, it would end.
func TestAStarvedReaderIsWaitedFor(t *testing.T) {
	t.Parallel()
	const limit = 30 * time.Second
	for name, c := range map[string]struct {
		ready bool
		until int // the second in which it is stopped
		want  patience.Verdict
	}{
		"ready":   {true, 999, patience.Going},
		"counted": {false, 999, patience.Going},
		"stopped": {false, 56, patience.Hung},
	} {
		began := time.Unix(0, 0)
		judge := patience.NewJudge(limit, began, patience.Sample{Known: true})
		var s patience.Sample
		got := patience.Going
		for _, at := range starved() {
			if at[0] < c.until {
				s = patience.Sample{
					Known: true, Ready: c.ready,
					Ran: time.Duration(at[1]) * time.Millisecond, Waited: time.Duration(at[2]) * time.Millisecond,
				}
			}
			if got == patience.Going {
				got = judge.Look(began.Add(time.Duration(at[0])*time.Second), s)
			}
		}
		if got != c.want {
			t.Errorf("%s: it %q, want %q", name, got, c.want)
		}
	}
}

// Without counters the clock decides, as it always did.
func TestJudgeByTheClock(t *testing.T) {
	t.Parallel()
	if v, at := judged(time.Minute, life{{999, 0, 0, false}}, false); v != patience.Late || at != time.Minute {
		t.Errorf("it %q after %v, want it late after a minute", v, at)
	}
}

// A program that was seen before it ever ran is judged as any other once it runs.
func TestJudgeOfANewProgram(t *testing.T) {
	t.Parallel()
	const limit = time.Minute
	now := time.Unix(0, 0)
	judge := patience.NewJudge(limit, now, patience.Sample{})
	for second := time.Duration(1); ; second++ {
		v := judge.Look(now.Add(second*time.Second), patience.Sample{Known: true, Ran: time.Second})
		if v == patience.Going && second < 3*60 {
			continue
		}
		if v != patience.Hung || second < 60 {
			t.Errorf("it %q after %d s, want it hung after a minute or so", v, second)
		}
		return
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
	busy := func() patience.Sample { return patience.Sample{Known: true, Ran: time.Second, Ready: true} }
	ctx, cancel := patience.Within(t.Context(), 30*time.Millisecond, still)
	defer cancel()
	below, done := context.WithCancel(ctx)
	defer done()
	<-below.Done()
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) || !errors.Is(below.Err(), context.DeadlineExceeded) {
		t.Errorf("it ended with %v and, below, %v", ctx.Err(), below.Err())
	}
	outer, stop := context.WithCancel(t.Context())
	ctx, end := patience.Within(outer, time.Hour, busy)
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

// Package patience bounds work by the processor time it takes. A clock is a bad judge
// on a loaded machine: a good page whose reader is hardly given a processor would be set
// aside as out of time. So the kernel's own counters are looked at now and then, and time
// in which the work is ready to run while others have the processors is not held against
// it.
//
// It is bounded all the same. Work ends when it has used up its processor time; when it
// stands still for as long, neither running nor waiting to run, as a process does that is
// stopped, deadlocked or waits for a dead disk; and in any case after sixty times its
// limit by the clock. On a free machine, work that runs or stands still thus ends when the
// clock would have ended it, and what alternates between the two has three times as long
// at most. On a loaded one, a page that needs 2 s of its 60 is read if its reader gets an
// 1800th of a processor.
//
// Where the kernel does not count waiting (no /proc/PID/schedstat, which is Linux with
// CONFIG_SCHED_INFO), the clock decides alone, at the limit itself.
package patience

import "time"

// starving is how many times its limit work may take by the clock.
const starving = 60

// Sample is what the kernel has counted of some threads until now.
type Sample struct {
	Known  bool          // false where the kernel does not tell, and of what has ended
	Ran    time.Duration // on processors
	Waited time.Duration // ready to run, while others had the processors
	Ready  bool          // at this moment a thread runs or waits for a processor
}

// Gauge takes a sample.
type Gauge func() Sample

// Verdict says why work must end; it completes "the program …".
type Verdict string

// The verdicts.
const (
	Going   Verdict = "" // let it
	Spent   Verdict = "used up its processor time"
	Hung    Verdict = "hung, neither running nor waiting for a processor"
	Starved Verdict = "was given next to no processor time for too long"
	Late    Verdict = "took too long by the clock"
)

// Judge follows one piece of work. It is for one goroutine.
type Judge struct {
	limit       time.Duration
	began, last time.Time
	first, seen Sample
	idle        time.Duration
}

// NewJudge begins to follow work that has limit.
func NewJudge(limit time.Duration, now time.Time, s Sample) *Judge {
	return &Judge{limit: limit, began: now, last: now, first: s, seen: s}
}

// Pause is how long a judge may look away: a part of the limit, but never so long that
// helper programs come and go unseen.
func Pause(limit time.Duration) time.Duration {
	return min(max(limit/15, 25*time.Millisecond), 2*time.Second)
}

// Look judges by a new sample. Of a program that was only just started the kernel may
// have counted nothing before.
func (j *Judge) Look(now time.Time, s Sample) Verdict {
	if !j.first.Known && s.Known {
		j.first, j.seen, j.last = s, s, now
	}
	wall := now.Sub(j.began)
	switch {
	case !j.first.Known && wall >= j.limit:
		return Late
	case wall >= starving*j.limit:
		return Starved
	case !j.first.Known || !s.Known:
		return Going
	}
	j.rest(now, s)
	switch {
	case s.Ran-j.first.Ran >= j.limit:
		return Spent
	case j.idle >= j.limit:
		return Hung
	}
	return Going
}

// rest adds to the time of standing still, or takes from it what the work was busy. The
// waiting of threads that have ended is not counted any more, so that a sample may say
// too little; a few samples do not condemn. Nor does a judge who did not look for long: he
// was starved himself, or stopped with all the rest.
func (j *Judge) rest(now time.Time, s Sample) {
	span := min(now.Sub(j.last), 2*Pause(j.limit))
	busy := span
	if !s.Ready {
		busy = min(span, max(0, s.Ran-j.seen.Ran)+max(0, s.Waited-j.seen.Waited))
	}
	j.idle = max(0, j.idle+span-2*busy)
	j.last, j.seen = now, s
}

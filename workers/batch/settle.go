package batch

import (
	"errors"
	"os"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/shelf"
)

// skew is how far the clock of a file server may be off. A file older than that by its
// own word lies still; a younger one has to be seen twice.
const skew = time.Hour

// oldDate is how many times as long as others a file without an end is waited for that is
// dated long ago: most likely it was copied so, with a whole shelf, and no end will come.
const oldDate = 10

// look is when a file was first seen as it is.
type look struct {
	part
	stirred time.Time // when it was last written, renamed or dated
	first   time.Time
	whole   bool // its end is there
}

// settler tells which files lie still.
type settler struct {
	settle time.Duration
	// halfway is how long a file without an end may still be being written. After that it
	// is handed in as it is, and whoever reads it says what is wrong with it.
	halfway time.Duration

	looks map[string]look // of young files
	next  map[string]look
	wake  time.Time // when the next one may be settled; zero if none waits for that
}

// begin begins a walk.
func (s *settler) begin() { s.next, s.wake = map[string]look{}, time.Time{} }

// end ends it.
func (s *settler) end() { s.looks, s.next = s.next, nil }

// stirs says why a file is to be waited for; the zero Reason if it lies still. touched is
// when anything of it was changed, which nobody can set: programs that copy date a file
// before they have written it. first is when it was first seen as it is, if it is seen for
// the first time in this run.
func (s *settler) stirs(root *os.Root, e shelf.Entry, touched, first, now time.Time) pipeline.Reason {
	p, stirred := part{e.Path, e.Size, e.Changed}, e.Changed
	if touched.After(stirred) {
		stirred = touched
	}
	if s.settle <= 0 || now.Sub(stirred) >= max(s.halfway, s.settle) {
		return pipeline.Reason{}
	}
	l := s.looks[e.Path]
	if !l.same(p) || !l.stirred.Equal(stirred) {
		l = look{part: p, stirred: stirred, first: first}
	}
	defer func() { s.next[e.Path] = l }()
	if still := s.since(l, now); still < s.settle {
		s.wakeAt(now.Add(s.settle - still))
		return changing()
	}
	if l.whole {
		return pipeline.Reason{}
	}
	patience := s.halfway
	if now.Sub(e.Changed) >= s.halfway {
		patience = min(patience, oldDate*s.settle)
	}
	why := lacksEnd(root, p, s.since(l, now) < patience)
	switch why {
	case lockedNow(): // nobody tells when a file is closed
		s.wakeAt(now.Add(s.settle))
	case unfinished():
		s.wakeAt(now.Add(patience - s.since(l, now)))
	}
	l.whole = why.IsZero() // or it cannot be read, which handing it in will tell
	return why
}

func (s *settler) wakeAt(at time.Time) {
	if s.wake.IsZero() || at.Before(s.wake) {
		s.wake = at
	}
}

// lacksEnd says why a file that has lain still is to be waited for all the same; one
// without an end only if it may still come.
func lacksEnd(root *os.Root, p part, mayCome bool) pipeline.Reason { //revive:disable-line:flag-parameter // whoever calls knows the clocks
	switch whole, err := complete(root, p); {
	case errors.Is(err, errLocked):
		return lockedNow()
	case errors.Is(err, errChanged):
		return changing()
	case err == nil && !whole && mayCome:
		return unfinished()
	}
	return pipeline.Reason{}
}

// since is for how long a file has been as it is, by both clocks.
func (s *settler) since(l look, now time.Time) time.Duration {
	seen, told := now.Sub(l.first), now.Sub(l.stirred)
	switch {
	case told >= max(skew, s.settle):
		return told
	case told < 0: // the other clock is ahead
		return seen
	}
	return min(seen, told)
}

package gate

import (
	"container/list"
	"fmt"
	"sync"
	"time"
)

// Throttled is returned while somebody must wait before the next guess.
type Throttled struct {
	After time.Duration
}

// Error says how long.
func (t *Throttled) Error() string { return fmt.Sprintf("too many attempts, wait %s", t.After) }

// maxTracked bounds the memory of a throttle: about 1 MB. Whoever has the addresses
// to push others out gets no more than the rule by account still allows.
const maxTracked = 4096

// forgiveAfter is how long a failure is remembered.
const forgiveAfter = time.Hour

// rule says how many free attempts a key has, and how long the wait may grow.
type rule struct {
	free int
	most time.Duration
}

// throttle counts attempts by key. An attempt counts as failed from its beginning,
// so that many at once gain nothing; success takes it back.
type throttle struct {
	mu      sync.Mutex
	entries map[string]*list.Element
	recent  *list.List // of *tally, the latest first
}

type tally struct {
	key   string
	count int
	last  time.Time
	until time.Time
}

func newThrottle() *throttle {
	return &throttle{entries: make(map[string]*list.Element), recent: list.New()}
}

// begin counts an attempt under each key, or returns how long to wait.
func (t *throttle) begin(now time.Time, rules map[string]rule) *Throttled {
	t.mu.Lock()
	defer t.mu.Unlock()
	var wait time.Duration
	for key := range rules {
		if e := t.entries[key]; e != nil {
			wait = max(wait, e.Value.(*tally).until.Sub(now))
		}
	}
	if wait > 0 {
		return &Throttled{After: wait.Round(time.Second) + time.Second}
	}
	for key, r := range rules {
		n := t.touch(key, now)
		n.count++
		if over := n.count - r.free; over >= 0 {
			n.until = now.Add(min(r.most, 5*time.Second<<min(over, 12)))
		}
	}
	return nil
}

// succeed takes an attempt back from every key, and forgets the failures of own: a
// whole office may log in from one address, and nobody's success hides the guesses of
// others there.
func (t *throttle) succeed(own string, rules map[string]rule) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for key, r := range rules {
		e := t.entries[key]
		if e == nil {
			continue
		}
		n := e.Value.(*tally)
		n.count--
		if key == own {
			n.count = 0
		}
		if n.count < r.free {
			n.until = time.Time{}
		}
	}
}

func (t *throttle) touch(key string, now time.Time) *tally {
	if e := t.entries[key]; e != nil {
		n := e.Value.(*tally)
		if now.Sub(n.last) > forgiveAfter {
			n.count = 0
		}
		n.last = now
		t.recent.MoveToFront(e)
		return n
	}
	if t.recent.Len() >= maxTracked {
		oldest := t.recent.Back()
		delete(t.entries, oldest.Value.(*tally).key)
		t.recent.Remove(oldest)
	}
	n := &tally{key: key, last: now}
	t.entries[key] = t.recent.PushFront(n)
	return n
}

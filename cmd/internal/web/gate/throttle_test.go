package gate

import (
	"fmt"
	"testing"
	"time"
)

func TestThrottleIsBounded(t *testing.T) {
	t.Parallel()
	th, now := newThrottle(), time.Unix(1e9, 0)
	for i := range 3 * maxTracked {
		if wait := th.begin(now, map[string]rule{fmt.Sprint(i): {free: 5, most: time.Minute}}); wait != nil {
			t.Fatalf("key %d waits on its first try", i)
		}
	}
	if len(th.entries) != maxTracked || th.recent.Len() != maxTracked {
		t.Errorf("tracks %d and %d keys, want %d", len(th.entries), th.recent.Len(), maxTracked)
	}
}

func TestThrottleGrowsAndForgives(t *testing.T) {
	t.Parallel()
	th, now := newThrottle(), time.Unix(1e9, 0)
	rules := map[string]rule{"k": {free: 1, most: time.Minute}}
	var waits []time.Duration
	for range 8 {
		for wait := th.begin(now, rules); wait != nil; wait = th.begin(now, rules) {
			waits = append(waits, wait.After)
			now = now.Add(wait.After)
		}
	}
	for i, w := range waits {
		if w > time.Minute+time.Second || i > 0 && w < waits[i-1] && w < time.Minute {
			t.Errorf("waits = %v", waits)
			break
		}
	}
	now = now.Add(2 * forgiveAfter)
	if wait := th.begin(now, map[string]rule{"k": {free: 5, most: time.Minute}}); wait != nil {
		t.Errorf("after a long time it still waits %v", wait)
	}
}

func TestSuccessIsNotCountedAgainstAnOffice(t *testing.T) {
	t.Parallel()
	th, now := newThrottle(), time.Unix(1e9, 0)
	for i := range 500 {
		own := fmt.Sprint("both ", i)
		rules := map[string]rule{own: {free: 5, most: time.Minute}, "from office": {free: 60, most: time.Minute}}
		if wait := th.begin(now, rules); wait != nil {
			t.Fatalf("login %d of one office waits", i)
		}
		th.succeed(own, rules)
	}
}

package web

import (
	"context"
	"errors"
	"testing"
	"time"
)

// TestNobodyTakesAllPlaces: who has all that one may have waits and is told to come again,
// and others get in; with all places taken nobody does, and each that is left is taken.
func TestNobodyTakesAllPlaces(t *testing.T) {
	t.Parallel()
	p := newPlaces(3, 2)
	take := func(account string, patience time.Duration) (func(), error) {
		return p.take(t.Context(), account, patience)
	}
	var leave func()
	for range 2 {
		var err error
		if leave, err = take("lan", time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	isBusy := func(account string) bool {
		_, err := take(account, time.Millisecond)
		problem, ok := errors.AsType[*problem](err)
		return ok && problem.code == "busy"
	}
	if !isBusy("lan") {
		t.Error("one account took a third place")
	}
	if _, err := take("bình", time.Minute); err != nil {
		t.Errorf("another account: %v", err)
	}
	if !isBusy("bình") {
		t.Error("a fourth place was given of three")
	}
	leave()
	if _, err := take("bình", time.Minute); err != nil {
		t.Errorf("after one left: %v", err)
	}
	gone, end := context.WithCancel(t.Context())
	end()
	if _, err := p.take(gone, "cúc", time.Minute); !errors.Is(err, context.Canceled) {
		t.Errorf("who has gone: %v", err)
	}
}

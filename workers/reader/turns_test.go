package reader

import (
	"context"
	"testing"
	"testing/synctest"

	"hoso/pipeline"
)

// A clerk's page is served before the pages of the night that came earlier.
func TestDeskGoesFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		places := newTurns(1)
		if err := places.take(t.Context(), pipeline.Batch); err != nil {
			t.Fatal(err)
		}
		served := make(chan pipeline.Lane, 4)
		ask := func(lane pipeline.Lane) {
			go func() {
				if err := places.take(t.Context(), lane); err == nil {
					served <- lane
				}
			}()
			synctest.Wait()
		}
		ask(pipeline.Upkeep)
		ask(pipeline.Batch)
		ask(pipeline.Desk)
		for _, want := range []pipeline.Lane{pipeline.Desk, pipeline.Batch, pipeline.Upkeep} {
			places.give()
			if got := <-served; got != want {
				t.Errorf("served %s, want %s", got, want)
			}
		}
	})
}

// Whoever gives up waiting leaves his place to the others.
func TestLeavingTheQueueLosesNoPlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		places := newTurns(1)
		if err := places.take(t.Context(), pipeline.Desk); err != nil {
			t.Fatal(err)
		}
		ctx, leave := context.WithCancel(t.Context())
		gone := make(chan error)
		go func() { gone <- places.take(ctx, pipeline.Desk) }()
		synctest.Wait()
		leave()
		if err := <-gone; err == nil {
			t.Error("got a place after leaving")
		}
		places.give()
		if err := places.take(t.Context(), pipeline.Desk); err != nil {
			t.Errorf("the place is lost: %v", err)
		}
	})
}

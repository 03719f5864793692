package reader

import (
	"container/list"
	"context"
	"sync"

	"hoso/pipeline"
)

// turns hands out a fixed number of places: to desk work first, then to the batch,
// then to upkeep, and within each in the order of asking. A place is a page, so
// that a clerk never waits for more than the page in work.
type turns struct {
	mu      sync.Mutex
	free    int
	waiting map[pipeline.Lane]*list.List
}

func newTurns(places int) *turns {
	return &turns{free: places, waiting: map[pipeline.Lane]*list.List{
		pipeline.Desk: list.New(), pipeline.Batch: list.New(), pipeline.Upkeep: list.New(),
	}}
}

// take waits for a place.
func (t *turns) take(ctx context.Context, lane pipeline.Lane) error {
	t.mu.Lock()
	if t.free > 0 {
		t.free--
		t.mu.Unlock()
		return nil
	}
	queue := t.waiting[lane]
	if queue == nil {
		queue = t.waiting[pipeline.Batch]
	}
	mine := make(chan struct{})
	place := queue.PushBack(mine)
	t.mu.Unlock()
	select {
	case <-mine:
		return nil
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case <-mine: // called up at the very moment of leaving: pass it on
		t.pass()
	default:
		queue.Remove(place)
	}
	return context.Cause(ctx)
}

// give returns a place.
func (t *turns) give() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pass()
}

func (t *turns) pass() {
	for _, lane := range []pipeline.Lane{pipeline.Desk, pipeline.Batch, pipeline.Upkeep} {
		if first := t.waiting[lane].Front(); first != nil {
			close(t.waiting[lane].Remove(first).(chan struct{}))
			return
		}
	}
	t.free++
}

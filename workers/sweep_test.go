package workers_test

import (
	"context"
	"errors"
	"testing"

	"hoso/pipeline"
	"hoso/storage/objects/objectstest"
	"hoso/workers"
)

// TestSweep: what was read of pages goes once nobody needs it, and stays while anybody may,
// or while that cannot be found out.
func TestSweep(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	store := &objectstest.Memory{}
	busy, done := pipeline.Sum([]byte("busy")), pipeline.Sum([]byte("done"))
	keep := []string{pipeline.CheckpointKey(busy, pipeline.Sum(nil), pipeline.Leaf{Page: 1}), pipeline.NoteKey("01J"), pipeline.CheckpointFolder + "what/is/this.json"}
	gone := []string{pipeline.CheckpointKey(done, pipeline.Sum(nil), pipeline.Leaf{Page: 1}), pipeline.CheckpointKey(done, pipeline.Sum([]byte("other settings")), pipeline.Leaf{Page: 12})}
	for _, key := range append(keep, gone...) {
		if err := store.PutKey(ctx, key, []byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	trouble := errors.New("the catalog does not answer")
	s := workers.Sweeper{Notes: store, InWork: func(_ context.Context, d pipeline.Digest) (bool, error) { return d == busy, trouble }}
	if n, err := s.Sweep(ctx); n != 0 || !errors.Is(err, trouble) {
		t.Errorf("without a catalog: %d, %v", n, err)
	}
	trouble = nil
	if n, err := s.Sweep(ctx); n != 1 || err != nil {
		t.Errorf("swept %d: %v", n, err)
	}
	if n, err := s.Sweep(ctx); n != 0 || err != nil {
		t.Errorf("swept once more: %d, %v", n, err)
	}
	for i, key := range append(keep, gone...) {
		if _, err := store.GetKey(ctx, key); (err == nil) != (i < len(keep)) {
			t.Errorf("%s: %v", key, err)
		}
	}
}

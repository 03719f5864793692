package workers_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"hoso/pipeline"
	"hoso/workers"
)

// hanging is an authority whose answers come when the test gives them.
type hanging struct {
	asked   chan struct{}
	answers chan error
	now     atomic.Int64
	most    atomic.Int64
}

func newHanging() *hanging {
	return &hanging{asked: make(chan struct{}, 100), answers: make(chan error)}
}

func (h *hanging) Timestamp(ctx context.Context, _ []byte) ([]byte, error) {
	h.most.Store(max(h.most.Load(), h.now.Add(1)))
	defer h.now.Add(-1)
	h.asked <- struct{}{}
	select {
	case err := <-h.answers:
		return []byte("token"), err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

var errAway = errors.New("away")

// TestBrokenAuthorityHoldsUpOne: of many papers that want a timestamp from an
// authority that hangs, one alone hangs with it.
func TestBrokenAuthorityHoldsUpOne(t *testing.T) {
	t.Parallel()
	h := newHanging()
	c := workers.NewConsiderate(h)
	ask := func(ctx context.Context) <-chan error {
		result := make(chan error, 1)
		go func() {
			_, err := c.Timestamp(ctx, nil)
			result <- err
		}()
		return result
	}
	first := ask(t.Context())
	h.answers <- errAway
	if err := <-first; !errors.Is(err, errAway) {
		t.Errorf("the first answer is %v, want the authority's own", err)
	}
	<-h.asked

	trial := ask(t.Context())
	<-h.asked // it hangs
	for range 20 {
		var missing *pipeline.Unavailable
		if err := <-ask(t.Context()); !errors.As(err, &missing) {
			t.Fatalf("beside the one that hangs: %v, want Unavailable at once", err)
		}
	}
	h.answers <- nil
	if err := <-trial; err != nil {
		t.Errorf("the authority is back and says %v", err)
	}
	one, other := ask(t.Context()), ask(t.Context())
	h.answers <- nil
	h.answers <- nil
	if err := errors.Join(<-one, <-other); err != nil {
		t.Errorf("after it is back: %v", err)
	}
}

// TestWithdrawnQuestionSaysNothing: a question that was taken back does not make the
// authority look broken, nor keep others from asking.
func TestWithdrawnQuestionSaysNothing(t *testing.T) {
	t.Parallel()
	h := newHanging()
	c := workers.NewConsiderate(h)
	ctx, stop := context.WithCancel(t.Context())
	var asking sync.WaitGroup
	asking.Go(func() { _, _ = c.Timestamp(ctx, nil) })
	<-h.asked
	stop()
	asking.Wait()
	for range 2 {
		asking.Go(func() {
			if _, err := c.Timestamp(t.Context(), nil); err != nil {
				t.Error(err)
			}
		})
	}
	h.answers <- nil
	h.answers <- nil
	asking.Wait()
}

// TestAuthorityIsNotOverrun: a few questions at once and no more.
func TestAuthorityIsNotOverrun(t *testing.T) {
	t.Parallel()
	h := newHanging()
	c := workers.NewConsiderate(h)
	var asking sync.WaitGroup
	for range 30 {
		asking.Go(func() {
			if _, err := c.Timestamp(t.Context(), nil); err != nil {
				t.Error(err)
			}
		})
	}
	for range 30 {
		h.answers <- nil
	}
	asking.Wait()
	if most := h.most.Load(); most > 4 {
		t.Errorf("%d questions at once", most)
	}
}

// TestQuick: whoever can do without a timestamp for now learns whether the authority
// answers at once: not while it is away, and not while all places are taken.
func TestQuick(t *testing.T) {
	t.Parallel()
	h := newHanging()
	c := workers.NewConsiderate(h)
	var asking sync.WaitGroup
	ask := func() { asking.Go(func() { _, _ = c.Timestamp(t.Context(), nil) }) }
	for i, want := range []bool{true, false} {
		ask()
		h.answers <- []error{nil, errAway}[i]
		asking.Wait()
		if c.Quick() != want {
			t.Errorf("after answer %d: quick is %v", i, !want)
		}
	}
	ask()
	h.answers <- nil
	asking.Wait()
	for range 3 {
		<-h.asked
	}
	for range 4 {
		ask()
	}
	for range 4 {
		<-h.asked
	}
	if c.Quick() {
		t.Error("quick while it answers as many as it bears")
	}
	for range 4 {
		h.answers <- nil
	}
	asking.Wait()
	if !c.Quick() {
		t.Error("not quick when nobody asks any more")
	}
}

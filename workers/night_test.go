package workers_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/workers"
)

// TestNightBegins: a shelf's work begins at its hour, and while it is at work the next
// stroke of the clock begins nothing.
func TestNightBegins(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	var begun, atOnce, most atomic.Int32
	second := make(chan struct{})
	n := workers.Nights{Redis: queueServer(t.Context(), t), Machine: "kho", Log: slog.New(slog.DiscardHandler), Do: func(ctx context.Context, label string) error {
		if label != "ke-3" {
			t.Errorf("the work on %q began", label)
		}
		most.Store(max(most.Load(), atOnce.Add(1)))
		defer atOnce.Add(-1)
		if begun.Add(1) == 2 {
			close(second)
		}
		select { // two strokes of the clock long
		case <-time.After(2 * time.Second):
		case <-ctx.Done():
		}
		return nil
	}}
	ended := make(chan error)
	go func() { ended <- keep(ctx, n, workers.Night{Label: "ke-3", Cron: "@every 1s"}) }()
	select {
	case <-second:
	case <-time.After(time.Minute):
		t.Error("the second night did not begin within a minute")
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if most.Load() != 1 {
		t.Errorf("%d works on one shelf at once", most.Load())
	}
}

// TestNightGoesOn: work that was due begins at once, and goes on after what it needed was
// away, and after this machine was.
func TestNightGoesOn(t *testing.T) {
	t.Parallel()
	redis := queueServer(t.Context(), t)
	ctx, stop := context.WithCancel(t.Context())
	working := make(chan struct{})
	var tries atomic.Int32
	n := workers.Nights{Redis: redis, Machine: "kho", Log: slog.New(slog.DiscardHandler), Do: func(ctx context.Context, _ string) error {
		if tries.Add(1) == 1 {
			return &pipeline.Unavailable{What: "catalog", Err: errors.New("away")}
		}
		close(working)
		<-ctx.Done()
		return ctx.Err()
	}}
	due := workers.Night{Label: "ke-3", Cron: "0 20 * * *", Now: true}
	ended := make(chan error)
	go func() { ended <- keep(ctx, n, due) }()
	within(t, working, "the work to begin again")
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	again := make(chan struct{})
	n.Do = func(context.Context, string) error { close(again); return nil }
	ctx, stop = context.WithCancel(t.Context())
	defer stop()
	due.Now = false
	go func() { ended <- keep(ctx, n, due) }()
	within(t, again, "the work to go on at the next start")
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// keep keeps the hours of a night. The server of a test may not be up yet.
func keep(ctx context.Context, n workers.Nights, each workers.Night) error {
	for {
		err := n.Run(ctx, []workers.Night{each})
		if !errors.As(err, new(*pipeline.Unavailable)) || ctx.Err() != nil {
			return err
		}
	}
}

func within(t *testing.T, done <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(2 * time.Minute):
		t.Fatalf("waited two minutes for %s", what)
	}
}

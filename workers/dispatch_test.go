package workers_test

import (
	"context"
	"fmt"
	"log/slog"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/hibiken/asynq"

	"hoso/pipeline"
	"hoso/workers"
)

// A paper that the queue has lost is found behind any number that wait in it in good
// order.
func TestALostPaperIsFoundBehindThoseInTheQueue(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	b := &backlog{found: make(chan pipeline.Todo, 1)}
	for n := range 700 {
		b.papers = append(b.papers, pipeline.Todo{ID: pipeline.PaperID(fmt.Sprintf("%026d", n)), Gen: 1, Lane: pipeline.Batch})
	}
	b.outbox = b.papers[:len(b.papers)-1]
	d := workers.NewDispatcher(b, queueServer(ctx, t), time.Now, slog.New(slog.DiscardHandler))
	var running sync.WaitGroup
	running.Go(func() { d.Run(ctx) })
	select {
	case got := <-b.found:
		if want := b.papers[len(b.papers)-1]; got != want {
			t.Errorf("requeued %+v, want %+v", got, want)
		}
	case <-ctx.Done():
		t.Error("the lost paper was not found")
	}
	stop()
	running.Wait()
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

// backlog is a catalog in which all papers look forgotten once the outbox is empty.
type backlog struct {
	mu             sync.Mutex
	papers, outbox []pipeline.Todo
	found          chan pipeline.Todo
}

func (b *backlog) Outbox(_ context.Context, limit int) ([]pipeline.Todo, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.outbox[:min(limit, len(b.outbox))], nil
}

func (b *backlog) Sent(_ context.Context, sent []pipeline.Todo) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.outbox = b.outbox[len(sent):]
	return nil
}

func (b *backlog) Stalled(_ context.Context, _ time.Time, _ time.Duration, limit int) ([]pipeline.Todo, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.outbox) > 0 {
		return nil, nil
	}
	return b.papers[:min(limit, len(b.papers))], nil
}

func (b *backlog) Requeue(_ context.Context, t pipeline.Todo, _ time.Time) error {
	select {
	case b.found <- t:
	default:
	}
	return nil
}

// queueServer runs a Redis of the test's own, which ends with ctx.
func queueServer(ctx context.Context, t *testing.T) asynq.RedisClientOpt {
	t.Helper()
	dir := t.TempDir()
	socket := filepath.Join(dir, "s")
	//nolint:gosec // a program of the system, in a folder of the test
	server := exec.CommandContext(ctx, "redis-server", "--port", "0", "--unixsocket", socket, "--dir", dir, "--save", "")
	if err := server.Start(); err != nil {
		t.Fatalf("starting redis-server, which must be installed: %v", err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	return asynq.RedisClientOpt{Network: "unix", Addr: socket}
}

func (b *backlog) Due(context.Context, time.Time, int, int) ([]pipeline.Todo, error) { return nil, nil }

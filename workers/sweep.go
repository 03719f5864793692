package workers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"hoso/pipeline"
)

// sweepRound is how often leftovers are looked for, besides at the start.
const sweepRound = 24 * time.Hour

// Sweeper clears away what is of no use any more: page results that a process left behind
// which died between the move that ended their paper's way and the tidying up. They hold
// what pages say, and nobody would ever ask for them again.
type Sweeper struct {
	Notes Notes
	// InWork reports whether a paper of this original is in work or waits for a person.
	InWork func(context.Context, pipeline.Digest) (bool, error)
	Log    *slog.Logger
}

// Run sweeps until ctx ends. What cannot be done now is done the next time.
func (s Sweeper) Run(ctx context.Context) {
	round := time.NewTicker(sweepRound)
	defer round.Stop()
	for {
		swept, err := s.Sweep(ctx)
		if swept > 0 {
			s.Log.LogAttrs(ctx, slog.LevelInfo, "page results left behind were cleared away", slog.Int("originals", swept))
		}
		if err != nil && ctx.Err() == nil {
			s.Log.LogAttrs(ctx, slog.LevelWarn, "page results left behind may stay", slog.String("error", err.Error()))
		}
		select {
		case <-ctx.Done():
			return
		case <-round.C:
		}
	}
}

// Sweep clears away once, and gives of how many originals. A paper that comes meanwhile
// with the same original reads the pages again.
func (s Sweeper) Sweep(ctx context.Context) (int, error) {
	swept, last := 0, ""
	for key, err := range s.Notes.List(ctx, pipeline.CheckpointFolder) {
		if err != nil {
			return swept, fmt.Errorf("listing checkpoints: %w", err)
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(key, pipeline.CheckpointFolder), "/")
		if name == last {
			continue
		}
		last = name
		original, err := pipeline.ParseDigest(name)
		if err != nil {
			continue // not of ours
		}
		cleared, err := s.clear(ctx, original)
		if err != nil {
			return swept, err
		}
		if cleared {
			swept++
		}
	}
	return swept, nil
}

// clear drops the page results of an original unless they may be needed.
func (s Sweeper) clear(ctx context.Context, original pipeline.Digest) (bool, error) {
	needed, err := s.InWork(ctx, original)
	if err == nil && !needed {
		err = dropCheckpoints(ctx, s.Notes, original)
	}
	return !needed && err == nil, errors.Join(err, ctx.Err())
}

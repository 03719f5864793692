package web

import (
	"context"
	"time"

	"hoso/pipeline"
)

// Samples keeps which papers of a batch were drawn for a second look, what was found, and
// who answers for it. What was drawn stays drawn.
type Samples interface {
	// DrawChecks draws until share of the filed papers of a batch, 0 to 1, have been drawn.
	DrawChecks(ctx context.Context, label string, share float64, now time.Time) (drawn int, err error)
	Checks(ctx context.Context, label string) ([]pipeline.Check, error)
	PutCheck(ctx context.Context, c pipeline.Check) error
	// PutSignOff counts what it says itself; a Refusal while something is left to look at.
	PutSignOff(ctx context.Context, s pipeline.SignOff) (pipeline.SignOff, error)
	SignOffs(ctx context.Context, label string) ([]pipeline.SignOff, error)
}

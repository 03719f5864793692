package batch

import (
	"context"

	"hoso/pipeline"
)

type seams struct{}

func (e *Engine) run(ctx context.Context) (pipeline.Run, error) {
	return e.Ledger.Begin(ctx, e.Label, e.Until)
}

package intake

import (
	"context"

	"hoso/pipeline/intake/fault"
)

func openPDF(context.Context, input) (source, error) { return nil, fault.Feature("PDF", nil) }

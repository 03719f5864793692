package web

import (
	"context"

	"hoso/pipeline"
)

// Leaves puts the pages of papers in order. Arrange and Split are about a paper as a person
// saw it in generation gen: ErrStale if it has changed since. Originals stay as they are.
type Leaves interface {
	Arrange(ctx context.Context, id pipeline.PaperID, gen int64, leaves []pipeline.Leaf, actor string) (pipeline.Paper, error)
	// Split cuts a paper before these of its pages, from 2; the first part keeps its ID.
	Split(ctx context.Context, id pipeline.PaperID, gen int64, before []int, actor string) (pipeline.Paper, []pipeline.Paper, error)
	// Merge makes one paper of several, in this order.
	Merge(ctx context.Context, ids []pipeline.PaperID, actor string) (pipeline.Paper, error)
}

package morning

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"hoso/pipeline"
)

// eachFile goes through files of a shelf in those states; an error ends it. Those that
// were renamed are told under the path that they have now.
func eachFile(ctx context.Context, from Rows, label string, states []pipeline.FileState) iter.Seq2[pipeline.ShelfFile, error] {
	return each("files", func(after int64) ([]pipeline.ShelfFile, int64, error) {
		files, next, err := from.ShelfFiles(ctx, label, states, after, filesAtOnce)
		renamed := func(f pipeline.ShelfFile) bool {
			return f.State == pipeline.FileGone && f.After == pipeline.AfterRenamed
		}
		return slices.DeleteFunc(files, renamed), next, err
	})
}

// eachPaper goes through papers of a shelf in those states; an error ends it.
func eachPaper(ctx context.Context, from Rows, label string, states []pipeline.State) iter.Seq2[pipeline.Paper, error] {
	return each("papers", func(after int64) ([]pipeline.Paper, int64, error) {
		return from.ShelfPapers(ctx, label, states, after, papersAtOnce)
	})
}

func each[T any](what string, page func(after int64) ([]T, int64, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for after := int64(0); ; {
			rows, next, err := page(after)
			if err != nil {
				var none T
				yield(none, fmt.Errorf("reading %s of the shelf: %w", what, err))
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
			if next == 0 || next == after {
				return
			}
			after = next
		}
	}
}

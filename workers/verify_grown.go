package workers

import (
	"context"
	"crypto/sha256"
	"hash"
	"io"
	"slices"

	"hoso/pipeline"
)

// generations counts what records were before they were renewed.
type generations struct{ all, broken int }

// presentGrown looks at what the present record of p was before, and tells of it and of
// the earlier ones counted already.
func (o *Office) presentGrown(ctx context.Context, p pipeline.Paper, v *Verdict, all generations) error {
	if len(p.Grown) > 0 {
		begins := beginningsOf(p.Grown)
		if _, err := o.fixity(ctx, p.Record, begins); err != nil {
			return err
		}
		if err := o.verifyGrown(ctx, p.Grown, begins, &all); err != nil {
			return err
		}
	}
	if all.all > 0 {
		v.add(grownCheck(all))
	}
	return nil
}

// verifyGrown holds each earlier form of a record against the store, which must have it
// still, and against the beginnings of the record that it grew to.
func (o *Office) verifyGrown(ctx context.Context, grown []pipeline.Stored, begins *beginnings, g *generations) error {
	for _, s := range grown {
		intact, err := o.fixity(ctx, s.Digest, io.Discard)
		if err != nil {
			return err
		}
		g.all++
		if !intact || begins.sums[s.Size] != s.Digest {
			g.broken++
		}
	}
	return nil
}

// beginnings takes in a record and sums its first bytes, up to each of some sizes.
type beginnings struct {
	hash hash.Hash
	n    int64
	ends []int64 // not reached yet, ascending
	sums map[int64]pipeline.Digest
}

func beginningsOf(grown []pipeline.Stored) *beginnings {
	b := &beginnings{hash: sha256.New(), sums: map[int64]pipeline.Digest{}}
	for _, s := range grown {
		b.ends = append(b.ends, s.Size)
	}
	slices.Sort(b.ends)
	return b
}

// Write takes in the next bytes. It never errs, and does nothing once all is summed.
func (b *beginnings) Write(p []byte) (int, error) {
	all := len(p)
	for len(b.ends) > 0 {
		n := min(int64(len(p)), b.ends[0]-b.n)
		_, _ = b.hash.Write(p[:n]) // a hash never returns an error
		b.n, p = b.n+n, p[n:]
		if b.n < b.ends[0] {
			break
		}
		b.sums[b.n], b.ends = pipeline.DigestOf(b.hash), b.ends[1:]
	}
	return all, nil
}

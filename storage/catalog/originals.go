package catalog

import (
	"context"

	"hoso/pipeline"
)

// InWork reports whether a paper of this original is in work or waits for a person.
func (c *Catalog) InWork(ctx context.Context, original pipeline.Digest) (bool, error) {
	const open = "SELECT count(*) FROM papers WHERE original = $1 AND state NOT IN ('filed', 'rejected')"
	var n int64
	err := c.read.QueryRowContext(ctx, open, original.String()).Scan(&n)
	return n > 0, failed(err, "looking for papers in work")
}

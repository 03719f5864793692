package catalog

import "context"

// Abandon ends the leases of all owners whose name begins with prefix: the caller
// knows that they are dead. Their papers can be taken up at once.
func (c *Catalog) Abandon(ctx context.Context, prefix string) error {
	const drop = "UPDATE papers SET owner = '', lease = 0 WHERE owner <> '' AND substr(owner, 1, $2) = $1"
	_, err := c.write.ExecContext(ctx, drop, storableForm(prefix), len([]rune(prefix)))
	return failed(err, "abandoning leases")
}

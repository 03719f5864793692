package catalog

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Account is somebody who may use hoso. What Hash, Role and Unit mean is up to the
// caller; the catalog keeps them.
type Account struct {
	Name     string // unique without regard to case
	Hash     string // of the secret: an argon2id PHC string
	Role     string
	Unit     string
	Created  time.Time
	Disabled bool
}

// ErrAccount is returned for an account that cannot be kept.
var ErrAccount = errors.New("unsuitable account")

// nameKey is the same for all ways of writing one name.
func nameKey(name string) string { return strings.ToLower(norm.NFC.String(name)) }

// PutAccount makes an account, or replaces the one of that name.
func (c *Catalog) PutAccount(ctx context.Context, a Account) error {
	if strings.TrimSpace(a.Name) == "" || len(a.Name) > longest || !storable(a.Name+a.Hash+a.Role+a.Unit) {
		return fmt.Errorf("keeping account: %w", ErrAccount)
	}
	if a.Created.IsZero() {
		a.Created = c.now()
	}
	disabled := 0
	if a.Disabled {
		disabled = 1
	}
	const put = `INSERT INTO accounts (name_key, name, hash, role, unit, created, disabled)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (name_key) DO UPDATE SET name = excluded.name, hash = excluded.hash, role = excluded.role,
		unit = excluded.unit, created = excluded.created, disabled = excluded.disabled`
	_, err := c.write.ExecContext(ctx, put, nameKey(a.Name), a.Name, a.Hash, a.Role, a.Unit, millis(a.Created), disabled)
	return failed(err, "keeping account")
}

const accountColumns = "SELECT name, hash, role, unit, created, disabled FROM accounts"

func scanAccount(scan func(...any) error) (Account, error) {
	var a Account
	var created int64
	var disabled int
	err := scan(&a.Name, &a.Hash, &a.Role, &a.Unit, &created, &disabled)
	a.Created, a.Disabled = fromMillis(created), disabled != 0
	return a, err
}

// Account gives the account of that name in any case, or fs.ErrNotExist.
func (c *Catalog) Account(ctx context.Context, name string) (Account, error) {
	if !storable(name) {
		return Account{}, fmt.Errorf("reading account: %w", fs.ErrNotExist)
	}
	a, err := scanAccount(c.read.QueryRowContext(ctx, accountColumns+" WHERE name_key = $1", nameKey(name)).Scan)
	if err != nil {
		return Account{}, failed(err, "reading account")
	}
	return a, nil
}

// Accounts gives all accounts by name.
func (c *Catalog) Accounts(ctx context.Context) ([]Account, error) {
	all, err := collect(ctx, c.read, scanAccount, accountColumns+" ORDER BY name_key")
	if err != nil {
		return nil, failed(err, "listing accounts")
	}
	return all, nil
}

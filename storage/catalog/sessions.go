package catalog

import (
	"context"
	"encoding/base64"
	"fmt"
	"io/fs"
	"time"
)

// PutSession keeps data under key, which is a hash of the session's token and never
// the token itself, until expires.
func (c *Catalog) PutSession(ctx context.Context, key string, data []byte, expires time.Time) error {
	const put = `INSERT INTO sessions (token, data, expires) VALUES ($1, $2, $3)
		ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires = excluded.expires`
	_, err := c.write.ExecContext(ctx, put, short(storableForm(key)), base64.StdEncoding.EncodeToString(data), millis(expires))
	return failed(err, "keeping session")
}

// Session gives the data kept under key, or fs.ErrNotExist if there is none or it has
// expired.
func (c *Catalog) Session(ctx context.Context, key string) ([]byte, error) {
	if !storable(key) {
		return nil, fmt.Errorf("reading session: %w", fs.ErrNotExist)
	}
	var text string
	const get = "SELECT data FROM sessions WHERE token = $1 AND expires > $2"
	if err := c.read.QueryRowContext(ctx, get, short(key), millis(c.now())).Scan(&text); err != nil {
		return nil, failed(err, "reading session")
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("reading session: %w", err)
	}
	return data, nil
}

// DropSession forgets what is kept under key, if anything is.
func (c *Catalog) DropSession(ctx context.Context, key string) error {
	_, err := c.write.ExecContext(ctx, "DELETE FROM sessions WHERE token = $1", short(storableForm(key)))
	return failed(err, "dropping session")
}

// DropExpired forgets all sessions that have expired at now.
func (c *Catalog) DropExpired(ctx context.Context, now time.Time) error {
	_, err := c.write.ExecContext(ctx, "DELETE FROM sessions WHERE expires <= $1", millis(now))
	return failed(err, "dropping expired sessions")
}

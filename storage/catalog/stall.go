package catalog

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// stall is how long a question may stay without a single byte of an answer. A machine
// that was switched off, or a cable that was pulled, says nothing at all: without a
// limit whoever asked would wait for the kernel to give up, which takes a quarter of an
// hour. Every question of the catalog is answered in far less, and the server itself
// gives up on a lock before that.
const stall = 20 * time.Second

// alert wraps the connections that dial makes in ones that notice a stall.
func alert(dial pgconn.DialFunc) pgconn.DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &stalling{Conn: conn}, nil
	}
}

// stalling fails a read or write on which nothing moves for too long. The deadline
// that its user sets, to end what is no longer wanted, stands above that.
type stalling struct {
	net.Conn
	mu    sync.Mutex
	ended bool // its user has set a deadline
}

// Read reads within the limit.
func (c *stalling) Read(p []byte) (int, error) {
	if err := c.limit(c.SetReadDeadline); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

// Write writes within the limit.
func (c *stalling) Write(p []byte) (int, error) {
	if err := c.limit(c.SetWriteDeadline); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

func (c *stalling) limit(set func(time.Time) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return nil
	}
	return set(time.Now().Add(stall))
}

// SetDeadline sets the user's deadline; the zero time takes it away.
func (c *stalling) SetDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = !t.IsZero()
	return c.Conn.SetDeadline(t)
}

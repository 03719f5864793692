package workers

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/sign"
)

// Considerate asks a timestamp authority on behalf of many papers. It never asks for
// more than a few at once, and while the authority is out of order it asks for one
// alone: all others are told at once to wait. Authorities are slow at their best (two
// minutes were measured), so that without this an authority that hangs would soon have
// every worker hanging on it, and nothing would be read.
type Considerate struct {
	authority sign.Timestamper
	places    chan struct{}

	mu     sync.Mutex
	broken bool          // the last answer was none
	trying bool          // somebody asks whether it still is
	took   time.Duration // until the last answer
}

// quick is how long an authority may take for a paper to wait for a second timestamp.
const quick = 3 * time.Second

// Quick reports whether an answer can be had at once: whoever can do without one for now
// asks later if not.
func (c *Considerate) Quick() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.broken && c.took < quick && len(c.places) < cap(c.places)
}

// atOnce is how many timestamps are asked for at once: what the government's authority
// is said to bear from one agency.
const atOnce = 4

// NewConsiderate makes authority's considerate form.
func NewConsiderate(authority sign.Timestamper) *Considerate {
	return &Considerate{authority: authority, places: make(chan struct{}, atOnce)}
}

var errOutOfOrder = errors.New("it did not answer before, and another paper is asking already")

// Timestamp gives a token as the authority does; *pipeline.Unavailable without asking
// while it is out of order.
func (c *Considerate) Timestamp(ctx context.Context, imprint []byte) ([]byte, error) {
	select {
	case c.places <- struct{}{}:
		defer func() { <-c.places }()
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting to ask for a timestamp: %w", ctx.Err())
	}
	if !c.enter() {
		return nil, &pipeline.Unavailable{What: "timestamp authority", Err: errOutOfOrder}
	}
	began := time.Now()
	token, err := c.authority.Timestamp(ctx, imprint)
	c.leave(ctx, time.Since(began), err)
	return token, err
}

func (c *Considerate) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken && c.trying {
		return false
	}
	c.trying = c.broken
	return true
}

// leave learns from an answer. One that nobody waited for teaches nothing.
func (c *Considerate) leave(ctx context.Context, took time.Duration, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trying = false
	if ctx.Err() == nil {
		c.broken, c.took = err != nil, took
	}
}

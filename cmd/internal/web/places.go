package web

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

// places bounds how many do something at once, and how many of them may be of one account:
// a slow line keeps its place for minutes, and nobody may keep all.
type places struct {
	all chan struct{}
	own int

	mu sync.Mutex
	of map[string]chan struct{} // by account
}

func newPlaces(all, own int) *places {
	return &places{all: make(chan struct{}, all), own: own, of: map[string]chan struct{}{}}
}

// take waits for a place for some time; leave gives it back.
func (p *places) take(ctx context.Context, account string, patience time.Duration) (leave func(), err error) {
	ctx, done := context.WithTimeoutCause(ctx, patience, errBusy)
	defer done()
	own := p.ownOf(account)
	if err := wait(ctx, own); err != nil {
		return nil, err
	}
	if err := wait(ctx, p.all); err != nil {
		<-own
		return nil, err
	}
	return func() { <-p.all; <-own }, nil
}

var errBusy = errors.New("too many files are being judged; ask again")

// wait takes a place before ctx ends.
func wait(ctx context.Context, where chan struct{}) error {
	select {
	case where <- struct{}{}:
		return nil
	case <-ctx.Done():
	}
	if cause := context.Cause(ctx); !errors.Is(cause, errBusy) {
		return errors.Join(ctx.Err(), cause)
	}
	return &problem{status: http.StatusServiceUnavailable, code: "busy", say: "Đang có nhiều tệp được kiểm tra cùng lúc. Hãy thử lại sau ít phút.", detail: errBusy.Error(), after: 30 * time.Second}
}

// ownOf gives the places of an account.
func (p *places) ownOf(account string) chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of[account] == nil {
		p.of[account] = make(chan struct{}, p.own)
	}
	return p.of[account]
}

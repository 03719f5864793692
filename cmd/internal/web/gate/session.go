package gate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"hoso/pipeline"
)

// How long a session of a person lives: the desk is left for lunch, not for the day.
const (
	IdleLimit     = time.Hour
	AbsoluteLimit = 12 * time.Hour
	touchEvery    = time.Minute // an idle limit needs no write for every request
)

// ErrNoSession is returned for a token that opens nothing, or nothing any more.
var ErrNoSession = errors.New("no such session")

// Form is the shape of a session.
type Form string

// The forms of a session.
const (
	Browser Form = "browser" // ends by idleness and by age
	API     Form = "api"     // a bearer token for programs: ends by age
)

// Session is a proof of identity that was accepted.
type Session struct {
	Who     Identity
	Form    Form
	Expires time.Time
}

// kept is what lies in the catalog under the hash of the token.
type kept struct {
	Account string    `json:"account"`
	Form    Form      `json:"form"`
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"`
	Ends    time.Time `json:"ends"`
	Pin     string    `json:"pin"` // digest of the account's hash when the session began
}

func (k kept) expires() time.Time {
	if k.Form == API || k.Seen.Add(IdleLimit).After(k.Ends) {
		return k.Ends
	}
	return k.Seen.Add(IdleLimit)
}

// tokenKey names a session without telling its token.
func tokenKey(token string) string { return pipeline.Sum([]byte(token)).String() }

func pin(a Account) string { return pipeline.Sum([]byte(a.Hash)).String()[:32] }

// Who gives the session that a token opens, or ErrNoSession. Looking counts as a
// sign of life only if alive says so: a page left open that asks for news by itself
// does not keep a session from ending.
func (g *Gate) Who(ctx context.Context, token string, alive Life) (Session, error) {
	k, err := g.recall(ctx, token)
	if err != nil {
		return Session{}, err
	}
	account, err := g.accounts.Account(ctx, k.Account)
	if errors.Is(err, fs.ErrNotExist) {
		return Session{}, ErrNoSession
	}
	if err != nil {
		return Session{}, fmt.Errorf("loading account: %w", err)
	}
	now := g.now()
	if account.Disabled || pin(account) != k.Pin || !now.Before(k.expires()) {
		return Session{}, ErrNoSession
	}
	if alive == Active && now.Sub(k.Seen) >= touchEvery {
		k.Seen = now
		if err := g.keep(ctx, token, k); err != nil {
			return Session{}, err
		}
	}
	return Session{Who: identify(account), Form: k.Form, Expires: k.expires()}, nil
}

// recall reads what was kept under a token.
func (g *Gate) recall(ctx context.Context, token string) (kept, error) {
	var k kept
	if token == "" || len(token) > 128 {
		return k, ErrNoSession
	}
	raw, err := g.sessions.Session(ctx, tokenKey(token))
	if errors.Is(err, fs.ErrNotExist) {
		return k, ErrNoSession
	}
	if err != nil {
		return k, fmt.Errorf("loading session: %w", err)
	}
	if err := json.Unmarshal(raw, &k); err != nil {
		return k, fmt.Errorf("reading session: %w", err)
	}
	return k, nil
}

// Life says whether a request shows that a person is there.
type Life int

// The signs of life.
const (
	Passive Life = iota // asked by a page on its own
	Active              // asked by a person or a program
)

func identify(a Account) Identity {
	return Identity{Account: a.Name, Role: a.Role, Unit: a.Unit, Fresh: isFresh(a.Hash)}
}

func (g *Gate) keep(ctx context.Context, token string, k kept) error {
	raw, err := json.Marshal(k)
	if err != nil {
		return fmt.Errorf("writing session: %w", err)
	}
	if err := g.sessions.PutSession(ctx, tokenKey(token), raw, k.expires()); err != nil {
		return fmt.Errorf("keeping session: %w", err)
	}
	return nil
}

// open begins a session and gives its token, which is kept nowhere.
func (g *Gate) open(ctx context.Context, a Account, form Form, life time.Duration) (string, error) {
	now := g.now()
	token := newToken()
	k := kept{Account: a.Name, Form: form, Created: now, Seen: now, Ends: now.Add(life), Pin: pin(a)}
	if err := g.keep(ctx, token, k); err != nil {
		return "", err
	}
	return token, nil
}

// Leave ends the session of a token. Leaving twice is fine.
func (g *Gate) Leave(ctx context.Context, token string) error {
	if err := g.sessions.DropSession(ctx, tokenKey(token)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("ending session: %w", err)
	}
	return nil
}

// Sweep forgets the sessions that have ended.
func (g *Gate) Sweep(ctx context.Context) error {
	if err := g.sessions.DropExpired(ctx, g.now()); err != nil {
		return fmt.Errorf("sweeping sessions: %w", err)
	}
	return nil
}

// ErrNotReady is returned for an account that is shut out or has not changed its first
// secret yet.
var ErrNotReady = errors.New("the account is not ready for programs")

// Token opens an API session for an account and gives its bearer token once. It returns
// ErrNotReady.
func (g *Gate) Token(ctx context.Context, account string, life time.Duration) (string, error) {
	a, err := g.accounts.Account(ctx, account)
	if err != nil {
		return "", fmt.Errorf("loading account: %w", err)
	}
	if a.Disabled || isFresh(a.Hash) {
		return "", fmt.Errorf("opening an API session: %w", ErrNotReady)
	}
	return g.open(ctx, a, API, life)
}

package gate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"regexp"
	"strings"
	"time"
)

// Account is somebody who may come in.
type Account struct {
	Name     string // lower-case ASCII letters, digits, dot, dash, underscore
	Hash     string // PHC string, argon2id
	Role     Role
	Unit     string // see Identity.Unit
	Created  time.Time
	Disabled bool
}

// Accounts is where accounts are kept. Account returns fs.ErrNotExist for a name
// nobody has; PutAccount makes or replaces.
type Accounts interface {
	Account(ctx context.Context, name string) (Account, error)
	PutAccount(ctx context.Context, a Account) error
	Accounts(ctx context.Context) ([]Account, error)
}

// Sessions is where sessions are kept, by the SHA-256 of their token in hexadecimal.
// Session returns fs.ErrNotExist for a key it does not hold.
type Sessions interface {
	PutSession(ctx context.Context, key string, data []byte, expires time.Time) error
	Session(ctx context.Context, key string) ([]byte, error)
	DropSession(ctx context.Context, key string) error
	DropExpired(ctx context.Context, now time.Time) error
}

// ErrDenied is returned for a wrong account or a wrong secret, without saying which.
var ErrDenied = errors.New("account or secret is wrong")

// ErrAccount is returned for an account that cannot be made as asked.
var ErrAccount = errors.New("unsuitable account")

// hashers bounds how many secrets are hashed at once, and so the memory that
// strangers can make the service use: 19 MiB each.
const hashers = 2

// decoy is compared when there is no account, so that it costs the same. It is no
// secret: no account has it, and what it is the hash of nobody knows.
const decoy = "$argon2id$v=19$m=19456,t=2,p=1$ofHIPyD2d0WNUYP1uHUZrQ$AsBU5kI5/gBgDlkSXF7NBAx8jlCbLwRApSNyexvi7zg"

// Gate lets people in. It is safe for concurrent use.
type Gate struct {
	accounts Accounts
	sessions Sessions
	now      func() time.Time
	throttle *throttle
	hashing  chan struct{}
}

// New makes a gate; now is its clock.
func New(accounts Accounts, sessions Sessions, now func() time.Time) *Gate {
	return &Gate{
		accounts: accounts,
		sessions: sessions,
		now:      now,
		throttle: newThrottle(),
		hashing:  make(chan struct{}, hashers),
	}
}

// FirstSecret makes the account "admin" if there is no account at all, and gives its
// secret, which is shown once and must be changed at the first login. It gives ""
// if somebody has an account already.
func (g *Gate) FirstSecret(ctx context.Context) (string, error) {
	all, err := g.accounts.Accounts(ctx)
	if err != nil {
		return "", fmt.Errorf("listing accounts: %w", err)
	}
	if len(all) > 0 {
		return "", nil
	}
	return g.put(ctx, Account{Name: "admin", Role: Admin, Created: g.now()})
}

// Attempt is one try to come in.
type Attempt struct {
	Account string
	Secret  string
	Address netip.Addr
}

// Login opens a browser session and gives its token. It returns ErrDenied, or
// *Throttled after too many tries.
func (g *Gate) Login(ctx context.Context, try Attempt) (string, Identity, error) {
	a, err := g.prove(ctx, try)
	if err != nil {
		return "", Identity{}, err
	}
	token, err := g.open(ctx, a, Browser, AbsoluteLimit)
	if err != nil {
		return "", Identity{}, err
	}
	return token, identify(a), nil
}

// Change gives an account a new secret, if the old one is right, and a new session,
// since all old ones end with the old secret. It returns ErrDenied, ErrSecret or
// *Throttled.
func (g *Gate) Change(ctx context.Context, try Attempt, secret string) (string, error) {
	name := tidyName(try.Account)
	if err := checkSecret(name, secret); err != nil {
		return "", err
	}
	if secret == try.Secret {
		return "", fmt.Errorf("comparing with the old secret: %w", ErrSecret)
	}
	a, err := g.prove(ctx, try)
	if err != nil {
		return "", err
	}
	if err := g.hash(ctx, func() { a.Hash = Hash(secret) }); err != nil {
		return "", err
	}
	if err := g.accounts.PutAccount(ctx, a); err != nil {
		return "", fmt.Errorf("keeping account: %w", err)
	}
	return g.open(ctx, a, Browser, AbsoluteLimit)
}

// prove checks an attempt and gives the account.
func (g *Gate) prove(ctx context.Context, try Attempt) (Account, error) {
	name := tidyName(try.Account)
	both, rules := guessRules(name, try.Address)
	if wait := g.throttle.begin(g.now(), rules); wait != nil {
		return Account{}, wait
	}
	a, err := g.accounts.Account(ctx, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Account{}, fmt.Errorf("loading account: %w", err)
	}
	stored := a.Hash
	if err != nil {
		stored = decoy
	}
	var ok bool
	if len(try.Secret) <= 4*MaxSecret {
		if herr := g.hash(ctx, func() { ok = Matches(stored, try.Secret) }); herr != nil {
			return Account{}, herr
		}
	}
	if !ok || err != nil || a.Disabled {
		return Account{}, ErrDenied
	}
	g.throttle.succeed(both, rules)
	return a, nil
}

// guessRules gives the key of account and address together, and all rules. A whole
// /64 counts as one address, since whoever has one has all of it.
func guessRules(name string, addr netip.Addr) (string, map[string]rule) {
	addr = addr.Unmap().WithZone("")
	place := addr.String()
	if addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			place = p.String()
		}
	}
	if len(name) > 64 {
		name = name[:64]
	}
	both := "both " + name + " " + place
	return both, map[string]rule{
		both:            {free: 5, most: 15 * time.Minute},
		"from " + place: {free: 60, most: 5 * time.Minute},
		"for " + name:   {free: 200, most: 30 * time.Second},
	}
}

// hash runs f when one of the few places for hashing is free.
func (g *Gate) hash(ctx context.Context, f func()) error {
	select {
	case g.hashing <- struct{}{}:
		defer func() { <-g.hashing }()
		f()
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting to hash: %w", ctx.Err())
	}
}

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,39}$`)

func tidyName(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// Add makes an account and gives its first secret, shown once. It returns ErrAccount
// for a name that is taken or malformed, and for an unknown role.
func (g *Gate) Add(ctx context.Context, a Account) (string, error) {
	a.Name = tidyName(a.Name)
	if !nameForm.MatchString(a.Name) || a.Name == Local().Account || !a.Role.Known() {
		return "", fmt.Errorf("adding account: %w", ErrAccount)
	}
	_, err := g.accounts.Account(ctx, a.Name)
	if err == nil {
		return "", fmt.Errorf("adding account: the name is taken: %w", ErrAccount)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("loading account: %w", err)
	}
	a.Created = g.now()
	return g.put(ctx, a)
}

// Reset gives an account a new first secret, shown once, and ends its sessions.
func (g *Gate) Reset(ctx context.Context, name string) (string, error) {
	a, err := g.accounts.Account(ctx, tidyName(name))
	if err != nil {
		return "", fmt.Errorf("loading account: %w", err)
	}
	a.Disabled = false
	return g.put(ctx, a)
}

// Disable shuts an account out and ends its sessions. Its name stays in the history.
func (g *Gate) Disable(ctx context.Context, name string) error {
	a, err := g.accounts.Account(ctx, tidyName(name))
	if err != nil {
		return fmt.Errorf("loading account: %w", err)
	}
	a.Disabled = true
	if err := g.accounts.PutAccount(ctx, a); err != nil {
		return fmt.Errorf("keeping account: %w", err)
	}
	return nil
}

// Unit gives the unit of an account, "" for one of every unit.
func (g *Gate) Unit(ctx context.Context, name string) (string, error) {
	a, err := g.accounts.Account(ctx, name)
	if err != nil {
		return "", fmt.Errorf("loading account: %w", err)
	}
	return a.Unit, nil
}

// All lists the accounts.
func (g *Gate) All(ctx context.Context) ([]Account, error) {
	all, err := g.accounts.Accounts(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing accounts: %w", err)
	}
	return all, nil
}

// put keeps an account with a new first secret, and gives the secret.
func (g *Gate) put(ctx context.Context, a Account) (string, error) {
	secret := newSecret()
	if err := g.hash(ctx, func() { a.Hash = hashFresh(secret) }); err != nil {
		return "", err
	}
	if err := g.accounts.PutAccount(ctx, a); err != nil {
		return "", fmt.Errorf("keeping account: %w", err)
	}
	return secret, nil
}

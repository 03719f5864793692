package pkcs11

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miekg/pkcs11"

	"hoso/pipeline"
)

// What a Config leaves open.
const (
	defaultSessions = 8
	defaultWait     = 30 * time.Second
	defaultLimit    = 2 * time.Minute
)

// Config says which token, and how to get in. Token, Serial and Slot must all fit;
// without any of them the library must hold exactly one token.
type Config struct {
	Module   string        // path of the maker's library (.so)
	Token    string        // label of the token, or its serial number
	Serial   string        // its serial number
	Slot     *int          // the slot that it is in
	PIN      string        `json:"-"` // of the user
	LastTry  bool          // try the PIN even if a wrong one would lock the token
	Sessions int           // how many signatures may be made at once; 0 is 8
	Wait     time.Duration // how long a signature waits for its turn; 0 is 30 s
	Limit    time.Duration // how long the library is waited for in all; 0 is 2 min, time to press a button on a reader
}

// Format writes everything but the PIN.
func (c Config) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "pkcs11 module "+c.Module+", token "+c.Token+" "+c.Serial)
}

// Token is an open token. It may be used from several goroutines.
type Token struct {
	config Config
	module *module
	watch  *watch

	attempts atomic.Int64 // how often a link was asked for in vain

	mu         sync.Mutex
	link       *link // nil while the token is away
	generation int   // of the module, when the token was last looked for
	away       error // why the last attempt failed
	refused    error // the PIN; final
	seen       bool  // the token was there once
	closed     bool
}

// Open finds the token and logs in. A library that cannot be used, a token that is not
// the one meant and a PIN that is wrong are Refusals; a token that is not there is
// *pipeline.Unavailable.
func Open(c Config) (*Token, error) {
	if c.Sessions <= 0 {
		c.Sessions = defaultSessions
	}
	if c.Wait <= 0 {
		c.Wait = defaultWait
	}
	if c.Limit <= 0 {
		c.Limit = defaultLimit
	}
	m, generation, err := load(c.Module)
	if err != nil {
		return nil, err
	}
	// The library is initialized anew even if it is in use: not every one sees a token
	// that was plugged in, or a PIN that was changed, since then.
	t := &Token{config: c, module: m, generation: generation, watch: &watch{limit: c.Limit, most: int64(c.Sessions)}}
	if _, err := run(t.watch, t.connected); err != nil {
		if t.watch.idle() {
			m.release()
		}
		return nil, err
	}
	return t, nil
}

// Close logs out and lets go of the library. What is being signed is finished first,
// unless it hangs: then everything stays as it is until the process ends.
func (t *Token) Close() error {
	if !t.watch.idle() {
		return hangs(t.config.Limit)
	}
	_, err := run(t.watch, func() (struct{}, error) {
		t.close()
		return struct{}{}, nil
	})
	return err
}

func (t *Token) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	t.closed = true
	if t.link != nil {
		t.module.hangUp(t.link)
		t.link = nil
	}
	t.module.release()
}

// do gives what f gives in a session. If the token has lost its memory meanwhile, it is
// connected to again and f is run once more. f may go on after do has given up on it.
func do[T any](t *Token, f func(*session) (T, error)) (T, error) {
	return run(t.watch, func() (T, error) { return try(t, f) })
}

func try[T any](t *Token, f func(*session) (T, error)) (T, error) {
	var none T
	for again := false; ; {
		l, err := t.connected()
		if err != nil {
			return none, err
		}
		value, err := within(t, l, f)
		if errors.Is(err, errRenewed) {
			t.drop(l)
			continue // f has not run
		}
		if err == nil {
			return value, nil
		}
		if !isLost(err) {
			return none, t.noted(err)
		}
		t.drop(l)
		if again {
			return none, gone(err)
		}
		again = true
	}
}

// within runs f in one of a link's sessions.
func within[T any](t *Token, l *link, f func(*session) (T, error)) (value T, err error) {
	timer := time.NewTimer(t.config.Wait)
	defer timer.Stop()
	select {
	case h := <-l.sessions:
		defer func() { l.sessions <- h }()
		err = t.module.use(l.generation, func(ctx *pkcs11.Ctx) error {
			value, err = f(&session{ctx: ctx, handle: h, link: l, pin: t.config.PIN})
			return err
		})
		return value, err
	case <-timer.C:
		return value, busy(t.config.Wait)
	}
}

// noted remembers that a PIN was refused while signing; some keys ask for it each time.
func (t *Token) noted(err error) error {
	if !isPIN(err) {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.refused = refusePIN(err, 0)
	return t.refused
}

// connected gives the link to the token, a new one if need be. Who waited while another
// tried in vain does not try again.
func (t *Token) connected() (*link, error) {
	before := t.attempts.Load()
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.closed:
		return nil, &pipeline.Unavailable{What: what, Err: errClosed}
	case t.refused != nil:
		return nil, t.refused
	case t.link != nil:
		return t.link, nil
	case t.attempts.Load() != before:
		return nil, t.away
	}
	l, err := t.connect()
	if err != nil {
		t.away = t.judged(err)
		t.attempts.Add(1)
		return nil, t.away
	}
	t.link, t.seen = l, true
	return l, nil
}

// judged tells what a failed attempt to connect means.
func (t *Token) judged(err error) error {
	refusal, refused := pipeline.AsRefusal(err)
	switch {
	case refused && ofPIN(err):
		t.refused = err
		return err
	case refused && !t.seen:
		return err
	case refused && refusal.Reason.Code == codeToken:
		err = errNoToken
	}
	return gone(err)
}

// connect looks for the token and logs in. If another user of the library has initialized
// it meanwhile, that may have been before the token came back: what is not found then is
// looked for once more.
func (t *Token) connect() (*link, error) {
	for {
		generation, fresh, err := t.module.renew(t.generation)
		if err != nil {
			return nil, err
		}
		t.generation = generation
		l, err := t.enter(generation)
		if err == nil || fresh && !errors.Is(err, errRenewed) || ofPIN(err) {
			return l, err
		}
	}
}

// enter is connect with the library as it is.
func (t *Token) enter(generation int) (l *link, err error) {
	err = t.module.use(generation, func(ctx *pkcs11.Ctx) error {
		slot, info, err := t.config.find(ctx)
		if err != nil {
			return err
		}
		l, err = t.config.enter(ctx, slot, info, generation)
		return err
	})
	return l, err
}

// drop forgets a link that is dead.
func (t *Token) drop(l *link) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.link == l {
		t.link = nil
	}
}

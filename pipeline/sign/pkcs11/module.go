package pkcs11

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/miekg/pkcs11"
)

// loaded are the libraries of this process by path. A library keeps its state in the
// process, not in a handle: C_Initialize and C_Finalize act on everybody who uses it.
var loaded = libraries{byPath: map[string]*module{}} //nolint:gochecknoglobals // the state it stands for is the process's own

type libraries struct {
	mu     sync.Mutex
	byPath map[string]*module
}

// module is a loaded library. It stays loaded as long as the process lives, since its
// threads may not be gone when C_Finalize returns.
type module struct {
	ctx *pkcs11.Ctx

	// mu is held for reading while the library works, and for writing while it is
	// initialized and finalized, which kill all sessions.
	mu         sync.RWMutex
	users      int
	ready      bool
	generation int // how often it was initialized
}

// load gives the library at a path, loaded for one user more, and its generation.
func load(path string) (*module, int, error) {
	if path == "" {
		return nil, 0, refuseModule(errors.New("no path"))
	}
	if _, err := os.Stat(path); err != nil {
		return nil, 0, refuseModule(err)
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	loaded.mu.Lock()
	defer loaded.mu.Unlock()
	m := loaded.byPath[path]
	if m == nil {
		ctx := pkcs11.New(path)
		if ctx == nil {
			return nil, 0, refuseModule(errors.New("it is not a library of this kind of machine, or lacks C_GetFunctionList or another library"))
		}
		m = &module{ctx: ctx}
		loaded.byPath[path] = m
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.users++
	return m, m.generation, nil
}

// release ends one use; with the last one the library is finalized.
func (m *module) release() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.users--; m.users == 0 {
		m.finalize()
	}
}

// finalize ends all sessions. What the library says to that changes nothing: the next
// use initializes it.
func (m *module) finalize() {
	if m.ready {
		_ = m.ctx.Finalize()
	}
	m.ready = false
}

// renew initializes the library anew, unless somebody has since that generation. It gives
// the generation, and whether it is a fresh one.
func (m *module) renew(since int) (int, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ready && m.generation > since {
		return m.generation, false, nil
	}
	m.finalize()
	err := m.ctx.Initialize()
	if err != nil && !errors.Is(err, pkcs11.Error(pkcs11.CKR_CRYPTOKI_ALREADY_INITIALIZED)) {
		return since, false, fmt.Errorf("initializing the library: %w", err)
	}
	m.ready = true
	m.generation++
	return m.generation, true, nil
}

// errRenewed says that another token's user has initialized the library anew.
var errRenewed = errors.New("the library was initialized anew")

// use runs f while the library stays as it was in a generation, and is errRenewed without
// running f if it is another one by now.
func (m *module) use(generation int, f func(*pkcs11.Ctx) error) error {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if !m.ready || m.generation != generation {
		return errRenewed
	}
	return f(m.ctx)
}

// hangUp closes the sessions of a link, after what is being done in them.
func (m *module) hangUp(l *link) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ready && m.generation == l.generation {
		l.close(m.ctx)
	}
}

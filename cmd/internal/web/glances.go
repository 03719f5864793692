package web

import (
	"sync"
	"time"
)

// glances remembers who looked at what within the last minute, in bounded memory: when
// it is full it forgets everything, and some looks are logged once more.
type glances struct {
	mu sync.Mutex
	at map[string]time.Time
}

const (
	glanceLife = time.Minute
	maxGlances = 4096
)

func newGlances() *glances { return &glances{at: make(map[string]time.Time)} }

// first reports whether nobody looked under this key within the last minute.
func (g *glances) first(key string, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if last, ok := g.at[key]; ok && now.Sub(last) < glanceLife {
		return false
	}
	if len(g.at) >= maxGlances {
		clear(g.at)
	}
	g.at[key] = now
	return true
}

// has reports whether first was asked under this key within the last minute.
func (g *glances) has(key string, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	last, ok := g.at[key]
	return ok && now.Sub(last) < glanceLife
}

func (g *glances) forget(key string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.at, key)
}

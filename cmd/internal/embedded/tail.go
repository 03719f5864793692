package embedded

import (
	"bytes"
	"strings"
	"sync"
)

// tail keeps the last lines that a child wrote, to explain its death.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

const tailSize = 2 << 10

// Write takes what the child says.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, p[max(0, len(p)-tailSize):]...)
	t.kept = t.kept[max(0, len(t.kept)-tailSize):]
	return len(p), nil
}

// String gives the last few lines on one.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := bytes.Split(bytes.TrimSpace(t.kept), []byte("\n"))
	lines = lines[max(0, len(lines)-5):]
	return strings.ToValidUTF8(string(bytes.Join(lines, []byte(" | "))), "?")
}

package objectstest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"hoso/pipeline"
	"hoso/storage/objects"
)

// Memory is a Store for tests of what stands above it. The zero Memory is empty and
// ready. It keeps the whole contract except that it is gone with the process.
type Memory struct {
	mu   sync.Mutex
	kept map[string][]byte
}

// Put keeps the bytes of r under d.
func (m *Memory) Put(ctx context.Context, d pipeline.Digest, size int64, r io.Reader, _ string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	body, err := io.ReadAll(objects.Outgoing(r, d, size))
	if err != nil {
		return fmt.Errorf("storing %s: %w", d, err)
	}
	return m.store(ctx, pipeline.BlobKey(d), body)
}

// Get opens the bytes named d.
func (m *Memory) Get(ctx context.Context, d pipeline.Digest) (io.ReadCloser, int64, error) {
	body, err := m.load(ctx, pipeline.BlobKey(d))
	if err != nil {
		return nil, 0, err
	}
	return objects.Incoming(io.NopCloser(bytes.NewReader(body)), d, int64(len(body))), int64(len(body)), nil
}

// Stat says how long the bytes named d are.
func (m *Memory) Stat(ctx context.Context, d pipeline.Digest) (int64, error) {
	body, err := m.load(ctx, pipeline.BlobKey(d))
	return int64(len(body)), err
}

// ReaderAt opens the bytes named d for reading here and there.
func (m *Memory) ReaderAt(ctx context.Context, d pipeline.Digest) (io.ReaderAt, int64, error) {
	body, err := m.load(ctx, pipeline.BlobKey(d))
	return bytes.NewReader(body), int64(len(body)), err
}

// PutOnce keeps body under key unless there is something.
func (m *Memory) PutOnce(ctx context.Context, key string, body []byte) error {
	if err := errors.Join(ctx.Err(), objects.CheckKey(key)); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, there := m.kept[key]; there {
		return fmt.Errorf("storing %q: %w", key, fs.ErrExist)
	}
	m.keep(key, body)
	return nil
}

// PutKey keeps body under key.
func (m *Memory) PutKey(ctx context.Context, key string, body []byte) error {
	if err := objects.CheckKey(key); err != nil {
		return err
	}
	return m.store(ctx, key, body)
}

// GetKey gives what is kept under key.
func (m *Memory) GetKey(ctx context.Context, key string) ([]byte, error) {
	if err := objects.CheckKey(key); err != nil {
		return nil, err
	}
	body, err := m.load(ctx, key)
	return bytes.Clone(body), err
}

// StatKey says how long what is kept under key is.
func (m *Memory) StatKey(ctx context.Context, key string) (int64, error) {
	if err := objects.CheckKey(key); err != nil {
		return 0, err
	}
	body, err := m.load(ctx, key)
	return int64(len(body)), err
}

// Delete forgets what is kept under key.
func (m *Memory) Delete(ctx context.Context, key string) error {
	if err := errors.Join(ctx.Err(), objects.CheckKey(key)); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.kept, key)
	return nil
}

// List gives the keys that begin with prefix.
func (m *Memory) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		m.mu.Lock()
		keys := slices.Sorted(maps.Keys(m.kept))
		m.mu.Unlock()
		for _, key := range keys {
			if err := ctx.Err(); err != nil {
				yield("", err)
				return
			}
			if strings.HasPrefix(key, prefix) && !yield(key, nil) {
				return
			}
		}
	}
}

func (m *Memory) store(ctx context.Context, key string, body []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keep(key, body)
	return nil
}

// keep needs the lock.
func (m *Memory) keep(key string, body []byte) {
	if m.kept == nil {
		m.kept = map[string][]byte{}
	}
	m.kept[key] = bytes.Clone(body)
}

func (m *Memory) load(ctx context.Context, key string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	body, there := m.kept[key]
	if !there {
		return nil, fmt.Errorf("opening %q: %w", key, fs.ErrNotExist)
	}
	return body, nil
}

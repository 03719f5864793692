package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"

	"github.com/minio/minio-go/v7"

	"hoso/pipeline"
)

// Blocks of an object that is read here and there. A PDF is looked at mostly at its
// end and in short jumps; eight blocks keep such reading at a request or two per
// page while memory stays at 2 MiB per open object.
const (
	blockSize  = 256 << 10
	blocksKept = 8
)

// ReaderAt opens the object with digest d for reading here and there without a
// copy, and says how many bytes it has. Its reads last no longer than ctx. They are
// not checked against d: who must know reads with Get to the end.
func (s *Store) ReaderAt(ctx context.Context, d pipeline.Digest) (io.ReaderAt, int64, error) {
	size, err := s.Stat(ctx, d)
	if err != nil {
		return nil, 0, err
	}
	fetch := func(p []byte, off int64) error { return s.fetch(ctx, pipeline.BlobKey(d), p, off) }
	return &blocks{fetch: fetch, size: size, kept: map[int64][]byte{}}, size, nil
}

// fetch fills p with the bytes of key at off.
func (s *Store) fetch(ctx context.Context, key string, p []byte, off int64) error {
	var opts minio.GetObjectOptions
	if err := opts.SetRange(off, off+int64(len(p))-1); err != nil {
		return fmt.Errorf("reading %d bytes at %d of %q: %w", len(p), off, key, err)
	}
	body, _, _, err := s.core.GetObject(ctx, s.bucket, key, opts)
	if err != nil {
		return s.fault("reading", key, err)
	}
	defer body.Close() //nolint:errcheck // nothing is lost with a body that was read
	if _, err := io.ReadFull(body, p); err != nil {
		return s.fault("reading", key, err)
	}
	return nil
}

// blocks reads an object in aligned blocks and remembers the latest few.
type blocks struct {
	fetch func(p []byte, off int64) error
	size  int64

	mu    sync.Mutex
	kept  map[int64][]byte
	order []int64 // of kept, longest unused first
}

// ReadAt may be called by several goroutines, as io.ReaderAt demands.
func (b *blocks) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fmt.Errorf("reading at %d: %w", off, fs.ErrInvalid)
	}
	n := 0
	for n < len(p) && off < b.size {
		block, err := b.block(off / blockSize)
		if err != nil {
			return n, err
		}
		m := copy(p[n:], block[off%blockSize:])
		n, off = n+m, off+int64(m)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (b *blocks) block(i int64) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if kept, ok := b.kept[i]; ok {
		b.used(i)
		return kept, nil
	}
	p := make([]byte, min(blockSize, b.size-i*blockSize))
	if err := b.fetch(p, i*blockSize); err != nil {
		return nil, err
	}
	if len(b.order) == blocksKept {
		delete(b.kept, b.order[0])
		b.order = b.order[1:]
	}
	b.kept[i] = p
	b.order = append(b.order, i)
	return p, nil
}

// used moves block i to the end of the order.
func (b *blocks) used(i int64) {
	for at, kept := range b.order {
		if kept == i {
			b.order = append(append(b.order[:at:at], b.order[at+1:]...), i)
			return
		}
	}
}

func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

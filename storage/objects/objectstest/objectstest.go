// Package objectstest is the contract of an object store as a test: whatever passes
// Run may hold the archive. It asks only for what every store must do, whatever its
// server can do, and leaves nothing behind that a second run would trip over.
package objectstest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"hoso/pipeline"
	"hoso/storage/objects"
)

// Blobs are immutable bytes under their digest.
type Blobs interface {
	Put(ctx context.Context, d pipeline.Digest, size int64, r io.Reader, media string) error
	Get(ctx context.Context, d pipeline.Digest) (io.ReadCloser, int64, error)
	Stat(ctx context.Context, d pipeline.Digest) (int64, error)
	ReaderAt(ctx context.Context, d pipeline.Digest) (io.ReaderAt, int64, error)
}

// Keys are small objects under a key.
type Keys interface {
	PutOnce(ctx context.Context, key string, body []byte) error
	PutKey(ctx context.Context, key string, body []byte) error
	GetKey(ctx context.Context, key string) ([]byte, error)
	Delete(ctx context.Context, key string) error
	Listing
}

// Listing tells which objects there are.
type Listing interface {
	StatKey(ctx context.Context, key string) (int64, error)
	List(ctx context.Context, prefix string) iter.Seq2[string, error]
}

// Store is all of it.
type Store interface {
	Blobs
	Keys
}

// Run checks the store that open returns against the contract. open is called once
// per part, and may return the same store every time.
func Run(t *testing.T, open func(t *testing.T) Store) {
	t.Helper()
	for name, part := range map[string]func(*testing.T, Store){
		"blobs come back":            blobsComeBack,
		"put again is a success":     putAgain,
		"wrong bytes are refused":    wrongBytes,
		"a broken source is refused": brokenSource,
		"what is missing is missing": missing,
		"reading here and there":     hereAndThere,
		"keys come back":             keysComeBack,
		"written once stays":         writtenOnce,
		"one winner of a race":       race,
		"listing":                    listing,
		"strange keys are refused":   strangeKeys,
		"cancelling":                 cancelling,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			part(t, open(t))
		})
	}
}

// Bytes makes n bytes that no other call makes, incompressible and reproducible
// from the seed.
func Bytes(seed uint64, n int) []byte {
	b := make([]byte, n)
	var key [32]byte
	copy(key[:], fmt.Sprintf("objectstest %016x", seed))
	_, _ = rand.NewChaCha8(key).Read(b) // never fails
	return b
}

// fresh makes bytes and a name that this run alone has.
func fresh(t *testing.T, n int) (body []byte, d pipeline.Digest) {
	t.Helper()
	body = Bytes(rand.Uint64(), n)
	return body, pipeline.Sum(body)
}

func freshPrefix() string { return fmt.Sprintf("suite/%016x/", rand.Uint64()) }

func put(t *testing.T, s Store, body []byte) pipeline.Digest {
	t.Helper()
	d := pipeline.Sum(body)
	if err := s.Put(t.Context(), d, int64(len(body)), bytes.NewReader(body), "application/octet-stream"); err != nil {
		t.Fatalf("Put of %d bytes: %v", len(body), err)
	}
	return d
}

func get(t *testing.T, s Store, d pipeline.Digest) []byte {
	t.Helper()
	r, size, err := s.Get(t.Context(), d)
	if err != nil {
		t.Fatalf("Get: %v", err)
	}
	defer func() {
		if err := r.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	}()
	body, err := io.ReadAll(r)
	if err != nil || int64(len(body)) != size {
		t.Fatalf("reading gave %d of %d bytes and %v", len(body), size, err)
	}
	return body
}

func blobsComeBack(t *testing.T, s Store) {
	t.Helper()
	if _, err := s.Stat(t.Context(), pipeline.Digest{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Stat of no digest = %v, want ErrNotExist", err)
	}
	for _, n := range []int{0, 1, 4096, 64<<10 + 1, 3 << 20} {
		body, _ := fresh(t, n)
		d := put(t, s, body)
		if size, err := s.Stat(t.Context(), d); err != nil || size != int64(n) {
			t.Errorf("Stat of %d bytes = %d, %v", n, size, err)
		}
		if !bytes.Equal(get(t, s, d), body) {
			t.Errorf("%d bytes came back altered", n)
		}
	}
}

func putAgain(t *testing.T, s Store) {
	t.Helper()
	body, _ := fresh(t, 100<<10)
	for range 3 {
		put(t, s, body)
	}
	d := pipeline.Sum(body)
	stream := iotest.HalfReader(bytes.NewReader(body)) // cannot be rewound
	if err := s.Put(t.Context(), d, int64(len(body)), stream, "image/tiff"); err != nil {
		t.Errorf("Put again from a stream: %v", err)
	}
	if !bytes.Equal(get(t, s, d), body) {
		t.Error("came back altered")
	}
}

func wrongBytes(t *testing.T, s Store) {
	t.Helper()
	body, d := fresh(t, 300<<10)
	altered := bytes.Clone(body)
	altered[len(altered)-1] ^= 1
	for name, tc := range map[string]struct {
		sent []byte
		size int
	}{
		"altered":          {altered, len(body)},
		"truncated":        {body[:len(body)-1], len(body)},
		"shorter size":     {body, len(body) - 1},
		"nothing":          {nil, 0},
		"longer than said": {append(bytes.Clone(body), 'x'), len(body) + 1},
	} {
		err := s.Put(t.Context(), d, int64(tc.size), bytes.NewReader(tc.sent), "application/pdf")
		if !errors.Is(err, objects.ErrMismatch) {
			t.Errorf("%s: Put = %v, want ErrMismatch", name, err)
		}
		if _, err := s.Stat(t.Context(), d); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("%s: something was stored: %v", name, err)
		}
	}
	put(t, s, body) // nothing of it stands in the way of the right ones
	if err := s.Put(t.Context(), d, 5, strings.NewReader("other"), ""); !errors.Is(err, objects.ErrMismatch) {
		t.Errorf("Put of other bytes over right ones = %v, want ErrMismatch", err)
	}
	if !bytes.Equal(get(t, s, d), body) {
		t.Error("came back altered")
	}
}

func brokenSource(t *testing.T, s Store) {
	t.Helper()
	body, d := fresh(t, 200<<10)
	gone := errors.New("share unmounted")
	src := io.MultiReader(bytes.NewReader(body[:100<<10]), iotest.ErrReader(gone))
	if err := s.Put(t.Context(), d, int64(len(body)), src, ""); !errors.Is(err, gone) {
		t.Errorf("Put = %v, want the error of the source", err)
	}
	if _, err := s.Stat(t.Context(), d); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("half of it was stored: %v", err)
	}
}

func missing(t *testing.T, s Store) {
	t.Helper()
	_, d := fresh(t, 10)
	if _, err := s.Stat(t.Context(), d); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Stat = %v, want ErrNotExist", err)
	}
	if _, _, err := s.Get(t.Context(), d); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Get = %v, want ErrNotExist", err)
	}
	if _, _, err := s.ReaderAt(t.Context(), d); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("ReaderAt = %v, want ErrNotExist", err)
	}
	key := freshPrefix() + "a.json"
	if _, err := s.GetKey(t.Context(), key); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("GetKey = %v, want ErrNotExist", err)
	}
	if err := s.Delete(t.Context(), key); err != nil {
		t.Errorf("Delete of nothing = %v", err)
	}
}

func hereAndThere(t *testing.T, s Store) {
	t.Helper()
	body, _ := fresh(t, 3<<20+17)
	r, size, err := s.ReaderAt(t.Context(), put(t, s, body))
	if err != nil || size != int64(len(body)) {
		t.Fatalf("ReaderAt = %d bytes, %v", size, err)
	}
	if err := iotest.TestReader(io.NewSectionReader(r, 0, 2000), body[:2000]); err != nil {
		t.Error(err)
	}
	all, err := io.ReadAll(io.NewSectionReader(r, 0, size))
	if err != nil || !bytes.Equal(all, body) {
		t.Errorf("reading all of it in order: %d bytes, %v", len(all), err)
	}
	jumpAround(t, r, body)
	p := make([]byte, 100)
	if n, err := r.ReadAt(p, size-10); n != 10 || !errors.Is(err, io.EOF) {
		t.Errorf("reading over the end = %d, %v", n, err)
	}
	if n, err := r.ReadAt(p, size+1000); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("reading behind the end = %d, %v", n, err)
	}
}

// jumpAround reads body at the same time in several places.
func jumpAround(t *testing.T, r io.ReaderAt, body []byte) {
	t.Helper()
	var readers sync.WaitGroup
	for i := range 4 {
		readers.Go(func() {
			for j := range 20 {
				off := (i*7919 + j*104729) * 31 % len(body)
				p := make([]byte, min(1000*(j+1), len(body)-off))
				if n, err := r.ReadAt(p, int64(off)); err != nil || !bytes.Equal(p, body[off:off+n]) {
					t.Errorf("ReadAt(%d bytes, %d) = %d, %v", len(p), off, n, err)
				}
			}
		})
	}
	readers.Wait()
}

func cancelling(t *testing.T, s Store) {
	t.Helper()
	body, d := fresh(t, 1000)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Put(ctx, d, int64(len(body)), bytes.NewReader(body), ""); !errors.Is(err, context.Canceled) {
		t.Errorf("Put = %v, want Canceled", err)
	}
	for _, err := range s.List(ctx, freshPrefix()) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("List = %v, want Canceled", err)
		}
	}
	if _, err := s.Stat(t.Context(), d); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something was stored: %v", err)
	}
}

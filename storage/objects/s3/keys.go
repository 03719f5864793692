package s3

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"iter"

	"github.com/minio/minio-go/v7"

	"hoso/pipeline"
	"hoso/storage/objects"
)

// maxBody is the largest object that GetKey takes into memory: manifests, notes and
// the results of one page are far below it.
const maxBody = 64 << 20

// PutOnce stores body under key unless something is there already, which is
// fs.ErrExist. It also is if an earlier attempt of the same call arrived although
// its answer was lost: the caller compares what is there with what it wanted.
//
// On a server without conditional PUT two callers at the same moment can both
// succeed; Probe tells, and callers then hold a lease in the catalog.
func (s *Store) PutOnce(ctx context.Context, key string, body []byte) error {
	if err := objects.CheckKey(key); err != nil {
		return err
	}
	if _, err := s.stat(ctx, key); err == nil {
		return fmt.Errorf("storing %q: %w", key, fs.ErrExist)
	} else if !isMissing(err) {
		return err
	}
	return s.putBody(ctx, key, body, !s.unconditional.Load())
}

// PutKey stores body under key in place of what was there.
func (s *Store) PutKey(ctx context.Context, key string, body []byte) error {
	if err := objects.CheckKey(key); err != nil {
		return err
	}
	return s.putBody(ctx, key, body, false)
}

func (s *Store) putBody(ctx context.Context, key string, body []byte, once bool) error {
	p := putting{digest: pipeline.Sum(body), size: int64(len(body)), media: "application/json", once: once}
	return s.put(ctx, key, objects.Outgoing(bytes.NewReader(body), p.digest, p.size), p)
}

// GetKey reads the small object under key.
func (s *Store) GetKey(ctx context.Context, key string) ([]byte, error) {
	if err := objects.CheckKey(key); err != nil {
		return nil, err
	}
	body, info, _, err := s.core.GetObject(ctx, s.bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, s.fault("opening", key, err)
	}
	defer body.Close() //nolint:errcheck // nothing is lost with a body that was read
	if info.Size > maxBody {
		return nil, fmt.Errorf("reading %q of %d bytes into memory: more than %d", key, info.Size, maxBody)
	}
	read := make([]byte, info.Size)
	if _, err := io.ReadFull(body, read); err != nil {
		return nil, s.fault("reading", key, err)
	}
	return read, nil
}

// Delete removes the object under key. It is a success if there is none.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := objects.CheckKey(key); err != nil {
		return err
	}
	err := s.core.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{})
	if err = s.orNil("deleting", key, err); isMissing(err) {
		return nil
	}
	return err
}

func (s *Store) orNil(doing, key string, err error) error {
	if err == nil {
		return nil
	}
	return s.fault(doing, key, err)
}

// List gives the keys that begin with prefix, in the order of their bytes. It ends
// with the first error.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if err := objects.CheckPrefix(prefix); err != nil {
			yield("", err)
			return
		}
		opts := minio.ListObjectsOptions{Prefix: prefix, Recursive: true}
		for info := range s.core.ListObjectsIter(ctx, s.bucket, opts) {
			if info.Err != nil {
				yield("", s.fault("listing", prefix, info.Err))
				return
			}
			if !yield(info.Key, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil { // minio-go just stops
			yield("", s.fault("listing", prefix, err))
		}
	}
}

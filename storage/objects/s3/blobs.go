package s3

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"

	"github.com/minio/minio-go/v7"

	"hoso/pipeline"
	"hoso/storage/objects"
)

// Put stores size bytes of r under their digest d and returns once they are
// durable. If they are there already that is a success, and r may not have been
// read; if what is there has another length, or r other bytes than d names, the
// error is objects.ErrMismatch and nothing was stored. More than 5 GiB is a
// Refusal. A broken transfer is tried again if r is an io.Seeker.
func (s *Store) Put(ctx context.Context, d pipeline.Digest, size int64, r io.Reader, media string) error {
	if err := checkSize(size); err != nil {
		return err
	}
	if d.IsZero() || size == 0 && d != pipeline.Sum(nil) { // minio-go does not read a body of no bytes
		return fmt.Errorf("storing %d bytes as %q: %w", size, d, objects.ErrMismatch)
	}
	key := pipeline.BlobKey(d)
	out := objects.Outgoing(r, d, size)
	err := s.put(ctx, key, out, putting{digest: d, size: size, media: media, once: !s.unconditional.Load()})
	switch {
	case errors.Is(err, fs.ErrExist):
		return s.sameSize(ctx, d, size)
	case err != nil && unanswered(err) && out.Err() == nil && s.sameSize(ctx, d, size) == nil:
		return nil
	}
	return err
}

// unanswered tells a transfer that broke off. A server that has the object already
// may say so and close while bytes are still coming; all that is seen of its answer
// then is a broken pipe. One that fell silent is not asked again.
func unanswered(err error) bool {
	var down *pipeline.Unavailable
	if !errors.As(err, &down) || answer(err).StatusCode != 0 {
		return false
	}
	var slow net.Error
	return !errors.As(err, &slow) || !slow.Timeout()
}

// sameSize is the last look at bytes that are said to be there already.
func (s *Store) sameSize(ctx context.Context, d pipeline.Digest, size int64) error {
	stored, err := s.Stat(ctx, d)
	switch {
	case isMissing(err): // it was, but somebody removed it just now
		return &pipeline.Unavailable{What: part, Err: fmt.Errorf("storing %s: it was there and vanished", d)}
	case err != nil:
		return err
	case stored != size:
		return fmt.Errorf("storing %d bytes as %s where %d are stored: %w", size, d, stored, objects.ErrMismatch)
	}
	return nil
}

// putting is what one PUT says beside its bytes.
type putting struct {
	digest pipeline.Digest
	size   int64
	media  string
	once   bool // refuse if the key exists
}

// put sends one object.
func (s *Store) put(ctx context.Context, key string, body *objects.OutgoingReader, p putting) error {
	opts := putOptions(p.digest, p.media)
	if p.once {
		opts.SetMatchETagExcept("*")
	}
	_, err := s.core.Client.PutObject(ctx, s.bucket, key, rewindable(body), p.size, opts)
	switch {
	case err == nil:
		return nil
	case body.Err() != nil:
		return fmt.Errorf("storing %q: %w", key, body.Err())
	case p.once && answer(err).StatusCode == http.StatusNotImplemented:
		s.unconditional.Store(true)
		if again := body.Rewind(); again == nil {
			p.once = false
			return s.put(ctx, key, body, p)
		}
	}
	return s.fault("storing", key, err)
}

// putOptions are those of every PUT.
func putOptions(d pipeline.Digest, media string) minio.PutObjectOptions {
	return minio.PutObjectOptions{
		ContentType:      media,
		DisableMultipart: true,
		// The digest in the signed header binds the body; signing each chunk of it
		// as well, as minio-go does over plain HTTP, costs a second SHA-256.
		DisableContentSha256: true,
		UserMetadata: map[string]string{
			"x-amz-checksum-sha256": base64.StdEncoding.EncodeToString(d[:]),
		},
	}
}

// rewindable shows minio-go that it may try again, where that is so.
func rewindable(body *objects.OutgoingReader) io.Reader {
	if body.CanRewind() {
		return seeker{body}
	}
	return body
}

type seeker struct{ *objects.OutgoingReader }

// Seek serves the only move that minio-go makes: back to the beginning.
func (s seeker) Seek(offset int64, whence int) (int64, error) {
	if offset != 0 || whence != io.SeekStart {
		return 0, errors.ErrUnsupported
	}
	return 0, s.Rewind()
}

// Get opens the object with digest d and says how many bytes it has. Reading it to
// the end checks them: where io.EOF would come, wrong ones give
// objects.ErrMismatch. The caller closes it.
func (s *Store) Get(ctx context.Context, d pipeline.Digest) (io.ReadCloser, int64, error) {
	if d.IsZero() {
		return nil, 0, errNone
	}
	key := pipeline.BlobKey(d)
	body, info, _, err := s.core.GetObject(ctx, s.bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, 0, s.fault("opening", key, err)
	}
	return objects.Incoming(faulty{body, s, key}, d, info.Size), info.Size, nil
}

// faulty gives the errors of a connection their meaning.
type faulty struct {
	io.ReadCloser
	store *Store
	key   string
}

func (f faulty) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = f.store.fault("reading", f.key, err)
	}
	return n, err
}

// Stat says how many bytes the object with digest d has.
func (s *Store) Stat(ctx context.Context, d pipeline.Digest) (int64, error) {
	if d.IsZero() {
		return 0, errNone
	}
	return s.stat(ctx, pipeline.BlobKey(d))
}

// StatKey says how many bytes the small object under key has.
func (s *Store) StatKey(ctx context.Context, key string) (int64, error) {
	if err := objects.CheckKey(key); err != nil {
		return 0, err
	}
	return s.stat(ctx, key)
}

// errNone answers for the zero Digest, whose key would name a folder.
var errNone = fmt.Errorf("opening the object without a digest: %w", fs.ErrNotExist)

func (s *Store) stat(ctx context.Context, key string) (int64, error) {
	info, err := s.core.StatObject(ctx, s.bucket, key, minio.StatObjectOptions{})
	if err != nil {
		return 0, s.fault("looking for", key, err)
	}
	return info.Size, nil
}

// Package s3 keeps objects in a bucket of any server that speaks S3, by minio-go.
//
// It trusts such servers as little as it can. Every PUT is a single one, because
// multipart uploads lose both the digest and the condition on most servers; every
// PUT carries the SHA-256 of its bytes in a signed header for the server to check,
// and still withholds the last bytes of a wrong body from servers that do not;
// whatever may be written only once is written under a condition and looked for
// before, for servers that ignore conditions. Errors of the server and of the way
// to it are pipeline.Unavailable: no paper is ever at fault for them.
package s3

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"hoso/storage/objects"
)

// Secret is text that does not print itself.
type Secret string

// String hides the secret.
func (Secret) String() string { return "**hidden**" }

// GoString hides the secret from %#v as well.
func (s Secret) GoString() string { return s.String() }

// MarshalText hides the secret from logs and JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Config says where the bucket is.
type Config struct {
	Endpoint  string // host or host:port, without scheme
	Bucket    string
	AccessKey string
	SecretKey Secret
	Region    string // "" for us-east-1
	TLS       bool
	Transport http.RoundTripper // nil for NewTransport(nil)
}

// Store is a bucket. It may be used by several goroutines.
type Store struct {
	core   minio.Core
	bucket string
	region string

	unconditional atomic.Bool // the server answered that it does not know conditions
}

// attempts is how often minio-go sends a request that a server was too busy for or
// that did not reach it; with its waiting times this bridges about two seconds,
// the restart of a server on the same machine. Anything longer is for the caller.
const attempts = 5

// Open connects to the bucket and makes it if it is missing. An error is
// *pipeline.Unavailable unless the configuration itself cannot be meant.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	if cfg.Region == "" {
		cfg.Region = "us-east-1"
	}
	if cfg.Transport == nil {
		cfg.Transport = NewTransport(nil)
	}
	client, err := minio.New(cfg.Endpoint, &minio.Options{
		Creds:           credentials.NewStaticV4(cfg.AccessKey, string(cfg.SecretKey), ""),
		Secure:          cfg.TLS,
		Transport:       cfg.Transport,
		Region:          cfg.Region,
		BucketLookup:    minio.BucketLookupPath,
		TrailingHeaders: true, // else minio-go sends no checksum at all
		MaxRetries:      attempts,
	})
	if err != nil {
		return nil, fmt.Errorf("configuring object storage at %q: %w", cfg.Endpoint, err)
	}
	s := &Store{core: minio.Core{Client: client}, bucket: cfg.Bucket, region: cfg.Region}
	if err := s.ensureBucket(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Store) ensureBucket(ctx context.Context) error {
	there, err := s.core.BucketExists(ctx, s.bucket)
	if err != nil {
		return s.fault("looking for bucket", s.bucket, err)
	}
	if there {
		return nil
	}
	err = s.core.MakeBucket(ctx, s.bucket, minio.MakeBucketOptions{Region: s.region})
	switch answer(err).Code {
	case "BucketAlreadyOwnedByYou": // another process was faster
		return nil
	}
	if err != nil {
		return s.fault("making bucket", s.bucket, err)
	}
	return nil
}

// checkSize refuses sizes that no single PUT can carry.
func checkSize(size int64) error {
	if size < 0 {
		return errors.New("storing an object of unknown size")
	}
	if size > objects.MaxSize {
		return tooLarge(size)
	}
	return nil
}

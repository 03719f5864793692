package s3

import (
	"context"
	"crypto/rand"
	"encoding/xml"
	"errors"
	"io/fs"
	"net/http"
	"strings"

	"github.com/minio/minio-go/v7"

	"hoso/pipeline"
	"hoso/storage/objects"
)

// Probe finds out what the server can do, by trying: it writes small objects under
// probe/ and removes them, all versions of them, before it returns. (A bucket that
// locks everything by default keeps these few bytes as well.) An error means that
// the server could not be asked, not that it lacks something.
func (s *Store) Probe(ctx context.Context) (objects.Abilities, error) {
	prefix := "probe/" + rand.Text()
	found, err := s.probe(ctx, prefix)
	return found, errors.Join(err, s.sweep(context.WithoutCancel(ctx), prefix))
}

func (s *Store) probe(ctx context.Context, prefix string) (objects.Abilities, error) {
	once, err := s.refusesOverwriting(ctx, prefix+"/once")
	if err != nil {
		return objects.Abilities{}, err
	}
	sums, err := s.refusesWrongBytes(ctx, prefix+"/sum")
	if err != nil {
		return objects.Abilities{}, err
	}
	versioning, err := s.core.GetBucketVersioning(ctx, s.bucket)
	if err = unlessUnsupported(err); err != nil {
		return objects.Abilities{}, s.fault("asking for versioning of", s.bucket, err)
	}
	lock, _, _, _, err := s.core.GetObjectLockConfig(ctx, s.bucket)
	if err = unlessUnsupported(err); err != nil {
		return objects.Abilities{}, s.fault("asking for Object Lock of", s.bucket, err)
	}
	return objects.Abilities{
		ConditionalPut: conditionalPut().say(finding(once)),
		Checksum:       checksum().say(finding(sums)),
		Versioning:     versioned().say(finding(versioning.Enabled())),
		ObjectLock:     locked().say(lock == "Enabled"),
	}, nil
}

// refusesOverwriting writes key twice under the condition that it is new.
func (s *Store) refusesOverwriting(ctx context.Context, key string) (present bool, err error) {
	for range 2 {
		opts := putOptions(pipeline.Sum([]byte(probeBody)), "text/plain")
		opts.SetMatchETagExcept("*")
		err = s.probing(ctx, key, opts)
		if errors.Is(err, fs.ErrExist) {
			return true, nil
		}
		if err = unlessUnsupported(err); err != nil {
			return false, err
		}
	}
	return false, nil
}

// refusesWrongBytes writes bytes under the digest of others.
func (s *Store) refusesWrongBytes(ctx context.Context, key string) (present bool, err error) {
	err = s.probing(ctx, key, putOptions(pipeline.Sum([]byte("other")), "text/plain"))
	if refused := answer(err).StatusCode; refused >= 400 && refused < 500 || errors.Is(err, objects.ErrMismatch) {
		_, err = s.stat(ctx, key)
		if isMissing(err) {
			return true, nil
		}
	}
	return false, err
}

// probeBody is what is sent.
const probeBody = "probe"

// probing sends it as opts say, without the check on this side that Put makes.
func (s *Store) probing(ctx context.Context, key string, opts minio.PutObjectOptions) error {
	_, err := s.core.Client.PutObject(ctx, s.bucket, key, strings.NewReader(probeBody), int64(len(probeBody)), opts)
	return s.orNil("probing with", key, err)
}

// unlessUnsupported drops the answers by which servers say that they do not know
// what was asked for, that it was never configured, or anything but what was asked.
func unlessUnsupported(err error) error {
	var form xml.UnmarshalError
	switch r := answer(err); {
	case errors.As(err, &form):
		return nil
	case r.StatusCode == http.StatusNotFound && r.Code != minio.NoSuchBucket:
		return nil
	case r.StatusCode == http.StatusNotImplemented, r.StatusCode == http.StatusMethodNotAllowed, r.StatusCode == http.StatusBadRequest:
		return nil
	}
	return err
}

// sweep removes everything under prefix, in all versions where there are any.
func (s *Store) sweep(ctx context.Context, prefix string) error {
	var errs []error
	for _, versions := range []bool{false, true} {
		opts := minio.ListObjectsOptions{Prefix: prefix, Recursive: true, WithVersions: versions}
		for info := range s.core.ListObjectsIter(ctx, s.bucket, opts) {
			if info.Err != nil {
				if err := unlessUnsupported(info.Err); err != nil {
					errs = append(errs, s.fault("listing", prefix, err))
				}
				break
			}
			err := s.core.RemoveObject(ctx, s.bucket, info.Key, minio.RemoveObjectOptions{VersionID: info.VersionID})
			if answer(err).StatusCode == http.StatusForbidden {
				continue // locked: it goes when its retention ends
			}
			errs = append(errs, s.orNil("removing", info.Key, err))
		}
	}
	return errors.Join(errs...)
}

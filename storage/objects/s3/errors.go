package s3

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"

	"hoso/pipeline"
	"hoso/storage/objects"
)

// part names this part of the surroundings to people who read errors.
const part = "object storage"

// answer is what the server said, zero if err is not an answer of a server.
func answer(err error) minio.ErrorResponse {
	var r minio.ErrorResponse
	errors.As(err, &r)
	return r
}

// fault says what err means to hoso: fs.ErrNotExist, fs.ErrExist, ErrMismatch, the
// caller's own cancellation, or else a fault of the surroundings.
func (s *Store) fault(doing, key string, err error) error {
	r := answer(err)
	wrap := func(kind error) error { return fmt.Errorf("%s %q: %w (%s)", doing, key, kind, r.Code) }
	switch {
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("%s %q: %w", doing, key, err)
	case r.StatusCode == http.StatusNotFound && r.Code != minio.NoSuchBucket:
		return wrap(fs.ErrNotExist)
	case r.StatusCode == http.StatusPreconditionFailed:
		return wrap(fs.ErrExist)
	case digestRefused(r.Code):
		return wrap(objects.ErrMismatch)
	case r.StatusCode != 0:
		err = fmt.Errorf("server answers %d %s: %w", r.StatusCode, r.Code, err)
	}
	return &pipeline.Unavailable{What: part, After: pause(r), Err: fmt.Errorf("%s %q: %w", doing, key, err)}
}

// digestRefused reports whether the server compared digests and said no.
func digestRefused(code string) bool {
	switch code {
	case "BadDigest", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch":
		return true
	}
	return false
}

// pause is how long a server in this condition is best left alone.
func pause(r minio.ErrorResponse) time.Duration {
	switch r.StatusCode {
	case http.StatusInsufficientStorage, http.StatusForbidden, http.StatusUnauthorized:
		return time.Minute // somebody has to make room, or mend the configuration
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		return 5 * time.Second
	}
	return 0
}

func tooLarge(size int64) error {
	return pipeline.Refuse(pipeline.Reason{
		Code:       "object-too-large",
		English:    fmt.Sprintf("%d bytes are more than one object can hold (5 GiB)", size),
		Vietnamese: "Tệp lớn hơn 5 GiB, không lưu được thành một giấy tờ. Hãy quét thành nhiều tệp nhỏ hơn.",
	}, nil)
}

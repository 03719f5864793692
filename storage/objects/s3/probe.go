package s3

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/xml"
	"errors"
	"io/fs"

	"github.com/minio/minio-go/v7"

	"hoso/pipeline"
	"hoso/storage/objects"
)

// Probe finds out what the server can do, by trying: it writes small objects under
// probe/ and removes them, all versions of them, before it returns. An error means
// that the server could not be asked, not that it lacks something.
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
		ConditionalPut: conditionalPut(once),
		Checksum:       checksum(sums),
		Versioning:     versioned(versioning.Enabled()),
		ObjectLock:     locked(lock == "Enabled"),
	}, nil
}

// refusesOverwriting writes key twice under the condition that it is new.
func (s *Store) refusesOverwriting(ctx context.Context, key string) (present bool, err error) {
	for range 2 {
		err = s.probing(ctx, key, []byte("probe"), pipeline.Sum([]byte("probe")))
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
	err = s.probing(ctx, key, []byte("probe"), pipeline.Sum([]byte("other")))
	if refused := answer(err).StatusCode; refused >= 400 && refused < 500 || errors.Is(err, objects.ErrMismatch) {
		_, err = s.stat(ctx, key)
		if isMissing(err) {
			return true, nil
		}
	}
	return false, err
}

// probing sends body under a digest that may be wrong, without the check on this
// side that Put makes.
func (s *Store) probing(ctx context.Context, key string, body []byte, d pipeline.Digest) error {
	opts := putOptions(d, "application/octet-stream")
	opts.SetMatchETagExcept("*")
	_, err := s.core.Client.PutObject(ctx, s.bucket, key, bytes.NewReader(body), int64(len(body)), opts)
	return s.orNil("probing with", key, err)
}

// unlessUnsupported drops the answers by which servers say that they do not know
// what was asked for, that it was never configured, or anything but what was asked.
func unlessUnsupported(err error) error {
	var form xml.UnmarshalError
	switch r := answer(err); {
	case errors.As(err, &form):
		return nil
	case r.StatusCode == 404 && r.Code != minio.NoSuchBucket, r.StatusCode == 501, r.StatusCode == 405, r.StatusCode == 400:
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
			errs = append(errs, s.orNil("removing", info.Key, err))
		}
	}
	return errors.Join(errs...)
}

func conditionalPut(present bool) objects.Ability {
	a := objects.Ability{
		Code: "conditional-put", Present: present,
		English:    "The server refuses to overwrite what is written once.",
		Vietnamese: "Máy chủ lưu trữ từ chối ghi đè lên dữ liệu chỉ được ghi một lần.",
	}
	if !present {
		a.English = "The server overwrites although asked not to (no If-None-Match on PUT): only the lease in the catalog keeps two workers from publishing the same record."
		a.Vietnamese = "Máy chủ lưu trữ vẫn ghi đè dù được yêu cầu không ghi (thiếu If-None-Match khi PUT): chỉ còn khóa trong cơ sở dữ liệu ngăn hai tiến trình cùng công bố một hồ sơ."
	}
	return a
}

func checksum(present bool) objects.Ability {
	a := objects.Ability{
		Code: "checksum", Present: present,
		English:    "The server checks the SHA-256 of what it receives and refuses altered bytes.",
		Vietnamese: "Máy chủ lưu trữ kiểm tra mã băm SHA-256 khi nhận và từ chối dữ liệu bị sai lệch.",
	}
	if !present {
		a.English = "The server does not check SHA-256: bytes altered on the way in are noticed only when they are read back."
		a.Vietnamese = "Máy chủ lưu trữ không kiểm tra mã băm SHA-256: dữ liệu sai lệch trên đường truyền chỉ được phát hiện khi đọc lại."
	}
	return a
}

func versioned(present bool) objects.Ability {
	a := objects.Ability{
		Code: "versioning", Present: present,
		English:    "The bucket keeps earlier versions of what is overwritten or deleted.",
		Vietnamese: "Kho lưu trữ giữ lại các phiên bản trước khi dữ liệu bị ghi đè hoặc xóa.",
	}
	if !present {
		a.English = "Versioning is off: whoever holds the storage keys can delete or replace an object for good."
		a.Vietnamese = "Chưa bật quản lý phiên bản: người giữ khóa truy cập kho có thể xóa hoặc thay thế dữ liệu vĩnh viễn."
	}
	return a
}

func locked(present bool) objects.Ability {
	a := objects.Ability{
		Code: "object-lock", Present: present,
		English:    "The bucket can lock objects until their retention ends (Object Lock).",
		Vietnamese: "Kho lưu trữ có thể khóa dữ liệu cho đến hết thời hạn lưu giữ (Object Lock).",
	}
	if !present {
		a.English = "Object Lock is off: retention periods rest on access rights alone, not on the storage."
		a.Vietnamese = "Chưa bật khóa đối tượng (Object Lock): thời hạn lưu giữ chỉ dựa vào phân quyền, kho lưu trữ không tự ngăn việc xóa."
	}
	return a
}

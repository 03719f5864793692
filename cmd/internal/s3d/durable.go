package s3d

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3err"
	"github.com/versity/versitygw/s3response"
	"golang.org/x/sys/unix"

	"hoso/cmd/internal/datadir"
)

// durable is versitygw's file system backend with the one thing it lacks: nothing
// is acknowledged before it is on the disk. Without it a power cut after 12 seconds
// of writing left 718 of 6996 acknowledged objects whole (ext4, measured).
//
// Data is synced before its name appears, so that no name ever stands over missing
// bytes; then the file again for its attributes, and every folder up to the bucket
// for its name. All paths are relative to the working directory, the root.
type durable struct {
	*posix.Posix
	sidecar string // folder of the attributes, "" if the files carry them
}

// PutObject stores one object.
func (b *durable) PutObject(ctx context.Context, in s3response.PutObjectInput) (s3response.PutObjectOutput, error) {
	out, err := b.PutObjectWithPostFunc(ctx, in, (*os.File).Sync)
	return out, b.settle(err, *in.Bucket, *in.Key)
}

// CompleteMultipartUpload joins the parts of an object.
func (b *durable) CompleteMultipartUpload(ctx context.Context, in *s3.CompleteMultipartUploadInput) (s3response.CompleteMultipartUploadResult, string, error) {
	out, version, err := b.Posix.CompleteMultipartUpload(ctx, in)
	return out, version, b.settle(err, *in.Bucket, *in.Key)
}

// CopyObject copies one object, or sets the attributes of one.
func (b *durable) CopyObject(ctx context.Context, in s3response.CopyObjectInput) (s3response.CopyObjectOutput, error) {
	out, err := b.Posix.CopyObject(ctx, in)
	return out, b.settle(err, *in.Bucket, *in.Key)
}

// DeleteObject removes one object.
func (b *durable) DeleteObject(ctx context.Context, in *s3.DeleteObjectInput) (*s3.DeleteObjectOutput, error) {
	out, err := b.Posix.DeleteObject(ctx, in)
	return out, b.settle(err, *in.Bucket, *in.Key)
}

// DeleteObjects removes several objects.
func (b *durable) DeleteObjects(ctx context.Context, in *s3.DeleteObjectsInput) (s3response.DeleteResult, error) {
	out, err := b.Posix.DeleteObjects(ctx, in)
	for _, gone := range out.Deleted {
		err = b.settle(err, *in.Bucket, *gone.Key)
	}
	return out, err
}

// CreateBucket makes a bucket, and the folder in which the backend keeps files
// without names while they are written. Without the folder the first of them would
// have a name, and be left behind if the process is killed.
func (b *durable) CreateBucket(ctx context.Context, in *s3.CreateBucketInput, acl []byte) error {
	err := b.Posix.CreateBucket(ctx, in, acl)
	if err == nil {
		err = os.Mkdir(filepath.Join(*in.Bucket, posix.MetaTmpDir), 0o700)
	}
	return b.settle(err, *in.Bucket, "")
}

// PutObjectTagging sets the tags of an object.
func (b *durable) PutObjectTagging(ctx context.Context, bucket, object, version string, tags map[string]string) error {
	return b.settle(b.Posix.PutObjectTagging(ctx, bucket, object, version, tags), bucket, object)
}

// PutObjectRetention sets until when an object is kept.
func (b *durable) PutObjectRetention(ctx context.Context, bucket, object, version string, retention []byte) error {
	return b.settle(b.Posix.PutObjectRetention(ctx, bucket, object, version, retention), bucket, object)
}

// PutObjectLegalHold sets whether an object is kept in any case.
func (b *durable) PutObjectLegalHold(ctx context.Context, bucket, object, version string, held bool) error {
	return b.settle(b.Posix.PutObjectLegalHold(ctx, bucket, object, version, held), bucket, object)
}

// settle makes what was done to a key durable, given the error err of doing it.
// That the object is there already is acknowledged as well as a new one: the writer
// who was faster may not have come to its own sync yet, or have died before it.
func (b *durable) settle(err error, bucket, key string) error {
	var told s3err.S3Error
	existed := errors.As(err, &told) && told.StatusCode() == http.StatusPreconditionFailed
	if err != nil && !existed {
		return explain(err)
	}
	if failed := b.sync(bucket, key); failed != nil {
		return failed
	}
	return err
}

// explain undoes a confusion of the backend, which takes every failure to make a
// folder or a name for a folder that is in the way, even that of a full disk.
func explain(err error) error {
	if !errors.Is(err, s3err.GetAPIError(s3err.ErrExistingObjectIsDirectory)) {
		return err
	}
	var room unix.Statfs_t
	if failed := unix.Statfs(".", &room); failed == nil && room.Bavail > 0 && (room.Files == 0 || room.Ffree > 0) {
		return err
	}
	return s3err.GetAPIError(s3err.ErrNoSpaceLeftOnDevice)
}

func (b *durable) sync(bucket, key string) error {
	if err := syncUp(filepath.Join(bucket, key), bucket); err != nil {
		return err
	}
	if key == "" {
		if err := datadir.Sync("."); err != nil {
			return err
		}
	}
	if b.sidecar == "" {
		return nil
	}
	attributes := filepath.Join(b.sidecar, bucket, key, "meta")
	files, err := os.ReadDir(attributes)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("syncing attributes: %w", err)
	}
	for _, f := range files {
		if err := datadir.Sync(filepath.Join(attributes, f.Name())); err != nil {
			return err
		}
	}
	return syncUp(attributes, b.sidecar)
}

// syncUp syncs path and every folder above it up to top.
func syncUp(path, top string) error {
	for {
		if err := datadir.Sync(path); err != nil {
			return err
		}
		if path == top || path == "." {
			return nil
		}
		path = filepath.Dir(path)
	}
}

// syncFileSystem puts everything of the file system on the disk that folder is in.
func syncFileSystem(folder string) error {
	if folder == "" {
		return nil
	}
	f, err := os.Open(folder) //nolint:gosec // likewise
	if err != nil {
		return fmt.Errorf("syncing file system: %w", err)
	}
	if err := errors.Join(unix.Syncfs(int(f.Fd())), f.Close()); err != nil {
		return fmt.Errorf("syncing file system of %q: %w", folder, err)
	}
	return nil
}

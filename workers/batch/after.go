package batch

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"syscall"

	"hoso/pipeline"
	"hoso/pipeline/shelf"
)

// putAway does with a received file what the mapping wants. A file that is not as it was
// received stays, and so does one that cannot be moved; that the shelf is away others find
// out.
func (r *run) putAway(root *os.Root, j *job) outcome {
	o := outcome{job: j}
	p, digest := j.parts[0], j.had[0].Digest
	var err error
	switch r.e.Mapping.After.Do {
	case shelf.Move:
		if err = r.moveAway(root, p, digest); err == nil {
			o.after = pipeline.AfterMoved
		}
	case shelf.Delete:
		if err = deleteIf(root, p, digest); err == nil {
			o.after = pipeline.AfterDeleted
		}
	case shelf.Leave:
	}
	switch {
	case errors.Is(err, errVanished): // somebody else has put it away
		o.err = errVanished
	case errors.Is(err, errLocked):
		o.waits = lockedNow()
	}
	return o
}

// deleteIf deletes a file whose bytes are those of the receipt.
func deleteIf(root *os.Root, p part, digest pipeline.Digest) error {
	s, err := open(root, p)
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // only read from
	if _, err := io.Copy(io.Discard, s); err != nil {
		return err
	}
	if s.digest() != digest {
		return errChanged
	}
	if err := s.check(); err != nil {
		return err
	}
	if err := root.Remove(p.path); err != nil {
		return ill(err)
	}
	return nil
}

// moveAway moves a file to the same path below the folder of what is done, under a name
// that is free there.
func (r *run) moveAway(root *os.Root, p part, digest pipeline.Digest) error {
	s, err := open(root, p)
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // only read from
	to := path.Join(r.e.Mapping.After.Folder, p.path)
	if err := root.MkdirAll(path.Dir(to), 0o755); err != nil {
		return ill(err)
	}
	if to, err = reserve(root, to); err != nil {
		return ill(err)
	}
	switch err := r.e.seams.rename(root, p.path, to); {
	case errors.Is(err, syscall.EXDEV):
		return carry(root, s, to, digest)
	case err != nil:
		return errors.Join(ill(err), free(root, to))
	}
	return nil
}

// free gives a reserved name back. If something lies there although moving it failed, as
// servers may have it that answered too late, it stays.
func free(root *os.Root, name string) error {
	info, err := root.Lstat(name)
	if err == nil && info.Size() == 0 {
		return root.Remove(name)
	}
	return nil // what is not there need not be given back
}

// mostNames is how many names are tried for a file that is moved.
const mostNames = 1000

// reserve takes a name that is free, with an empty file: to rename a file over that one
// destroys nothing. An empty one that is there was reserved before the program was killed.
func reserve(root *os.Root, to string) (string, error) {
	ending := path.Ext(to)
	for i := range mostNames {
		name := to
		if i > 0 {
			name = fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(to, ending), i+1, ending)
		}
		f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		switch {
		case err == nil:
			return name, f.Close()
		case !errors.Is(err, fs.ErrExist):
			return "", err
		}
		if info, err := root.Lstat(name); err == nil && info.Mode().IsRegular() && info.Size() == 0 {
			return name, nil
		}
	}
	return "", fs.ErrExist
}

var numbered = regexp.MustCompile(` \(\d{1,4}\)(\.[^./]*)?$`)

// unnumbered is the name that a file had before reserve gave it another one.
func unnumbered(name string) string { return numbered.ReplaceAllString(name, "$1") }

// carry moves a file to another file system: copied, made durable, read back, and only
// then deleted where it was.
func carry(root *os.Root, s *source, to string, digest pipeline.Digest) error {
	half := path.Join(path.Dir(to), "~"+path.Base(to)+".part") // a temporary file to everybody
	err := copyTo(root, s, half, digest)
	if err == nil {
		err = s.check()
	}
	if err == nil {
		err = root.Rename(half, to)
	}
	if err == nil {
		err = syncFolder(root, path.Dir(to))
	}
	if err != nil {
		_ = root.Remove(half) // it may not be there
		return errors.Join(ill(err), free(root, to))
	}
	return ill(root.Remove(s.part.path))
}

func copyTo(root *os.Root, s *source, half string, digest pipeline.Digest) error {
	out, err := root.OpenFile(half, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer out.Close() //nolint:errcheck // synced before
	if _, err := io.Copy(out, s); err != nil {
		return err
	}
	if s.digest() != digest {
		return errChanged
	}
	if err := out.Sync(); err != nil {
		return err
	}
	if _, err := out.Seek(0, io.SeekStart); err != nil {
		return err
	}
	back, _, err := pipeline.SumReader(out)
	if err != nil {
		return err
	}
	if back != digest {
		return fmt.Errorf("the copy does not have the bytes of the file: %w", errChanged)
	}
	return root.Chtimes(half, s.part.changed, s.part.changed)
}

func syncFolder(root *os.Root, at string) error {
	dir, err := root.Open(at)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

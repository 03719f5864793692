package batch

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"

	"hoso/pipeline"
)

// part is a file as a walk saw it.
type part struct {
	path    string
	size    int64
	changed time.Time
}

// same reports whether two looks saw the same.
func (p part) same(q part) bool {
	return p.path == q.path && p.size == q.size && p.changed.Equal(q.changed)
}

// is reports whether a file still is as it was seen.
func (p part) is(info fs.FileInfo) bool {
	return info.Mode().IsRegular() && info.Size() == p.size && info.ModTime().Equal(p.changed)
}

// What may be wrong with a file that is to be read. What is none of these is errAway.
var (
	errChanged  = errors.New("the file is not as it was seen")
	errLocked   = errors.New("the file is locked")
	errShut     = errors.New("the file cannot be opened")
	errVanished = errors.New("the file is not there any more")
)

// ill says which of the things above an error of the file system is.
func ill(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errChanged), errors.Is(err, errLocked):
		return err
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return errVanished
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.ELOOP):
		return errShut
	case errors.Is(err, syscall.EBUSY), errors.Is(err, syscall.ETXTBSY), errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.EDEADLK):
		return errLocked
	}
	return away(err)
}

// source is a file being read that must not change meanwhile. Its last bytes are not given
// before it was looked at again.
type source struct {
	root *os.Root
	part part
	file *os.File
	left int64
	hash hash.Hash
}

// open opens a file if it is as it was seen.
func open(root *os.Root, p part) (*source, error) {
	before, err := root.Lstat(p.path)
	if err != nil {
		return nil, ill(err)
	}
	if !p.is(before) {
		return nil, errChanged
	}
	file, err := root.OpenFile(p.path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, ill(err)
	}
	s := &source{root: root, part: p, file: file, left: p.size, hash: sha256.New()}
	if err := s.check(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if held(file) {
		return nil, errors.Join(errLocked, s.Close())
	}
	return s, nil
}

// check looks at the file through its handle and by its name.
func (s *source) check() error {
	own, err := s.file.Stat()
	if err != nil {
		return ill(err)
	}
	named, err := s.root.Lstat(s.part.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errChanged
	case err != nil:
		return ill(err)
	case !os.SameFile(own, named) || !s.part.is(own) || !s.part.is(named):
		return errChanged
	}
	return nil
}

// Read gives the bytes that the walk saw, or errs.
func (s *source) Read(b []byte) (int, error) {
	if s.left == 0 {
		return 0, io.EOF
	}
	n, err := s.file.Read(b[:min(int64(len(b)), s.left)])
	s.left -= int64(n)
	s.hash.Write(b[:n])
	switch {
	case errors.Is(err, io.EOF):
		return 0, errChanged // it is shorter now
	case err != nil:
		return 0, ill(err)
	case s.left == 0:
		if err := s.check(); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// Close closes the file.
func (s *source) Close() error { return s.file.Close() }

// digest is that of all bytes, once they were read.
func (s *source) digest() pipeline.Digest { return pipeline.DigestOf(s.hash) }

// digestOf reads a file to its end.
func digestOf(root *os.Root, p part) (pipeline.Digest, error) {
	s, err := open(root, p)
	if err != nil {
		return pipeline.Digest{}, err
	}
	defer s.Close() //nolint:errcheck // only read from
	if _, err := io.Copy(io.Discard, s); err != nil {
		return pipeline.Digest{}, fmt.Errorf("reading a file: %w", err)
	}
	return s.digest(), nil
}

package batch

import (
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"os"
	"sync"

	"hoso/pipeline"
	"hoso/pipeline/intake/bundle"
)

// stream is a paper on its way: the bytes of its file, or of its files as a bundle, without
// a copy of them anywhere. It remembers what went wrong with a file, so that it is not
// taken for a failure of the line.
type stream struct {
	body  io.Reader
	stop  func()
	ended chan struct{} // closed once no file is read any more

	mu     sync.Mutex // a line may read on after it has failed
	closed bool
	hash   hash.Hash
	size   int64

	fault   error // of a file
	digests []pipeline.Digest
}

// newStream begins to read the files.
func newStream(root *os.Root, parts []part) (*stream, error) {
	s := &stream{hash: sha256.New(), ended: make(chan struct{}), digests: make([]pipeline.Digest, 0, len(parts))}
	if len(parts) > 1 {
		out, in := io.Pipe()
		s.body, s.stop = out, func() { _ = out.Close() }
		go func() {
			defer close(s.ended)
			in.CloseWithError(s.bundle(root, parts, in)) // never errs
		}()
		return s, nil
	}
	file, err := open(root, parts[0])
	if err != nil {
		return nil, err
	}
	s.body = single{s, file}
	s.stop = func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		_ = file.Close()
		close(s.ended)
	}
	return s, nil
}

// single is the one file of a paper; the stream's lock is held.
type single struct {
	s    *stream
	file *source
}

// Read reads the file.
func (o single) Read(b []byte) (int, error) {
	n, err := o.file.Read(b)
	switch {
	case err == nil && o.file.left == 0:
		o.s.digests = append(o.s.digests, o.file.digest())
	case err != nil && !errors.Is(err, io.EOF):
		o.s.fault = err
	}
	return n, err
}

// bundle writes the files into out. In the end it looks at all of them once more: the
// first may have been replaced while the last was read.
func (s *stream) bundle(root *os.Root, parts []part, out io.Writer) error {
	w, err := bundle.NewWriter(out)
	for _, p := range parts {
		if err == nil {
			err = s.member(root, p, w)
		}
	}
	if err != nil {
		return err
	}
	for _, p := range parts {
		info, err := root.Lstat(p.path)
		switch {
		case err != nil:
			s.fault = ill(err)
		case !p.is(info):
			s.fault = errChanged
		}
		if s.fault != nil {
			return s.fault
		}
	}
	return w.Close()
}

func (s *stream) member(root *os.Root, p part, w *bundle.Writer) error {
	file, err := open(root, p)
	if err != nil {
		s.fault = err
		return err
	}
	defer file.Close() //nolint:errcheck // only read from
	from := &watched{from: file}
	if err := w.Add(bundle.Ending(p.path), from); err != nil {
		s.fault = from.err
		return err
	}
	s.digests = append(s.digests, file.digest())
	return nil
}

// watched tells a failure to read from one to write.
type watched struct {
	from io.Reader
	err  error
}

// Read reads.
func (w *watched) Read(b []byte) (int, error) {
	n, err := w.from.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

// Read gives the bytes that are handed in.
func (s *stream) Read(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, os.ErrClosed
	}
	n, err := s.body.Read(b)
	s.hash.Write(b[:n])
	s.size += int64(n)
	return n, err
}

// end stops reading and gives what was wrong with a file, nil if nothing was.
func (s *stream) end() error {
	s.stop()
	<-s.ended
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return s.fault
}

// digest is that of all that was given.
func (s *stream) digest() pipeline.Digest { return pipeline.DigestOf(s.hash) }

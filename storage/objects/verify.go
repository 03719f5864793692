package objects

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"

	"hoso/pipeline"
)

// Outgoing wraps the bytes on their way into a store. It never hands out the last
// of the size bytes unless all of them have digest d, so that a server which knows
// nothing of digests still never gets a whole object of wrong bytes. If r is an
// io.Seeker, so is the result, but only back to where it began.
func Outgoing(r io.Reader, d pipeline.Digest, size int64) *OutgoingReader {
	o := &OutgoingReader{src: r, want: d, size: size, sum: sha256.New()}
	if s, ok := r.(io.Seeker); ok {
		if start, err := s.Seek(0, io.SeekCurrent); err == nil {
			o.seeker, o.start = s, start
		}
	}
	return o
}

// OutgoingReader is what Outgoing returns. It is for one goroutine.
type OutgoingReader struct {
	src    io.Reader
	seeker io.Seeker // nil when src cannot be rewound
	start  int64     // where src stood at first

	want pipeline.Digest
	size int64
	read int64
	sum  hash.Hash
	err  error
}

// Read gives the next bytes, or ErrMismatch in place of the last ones.
func (o *OutgoingReader) Read(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	if o.read == o.size {
		return 0, o.end()
	}
	n, err := o.src.Read(p[:min(int64(len(p)), o.size-o.read)])
	o.sum.Write(p[:n])
	o.read += int64(n)
	switch {
	case o.read == o.size:
		if bad := o.end(); !errors.Is(bad, io.EOF) {
			o.err = bad
			return 0, bad
		}
		return n, nil
	case errors.Is(err, io.EOF):
		o.err = fmt.Errorf("reading %d of %d bytes: %w", o.read, o.size, ErrMismatch)
	case err != nil:
		o.err = fmt.Errorf("reading bytes to store: %w", err)
	}
	return n, o.err
}

// end gives io.EOF if the digest is right.
func (o *OutgoingReader) end() error {
	if got := pipeline.DigestOf(o.sum); got != o.want {
		return fmt.Errorf("checking %d bytes named %s, which have %s: %w", o.size, o.want, got, ErrMismatch)
	}
	return io.EOF
}

// CanRewind reports whether Rewind can work, that is, whether a broken transfer may
// be tried again.
func (o *OutgoingReader) CanRewind() bool { return o.seeker != nil }

// Rewind goes back to the beginning for another attempt. After an error of the
// bytes themselves it gives that error.
func (o *OutgoingReader) Rewind() error {
	if o.err != nil {
		return o.err
	}
	if o.seeker == nil {
		return errors.ErrUnsupported
	}
	if _, err := o.seeker.Seek(o.start, io.SeekStart); err != nil {
		return fmt.Errorf("rewinding bytes to store: %w", err)
	}
	o.sum.Reset()
	o.read = 0
	return nil
}

// Err is the error of the bytes themselves, if that is what ended the transfer.
func (o *OutgoingReader) Err() error { return o.err }

// Incoming wraps the bytes that come out of a store: the reader ends with io.EOF
// only if they were exactly size bytes with digest d, else with ErrMismatch.
func Incoming(r io.ReadCloser, d pipeline.Digest, size int64) io.ReadCloser {
	return &incomingReader{src: r, want: d, size: size, sum: sha256.New()}
}

type incomingReader struct {
	src  io.ReadCloser
	want pipeline.Digest
	size int64
	read int64
	sum  hash.Hash
	err  error
}

func (i *incomingReader) Read(p []byte) (int, error) {
	if i.err != nil {
		return 0, i.err
	}
	n, err := i.src.Read(p)
	i.sum.Write(p[:n])
	i.read += int64(n)
	if errors.Is(err, io.EOF) {
		if got := pipeline.DigestOf(i.sum); got != i.want || i.read != i.size {
			err = fmt.Errorf("reading object %s, which has %d bytes with digest %s: %w", i.want, i.read, got, ErrMismatch)
		}
	}
	i.err = err
	return n, err
}

func (i *incomingReader) Close() error { return i.src.Close() }

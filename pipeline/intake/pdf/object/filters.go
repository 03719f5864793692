package object

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/image/tiff/lzw"

	"hoso/pipeline/intake/fault"
)

// Filter is one step of a stream's coding.
type Filter struct {
	Name  string
	Parms Dict
}

// Filters lists what was done to the stream, the last first.
func (r *Set) Filters(d Dict) []Filter {
	names, parms := r.Resolve(d["Filter"]), r.Resolve(d["DecodeParms"])
	if n, ok := names.(Name); ok {
		if a, ok := parms.([]any); ok && len(a) > 0 {
			parms = a[0]
		}
		return []Filter{{long(string(n)), r.Dict(parms)}}
	}
	list, _ := names.([]any)
	each, _ := parms.([]any)
	out := make([]Filter, 0, len(list))
	for i, n := range list {
		f := Filter{Name: long(r.Name(n))}
		if i < len(each) {
			f.Parms = r.Dict(each[i])
		} else if len(list) == 1 {
			f.Parms = r.Dict(parms)
		}
		out = append(out, f)
	}
	return out
}

// long gives the full name of a filter.
func long(s string) string {
	switch s {
	case "A85":
		return "ASCII85Decode"
	case "AHx":
		return "ASCIIHexDecode"
	case "LZW":
		return "LZWDecode"
	case "Fl":
		return "FlateDecode"
	case "RL":
		return "RunLengthDecode"
	case "CCF":
		return "CCITTFaxDecode"
	case "DCT":
		return "DCTDecode"
	}
	return s
}

// opened is a stream with its outer filters undone, on the way to be read.
type opened struct {
	io.Reader
	file *os.File
}

func (o *opened) Close() error { return o.file.Close() }

// Open gives the bytes of s after the first n filters are undone.
func (r *Set) Open(s *Stream, fs []Filter, n int) (io.ReadCloser, error) {
	file, err := os.Open(s.File)
	if err != nil {
		return nil, fault.Broken("PDF", err)
	}
	o := &opened{Reader: bufio.NewReaderSize(file, 64<<10), file: file}
	for _, f := range fs[:n] {
		if o.Reader, err = r.undo(f, o.Reader); err != nil {
			return nil, errors.Join(err, file.Close())
		}
	}
	return o, nil
}

var errFilter = errors.New("a filter that is not undone here")

// undo reverses one filter that is no image's.
func (r *Set) undo(f Filter, src io.Reader) (io.Reader, error) {
	switch f.Name {
	case "FlateDecode":
		z, err := zlib.NewReader(src)
		if err != nil {
			return nil, fault.Broken("PDF", fmt.Errorf("inflating: %w", err))
		}
		return r.predicted(f.Parms, z), nil
	case "LZWDecode":
		if r.Number(f.Parms["EarlyChange"], 1) != 1 {
			return nil, errFilter
		}
		return r.predicted(f.Parms, lzw.NewReader(src, lzw.MSB, 8)), nil
	case "ASCII85Decode":
		return ascii85.NewDecoder(&until{src: bufio.NewReader(src), end: '~'}), nil
	case "ASCIIHexDecode":
		return hex.NewDecoder(&until{src: bufio.NewReader(src), end: '>'}), nil
	case "RunLengthDecode":
		return &runLength{src: bufio.NewReader(src)}, nil
	}
	return nil, errFilter
}

// Generic reports whether a filter is undone here.
func Generic(f Filter) bool {
	switch f.Name {
	case "FlateDecode", "LZWDecode", "ASCII85Decode", "ASCIIHexDecode", "RunLengthDecode":
		return true
	}
	return false
}

// Data reads a stream with n filters undone, up to limit bytes.
func (r *Set) Data(s *Stream, n int, limit int64) ([]byte, error) {
	fs := r.Filters(s.Dict)
	if n < 0 || n > len(fs) {
		n = len(fs)
	}
	o, err := r.Open(s, fs, n)
	if err != nil {
		return nil, err
	}
	defer o.Close() //nolint:errcheck // only read
	var b bytes.Buffer
	_, err = b.ReadFrom(io.LimitReader(o, limit+1))
	if int64(b.Len()) > limit {
		return nil, fault.DataTooMuch("PDF", limit)
	}
	if err != nil {
		return b.Bytes(), fault.Cut("PDF", err)
	}
	return b.Bytes(), nil
}

// until ends before a byte, and leaves out white space.
type until struct {
	src io.ByteReader
	end byte
}

func (u *until) Read(b []byte) (int, error) {
	for n := range b {
		for {
			c, err := u.src.ReadByte()
			if err != nil || c == u.end {
				return n, io.EOF
			}
			if c != ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0 {
				b[n] = c
				break
			}
		}
	}
	return len(b), nil
}

// runLength undoes RunLengthDecode.
type runLength struct {
	src  io.ByteReader
	left int
	same bool
	v    byte
}

func (u *runLength) Read(b []byte) (int, error) {
	for i := range b {
		if u.left == 0 && !u.next() {
			return i, io.EOF
		}
		if !u.same {
			v, err := u.src.ReadByte()
			if err != nil {
				return i, io.EOF
			}
			u.v = v
		}
		b[i] = u.v
		u.left--
	}
	return len(b), nil
}

// next reads the head of the next run, and the byte that a run repeats. It reports
// whether there is one.
func (u *runLength) next() bool {
	c, err := u.src.ReadByte()
	if err != nil || c == 128 {
		return false
	}
	if u.same = c > 128; !u.same {
		u.left = int(c) + 1
		return true
	}
	u.left = 257 - int(c)
	u.v, err = u.src.ReadByte()
	return err == nil
}

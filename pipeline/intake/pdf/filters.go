package pdf

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

// filter is one step of a stream's coding.
type filter struct {
	name  string
	parms dict
}

// filters lists what was done to the stream, the last first.
func (r *run) filters(d dict) []filter {
	names, parms := r.resolve(d["Filter"]), r.resolve(d["DecodeParms"])
	if n, ok := names.(name); ok {
		if a, ok := parms.([]any); ok && len(a) > 0 {
			parms = a[0]
		}
		return []filter{{long(string(n)), r.dict(parms)}}
	}
	list, _ := names.([]any)
	each, _ := parms.([]any)
	out := make([]filter, 0, len(list))
	for i, n := range list {
		f := filter{name: long(r.name(n))}
		if i < len(each) {
			f.parms = r.dict(each[i])
		} else if len(list) == 1 {
			f.parms = r.dict(parms)
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

func (o *opened) Close() error {
	if o.file == nil {
		return nil
	}
	return o.file.Close()
}

// open gives the bytes of s after the first n filters are undone.
func (r *run) open(s *stream, fs []filter, n int) (*opened, error) {
	file, err := os.Open(s.file)
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
func (r *run) undo(f filter, src io.Reader) (io.Reader, error) {
	switch f.name {
	case "FlateDecode":
		z, err := zlib.NewReader(src)
		if err != nil {
			return nil, fault.Broken("PDF", fmt.Errorf("inflating: %w", err))
		}
		return r.predicted(f.parms, z), nil
	case "LZWDecode":
		if r.number(f.parms["EarlyChange"], 1) != 1 {
			return nil, errFilter
		}
		return r.predicted(f.parms, lzw.NewReader(src, lzw.MSB, 8)), nil
	case "ASCII85Decode":
		return ascii85.NewDecoder(&until{src: bufio.NewReader(src), end: '~'}), nil
	case "ASCIIHexDecode":
		return hex.NewDecoder(&until{src: bufio.NewReader(src), end: '>'}), nil
	case "RunLengthDecode":
		return &runLength{src: bufio.NewReader(src)}, nil
	}
	return nil, errFilter
}

// generic reports whether a filter is undone here.
func generic(f filter) bool {
	switch f.name {
	case "FlateDecode", "LZWDecode", "ASCII85Decode", "ASCIIHexDecode", "RunLengthDecode":
		return true
	}
	return false
}

// data reads a stream with n filters undone, up to limit bytes.
func (r *run) data(s *stream, n int, limit int64) ([]byte, error) {
	fs := r.filters(s.dict)
	if n < 0 || n > len(fs) {
		n = len(fs)
	}
	o, err := r.open(s, fs, n)
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
		if u.left == 0 {
			c, err := u.src.ReadByte()
			if err != nil || c == 128 {
				return i, io.EOF
			}
			u.left, u.same = int(c)+1, false
			if c > 128 {
				u.left, u.same = 257-int(c), true
				if u.v, err = u.src.ReadByte(); err != nil {
					return i, io.EOF
				}
			}
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

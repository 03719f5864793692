package pdf

import (
	"bytes"
	"fmt"
	"io"
)

// Content gives the decoded data of a stream and where its object's value begins in
// the file. Data of more than limit bytes is ErrBroken.
func (f *File) Content(number, limit int) ([]byte, int64, error) {
	p, err := f.locate(number)
	if err != nil {
		return nil, 0, err
	}
	if p.kind != inFile {
		return nil, 0, fmt.Errorf("finding stream %d: %w", number, ErrBroken)
	}
	d, body, err := f.openStream(number, p.offset)
	if err != nil {
		return nil, 0, err
	}
	if d.Get("Filter").IsNull() {
		if body, err = f.plain(d, body, limit); err != nil {
			return nil, 0, err
		}
	}
	data, err := f.decode(d, body, limit+1)
	if err != nil {
		return nil, 0, err
	}
	if len(data) > limit {
		return nil, 0, fmt.Errorf("stream %d has more than %d bytes: %w", number, limit, ErrBroken)
	}
	return data, p.offset, f.spend(len(data) / 16)
}

// plain reads a stream that is not encoded, whose end only /Length tells.
func (f *File) plain(d Dict, body io.Reader, limit int) (io.Reader, error) {
	length, err := f.Resolve(d.Get("Length"))
	if err != nil {
		return nil, err
	}
	n, ok := length.Int()
	if !ok || n < 0 || n > int64(limit) {
		return nil, fmt.Errorf("length %.20q of a stream: %w", length.Raw, ErrBroken)
	}
	data := make([]byte, n)
	if _, err := io.ReadFull(body, data); err != nil {
		return nil, fmt.Errorf("reading a stream: %w: %w", ErrBroken, err)
	}
	return bytes.NewReader(data), nil
}

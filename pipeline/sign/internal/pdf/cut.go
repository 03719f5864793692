package pdf

import (
	"bytes"
	"fmt"
	"io"
)

// Cut parts a value at its references to other objects: the first number stands between
// the first two pieces, and so on.
func Cut(raw []byte) (pieces []string, numbers []int) {
	from := 0
	for i := 0; i < len(raw); {
		if i = skipSpace(raw, i); i >= len(raw) {
			break
		}
		switch c := raw[i]; {
		case c == '(':
			i = endOr(skipString(raw, i))
		case bytes.HasPrefix(raw[i:], []byte("<<")):
			i += 2
		case c == '<':
			i = endOr(skipHex(raw, i+1))
		case c != '/' && isDelimiter(c):
			i++
		default:
			end := wordEnd(raw, i)
			if ref, after, ok := referenceAt(raw, i, end); ok {
				pieces, numbers = append(pieces, string(raw[from:i])), append(numbers, ref)
				from, end = after, after
			}
			i = end
		}
	}
	return append(pieces, string(raw[min(from, len(raw)):])), numbers
}

// Raw gives the dictionary of a stream and its data as it is encoded, of at most limit
// bytes. Its length must stand in the dictionary itself.
func (f *File) Raw(number, limit int) (Dict, []byte, error) {
	p, err := f.locate(number)
	if err != nil {
		return nil, nil, err
	}
	if p.kind != inFile {
		return nil, nil, fmt.Errorf("finding stream %d: %w", number, ErrBroken)
	}
	d, body, err := f.openStream(number, p.offset)
	if err != nil {
		return nil, nil, err
	}
	n, ok := d.Get("Length").Int()
	if !ok || n < 0 || n > int64(limit) {
		return nil, nil, fmt.Errorf("length %.20q of a stream: %w", d.Get("Length").Raw, ErrBroken)
	}
	data := make([]byte, n)
	if _, err := io.ReadFull(body, data); err != nil {
		return nil, nil, fmt.Errorf("reading a stream: %w: %w", ErrBroken, err)
	}
	return d, data, f.spend(len(data) / 16)
}

package lazy

import (
	"bytes"
	"fmt"
)

// filter says whether a stream is in FlateDecode (true) or plain (false).
func (f *File) filter(s Stream) (bool, error) {
	v, err := f.only(s.Dict["Filter"])
	if err != nil {
		return false, err
	}
	switch v {
	case nil:
		return false, nil
	case Name("FlateDecode"):
		return true, nil
	}
	return false, fmt.Errorf("decoding a stream at %d: %w", s.Offset, ErrFilter)
}

// only gives a value that may stand alone or in an array by itself.
func (f *File) only(v any) (any, error) {
	v, err := f.Resolve(v)
	a, ok := v.(Array)
	if err != nil || !ok {
		return v, err
	}
	switch len(a) {
	case 0:
		return nil, nil
	case 1:
		return f.Resolve(a[0])
	}
	return nil, fmt.Errorf("decoding through %d filters: %w", len(a), ErrFilter)
}

// unpredict undoes the PNG predictors (ISO 32000-1, 7.4.4.4).
func (f *File) unpredict(s Stream, data []byte) ([]byte, error) {
	v, err := f.only(s.Dict["DecodeParms"])
	if err != nil {
		return nil, err
	}
	d, _ := v.(Dict)
	predictor := d.integer("Predictor", 1)
	columns := d.integer("Columns", 1)
	switch {
	case predictor < 2:
		return data, nil
	case predictor < 10 || columns < 1 || columns > 1<<16,
		d.integer("Colors", 1) != 1, d.integer("BitsPerComponent", 8) != 8:
		return nil, fmt.Errorf("undoing predictor %d over %d columns: %w", predictor, columns, ErrFilter)
	}
	return unfilter(data, int(columns))
}

// integer gives an integer of d, or other if there is none.
func (d Dict) integer(key Name, other int64) int64 {
	if n, ok := d[key].(int64); ok {
		return n
	}
	return other
}

// unfilter undoes the PNG filters of rows of n bytes, a byte per pixel.
func unfilter(data []byte, n int) ([]byte, error) {
	out := make([]byte, 0, len(data))
	above := make([]byte, n)
	for len(data) > n {
		kind, row := data[0], bytes.Clone(data[1:n+1])
		data = data[n+1:]
		var left, corner byte
		for i := range row {
			switch kind {
			case 0:
			case 1:
				row[i] += left
			case 2:
				row[i] += above[i]
			case 3:
				row[i] += left/2 + above[i]/2 + left&above[i]&1
			case 4:
				row[i] += paeth(left, above[i], corner)
			default:
				return nil, fmt.Errorf("undoing filter %d: %w", kind, ErrFormat)
			}
			left, corner = row[i], above[i]
		}
		out = append(out, row...)
		above = row
	}
	return out, nil
}

// paeth picks the neighbour nearest to a+b-c.
func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	pa, pb, pc := distance(p, a), distance(p, b), distance(p, c)
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}

func distance(p int, v byte) int { return max(p-int(v), int(v)-p) }

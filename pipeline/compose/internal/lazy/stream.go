package lazy

import (
	"bytes"
	"fmt"
)

// filter says whether a stream is in FlateDecode (true) or plain (false).
func (f *File) filter(s Stream) (bool, error) {
	v, err := f.Resolve(s.Dict["Filter"])
	if err != nil {
		return false, err
	}
	if a, ok := v.(Array); ok {
		if len(a) > 1 {
			return false, fmt.Errorf("decoding a stream at %d: %w", s.Offset, ErrFilter)
		}
		v = nil
		if len(a) == 1 {
			if v, err = f.Resolve(a[0]); err != nil {
				return false, err
			}
		}
	}
	switch v {
	case nil:
		return false, nil
	case Name("FlateDecode"):
		return true, nil
	}
	return false, fmt.Errorf("decoding a stream at %d: %w", s.Offset, ErrFilter)
}

// unpredict undoes the PNG predictors (ISO 32000-1, 7.4.4.4).
func (f *File) unpredict(s Stream, data []byte) ([]byte, error) {
	v, err := f.Resolve(s.Dict["DecodeParms"])
	if err != nil {
		return nil, err
	}
	if a, ok := v.(Array); ok && len(a) == 1 {
		v = a[0]
	}
	d, _ := v.(Dict)
	if predictor, _ := d["Predictor"].(int64); predictor < 2 {
		return data, nil
	} else if predictor < 10 {
		return nil, fmt.Errorf("undoing predictor %d: %w", predictor, ErrFilter)
	}
	columns, ok := d["Columns"].(int64)
	if !ok {
		columns = 1
	}
	colors, hasColors := d["Colors"].(int64)
	bits, hasBits := d["BitsPerComponent"].(int64)
	if columns < 1 || columns > 1<<16 || hasColors && colors != 1 || hasBits && bits != 8 {
		return nil, fmt.Errorf("undoing a predictor over %d columns: %w", columns, ErrFilter)
	}
	return unfilter(data, int(columns))
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
				row[i] += byte((int(left) + int(above[i])) / 2)
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

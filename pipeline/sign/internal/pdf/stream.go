package pdf

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"fmt"
	"io"
	"slices"
)

// readStream reads a cross-reference stream (ISO 32000-1, 7.5.8).
func (f *File) readStream(offset int64) (Section, error) {
	d, body, err := f.openStream(-1, offset)
	if err != nil {
		return Section{}, err
	}
	s := Section{Offset: offset, Stream: true, Trailer: d}
	if d.Get("Type").Name() != "XRef" {
		return Section{}, fmt.Errorf("reading cross-reference stream at %d: %w", offset, ErrBroken)
	}
	width, err := s.readWidths()
	if err != nil {
		return Section{}, err
	}
	total, err := f.readIndex(&s, width)
	if err != nil {
		return Section{}, err
	}
	f.decoded += total
	if f.decoded > maxDecoded {
		return Section{}, fmt.Errorf("cross-reference stream of %d bytes: %w", total, ErrBroken)
	}
	s.table, err = f.decode(d, body, total)
	if err == nil && len(s.table) < total {
		err = fmt.Errorf("cross-reference stream is short: %w", ErrBroken)
	}
	return s, err
}

func (s *Section) readWidths() (int, error) {
	w, err := s.Trailer.Get("W").Array()
	if err != nil || len(w) < 3 {
		return 0, fmt.Errorf("reading /W: %w", ErrBroken)
	}
	sum := 0
	for i := range s.widths {
		n, ok := w[i].Int()
		if !ok || n < 0 || n > 8 {
			return 0, fmt.Errorf("reading /W: %w", ErrBroken)
		}
		s.widths[i] = int(n)
		sum += int(n)
	}
	if sum == 0 {
		return 0, fmt.Errorf("reading /W: %w", ErrBroken)
	}
	return sum, nil
}

// readIndex reads the ranges and gives the number of bytes their entries take.
func (f *File) readIndex(s *Section, width int) (int, error) {
	pairs, err := indexPairs(s.Trailer)
	if err != nil {
		return 0, err
	}
	total := 0
	for i := 0; i+1 < len(pairs); i += 2 {
		first, count := pairs[i], pairs[i+1]
		f.ranges++
		if first < 0 || count < 0 || first > 1<<24 || count > 1<<24 || f.ranges > maxRanges {
			return 0, fmt.Errorf("reading /Index: %w", ErrBroken)
		}
		s.Ranges = append(s.Ranges, Range{int(first), int(count), int64(total)})
		total += int(count) * width
		if total > maxDecoded {
			return 0, fmt.Errorf("cross-reference stream of %d bytes: %w", total, ErrBroken)
		}
	}
	return total, nil
}

// indexPairs gives first number and count of each range in turn.
func indexPairs(trailer Dict) ([]int64, error) {
	size, ok := trailer.Get("Size").Int()
	if !ok {
		return nil, fmt.Errorf("reading /Size: %w", ErrBroken)
	}
	index := trailer.Get("Index")
	if index.IsNull() {
		return []int64{0, size}, nil
	}
	list, err := index.Array()
	if err != nil {
		return nil, err
	}
	var pairs []int64
	for _, e := range list {
		n, ok := e.Int()
		if !ok {
			return nil, fmt.Errorf("reading /Index: %w", ErrBroken)
		}
		pairs = append(pairs, n)
	}
	return pairs, nil
}

func (s *Section) streamEntry(part Range, number int) place {
	at := part.at + int64(number-part.First)*int64(s.widths[0]+s.widths[1]+s.widths[2])
	kind := int64(1) // the default of an absent first field
	if s.widths[0] > 0 {
		kind = field(s.table[at:], s.widths[0])
	}
	value := field(s.table[at+int64(s.widths[0]):], s.widths[1])
	switch {
	case kind == 1 && value > 0:
		return place{inFile, value, field(s.table[at+int64(s.widths[0]+s.widths[1]):], s.widths[2])}
	case kind == 2 && value > 0 && value < 1<<24:
		return place{inStream, value, 0}
	}
	return place{}
}

func field(b []byte, width int) int64 {
	n := int64(0)
	for _, c := range b[:width] {
		n = n<<8 | int64(c)
	}
	return n
}

// openStream reads the dictionary of the stream at offset and gives a reader that
// begins with its data and ends with the file.
func (f *File) openStream(number int, offset int64) (Dict, io.Reader, error) {
	v, rest, err := f.readObject(number, offset)
	if err != nil {
		return nil, nil, err
	}
	d, err := v.Dict()
	if err != nil {
		return nil, nil, err
	}
	i := skipSpace(rest, 0)
	if !bytes.HasPrefix(rest[i:], []byte("stream")) {
		return nil, nil, fmt.Errorf("finding stream at %d: %w", offset, ErrBroken)
	}
	i += len("stream")
	if i < len(rest) && rest[i] == '\r' {
		i++
	}
	if i < len(rest) && rest[i] == '\n' {
		i++
	}
	at := v.Offset + int64(len(v.Raw)+i)
	return d, io.NewSectionReader(f.r, at, f.size-at), nil
}

// decode gives at most limit bytes of a stream that is plain or deflated. A deflated
// one ends by itself; /Length is not believed.
func (f *File) decode(d Dict, body io.Reader, limit int) ([]byte, error) {
	filter := d.Get("Filter")
	if list, err := filter.Array(); err == nil && len(list) == 1 {
		filter = list[0]
	}
	switch {
	case filter.IsNull():
	case filter.Name() == "FlateDecode":
		z, err := zlib.NewReader(body)
		if err != nil {
			return nil, fmt.Errorf("inflating: %w: %w", ErrBroken, err)
		}
		body = z
	default:
		return nil, fmt.Errorf("filter %.40q: %w", filter.Raw, ErrBroken)
	}
	columns, err := predictor(d)
	if err != nil {
		return nil, err
	}
	if columns == 0 {
		return readLimited(body, limit)
	}
	rows := (limit + columns - 1) / columns
	raw, err := readLimited(body, limit+rows)
	if err != nil {
		return nil, err
	}
	return unpredict(raw, columns)
}

func readLimited(r io.Reader, limit int) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, int64(limit)))
	if err != nil {
		return nil, fmt.Errorf("decoding stream: %w: %w", ErrBroken, err)
	}
	return b, nil
}

// predictor gives the row length of a PNG-predicted stream, 0 for none.
func predictor(d Dict) (int, error) {
	v := d.Get("DecodeParms")
	if list, err := v.Array(); err == nil && len(list) == 1 {
		v = list[0]
	}
	if v.IsNull() {
		return 0, nil
	}
	p, err := v.Dict()
	if err != nil {
		return 0, err
	}
	kind, ok := p.Get("Predictor").Int()
	if !ok || kind == 1 {
		return 0, nil
	}
	columns, ok := p.Get("Columns").Int()
	if kind < 10 || !ok || columns < 1 || columns > 1024 {
		return 0, fmt.Errorf("predictor %d with %d columns: %w", kind, columns, ErrBroken)
	}
	return int(columns), nil
}

// unpredict undoes the PNG filters on rows of one byte per pixel.
func unpredict(raw []byte, columns int) ([]byte, error) {
	out := make([]byte, 0, len(raw))
	above := make([]byte, columns)
	for len(raw) > columns {
		kind, row := raw[0], raw[1:1+columns]
		raw = raw[1+columns:]
		var left, corner byte
		for i, c := range row {
			up := above[i]
			switch kind {
			case 0:
			case 1:
				c += left
			case 2:
				c += up
			case 3:
				c += byte((int(left) + int(up)) / 2)
			case 4:
				c += paeth(left, up, corner)
			default:
				return nil, fmt.Errorf("row filter %d: %w", kind, ErrBroken)
			}
			row[i], left, corner = c, c, up
		}
		out = append(out, row...)
		above = row
	}
	return out, nil
}

func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	pa, pb, pc := abs(p-int(a)), abs(p-int(b)), abs(p-int(c))
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}

func abs(n int) int { return max(n, -n) }

// packedObject is one object of an object stream.
type packedObject struct {
	number int
	raw    []byte
}

// unpack reads an object out of an object stream (ISO 32000-1, 7.5.7). The stream
// read last is kept, for what belongs together stands together.
func (f *File) unpack(stream, number int) (Value, error) {
	if f.packed[stream] == nil {
		list, err := f.readPacked(stream)
		if err != nil {
			return Value{}, err
		}
		f.packed = map[int][]packedObject{stream: list}
	}
	list := f.packed[stream]
	at, ok := slices.BinarySearchFunc(list, number, func(o packedObject, n int) int { return cmp.Compare(o.number, n) })
	if !ok {
		return Value{}, fmt.Errorf("finding object %d in stream %d: %w", number, stream, ErrBroken)
	}
	i := skipSpace(list[at].raw, 0)
	end, err := skip(list[at].raw, i, 0)
	if err != nil {
		return Value{}, err
	}
	return Value{list[at].raw[i:end:end], -1}, f.spend((end - i) / 16)
}

func (f *File) readPacked(stream int) ([]packedObject, error) {
	p, err := f.locate(stream)
	if err != nil || p.kind != inFile {
		return nil, fmt.Errorf("finding object stream %d: %w", stream, errOr(err))
	}
	d, body, err := f.openStream(stream, p.offset)
	if err != nil {
		return nil, err
	}
	raw, err := f.decode(d, body, packedLimit(d))
	if err != nil {
		return nil, err
	}
	if err := f.spend(1 + len(raw)/16); err != nil {
		return nil, err
	}
	first, count, ok := packedHead(d, len(raw))
	if !ok {
		return nil, fmt.Errorf("reading object stream %d: %w", stream, ErrBroken)
	}
	raw = append(raw, '\n') // so that a last number has an end
	return splitPacked(raw, first, count)
}

// packedLimit is how much of an object stream to read: /Length is believed only of a
// plain one, which has no end of its own.
func packedLimit(d Dict) int {
	n, ok := d.Get("Length").Int()
	if !d.Get("Filter").IsNull() || !ok || n < 0 {
		return maxPacked
	}
	return int(min(maxPacked, n))
}

// packedHead gives where the first object begins in an object stream of size bytes,
// and how many objects there are.
func packedHead(d Dict, size int) (first, count int, ok bool) {
	at, ok1 := d.Get("First").Int()
	n, ok2 := d.Get("N").Int()
	ok = d.Get("Type").Name() == "ObjStm" && ok1 && ok2 && at >= 0 && at <= int64(size) && n >= 0 && n <= min(at, maxScanned)
	return int(at), int(n), ok
}

// splitPacked takes an object stream apart, by number. Some readers find an object in it
// by its number and some by its index, so no number may come twice.
func splitPacked(raw []byte, first, count int) ([]packedObject, error) {
	var out []packedObject
	i := 0
	for range count {
		n, j, ok1 := number(raw[:first], i)
		at, k, ok2 := number(raw[:first], j)
		if !ok1 || !ok2 || at > int64(len(raw)-first) || n > 1<<24 {
			return nil, fmt.Errorf("reading head of object stream: %w", ErrBroken)
		}
		out = append(out, packedObject{int(n), raw[first+int(at):]})
		i = k
	}
	slices.SortFunc(out, func(a, b packedObject) int { return cmp.Compare(a.number, b.number) })
	for i := 1; i < len(out); i++ {
		if out[i].number == out[i-1].number {
			return nil, fmt.Errorf("object %d comes twice in an object stream: %w", out[i].number, ErrBroken)
		}
	}
	return out, nil
}

func errOr(err error) error {
	if err != nil {
		return err
	}
	return ErrBroken
}

package pdf

import (
	"bytes"
	"fmt"
	"slices"
)

const (
	maxSeen   = 1 << 16 // objects looked at behind a signed revision
	tailChunk = 64 << 10
	tailKeep  = 64 // bytes before a keyword that belong to it
)

// Plain reports whether what stands behind from is only what the cross-references name:
// no other object under a number below next, no other root, no hybrid section. Readers
// that find the cross-references wanting read a file from its first byte to its last and
// take the last object of each number; of a plain file they see the same.
func (f *File) Plain(from int64, next int) (bool, error) {
	seen, err := f.keywords(from)
	if err != nil || !seen.clear {
		return false, err
	}
	one, err := f.oneRoot(from, seen.trailers)
	if err != nil || !one {
		return false, err
	}
	for n, at := range seen.objects {
		ok, err := f.named(n, at, next)
		if err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// oneRoot reports whether every section behind from, and every trailer at these places,
// has the root of the newest, and none is hybrid.
func (f *File) oneRoot(from int64, trailers []int64) (bool, error) {
	root := f.Trailer.Get("Root")
	for _, s := range f.Sections {
		if s.Offset >= from && (!s.Trailer.Get("XRefStm").IsNull() || !s.Trailer.Get("Root").Same(root)) {
			return false, nil
		}
	}
	for _, at := range trailers {
		v, _, err := readValue(f.r, f.size, at)
		if err != nil {
			return false, err
		}
		if d, err := v.Dict(); err != nil || !d.Get("Root").Same(root) {
			return false, nil //nolint:nilerr // a trailer that cannot be read is the answer
		}
	}
	return true, nil
}

// named reports whether the object that stands last under a number is the one that the
// cross-references name, as far as the old revision can mean it.
func (f *File) named(number int, at int64, next int) (bool, error) {
	if number < next {
		last, err := f.position(number)
		return err == nil && last >= at, err
	}
	v, rest, err := f.readObject(number, at)
	if err != nil {
		return false, err
	}
	d, err := v.Dict()
	if err != nil || !bytes.HasPrefix(rest[skipSpace(rest, 0):], []byte("stream")) {
		return true, nil //nolint:nilerr // no stream: nothing in it
	}
	switch d.Get("Type").Name() {
	case "XRef":
		return d.Get("Root").Same(f.Trailer.Get("Root")), nil
	case "ObjStm":
		return f.packsOnly(number, at, next)
	}
	return true, nil
}

// position gives where an object stands, or the object stream that it is in; 0 if it
// is free.
func (f *File) position(number int) (int64, error) {
	p, err := f.locate(number)
	if err == nil && p.kind == inStream {
		p, err = f.locate(int(p.offset))
	}
	if err != nil || p.kind != inFile {
		return 0, err
	}
	return p.offset, nil
}

// packsOnly reports whether the old objects in an object stream are those that the
// cross-references name.
func (f *File) packsOnly(stream int, at int64, next int) (bool, error) {
	list, err := f.readPacked(stream)
	if err != nil {
		return false, err
	}
	for _, o := range list {
		if o.number >= next {
			continue
		}
		last, err := f.position(o.number)
		if err != nil || last < at {
			return false, err
		}
	}
	return true, nil
}

// sighting is what a reader sees that goes through the bytes.
type sighting struct {
	objects  map[int]int64 // where the last "N G obj" of each number stands
	trailers []int64       // behind each keyword
	clear    bool          // every "obj" has its numbers before it
}

// keywords goes through the bytes behind from, in streams as well.
func (f *File) keywords(from int64) (sighting, error) {
	s := sighting{objects: map[int]int64{}, clear: true}
	b := make([]byte, 0, tailKeep+tailChunk+16)
	for at := from; at < f.size; {
		kept := min(len(b), tailKeep)
		b = append(b[:0], b[len(b)-kept:]...)
		n := min(tailChunk, f.size-at)
		ahead := min(n+16, f.size-at) // a keyword must not be cut in two
		b = b[:kept+int(ahead)]
		if err := readFull(f.r, b[kept:], at); err != nil {
			return s, err
		}
		s.look(b, kept, kept+int(n), at-int64(kept))
		b = b[:kept+int(n)]
		at += n
		if len(s.objects)+len(s.trailers) > maxSeen {
			return s, fmt.Errorf("too much behind a revision: %w", ErrBroken)
		}
	}
	return s, nil
}

// look finds keywords that begin in b[first:last]; b begins at base in the file.
func (s *sighting) look(b []byte, first, last int, base int64) {
	for i := first; i < last; i++ {
		switch {
		case b[i] == 't' && bytes.HasPrefix(b[i:], []byte("trailer")):
			s.trailers = append(s.trailers, base+int64(i)+7)
		case b[i] == 'o' && bytes.HasPrefix(b[i:], []byte("obj")):
			s.object(b, i, base)
		}
	}
}

// object takes in the "obj" at i.
func (s *sighting) object(b []byte, i int, base int64) {
	before := b[:i]
	k := trimSpace(before)
	g := trimDigits(before[:k])
	l := trimSpace(before[:g])
	n := trimDigits(before[:l])
	if g == k || l == g || n == l {
		// A comment may stand between the numbers and the keyword.
		line := before[bytes.LastIndexAny(before[:k], "\r\n")+1:]
		if (k < i || g == k) && slices.Contains(line, '%') && !bytes.HasSuffix(before, []byte("end")) {
			s.clear = false
		}
		return
	}
	number, _, ok := numberIn(before[n:l])
	if ok {
		s.objects[number] = base + int64(n)
	}
}

func numberIn(b []byte) (int, int, bool) {
	v, end, ok := number(append(slices.Clip(b), ' '), 0)
	return int(min(v, 1<<30)), end, ok
}

// trimSpace gives the length of b without the spaces at its end.
func trimSpace(b []byte) int {
	n := len(b)
	for n > 0 && isSpace(b[n-1]) {
		n--
	}
	return n
}

func trimDigits(b []byte) int {
	n := len(b)
	for n > 0 && isDigit(b[n-1]) {
		n--
	}
	return n
}

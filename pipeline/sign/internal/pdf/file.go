package pdf

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
)

// File is a PDF opened at its newest revision. It is not for concurrent use.
type File struct {
	r    io.ReaderAt
	size int64

	StartXref int64 // where the newest cross-reference section begins
	Streams   bool  // that section is a stream
	Trailer   Dict  // of the newest section
	Sections  []Section

	ranges  int                    // subsections seen so far
	decoded int                    // bytes of cross-reference streams decoded so far
	work    *int                   // shared with other revisions of the file
	packed  map[int][]packedObject // the object stream read last
}

// Open reads the end of the file and its chain of cross-reference sections.
func Open(r io.ReaderAt, size int64) (*File, error) { return open(r, size, new(int)) }

// Before opens the file as it was when it ended there. The two share what one file may
// cause: a file with many revisions causes no more work than any other.
func (f *File) Before(end int64) (*File, error) {
	return open(io.NewSectionReader(f.r, 0, end), end, f.work)
}

func open(r io.ReaderAt, size int64, work *int) (*File, error) {
	if size < 0 {
		return nil, fmt.Errorf("opening a file of %d bytes: %w", size, ErrBroken)
	}
	f := &File{r: r, size: size, work: work}
	head := make([]byte, min(8, size))
	if err := readFull(r, head, 0); err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(head, []byte("%PDF-")) {
		return nil, fmt.Errorf("reading header: %w", ErrBroken)
	}
	start, err := f.findStart()
	if err != nil {
		return nil, err
	}
	f.StartXref = start
	if err := f.readSections(start); err != nil {
		return nil, err
	}
	f.Trailer, f.Streams = f.Sections[0].Trailer, f.Sections[0].Stream
	return f, nil
}

// findStart reads the number behind the last "startxref".
func (f *File) findStart() (int64, error) {
	tail := make([]byte, min(2048, f.size))
	if err := readFull(f.r, tail, f.size-int64(len(tail))); err != nil {
		return 0, err
	}
	i := bytes.LastIndex(tail, []byte("startxref"))
	if i < 0 || !bytes.Contains(tail[i:], []byte("%%EOF")) {
		return 0, fmt.Errorf("finding startxref: %w", ErrBroken)
	}
	start, _, ok := number(tail, i+len("startxref"))
	if !ok || start <= 0 || start >= f.size {
		return 0, fmt.Errorf("reading startxref: %w", ErrBroken)
	}
	return start, nil
}

// number reads a non-negative integer after spaces.
func number(b []byte, i int) (value int64, end int, ok bool) {
	i = skipSpace(b, i)
	j := i
	for j < len(b) && isDigit(b[j]) {
		j++
	}
	value, err := strconv.ParseInt(string(b[i:j]), 10, 64)
	return value, j, err == nil
}

// spend counts a step of work against what one file may cause.
func (f *File) spend(n int) error {
	*f.work += n
	if *f.work > maxWork {
		return fmt.Errorf("too much to look up: %w", ErrBroken)
	}
	return nil
}

// Size is the number of bytes of the file.
func (f *File) Size() int64 { return f.size }

// Next is the first object number that the file has never used.
func (f *File) Next() (int, error) {
	next := int64(0)
	for _, s := range f.Sections {
		size, ok := s.Trailer.Get("Size").Int()
		if ok {
			next = max(next, size)
		}
		for _, part := range s.Ranges {
			next = max(next, int64(part.First)+int64(part.Count))
		}
	}
	const most = 8388607 // indirect objects of a PDF/A-2 file (ISO 19005-2, 6.1.13)
	if next < 1 || next > most-16 {
		return 0, fmt.Errorf("numbering after object %d: %w", next, ErrBroken)
	}
	return int(next), nil
}

// Object reads the object with this number; an empty Value if there is none.
func (f *File) Object(number int) (Value, error) {
	place, err := f.locate(number)
	if err != nil || place.kind == free {
		return Value{}, err
	}
	if place.kind == inStream {
		return f.unpack(int(place.offset), number)
	}
	v, _, err := f.readObject(number, place.offset)
	return v, err
}

// readObject reads "N G obj value" and gives what follows the value, too.
func (f *File) readObject(want int, offset int64) (Value, []byte, error) {
	if offset <= 0 || offset >= f.size {
		return Value{}, nil, fmt.Errorf("finding object %d at %d: %w", want, offset, ErrBroken)
	}
	head := make([]byte, min(64, f.size-offset))
	if err := readFull(f.r, head, offset); err != nil {
		return Value{}, nil, err
	}
	n, i, ok1 := number(head, 0)
	_, j, ok2 := number(head, i)
	k := skipSpace(head, j)
	if !ok1 || !ok2 || want >= 0 && n != int64(want) || !bytes.HasPrefix(head[k:], []byte("obj")) {
		return Value{}, nil, fmt.Errorf("reading object %d at %d: %w", want, offset, ErrBroken)
	}
	v, rest, err := readValue(f.r, f.size, offset+int64(k)+3)
	if err == nil {
		err = f.spend(len(v.Raw) / 16)
	}
	return v, rest, err
}

// Resolve follows references; the value of a missing object is empty.
func (f *File) Resolve(v Value) (Value, error) {
	for range 8 {
		ref, ok := v.Ref()
		if !ok {
			return v, nil
		}
		var err error
		if v, err = f.Object(ref.Number); err != nil {
			return Value{}, err
		}
	}
	return Value{}, fmt.Errorf("following references: %w", ErrBroken)
}

// Dict resolves v and takes it apart; nil without error if v is absent.
func (f *File) Dict(v Value) (Dict, error) {
	v, err := f.Resolve(v)
	if err != nil || v.IsNull() {
		return nil, err
	}
	return v.Dict()
}

// Array resolves v and takes it apart; nil without error if v is absent.
func (f *File) Array(v Value) ([]Value, error) {
	v, err := f.Resolve(v)
	if err != nil || v.IsNull() {
		return nil, err
	}
	return v.Array()
}

// Catalog reads the document catalog and its reference.
func (f *File) Catalog() (Ref, Dict, error) {
	ref, ok := f.Trailer.Get("Root").Ref()
	if !ok {
		return Ref{}, nil, fmt.Errorf("reading /Root: %w", ErrBroken)
	}
	d, err := f.Dict(f.Trailer.Get("Root"))
	if err == nil && d == nil {
		err = fmt.Errorf("reading catalog: %w", ErrBroken)
	}
	return ref, d, err
}

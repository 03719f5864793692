package pdf

import (
	"bytes"
	"fmt"
)

// Section is one cross-reference section: what a revision adds or changes.
type Section struct {
	Offset  int64
	Stream  bool
	Trailer Dict
	Ranges  []Range
	widths  [3]int
	table   []byte // of a stream, decoded
}

// Range is a run of object numbers in a Section.
type Range struct {
	First, Count int
	at           int64 // where its entries begin, in the file or in the table
}

// place is where an object stands.
type place struct {
	kind       placeKind
	offset     int64 // in the file, or the number of the object stream
	generation int64
}

type placeKind int

const (
	free placeKind = iota
	inFile
	inStream
)

// readSections follows /Prev (and /XRefStm) from the newest section to the oldest.
func (f *File) readSections(start int64) error {
	seen := map[int64]bool{}
	for next := start; next > 0; {
		if seen[next] || len(f.Sections) >= maxRevision {
			return fmt.Errorf("cross-reference sections form a loop: %w", ErrBroken)
		}
		seen[next] = true
		s, err := f.readSection(next)
		if err != nil {
			return err
		}
		f.Sections = append(f.Sections, s)
		if at, ok := s.Trailer.Get("XRefStm").Int(); ok && !s.Stream && !seen[at] {
			seen[at] = true
			hybrid, err := f.readSection(at)
			if err != nil {
				return err
			}
			f.Sections = append(f.Sections, hybrid)
		}
		prev := s.Trailer.Get("Prev")
		if prev.IsNull() {
			return nil
		}
		at, ok := prev.Int()
		if !ok || at <= 0 {
			return fmt.Errorf("reading /Prev: %w", ErrBroken)
		}
		next = at
	}
	return nil
}

// readSection reads one section. A trailer that names a key twice is read in two ways
// by two readers, and refused.
func (f *File) readSection(offset int64) (Section, error) {
	s, err := f.sectionAt(offset)
	if err != nil {
		return s, err
	}
	for _, key := range []string{"Root", "Prev", "Size", "XRefStm", "Encrypt", "Index", "W"} {
		if s.Trailer.Twice(key) {
			return s, fmt.Errorf("/%s comes twice in a trailer: %w", key, ErrBroken)
		}
	}
	return s, nil
}

func (f *File) sectionAt(offset int64) (Section, error) {
	head := make([]byte, max(0, min(16, f.size-offset)))
	if offset <= 0 || len(head) < 16 {
		return Section{}, fmt.Errorf("finding cross-references at %d: %w", offset, ErrBroken)
	}
	if err := readFull(f.r, head, offset); err != nil {
		return Section{}, err
	}
	i := skipSpace(head, 0)
	if bytes.HasPrefix(head[i:], []byte("xref")) {
		return f.readTable(offset, offset+int64(i)+4)
	}
	return f.readStream(offset)
}

// readTable reads the heads of a classic table's subsections; their entries of
// twenty bytes are left in the file until one is asked for.
func (f *File) readTable(start, at int64) (Section, error) {
	s := Section{Offset: start}
	for {
		line := make([]byte, max(0, min(64, f.size-at)))
		if err := readFull(f.r, line, at); err != nil {
			return Section{}, err
		}
		i := skipSpace(line, 0)
		if bytes.HasPrefix(line[i:], []byte("trailer")) {
			v, _, err := readValue(f.r, f.size, at+int64(i)+7)
			if err != nil {
				return Section{}, err
			}
			s.Trailer, err = v.Dict()
			return s, err
		}
		first, j, ok1 := number(line, i)
		count, k, ok2 := number(line, j)
		begin := at + int64(skipSpace(line, k))
		f.ranges++
		if !ok1 || !ok2 || first > 1<<24 || count > 1<<24 || begin+20*count > f.size || f.ranges > maxRanges {
			return Section{}, fmt.Errorf("reading cross-references at %d: %w", at, ErrBroken)
		}
		s.Ranges = append(s.Ranges, Range{int(first), int(count), begin})
		at = begin + 20*count
	}
}

// locate finds the newest entry of an object.
func (f *File) locate(number int) (place, error) {
	for i := range f.Sections {
		p, ok, err := f.entry(&f.Sections[i], number)
		if err != nil || ok {
			return p, err
		}
	}
	return place{}, nil
}

// entry looks an object up in one section.
func (f *File) entry(s *Section, number int) (place, bool, error) {
	if err := f.spend(1 + len(s.Ranges)); err != nil {
		return place{}, false, err
	}
	for _, part := range s.Ranges {
		if number < part.First || number >= part.First+part.Count {
			continue
		}
		if s.Stream {
			return s.streamEntry(part, number), true, nil
		}
		line := make([]byte, 20)
		if err := readFull(f.r, line, part.at+20*int64(number-part.First)); err != nil {
			return place{}, false, err
		}
		p, err := parseEntry(line)
		if err != nil {
			return place{}, false, err
		}
		// A free entry of a hybrid file's table may hide one in its stream.
		hidden := p.kind == free && !s.Trailer.Get("XRefStm").IsNull()
		return p, !hidden, nil
	}
	return place{}, false, nil
}

// parseEntry reads an entry of a classic table; an "n" entry at 0 is free.
func parseEntry(line []byte) (place, error) {
	offset, i, ok1 := number(line, 0)
	generation, j, ok2 := number(line, i)
	k := skipSpace(line, j)
	if !ok1 || !ok2 || k >= len(line) || i != 10 || line[k] != 'n' && line[k] != 'f' {
		return place{}, fmt.Errorf("reading cross-reference %q: %w", line, ErrBroken)
	}
	if line[k] == 'f' || offset == 0 {
		return place{}, nil
	}
	return place{inFile, offset, generation}, nil
}

// Changed gives the numbers of the objects that sections behind offset add, replace
// or delete, each once. More than limit numbers are ErrBroken.
func (f *File) Changed(offset int64, limit int) ([]int, error) {
	seen := map[int]bool{}
	var out []int
	for _, s := range f.Sections {
		if s.Offset < offset {
			continue
		}
		for _, part := range s.Ranges {
			if part.Count > limit {
				return nil, fmt.Errorf("too many changes: %w", ErrBroken)
			}
			for n := part.First; n < part.First+part.Count; n++ {
				if n == 0 || seen[n] {
					continue
				}
				if len(out) == limit {
					return nil, fmt.Errorf("too many changes: %w", ErrBroken)
				}
				seen[n] = true
				out = append(out, n)
			}
		}
	}
	return out, nil
}

// SectionOffsets gives where the sections begin, the newest first.
func (f *File) SectionOffsets() []int64 {
	var out []int64
	for _, s := range f.Sections {
		out = append(out, s.Offset)
	}
	return out
}

// Generation gives the generation number under which an object is listed.
func (f *File) Generation(number int) (int64, error) {
	p, err := f.locate(number)
	return p.generation, err
}

// IsStream reports whether an object is a stream, of which Object gives only the
// dictionary.
func (f *File) IsStream(number int) (bool, error) {
	p, err := f.locate(number)
	if err != nil || p.kind != inFile {
		return false, err
	}
	_, rest, err := f.readObject(number, p.offset)
	return bytes.HasPrefix(rest[skipSpace(rest, 0):], []byte("stream")), err
}

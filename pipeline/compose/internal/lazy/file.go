package lazy

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"iter"
)

// entry says where an object is.
type entry struct {
	at   int64  // offset, or the number of the object stream
	gen  uint16 // generation, of an object at an offset
	kind uint8
}

const (
	unknown uint8 = iota
	free
	plain
	packed
)

// File is an open PDF file. It is not safe for concurrent use.
type File struct {
	r       io.ReaderAt
	size    int64
	entries []entry
	lex     *Lexer

	// Trailer is that of the last revision; Revisions counts the sections of the
	// cross-reference table, Encrypted says whether any of them names encryption.
	Trailer   Dict
	Revisions int
	Encrypted bool

	// Whole says that nothing but a line end follows the last %%EOF.
	Whole bool

	packs []pack
	work  int64 // bytes decoded from object streams
	depth int   // of objects being read for the sake of others
}

// Open reads the cross-reference table of a file of size bytes.
func Open(r io.ReaderAt, size int64) (*File, error) {
	f := &File{r: r, size: size, lex: NewLexer(bytes.NewReader(nil))}
	start, err := f.startXref()
	if err != nil {
		return nil, err
	}
	if err := f.readSections(start); err != nil {
		return nil, err
	}
	if f.Trailer == nil {
		return nil, fmt.Errorf("looking for a trailer: %w", ErrFormat)
	}
	return f, nil
}

// Objects gives the numbers of all objects in use.
func (f *File) Objects() iter.Seq[Ref] {
	return func(yield func(Ref) bool) {
		for num, e := range f.entries {
			if (e.kind == plain || e.kind == packed) && !yield(Ref{num, int(e.gen)}) {
				return
			}
		}
	}
}

// Bound is one more than the largest object number.
func (f *File) Bound() int { return len(f.entries) }

// seek points the lexer at an offset.
func (f *File) seek(at int64) *Lexer {
	f.lex.reset(io.NewSectionReader(f.r, at, min(max(f.size-at, 0), maxObject)))
	return f.lex
}

// Object reads an indirect object; nil if the file has none of that number.
func (f *File) Object(ref Ref) (any, error) {
	if f.depth++; f.depth > maxDepth {
		f.depth--
		return nil, fmt.Errorf("reading object %d: %w", ref.Num, ErrTooMuch)
	}
	defer func() { f.depth-- }()
	if ref.Num < 0 || ref.Num >= len(f.entries) {
		return nil, nil
	}
	switch e := f.entries[ref.Num]; e.kind {
	case plain:
		if int(e.gen) != ref.Gen {
			return nil, nil
		}
		return f.objectAt(e.at, ref)
	case packed:
		return f.unpack(e.at, ref)
	}
	return nil, nil
}

// Resolve follows v if it is a reference.
func (f *File) Resolve(v any) (any, error) {
	for range 8 {
		ref, ok := v.(Ref)
		if !ok {
			return v, nil
		}
		var err error
		if v, err = f.Object(ref); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("following references: %w", ErrTooMuch)
}

func (f *File) objectAt(at int64, ref Ref) (any, error) {
	l := f.seek(at)
	var head [3]any
	for i := range head {
		tok, err := l.token()
		if err != nil {
			return nil, fmt.Errorf("reading object %d at %d: %w", ref.Num, at, noEOF(err))
		}
		head[i] = tok
	}
	if head != [3]any{int64(ref.Num), int64(ref.Gen), Operator("obj")} {
		return nil, fmt.Errorf("reading object %d at %d: another stands there: %w", ref.Num, at, ErrFormat)
	}
	v, err := l.Value()
	if err != nil {
		return nil, fmt.Errorf("reading object %d at %d: %w", ref.Num, at, noEOF(err))
	}
	end, err := l.token()
	if err != nil {
		return nil, fmt.Errorf("reading the end of object %d: %w", ref.Num, noEOF(err))
	}
	d, isDict := v.(Dict)
	switch {
	case end == Operator("endobj"):
		return v, nil
	case end == Operator("stream") && isDict:
		return f.stream(l, d, at)
	}
	return nil, fmt.Errorf("reading object %d at %d: no endobj: %w", ref.Num, at, ErrFormat)
}

// stream finds the data of a stream whose dictionary and keyword were read.
func (f *File) stream(l *Lexer, d Dict, at int64) (any, error) {
	c, err := l.readByte()
	if err == nil && c == '\r' {
		c, err = l.readByte()
	}
	if err != nil || c != '\n' {
		return nil, fmt.Errorf("reading a stream at %d without a line end: %w", at, ErrFormat)
	}
	s := Stream{Dict: d, Offset: at + l.pos}
	length, err := f.Resolve(d["Length"])
	if err != nil {
		return nil, err
	}
	n, ok := length.(int64)
	if !ok || n < 0 || n > f.size-s.Offset {
		return nil, fmt.Errorf("reading a stream at %d whose length is none: %w", at, ErrFormat)
	}
	s.Length = n
	end := f.seek(s.Offset + n)
	if tok, err := end.token(); err != nil || tok != Operator("endstream") {
		return nil, fmt.Errorf("reading a stream at %d of length %d that ends elsewhere: %w", at, n, ErrFormat)
	}
	return s, nil
}

// Raw reads the bytes of a stream as they stand in the file.
func (f *File) Raw(s Stream) io.Reader { return io.NewSectionReader(f.r, s.Offset, s.Length) }

// Decode gives the content of a stream that is plain or in FlateDecode, ErrFilter
// for others, ErrTooMuch above limit bytes.
func (f *File) Decode(s Stream, limit int64) ([]byte, error) {
	r := f.Raw(s)
	flate, err := f.filter(s)
	if err != nil {
		return nil, err
	}
	if flate {
		z, err := zlib.NewReader(r)
		if err != nil {
			return nil, fmt.Errorf("inflating a stream at %d: %w", s.Offset, err)
		}
		r = z
	}
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("decoding a stream at %d: %w", s.Offset, err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("decoding a stream at %d: %w", s.Offset, ErrTooMuch)
	}
	return f.unpredict(s, data)
}

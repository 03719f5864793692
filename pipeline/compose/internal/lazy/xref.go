package lazy

import (
	"bytes"
	"fmt"
	"io"
)

// startXref finds the offset of the newest cross-reference section.
func (f *File) startXref() (int64, error) {
	tail := make([]byte, min(f.size, 2048))
	if n, err := f.r.ReadAt(tail, f.size-int64(len(tail))); n < len(tail) {
		return 0, fmt.Errorf("reading the end of the file: %w", err)
	}
	i := bytes.LastIndex(tail, []byte("startxref"))
	if i < 0 {
		return 0, fmt.Errorf("looking for startxref: %w", ErrFormat)
	}
	l := NewLexer(bytes.NewReader(tail[i+len("startxref"):]))
	tok, err := l.token()
	at, ok := tok.(int64)
	if err != nil || !ok || at <= 0 || at >= f.size {
		return 0, fmt.Errorf("reading startxref: %w", ErrFormat)
	}
	_, rest, found := bytes.Cut(tail[i:], []byte("%%EOF"))
	f.Whole = found && (len(rest) == 0 || string(rest) == "\n" || string(rest) == "\r" || string(rest) == "\r\n")
	return at, nil
}

// readSections follows the chain of sections from the newest to the oldest. What a
// newer one says of an object holds.
func (f *File) readSections(at int64) error {
	seen := make(map[int64]bool)
	for at != 0 {
		if seen[at] || len(seen) >= maxRevisions {
			return fmt.Errorf("following cross-reference sections to %d: %w", at, ErrTooMuch)
		}
		seen[at] = true
		f.Revisions++
		d, err := f.readSection(at)
		if err != nil {
			return fmt.Errorf("reading the cross-reference section at %d: %w", at, err)
		}
		if f.Trailer == nil {
			f.Trailer = d
		}
		_, encrypted := d["Encrypt"]
		f.Encrypted = f.Encrypted || encrypted
		if at, err = f.offset(d, "Prev"); err != nil {
			return err
		}
	}
	return nil
}

// offset gives an entry of a trailer that points into the file, 0 if there is none.
func (f *File) offset(d Dict, key Name) (int64, error) {
	v, ok := d[key]
	if !ok {
		return 0, nil
	}
	at, ok := v.(int64)
	if !ok || at <= 0 || at >= f.size {
		return 0, fmt.Errorf("reading %s of a trailer: %w", key, ErrFormat)
	}
	return at, nil
}

func (f *File) readSection(at int64) (Dict, error) {
	l := f.seekFar(at)
	tok, err := l.token()
	if err != nil {
		return nil, noEOF(err)
	}
	if num, ok := tok.(int64); ok {
		return f.readStreamSection(at, num)
	}
	if tok != Operator("xref") {
		return nil, fmt.Errorf("looking for a section: %w", ErrFormat)
	}
	if err := f.readTable(l); err != nil {
		return nil, err
	}
	v, err := l.Value()
	if err != nil {
		return nil, noEOF(err)
	}
	d, ok := v.(Dict)
	if !ok {
		return nil, fmt.Errorf("reading a trailer: %w", ErrFormat)
	}
	hidden, err := f.offset(d, "XRefStm")
	if err != nil || hidden == 0 {
		return d, err
	}
	_, err = f.readStreamSection(hidden, -1)
	return d, err
}

// seekFar is seek without the bound on objects, for tables of any length.
func (f *File) seekFar(at int64) *Lexer {
	f.lex.reset(io.NewSectionReader(f.r, at, max(f.size-at, 0)))
	return f.lex
}

// readTable reads the subsections of a classic table up to the word trailer.
func (f *File) readTable(l *Lexer) error {
	for {
		tok, err := l.token()
		if err != nil {
			return noEOF(err)
		}
		if tok == Operator("trailer") {
			return nil
		}
		l.back = append(l.back, tok)
		first, n, err := pair(l)
		if err != nil {
			return fmt.Errorf("reading the head of a subsection: %w", err)
		}
		for num := first; num < first+n; num++ {
			if err := f.readRow(l, num); err != nil {
				return err
			}
		}
	}
}

func (f *File) readRow(l *Lexer, num int64) error {
	var row [3]any
	for i := range row {
		tok, err := l.token()
		if err != nil {
			return noEOF(err)
		}
		row[i] = tok
	}
	at, ok := row[0].(int64)
	gen, ok2 := row[1].(int64)
	if !ok || !ok2 || gen < 0 || gen > 65535 {
		return fmt.Errorf("reading the entry of object %d: %w", num, ErrFormat)
	}
	switch row[2] {
	case Operator("n"):
		return f.set(num, entry{at, uint16(gen), plain})
	case Operator("f"):
		return f.set(num, entry{0, 0, free})
	}
	return fmt.Errorf("reading the entry of object %d: %w", num, ErrFormat)
}

// set notes where an object is, unless a newer section said so already.
func (f *File) set(num int64, e entry) error {
	if num < 0 || num >= maxObjects {
		return fmt.Errorf("noting object %d: %w", num, ErrTooMuch)
	}
	if e.kind == plain && (e.at < 0 || e.at >= f.size) {
		return fmt.Errorf("noting object %d at %d, outside the file: %w", num, e.at, ErrFormat)
	}
	for int64(len(f.entries)) <= num {
		f.entries = append(f.entries, entry{})
	}
	if f.entries[num].kind == unknown {
		f.entries[num] = e
	}
	return nil
}

// readStreamSection reads a cross-reference stream; num is its object number, or -1
// for any.
func (f *File) readStreamSection(at, num int64) (Dict, error) {
	if num < 0 {
		tok, err := f.seek(at).token()
		n, ok := tok.(int64)
		if err != nil || !ok {
			return nil, fmt.Errorf("looking for a section: %w", ErrFormat)
		}
		num = n
	}
	if num >= maxObjects {
		return nil, ErrTooMuch
	}
	v, err := f.objectAt(at, Ref{int(num), 0})
	if err != nil {
		return nil, err
	}
	s, ok := v.(Stream)
	if !ok || s.Dict["Type"] != Name("XRef") {
		return nil, fmt.Errorf("reading a cross-reference stream: %w", ErrFormat)
	}
	data, err := f.Decode(s, maxDecoded)
	if err != nil {
		return nil, err
	}
	return s.Dict, f.readRecords(s.Dict, data)
}

// readRecords takes the binary records of a cross-reference stream apart.
func (f *File) readRecords(d Dict, data []byte) error {
	widths, err := integers(d["W"], 3)
	if err != nil {
		return err
	}
	record := 0
	for _, w := range widths[:3] {
		if w < 0 || w > 8 {
			return fmt.Errorf("reading records of widths %v: %w", widths, ErrFormat)
		}
		record += int(w)
	}
	index := []int64{0, int64(len(data))}
	if v, ok := d["Index"]; ok {
		if index, err = integers(v, 2); err != nil {
			return err
		}
	}
	for ; len(index) >= 2 && record > 0; index = index[2:] {
		for num := index[0]; num < index[0]+index[1] && len(data) >= record; num++ {
			if err := f.readRecord(num, widths, data[:record]); err != nil {
				return err
			}
			data = data[record:]
		}
	}
	return nil
}

func (f *File) readRecord(num int64, widths []int64, data []byte) error {
	fields := [3]int64{1, 0, 0}
	for i, w := range widths[:3] {
		if w > 0 {
			fields[i] = 0
		}
		for _, c := range data[:w] {
			fields[i] = fields[i]<<8 | int64(c)
		}
		data = data[w:]
	}
	switch fields[0] {
	case 0:
		return f.set(num, entry{0, 0, free})
	case 1:
		return f.set(num, entry{fields[1], uint16(fields[2]), plain}) //nolint:gosec // two bytes are all that count
	case 2:
		return f.set(num, entry{fields[1], 0, packed})
	}
	return nil
}

// integers gives an array of at least n integers.
func integers(v any, n int) ([]int64, error) {
	a, _ := v.(Array)
	if len(a) < n {
		return nil, fmt.Errorf("reading an array of %d integers: %w", n, ErrFormat)
	}
	all := make([]int64, len(a))
	for i, x := range a {
		k, ok := x.(int64)
		if !ok {
			return nil, fmt.Errorf("reading an array of integers: %w", ErrFormat)
		}
		all[i] = k
	}
	return all, nil
}

// Package tiff takes apart the files of document scanners and fax servers: a chain
// of directories, each of them one page in one of a dozen codes. A page whose code
// may stand in a PDF is handed on as it is; the others are decoded by rows.
package tiff

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"hoso/pipeline/intake/fault"
)

// File is an open TIFF.
type File struct {
	r     io.ReaderAt
	size  int64
	order binary.ByteOrder
	big   bool
	pages []int64 // offsets of the directories that are pages
}

// Open finds the pages of the TIFF of size bytes in r, at most limit of them.
// Thumbnails are not pages.
func Open(r io.ReaderAt, size int64, limit int) (*File, error) {
	f, first, err := begin(r, size)
	if err != nil {
		return nil, err
	}
	return f, f.walk(first, limit)
}

// begin reads the header, which says where the first directory is.
func begin(r io.ReaderAt, size int64) (f *File, first int64, err error) {
	f = &File{r: r, size: size, order: binary.LittleEndian}
	var head [16]byte
	n, err := r.ReadAt(head[:], 0)
	if n < 8 {
		return nil, 0, fault.Cut("TIFF", err)
	}
	if head[0] == 'M' {
		f.order = binary.BigEndian
	}
	first = int64(f.order.Uint32(head[4:]))
	if f.order.Uint16(head[2:]) == 43 {
		f.big = true
		if n < 16 || f.order.Uint16(head[4:]) != 8 {
			return nil, 0, fault.Broken("TIFF", errors.New("bad BigTIFF header"))
		}
		first = int64(f.order.Uint64(head[8:])) //nolint:gosec // a negative offset is refused below
	}
	return f, first, nil
}

// mostLooked is how many directories are looked at for a second page.
const mostLooked = 16

// Several reports whether the file of size bytes in r is a TIFF of more than one page. It
// reads little more than two directories of one that is, and looks at no page.
func Several(r io.ReaderAt, size int64) (bool, error) {
	var head [4]byte
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return false, fault.Cut("TIFF", err)
	}
	switch string(head[:]) {
	case "II*\x00", "MM\x00*", "II+\x00", "MM\x00+":
	default:
		return false, nil
	}
	f, next, err := begin(r, size)
	for pages, looked := 0, 0; err == nil && next != 0 && looked < mostLooked; looked++ {
		var d map[uint16]field
		if d, next, err = f.directory(next); err == nil && f.isPage(d) {
			pages++
		}
		if pages > 1 {
			return true, nil
		}
	}
	return false, err
}

// isPage reports whether a directory is one of a page, and not of a thumbnail.
func (f *File) isPage(d map[uint16]field) bool {
	sub, ok := f.number(d[tagSubfile])
	return !ok || sub&1 == 0
}

func (f *File) walk(next int64, limit int) error {
	seen := map[int64]bool{}
	for next != 0 {
		if seen[next] || len(seen) > 4*limit+16 {
			return fault.Broken("TIFF", errors.New("the directories form a loop"))
		}
		seen[next] = true
		d, after, err := f.directory(next)
		if err != nil {
			return err
		}
		if f.isPage(d) {
			f.pages = append(f.pages, next)
		}
		if len(f.pages) > limit {
			return fault.PagesTooMany(len(f.pages), limit)
		}
		next = after
	}
	if len(f.pages) == 0 {
		return fault.PagesNone("TIFF")
	}
	return nil
}

// Pages is the number of pages.
func (f *File) Pages() int { return len(f.pages) }

// field is an entry of a directory, its values not read yet.
type field struct {
	kind  uint16
	count int64
	raw   [8]byte
}

// directory reads the entries at offset at and the offset of the next directory.
func (f *File) directory(at int64) (map[uint16]field, int64, error) {
	word, entry := int64(2), int64(12)
	if f.big {
		word, entry = 8, 20
	}
	head, err := f.bytes(at, word)
	if err != nil {
		return nil, 0, err
	}
	n := f.uint(head)
	if n == 0 || n > 4096 {
		return nil, 0, fault.Broken("TIFF", fmt.Errorf("a directory of %d entries", n))
	}
	tail := int64(4)
	if f.big {
		tail = 8
	}
	b, err := f.bytes(at+word, n*entry+tail)
	if err != nil {
		return nil, 0, err
	}
	fields := make(map[uint16]field, n)
	for i := range n {
		e := b[i*entry : (i+1)*entry]
		fl := field{kind: f.order.Uint16(e[2:])}
		fl.count = f.uint(e[4 : 4+tail])
		copy(fl.raw[:], e[4+tail:])
		fields[f.order.Uint16(e)] = fl
	}
	return fields, f.uint(b[n*entry:]), nil
}

// bytes reads n bytes at an offset that the file states.
func (f *File) bytes(at, n int64) ([]byte, error) {
	if at < 0 || n < 0 || at > f.size-n {
		return nil, fault.Cut("TIFF", fmt.Errorf("%d bytes wanted at %d of %d", n, at, f.size))
	}
	b := make([]byte, n)
	if _, err := f.r.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading TIFF: %w", err)
	}
	return b, nil
}

// uint reads a number of 2, 4 or 8 bytes.
func (f *File) uint(b []byte) int64 {
	switch len(b) {
	case 2:
		return int64(f.order.Uint16(b))
	case 4:
		return int64(f.order.Uint32(b))
	case 8:
		return int64(f.order.Uint64(b)) //nolint:gosec // negative values are refused where they are used
	}
	return 0
}

// width is the number of bytes that one value of a field takes, 0 if its type is
// unknown.
func (fl field) width() int64 {
	widths := [...]int64{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8}
	if int(fl.kind) >= len(widths) {
		return 0
	}
	return widths[fl.kind]
}

// data gives the bytes of a field's values; nil if there are none or too many.
func (f *File) data(fl field) ([]byte, int64, error) {
	width := fl.width()
	if width == 0 || fl.count <= 0 || fl.count > 1<<22 {
		return nil, 0, nil
	}
	n := fl.count * width
	if n <= f.inline() {
		return fl.raw[:n], width, nil
	}
	b, err := f.bytes(f.uint(fl.raw[:f.inline()]), n)
	return b, width, err
}

// inline is how many bytes of values stand in an entry itself.
func (f *File) inline() int64 {
	if f.big {
		return 8
	}
	return 4
}

// numbers gives the values of a field of whole numbers.
func (f *File) numbers(fl field) ([]int64, error) {
	b, width, err := f.data(fl)
	if err != nil || width == 0 {
		return nil, err
	}
	out := make([]int64, 0, len(b)/int(width))
	for i := int64(0); i+width <= int64(len(b)); i += width {
		if width == 1 {
			out = append(out, int64(b[i]))
			continue
		}
		out = append(out, f.uint(b[i:i+width]))
	}
	return out, nil
}

// number gives the first value of a field, and reads no other.
func (f *File) number(fl field) (int64, bool) {
	width := fl.width()
	if width == 0 || fl.count <= 0 {
		return 0, false
	}
	b := fl.raw[:width]
	if fl.count > f.inline()/width {
		var err error
		if b, err = f.bytes(f.uint(fl.raw[:f.inline()]), width); err != nil {
			return 0, false
		}
	}
	if width == 1 {
		return int64(b[0]), true
	}
	return f.uint(b), true
}

// Made gives what the first page says of the scanner and of the program that wrote it,
// as it stands there; "" for what it does not say.
func (f *File) Made() (maker, model, software string) {
	d, _, err := f.directory(f.pages[0])
	if err != nil {
		return "", "", ""
	}
	return f.text(d[tagMake]), f.text(d[tagModel]), f.text(d[tagSoftware])
}

// text gives the beginning of a field of text, "" if it is none.
func (f *File) text(fl field) string {
	const most = 256
	if fl.kind != 2 {
		return ""
	}
	fl.count = min(fl.count, most)
	b, _, err := f.data(fl)
	if err != nil {
		return ""
	}
	b, _, _ = bytes.Cut(b, []byte{0})
	return string(b)
}

// ratio gives the value of a field of type RATIONAL, 0 if it is none.
func (f *File) ratio(fl field) float64 {
	b, _, err := f.data(fl)
	if err != nil || fl.kind != 5 || len(b) < 8 {
		return 0
	}
	num, den := f.order.Uint32(b), f.order.Uint32(b[4:])
	if den == 0 {
		return 0
	}
	return float64(num) / float64(den)
}

// Package bundle is the form in which several files are received that are one paper
// together: the pages of a scanner that writes a file for each, a front and a back.
//
// It is a ZIP in which nothing is compressed, so that every file stands in it byte for
// byte and any program takes it out again. As EPUB and OpenDocument do, it begins with a
// member "mimetype" that says what it is. The members are named by their place alone,
// 0001.jpg, 0002.jpg: the same files in the same order are the same bytes, whatever they
// were called and whenever they were scanned.
package bundle

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"regexp"
	"strings"
)

// Media is the type of a bundle.
const Media = "application/vnd.hoso.bundle+zip"

// mark is the name of the first member.
const mark = "mimetype"

// headed is how the bytes of a bundle begin, from the name of the first member on.
const (
	nameAt = 30 // APPNOTE.TXT 4.3.7: where a local file header has the name
	headed = mark + Media
)

// Is reports whether a file that begins so is a bundle.
func Is(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) && len(head) >= nameAt+len(headed) &&
		string(head[nameAt:nameAt+len(headed)]) == headed
}

// ErrDamaged is returned for what claims to be a bundle and is none.
var ErrDamaged = errors.New("damaged bundle")

// Writer puts files together.
type Writer struct {
	zip   *zip.Writer
	count int
}

// NewWriter begins a bundle.
func NewWriter(w io.Writer) (*Writer, error) {
	b := &Writer{zip: zip.NewWriter(w)}
	if err := b.put(mark, []byte(Media)); err != nil {
		return nil, err
	}
	return b, nil
}

// put writes a small member with its size in front of it, so that its content stands
// right behind its name.
func (w *Writer) put(name string, content []byte) error {
	h := &zip.FileHeader{Name: name, Method: zip.Store, CRC32: crc32.ChecksumIEEE(content)}
	h.CompressedSize64, h.UncompressedSize64 = uint64(len(content)), uint64(len(content))
	to, err := w.zip.CreateRaw(h)
	if err == nil {
		_, err = to.Write(content)
	}
	if err != nil {
		return fmt.Errorf("writing a bundle: %w", err)
	}
	return nil
}

// Add puts a file behind those that are there. The ending, such as "jpg", is for people
// who take it out.
func (w *Writer) Add(ending string, content io.Reader) error {
	w.count++
	name := fmt.Sprintf("%04d.%s", w.count, ending)
	if !named.MatchString(name) {
		return fmt.Errorf("writing a bundle: %q is no name for a member", name)
	}
	to, err := w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
	if err == nil {
		_, err = io.Copy(to, content)
	}
	if err != nil {
		return fmt.Errorf("writing a bundle: %w", err)
	}
	return nil
}

// Close ends the bundle; the writer below it stays open.
func (w *Writer) Close() error {
	if err := w.zip.Close(); err != nil {
		return fmt.Errorf("writing a bundle: %w", err)
	}
	return nil
}

// Member is a file of a bundle.
type Member struct {
	Size int64 // bytes
	file *zip.File
}

// Name is the member's place in the bundle and its ending, such as 0001.jpg.
func (m Member) Name() string { return m.file.Name }

// Open gives the member's bytes; reading them to their end checks them.
func (m Member) Open() (io.ReadCloser, error) {
	r, err := m.file.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return r, nil
}

var named = regexp.MustCompile(`^\d{4,9}\.[a-z0-9]{1,8}$`)

// Members lists the files of a bundle of size bytes, in their order. What is not as
// Writer writes it is ErrDamaged.
func Members(in io.ReaderAt, size int64) ([]Member, error) {
	r, err := zip.NewReader(in, size)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if len(r.File) < 2 || r.File[0].Name != mark {
		return nil, fmt.Errorf("%w: nothing is in it", ErrDamaged)
	}
	members := make([]Member, 0, len(r.File)-1)
	left := size
	for i, f := range r.File[1:] {
		place := fmt.Sprintf("%04d.", i+1)
		switch {
		case f.Method != zip.Store || f.Flags&1 != 0 || f.CompressedSize64 != f.UncompressedSize64:
			return nil, fmt.Errorf("%w: member %d is packed or locked", ErrDamaged, i+1)
		case !named.MatchString(f.Name) || !strings.HasPrefix(f.Name, place):
			return nil, fmt.Errorf("%w: member %d has another name", ErrDamaged, i+1)
		case f.UncompressedSize64 > uint64(left): //nolint:gosec // never below 0; two may not share their bytes
			return nil, fmt.Errorf("%w: member %d is larger than what holds it", ErrDamaged, i+1)
		}
		length := int64(f.UncompressedSize64) //nolint:gosec // not above size
		left -= length
		members = append(members, Member{length, f})
	}
	return members, nil
}

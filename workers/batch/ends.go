package batch

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"regexp"
	"strconv"
)

// What is looked at of a file, in bytes.
const (
	beginning = 1024 // holds what a PDF for the web says of its length
	tail      = 2048 // some writers add a little behind the end
)

// complete reports whether a file has the end that its form wants. A form that has none is
// complete.
func complete(root *os.Root, p part) (bool, error) {
	s, err := open(root, p)
	if err != nil {
		return false, err
	}
	defer s.Close() //nolint:errcheck // only read from
	f := scanFile{ReaderAt: s.file, size: p.size, hollow: hollow(s.file, p.size)}
	if f.head, err = f.piece(0, beginning); err != nil {
		return false, ill(err)
	}
	if f.end, err = f.piece(max(p.size-tail, 0), tail); err != nil {
		return false, ill(err)
	}
	return f.whole(), nil
}

// scanFile is a file whose end is looked for.
type scanFile struct {
	io.ReaderAt
	size   int64
	hollow bool   // the room for some of it was taken and nothing written there
	head   []byte // its first bytes
	end    []byte // its last bytes
}

// piece reads a piece of the file, as far as there is one.
func (f scanFile) piece(at, size int64) ([]byte, error) {
	b := make([]byte, max(min(size, f.size-at), 0))
	if _, err := f.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return b, nil
}

// whole reports whether the file is whole, as far as its form tells. Pictures that are
// compressed have no holes.
func (f scanFile) whole() bool {
	if f.size > 0 && len(bytes.Trim(f.head[:min(16, len(f.head))], "\x00")) == 0 {
		return false // the room was taken and nothing written
	}
	switch {
	case f.begins("II*\x00"):
		return f.tiffWhole(binary.LittleEndian)
	case f.begins("MM\x00*"):
		return f.tiffWhole(binary.BigEndian)
	}
	known, ended := f.ended()
	return !known || ended && !f.hollow
}

func (f scanFile) begins(with string) bool { return bytes.HasPrefix(f.head, []byte(with)) }

// ended reports whether the form of the file has an end, and whether it is there.
func (f scanFile) ended() (known, there bool) {
	switch {
	case f.begins("\xFF\xD8"):
		return true, f.jpegWhole()
	case f.begins("\x89PNG\r\n\x1a\n"):
		return true, bytes.Contains(f.end, []byte("IEND\xAE\x42\x60\x82"))
	case f.begins("%PDF-"):
		return true, f.pdfWhole()
	case f.begins("PK\x03\x04"): // a table
		return true, bytes.Contains(f.end, []byte("PK\x05\x06"))
	case len(f.head) >= 12 && string(f.head[4:8]) == "ftyp": // a picture of a telephone
		return true, f.boxesWhole()
	}
	return false, false
}

// mostParts bounds how many parts of a file are looked at.
const mostParts = 10_000

// The markers of a JPEG (ITU-T T.81, table B.1).
const (
	jpegEnd  = 0xD9
	jpegScan = 0xDA
)

// jpegWhole reports whether a JPEG ends behind where its picture begins: the preview that
// cameras put before it has an end of its own.
func (f scanFile) jpegWhole() bool {
	end := bytes.LastIndex(f.end, []byte{0xFF, jpegEnd})
	if end < 0 {
		return false
	}
	at := int64(2)
	for range mostParts {
		b, err := f.piece(at, 4)
		switch {
		case err != nil || len(b) < 2:
			return false
		case b[0] != 0xFF || b[1] == jpegEnd:
			return true // what has no picture is for others to say
		case len(b) < 4:
			return false
		case b[1] == 0xFF: // a filling byte
			at++
		case b[1] == jpegScan:
			return f.size-int64(len(f.end)-end) > at
		default:
			at += 2 + int64(binary.BigEndian.Uint16(b[2:]))
		}
	}
	return true
}

// The lengths of PDFs that are laid out for the web (ISO 32000-1, annex F).
var (
	linearized   = regexp.MustCompile(`/Linearized\s`)
	linearLength = regexp.MustCompile(`/L\s*(\d{1,18})\b`)
)

// pdfWhole reports whether a PDF ends with its last revision. One for the web has an end
// behind its first page, and says how long it is; one that was signed or noted upon has an
// end for each time.
func (f scanFile) pdfWhole() bool {
	end := bytes.LastIndex(f.end, []byte("%%EOF"))
	if end < 0 {
		return false
	}
	after := bytes.TrimLeft(f.end[end+len("%%EOF"):], "\x00\t\n\f\r ")
	if len(after) > 0 && (after[0] >= '0' && after[0] <= '9' || bytes.HasPrefix(after, []byte("xref"))) {
		return false // the objects of another revision
	}
	if !linearized.Match(f.head) {
		return true
	}
	says := linearLength.FindSubmatch(f.head)
	if says == nil {
		return true
	}
	length, err := strconv.ParseInt(string(says[1]), 10, 64)
	return err != nil || length <= f.size
}

// boxesWhole reports whether the boxes of an ISO media file (ISO/IEC 14496-12, 4.2) fill
// it, and one of them holds the picture.
func (f scanFile) boxesWhole() bool {
	picture := false
	at := int64(0)
	for range mostParts {
		if at == f.size {
			return picture
		}
		b, err := f.piece(at, 16)
		if err != nil || len(b) < 8 {
			return false
		}
		picture = picture || string(b[4:8]) == "mdat"
		length := int64(binary.BigEndian.Uint32(b))
		switch {
		case length == 0: // up to the end of the file, wherever that is
			return true
		case length == 1 && len(b) == 16:
			length = int64(min(binary.BigEndian.Uint64(b[8:]), 1<<62))
		}
		if length < 8 || length > f.size-at {
			return false
		}
		at += length
	}
	return true
}

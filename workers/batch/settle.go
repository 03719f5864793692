package batch

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/shelf"
)

const (
	// skew is how far the clock of a file server may be off. A file older than that by its
	// own word lies still; a younger one has to be seen twice.
	skew = time.Hour
	// halfway is how long a file without an end may still be being written. After that it
	// is handed in as it is, and whoever reads it says what is wrong with it.
	halfway = 6 * time.Hour
)

// look is when a file was first seen as it is.
type look struct {
	part
	first time.Time
	whole bool // its end is there
}

// settler tells which files lie still.
type settler struct {
	settle time.Duration
	looks  map[string]look // of young files
	next   map[string]look
	wake   time.Time // when the next one may be settled; zero if none waits for that
}

// begin begins a walk.
func (s *settler) begin() { s.next, s.wake = map[string]look{}, time.Time{} }

// end ends it.
func (s *settler) end() { s.looks, s.next = s.next, nil }

// stirs says why a file is to be waited for; the zero Reason if it lies still. first is
// when it was first seen as it is, if it is seen for the first time in this run.
func (s *settler) stirs(root *os.Root, e shelf.Entry, first, now time.Time) pipeline.Reason {
	p := part{e.Path, e.Size, e.Changed}
	if s.settle <= 0 || now.Sub(e.Changed) >= max(halfway, s.settle) {
		return pipeline.Reason{}
	}
	l := s.looks[e.Path]
	if !l.same(p) {
		l = look{part: p, first: first}
	}
	defer func() { s.next[e.Path] = l }()
	if still := s.since(l, now); still < s.settle {
		if at := now.Add(s.settle - still); s.wake.IsZero() || at.Before(s.wake) {
			s.wake = at
		}
		return changing()
	}
	if l.whole {
		return pipeline.Reason{}
	}
	why := lacksEnd(root, p, now)
	l.whole = why.IsZero() // or it cannot be read, which handing it in will tell
	return why
}

// lacksEnd says why a file that lies still is to be waited for all the same.
func lacksEnd(root *os.Root, p part, now time.Time) pipeline.Reason {
	switch whole, err := complete(root, p); {
	case errors.Is(err, errLocked):
		return lockedNow()
	case errors.Is(err, errChanged):
		return changing()
	case err == nil && !whole && now.Sub(p.changed) < halfway:
		return unfinished()
	}
	return pipeline.Reason{}
}

// since is for how long a file has been as it is, by both clocks.
func (s *settler) since(l look, now time.Time) time.Duration {
	seen, told := now.Sub(l.first), now.Sub(l.changed)
	switch {
	case told >= max(skew, s.settle):
		return told
	case told < 0: // the other clock is ahead
		return seen
	}
	return min(seen, told)
}

// tail is how much of the end of a file is looked at.
const tail = 2048

// complete reports whether a file has the end that its form wants. A form that has none is
// complete.
func complete(root *os.Root, p part) (bool, error) {
	s, err := open(root, p)
	if err != nil {
		return false, err
	}
	defer s.Close() //nolint:errcheck // only read from
	head := make([]byte, min(p.size, 16))
	if _, err := s.file.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return false, ill(err)
	}
	end := make([]byte, min(p.size, tail))
	if _, err := s.file.ReadAt(end, p.size-int64(len(end))); err != nil && !errors.Is(err, io.EOF) {
		return false, ill(err)
	}
	return ends(s.file, p.size, head, end), nil
}

// ends reports whether a file that begins and ends so is whole.
func ends(file io.ReaderAt, size int64, head, end []byte) bool {
	switch {
	case size > 0 && len(bytes.Trim(head, "\x00")) == 0:
		return false // the room was taken and nothing written
	case bytes.HasPrefix(head, []byte("\xFF\xD8")):
		return bytes.Contains(end, []byte("\xFF\xD9"))
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return bytes.Contains(end, []byte("IEND\xAE\x42\x60\x82"))
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return bytes.Contains(end, []byte("%%EOF"))
	case bytes.HasPrefix(head, []byte("II*\x00")):
		return tiffWhole(file, size, binary.LittleEndian)
	case bytes.HasPrefix(head, []byte("MM\x00*")):
		return tiffWhole(file, size, binary.BigEndian)
	}
	return true
}

// The tags of a TIFF that say where its picture is (TIFF 6.0, section 8 and 15).
const (
	tagStripOffsets = 273
	tagStripCounts  = 279
	tagTileOffsets  = 324
	tagTileCounts   = 325
)

// mostPictures bounds how many pictures of a TIFF are looked at.
const mostPictures = 10_000

// tiffWhole reports whether all that the directories of a TIFF point at lies within it.
// What is no TIFF after all is for others to say.
func tiffWhole(file io.ReaderAt, size int64, order binary.ByteOrder) bool {
	var b [8]byte
	if _, err := file.ReadAt(b[:], 0); err != nil {
		return false
	}
	at := int64(order.Uint32(b[4:]))
	if at == 0 {
		return false // writers put it there in the end
	}
	for range mostPictures {
		var n [2]byte
		if _, err := file.ReadAt(n[:], at); err != nil {
			return false
		}
		entries := make([]byte, int(order.Uint16(n[:]))*12+4)
		if _, err := file.ReadAt(entries, at+2); err != nil {
			return false
		}
		if !pictureWithin(file, size, order, entries) {
			return false
		}
		if at = int64(order.Uint32(entries[len(entries)-4:])); at == 0 {
			return true
		}
	}
	return true
}

// pictureWithin reports whether the strips or tiles of a directory end within the file.
func pictureWithin(file io.ReaderAt, size int64, order binary.ByteOrder, entries []byte) bool {
	var last, count int64
	for e := entries; len(e) >= 12; e = e[12:] {
		tag := order.Uint16(e)
		if tag != tagStripOffsets && tag != tagStripCounts && tag != tagTileOffsets && tag != tagTileCounts {
			continue
		}
		v, ok := lastValue(file, order, e[:12])
		if !ok {
			return false
		}
		if tag == tagStripOffsets || tag == tagTileOffsets {
			last = v
		} else {
			count = v
		}
	}
	return last+count <= size
}

// lastValue gives the last of the values of an entry of type SHORT or LONG.
func lastValue(file io.ReaderAt, order binary.ByteOrder, e []byte) (int64, bool) {
	width := map[uint16]int64{3: 2, 4: 4}[order.Uint16(e[2:])]
	n := int64(order.Uint32(e[4:]))
	if width == 0 || n == 0 {
		return 0, true
	}
	b := make([]byte, 4)
	if n*width <= 4 {
		copy(b, e[8+(n-1)*width:8+n*width])
	} else if _, err := file.ReadAt(b[:width], int64(order.Uint32(e[8:]))+(n-1)*width); err != nil {
		return 0, false
	}
	if width == 2 {
		return int64(order.Uint16(b)), true
	}
	return int64(order.Uint32(b)), true
}

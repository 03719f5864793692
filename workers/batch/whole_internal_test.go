package batch

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"
)

func wholeOf(b []byte) bool {
	f := scanFile{ReaderAt: bytes.NewReader(b), size: int64(len(b))}
	f.head, _ = f.piece(0, beginning)
	f.end, _ = f.piece(max(f.size-tail, 0), tail)
	return f.whole()
}

// TestTIFFThatLoops comes to an end with a TIFF whose directory names itself as the next one
// and has as many entries as there can be, each of which has to be looked up.
func TestTIFFThatLoops(t *testing.T) {
	t.Parallel()
	const entries = 65535
	b := append([]byte("II*\x00"), 8, 0, 0, 0)
	b = binary.LittleEndian.AppendUint16(b, entries)
	for range entries {
		b = binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(b, tagStripOffsets), 4)
		b = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(b, 2), 0)
	}
	b = binary.LittleEndian.AppendUint32(b, 8)
	began := time.Now()
	wholeOf(b)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

// FuzzWhole looks for the ends of strangers' files.
func FuzzWhole(f *testing.F) {
	for _, begin := range []string{
		"\xFF\xD8\xFF\xE1\x00\x04ab\xFF\xDA..\xFF\xD9", "\x89PNG\r\n\x1a\nIEND\xAE\x42\x60\x82", "%PDF-1.7 /Linearized 1/L 9 %%EOF", "PK\x03\x04PK\x05\x06",
		"\x00\x00\x00\x0cftypheic\x00\x00\x00\x01mdat\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "II*\x00\x08\x00\x00\x00\x01\x00\x11\x01\x04\x00\x02\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00",
		"MM\x00*\x00\x00\x00\x08\x00\x01\x01\x11\x00\x03\xFF\xFF\xFF\xFF\x00\x00\x00\x08\x00\x00\x00\x08", "", "\x00\x00",
	} {
		f.Add([]byte(begin))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		began := time.Now()
		wholeOf(b) // must come back
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%d bytes took %v", len(b), took)
		}
	})
}

// TestKnownStack: what was seen of a file says nothing of the one that has replaced it, which
// may be a page.
func TestKnownStack(t *testing.T) {
	t.Parallel()
	was := part{"tập 1.tif", 2000, time.Unix(1, 0)}
	is := part{"tập 1.tif", 1000, time.Unix(2, 0)}
	s := stacks{was.path: {was, true}}
	if several, known := s.known(was); !several || !known {
		t.Errorf("a file that was looked into: several %v, known %v", several, known)
	}
	if several, known := s.known(is); several || known {
		t.Errorf("another file in its place: several %v, known %v", several, known)
	}
}

package batch

import "encoding/binary"

// The tags of a TIFF that say where its picture is and how it is coded (TIFF 6.0,
// sections 8 and 15).
const (
	tagCompression  = 259
	tagStripOffsets = 273
	tagStripCounts  = 279
	tagTileOffsets  = 324
	tagTileCounts   = 325
)

// plain is the compression of a TIFF that has none.
const plain = 1

// mostEntries bounds how many entries of directories are looked at: those of 5,000 pages are
// fewer, those of directories that form a loop have no end.
const mostEntries = 200_000

// tiffWhole reports whether all that the directories of a TIFF point at lies within it and
// was written. What is no TIFF after all is for others to say.
func (f scanFile) tiffWhole(order binary.ByteOrder) bool {
	if len(f.head) < 8 {
		return false
	}
	at := int64(order.Uint32(f.head[4:]))
	if at == 0 {
		return false // writers put it there in the end
	}
	for looked := 0; looked < mostEntries; {
		n, err := f.piece(at, 2)
		if err != nil || len(n) < 2 {
			return false
		}
		looked += 1 + int(order.Uint16(n))
		size := int64(order.Uint16(n))*12 + 4
		entries, err := f.piece(at+2, size)
		if err != nil || int64(len(entries)) < size || !f.pictureWithin(order, entries) {
			return false
		}
		if at = int64(order.Uint32(entries[size-4:])); at == 0 {
			return true
		}
	}
	return true
}

// pictureWithin reports whether the strips or tiles of a directory end within the file,
// and it has no holes. Those of a picture without compression may be white paper.
func (f scanFile) pictureWithin(order binary.ByteOrder, entries []byte) bool {
	var last, count, compression int64
	for e := entries; len(e) >= 12; e = e[12:] {
		var into *int64
		switch order.Uint16(e) {
		case tagCompression:
			into = &compression
		case tagStripOffsets, tagTileOffsets:
			into = &last
		case tagStripCounts, tagTileCounts:
			into = &count
		default:
			continue
		}
		v, ok := f.lastValue(order, e[:12])
		if !ok {
			return false
		}
		*into = v
	}
	return last+count <= f.size && (!f.hollow || compression == plain)
}

// lastValue gives the last of the values of an entry of type SHORT or LONG.
func (f scanFile) lastValue(order binary.ByteOrder, e []byte) (int64, bool) {
	width := map[uint16]int64{3: 2, 4: 4}[order.Uint16(e[2:])]
	n := int64(order.Uint32(e[4:]))
	if width == 0 || n == 0 {
		return 0, true
	}
	b := e[8:]
	if n*width > 4 {
		var err error
		if b, err = f.piece(int64(order.Uint32(e[8:]))+(n-1)*width, width); err != nil || int64(len(b)) < width {
			return 0, false
		}
	} else {
		b = b[(n-1)*width:]
	}
	if width == 2 {
		return int64(order.Uint16(b)), true
	}
	return int64(order.Uint32(b)), true
}

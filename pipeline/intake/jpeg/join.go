package jpeg

import (
	"bytes"
	"encoding/binary"
)

// part is a JPEG of one scan, cut where its coded data begin.
type part struct {
	head   []byte // all segments behind the start of image, that of the scan among them
	frame  int    // where in head the frame header's content begins
	scan   int    // where in head the scan's marker stands
	coded  []byte
	height int
}

// Join makes one JPEG of the strips of a page, from top to bottom, without touching
// a coded coefficient: with a restart marker between two strips (ITU-T T.81, B.2.1)
// each still begins anew as it did. It reports false for strips that differ in more
// than their height, have restarts of their own, or do not end with whole units.
func Join(strips [][]byte, height int) ([]byte, bool) {
	parts, ok := cutAll(strips, height)
	if !ok {
		return nil, false
	}
	first := parts[0]
	interval := first.interval()
	if interval == 0 {
		return nil, false
	}
	binary.BigEndian.PutUint16(first.head[first.frame+1:], uint16(height)) //nolint:gosec // cutAll compared it
	out := append([]byte{0xff, 0xd8}, first.head[:first.scan]...)
	out = append(out, 0xff, 0xdd, 0, 4)
	out = binary.BigEndian.AppendUint16(out, interval)
	out = append(out, first.head[first.scan:]...)
	for i, p := range parts {
		if i > 0 {
			out = append(out, 0xff, 0xd0+byte((i-1)%8))
		}
		out = append(out, p.coded...)
	}
	return append(out, 0xff, 0xd9), true
}

// cutAll cuts strips that only differ in the height of the last.
func cutAll(strips [][]byte, height int) ([]part, bool) {
	if len(strips) < 2 || height > 0xffff {
		return nil, false
	}
	var parts []part
	total := 0
	for i, s := range strips {
		p, ok := cut(s)
		if !ok {
			return nil, false
		}
		parts = append(parts, p)
		total += p.height
		if last := i == len(strips)-1; !p.like(parts[0]) || !last && p.height != parts[0].height {
			return nil, false
		}
	}
	return parts, total == height
}

// cut finds the parts of a strip. Its head is a copy.
func cut(b []byte) (part, bool) {
	if !bytes.HasPrefix(b, []byte{0xff, 0xd8}) {
		return part{}, false
	}
	p := part{frame: -1}
	for at := 2; ; {
		kind, end := segmentAt(b, at)
		if end == 0 {
			return part{}, false
		}
		switch kind {
		case 0xc0, 0xc1:
			if p.frame >= 0 || !p.sof(b[at+4:end]) {
				return part{}, false
			}
			p.frame = at + 4 - 2
		case 0xda:
			p.head, p.scan, p.coded = bytes.Clone(b[2:end]), at-2, b[end:]
			return p, p.frame >= 0 && p.end()
		case 0xdb, 0xc4, 0xe0, 0xee, 0xfe: // tables, and what says nothing of the scan
		default:
			return part{}, false
		}
		at = end
	}
}

// segmentAt gives the marker of a segment and where it ends, 0 if none is there.
func segmentAt(b []byte, at int) (kind byte, end int) {
	if at+4 > len(b) || b[at] != 0xff {
		return 0, 0
	}
	end = at + 2 + int(binary.BigEndian.Uint16(b[at+2:]))
	if end > len(b) || end < at+4 {
		return 0, 0
	}
	return b[at+1], end
}

// sof notes the height that a frame header states.
func (p *part) sof(d []byte) bool {
	if len(d) < 6 || len(d) < 6+3*int(d[5]) {
		return false
	}
	p.height = int(binary.BigEndian.Uint16(d[1:]))
	return true
}

// end takes off the end of image, and reports whether there is nothing but one scan
// before it.
func (p *part) end() bool {
	for at := 0; ; at += 2 {
		i := bytes.IndexByte(p.coded[at:], 0xff)
		if i < 0 || at+i+1 >= len(p.coded) {
			return false
		}
		at += i
		switch p.coded[at+1] {
		case 0:
		case 0xd9:
			p.coded = p.coded[:at]
			return true
		default:
			return false
		}
	}
}

// like reports whether p's head differs from q's in nothing but the height.
func (p *part) like(q part) bool {
	if p.frame != q.frame || len(p.head) != len(q.head) {
		return false
	}
	a, b := p.frame+1, p.frame+3
	return bytes.Equal(p.head[:a], q.head[:a]) && bytes.Equal(p.head[b:], q.head[b:])
}

// interval is the number of coded units in a strip, 0 if it does not end with whole
// ones or they are too many for a restart interval.
func (p *part) interval() uint16 {
	f := p.head[p.frame:]
	width, most := int(binary.BigEndian.Uint16(f[3:])), [2]int{1, 1}
	for i := range int(f[5]) {
		factors := f[7+3*i]
		most[0], most[1] = max(most[0], int(factors>>4)), max(most[1], int(factors&15))
	}
	if f[5] == 1 { // a scan of one component counts single blocks
		most = [2]int{1, 1}
	}
	n := (width + 8*most[0] - 1) / (8 * most[0]) * (p.height / (8 * most[1]))
	if p.height%(8*most[1]) != 0 || n > 0xffff {
		return 0
	}
	return uint16(n) //nolint:gosec // compared above
}

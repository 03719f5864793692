package jpeg

import (
	"bytes"
	"errors"
	"slices"

	"hoso/pipeline/intake/fault"
)

// counter walks through the Huffman code of sequential scans and counts blocks
// (ITU-T T.81, F.2.2) without doing the arithmetic that makes pixels of them. A
// copy that broke off in the middle, or a scanner that ran out of memory, leaves
// fewer blocks than the frame promises, which decoders paint gray in silence.
type counter struct {
	tables  [8]*table // DC 0–3, AC 4–7
	restart int
}

// table gives for each 16-bit beginning the length of its code and the symbol.
type table struct {
	look [1 << 16]uint16 // symbol<<8 | length, 0 for no code
}

var errHuffman = errors.New("bad Huffman table")

func (c *counter) huffman(d []byte) error {
	for len(d) > 0 {
		if len(d) < 17 || d[0]&0x0f > 3 || d[0]>>4 > 1 {
			return fault.Broken("JPEG", errHuffman)
		}
		t := &table{}
		code, symbol := 0, 17
		for length := 1; length <= 16; length++ {
			for range int(d[length]) {
				if symbol >= len(d) || code >= 1<<length {
					return fault.Broken("JPEG", errHuffman)
				}
				from := code << (16 - length)
				entry := uint16(d[symbol])<<8 | uint16(length)
				for i := from; i < from+1<<(16-length); i++ {
					t.look[i] = entry
				}
				code++
				symbol++
			}
			code <<= 1
		}
		c.tables[int(d[0]>>4)*4+int(d[0]&3)] = t
		d = d[symbol:]
	}
	return nil
}

// unit is the blocks of one component in a minimum coded unit.
type unit struct {
	blocks int
	dc, ac *table
}

var errScan = errors.New("bad scan header")

// scan checks that data hold all units that a scan with this header must have.
func (c *counter) scan(info Info, f frame, head, data []byte) error {
	if len(head) < 1 || len(head) < 4+2*int(head[0]) || head[0] == 0 {
		return fault.Broken("JPEG", errScan)
	}
	var units []unit
	total := 0
	for i := range int(head[0]) {
		k := bytes.IndexByte(f.names, head[1+2*i])
		sel := head[2+2*i]
		if k < 0 || sel>>4 > 3 || sel&15 > 3 {
			return fault.Broken("JPEG", errScan)
		}
		u := unit{blocks: f.h[k] * f.v[k], dc: c.tables[sel>>4], ac: c.tables[4+sel&15]}
		total = f.units(info)
		if head[0] == 1 { // a scan of one component counts single blocks
			u.blocks, total = 1, f.blocks(info, k)
		}
		if u.dc == nil || u.ac == nil {
			return nil // the tables stand elsewhere (TIFF); nothing can be said
		}
		units = append(units, u)
	}
	return c.walk(units, total, data)
}

// walk reads total units.
func (c *counter) walk(units []unit, total int, data []byte) error {
	r := &bits{b: data}
	for done := range total {
		if c.restart > 0 && done > 0 && done%c.restart == 0 {
			r.skipMarker()
		}
		for _, u := range units {
			for range u.blocks {
				if !r.block(u) {
					return fault.Cut("JPEG", errors.New("fewer blocks than the frame promises"))
				}
			}
		}
	}
	return nil
}

// most gives the largest sampling factors.
func (f frame) most() (h, v int) { return slices.Max(f.h), slices.Max(f.v) }

// units is the number of minimum coded units of a frame.
func (f frame) units(info Info) int {
	h, v := f.most()
	return ceil(info.Width, 8*h) * ceil(info.Height, 8*v)
}

// blocks is the number of blocks of component k on its own.
func (f frame) blocks(info Info, k int) int {
	h, v := f.most()
	return ceil(ceil(info.Width*f.h[k], h), 8) * ceil(ceil(info.Height*f.v[k], v), 8)
}

func ceil(a, b int) int { return (a + b - 1) / b }

// bits reads the entropy-coded segment of a scan.
type bits struct {
	b    []byte
	at   int
	acc  uint64
	n    int // valid bits in acc
	fake int // of them, bits after the end of the data
}

func (r *bits) fill() {
	for r.n <= 48 {
		var v byte
		switch {
		case r.at >= len(r.b):
			r.fake += 8
		case r.b[r.at] != 0xff:
			v = r.b[r.at]
			r.at++
		case r.at+1 < len(r.b) && r.b[r.at+1] == 0:
			v = 0xff
			r.at += 2
		case r.at+1 < len(r.b) && r.b[r.at+1] == 0xff:
			r.at++
			continue
		default: // a restart marker: nothing more in this interval
			r.fake += 8
		}
		r.acc = r.acc<<8 | uint64(v)
		r.n += 8
	}
}

func (r *bits) symbol(t *table) (int, bool) {
	if r.n < 16 {
		r.fill()
	}
	e := t.look[uint16(r.acc>>(r.n-16))] //nolint:gosec // the low 16 bits are meant
	if e == 0 {
		return 0, false
	}
	r.n -= int(e & 0xff)
	return int(e >> 8), true
}

// block reads one block and reports whether it was there.
func (r *bits) block(u unit) bool {
	s, ok := r.symbol(u.dc)
	if !ok || s > 16 {
		return false
	}
	r.drop(s)
	for k := 1; k < 64; k++ {
		s, ok := r.symbol(u.ac)
		if !ok {
			return false
		}
		if s == 0 {
			break
		}
		k += s >> 4
		r.drop(s & 15)
	}
	// Bits that were made up after the end may be buffered but not used.
	return r.n >= r.fake
}

func (r *bits) drop(n int) {
	if r.n < n {
		r.fill()
	}
	r.n -= n
}

// skipMarker goes on after the next restart marker.
func (r *bits) skipMarker() {
	r.acc, r.n, r.fake = 0, 0, 0
	for r.at+1 < len(r.b) {
		if r.b[r.at] == 0xff && r.b[r.at+1] >= 0xd0 && r.b[r.at+1] <= 0xd7 {
			r.at += 2
			return
		}
		r.at++
	}
	r.at = len(r.b)
}

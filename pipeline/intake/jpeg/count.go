package jpeg

import (
	"bytes"
	"encoding/binary"
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

// table gives for each beginning of the code, 16 bits long, the symbol and how many
// bits it takes with the number that follows it: symbol<<8 | bits, 0 for no symbol.
// Most codes are short and found by fewer bits, in a table that stays close at hand.
type table struct {
	short [1 << shortBits]uint16
	look  [1 << 16]uint16
}

const shortBits = 10

// bitsOf is how many bits a symbol of a DC or AC table takes, the code itself being
// length long (F.1.2.1, F.1.2.2); 0 if there is no such symbol.
func bitsOf(class, symbol byte, length uint16) uint16 {
	switch {
	case class == 1:
		return length + uint16(symbol&15)
	case symbol <= 16:
		return length + uint16(symbol)
	}
	return 0
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
				if bits := bitsOf(d[0]>>4, d[symbol], uint16(length)); bits > 0 {
					t.set(code, length, uint16(d[symbol])<<8|bits)
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

// set enters what the code of this length stands for.
func (t *table) set(code, length int, entry uint16) {
	from := code << (16 - length)
	for i := from; i < from+1<<(16-length); i++ {
		t.look[i] = entry
	}
	if length > shortBits {
		return
	}
	from = code << (shortBits - length)
	for i := from; i < from+1<<(shortBits-length); i++ {
		t.short[i] = entry
	}
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

// enough is how many bits a symbol and its number may take together.
const enough = 32

// fill makes sure that there are enough bits for a symbol.
func (r *bits) fill() {
	if r.at+4 <= len(r.b) {
		// Four bytes without ff, as nearly always, are nothing but code.
		if v := binary.BigEndian.Uint32(r.b[r.at:]); (^v-0x01010101)&v&0x80808080 == 0 {
			r.acc, r.n, r.at = r.acc<<32|uint64(v), r.n+32, r.at+4
			return
		}
	}
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

// entry looks up the code that the n lowest bits of acc begin with; 0 if it is none.
func (t *table) entry(acc uint64, n int) uint16 {
	if e := t.short[acc>>(n-shortBits)&(1<<shortBits-1)]; e != 0 {
		return e
	}
	return t.look[uint16(acc>>(n-16))] //nolint:gosec // the low 16 bits are meant
}

// block reads one block and reports whether it was there.
func (r *bits) block(u unit) bool {
	t := u.dc
	acc, n := r.acc, r.n // a block is short, and every bit counts
	for k := 0; k < 64; k++ {
		if n < enough {
			r.acc, r.n = acc, n
			r.fill()
			acc, n = r.acc, r.n
		}
		e := t.entry(acc, n)
		if e == 0 {
			return false
		}
		n -= int(e & 0xff)
		symbol := int(e >> 8)
		if k == 0 {
			t = u.ac
			continue
		}
		if symbol == 0 {
			break // nothing but zeros follow
		}
		k += symbol >> 4
	}
	r.acc, r.n = acc, n
	// Bits that were made up after the end may be buffered but not used.
	return n >= r.fake
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

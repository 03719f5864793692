package jbig2

import "math/bits"

// state is one row of table E.1 of ITU-T T.88, once for each value of the more
// probable symbol: what a symbol costs, and where the estimate goes when the coder
// is renormalized.
type state struct {
	qe         uint32
	more, less uint8
}

// states lists table E.1 twice: entry 2i says that the more probable symbol is 0,
// entry 2i+1 that it is 1. Where the table says SWITCH, less changes sides.
func states() [256]state {
	rows := [47]struct {
		qe         uint32
		more, less uint8
		change     uint8
	}{
		{0x5601, 1, 1, 1},
		{0x3401, 2, 6, 0},
		{0x1801, 3, 9, 0},
		{0x0ac1, 4, 12, 0},
		{0x0521, 5, 29, 0},
		{0x0221, 38, 33, 0},
		{0x5601, 7, 6, 1},
		{0x5401, 8, 14, 0},
		{0x4801, 9, 14, 0},
		{0x3801, 10, 14, 0},
		{0x3001, 11, 17, 0},
		{0x2401, 12, 18, 0},
		{0x1c01, 13, 20, 0},
		{0x1601, 29, 21, 0},
		{0x5601, 15, 14, 1},
		{0x5401, 16, 14, 0},
		{0x5101, 17, 15, 0},
		{0x4801, 18, 16, 0},
		{0x3801, 19, 17, 0},
		{0x3401, 20, 18, 0},
		{0x3001, 21, 19, 0},
		{0x2801, 22, 19, 0},
		{0x2401, 23, 20, 0},
		{0x2201, 24, 21, 0},
		{0x1c01, 25, 22, 0},
		{0x1801, 26, 23, 0},
		{0x1601, 27, 24, 0},
		{0x1401, 28, 25, 0},
		{0x1201, 29, 26, 0},
		{0x1101, 30, 27, 0},
		{0x0ac1, 31, 28, 0},
		{0x09c1, 32, 29, 0},
		{0x08a1, 33, 30, 0},
		{0x0521, 34, 31, 0},
		{0x0441, 35, 32, 0},
		{0x02a1, 36, 33, 0},
		{0x0221, 37, 34, 0},
		{0x0141, 38, 35, 0},
		{0x0111, 39, 36, 0},
		{0x0085, 40, 37, 0},
		{0x0049, 41, 38, 0},
		{0x0025, 42, 39, 0},
		{0x0015, 43, 40, 0},
		{0x0009, 44, 41, 0},
		{0x0005, 45, 42, 0},
		{0x0001, 45, 43, 0},
		{0x5601, 46, 46, 0},
	}
	var table [256]state // as many as a byte can name
	for i, r := range rows {
		for symbol := range uint8(2) {
			table[2*uint8(i)+symbol] = state{r.qe, 2*r.more + symbol, 2*r.less + (symbol ^ r.change)}
		}
	}
	return table
}

// coder is the arithmetic encoder of T.88, annex E.2, in the registers of E.2.2. It
// holds the last byte back, since a carry may still change it.
type coder struct {
	c, a  uint32
	ct    int // shifts until a byte is complete
	out   []byte
	table [256]state
	cx    [1 << 16]uint8 // by context: the state, 2 × index + more probable symbol
}

// reset begins a stream behind what out holds, which must not be empty and must not
// end in FF: the first carry has nowhere to go but there, and never comes.
func (m *coder) reset(out []byte) {
	m.a, m.c, m.ct, m.out, m.table = 0x8000, 0, 12, out, states()
}

// encode codes one symbol, 0 or 1, in a context (E.2.3 to E.2.5).
func (m *coder) encode(context uint32, symbol uint8) {
	at := &m.cx[context&0xffff]
	s := &m.table[*at]
	m.a -= s.qe
	likely := symbol == *at&1
	if likely && m.a&0x8000 != 0 {
		m.c += s.qe
		return
	}
	// Of the two parts of the interval the larger one is the likelier symbol's.
	if likely == (m.a < s.qe) {
		m.a = s.qe
	} else {
		m.c += s.qe
	}
	*at = s.less
	if likely {
		*at = s.more
	}
	m.renormalize()
}

// run codes n zeros in a context, exactly as n calls of encode: as long as nothing
// is to be renormalized, the more probable symbol only moves the registers by a
// fixed step.
func (m *coder) run(context uint32, n int) {
	for n > 0 {
		at := m.cx[context]
		if at&1 == 0 {
			qe := m.table[at].qe
			steps := min(n, int((m.a-0x8000)/qe))
			m.a -= uint32(steps) * qe //nolint:gosec // at most 8000h
			m.c += uint32(steps) * qe //nolint:gosec // likewise
			n -= steps
		}
		if n > 0 {
			m.encode(context, 0)
			n--
		}
	}
}

// renormalize shifts until the interval is above a half again (E.2.6).
func (m *coder) renormalize() {
	shift := bits.LeadingZeros16(uint16(m.a)) //nolint:gosec // below 8000h
	m.a <<= shift
	for shift >= m.ct {
		m.c <<= m.ct
		shift -= m.ct
		m.byteOut()
	}
	m.c <<= shift
	m.ct -= shift
}

// byteOut moves a byte from the register to the stream; after FF only seven bits,
// so that a carry cannot run further (E.2.7).
func (m *coder) byteOut() {
	last := &m.out[len(m.out)-1]
	if *last != 0xff && m.c >= 1<<27 {
		*last++
		m.c &= 1<<27 - 1
	}
	if *last == 0xff {
		m.out = append(m.out, byte(m.c>>20))
		m.c &= 1<<20 - 1
		m.ct = 7
		return
	}
	m.out = append(m.out, byte(m.c>>19))
	m.c &= 1<<19 - 1
	m.ct = 8
}

// flush ends the stream with its marker and returns everything written (E.2.9).
func (m *coder) flush() []byte {
	top := m.c + m.a
	m.c |= 0xffff
	if m.c >= top {
		m.c -= 0x8000
	}
	for range 2 {
		m.c <<= m.ct
		m.byteOut()
	}
	if m.out[len(m.out)-1] != 0xff {
		m.out = append(m.out, 0xff)
	}
	return append(m.out, 0xac)
}

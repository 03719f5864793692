package compose

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
)

// writeFont writes the one font of the record: a composite font whose every code
// shows a glyph without ink half an em wide. The glyph must not be .notdef even in
// invisible text (ISO 19005-2, 6.2.11.8), so all codes are mapped to glyph 1.
func writeFont(o *output, num int, codes *codeSet) {
	descendant, descriptor, file := o.reserve(), o.reserve(), o.reserve()
	glyphs, unicode := o.reserve(), o.reserve()

	o.object(num, fmt.Sprintf("<< /Type /Font /Subtype /Type0 /BaseFont /Hoso /Encoding /Identity-H"+
		" /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>", descendant, unicode))
	o.object(descendant, fmt.Sprintf("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Hoso"+
		" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"+
		" /FontDescriptor %d 0 R /DW 500 /CIDToGIDMap %d 0 R >>", descriptor, glyphs))
	o.object(descriptor, fmt.Sprintf("<< /Type /FontDescriptor /FontName /Hoso /Flags 5"+
		" /FontBBox [0 -200 500 800] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80"+
		" /FontFile2 %d 0 R >>", file))
	font := trueType()
	o.deflated(file, fmt.Sprintf("/Length1 %d", len(font)), font)
	o.deflated(glyphs, "", bytes.Repeat([]byte{0, 1}, 1<<16))
	o.deflated(unicode, "", toUnicode(codes.mappings()))
}

// toUnicode writes a CMap with one bfchar line per used code; ranges would be
// shorter, but not every reader gets them right.
func toUnicode(all []mapping) []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for len(all) > 0 {
		n := min(100, len(all)) // the most that one block may hold
		fmt.Fprintf(&b, "%d beginbfchar\n", n)
		for _, m := range all[:n] {
			fmt.Fprintf(&b, "<%04X> <", m.code)
			for _, u := range m.text {
				fmt.Fprintf(&b, "%04X", u)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
		all = all[n:]
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\n" + strings.Repeat("end\n", 2))
	return b.Bytes()
}

// trueType builds the font file: two glyphs in an em of 1,000 units, and just the
// tables that ISO 32000-1, 9.9 asks for with a cmap for readers that insist. Glyph 1
// is one stroke from corner to corner and back: it encloses nothing, so it could
// never leave ink, but it has a bounding box. Without one pdfium passes over words
// of a single letter and MuPDF over pages of a single line.
func trueType() []byte {
	return sfnt([]table{
		{"cmap", be(uint16(0), uint16(1), uint16(3), uint16(1), uint32(12), // one Windows Unicode map
			uint16(4), uint16(32), uint16(0), uint16(4), uint16(4), uint16(1), uint16(0), // format 4, 2 segments
			uint16(0x20), uint16(0xFFFF), uint16(0), uint16(0x20), uint16(0xFFFF),
			uint16(0xFFE1), uint16(1), uint16(0), uint16(0))},
		{"glyf", be(int16(1), int16(0), int16(-200), int16(500), int16(800), // one contour, bounding box
			uint16(1), uint16(0), [2]byte{1, 1}, int16(0), int16(500), int16(-200), int16(1000))},
		{"head", be(uint32(1<<16), uint32(1<<16), uint32(0), uint32(0x5F0F3CF5), uint16(3), uint16(1000),
			uint64(0), uint64(0), int16(0), int16(-200), int16(500), int16(800), // dates, bounding box
			uint16(0), uint16(8), int16(2), int16(0), int16(0))},
		{"hhea", be(uint32(1<<16), int16(800), int16(-200), int16(0), uint16(500), [11]int16{}, uint16(1))},
		{"hmtx", be(uint16(500), int16(0), int16(0))},
		{"loca", be(uint16(0), uint16(0), uint16(12))},
		{"maxp", be(uint32(1<<16), uint16(2), [13]uint16{0: 2, 1: 1, 4: 1})},
		{"post", be(uint32(3<<16), [7]uint32{})},
	})
}

// table is one table of an sfnt file; tables stand in the order of their tags.
type table struct {
	tag  string
	data []byte
}

// be lays values out in big-endian order.
func be(values ...any) []byte {
	var b []byte
	for _, v := range values {
		var err error
		if b, err = binary.Append(b, binary.BigEndian, v); err != nil {
			panic(err) // a value of no fixed size: a mistake in this file
		}
	}
	return b
}

func sfnt(tables []table) []byte {
	power, log := 1, 0
	for power*2 <= len(tables) {
		power, log = power*2, log+1
	}
	n := len(tables)
	head := be(uint32(1<<16), uint16(n), uint16(power*16), uint16(log), uint16((n-power)*16)) //nolint:gosec // a handful
	var body []byte
	offset, headAt := len(head)+16*n, 0
	for _, t := range tables {
		if t.tag == "head" {
			headAt = offset + len(body)
		}
		head = append(head, t.tag...)
		head = append(head, be(checksum(t.data), uint32(offset+len(body)), uint32(len(t.data)))...) //nolint:gosec // a few hundred bytes
		body = append(body, t.data...)
		body = append(body, strings.Repeat("\x00", -len(body)&3)...)
	}
	file := append(head, body...)
	binary.BigEndian.PutUint32(file[headAt+8:], 0xB1B0AFBA-checksum(file))
	return file
}

func checksum(data []byte) uint32 {
	var sum uint32
	for i, c := range data {
		sum += uint32(c) << (24 - 8*(i%4))
	}
	return sum
}

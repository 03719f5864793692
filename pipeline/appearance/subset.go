package appearance

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
)

var errFont = errors.New("the font of appearances is not as expected")

// trueType is a TrueType file taken apart.
type trueType struct {
	tables map[string][]byte
	long   bool // offsets of glyphs have four bytes
	glyphs int
}

func parseTrueType(file []byte) (*trueType, error) {
	if len(file) < 12 {
		return nil, errFont
	}
	t := &trueType{tables: map[string][]byte{}}
	for i := range int(binary.BigEndian.Uint16(file[4:])) {
		if len(file) < 28+16*i {
			return nil, errFont
		}
		e := file[12+16*i:]
		offset, length := uint64(binary.BigEndian.Uint32(e[8:])), uint64(binary.BigEndian.Uint32(e[12:]))
		if offset+length > uint64(len(file)) {
			return nil, errFont
		}
		t.tables[string(e[:4])] = file[offset : offset+length]
	}
	if len(t.tables["head"]) < 54 || len(t.tables["maxp"]) < 32 || len(t.tables["hhea"]) < 36 {
		return nil, errFont
	}
	t.long = binary.BigEndian.Uint16(t.tables["head"][50:]) == 1
	t.glyphs = int(binary.BigEndian.Uint16(t.tables["maxp"][4:]))
	return t, nil
}

// glyph gives the outline of a glyph, empty for one without ink.
func (t *trueType) glyph(id int) ([]byte, error) {
	loca, glyf := t.tables["loca"], t.tables["glyf"]
	at := func(i int) int {
		if t.long {
			return int(binary.BigEndian.Uint32(loca[4*i:]))
		}
		return 2 * int(binary.BigEndian.Uint16(loca[2*i:]))
	}
	size := 2
	if t.long {
		size = 4
	}
	if id < 0 || id >= t.glyphs || len(loca) < size*(t.glyphs+1) {
		return nil, fmt.Errorf("finding glyph %d: %w", id, errFont)
	}
	from, to := at(id), at(id+1)
	if from > to || to > len(glyf) {
		return nil, fmt.Errorf("finding glyph %d: %w", id, errFont)
	}
	return glyf[from:to], nil
}

// Flags of the parts of a composite glyph.
const (
	wordArguments = 1 << 0
	hasScale      = 1 << 3
	moreParts     = 1 << 5
	hasTwoScales  = 1 << 6
	hasMatrix     = 1 << 7
	hasProgram    = 1 << 8
)

// bare gives a glyph without its hinting program, and the glyphs that it is made of.
func bare(g []byte) (out []byte, parts []int, err error) {
	if len(g) == 0 {
		return nil, nil, nil
	}
	if len(g) < 12 {
		return nil, nil, errFont
	}
	if contours := int(int16(binary.BigEndian.Uint16(g))); contours >= 0 { //nolint:gosec // a sign is meant
		at := 10 + 2*contours
		if len(g) < at+2 {
			return nil, nil, errFont
		}
		program := int(binary.BigEndian.Uint16(g[at:]))
		if len(g) < at+2+program {
			return nil, nil, errFont
		}
		return slices.Concat(g[:at], []byte{0, 0}, g[at+2+program:]), nil, nil
	}
	out = slices.Clone(g)
	for at := 10; ; {
		if len(g) < at+8 {
			return nil, nil, errFont
		}
		flags := binary.BigEndian.Uint16(g[at:])
		binary.BigEndian.PutUint16(out[at:], flags&^hasProgram)
		parts = append(parts, int(binary.BigEndian.Uint16(g[at+2:])))
		at += partSize(flags)
		if len(g) < at {
			return nil, nil, errFont
		}
		if flags&moreParts == 0 {
			return out[:at], parts, nil
		}
	}
}

func partSize(flags uint16) int {
	n := 6
	if flags&wordArguments != 0 {
		n += 2
	}
	switch {
	case flags&hasScale != 0:
		n += 2
	case flags&hasTwoScales != 0:
		n += 4
	case flags&hasMatrix != 0:
		n += 8
	}
	return n
}

// subset gives a font file with these glyphs and those that they are made of. Glyphs keep
// their numbers, so that codes need no map; what is not used has no outline, no width and
// compresses to nothing. Programs for hinting are left out: they are more than half of the
// bytes, and readers of PDF draw without them.
func (t *trueType) subset(used []int) ([]byte, error) {
	kept := map[int][]byte{}
	for todo := slices.Concat([]int{0}, used); len(todo) > 0; {
		id := todo[0]
		todo = todo[1:]
		if _, done := kept[id]; done {
			continue
		}
		g, err := t.glyph(id)
		if err != nil {
			return nil, err
		}
		outline, parts, err := bare(g)
		if err != nil {
			return nil, fmt.Errorf("taking glyph %d: %w", id, err)
		}
		kept[id] = outline
		todo = append(todo, parts...)
	}
	count := 1 + slices.Max(slices.Collect(maps.Keys(kept)))
	var glyf, loca, hmtx []byte
	for id := range count {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf))) //nolint:gosec // some kilobytes
		outline, used := kept[id]
		glyf = append(glyf, outline...)
		glyf = append(glyf, make([]byte, -len(glyf)&3)...)
		metric := make([]byte, 4)
		if used {
			metric = t.metric(id)
		}
		hmtx = append(hmtx, metric...)
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf))) //nolint:gosec // likewise
	head, maxp, hhea := slices.Clone(t.tables["head"]), slices.Clone(t.tables["maxp"]), slices.Clone(t.tables["hhea"])
	binary.BigEndian.PutUint32(head[8:], 0)
	binary.BigEndian.PutUint16(head[50:], 1)
	binary.BigEndian.PutUint16(maxp[4:], uint16(count))  //nolint:gosec // of 65,536 at most
	binary.BigEndian.PutUint16(hhea[34:], uint16(count)) //nolint:gosec // likewise
	for at := 14; at < 28; at += 2 {                     // nothing is left that runs
		binary.BigEndian.PutUint16(maxp[at:], 0)
	}
	binary.BigEndian.PutUint16(maxp[14:], 1) // zones: 1 means no twilight
	return sfntFile(map[string][]byte{"glyf": glyf, "head": head, "hhea": hhea, "hmtx": hmtx, "loca": loca, "maxp": maxp}), nil
}

// metric gives width and left bearing of a glyph; those behind the last width share it.
func (t *trueType) metric(id int) []byte {
	widths := int(binary.BigEndian.Uint16(t.tables["hhea"][34:]))
	hmtx := t.tables["hmtx"]
	if id < widths && len(hmtx) >= 4*id+4 {
		return hmtx[4*id : 4*id+4]
	}
	at := 4*widths + 2*(id-widths)
	if widths == 0 || len(hmtx) < at+2 {
		return make([]byte, 4)
	}
	return slices.Concat(hmtx[4*widths-4:4*widths-2], hmtx[at:at+2])
}

// sfntFile puts tables together in the order of their tags.
func sfntFile(tables map[string][]byte) []byte {
	n := len(tables)
	power, log := 1, 0
	for power*2 <= n {
		power, log = power*2, log+1
	}
	be := binary.BigEndian
	head := be.AppendUint32(nil, 1<<16)
	for _, v := range []int{n, power * 16, log, (n - power) * 16} {
		head = be.AppendUint16(head, uint16(v)) //nolint:gosec // a handful
	}
	var body []byte
	offset, headAt := len(head)+16*n, 0
	for _, tag := range slices.Sorted(maps.Keys(tables)) {
		data := tables[tag]
		if tag == "head" {
			headAt = offset + len(body)
		}
		head = append(head, tag...)
		for _, v := range []int{int(checksum(data)), offset + len(body), len(data)} {
			head = be.AppendUint32(head, uint32(v)) //nolint:gosec // some kilobytes
		}
		body = append(body, data...)
		body = append(body, make([]byte, -len(body)&3)...)
	}
	file := append(head, body...)
	be.PutUint32(file[headAt+8:], 0xB1B0AFBA-checksum(file))
	return file
}

func checksum(data []byte) uint32 {
	var sum uint32
	for i, c := range data {
		sum += uint32(c) << (24 - 8*(i%4))
	}
	return sum
}

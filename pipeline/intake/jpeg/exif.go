package jpeg

import (
	"bytes"
	"encoding/binary"
)

// The tags of EXIF that matter.
const (
	tagMake        = 0x10f
	tagModel       = 0x110
	tagOrientation = 0x112
	tagXResolution = 0x11a
	tagYResolution = 0x11b
	tagUnit        = 0x128
	tagSoftware    = 0x131
)

// The units of EXIF's resolution; without a unit it means inches.
const (
	unitNone       = 1
	unitCentimetre = 3
)

// exif reads orientation and resolution. What does not make sense is left out: a
// camera's notes are never a reason to refuse its picture.
func (w *walker) exif(segment []byte) {
	b, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00"))
	if !ok {
		return
	}
	d := readDirectory(b)
	if v := d.short(tagOrientation); v >= 1 && v <= 8 {
		w.info.Orientation = v
	}
	w.info.Make, w.info.Model, w.info.Software = d.text(tagMake), d.text(tagModel), d.text(tagSoftware)
	unit, x, y := d.short(tagUnit), d.rational(tagXResolution), d.rational(tagYResolution)
	if unit == unitCentimetre {
		x, y = x*2.54, y*2.54
	}
	if w.info.DPIX == 0 && unit != unitNone {
		w.info.DPIX, w.info.DPIY = x, y
	}
}

// directory is the first image directory of EXIF (TIFF 6.0).
type directory struct {
	b       []byte
	order   binary.ByteOrder
	entries map[uint16][]byte // of 12 bytes, by their tags
}

// readDirectory reads the entries that are there.
func readDirectory(b []byte) directory {
	d := directory{b: b, order: binary.LittleEndian, entries: map[uint16][]byte{}}
	if len(b) < 8 {
		return d
	}
	if b[0] == 'M' {
		d.order = binary.BigEndian
	}
	at := int64(d.order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return d
	}
	n := d.order.Uint16(b[at:])
	for e := b[at+2:]; n > 0 && len(e) >= 12; e = e[12:] {
		d.entries[d.order.Uint16(e)] = e[:12]
		n--
	}
	return d
}

// short gives a number of two bytes, 0 if there is none.
func (d directory) short(tag uint16) int {
	if e, ok := d.entries[tag]; ok {
		return int(d.order.Uint16(e[8:]))
	}
	return 0
}

// text gives the beginning of a text, "" if there is none.
func (d directory) text(tag uint16) string {
	const most = 256
	e, ok := d.entries[tag]
	if !ok || d.order.Uint16(e[2:]) != 2 {
		return ""
	}
	n, value := int64(d.order.Uint32(e[4:])), e[8:12]
	if n > 4 {
		at := int64(d.order.Uint32(e[8:]))
		if at > int64(len(d.b)) {
			return ""
		}
		value = d.b[at:]
	}
	value = value[:min(n, most, int64(len(value)))]
	value, _, _ = bytes.Cut(value, []byte{0})
	return string(value)
}

// rational gives a fraction, 0 if there is none.
func (d directory) rational(tag uint16) float64 {
	e, ok := d.entries[tag]
	if !ok || d.order.Uint16(e[2:]) != 5 {
		return 0
	}
	at := int64(d.order.Uint32(e[8:]))
	if at+8 > int64(len(d.b)) {
		return 0
	}
	den := d.order.Uint32(d.b[at+4:])
	if den == 0 {
		return 0
	}
	return float64(d.order.Uint32(d.b[at:])) / float64(den)
}

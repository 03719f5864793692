package jpeg

import "encoding/binary"

// exif reads orientation and resolution of the first image directory (TIFF 6.0).
// What does not make sense is left out: a camera's notes are never a reason to
// refuse its picture.
func (w *walker) exif(b []byte) {
	if len(b) < 8 {
		return
	}
	var order binary.ByteOrder = binary.LittleEndian
	if b[0] == 'M' {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return
	}
	n := int64(order.Uint16(b[at:]))
	unit, x, y := 2, 0.0, 0.0
	for i := range n {
		e := at + 2 + 12*i
		if e+12 > int64(len(b)) {
			break
		}
		entry := b[e : e+12]
		switch order.Uint16(entry) {
		case 0x112:
			if v := int(order.Uint16(entry[8:])); v >= 1 && v <= 8 {
				w.info.Orientation = v
			}
		case 0x11a:
			x = rational(b, order, entry)
		case 0x11b:
			y = rational(b, order, entry)
		case 0x128:
			unit = int(order.Uint16(entry[8:]))
		}
	}
	if unit == 3 {
		x, y = x*2.54, y*2.54
	}
	if w.info.DPIX == 0 && unit != 1 {
		w.info.DPIX, w.info.DPIY = x, y
	}
}

func rational(b []byte, order binary.ByteOrder, entry []byte) float64 {
	at := int64(order.Uint32(entry[8:]))
	if order.Uint16(entry[2:]) != 5 || at+8 > int64(len(b)) {
		return 0
	}
	den := order.Uint32(b[at+4:])
	if den == 0 {
		return 0
	}
	return float64(order.Uint32(b[at:])) / float64(den)
}

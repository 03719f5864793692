package pdf

import (
	"encoding/binary"

	"hoso/pipeline"
)

// allowedJPX looks for what ISO 19005-2, 6.2.8.3 demands: a JP2 file with one colour
// specification, 1 or 3 channels of 8 bits, and no separate bit depths.
func allowedJPX(b []byte, img pipeline.Image) bool {
	if len(b) < 12 || string(b[4:8]) != "jP  " {
		return false
	}
	var h jp2
	for len(b) >= 8 {
		n, kind := boxSize(b), string(b[4:8])
		if n < 8 || !h.take(kind, b[8:n]) { // a long box never stands in a header
			return false
		}
		if kind == "jp2h" {
			n = 8 // go on inside
		}
		b = b[n:]
	}
	return h.describes(img)
}

// boxSize is the length of the box that b begins with, its head included; the last
// box may go on to the end.
func boxSize(b []byte) int {
	n := int(binary.BigEndian.Uint32(b))
	if n == 0 || n > len(b) {
		return len(b)
	}
	return n
}

// jp2 is what the boxes of a JP2 file say of the image.
type jp2 struct {
	header                           bool
	width, height, channels, colours int
}

// take takes in a box. It reports whether PDF/A allows it.
func (h *jp2) take(kind string, body []byte) bool {
	switch kind {
	case "jp2h":
		h.header = true
	case "ihdr":
		if h.channels > 0 || len(body) < 14 || body[10] != 7 {
			return false
		}
		h.height, h.width = int(binary.BigEndian.Uint32(body)), int(binary.BigEndian.Uint32(body[4:]))
		h.channels = int(binary.BigEndian.Uint16(body[8:]))
	case "colr":
		h.colours++
	case "bpcc", "pclr", "cdef":
		return false
	}
	return true
}

// describes reports whether the boxes say of the image what the PDF says.
func (h *jp2) describes(img pipeline.Image) bool {
	if !h.header || h.colours != 1 || h.width != img.Width || h.height != img.Height {
		return false
	}
	switch img.Color {
	case pipeline.Gray:
		return h.channels == 1
	case pipeline.RGB:
		return h.channels == 3
	case pipeline.JPXColor:
		return h.channels == 1 || h.channels == 3
	case pipeline.Indexed: // a palette outside and a picture inside
	}
	return false
}

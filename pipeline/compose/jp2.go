package compose

import (
	"encoding/binary"
	"fmt"

	"hoso/pipeline"
)

// maxJP2Header bounds what is kept of a JPEG 2000 file to find its header; a colour
// profile may lie in there.
const maxJP2Header = 256 << 10

// jp2Check looks at the boxes of a JPEG 2000 file (ISO/IEC 15444-1, annex I) for
// what PDF/A-2 asks of it (ISO 19005-2, 6.2.8.3): the boxes must be there, so a bare
// codestream is refused, and the output intent wants one or three channels.
type jp2Check struct {
	want pipeline.Image
	head []byte
}

// Write keeps the beginning.
func (j *jp2Check) Write(b []byte) (int, error) {
	if n := maxJP2Header - len(j.head); n > 0 {
		j.head = append(j.head, b[:min(n, len(b))]...)
	}
	return len(b), nil
}

func (j *jp2Check) verdict() error {
	kind, _, rest := box(j.head)
	if kind != "jP  " {
		return fmt.Errorf("checking JPEG 2000 data without boxes: %w", ErrImage)
	}
	for len(rest) > 0 {
		var body []byte
		if kind, body, rest = box(rest); kind == "jp2h" {
			return j.header(body)
		}
		if kind == "" || kind == "jp2c" {
			break
		}
	}
	return fmt.Errorf("looking for the header of JPEG 2000 data: %w", ErrImage)
}

// header checks the superbox that holds size and colour.
func (j *jp2Check) header(rest []byte) error {
	colours := 0
	var size []byte
	for len(rest) > 0 {
		var kind string
		var body []byte
		kind, body, rest = box(rest)
		switch kind {
		case "ihdr":
			size = body
		case "bpcc":
			return fmt.Errorf("checking JPEG 2000 channels of different depths: %w", ErrImage)
		case "colr":
			if colours++; !colourAllowed(body) {
				return fmt.Errorf("checking the colour space of JPEG 2000 data: %w", ErrImage)
			}
		}
	}
	if len(size) < 14 || colours != 1 {
		return fmt.Errorf("checking JPEG 2000 data with %d colour spaces: %w", colours, ErrImage)
	}
	return j.size(size)
}

func (j *jp2Check) size(b []byte) error {
	height, width := int64(binary.BigEndian.Uint32(b)), int64(binary.BigEndian.Uint32(b[4:]))
	channels := int(binary.BigEndian.Uint16(b[8:]))
	if channels != 1 && channels != 3 {
		return fmt.Errorf("checking JPEG 2000 data of %d channels: %w", channels, ErrImage)
	}
	wrong := j.want.Color == pipeline.Gray && channels != 1 || j.want.Color == pipeline.RGB && channels != 3
	if wrong || width != int64(j.want.Width) || height != int64(j.want.Height) {
		return fmt.Errorf("comparing JPEG 2000 data of %d by %d pixels, %d channels with %d by %d in %s: %w",
			width, height, channels, j.want.Width, j.want.Height, j.want.Color, ErrMismatch)
	}
	return nil
}

// colourAllowed knows the colour specifications that an sRGB output intent can
// stand for: sRGB, sYCC and gray by number, or a profile.
func colourAllowed(b []byte) bool {
	if len(b) < 3 {
		return false
	}
	switch b[0] {
	case 1:
		if len(b) < 7 {
			return false
		}
		n := binary.BigEndian.Uint32(b[3:])
		return n >= 16 && n <= 18
	case 2, 3:
		return true
	}
	return false
}

// box splits off the next box; the kind is "" if there is none. A box that is cut
// off gives what there is of it.
func box(b []byte) (kind string, body, rest []byte) {
	if len(b) < 8 {
		return "", nil, nil
	}
	size, head := uint64(binary.BigEndian.Uint32(b)), 8
	kind = string(b[4:8])
	if size == 1 && len(b) >= 16 {
		size, head = binary.BigEndian.Uint64(b[8:]), 16
	}
	if size == 0 || size > uint64(len(b)) {
		size = uint64(len(b))
	}
	if size < uint64(head) {
		return "", nil, nil
	}
	return kind, b[head:size], b[size:]
}

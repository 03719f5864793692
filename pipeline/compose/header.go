package compose

import (
	"fmt"
	"io"

	"hoso/pipeline"
)

// headerCheck reads along while an image stream is copied, without holding it, and
// says at the end whether it is what its description says. Its Write never fails.
type headerCheck interface {
	io.Writer
	verdict() error
}

func newHeaderCheck(im pipeline.Image) headerCheck {
	switch im.Filter {
	case pipeline.DCT:
		return &jpegCheck{want: im}
	case pipeline.JPX:
		return &jp2Check{want: im}
	default:
		return noCheck{io.Discard}
	}
}

// noCheck is for streams that say nothing of themselves.
type noCheck struct{ io.Writer }

func (noCheck) verdict() error { return nil }

// jpegCheck compares the frame header of a JPEG with the description: one of four
// components under /DeviceRGB would pass every check of structure and show nothing.
type jpegCheck struct {
	want  pipeline.Image
	state jpegState
	left  int // bytes to pass over, or still to come of the frame header
	size  [2]byte
	frame []byte
	mark  byte
}

type jpegState int

const (
	jpegMarker jpegState = iota // waits for FF
	jpegCode                    // waits for the code of the marker
	jpegSizeHigh
	jpegSizeLow
	jpegSkip
	jpegFrame
	jpegDone
)

// Write takes the next bytes; it never fails.
func (h *jpegCheck) Write(b []byte) (int, error) {
	rest := b
	for len(rest) > 0 && h.state != jpegDone {
		if h.state == jpegSkip {
			n := min(h.left, len(rest))
			h.left -= n
			rest = rest[n:]
			if h.left == 0 {
				h.state = jpegMarker
			}
			continue
		}
		h.step(rest[0])
		rest = rest[1:]
	}
	return len(b), nil
}

func (h *jpegCheck) step(c byte) {
	switch h.state {
	case jpegMarker:
		if c == 0xFF {
			h.state = jpegCode
		}
	case jpegCode:
		h.code(c)
	case jpegSizeHigh:
		h.size[0], h.state = c, jpegSizeLow
	case jpegSizeLow:
		h.left = int(h.size[0])<<8 + int(c) - 2
		h.state = jpegSkip
		if isFrame(h.mark) {
			h.state = jpegFrame
		}
		if h.left <= 0 {
			h.state = jpegMarker
		}
	case jpegFrame:
		h.frame = append(h.frame, c)
		if len(h.frame) == 6 {
			h.state = jpegDone
		}
	default: // Write passes over the rest itself
	}
}

func (h *jpegCheck) code(c byte) {
	switch {
	case c == 0xFF: // fill byte
	case c == 0xDA || c == 0xD9: // scan or end before any frame
		h.state = jpegDone
	case c == 0 || c == 1 || c >= 0xD0 && c <= 0xD8: // no parameters
		h.state = jpegMarker
	default:
		h.mark, h.state = c, jpegSizeHigh
	}
}

// isFrame says whether a marker starts a frame header (ITU-T T.81, table B.1).
func isFrame(mark byte) bool {
	return mark >= 0xC0 && mark <= 0xCF && mark != 0xC4 && mark != 0xC8 && mark != 0xCC
}

// verdict compares what went by with the description.
func (h *jpegCheck) verdict() error {
	if len(h.frame) < 6 {
		return fmt.Errorf("looking for the frame header of a JPEG: %w", ErrMismatch)
	}
	f := h.frame
	bits, height, width, parts := int(f[0]), int(f[1])<<8+int(f[2]), int(f[3])<<8+int(f[4]), int(f[5])
	want := 3
	if h.want.Color == pipeline.Gray {
		want = 1
	}
	if bits != 8 || parts != want || width != h.want.Width || height != 0 && height != h.want.Height {
		return fmt.Errorf("comparing a JPEG of %d by %d pixels, %d components of %d bits with %d by %d in %s: %w",
			width, height, parts, bits, h.want.Width, h.want.Height, h.want.Color, ErrMismatch)
	}
	return nil
}

// Package jpeg reads what stands around the pixels of a JPEG, and makes sure that
// the pixels are all there, without decoding them: the stream a scanner wrote goes
// into the record as it is.
package jpeg

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"hoso/pipeline/intake/fault"
)

// Info is what a JPEG says of itself.
type Info struct {
	Width, Height int
	Bits          int // per component
	Components    int // 1 gray, 3 colour, 4 CMYK or YCCK
	Progressive   bool
	Adobe         int     // colour transform of the Adobe segment, -1 without one
	JFIF          bool    // has a JFIF segment
	RGBNames      bool    // the components are named R, G and B
	DPIX, DPIY    float64 // 0 if not stated
	Orientation   int     // of EXIF, 1 to 8; 1 if not stated
	Tables        bool    // has its own quantization tables

	Make, Model, Software string // of EXIF, as they stand there
}

// Parse walks over all segments of b. The errors are Refusals: a stream that ends
// before its last scan is complete is truncated, and what a PDF cannot show (lossless,
// arithmetic, hierarchical or 12-bit JPEG) is unsupported.
func Parse(b []byte) (Info, error) {
	w := &walker{b: b, info: Info{Adobe: -1, Orientation: 1}}
	if len(b) < 4 || b[0] != 0xff || b[1] != 0xd8 {
		return Info{}, fault.Broken("JPEG", errors.New("no start of image"))
	}
	w.at = 2
	for !w.done {
		if err := w.segment(); err != nil {
			return w.info, err
		}
	}
	if w.info.Width == 0 || w.scans == 0 {
		return w.info, fault.Broken("JPEG", errors.New("no image in it"))
	}
	return w.info, nil
}

type walker struct {
	b     []byte
	at    int
	done  bool
	scans int
	info  Info
	frame frame
	count counter
}

var errEnd = errors.New("no end of image")

// segment takes in the segment at w.at.
func (w *walker) segment() error {
	kind, ok := w.marker()
	if !ok {
		return w.cut()
	}
	switch {
	case kind == 0xd9:
		w.done = true
		return nil
	case kind == 0 || kind == 1 || kind >= 0xd0 && kind <= 0xd8:
		return nil
	}
	if w.at+2 > len(w.b) {
		return w.cut()
	}
	n := int(binary.BigEndian.Uint16(w.b[w.at:]))
	if n < 2 {
		return fault.Broken("JPEG", fmt.Errorf("segment %#x of length %d", kind, n))
	}
	if w.at+n > len(w.b) {
		return w.cut()
	}
	data := w.b[w.at+2 : w.at+n]
	w.at += n
	return w.take(kind, data)
}

// marker gives the next marker, without its FF.
func (w *walker) marker() (byte, bool) {
	for w.at < len(w.b) && w.b[w.at] != 0xff { // padding that some writers leave
		w.at++
	}
	for w.at < len(w.b) && w.b[w.at] == 0xff {
		w.at++
	}
	if w.at >= len(w.b) {
		return 0, false
	}
	w.at++
	return w.b[w.at-1], true
}

func (w *walker) cut() error { return fault.Cut("JPEG", errEnd) }

func (w *walker) take(kind byte, data []byte) error {
	switch kind {
	case 0xc0, 0xc1, 0xc2:
		return w.sof(kind, data)
	case 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf:
		return fault.Feature(fmt.Sprintf("JPEG SOF%d", kind-0xc0), nil)
	case 0xc4:
		return w.count.huffman(data)
	case 0xdb:
		w.info.Tables = true
	case 0xdd:
		if len(data) >= 2 {
			w.count.restart = int(binary.BigEndian.Uint16(data))
		}
	case 0xe0:
		w.jfif(data)
	case 0xe1:
		w.exif(data)
	case 0xee:
		w.adobe(data)
	case 0xda:
		return w.scan(data)
	}
	return nil
}

// frame is what the header of the frame says of the sampling.
type frame struct {
	names []byte
	h, v  []int
}

func (w *walker) sof(kind byte, d []byte) error {
	if w.info.Width != 0 {
		return fault.Broken("JPEG", errors.New("two frames"))
	}
	if len(d) < 6 || len(d) < 6+3*int(d[5]) {
		return fault.Broken("JPEG", errors.New("short frame header"))
	}
	w.info.Bits = int(d[0])
	w.info.Height, w.info.Width = int(binary.BigEndian.Uint16(d[1:])), int(binary.BigEndian.Uint16(d[3:]))
	w.info.Components, w.info.Progressive = int(d[5]), kind == 0xc2
	if w.info.Bits != 8 {
		return fault.Feature(fmt.Sprintf("JPEG with %d bits", w.info.Bits), nil)
	}
	if w.info.Width == 0 || w.info.Height == 0 {
		return fault.SizeBad(fmt.Sprintf("JPEG %d × %d", w.info.Width, w.info.Height))
	}
	switch w.info.Components {
	case 1, 3, 4:
	default:
		return fault.Feature(fmt.Sprintf("JPEG with %d components", w.info.Components), nil)
	}
	for i := range w.info.Components {
		if err := w.frame.component(d[6+3*i:]); err != nil {
			return err
		}
	}
	w.info.RGBNames = string(w.frame.names) == "RGB"
	return nil
}

// component takes in the name and the sampling factors of a component.
func (f *frame) component(c []byte) error {
	h, v := int(c[1]>>4), int(c[1]&15)
	if h < 1 || h > 4 || v < 1 || v > 4 {
		return fault.Broken("JPEG", errors.New("bad sampling factors"))
	}
	f.names, f.h, f.v = append(f.names, c[0]), append(f.h, h), append(f.v, v)
	return nil
}

func (w *walker) adobe(d []byte) {
	if len(d) >= 12 && bytes.HasPrefix(d, []byte("Adobe")) {
		w.info.Adobe = int(d[11])
	}
}

func (w *walker) jfif(d []byte) {
	if len(d) < 12 || !bytes.HasPrefix(d, []byte("JFIF\x00")) {
		return
	}
	w.info.JFIF = true
	x, y := float64(binary.BigEndian.Uint16(d[8:])), float64(binary.BigEndian.Uint16(d[10:]))
	switch d[7] {
	case 1:
		w.info.DPIX, w.info.DPIY = x, y
	case 2:
		w.info.DPIX, w.info.DPIY = x*2.54, y*2.54
	}
}

// scan checks the entropy-coded data after a scan header.
func (w *walker) scan(head []byte) error {
	if w.info.Width == 0 {
		return fault.Broken("JPEG", errors.New("a scan before the frame"))
	}
	w.scans++
	if w.scans > 200 {
		return fault.Feature("JPEG with more than 200 scans", nil)
	}
	from := w.at
	for {
		i := bytes.IndexByte(w.b[w.at:], 0xff)
		if i < 0 || w.at+i+1 >= len(w.b) {
			return w.cut()
		}
		w.at += i
		if next := w.b[w.at+1]; next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7) {
			break
		} else if next == 0xff {
			w.at++
		} else {
			w.at += 2
		}
	}
	if w.info.Progressive {
		return nil
	}
	return w.count.scan(w.info, w.frame, head, w.b[from:w.at])
}

// Turn splits an EXIF orientation into what is done to see the image upright: first
// mirrored left to right if mirror, then turned clockwise by quarters.
func Turn(orientation int) (quarters int, mirror bool) {
	switch orientation {
	case 2:
		return 0, true
	case 3:
		return 2, false
	case 4:
		return 2, true
	case 5:
		return 3, true
	case 6:
		return 1, false
	case 7:
		return 1, true
	case 8:
		return 3, false
	}
	return 0, false
}

// Merge puts the tables of an abbreviated table stream (TIFF's JPEGTables) into an
// image stream, and an Adobe segment that states the colour transform, 0 or 1, if
// transform is not negative. The coded pixels stay as they are.
func Merge(tables, stream []byte, transform int) ([]byte, error) {
	if len(stream) < 4 || stream[0] != 0xff || stream[1] != 0xd8 {
		return nil, fault.Broken("JPEG", errors.New("no start of image"))
	}
	out := make([]byte, 0, len(tables)+len(stream)+16)
	out = append(out, 0xff, 0xd8)
	if transform >= 0 {
		out = append(out, 0xff, 0xee, 0, 14)
		out = append(out, "Adobe\x00\x64\x00\x00\x00\x00"...)
		out = append(out, byte(transform))
	}
	if len(tables) > 4 {
		if tables[0] != 0xff || tables[1] != 0xd8 {
			return nil, fault.Broken("JPEG", errors.New("bad tables"))
		}
		out = append(out, bytes.TrimSuffix(tables[2:], []byte{0xff, 0xd9})...)
	}
	return append(out, stream[2:]...), nil
}

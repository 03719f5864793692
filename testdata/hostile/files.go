package hostile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"strings"

	"hoso/testdata/paper"
)

// Fate is what a sound reader does with a file.
type Fate string

// The fates.
const (
	Refuse Fate = "refuse" // the whole file, with a reason, within seconds and bounded memory
	Read   Fate = "read"   // it can be read; what is hostile in it is not carried out
	Either Fate = "either" // reading what is left and refusing are both right; hanging or swelling is not
)

// File is one hostile file. Bytes makes it anew.
type File struct {
	Name  string
	Fate  Fate
	Why   string
	Bytes func() ([]byte, error)
}

// Files lists all hostile files.
func Files() []File {
	return append(images(), documents()...)
}

func images() []File {
	return []File{
		{"empty.pdf", Refuse, "no bytes at all", func() ([]byte, error) { return nil, nil }},
		{"text-named-pdf.pdf", Refuse, "plain text under a PDF's name", func() ([]byte, error) {
			return []byte(strings.Repeat("Đây không phải là PDF.\n", 40)), nil
		}},
		{"jpeg-named-pdf.pdf", Read, "a JPEG under a PDF's name", photo},
		{"zeros.jpg", Refuse, "a megabyte of zeros", func() ([]byte, error) { return make([]byte, 1<<20), nil }},
		{"truncated.jpg", Either, "a JPEG that ends in the middle", func() ([]byte, error) {
			b, err := photo()
			return b[:len(b)/2], err
		}},
		{"header-only.jpg", Refuse, "a JPEG that ends after its header", func() ([]byte, error) {
			b, err := photo()
			return b[:200], err
		}},
		{"truncated.tif", Either, "a TIFF whose directory lies beyond its end", func() ([]byte, error) {
			b, err := faxed()
			return b[:len(b)/2], err
		}},
		{"loop.tif", Either, "a TIFF whose second directory is its first", loopedTIFF},
		{"huge-1bit.png", Either, "35,000 pixels square, 1 bit: 153 MB from 150 KB", func() ([]byte, error) {
			return blackPNG(35000, 1), nil
		}},
		{"huge-grey.png", Either, "20,000 pixels square, 8 bit: 400 MB from 400 KB", func() ([]byte, error) {
			return blackPNG(20000, 8), nil
		}},
		{"huge-g4.tif", Either, "35,000 pixels square, Group 4: 153 MB from 5 KB", func() ([]byte, error) {
			return hugeG4(35000), nil
		}},
		{"huge-claim.jpg", Refuse, "65,500 pixels square claimed, hardly any data", hugeJPEG},
	}
}

// photo is a small sound JPEG.
func photo() ([]byte, error) {
	img := image.NewGray(image.Rect(0, 0, 600, 850))
	for i := range img.Pix {
		img.Pix[i] = uint8(200 + i*7919%50)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		return nil, fmt.Errorf("encoding JPEG: %w", err)
	}
	return b.Bytes(), nil
}

func faxed() ([]byte, error) {
	page := image.NewPaletted(image.Rect(0, 0, 600, 850), color.Palette{color.Black, color.White})
	return paper.TIFF([]image.Image{page, page, page}, 100)
}

// loopedTIFF makes the last directory point to the first.
func loopedTIFF() ([]byte, error) {
	b, err := faxed()
	if err != nil {
		return nil, err
	}
	copy(b[len(b)-4:], b[4:8])
	return b, nil
}

// hugeJPEG raises the size in the frame header of a small JPEG.
func hugeJPEG() ([]byte, error) {
	b, err := photo()
	if err != nil {
		return nil, err
	}
	at := bytes.Index(b, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(b[at+5:], 65500)
	binary.BigEndian.PutUint16(b[at+7:], 65500)
	return b, nil
}

// blackPNG is a black grey PNG of the given side; all its bytes are zero, so its
// size is that of its compression.
func blackPNG(side, bits int) []byte {
	header := binary.BigEndian.AppendUint32(nil, uint32(side))
	header = binary.BigEndian.AppendUint32(header, uint32(side))
	header = append(header, byte(bits), 0, 0, 0, 0)
	row := int64((side*bits+7)/8 + 1)
	out := []byte("\x89PNG\r\n\x1a\n")
	out = chunk(out, "IHDR", header)
	out = chunk(out, "IDAT", zeros(row*int64(side)))
	return chunk(out, "IEND", nil)
}

func chunk(out []byte, kind string, data []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
	start := len(out)
	out = append(append(out, kind...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[start:]))
}

// hugeG4 is a white TIFF in which each row is one bit long: "as above".
func hugeG4(side int) []byte {
	strip := bytes.Repeat([]byte{0xff}, side/8)
	strip = append(strip, 0x00, 0x10, 0x01)
	out := append([]byte("II\x2a\x00"), 0, 0, 0, 0)
	out = append(out, strip...)
	if len(out)%2 == 1 {
		out = append(out, 0)
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)))
	entries := [][2]int{{256, side}, {257, side}, {258, 1}, {259, 4}, {262, 0}, {273, 8}, {277, 1}, {278, side}, {279, len(strip)}}
	out = binary.LittleEndian.AppendUint16(out, uint16(len(entries)))
	for _, e := range entries {
		out = binary.LittleEndian.AppendUint16(out, uint16(e[0]))
		out = binary.LittleEndian.AppendUint16(out, 4)
		out = binary.LittleEndian.AppendUint32(out, 1)
		out = binary.LittleEndian.AppendUint32(out, uint32(e[1]))
	}
	return append(out, 0, 0, 0, 0)
}

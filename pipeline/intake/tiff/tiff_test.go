package tiff_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"testing"

	xtiff "golang.org/x/image/tiff"

	"hoso/pipeline"
	"hoso/pipeline/intake/tiff"
)

func FuzzPicture(f *testing.F) {
	for _, c := range []xtiff.CompressionType{xtiff.Uncompressed, xtiff.Deflate} {
		for _, img := range []image.Image{image.NewGray(image.Rect(0, 0, 9, 5)), image.NewRGBA(image.Rect(0, 0, 5, 9))} {
			var b bytes.Buffer
			if err := xtiff.Encode(&b, img, &xtiff.Options{Compression: c, Predictor: true}); err != nil {
				f.Fatal(err)
			}
			f.Add(b.Bytes())
		}
	}
	f.Add(tiff.FaxFile(pipeline.Image{Width: 8, Height: 1, Fax: pipeline.FaxParms{K: -1}}, []byte{0x80, 0x08, 0x00, 0x80}))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _ = tiff.Several(bytes.NewReader(b), int64(len(b))) // must come back
		file, err := tiff.Open(bytes.NewReader(b), int64(len(b)), 3)
		if err != nil {
			return
		}
		for i := range file.Pages() {
			// No scratch space: what only libtiff's program can draw ends there.
			pic, err := file.Picture(t.Context(), i, tiff.Options{Pixels: 1 << 20, Bytes: 1 << 20, Scratch: "/nowhere/at/all"})
			if err == nil && (len(pic.Readable) == 0 || pic.Image.Width <= 0) {
				t.Errorf("%+v", pic.Image)
			}
		}
	})
}

// chain makes a TIFF of directories that say nothing but whether they are of a thumbnail.
func chain(order binary.AppendByteOrder, big bool, thumbnails ...uint32) []byte { //revive:disable-line:flag-parameter // two forms of one file
	magic := map[bool]string{false: "MM", true: "II"}[order == binary.AppendByteOrder(binary.LittleEndian)]
	offset := func(b []byte, at int) []byte { return order.AppendUint32(b, uint32(at)) }
	count := order.AppendUint16
	b := offset(order.AppendUint16([]byte(magic), 42), 8)
	if big {
		offset = func(b []byte, at int) []byte { return order.AppendUint64(b, uint64(at)) }
		count = func(b []byte, n uint16) []byte { return order.AppendUint64(b, uint64(n)) }
		b = offset(order.AppendUint16(order.AppendUint16(order.AppendUint16([]byte(magic), 43), 8), 0), 16)
	}
	for i, thumbnail := range thumbnails {
		b = count(b, 1)
		b = offset(order.AppendUint16(order.AppendUint16(b, 254), 4), 1)
		b = order.AppendUint32(b, thumbnail)
		if big {
			b = append(b, 0, 0, 0, 0)
		}
		next := len(b) + len(offset(nil, 0))
		if i == len(thumbnails)-1 {
			next = 0
		}
		b = offset(b, next)
	}
	return b
}

// TestSeveral tells files of several pages from those of one, with or without a thumbnail.
func TestSeveral(t *testing.T) {
	t.Parallel()
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, big := range []bool{false, true} {
			for want, files := range map[bool][][]uint32{
				false: {{0}, {0, 1}, {1, 0}, {0, 1, 1}},
				true:  {{0, 0}, {0, 1, 0}, {0, 0, 0, 0, 0}},
			} {
				for _, thumbnails := range files {
					b := chain(order, big, thumbnails...)
					if got, err := tiff.Several(bytes.NewReader(b), int64(len(b))); got != want || err != nil {
						t.Errorf("%v, big %v: several of %v = %v, %v", order, big, thumbnails, got, err)
					}
				}
			}
		}
	}
	cut := chain(binary.LittleEndian, false, 0, 0)
	cut = cut[:len(cut)-20]
	for _, b := range [][]byte{nil, []byte("II"), []byte("%PDF-1.7 and more"), cut} {
		if several, _ := tiff.Several(bytes.NewReader(b), int64(len(b))); several {
			t.Errorf("%q is several pages", b)
		}
	}
}

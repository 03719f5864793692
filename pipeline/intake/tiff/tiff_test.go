package tiff_test

import (
	"bytes"
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

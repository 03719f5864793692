package intake_test

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/intake"
)

// FuzzOpen: whatever the bytes, opening and taking out all pages ends in pages or
// in a refusal, and a page that is given is consistent.
func FuzzOpen(f *testing.F) {
	img := letter(24, 34)
	small := jpegBytes(f, img)
	for _, seed := range [][]byte{
		small,
		withEXIF(small, 6, 100),
		photo(f, said{271, "EPSON\x00"}, said{272, "DS-530 \x1b\x00"}, said{305, "của Lan"}),
		saidTIFF(f, said{271, "EPSON\x00"}, said{305, strings.Repeat("x", 300)}),
		writtenPDF("<</Creator(A\\000\\033)/Producer<FEFF00FF>>>", ""),
		writtenPDF("null", `<tiff:Make>&#27;RICOH</tiff:Make> xmp:CreatorTool="&lt;"`),
		pngBytes(f, img),
		pngBytes(f, bilevel(img)),
		tiffBytes(f, img),
		tiffBytes(f, bilevel(img)),
		onePage(useImage, fullPage, stream(scanEntries(24, 34, "/ColorSpace/DeviceRGB/Filter/DCTDecode"), small)),
		onePage("/MediaBox[0 0 40 60]/Resources<</Font<</F 5 0 R>>>>", "BT /F 9 Tf 5 30 Td (text) Tj ET",
			"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"),
		bundled(f, part{"jpg", small}, part{"png", pngBytes(f, bilevel(img))}, part{"tif", tiffBytes(f, img)}),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		path := save(t, "in", b)
		limits := intake.Limits{Pages: 4, Pixels: 1 << 22, FileBytes: 1 << 20, DecodedBytes: 1 << 24, ProgramTime: 5 * time.Second}
		d, err := intake.Open(t.Context(), path, intake.Options{Scratch: t.TempDir(), Limits: limits})
		if err != nil {
			expected(t, err)
			return
		}
		shownSafely(t, d.Device(t.Context()))
		for n := 1; n <= d.Pages(); n++ {
			l, err := d.Page(t.Context(), n)
			if err != nil {
				expected(t, err)
				continue
			}
			if len(l.Carrier) == 0 || l.Image.Width <= 0 || l.Image.Height <= 0 || l.Turn < 0 || l.Turn > 3 {
				t.Errorf("page %d: %d bytes of %d × %d, turn %d", n, len(l.Carrier), l.Image.Width, l.Image.Height, l.Turn)
			}
			if !(l.WidthPt >= 2.99 && l.WidthPt <= 14401 && l.HeightPt >= 2.99 && l.HeightPt <= 14401) {
				t.Errorf("page %d: %g × %g pt", n, l.WidthPt, l.HeightPt)
			}
			if !(l.Image.DPIX > 0) || !(l.Image.DPIY > 0) || len(l.Readable) == 0 {
				t.Errorf("page %d: %g × %g dpi, %s with %d bytes to read", n, l.Image.DPIX, l.Image.DPIY, l.Origin, len(l.Readable))
			}
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
}

func expected(t *testing.T, err error) {
	t.Helper()
	if _, ok := pipeline.AsRefusal(err); !ok {
		t.Errorf("%v (%T), want a refusal", err, errors.Unwrap(err))
	}
}

// FuzzDevice: whatever stands in the notes of a camera or scanner, they are no reason to
// refuse its picture, and what is taken of them can be shown.
func FuzzDevice(f *testing.F) {
	small := jpegBytes(f, letter(24, 34))
	for _, notes := range [][]said{
		{{271, "EPSON\x00"}, {272, "DS-530 \x1b\u202e\x00"}},
		{{305, "của Lan"}},
		{{271, "HP"}, {272, strings.Repeat("\xff\xfeố", 90)}},
	} {
		f.Add(append([]byte("II*\x00\x08\x00\x00\x00"), directoryOf(binary.LittleEndian, 8, notes...)...))
		f.Add(append([]byte("MM\x00*\x00\x00\x00\x08"), directoryOf(binary.BigEndian, 8, notes...)...))
	}
	f.Fuzz(func(t *testing.T, notes []byte) {
		notes = notes[:min(len(notes), 60000)]
		b := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(notes)+8))
		b = append(append(append(b, "Exif\x00\x00"...), notes...), small[2:]...)
		shownSafely(t, open(t, save(t, "in", b)).Device(t.Context()))
		if d, err := intake.Open(t.Context(), save(t, "tiff", notes), intake.Options{Scratch: t.TempDir()}); err == nil {
			shownSafely(t, d.Device(t.Context()))
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

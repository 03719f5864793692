package intake_test

import (
	"errors"
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

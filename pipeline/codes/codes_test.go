package codes_test

import (
	"image"
	"image/color"
	"testing"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/code39"
	"github.com/boombuler/barcode/qr"

	"hoso/pipeline"
	"hoso/pipeline/codes"
)

// must takes a code that was made.
func must(t *testing.T, b barcode.Barcode, err error) barcode.Barcode {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// engrave sets a code into a place of a gray picture.
func engrave(on *image.Gray, box image.Rectangle, b barcode.Barcode) {
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			on.Set(x, y, color.GrayModel.Convert(b.At((x-box.Min.X)*b.Bounds().Dx()/box.Dx(), (y-box.Min.Y)*b.Bounds().Dy()/box.Dy())))
		}
	}
}

func sheet(level uint8) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, 1654, 2339))
	for i := range img.Pix {
		img.Pix[i] = level
	}
	return img
}

// at is a place of unit pixels a module, high pixels high.
func at(x, y int, b barcode.Barcode, unit, high int) image.Rectangle {
	return image.Rect(x, y, x+unit*b.Bounds().Dx(), y+high)
}

// TestSeveralKinds finds codes of all kinds on one sheet, each where it stands.
func TestSeveralKinds(t *testing.T) {
	t.Parallel()
	const dossier, vietnamese, plain = "H98.15-260305-0042", "Mã hồ sơ: H98.15-260305-0042; Giấy chứng nhận", "BN-000417"
	square, err := qr.Encode(vietnamese, qr.M, qr.Unicode)
	square = must(t, square, err)
	dense, err := code128.Encode(dossier)
	must(t, dense, err)
	wide, err := code39.Encode(plain, false, false)
	must(t, wide, err)
	want := map[string]struct {
		kind pipeline.CodeKind
		box  image.Rectangle
	}{
		vietnamese: {pipeline.QR, at(200, 300, square, 3, 3*square.Bounds().Dx())},
		dossier:    {pipeline.Code128, at(900, 300, dense, 2, 80)},
		plain:      {pipeline.Code39, at(300, 1700, wide, 3, 90)},
	}
	img := sheet(250)
	engrave(img, want[vietnamese].box, square)
	engrave(img, want[dossier].box, dense)
	engrave(img, want[plain].box, wide)
	found, err := codes.Find(t.Context(), img)
	if err != nil || len(found) != len(want) {
		t.Fatalf("found %v, %v; want %d codes", found, err, len(want))
	}
	for _, f := range found {
		w, ok := want[f.Text]
		if !ok || f.Kind != w.kind {
			t.Errorf("found %s %q, which nobody printed", f.Kind, f.Text)
		}
		if !f.Box.In(w.box.Inset(-4)) || f.Box.Dx() < w.box.Dx()*8/10 {
			t.Errorf("%s stands at %v, found at %v", f.Kind, w.box, f.Box)
		}
	}
}

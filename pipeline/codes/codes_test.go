package codes_test

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/code39"
	"github.com/boombuler/barcode/qr"
	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"

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

// TestLarge reads codes as large as separator sheets and posters have them; a long and high
// barcode is found in many rows and at many sizes, and once.
func TestLarge(t *testing.T) {
	t.Parallel()
	const text = "HOSO1.D0*Y73"
	square, err := qr.Encode(text, qr.H, qr.AlphaNumeric)
	square = must(t, square, err)
	bars, err := code128.Encode(text)
	must(t, bars, err)
	for _, unit := range []int{6, 9, 12, 18, 26, 32} {
		img := sheet(255)
		engrave(img, at(400, 500, square, unit, unit*square.Bounds().Dx()), square)
		if found, err := codes.Find(t.Context(), img); err != nil || len(found) != 1 || found[0].Text != text {
			t.Errorf("a QR code with modules of %d: found %v, %v", unit, found, err)
		}
		if unit*bars.Bounds().Dx() > 1600 {
			continue
		}
		img = sheet(255)
		engrave(img, at(20, 500, bars, unit, 900), bars)
		if found, err := codes.Find(t.Context(), img); err != nil || len(found) != 1 || found[0].Text != text {
			t.Errorf("a barcode with modules of %d: found %v, %v", unit, found, err)
		}
	}
}

// TestTurnedAndInReverse reads codes however they lie: every quarter turn, a slope at which
// no row of pixels crosses all bars, light on dark, pale.
func TestTurnedAndInReverse(t *testing.T) {
	t.Parallel()
	const text = "H98.15-260305-0042"
	square, err := qr.Encode(text, qr.M, qr.Unicode)
	square = must(t, square, err)
	bars, err := code128.Encode(text)
	must(t, bars, err)
	for name, degrade := range map[string]func(*image.Gray) *image.Gray{
		"quarter": func(img *image.Gray) *image.Gray { return slanted(img, 90) },
		"half":    func(img *image.Gray) *image.Gray { return slanted(img, 180) },
		"slope":   func(img *image.Gray) *image.Gray { return slanted(img, 13) },
		"steep":   func(img *image.Gray) *image.Gray { return slanted(img, -38) },
		"reverse": func(img *image.Gray) *image.Gray { return levels(img, func(v int) int { return 255 - v }) },
		"pale":    func(img *image.Gray) *image.Gray { return levels(img, func(v int) int { return 185 + v/5 }) },
		"dark":    func(img *image.Gray) *image.Gray { return levels(img, func(v int) int { return v / 4 }) },
	} {
		for kind, c := range map[pipeline.CodeKind]barcode.Barcode{pipeline.QR: square, pipeline.Code128: bars} {
			img := sheet(255)
			size := at(600, 900, c, 4, 4*c.Bounds().Dx())
			if kind == pipeline.Code128 {
				size = at(600, 900, c, 2, 80)
			}
			engrave(img, size, c)
			found, err := codes.Find(t.Context(), degrade(img))
			if err != nil || len(found) != 1 || found[0].Text != text || found[0].Kind != kind {
				t.Errorf("%s, %s: found %v, %v", kind, name, found, err)
			}
		}
	}
}

// slanted turns a picture about its middle.
func slanted(img *image.Gray, degrees float64) *image.Gray {
	out := sheet(255)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	cx, cy := float64(img.Rect.Dx())/2, float64(img.Rect.Dy())/2
	draw.BiLinear.Transform(out, f64.Aff3{cos, -sin, cx - cos*cx + sin*cy, sin, cos, cy - sin*cx - cos*cy}, img, img.Rect, draw.Src, nil)
	return out
}

func levels(img *image.Gray, to func(int) int) *image.Gray {
	for i, v := range img.Pix {
		img.Pix[i] = uint8(to(int(v))) //nolint:gosec // a level
	}
	return img
}

// TestHostilePages: pages that look like nothing but codes end, with nothing found.
func TestHostilePages(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	dots := make([]byte, 700*700)
	for i := range dots {
		dots[i] = byte(r.IntN(2) * 255) //nolint:gosec // 0 or 255
	}
	finder := func(x, y int) bool {
		d := max(max(x, 6-x)-3, max(y, 6-y)-3)
		return d == 3 || d <= 1
	}
	for name, dark := range map[string]func(x, y int) bool{
		"modules without meaning": func(x, y int) bool { return dots[x/4*700+y/4] > 0 },
		"small ones":              func(x, y int) bool { return dots[x/2%700*700+y/2%700] > 0 },
		"chessboard":              func(x, y int) bool { return (x/4+y/4)%2 > 0 },
		"stripes":                 func(x, _ int) bool { return dots[x/2] > 0 },
		"noise":                   func(_, _ int) bool { return r.IntN(2) > 0 },
		"finders":                 func(x, y int) bool { return x/3%9 < 7 && y/3%9 < 7 && finder(x/3%9, y/3%9) },
	} {
		img := sheet(255)
		for y := range img.Rect.Dy() {
			for x := range img.Rect.Dx() {
				if dark(x, y) {
					img.Pix[y*img.Stride+x] = 0
				}
			}
		}
		found, err := codes.Find(t.Context(), img)
		if err != nil || len(found) > 0 {
			t.Errorf("%s: found %v, %v", name, found, err)
		}
	}
}

// TestSmallPictures: pictures too small for a code hold none.
func TestSmallPictures(t *testing.T) {
	t.Parallel()
	for _, size := range []image.Point{{0, 0}, {1, 1}, {8, 40000}, {39, 39}, {41, 41}, {40000, 40}} {
		img := image.NewGray(image.Rectangle{Max: size})
		for i := range img.Pix {
			img.Pix[i] = uint8(i * 37 % 256) //nolint:gosec // a level
		}
		if found, err := codes.Find(t.Context(), img); err != nil || len(found) > 0 {
			t.Errorf("%v: found %v, %v", size, found, err)
		}
	}
}

package wear_test

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"testing"

	"hoso/testdata/wear"
)

// page is white with a black bar of the given width in its middle.
func page(bar int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 96, 64))
	for y := range 64 {
		for x := range 96 {
			v := uint8(255)
			if x >= 48-bar/2 && x < 48-bar/2+bar {
				v = 0
			}
			img.SetRGBA(x, y, color.RGBA{v, v, v, 255})
		}
	}
	return img
}

// ink is how much darkness a row holds, in black pixels.
func ink(img *image.RGBA, y int) float64 {
	sum := 0.0
	for x := range img.Rect.Dx() {
		sum += float64(255-img.RGBAAt(x, y).R) / 255
	}
	return sum
}

// TestInk checks that blurring keeps the ink on the page, and that weight adds or
// takes as much as it says.
func TestInk(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		do   func(*image.RGBA)
		want float64
	}{
		"blur":   {func(i *image.RGBA) { wear.Blur(i, 1.3) }, 6},
		"down":   {func(i *image.RGBA) { wear.Smear(i, 3.5) }, 6},
		"across": {func(i *image.RGBA) { wear.Smear(i, -3.5) }, 6},
		"bold":   {func(i *image.RGBA) { wear.Weight(i, 1.5) }, 9},
		"thin":   {func(i *image.RGBA) { wear.Weight(i, -0.5) }, 5},
	} {
		img := page(6)
		c.do(img)
		if got := ink(img, 32); math.Abs(got-c.want) > 0.15 {
			t.Errorf("%s: a row holds %.2f black pixels, want %.2f", name, got, c.want)
		}
	}
}

// TestField darkens where it is told to.
func TestField(t *testing.T) {
	t.Parallel()
	img := page(0)
	f := wear.NewField(img.Rect)
	f.Edge(0.3, 0.5)
	f.Spot(0.9, 0.5, 0.2, 0.4)
	f.Apply(img)
	left, middle, spot := img.RGBAAt(0, 32).R, img.RGBAAt(52, 5).R, img.RGBAAt(86, 32).R
	if left > 135 || middle < 235 || spot > 190 {
		t.Errorf("edge %d, middle %d, spot %d: want about 128, 250, 165", left, middle, spot)
	}
	yellow := page(0)
	f = wear.NewField(yellow.Rect)
	f.Stain([3]float64{0, 0.1, 0.5}, 0.5, 1)
	f.Apply(yellow)
	if c := yellow.RGBAAt(40, 40); c.R < c.G || c.G <= c.B {
		t.Errorf("yellowed paper is %v", c)
	}
}

// TestPhotograph finds the corners of the page where they were put.
func TestPhotograph(t *testing.T) {
	t.Parallel()
	corners := [4]wear.Point{{X: 20, Y: 10}, {X: 120, Y: 16}, {X: 112, Y: 90}, {X: 14, Y: 84}}
	got := wear.Photograph(page(0), image.Pt(140, 100), corners, 1)
	for i, c := range corners {
		in := image.Pt(int(c.X*0.9+66.5*0.1), int(c.Y*0.9+50*0.1))
		out := image.Pt(int(c.X*1.1-66.5*0.1), int(c.Y*1.1-50*0.1))
		if got.RGBAAt(in.X, in.Y).R < 250 || got.RGBAAt(max(out.X, 0), max(out.Y, 0)).R > 120 {
			t.Errorf("corner %d: inside %v, outside %v", i, got.RGBAAt(in.X, in.Y), got.RGBAAt(max(out.X, 0), max(out.Y, 0)))
		}
	}
}

// TestSeeds gives the same dust for the same seed, and other for another.
func TestSeeds(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(*image.RGBA, uint64){
		"specks": func(i *image.RGBA, seed uint64) { wear.Specks(i, 10, seed) },
		"dirt":   func(i *image.RGBA, seed uint64) { wear.Dirt(i, 12, 20, seed) },
	} {
		a, b, c := page(4), page(4), page(4)
		do(a, 1)
		do(b, 1)
		do(c, 2)
		if !bytes.Equal(a.Pix, b.Pix) || bytes.Equal(a.Pix, c.Pix) || bytes.Equal(a.Pix, page(4).Pix) {
			t.Errorf("%s does not depend on its seed alone", name)
		}
	}
}

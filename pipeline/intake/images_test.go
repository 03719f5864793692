package intake_test

import (
	"bytes"
	"image"
	"image/color"
	"path/filepath"
	"slices"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/intake"
)

func TestTIFFKeepsEveryPixel(t *testing.T) {
	t.Parallel()
	src := letter(167, 235)
	bw, gr := bilevel(src), gray(src)
	for _, c := range []struct {
		name    string
		img     image.Image
		tiffcp  []string
		filter  pipeline.Filter
		carried bool // the file's own bytes
		bits    int
	}{
		{"uncompressed", src, []string{"-c", "none", "-r", "40"}, pipeline.Flate, false, 2},
		{"packbits", src, []string{"-c", "packbits", "-r", "40"}, pipeline.Flate, false, 2},
		{"lzw", src, []string{"-c", "lzw:2", "-r", "40"}, pipeline.Flate, false, 2},
		{"deflate strips", src, []string{"-c", "zip", "-r", "40"}, pipeline.Flate, false, 2},
		{"deflate", src, []string{"-c", "zip:1", "-r", "1000"}, pipeline.Flate, true, 8},
		{"deflate predicted", src, []string{"-c", "zip:2", "-r", "1000"}, pipeline.Flate, true, 8},
		{"deflate gray", gr, []string{"-c", "zip:2", "-r", "1000"}, pipeline.Flate, true, 8},
		{"tiles", src, []string{"-c", "lzw", "-t", "-w", "64", "-l", "32"}, pipeline.Flate, false, 2},
		{"planes", src, []string{"-p", "separate", "-c", "none"}, pipeline.Flate, false, 2},
		{"big", src, []string{"-8", "-c", "lzw"}, pipeline.Flate, false, 2},
		{"big-endian", gr, []string{"-B", "-c", "none"}, pipeline.Flate, false, 2},
		{"g4", bw, []string{"-c", "g4", "-r", "1000"}, pipeline.CCITT, true, 1},
		{"g4 strips", bw, []string{"-c", "g4", "-r", "50"}, pipeline.JBIG2, false, 1},
		{"g4 tiles", bw, []string{"-c", "g4", "-t", "-w", "64", "-l", "64"}, pipeline.JBIG2, false, 1},
		{"g4 low bit first", bw, []string{"-c", "g4", "-r", "1000", "-f", "lsb2msb"}, pipeline.CCITT, false, 1},
		{"one bit uncompressed", bw, []string{"-c", "none", "-r", "40"}, pipeline.JBIG2, false, 1},
		{"one bit packbits", bw, []string{"-c", "packbits", "-r", "1000"}, pipeline.JBIG2, false, 1},
		{"one bit lzw", bw, []string{"-c", "lzw", "-r", "1000"}, pipeline.JBIG2, false, 1},
		{"gray that is black and white", gray(bw), []string{"-c", "lzw", "-r", "1000"}, pipeline.JBIG2, false, 1},
		{"g3 1d", bw, []string{"-c", "g3:1d", "-r", "1000"}, pipeline.CCITT, true, 1},
		{"g3 1d filled", bw, []string{"-c", "g3:1d:fill", "-r", "1000"}, pipeline.CCITT, true, 1},
		{"g3 2d", bw, []string{"-c", "g3:2d", "-r", "1000"}, pipeline.CCITT, true, 1},
		{"g3 1d strips", bw, []string{"-c", "g3:1d", "-r", "50"}, pipeline.JBIG2, false, 1},
		{"g3 2d strips", bw, []string{"-c", "g3:2d", "-r", "50"}, pipeline.JBIG2, false, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			plain := save(t, "in.tif", tiffBytes(t, c.img))
			path := filepath.Join(t.TempDir(), "scan.pdf") // the name must not matter
			tool(t, "tiffcp", append(c.tiffcp, plain, path)...)
			d := open(t, path)
			l := leaf(t, d, 1)
			if d.Media() != "image/tiff" || l.Image.Filter != c.filter || l.Image.Bits != c.bits || l.Origin != pipeline.Scan {
				t.Errorf("Page(1) is %s of %s with %d bits, want %s with %d", l.Image.Filter, d.Media(), l.Image.Bits, c.filter, c.bits)
			}
			if got := bytes.Contains(load(t, path), l.Carrier); got != c.carried || l.Image.Source != c.carried {
				t.Errorf("carried byte for byte: %t (said: %t), want %t", got, l.Image.Source, c.carried)
			}
			same(t, "the record's image", shown(t, l), c.img, 0)
			same(t, "the readable image", readable(t, l), c.img, 0)
		})
	}
}

func TestTIFFPhotometricAndFallbacks(t *testing.T) {
	t.Parallel()
	src := letter(200, 280)
	bw := bilevel(src)
	path := save(t, "in.tif", tiffBytes(t, bw))
	for _, c := range []struct {
		name string
		args []string
		want image.Image
	}{
		{"black is zero, g4", []string{path, "-define", "quantum:polarity=min-is-black", "-compress", "Group4"}, bw},
		{"white is zero, g4", []string{path, "-define", "quantum:polarity=min-is-white", "-compress", "Group4"}, bw},
		{"white is zero, none", []string{path, "-define", "quantum:polarity=min-is-white", "-compress", "none"}, bw},
		{"16 bits", []string{save(t, "a.png", pngBytes(t, src)), "-depth", "16", "-compress", "lzw"}, src},
		{"palette", []string{save(t, "b.png", pngBytes(t, src)), "-type", "palette", "-compress", "lzw"}, src},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "out.tif")
			tool(t, "convert", append(c.args, out)...)
			l := leaf(t, open(t, out), 1)
			shownSame(t, l, c.want)
			same(t, "the readable image", readable(t, l), c.want, 0)
		})
	}
}

// shownSame compares what the record shows; poppler smooths images of 16 bits.
func shownSame(t *testing.T, l intake.Leaf, want image.Image) {
	t.Helper()
	if l.Image.Bits < 16 {
		same(t, "the record's image", shown(t, l), want, 0)
		return
	}
	if mean := difference(shown(t, l), want); mean > 12 {
		t.Errorf("the record's image is %.1f away from the source on average", mean)
	}
}

func TestTIFFWithJPEGInside(t *testing.T) {
	t.Parallel()
	src := letter(320, 448)
	plain := save(t, "in.tif", tiffBytes(t, src))
	for _, c := range []struct {
		name     string
		args     []string
		rendered bool
	}{
		{"whole, ycbcr", []string{"-c", "jpeg", "-r", "1000"}, false},
		{"whole, rgb", []string{"-c", "jpeg:r", "-r", "1000"}, false},
		{"strips", []string{"-c", "jpeg", "-r", "64"}, false},
		{"strips, rgb", []string{"-c", "jpeg:r", "-r", "16"}, false},
		{"strips, the last one short", []string{"-c", "jpeg", "-r", "80"}, false},
		{"tiles", []string{"-c", "jpeg", "-t", "-w", "64", "-l", "64"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "out.tif")
			tool(t, "tiffcp", append(c.args, plain, path)...)
			l := leaf(t, open(t, path), 1)
			if l.Image.Filter != pipeline.DCT || has(l.Flags, pipeline.Rendered) != c.rendered {
				t.Errorf("Page(1) is %s, flags %v, want DCTDecode, rendered %t", l.Image.Filter, l.Flags, c.rendered)
			}
			if !c.rendered { // libtiff's strips hold the very coefficients of its whole image
				whole := path + ".whole.tif"
				tool(t, "tiffcp", append(slices.Clone(c.args[:2]), "-r", "1000", plain, whole)...)
				same(t, "the record's image", shown(t, l), shown(t, leaf(t, open(t, whole), 1)), 0)
			}
			same(t, "the record's image", shown(t, l), decode(t, load(t, convertPNG(t, path))), 120)
			same(t, "the readable image", readable(t, l), shown(t, l), 4)
		})
	}
}

func convertPNG(t *testing.T, path string) string {
	t.Helper()
	tool(t, "convert", path, path+".png")
	return path + ".png"
}

func has(flags []pipeline.Flag, f pipeline.Flag) bool {
	return slices.Contains(flags, f)
}

func TestTIFFPages(t *testing.T) {
	t.Parallel()
	var args []string
	for i := range 5 {
		args = append(args, save(t, "p.tif", tiffBytes(t, gray(letter(100+10*i, 141)))))
	}
	path := filepath.Join(t.TempDir(), "many.tif")
	tool(t, "tiffcp", append(args, path)...)
	d := open(t, path)
	if d.Pages() != 5 {
		t.Fatalf("Pages() = %d, want 5", d.Pages())
	}
	for _, n := range []int{5, 1, 3} {
		if l := leaf(t, d, n); l.Image.Width != 90+10*n {
			t.Errorf("Page(%d) is %d wide, want %d", n, l.Image.Width, 90+10*n)
		}
	}
	if _, err := d.Page(t.Context(), 6); err == nil {
		t.Error("Page(6) of 5 gives no error")
	}
}

func TestPNG(t *testing.T) {
	t.Parallel()
	src := letter(203, 287)
	deep := image.NewRGBA64(src.Bounds())
	glass := image.NewNRGBA(src.Bounds())
	for y := range 287 {
		for x := range 203 {
			deep.Set(x, y, src.At(x, y))
			glass.Set(x, y, src.At(x, y))
			if src.At(x, y) == (color.RGBA{255, 255, 255, 255}) {
				glass.SetNRGBA(x, y, color.NRGBA{0, 0, 0, 0}) // black, but not to be seen
			}
		}
	}
	for _, c := range []struct {
		name    string
		img     image.Image
		carried bool
		bits    int
		color   pipeline.ColorSpace
	}{
		{"rgb", src, true, 8, pipeline.RGB},
		{"gray", gray(src), true, 8, pipeline.Gray},
		{"one bit", bilevel(src), false, 1, pipeline.Gray},
		{"gray that is black and white", gray(bilevel(src)), false, 1, pipeline.Gray},
		{"16 bits", deep, true, 16, pipeline.RGB},
		{"alpha", glass, false, 2, pipeline.Indexed},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := pngBytes(t, c.img)
			l := leaf(t, open(t, save(t, "scan.png", b)), 1)
			filter := pipeline.Flate
			if c.bits == 1 {
				filter = pipeline.JBIG2
			}
			if l.Image.Filter != filter || l.Image.Bits != c.bits || l.Image.Color != c.color || l.Image.Source != c.carried {
				t.Errorf("Page(1) is %s, %d bits, %s, source %t", l.Image.Filter, l.Image.Bits, l.Image.Color, l.Image.Source)
			}
			want := c.img
			if c.name == "alpha" {
				want = src
			}
			shownSame(t, l, want)
			same(t, "the readable image", flat(readable(t, l)), want, 0)
		})
	}
}

// flat lays an image on white.
func flat(img image.Image) image.Image {
	out := image.NewRGBA(img.Bounds())
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			r, g, b, a := img.At(x, y).RGBA()
			w := 0xffff - a
			out.Set(x, y, color.RGBA64{uint16(r + w), uint16(g + w), uint16(b + w), 0xffff})
		}
	}
	return out
}

func TestPNGInterlacedAndResolution(t *testing.T) {
	t.Parallel()
	src := letter(400, 566)
	path := save(t, "in.png", pngBytes(t, src))
	tool(t, "convert", path, "-interlace", "PNG", "-units", "PixelsPerInch", "-density", "150", path+".i.png")
	l := leaf(t, open(t, path+".i.png"), 1)
	same(t, "the record's image", shown(t, l), src, 0)
	if l.Image.Source || l.Image.DPIX < 149.9 || l.Image.DPIX > 150.1 || !has(l.Flags, pipeline.LowResolution) {
		t.Errorf("source %t, %g dpi, flags %v, want coded anew, 150 dpi, low resolution", l.Image.Source, l.Image.DPIX, l.Flags)
	}
}

func TestJPEGIsCarried(t *testing.T) {
	t.Parallel()
	src := letter(240, 340)
	plain := jpegBytes(t, src)
	path := save(t, "p.jpg", plain)
	tool(t, "convert", path, "-interlace", "JPEG", path+".p.jpg")
	tool(t, "convert", path, "-sampling-factor", "4:4:4", "-define", "jpeg:restart-interval=3", "-quality", "70", path+".r.jpg")
	for _, c := range []struct {
		name string
		b    []byte
		turn int
		dpi  float64
	}{
		{"plain", plain, 0, 340 / 11.69},
		{"gray", jpegBytes(t, gray(src)), 0, 340 / 11.69},
		{"progressive", load(t, path+".p.jpg"), 0, 340 / 11.69},
		{"444 quality 70", load(t, path+".r.jpg"), 0, 340 / 11.69},
		{"exif upright", withEXIF(plain, 1, 45), 0, 45},
		{"exif 180", withEXIF(plain, 3, 45), 2, 45},
		{"exif 90", withEXIF(plain, 6, 45), 1, 45},
		{"exif 270", withEXIF(plain, 8, 45), 3, 45},
		{"camera's 72 dpi", withEXIF(jpegBytes(t, letter(1200, 1600)), 1, 72), 0, 1600 / 11.69},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := open(t, save(t, "x.bin", c.b))
			l := leaf(t, d, 1)
			if !bytes.Equal(l.Carrier, c.b) || !l.Image.Source || d.Media() != "image/jpeg" {
				t.Error("the carrier is not the file")
			}
			if l.Turn != c.turn || l.Image.DPIX < c.dpi-0.1 || l.Image.DPIX > c.dpi+0.1 {
				t.Errorf("turn %d at %.1f dpi, want %d at %.1f", l.Turn, l.Image.DPIX, c.turn, c.dpi)
			}
			if wide := l.WidthPt > l.HeightPt; wide != (c.turn%2 == 1) {
				t.Errorf("the upright page is %.0f × %.0f pt", l.WidthPt, l.HeightPt)
			}
		})
	}
}

func TestJPEGThatNoPageCanShow(t *testing.T) {
	t.Parallel()
	src := letter(320, 448)
	path := save(t, "p.jpg", jpegBytes(t, src))
	tool(t, "convert", path, "-colorspace", "CMYK", "-quality", "90", path+".c.jpg")
	mirrored := image.NewRGBA(src.Bounds())
	for y := range 448 {
		for x := range 320 {
			mirrored.Set(319-x, y, src.At(x, y))
		}
	}
	for name, b := range map[string][]byte{
		"cmyk":   load(t, path+".c.jpg"),
		"mirror": withEXIF(jpegBytes(t, mirrored), 2, 100),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := leaf(t, open(t, save(t, "x.jpg", b)), 1)
			if l.Image.Source || l.Image.Color != pipeline.RGB || !has(l.Flags, pipeline.Rendered) {
				t.Errorf("source %t, %s, flags %v, want coded anew in RGB", l.Image.Source, l.Image.Color, l.Flags)
			}
			if mean := difference(shown(t, l), src); mean > 6 {
				t.Errorf("the record's image is %.1f away from the source on average", mean)
			}
		})
	}
}

func difference(a, b image.Image) float64 {
	sum := 0
	for y := range b.Bounds().Dy() {
		for x := range b.Bounds().Dx() {
			r0, g0, b0, _ := a.At(x, y).RGBA()
			r1, g1, b1, _ := b.At(x, y).RGBA()
			sum += apart(r0, r1) + apart(g0, g1) + apart(b0, b1)
		}
	}
	return float64(sum) / float64(3*b.Bounds().Dx()*b.Bounds().Dy())
}

func TestHEIC(t *testing.T) {
	t.Parallel()
	src := letter(320, 448)
	path := save(t, "p.png", pngBytes(t, src))
	tool(t, "heif-enc", "-q", "95", path, "-o", path+".heic")
	d := open(t, path+".heic")
	l := leaf(t, d, 1)
	if d.Media() != "image/heic" || l.Image.Filter != pipeline.DCT || l.Image.Source || !has(l.Flags, pipeline.Rendered) {
		t.Errorf("%s: %s, source %t, flags %v", d.Media(), l.Image.Filter, l.Image.Source, l.Flags)
	}
	if mean := difference(shown(t, l), src); mean > 6 {
		t.Errorf("the record's image is %.1f away from the source on average", mean)
	}
}

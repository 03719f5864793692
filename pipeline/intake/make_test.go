package intake_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/intake"
	"hoso/testdata/paper"
)

// letter draws something like a page of text with a red seal.
func letter(w, h int) *image.RGBA {
	rng := rand.New(rand.NewPCG(uint64(w), uint64(h)))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	fill := func(r image.Rectangle, c color.RGBA) {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				img.SetRGBA(x, y, c)
			}
		}
	}
	for y := h / 10; y < h*9/10; y += 12 {
		for x := w / 10; x < w*9/10; x += 3 + rng.IntN(9) {
			n := 1 + rng.IntN(4)
			fill(image.Rect(x, y, x+n, y+2+rng.IntN(6)), color.RGBA{0, 0, 0, 255})
			x += n
		}
	}
	fill(image.Rect(w/2, h*7/10, w*3/4, h*8/10), color.RGBA{200, 20, 30, 255})
	return img
}

// gray and bilevel are the letter without its colours.
func gray(src image.Image) *image.Gray {
	b := src.Bounds()
	img := image.NewGray(b)
	for y := range b.Dy() {
		for x := range b.Dx() {
			img.Set(x, y, src.At(x, y))
		}
	}
	return img
}

func bilevel(src image.Image) *image.Paletted {
	b := src.Bounds()
	img := image.NewPaletted(b, color.Palette{color.Black, color.White})
	for y := range b.Dy() {
		for x := range b.Dx() {
			if color.GrayModel.Convert(src.At(x, y)).(color.Gray).Y > 127 {
				img.SetColorIndex(x, y, 1)
			}
		}
	}
	return img
}

func pngBytes(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func jpegBytes(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 80}); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// tiffBytes writes an uncompressed TIFF: of one bit if img has a palette, of gray,
// or RGB.
func tiffBytes(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	var pix []byte
	samples, bits, photometric := 1, 8, 1
	switch img.(type) {
	case *image.Paletted:
		bits = 1
	case *image.Gray:
	default:
		samples, photometric = 3, 2
	}
	for y := range h {
		row := make([]byte, (w*samples*bits+7)/8)
		for x := range w {
			r, g, b, _ := img.At(x, y).RGBA()
			switch {
			case bits == 1:
				row[x/8] |= byte(r>>15) << (7 - x%8)
			case samples == 1:
				row[x] = byte(r >> 8)
			default:
				row[3*x], row[3*x+1], row[3*x+2] = byte(r>>8), byte(g>>8), byte(b>>8)
			}
		}
		pix = append(pix, row...)
	}
	var b bytes.Buffer
	put := func(v any) { _ = binary.Write(&b, binary.LittleEndian, v) }
	put([]byte("II*\x00\x08\x00\x00\x00"))
	entries := [][3]uint32{
		{256, 4, uint32(w)},
		{257, 4, uint32(h)},
		{258, 3, uint32(bits)},
		{259, 3, 1},
		{262, 3, uint32(photometric)},
		{273, 4, 134},
		{277, 3, uint32(samples)},
		{278, 4, uint32(h)},
		{279, 4, uint32(len(pix))},
	}
	put(uint16(len(entries)))
	for _, e := range entries {
		n := uint32(1)
		if e[0] == 258 && samples == 3 {
			n, e[2] = 3, 128
		}
		put([]uint16{uint16(e[0]), uint16(e[1])})
		put([]uint32{n, e[2]})
	}
	put(uint32(0))
	for b.Len() < 128 {
		b.WriteByte(0)
	}
	put([]uint16{8, 8, 8})
	return append(b.Bytes(), pix...)
}

// withEXIF puts an orientation and a resolution into a JPEG.
func withEXIF(b []byte, orientation, dpi int) []byte {
	var x bytes.Buffer
	x.WriteString("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x04")
	entry := func(tag, kind, count int, value uint32) {
		_ = binary.Write(&x, binary.BigEndian, []uint16{uint16(tag), uint16(kind)})
		_ = binary.Write(&x, binary.BigEndian, []uint32{uint32(count), value})
	}
	entry(0x112, 3, 1, uint32(orientation)<<16)
	entry(0x11a, 5, 1, 62)
	entry(0x11b, 5, 1, 62)
	entry(0x128, 3, 1, 2<<16)
	_ = binary.Write(&x, binary.BigEndian, []uint32{0, uint32(dpi), 1})
	out := []byte{0xff, 0xd8, 0xff, 0xe1}
	out = binary.BigEndian.AppendUint16(out, uint16(x.Len()+2))
	return append(append(out, x.Bytes()...), b[2:]...)
}

// tool runs a program that is not ours.
func tool(tb testing.TB, name string, args ...string) string {
	tb.Helper()
	out, err := exec.CommandContext(tb.Context(), name, args...).CombinedOutput()
	if err != nil {
		tb.Fatalf("running %s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func save(tb testing.TB, name string, b []byte) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

func load(tb testing.TB, path string) []byte {
	tb.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// open opens a file that must be taken in.
func open(tb testing.TB, path string) *intake.Document {
	tb.Helper()
	d, err := intake.Open(tb.Context(), path, intake.Options{Scratch: tb.TempDir()})
	if err != nil {
		tb.Fatalf("Open(%s): %v", filepath.Base(path), err)
	}
	tb.Cleanup(func() {
		if err := d.Close(); err != nil {
			tb.Errorf("Close: %v", err)
		}
	})
	return d
}

func leaf(tb testing.TB, d *intake.Document, n int) intake.Leaf {
	tb.Helper()
	l, err := d.Page(tb.Context(), n)
	if err != nil {
		tb.Fatalf("Page(%d): %v", n, err)
	}
	if l.Image.Digest != pipeline.Sum(l.Carrier) || l.Image.Size != int64(len(l.Carrier)) {
		tb.Errorf("Page(%d): digest and size are not those of the carrier", n)
	}
	return l
}

// document writes a PDF of the given objects; object 1 is the catalog.
func document(objects ...string) []byte {
	return paper.Assemble(objects, "")
}

func stream(entries string, data []byte) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", entries, len(data), data)
}

// onePage writes a PDF of one page; the entries may refer to the further objects,
// the first of which is number 5.
func onePage(entries, content string, further ...string) []byte {
	objects := append([]string{
		"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[]>>>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>",
		"<</Type/Page/Parent 2 0 R/Contents 4 0 R" + entries + ">>",
		stream("", []byte(content)),
	}, further...)
	return document(objects...)
}

func deflated(b []byte) []byte {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	_, _ = z.Write(b)
	_ = z.Close()
	return out.Bytes()
}

// record writes a PDF that shows the leaf as compose would, for other programs to
// judge.
func record(l intake.Leaf) []byte {
	img := l.Image
	space := "/" + string(img.Color)
	switch img.Color {
	case pipeline.Indexed:
		space = fmt.Sprintf("[/Indexed/DeviceRGB %d<%x>]", len(img.Palette)/3-1, img.Palette)
	case pipeline.JPXColor:
		space = ""
	}
	entries := fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/Filter/%s", img.Width, img.Height, img.Filter)
	if img.Mask {
		entries += "/ImageMask true/BitsPerComponent 1"
	} else if space != "" {
		entries += fmt.Sprintf("/ColorSpace%s/BitsPerComponent %d", space, img.Bits)
	}
	if len(img.Decode) > 0 {
		entries += strings.NewReplacer(",", " ").Replace(fmt.Sprintf("/Decode%v", img.Decode))
	}
	switch {
	case img.Filter == pipeline.CCITT:
		f := img.Fax
		entries += fmt.Sprintf("/DecodeParms<</K %d/Columns %d/Rows %d/EndOfLine %t/EncodedByteAlign %t/EndOfBlock %t/BlackIs1 %t>>",
			f.K, f.Columns, f.Rows, f.EndOfLine, f.ByteAlign, !f.NoEndBlock, f.BlackIs1)
	case len(img.Globals) > 0:
		entries += "/DecodeParms<</JBIG2Globals 6 0 R>>"
	case img.Predictor.Predictor > 0:
		p := img.Predictor
		entries += fmt.Sprintf("/DecodeParms<</Predictor %d/Colors %d/BitsPerComponent %d/Columns %d>>", p.Predictor, p.Colors, p.Bits, p.Columns)
	case img.Transform != nil:
		entries += fmt.Sprintf("/DecodeParms<</ColorTransform %d>>", *img.Transform)
	}
	return onePage(fmt.Sprintf("/MediaBox[0 0 %d %d]/Resources<</XObject<</I 5 0 R>>>>", img.Width, img.Height),
		fmt.Sprintf("%d 0 0 %d 0 0 cm /I Do", img.Width, img.Height), stream(entries, l.Carrier), stream("", img.Globals))
}

// shown is the leaf's image as poppler decodes it from a record.
func shown(tb testing.TB, l intake.Leaf) image.Image {
	tb.Helper()
	path := save(tb, "record.pdf", record(l))
	if l.Image.Bits == 16 { // pdfimages 22.12 gets these wrong
		tool(tb, "pdftoppm", "-r", "72", "-png", "-singlefile", path, path)
		return decode(tb, load(tb, path+".png"))
	}
	if l.Image.Filter == pipeline.JBIG2 { // likewise
		tool(tb, "mutool", "draw", "-q", "-r", "72", "-o", path+".png", path)
		return decode(tb, load(tb, path+".png"))
	}
	tool(tb, "pdfimages", "-png", path, filepath.Join(filepath.Dir(path), "out"))
	return decode(tb, load(tb, filepath.Join(filepath.Dir(path), "out-000.png")))
}

// readable is the leaf's readable image as ImageMagick decodes it.
func readable(tb testing.TB, l intake.Leaf) image.Image {
	tb.Helper()
	path := save(tb, "readable", l.Readable)
	tool(tb, "convert", path, path+".png")
	return decode(tb, load(tb, path+".png"))
}

func decode(tb testing.TB, b []byte) image.Image {
	tb.Helper()
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		tb.Fatal(err)
	}
	return img
}

// same compares pixels, give or take slack of 255.
func same(tb testing.TB, what string, got, want image.Image, slack int) {
	tb.Helper()
	g, w := got.Bounds(), want.Bounds()
	if g.Dx() != w.Dx() || g.Dy() != w.Dy() {
		tb.Fatalf("%s is %d × %d, want %d × %d", what, g.Dx(), g.Dy(), w.Dx(), w.Dy())
	}
	if gr, ok := got.(*image.Gray); ok && slack == 0 {
		if wr, ok := want.(*image.Gray); ok && bytes.Equal(gr.Pix, wr.Pix) {
			return
		}
	}
	for y := range g.Dy() {
		for x := range g.Dx() {
			r0, g0, b0, _ := got.At(g.Min.X+x, g.Min.Y+y).RGBA()
			r1, g1, b1, _ := want.At(w.Min.X+x, w.Min.Y+y).RGBA()
			if apart(r0, r1) > slack || apart(g0, g1) > slack || apart(b0, b1) > slack {
				tb.Fatalf("%s differs at %d, %d: %x %x %x, want %x %x %x", what, x, y, r0>>8, g0>>8, b0>>8, r1>>8, g1>>8, b1>>8)
			}
		}
	}
}

func apart(a, b uint32) int {
	d := int(a>>8) - int(b>>8)
	return max(d, -d)
}

// withSum appends the checksum of a PNG chunk whose name begins at from.
func withSum(b []byte, from int) []byte {
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[from:]))
}

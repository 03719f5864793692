package intake_test

import (
	"bytes"
	"encoding/ascii85"
	"encoding/binary"
	"fmt"
	"image"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
)

// scanEntries describe an image XObject of w × h in RGB.
func scanEntries(w, h int, more string) string {
	return fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8%s", w, h, more)
}

const (
	useImage = "/Resources<</XObject<</I 5 0 R>>>>"
	fullPage = "q 595 0 0 842 0 0 cm /I Do Q"
)

// rgbScan is a small JPEG, and its object.
func rgbScan(t *testing.T) ([]byte, string) {
	t.Helper()
	b := jpegBytes(t, letter(420, 594))
	return b, stream(scanEntries(420, 594, "/ColorSpace/DeviceRGB/Filter/DCTDecode"), b)
}

func raw(img image.Image, channels int) []byte {
	var out []byte
	b := img.Bounds()
	for y := range b.Dy() {
		for x := range b.Dx() {
			r, g, bl, _ := img.At(x, y).RGBA()
			out = append(out, []byte{byte(r >> 8), byte(g >> 8), byte(bl >> 8)}[:channels]...)
		}
	}
	return out
}

func TestPDFScansAreCarried(t *testing.T) {
	t.Parallel()
	scan, object := rgbScan(t)
	src := letter(420, 594)
	a85 := make([]byte, ascii85.MaxEncodedLen(len(scan)))
	a85 = append(a85[:ascii85.Encode(a85, scan)], "~>"...)
	icc := make([]byte, 128)
	copy(icc[16:], "RGB ")
	flate := deflated(raw(src, 3))
	g4 := leaf(t, open(t, tiffcp(t, save(t, "in.tif", tiffBytes(t, bilevel(src))), "g4")), 1).Carrier
	for _, c := range []struct {
		name    string
		entries string
		content string
		objects []string
		carrier []byte
		turn    int
		size    [2]float64
		dpi     float64
	}{
		{"jpeg", useImage, fullPage, []string{object}, scan, 0, [2]float64{595, 842}, 50.8},
		{"turned page", useImage + "/Rotate 90", fullPage, []string{object}, scan, 1, [2]float64{842, 595}, 50.8},
		{"negative turn", useImage + "/Rotate -90", fullPage, []string{object}, scan, 3, [2]float64{842, 595}, 50.8},
		{"turned image", useImage + "/MediaBox[0 0 842 595]", "0 -595 842 0 0 595 cm /I Do", []string{object}, scan, 1, [2]float64{842, 595}, 50.8},
		{"upside down, turned", useImage + "/Rotate 90", "-595 0 0 -842 595 842 cm /I Do", []string{object}, scan, 3, [2]float64{842, 595}, 50.8},
		{"user unit", useImage + "/UserUnit 2", fullPage, []string{object}, scan, 0, [2]float64{1190, 1684}, 25.4},
		{"off origin", useImage + "/MediaBox[100 100 695 942]", "595 0 0 842 100 100 cm /I Do", []string{object}, scan, 0, [2]float64{595, 842}, 50.8},
		{"cropped to the image", useImage + "/MediaBox[0 0 700 900]/CropBox[50 20 645 862]", "595 0 0 842 50 20 cm /I Do", []string{object}, scan, 0, [2]float64{595, 842}, 50.8},
		{"with a margin", useImage, "504 0 0 713 40 50 cm /I Do", []string{object}, scan, 0, [2]float64{504, 713}, 60},
		{"clipped to the page", useImage, "0 0 595 842 re W n " + fullPage, []string{object}, scan, 0, [2]float64{595, 842}, 50.8},
		{"on white", useImage, "1 g 0 0 595 842 re f " + fullPage, []string{object}, scan, 0, [2]float64{595, 842}, 50.8},
		{
			"in a form", "/Resources<</XObject<</F 6 0 R>>>>", "q 2 0 0 2 0 0 cm /F Do Q",
			[]string{object, stream("/Type/XObject/Subtype/Form/BBox[0 0 600 850]/Matrix[.5 0 0 .5 0 0]"+useImage, []byte(fullPage))},
			scan, 0,
			[2]float64{595, 842},
			50.8,
		},
		{
			"with invisible text", "/Resources<</XObject<</I 5 0 R>>/Font<</F 6 0 R>>>>", fullPage + " BT 3 Tr /F 10 Tf 50 700 Td (recognized before) Tj ET",
			[]string{object, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"},
			scan, 0,
			[2]float64{595, 842},
			50.8,
		},
		{
			"over hidden text", "/Resources<</XObject<</I 5 0 R>>/Font<</F 6 0 R>>>>", "BT /F 10 Tf 50 700 Td (recognized before) Tj ET " + fullPage,
			[]string{object, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"},
			scan, 0,
			[2]float64{595, 842},
			50.8,
		},
		{
			"jpeg in flate", useImage, fullPage,
			[]string{stream(scanEntries(420, 594, "/ColorSpace/DeviceRGB/Filter[/FlateDecode/DCTDecode]/DecodeParms[null null]"), deflated(scan))},
			scan, 0,
			[2]float64{595, 842},
			50.8,
		},
		{
			"jpeg in ascii", useImage, fullPage,
			[]string{stream(scanEntries(420, 594, "/ColorSpace/DeviceRGB/Filter[/A85 /DCT]"), a85)},
			scan, 0,
			[2]float64{595, 842},
			50.8,
		},
		{
			"jpeg with a profile", useImage, fullPage,
			[]string{
				stream(scanEntries(420, 594, "/ColorSpace[/ICCBased 6 0 R]/Filter/DCTDecode"), scan),
				stream("/N 3", icc),
			},
			scan, 0,
			[2]float64{595, 842},
			50.8,
		},
		{
			"flate", useImage, fullPage,
			[]string{stream(scanEntries(420, 594, "/ColorSpace/DeviceRGB/Filter/FlateDecode"), flate)},
			flate, 0,
			[2]float64{595, 842},
			50.8,
		},
		{
			"g4", useImage, fullPage,
			[]string{stream(
				"/Type/XObject/Subtype/Image/Width 420/Height 594/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 420/BlackIs1 true>>", g4)},
			g4, 0,
			[2]float64{595, 842},
			50.8,
		},
		{
			"stencil", useImage, fullPage,
			[]string{stream(
				"/Type/XObject/Subtype/Image/Width 420/Height 594/ImageMask true/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 420/BlackIs1 true>>", g4)},
			g4, 0,
			[2]float64{595, 842},
			50.8,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := leaf(t, open(t, save(t, "in.pdf", onePage(c.entries, c.content, c.objects...))), 1)
			if !bytes.Equal(l.Carrier, c.carrier) || !l.Image.Source || l.Origin != pipeline.Scan || has(l.Flags, pipeline.Rendered) {
				t.Fatalf("not carried: %s, source %t, %s, flags %v", l.Image.Filter, l.Image.Source, l.Origin, l.Flags)
			}
			if l.Turn != c.turn || math.Abs(l.WidthPt-c.size[0]) > 0.1 || math.Abs(l.HeightPt-c.size[1]) > 0.1 {
				t.Errorf("turn %d on %.1f × %.1f pt, want %d on %v", l.Turn, l.WidthPt, l.HeightPt, c.turn, c.size)
			}
			if math.Abs(l.Image.DPIX-c.dpi) > 0.2 || math.Abs(l.Image.DPIY-c.dpi) > 0.2 {
				t.Errorf("%.1f × %.1f dpi, want %.1f", l.Image.DPIX, l.Image.DPIY, c.dpi)
			}
			if mean := difference(readable(t, l), src); mean > 12 {
				t.Errorf("the readable image is %.1f away from the source on average", mean)
			}
		})
	}
}

func TestPDFScansInOtherCodes(t *testing.T) {
	t.Parallel()
	src := letter(210, 297)
	bw := bilevel(src)
	path := save(t, "in.tif", tiffBytes(t, bw))
	var bits []byte
	for y := range 297 {
		row := make([]byte, 27)
		for x := range 210 {
			row[x/8] |= bw.ColorIndexAt(x, y) << (7 - x%8)
		}
		bits = append(bits, row...)
	}
	g31 := leaf(t, open(t, tiffcp(t, path, "g3:1d")), 1)
	g32 := leaf(t, open(t, tiffcp(t, path, "g3:2d")), 1)
	indexed := "/ColorSpace[/Indexed/DeviceRGB 1<000000ffffff>]"
	head := "/Type/XObject/Subtype/Image/Width 210/Height 297/BitsPerComponent 1"
	for _, c := range []struct {
		name   string
		object string
		want   image.Image
		source bool
	}{
		{"none", stream(scanEntries(210, 297, "/ColorSpace/DeviceRGB"), raw(src, 3)), src, false},
		{"hexadecimal", stream(scanEntries(210, 297, "/ColorSpace/DeviceRGB/Filter/AHx"), []byte(fmt.Sprintf("%x>", raw(src, 3)))), src, false},
		{"jbig2", stream(head+"/ColorSpace/DeviceGray/Filter/JBIG2Decode", jbig2(t, bw)), bw, true},
		{"jbig2 with globals", stream(head+"/ColorSpace/DeviceGray/Filter/JBIG2Decode/DecodeParms<</JBIG2Globals 6 0 R>>", jbig2(t, bw)), bw, true},
		{"jpeg 2000", stream(scanEntries(210, 297, "/Filter/JPXDecode"), jp2(t, src)), src, true},
		{"one bit flate", stream(head+"/ColorSpace/DeviceGray/Filter/FlateDecode", deflated(bits)), bw, true},
		{"one bit indexed", stream(head+indexed+"/Filter/FlateDecode", deflated(bits)), bw, true},
		{"one bit inverted", stream(head+"/ColorSpace/DeviceGray/Decode[1 0]/Filter/FlateDecode", deflated(inverted(bits))), bw, true},
		{"g3 in one dimension", stream(head+"/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K 0/Columns 210/EndOfLine true/BlackIs1 true>>", g31.Carrier), bw, true},
		{"g3 in two dimensions", stream(head+"/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K 1/Columns 210/EndOfLine true/BlackIs1 true>>", g32.Carrier), bw, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := leaf(t, open(t, save(t, "in.pdf", onePage(useImage, fullPage, c.object, stream("", jbig2(t, nil))))), 1)
			if l.Image.Source != c.source || l.Origin != pipeline.Scan || has(l.Flags, pipeline.Rendered) {
				t.Errorf("%s, source %t, %s, flags %v", l.Image.Filter, l.Image.Source, l.Origin, l.Flags)
			}
			same(t, "the record's image", shown(t, l), c.want, 0)
			same(t, "the readable image", readable(t, l), c.want, 0)
		})
	}
}

// jbig2 writes an embedded JBIG2 stream: a page and a generic region in MMR code
// (ITU-T T.88, 7.2 and 7.4.6). Without an image it gives an empty extension.
func jbig2(t *testing.T, img *image.Paletted) []byte {
	t.Helper()
	segment := func(number, kind, page byte, data []byte) []byte {
		b := []byte{0, 0, 0, number, kind, 0, page}
		b = binary.BigEndian.AppendUint32(b, uint32(len(data)))
		return append(b, data...)
	}
	if img == nil {
		return segment(0, 62, 0, []byte{0x20, 0, 0, 0, 0, 0}) // a comment
	}
	negative := image.NewPaletted(img.Rect, img.Palette)
	for i, v := range img.Pix {
		negative.Pix[i] = 1 - v // libtiff takes 1 for black
	}
	mmr := leaf(t, open(t, tiffcp(t, save(t, "in.tif", tiffBytes(t, negative)), "g4")), 1).Carrier
	w, h := img.Rect.Dx(), img.Rect.Dy()
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(w)), uint32(h))
	page := append(size[:8:8], make([]byte, 11)...)
	region := append(append(size[:8:8], make([]byte, 8)...), 0, 1)
	return append(segment(1, 48, 1, page), segment(2, 38, 1, append(region, mmr...))...)
}

// jp2 is img in JPEG 2000, without loss.
func jp2(t *testing.T, img image.Image) []byte {
	t.Helper()
	path := save(t, "in.png", pngBytes(t, img))
	tool(t, "convert", path, "-quality", "100", path+".jp2")
	return load(t, path+".jp2")
}

func tiffcp(t *testing.T, path, code string) string {
	t.Helper()
	out := path + "." + strings.ReplaceAll(code, ":", "")
	tool(t, "tiffcp", "-c", code, "-r", "10000", path, out)
	return out
}

func inverted(b []byte) []byte {
	out := make([]byte, len(b))
	for i := range b {
		out[i] = ^b[i]
	}
	return out
}

// manyPages writes a PDF of n pages, each a JPEG of its own.
func manyPages(tb testing.TB, n int) ([]byte, []pipeline.Digest) {
	tb.Helper()
	var kids strings.Builder
	objects := []string{"<</Type/Catalog/Pages 2 0 R>>", ""}
	base := jpegBytes(tb, gray(letter(60, 85)))
	var want []pipeline.Digest
	for i := range n {
		b := append(slices.Clip(base), fmt.Sprintf("page %d", i)...) // after the end of the image
		want = append(want, pipeline.Sum(b))
		at := len(objects) + 1
		fmt.Fprintf(&kids, "%d 0 R ", at)
		objects = append(objects,
			fmt.Sprintf("<</Type/Page/Parent 2 0 R/Contents %d 0 R/Resources<</XObject<</I %d 0 R>>>>>>", at+1, at+2),
			stream("", []byte(fullPage)),
			stream("/Type/XObject/Subtype/Image/Width 60/Height 85/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/DCTDecode", b))
	}
	objects[1] = fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d/MediaBox[0 0 595 842]>>", kids.String(), n)
	return document(objects...), want
}

func TestPDFManyPagesInAnyOrder(t *testing.T) {
	t.Parallel()
	b, want := manyPages(t, 130)
	d := open(t, save(t, "in.pdf", b))
	if d.Pages() != 130 || d.Signed() {
		t.Fatalf("Pages() = %d, Signed() = %t, want 130, false", d.Pages(), d.Signed())
	}
	got := make([]pipeline.Digest, 130)
	for _, n := range []int{130, 1} {
		got[n-1] = leaf(t, d, n).Image.Digest
	}
	for n := 1; n <= 130; n++ {
		got[n-1] = leaf(t, d, n).Image.Digest
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the images are not those of the pages in order (-want +got):\n%s", diff)
	}
}

func TestPDFEncryptedForItsOwner(t *testing.T) {
	t.Parallel()
	scan, object := rgbScan(t)
	path := save(t, "in.pdf", onePage(useImage, fullPage, object))
	tool(t, "qpdf", "--encrypt", "", "owner", "256", "--", path, path+".enc")
	l := leaf(t, open(t, path+".enc"), 1)
	if !bytes.Equal(l.Carrier, scan) {
		t.Error("the image of a file that opens without a password is not carried")
	}
}

func TestPDFSignedIsNoticed(t *testing.T) {
	t.Parallel()
	_, object := rgbScan(t)
	field := "<</Type/Annot/Subtype/Widget/FT/Sig/T(s)/V 7 0 R/Rect[0 0 0 0]/P 3 0 R>>"
	value := "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 10 20 30]/Contents<00>>>"
	b := onePage(useImage+"/Annots[6 0 R]", fullPage, object, field, value)
	b = bytes.Replace(b, []byte("/Fields[]"), []byte("/Fields[6 0 R]"), 1)
	hidden := bytes.Replace(b, []byte("/ByteRange"), []byte("/Byte#52ange"), 1)
	path := save(t, "in.pdf", hidden)
	tool(t, "qpdf", "--warning-exit-0", "--object-streams=generate", path, path+".packed")
	for name, c := range map[string][]byte{"plain": b, "name escaped": hidden, "packed": load(t, path+".packed")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := open(t, save(t, "in.pdf", c))
			if !d.Signed() {
				t.Error("Signed() = false")
			}
			leaf(t, d, 1)
		})
	}
}

func TestPDFDamagedIsRepaired(t *testing.T) {
	t.Parallel()
	scan, object := rgbScan(t)
	b := onePage(useImage, fullPage, object)
	for name, c := range map[string][]byte{
		"wrong startxref": bytes.Replace(b, []byte("startxref\n"), []byte("startxref\n9"), 1),
		"junk before":     append([]byte("junk from a mail program\n"), b...),
		"junk after":      append(slices.Clip(b), bytes.Repeat([]byte{0}, 3000)...),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if l := leaf(t, open(t, save(t, "in.pdf", c)), 1); !bytes.Equal(l.Carrier, scan) {
				t.Error("the image is not carried")
			}
		})
	}
}

func half(b []byte) []byte { return b[:len(b)/2] }

// TestPDFPageWithACutImage: the page is refused alone, and what is left of it shown.
func TestPDFPageWithACutImage(t *testing.T) {
	t.Parallel()
	scan, _ := rgbScan(t)
	cut := scan[:len(scan)/2]
	short := deflated(raw(letter(420, 300), 3)) // fewer rows than promised
	for name, object := range map[string]string{
		"jpeg":  stream(scanEntries(420, 594, "/ColorSpace/DeviceRGB/Filter/DCTDecode"), cut),
		"flate": stream(scanEntries(420, 594, "/ColorSpace/DeviceRGB/Filter/FlateDecode"), short),
		"jpx":   stream(scanEntries(210, 297, "/Filter/JPXDecode"), half(jp2(t, letter(210, 297)))),
		"g4": stream("/Type/XObject/Subtype/Image/Width 420/Height 594/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 420>>",
			half(leaf(t, open(t, tiffcp(t, save(t, "in.tif", tiffBytes(t, bilevel(letter(420, 594)))), "g4")), 1).Carrier)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			small := onePage(useImage+"/MediaBox[0 0 149 210.5]", ".25 0 0 .25 0 0 cm "+fullPage, object)
			d := open(t, save(t, "in.pdf", small))
			l, err := d.Page(t.Context(), 1)
			r, ok := pipeline.AsRefusal(err)
			if !ok || r.Reason.Code != "truncated" && (name != "g4" || r.Reason.Code != "damaged") || r.Reason.Page != 1 || r.Reason.Vietnamese == "" {
				t.Fatalf("Page(1): %v, want a refusal of page 1 as truncated", err)
			}
			if len(l.Carrier) == 0 || !has(l.Flags, pipeline.Rendered) {
				t.Errorf("nothing of the page is shown: %d bytes, flags %v", len(l.Carrier), l.Flags)
			}
		})
	}
}

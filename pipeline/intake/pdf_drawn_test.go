package intake_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"hoso/pipeline"
)

// TestPDFPagesThatAreDrawn: what cannot be carried as it is, and is recognized from
// a drawing.
func TestPDFPagesThatAreDrawn(t *testing.T) {
	t.Parallel()
	scan, object := rgbScan(t)
	font := "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
	fonts := "/Resources<</XObject<</I 5 0 R>>/Font<</F 6 0 R>>>>"
	appearance := stream("/Type/XObject/Subtype/Form/BBox[0 0 100 50]", []byte("1 0 0 rg 0 0 100 50 re f"))
	half := stream(scanEntries(420, 297, "/ColorSpace/DeviceRGB/Filter/FlateDecode"), deflated(raw(letter(420, 297), 3)))
	for _, c := range []struct {
		name, entries, content string
		objects                []string
	}{
		{"stamp text on a scan", fonts, fullPage + " BT /F 10 Tf 50 800 Td (Received 23.11.2026 No 123) Tj ET", []string{object, font}},
		{"stamp annotation", useImage + "/Annots[6 0 R]", fullPage, []string{object, "<</Type/Annot/Subtype/Stamp/Rect[100 175 125 187]/F 4/AP<</N 7 0 R>>>>", appearance}},
		{"lines over a scan", useImage, fullPage + " 0 0 m 595 842 l S", []string{object}},
		{"two strips", "/Resources<</XObject<</I 5 0 R/J 6 0 R>>>>", "q 595 0 0 421 0 421 cm /I Do Q q 595 0 0 421 0 0 cm /J Do Q", []string{half, half}},
		{"mirrored", useImage, "-595 0 0 842 595 0 cm /I Do", []string{object}},
		{"skewed", useImage, "590 40 -40 830 20 -10 cm /I Do", []string{object}},
		{"cropped", useImage + "/CropBox[25 25 100 150]", fullPage, []string{object}},
		{"clipped", useImage, "100 100 300 300 re W n " + fullPage, []string{object}},
		{"see-through", "/Resources<</XObject<</I 5 0 R>>/ExtGState<</G<</ca .5>>>>>>", "/G gs " + fullPage, []string{object}},
		{"masked", useImage, fullPage, []string{
			stream(scanEntries(420, 594, "/ColorSpace/DeviceRGB/Filter/DCTDecode/SMask 6 0 R"), scan),
			stream(scanEntries(1, 1, "/ColorSpace/DeviceGray"), []byte{128}),
		}},
		{"cmyk", useImage, fullPage, []string{stream(scanEntries(210, 297, "/ColorSpace/DeviceCMYK/Filter/FlateDecode"), deflated(make([]byte, 4*210*297)))}},
		{"small image", useImage, "240 0 0 150 170 400 cm /I Do", []string{object}},
		{"nothing", "", "", nil},
		{"only lines", "", "0 0 m 595 842 l S", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.content = ".25 0 0 .25 0 0 cm " + c.content // a small page is drawn fast
			l := leaf(t, open(t, save(t, "in.pdf", onePage("/MediaBox[0 0 149 210.5]"+c.entries, c.content, c.objects...))), 1)
			if l.Origin != pipeline.Scan || l.Image.Source || !has(l.Flags, pipeline.Rendered) || len(l.Readable) == 0 || l.Turn != 0 {
				t.Errorf("%s, %s, source %t, turn %d, flags %v, want a drawing to be recognized", l.Origin, l.Image.Filter, l.Image.Source, l.Turn, l.Flags)
			}
			if math.Abs(l.Image.DPIX-300) > 2 {
				t.Errorf("drawn at %.1f dpi, want 300", l.Image.DPIX)
			}
			if got, want := float64(l.Image.Width)/float64(l.Image.Height), l.WidthPt/l.HeightPt; math.Abs(got-want) > 0.01 {
				t.Errorf("the drawing's shape is %.3f, the page's %.3f", got, want)
			}
		})
	}
}

// vietnamese is a page with text in a font whose letters the file tells.
func vietnamese(entries string) []byte {
	toUnicode := "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def " +
		"1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end" //nolint:dupword // so a CMap ends
	var content strings.Builder
	content.WriteString("BT /F 14 Tf 1 0 0 1 80 760 Tm ")
	for _, line := range []string{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Kính gửi: Ủy ban nhân dân"} {
		content.WriteString("<")
		for _, r := range line {
			fmt.Fprintf(&content, "%04X", r)
		}
		content.WriteString("> Tj 0 -40 Td ")
	}
	content.WriteString("ET")
	return onePage("/MediaBox[0 600 595 842]/Resources<</Font<</F 5 0 R>>>>"+entries, content.String(),
		"<</Type/Font/Subtype/Type0/BaseFont/Arial/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 8 0 R>>",
		"<</Type/Font/Subtype/CIDFontType2/BaseFont/Arial/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 600/FontDescriptor 7 0 R>>",
		"<</Type/FontDescriptor/FontName/Arial/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 900/Descent -200/CapHeight 700/StemV 80>>",
		stream("", []byte(toUnicode)))
}

func TestPDFDigitalPageKeepsItsWords(t *testing.T) {
	t.Parallel()
	for name, entries := range map[string]string{"upright": "", "cropped": "/CropBox[40 640 595 842]", "turned": "/Rotate 180", "two units": "/UserUnit 2"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := leaf(t, open(t, save(t, "in.pdf", vietnamese(entries))), 1)
			if l.Origin != pipeline.Digital || len(l.Readable) == 0 || !has(l.Flags, pipeline.Rendered) || math.Abs(l.Image.DPIX-300) > 1 {
				t.Fatalf("%s at %.1f dpi, flags %v, want a digital page at 300", l.Origin, l.Image.DPIX, l.Flags)
			}
			text := pipeline.Page{Lines: l.Lines}.Text()
			if want := "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"; !strings.Contains(text, want) {
				t.Errorf("the words are %q, want %q in them", text, want)
			}
			for _, line := range l.Lines {
				for _, w := range line.Words {
					if w.Confidence != 100 || w.Box.X1 > l.Image.Width || w.Box.Y1 > l.Image.Height || w.Box.X0 < 0 || w.Box.Y0 < 0 || w.Box.X1 <= w.Box.X0 {
						t.Errorf("word %v of a page of %d × %d", w, l.Image.Width, l.Image.Height)
					}
				}
			}
			want := map[string][2]float64{"upright": {80, 82}, "cropped": {40, 82}, "turned": {-1, -1}, "two units": {160, 164}}[name]
			first := l.Lines[0].Words[0].Box
			if x, y := float64(first.X0)*72/300, float64(first.Y1)*72/300; want[0] >= 0 && (math.Abs(x-want[0]) > 3 || math.Abs(y-want[1]) > 12) {
				t.Errorf("the first word begins at %.0f, %.0f pt, want about %v", x, y, want)
			}
		})
	}
}

// TestPDFTextThatCannotBeTrusted: such pages are drawn and recognized.
func TestPDFTextThatCannotBeTrusted(t *testing.T) {
	t.Parallel()
	content := "BT /F 14 Tf 80 700 Td (Ceng hoa xa hei chu nghia Viet Nam) Tj ET"
	for name, font := range map[string]string{
		"tcvn3":      "<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+.VnTime/Encoding/WinAnsiEncoding>>",
		"vni":        "<</Type/Font/Subtype/TrueType/BaseFont/VNI-Times/Encoding/WinAnsiEncoding>>",
		"no letters": "<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[.1 0 0 .1 0 0]/CharProcs<<>>/Encoding<</Differences[]>>/FirstChar 0/LastChar 0/Widths[0]>>",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := leaf(t, open(t, save(t, "in.pdf", onePage("/MediaBox[0 660 400 760]/Resources<</Font<</F 5 0 R>>>>", content, font))), 1)
			if l.Origin != pipeline.Scan || len(l.Readable) == 0 || l.Lines != nil {
				t.Errorf("%s with %d lines, want a drawing to be recognized", l.Origin, len(l.Lines))
			}
		})
	}
}

package paper

import (
	"bytes"
	"fmt"
	"image"
	"slices"
	"strings"
	"unicode/utf16"
)

// PDF builds a PDF 1.7 as scanners and office software write it: plain, sound, and
// no PDF/A.
type PDF struct {
	paper   *Paper
	objects []string // bodies, object 1 first
	kids    []string
	fonts   [4]int // object numbers of embedded fonts, 0 for none
	used    [4]map[rune]bool
}

// The objects every file begins with.
const (
	catalogObject = 1
	pagesObject   = 2
)

// NewPDF begins a file with the fonts of a paper.
func NewPDF(p *Paper) *PDF {
	return &PDF{paper: p, objects: []string{"", ""}}
}

func (p *PDF) add(body string) int {
	p.objects = append(p.objects, body)
	return len(p.objects)
}

func (p *PDF) stream(dict string, data []byte) int {
	return p.add(fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data))
}

func (p *PDF) page(box [2]float64, content int, more string) {
	n := p.add(fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[0 0 %g %g]/Contents %d 0 R%s>>",
		pagesObject, box[0], box[1], content, more))
	p.kids = append(p.kids, fmt.Sprintf("%d 0 R", n))
}

// AddScan puts a JPEG over the whole of a page, as a scanner does. Rotate is the
// page's /Rotate in degrees.
func (p *PDF) AddScan(jpg []byte, size image.Point, rotate int) {
	img := p.stream(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode",
		size.X, size.Y), jpg)
	p.addImage(img, size, rotate)
}

// AddFax puts a bilevel image over the whole of a page, as CCITT Group 4.
func (p *PDF) AddFax(scan *image.Paletted) {
	size := scan.Bounds().Size()
	img := p.stream(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns %d/Rows %d>>",
		size.X, size.Y, size.X, size.Y), g4(scan))
	p.addImage(img, size, 0)
}

// addImage makes a page of A4, upright or lying as the image is.
func (p *PDF) addImage(img int, size image.Point, rotate int) {
	box := [2]float64{pageWidth, pageHeight}
	if size.X > size.Y {
		box = [2]float64{pageHeight, pageWidth}
	}
	content := p.stream("", fmt.Appendf(nil, "q %g 0 0 %g 0 0 cm /Im0 Do Q", box[0], box[1]))
	p.page(box, content, fmt.Sprintf("/Rotate %d/Resources<</XObject<</Im0 %d 0 R>>>>", rotate, img))
}

// AddDigital sets a sheet as text with embedded fonts, as a word processor does.
// Signatures and seals of the sheet are left out.
func (p *PDF) AddDigital(sheet int) {
	s := &p.paper.Sheets[sheet]
	var c strings.Builder
	for _, r := range s.rules {
		fmt.Fprintf(&c, "%g w %g %g m %g %g l S\n", r.width, r.x0, pageHeight-r.y0, r.x1, pageHeight-r.y1)
	}
	for _, l := range s.Lines {
		for i, w := range l {
			text := w.Text
			if i < len(l)-1 {
				text += " "
			}
			fmt.Fprintf(&c, "BT /F%d %g Tf %.2f %.2f Td <%s> Tj ET\n", w.Style, w.Size, w.X, pageHeight-w.Y, p.codes(w.Style, text))
		}
	}
	content := p.stream("", []byte(c.String()))
	var fonts strings.Builder
	for i, n := range p.fonts {
		if n > 0 {
			fmt.Fprintf(&fonts, "/F%d %d 0 R", i, n)
		}
	}
	p.page([2]float64{pageWidth, pageHeight}, content, "/Resources<</Font<<"+fonts.String()+">>>>")
}

// codes gives the glyph numbers of text in hexadecimal and remembers its letters.
func (p *PDF) codes(style Style, text string) string {
	if p.fonts[style] == 0 {
		p.fonts[style] = p.add("") // filled in when all letters are known
		p.used[style] = map[rune]bool{}
	}
	var hex strings.Builder
	for _, r := range text {
		p.used[style][r] = true
		fmt.Fprintf(&hex, "%04X", p.paper.fonts.glyph(style, r))
	}
	return hex.String()
}

// embed writes the font objects of one cut.
func (p *PDF) embed(style Style) error {
	f := p.paper.fonts
	letters := make([]rune, 0, len(p.used[style]))
	for r := range p.used[style] {
		letters = append(letters, r)
	}
	slices.Sort(letters)
	var widths, mapping strings.Builder
	for _, r := range letters {
		g := f.glyph(style, r)
		fmt.Fprintf(&widths, "%d[%.0f]", g, f.advance(style, g))
		fmt.Fprintf(&mapping, "<%04X> <%s>\n", g, utf16Hex(r))
	}
	packed, err := deflate(f.bytes[style])
	if err != nil {
		return err
	}
	name := f.postscript(style)
	file := p.stream(fmt.Sprintf("/Filter/FlateDecode/Length1 %d", len(f.bytes[style])), packed)
	descriptor := p.add(fmt.Sprintf("<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[-543 -303 1278 981]/ItalicAngle 0/Ascent 891/Descent -216/CapHeight 662/StemV 80/FontFile2 %d 0 R>>", name, file))
	descendant := p.add(fmt.Sprintf("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %d 0 R/CIDToGIDMap/Identity/DW 500/W[%s]>>", name, descriptor, widths.String()))
	unicode := p.stream("", fmt.Appendf(nil, "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n%sendcmap end\nend", blocks(mapping.String()))) //nolint:dupword // A dictionary ends twice.
	p.objects[p.fonts[style]-1] = fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>", name, descendant, unicode)
	return nil
}

// blocks cuts the mapping into the hundred lines that a bfchar block may hold.
func blocks(mapping string) string {
	var out strings.Builder
	for chunk := range slices.Chunk(strings.Split(strings.TrimSpace(mapping), "\n"), 100) {
		fmt.Fprintf(&out, "%d beginbfchar\n%s\nendbfchar\n", len(chunk), strings.Join(chunk, "\n"))
	}
	return out.String()
}

func utf16Hex(r rune) string {
	var hex strings.Builder
	for _, u := range utf16.Encode([]rune{r}) {
		fmt.Fprintf(&hex, "%04X", u)
	}
	return hex.String()
}

// Bytes ends the file.
func (p *PDF) Bytes() ([]byte, error) {
	for style := range p.fonts {
		if p.fonts[style] > 0 {
			if err := p.embed(Style(style)); err != nil {
				return nil, err
			}
		}
	}
	p.objects[catalogObject-1] = fmt.Sprintf("<</Type/Catalog/Pages %d 0 R>>", pagesObject)
	p.objects[pagesObject-1] = fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", strings.Join(p.kids, " "), len(p.kids))
	return Assemble(p.objects, ""), nil
}

// Assemble writes a PDF with a classic cross-reference table out of object bodies,
// the catalog first. Extra goes into the trailer. Nothing is checked: broken files
// are made with it too.
func Assemble(objects []string, extra string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, 0, len(objects))
	for i, o := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, catalogObject, extra, xref)
	return b.Bytes()
}

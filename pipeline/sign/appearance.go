package sign

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"hoso/pipeline/sign/internal/pdf"
)

// Appearance is what a signature shows on a page (ISO 32000-1, 12.5.5 and 12.7.4.5): a
// drawing in points that readers fit into a rectangle. What it says is the caller's.
type Appearance struct {
	Page   int        // from 1; 0 is the first
	Rect   [4]float64 // left, bottom, right, top in the page's default user space
	Turn   int        // quarter turns clockwise by which readers show the page; the drawing is turned back
	Width  float64    // of the drawing, upright, in points
	Height float64

	Content []byte  // operators that draw from 0,0 at the bottom left to Width,Height
	Fonts   []Font  // /F1, /F2 and so on in Content
	Images  []Image // /Im1, /Im2 and so on
}

// Font is an embedded TrueType font. A code of a text that it shows is a glyph's number,
// two bytes.
type Font struct {
	Name    string // its PostScript name, with the tag of a subset
	File    []byte
	Glyphs  []Glyph // those that are shown
	Box     [4]int  // around all of them, in thousandths of the em, as what follows
	Ascent  int
	Descent int // below zero
	Capital int // height of capitals
}

// Glyph is a glyph and what it means (ISO 19005-2, 6.2.11.7).
type Glyph struct {
	ID    uint16
	Width int // in thousandths of the em
	Text  rune
}

// Image is a picture of eight bits, from the top.
type Image struct {
	Width, Height int
	RGB           []byte
	Alpha         []byte // nil covers all that is below
}

var errLook = errors.New("an appearance that cannot be drawn")

func (a *Appearance) page() int {
	if a == nil {
		return 1
	}
	return max(1, a.Page)
}

// check finds what readers could not show.
func (a *Appearance) check() error {
	if a == nil {
		return nil
	}
	for _, v := range []float64{a.Rect[2] - a.Rect[0], a.Rect[3] - a.Rect[1], a.Width, a.Height} {
		if !(v > 0) || v > 1e6 {
			return fmt.Errorf("signing: a rectangle %v for %g by %g points: %w", a.Rect, a.Width, a.Height, errLook)
		}
	}
	for _, m := range a.Images {
		n := m.Width * m.Height
		if n <= 0 || len(m.RGB) != 3*n || m.Alpha != nil && len(m.Alpha) != n {
			return fmt.Errorf("signing: an image of %d by %d: %w", m.Width, m.Height, errLook)
		}
	}
	return nil
}

// shows writes the drawing and gives the entries of the widget for it.
func (inc *increment) shows(a *Appearance) (string, error) {
	if a == nil {
		return "/Rect [0 0 0 0]", nil
	}
	var fonts, images strings.Builder
	for i, f := range a.Fonts {
		ref, err := inc.font(f)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&fonts, " /F%d %s", i+1, ref)
	}
	for i, m := range a.Images {
		ref, err := inc.image(m)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&images, " /Im%d %s", i+1, ref)
	}
	form, err := inc.stream(fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 0 %s %s] /Matrix %s /Resources << /Font <<%s >> /XObject <<%s >> >>",
		number(a.Width), number(a.Height), a.matrix(), fonts.String(), images.String()), a.Content)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("/Rect [%s %s %s %s]\n/AP << /N %s >>", number(a.Rect[0]), number(a.Rect[1]), number(a.Rect[2]), number(a.Rect[3]), form), nil
}

// matrix turns the drawing back by as much as the page is turned.
func (a *Appearance) matrix() string {
	w, h := number(a.Width), number(a.Height)
	switch quarter(a.Turn) {
	case 1:
		return "[0 1 -1 0 " + h + " 0]"
	case 2:
		return "[-1 0 0 -1 " + w + " " + h + "]"
	case 3:
		return "[0 -1 1 0 0 " + w + "]"
	}
	return "[1 0 0 1 0 0]"
}

func quarter(turns int) int { return (turns%4 + 4) % 4 }

// stream writes a stream, deflated.
func (inc *increment) stream(entries string, data []byte) (pdf.Ref, error) {
	var b bytes.Buffer
	z, err := zlib.NewWriterLevel(&b, zlib.BestCompression)
	if err != nil {
		return pdf.Ref{}, fmt.Errorf("writing a stream: %w", err)
	}
	_, err = z.Write(data)
	if err = errors.Join(err, z.Close()); err != nil {
		return pdf.Ref{}, fmt.Errorf("writing a stream: %w", err)
	}
	ref := inc.reference()
	inc.object(ref, fmt.Sprintf("<< %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", entries, b.Len(), b.Bytes()))
	return ref, nil
}

// font writes a composite font whose codes are glyphs (ISO 32000-1, 9.7.4).
func (inc *increment) font(f Font) (pdf.Ref, error) {
	file, err := inc.stream(fmt.Sprintf("/Length1 %d", len(f.File)), f.File)
	if err != nil {
		return pdf.Ref{}, err
	}
	unicode, err := inc.stream("", f.unicode())
	if err != nil {
		return pdf.Ref{}, err
	}
	descriptor, descendant, font := inc.reference(), inc.reference(), inc.reference()
	inc.object(descriptor, fmt.Sprintf("<< /Type /FontDescriptor /FontName /%s /Flags 6 /FontBBox [%d %d %d %d]"+
		" /ItalicAngle 0 /Ascent %d /Descent %d /CapHeight %d /StemV 80 /FontFile2 %s >>",
		f.Name, f.Box[0], f.Box[1], f.Box[2], f.Box[3], f.Ascent, f.Descent, f.Capital, file))
	var widths strings.Builder
	for _, g := range f.Glyphs {
		fmt.Fprintf(&widths, " %d [%d]", g.ID, g.Width)
	}
	inc.object(descendant, fmt.Sprintf("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s"+
		" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"+
		" /FontDescriptor %s /DW 0 /W [%s ] /CIDToGIDMap /Identity >>", f.Name, descriptor, widths.String()))
	inc.object(font, fmt.Sprintf("<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H"+
		" /DescendantFonts [%s] /ToUnicode %s >>", f.Name, descendant, unicode))
	return font, nil
}

// unicode writes what the codes mean; of ranges, which would be shorter, not every
// reader takes the right meaning.
func (f Font) unicode() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for all := f.Glyphs; len(all) > 0; {
		n := min(100, len(all)) // the most that one block may hold
		fmt.Fprintf(&b, "%d beginbfchar\n", n)
		for _, g := range all[:n] {
			fmt.Fprintf(&b, "<%04X> <%s>\n", g.ID, utf16Hex(string(g.Text)))
		}
		b.WriteString("endbfchar\n")
		all = all[n:]
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\n" + strings.Repeat("end\n", 2))
	return b.Bytes()
}

func (inc *increment) image(m Image) (pdf.Ref, error) {
	entries := fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8", m.Width, m.Height)
	mask := ""
	if m.Alpha != nil {
		ref, err := inc.stream(entries+" /ColorSpace /DeviceGray", m.Alpha)
		if err != nil {
			return pdf.Ref{}, err
		}
		mask = " /SMask " + ref.String()
	}
	return inc.stream(entries+" /ColorSpace /DeviceRGB"+mask, m.RGB)
}

// number writes a number of points with three decimals.
func number(v float64) string {
	v = math.Round(v*1000) / 1000
	if v == 0 {
		v = 0 // no negative zero
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

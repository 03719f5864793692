package separator

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"strings"
)

// document is a small PDF/A-2u being put together. Nothing in it tells a time, so that the
// same sheets are the same bytes.
type document struct {
	objects []string // bodies, object 1 first; "" is not yet written
	pages   []string
}

// The objects every file begins with.
const (
	catalogObject = 1 + iota
	treeObject
	metadataObject
	resourcesObject
	firstFree
)

func newDocument() *document { return &document{objects: make([]string, firstFree-1)} }

func (d *document) put(num int, body string) { d.objects[num-1] = body }

func (d *document) add(body string) int {
	d.objects = append(d.objects, body)
	return len(d.objects)
}

func stream(dict, data string) string {
	return fmt.Sprintf("<< %s/Length %d >>\nstream\n%s\nendstream", dict, len(data), data)
}

// deflated adds a compressed stream.
func (d *document) deflated(data string) (int, error) {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	if _, err := z.Write([]byte(data)); err != nil {
		return 0, fmt.Errorf("compressing: %w", err)
	}
	if err := z.Close(); err != nil {
		return 0, fmt.Errorf("compressing: %w", err)
	}
	return d.add(stream("/Filter /FlateDecode ", packed.String())), nil
}

// page adds a page of A4 with a content that other pages may share.
func (d *document) page(content int) {
	n := d.add(fmt.Sprintf("<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %.2f %.2f] /Resources %d 0 R /Contents %d 0 R >>",
		treeObject, width, height, resourcesObject, content))
	d.pages = append(d.pages, fmt.Sprintf("%d 0 R", n))
}

// typeface adds a Type 3 font with the letters in use.
func (d *document) typeface(f *typeface) (int, error) {
	var procedures, names, widths strings.Builder
	for i, r := range f.letters {
		drawn, err := f.procedure(r)
		if err != nil {
			return 0, err
		}
		n, err := d.deflated(drawn)
		if err != nil {
			return 0, err
		}
		advance, err := f.advance(r)
		if err != nil {
			return 0, err
		}
		fmt.Fprintf(&procedures, "/g%d %d 0 R ", i+1, n)
		fmt.Fprintf(&names, "/g%d ", i+1)
		fmt.Fprintf(&widths, "%d ", advance)
	}
	unicode, err := d.deflated(f.toUnicode())
	if err != nil {
		return 0, err
	}
	box, err := f.box()
	if err != nil {
		return 0, err
	}
	scale := 1 / f.unit()
	return d.add(fmt.Sprintf("<< /Type /Font /Subtype /Type3 /FontBBox [%[7]s] /FontMatrix [%[1]g 0 0 %[1]g 0 0]"+
		" /CharProcs << %[2]s>> /Encoding << /Type /Encoding /Differences [1 %[3]s] >> /FirstChar 1 /LastChar %[4]d"+
		" /Widths [%[5]s] /ToUnicode %[6]d 0 R /Resources << >> >>",
		scale, procedures.String(), names.String(), len(f.letters), widths.String(), unicode, box)), nil
}

// resources names the two cuts. Black is that of a calibrated grey, which spares the file a
// colour profile (ISO 19005-2, 6.2.4.3).
func (d *document) resources(regular, bold int) {
	d.put(resourcesObject, fmt.Sprintf("<< /Font << /%s %d 0 R /%s %d 0 R >> /ColorSpace << /DefaultGray [/CalGray << /WhitePoint [0.9505 1 1.089] /Gamma 2.2 >>] >> >>",
		fontRegular, regular, fontBold, bold))
}

// metadata is the XMP packet that makes the file a PDF/A-2u.
func metadata(title string) string {
	return "<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n" +
		"<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"" +
		" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n" +
		"<pdfaid:part>2</pdfaid:part>\n<pdfaid:conformance>U</pdfaid:conformance>\n" +
		"<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">" + title + "</rdf:li></rdf:Alt></dc:title>\n" +
		"<pdf:Producer>hoso</pdf:Producer>\n" +
		"</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>"
}

// bytes ends the file. Title is text without signs of XML.
func (d *document) bytes(title string) []byte {
	d.put(catalogObject, fmt.Sprintf("<< /Type /Catalog /Pages %d 0 R /Metadata %d 0 R /Lang (vi) /ViewerPreferences << /PrintScaling /None >> >>", treeObject, metadataObject))
	d.put(treeObject, fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(d.pages, " "), len(d.pages)))
	d.put(metadataObject, stream("/Type /Metadata /Subtype /XML ", metadata(title)))
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, 0, len(d.objects))
	for i, o := range d.objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	id := sha256.Sum256(b.Bytes())
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(d.objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root %d 0 R /ID [<%x> <%x>] >>\nstartxref\n%d\n%%%%EOF\n",
		len(d.objects)+1, catalogObject, id[:16], id[:16], table)
	return b.Bytes()
}

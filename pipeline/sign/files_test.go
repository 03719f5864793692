package sign_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"
)

// writer composes small PDF files object by object, as different programs would.
type writer struct {
	bytes.Buffer
	offsets map[int]int
}

func newWriter(version string) *writer {
	w := &writer{offsets: map[int]int{}}
	fmt.Fprintf(w, "%%PDF-%s\n%%\xE2\xE3\xCF\xD3\n", version)
	return w
}

func (w *writer) object(n int, body string) {
	w.offsets[n] = w.Len()
	fmt.Fprintf(w, "%d 0 obj\n%s\nendobj\n", n, body)
}

func stream(dict, data string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(data), data)
}

const fileID = "/ID [<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>]"

// table ends the file with a classic cross-reference table.
func (w *writer) table(size int) []byte {
	start := w.Len()
	fmt.Fprintf(w, "xref\n0 %d\n0000000000 65535 f \n", size)
	for n := 1; n < size; n++ {
		fmt.Fprintf(w, "%010d 00000 n \n", w.offsets[n])
	}
	fmt.Fprintf(w, "trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", size, fileID, start)
	return w.Bytes()
}

const metadata = `<?xpacket begin="` + "\ufeff" + `" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`

func body(w *writer, page string) {
	w.object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	w.object(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R "+page+" >>")
	w.object(4, stream("", "0 0 m 10 10 l n"))
	w.object(5, stream("/Type /Metadata /Subtype /XML", metadata))
}

// classicPDF has a classic table.
func classicPDF() []byte {
	w := newWriter("1.7")
	w.object(1, "<< /Type /Catalog /Pages 2 0 R /Metadata 5 0 R >>")
	body(w, "")
	return w.table(6)
}

// formPDF has a form in the catalog, annotations behind a reference, and no end of
// line after its last byte.
func formPDF() []byte {
	w := newWriter("1.7")
	w.object(1, "<< /Type /Catalog /Pages 2 0 R /Metadata 5 0 R /AcroForm << /Fields [7 0 R] >> >>")
	body(w, "/Annots 6 0 R")
	w.object(6, "[7 0 R]")
	w.object(7, "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (x) /F 4 /Rect [0 0 0 0] /P 3 0 R >>")
	return bytes.TrimRight(w.table(8), "\n")
}

// streamPDF keeps catalog and page in an object stream and has a cross-reference
// stream with PNG prediction, as other programs write them.
func streamPDF(t testing.TB) []byte {
	t.Helper()
	w := newWriter("1.7")
	packed := []string{
		"<< /Type /Catalog /Pages 2 0 R /Metadata 5 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R >>",
	}
	head, inner := "", ""
	for i, o := range packed {
		head += fmt.Sprintf("%d %d ", i+1, len(inner))
		inner += o + " "
	}
	w.object(4, stream("", "0 0 m 10 10 l n"))
	w.object(5, stream("/Type /Metadata /Subtype /XML", metadata))
	w.object(6, stream(fmt.Sprintf("/Type /ObjStm /N 3 /First %d /Filter /FlateDecode", len(head)), deflate(t, head+inner)))
	start := w.Len()
	rows := [][4]int{{0, 0, 0, 0}, {2, 0, 6, 0}, {2, 0, 6, 1}, {2, 0, 6, 2}}
	for _, at := range []int{w.offsets[4], w.offsets[5], w.offsets[6], start} {
		rows = append(rows, [4]int{1, at >> 8, at & 255, 0})
	}
	var table strings.Builder
	var above [4]int
	for _, row := range rows {
		table.WriteByte(2) // PNG "up"
		for i := range row {
			table.WriteByte(byte(row[i] - above[i]))
		}
		above = row
	}
	w.object(7, stream("/Type /XRef /Size 8 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 4 >> "+fileID,
		deflate(t, table.String())))
	fmt.Fprintf(w, "startxref\n%d\n%%%%EOF\n", start)
	return w.Bytes()
}

func deflate(t testing.TB, s string) string {
	t.Helper()
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := z.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

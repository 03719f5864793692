package compose

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

var errMeta = errors.New("metadata cannot stand in a record")

// maxTitle bounds every text of the metadata, in bytes: a string of a PDF/A-2 file
// may have 32,767 (ISO 19005-2, 6.1.13).
const maxTitle = 8000

// normal fills in what is missing and cleans texts once, before they go into Info
// and XMP, so that both say the same.
func (m Meta) normal() (Meta, error) {
	if m.Lang == "" {
		m.Lang = "vi"
	}
	tag, err := language.Parse(m.Lang)
	if err != nil {
		return Meta{}, fmt.Errorf("reading language %.40q: %w", m.Lang, err)
	}
	m.Lang = tag.String()
	if y := m.Created.UTC().Year(); y < 1 || y > 9999 {
		return Meta{}, fmt.Errorf("writing a date in year %d: %w", y, errMeta)
	}
	m.Created = m.Created.UTC().Truncate(time.Second)
	if m.Producer == "" {
		m.Producer = "hoso"
	}
	m.Title, m.ID, m.Producer = clean(m.Title), clean(m.ID), clean(m.Producer)
	if n := max(len(m.Title), len(m.ID), len(m.Producer)); n > maxTitle {
		return Meta{}, fmt.Errorf("writing a text of %d bytes: %w", n, errMeta)
	}
	return m, nil
}

// clean brings text into NFC without what XML 1.0 forbids; line breaks become
// spaces.
func clean(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || noncharacter(r):
			return -1
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD"))))
}

// info is the Info dictionary. Dates are written with +00'00' rather than Z, which
// strict readers refuse.
func (m Meta) info() string {
	date := m.Created.Format("(D:20060102150405+00'00')")
	title := ""
	if m.Title != "" {
		title = " /Title " + textString(m.Title)
	}
	return fmt.Sprintf("<<%s /Creator %s /Producer %s /CreationDate %s /ModDate %s >>",
		title, textString(m.Producer), textString(m.Producer), date, date)
}

// xmp is the metadata packet, of predefined schemas only (ISO 19005-2, 6.6.2.3);
// differ are the pages of an access copy that differ from the record.
func (m Meta) xmp(differ []int) []byte {
	date := m.Created.Format("2006-01-02T15:04:05Z")
	id := uuid(m.ID)
	var b strings.Builder
	b.WriteString("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n" +
		"<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n" +
		"<rdf:Description rdf:about=\"\"\n" +
		"  xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n" +
		"  xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"\n" +
		"  xmlns:xmpMM=\"http://ns.adobe.com/xap/1.0/mm/\"\n" +
		"  xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"\n" +
		"  xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n" +
		"<pdfaid:part>" + m.part() + "</pdfaid:part>\n<pdfaid:conformance>U</pdfaid:conformance>\n" +
		"<dc:format>application/pdf</dc:format>\n")
	if m.Title != "" {
		fmt.Fprintf(&b, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:title>\n", escape(m.Title))
	}
	if m.ID != "" {
		fmt.Fprintf(&b, "<dc:identifier>%s</dc:identifier>\n", escape(m.ID))
	}
	b.WriteString(m.copyXMP(differ))
	b.WriteString(m.attachedXMP())
	fmt.Fprintf(&b, "<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>\n", escape(m.Lang))
	fmt.Fprintf(&b, "<xmp:CreateDate>%[1]s</xmp:CreateDate>\n<xmp:ModifyDate>%[1]s</xmp:ModifyDate>\n"+
		"<xmp:MetadataDate>%[1]s</xmp:MetadataDate>\n<xmp:CreatorTool>%[2]s</xmp:CreatorTool>\n"+
		"<pdf:Producer>%[2]s</pdf:Producer>\n<xmpMM:DocumentID>%[3]s</xmpMM:DocumentID>\n"+
		"<xmpMM:InstanceID>%[3]s</xmpMM:InstanceID>\n", date, escape(m.Producer), id)
	b.WriteString("</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>")
	return []byte(b.String())
}

// copyXMP says of an access copy what it is and of what, in Dublin Core; nothing of a
// record.
func (m Meta) copyXMP(differ []int) string {
	if m.Copy.Record.IsZero() {
		return ""
	}
	vi := "Bản xem nhanh, không ký, không có giá trị pháp lý, không thay thế bản số hóa có mã SHA-256 " + m.Copy.Record.String() + "."
	en := "Access copy of the record with SHA-256 " + m.Copy.Record.String() + ": not signed, without legal value, never in its place."
	if len(differ) > 0 {
		pages := strings.Trim(fmt.Sprint(differ[:min(len(differ), mostNamed)]), "[]")
		vi += " Có chỗ khác bản số hóa ở trang: " + pages + "."
		en += " It differs from the record on pages: " + pages + "."
	}
	return "<dc:type><rdf:Bag><rdf:li>access copy</rdf:li></rdf:Bag></dc:type>\n" +
		"<dc:source>urn:sha256:" + m.Copy.Record.String() + "</dc:source>\n" +
		"<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">" + vi + "</rdf:li>" +
		"<rdf:li xml:lang=\"en\">" + en + "</rdf:li></rdf:Alt></dc:description>\n"
}

// mostNamed bounds the pages that metadata name one by one.
const mostNamed = 500

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}

// uuid makes a name-based UUID (RFC 9562, version 8) of the record's own ID.
func uuid(id string) string {
	h := sha256.Sum256([]byte("hoso record " + id))
	h[6] = h[6]&0x0F | 0x80
	h[8] = h[8]&0x3F | 0x80
	return fmt.Sprintf("uuid:%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

// textString is a text string object (ISO 32000-1, 7.9.2.2): a literal for plain
// ASCII, UTF-16 in hexadecimal for the rest.
func textString(s string) string {
	plain := strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0
	if plain {
		return "(" + strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(s) + ")"
	}
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String() + ">"
}

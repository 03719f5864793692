package compose

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"hoso/pipeline/compose/internal/lazy"
)

// maxXMP bounds the metadata packet.
const maxXMP = 1 << 20

// Namespaces of the properties that are compared.
const (
	nsDC  = "http://purl.org/dc/elements/1.1/"
	nsXMP = "http://ns.adobe.com/xap/1.0/"
	nsPDF = "http://ns.adobe.com/pdf/1.3/"
	nsID  = "http://www.aiim.org/pdfa/ns/id/"
	nsRDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
)

// metadata reads what the XMP packet claims and compares it with Info, word for
// word: a record tells every reader the same.
func (i *inspection) metadata(catalog lazy.Dict) error {
	info, err := i.dict(i.file.Trailer["Info"])
	if err != nil {
		return err
	}
	i.facts.Title = i.text(info["Title"])
	s, ok := i.value(catalog["Metadata"]).(lazy.Stream)
	if !ok {
		return fmt.Errorf("looking for XMP: %w", lazy.ErrFormat)
	}
	packet, err := i.file.Decode(s, maxXMP)
	if err != nil {
		return err
	}
	xmp, err := readXMP(packet)
	if err != nil {
		return err
	}
	part, conformance := xmp[xml.Name{Space: nsID, Local: "part"}], xmp[xml.Name{Space: nsID, Local: "conformance"}]
	i.facts.PDFA = level(part + strings.ToLower(conformance))
	i.claim()
	for key, name := range map[lazy.Name]xml.Name{
		"Title": {Space: nsDC, Local: "title"}, "Author": {Space: nsDC, Local: "creator"},
		"Creator":  {Space: nsXMP, Local: "CreatorTool"},
		"Producer": {Space: nsPDF, Local: "Producer"},
	} {
		if i.text(info[key]) != xmp[name] {
			i.facts.problem("%s of Info and XMP differ", key)
		}
	}
	for key, name := range map[lazy.Name]string{"CreationDate": "CreateDate", "ModDate": "ModifyDate"} {
		if !sameTime(i.text(info[key]), xmp[xml.Name{Space: nsXMP, Local: name}]) {
			i.facts.problem("%s of Info and XMP differ", key)
		}
	}
	return nil
}

// level gives a level of PDF/A that there is, or nothing.
func level(claim string) string {
	levels := []string{"1a", "1b", "2a", "2b", "2u", "3a", "3b", "3u", "4", "4e", "4f"}
	if !slices.Contains(levels, claim) {
		return ""
	}
	return claim
}

// sameTime compares a PDF date with an XMP date; both may be missing.
func sameTime(info, xmp string) bool {
	if info == "" && xmp == "" {
		return true
	}
	info = strings.ReplaceAll(strings.TrimPrefix(info, "D:"), "'", "")
	for _, form := range []string{"20060102150405Z0700", "20060102150405-0700", "20060102150405"} {
		a, err := time.Parse(form, info)
		if err != nil {
			continue
		}
		b, err := time.Parse(time.RFC3339, xmp)
		return err == nil && a.Equal(b)
	}
	return false
}

// text decodes a text string (ISO 32000-1, 7.9.2.2): UTF-16 with its mark, or
// PDFDocEncoding, of which only the part equal to Latin-1 is known here.
func (i *inspection) text(v any) string {
	s, _ := i.value(v).(lazy.String)
	if b := []byte(s); len(b) >= 2 && b[0] == 0xFE && b[1] == 0xFF {
		units := make([]uint16, 0, len(b)/2)
		for b = b[2:]; len(b) >= 2; b = b[2:] {
			units = append(units, uint16(b[0])<<8|uint16(b[1]))
		}
		return string(utf16.Decode(units))
	}
	runes := make([]rune, len(s))
	for k := range len(s) {
		runes[k] = rune(s[k])
	}
	return string(runes)
}

var errXMP = errors.New("metadata packet is not XMP")

// readXMP collects the simple properties of a packet, and the first item of arrays.
func readXMP(packet []byte) (map[xml.Name]string, error) {
	props := make(map[xml.Name]string)
	d := xml.NewDecoder(bytes.NewReader(packet))
	var path []xml.Name
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return props, nil
		}
		if err != nil || len(path) > 64 || len(props) > 10_000 {
			return nil, fmt.Errorf("reading the metadata: %w", errXMP) // the cause may quote them
		}
		switch t := tok.(type) {
		case xml.StartElement:
			for _, a := range attributes(path, t) {
				props[a.Name] = a.Value
			}
			path = append(path, t.Name)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if name, ok := property(path); ok && props[name] == "" {
				props[name] = strings.TrimSpace(string(t))
			}
		}
	}
}

// attributes are properties in short form, if t is a description.
func attributes(path []xml.Name, t xml.StartElement) []xml.Attr {
	if !inDescription(path, t.Name) {
		return nil
	}
	return t.Attr
}

func inDescription(path []xml.Name, name xml.Name) bool {
	return len(path) > 0 && path[len(path)-1] == xml.Name{Space: nsRDF, Local: "RDF"} &&
		name == xml.Name{Space: nsRDF, Local: "Description"}
}

// property gives the property that text at this place is the value of.
func property(path []xml.Name) (xml.Name, bool) {
	for k := range path {
		if k >= 1 && inDescription(path[:k], path[k]) && k+1 < len(path) {
			return path[k+1], true
		}
	}
	return xml.Name{}, false
}

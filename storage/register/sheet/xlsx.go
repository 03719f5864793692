package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"hoso/pipeline"
)

// workbook is an XLSX file being read: ECMA-376, part 1, SpreadsheetML.
type workbook struct {
	parts       map[string]*zip.File
	left        int64 // bytes that may still be unpacked
	outlineLeft int64 // and of what is no cells
	text        []string
	days        map[int]bool // styles that show a number as a day
	mac         bool         // days are counted from 1904
	sheets      []sheetRef
	budget      budget
}

type sheetRef struct {
	name, id, part string
	hidden         bool
}

// errUnpacked is the end of what a workbook may unpack to.
var errUnpacked = errors.New("the workbook unpacks to too much")

func readWorkbook(data []byte) ([]Table, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, damaged(err)
	}
	if len(archive.File) > mostParts {
		return nil, bomb()
	}
	w := &workbook{parts: map[string]*zip.File{}, left: mostXML, outlineLeft: mostOutline, days: map[int]bool{}}
	for _, f := range archive.File {
		w.parts[strings.TrimPrefix(path.Clean("/"+f.Name), "/")] = f
	}
	tables, err := w.read()
	if _, ok := pipeline.AsRefusal(err); ok {
		return nil, err
	}
	if errors.Is(err, errUnpacked) {
		return nil, bomb()
	}
	if err != nil {
		return nil, damaged(err)
	}
	return tables, nil
}

func bomb() error {
	return refuse("workbook-bomb", fmt.Sprintf("the workbook unpacks to more than %d MiB, or is nested too deep", mostXML>>20),
		"Tệp bảng tính giải nén ra quá lớn, có thể là tệp độc hại hoặc có nhiều vùng trống đã định dạng. Hãy chép phần dữ liệu sang một bảng tính mới rồi gửi lại.")
}

func (w *workbook) read() ([]Table, error) {
	if err := w.walk("xl/workbook.xml", w.outline()); err != nil {
		return nil, err
	}
	if len(w.sheets) > mostSheets {
		return nil, bomb()
	}
	if err := w.walk("xl/_rels/workbook.xml.rels", w.relations()); err != nil {
		return nil, err
	}
	for name, read := range map[string]visitor{"xl/styles.xml": w.styles(), "xl/sharedStrings.xml": w.strings()} {
		if w.parts[name] == nil {
			continue
		}
		if err := w.walk(name, read); err != nil {
			return nil, err
		}
	}
	var all []Table
	for _, ref := range w.sheets {
		if ref.hidden || ref.part == "" {
			continue
		}
		t := &Table{Name: ref.name}
		if err := w.walk(ref.part, w.rows(t)); err != nil {
			return nil, err
		}
		all = append(all, *t)
	}
	return all, nil
}

// visitor is told of the beginnings and ends of elements and of the text in them.
type visitor struct {
	open  func(name string, attr func(string) string) error
	close func(name string) error
	text  func([]byte) error
}

// counted reads no more than is left of the whole workbook.
type counted struct {
	io.Reader
	left *int64
}

// Read reads and counts.
func (c counted) Read(b []byte) (int, error) {
	if *c.left <= 0 {
		return 0, errUnpacked
	}
	n, err := c.Reader.Read(b[:min(int64(len(b)), *c.left)])
	*c.left -= int64(n)
	return n, err
}

// walk reads a part from its beginning to its end.
func (w *workbook) walk(name string, v visitor) error {
	f := w.parts[name]
	if f == nil {
		return fmt.Errorf("reading a workbook: no part %.100q", name)
	}
	body, err := f.Open()
	if err != nil {
		return fmt.Errorf("opening %.100q: %w", name, err)
	}
	defer body.Close() //nolint:errcheck // only read from
	left := &w.left
	if !strings.Contains(name, "sheet") && !strings.Contains(name, "Strings") {
		left = &w.outlineLeft
	}
	d := xml.NewDecoder(counted{body, left})
	d.CharsetReader = func(charset string, r io.Reader) (io.Reader, error) {
		if strings.EqualFold(charset, "utf-8") {
			return r, nil
		}
		return nil, fmt.Errorf("reading %.100q: charset %.40q", name, charset)
	}
	depth := 0
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := v.see(token, &depth); err != nil {
			return err
		}
	}
}

func (v visitor) see(token xml.Token, depth *int) error {
	switch t := token.(type) {
	case xml.StartElement:
		if *depth++; *depth > deepestXML {
			return errUnpacked
		}
		return v.open(t.Name.Local, func(name string) string { return attribute(t, name) })
	case xml.EndElement:
		*depth--
		if v.close != nil {
			return v.close(t.Name.Local)
		}
	case xml.CharData:
		if v.text != nil {
			return v.text(t)
		}
	case xml.Directive: // no part has a document type
		return errors.New("a workbook does not have directives")
	}
	return nil
}

func attribute(t xml.StartElement, name string) string {
	prefix, local, found := strings.Cut(name, ":")
	if !found {
		prefix, local = "", name
	}
	for _, a := range t.Attr {
		if a.Name.Local == local && a.Name.Space == prefix {
			return a.Value
		}
	}
	return ""
}

// outline collects the sheets and how days are counted.
func (w *workbook) outline() visitor {
	return visitor{open: func(name string, attr func(string) string) error {
		switch name {
		case "workbookPr":
			w.mac = attr("date1904") == "1" || attr("date1904") == "true"
		case "sheet":
			state := attr("state")
			w.sheets = append(w.sheets, sheetRef{
				name: attr("name"), id: attr("r:id"), hidden: state == "hidden" || state == "veryHidden",
			})
		}
		return nil
	}}
}

// relations finds the parts of the sheets.
func (w *workbook) relations() visitor {
	return visitor{open: func(name string, attr func(string) string) error {
		if name != "Relationship" || attr("TargetMode") == "External" {
			return nil
		}
		target := attr("Target")
		if !strings.HasPrefix(target, "/") {
			target = "xl/" + target
		}
		for i := range w.sheets {
			if w.sheets[i].id == attr("Id") {
				w.sheets[i].part = strings.TrimPrefix(path.Clean("/"+strings.TrimPrefix(target, "/")), "/")
			}
		}
		return nil
	}}
}

// strings collects the texts that cells name by their place. Text of a reading aid
// (rPh) is none of theirs.
func (w *workbook) strings() visitor {
	var b strings.Builder
	in, aside := false, 0
	return visitor{
		open: func(name string, _ func(string) string) error {
			switch name {
			case "si":
				b.Reset()
			case "rPh":
				aside++
			case "t":
				in = aside == 0
			}
			return nil
		},
		close: func(name string) error {
			switch name {
			case "si":
				w.text = append(w.text, b.String())
			case "rPh":
				aside--
			case "t":
				in = false
			}
			return nil
		},
		text: func(t []byte) error {
			if in {
				b.Write(t)
			}
			return nil
		},
	}
}

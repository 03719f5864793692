package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// WriteCSV writes rows as CSV in UTF-8 with a byte order mark, without which Excel takes
// the text for something else.
func WriteCSV(out io.Writer, rows [][]string) error {
	if _, err := io.WriteString(out, "\xEF\xBB\xBF"); err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	w := csv.NewWriter(out)
	w.UseCRLF = true
	if err := w.WriteAll(rows); err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	return nil
}

// The parts of a workbook of one sheet that are always the same.
const (
	xmlHead      = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`
	relations = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>`
	relation  = `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/>`
	bookHead  = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
		`<sheets><sheet name="%s" sheetId="1" r:id="rId1"/></sheets></workbook>`
	// Style 0 and 1 are text, so that no program makes a number of a code; 1 is bold.
	styleSheet = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
		`<fonts count="2"><font><sz val="11"/><name val="Times New Roman"/></font><font><b/><sz val="11"/><name val="Times New Roman"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="49" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="2"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0"/></cellXfs>` +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
	sheetHead = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
		`<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
		`<sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="%d" width="24" style="0" customWidth="1"/></cols><sheetData>`
	sheetTail = `</sheetData></worksheet>`
)

// WriteWorkbook writes rows as a workbook of one sheet; the first row is its heading.
func WriteWorkbook(out io.Writer, name string, rows [][]string) error {
	z := zip.NewWriter(out)
	fixed := []struct{ name, body string }{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", fmt.Sprintf(relations, fmt.Sprintf(relation, 1, "officeDocument", "xl/workbook.xml"))},
		{"xl/workbook.xml", fmt.Sprintf(bookHead, escaped(name))},
		{"xl/_rels/workbook.xml.rels", fmt.Sprintf(relations, fmt.Sprintf(relation, 1, "worksheet", "worksheets/sheet1.xml")+fmt.Sprintf(relation, 2, "styles", "styles.xml"))},
		{"xl/styles.xml", styleSheet},
	}
	for _, part := range fixed {
		if err := writePart(z, part.name, func(w io.Writer) error {
			_, err := io.WriteString(w, part.body)
			return err
		}); err != nil {
			return err
		}
	}
	err := writePart(z, "xl/worksheets/sheet1.xml", func(w io.Writer) error { return writeRows(w, rows) })
	if err = errors.Join(err, z.Close()); err != nil {
		return fmt.Errorf("writing a workbook: %w", err)
	}
	return nil
}

func writePart(z *zip.Writer, name string, write func(io.Writer) error) error {
	part, err := z.Create(name)
	if err != nil {
		return fmt.Errorf("writing a workbook: %w", err)
	}
	w := bufio.NewWriter(part)
	_, err = w.WriteString(xmlHead)
	if err = errors.Join(err, write(w), w.Flush()); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

func writeRows(w io.Writer, rows [][]string) error {
	columns := 1
	if len(rows) > 0 {
		columns = max(1, len(rows[0]))
	}
	if _, err := fmt.Fprintf(w, sheetHead, columns); err != nil {
		return err
	}
	for i, cells := range rows {
		style := 0
		if i == 0 {
			style = 1
		}
		var b strings.Builder
		fmt.Fprintf(&b, `<row r="%d">`, i+1)
		for j, text := range cells {
			if text != "" {
				fmt.Fprintf(&b, `<c r="%s%d" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, columnName(j), i+1, style, escaped(text))
			}
		}
		b.WriteString("</row>")
		if _, err := io.WriteString(w, b.String()); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, sheetTail)
	return err
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a builder never returns an error
	return b.String()
}

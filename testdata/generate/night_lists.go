package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"path"
	"strconv"
	"strings"

	"hoso/pipeline"
	"hoso/testdata/paper"
)

// The fates of rows of an inventory.
const (
	rowFits    = "fits"
	rowNoFile  = "no-file"
	rowMixedUp = "mixed-up"
)

// lists puts an inventory into the first box of two scanners: a CSV as Excel saves it, and a
// workbook with a title above its headings.
func (n *night) lists() {
	n.list(&n.all[0], "Bảng kê.csv", 1, csvOf)
	n.list(&n.all[1], "Bảng kê.xlsx", 3, workbookOf)
}

// list writes an inventory whose headings stand in a line.
func (n *night) list(first *dossier, name string, heading int, write func([][]string) ([]byte, error)) {
	file := path.Join(first.box, name)
	rows := [][]string{{"STT", "Mã hồ sơ", "Tên tệp", "Tên giấy tờ", "Họ tên"}}
	row := func(number, of, title, owner, fate, id string) {
		rows = append(rows, []string{strconv.Itoa(len(rows)), number, of, title, owner})
		n.truth.Rows = append(n.truth.Rows, nightRow{List: file, Line: heading + len(rows) - 1, Fate: fate, Paper: id})
	}
	for _, d := range n.all {
		for _, p := range n.truth.Papers {
			if d.box == first.box && p.Dossier == d.number.Key() && n.listed(p, d.folder) {
				row(d.number.String(), below(first.box, p.Pages[0]), p.Title, d.owner, rowFits, p.ID)
			}
		}
	}
	for i := range 2 {
		number := fmt.Sprintf("H98.77-260304-%04d", 9000+i)
		row(number, number+"/Kết quả/Quyết định.pdf", "Quyết định", "Nguyễn Văn Vắng", rowNoFile, "")
	}
	// The row has the number of another dossier than the folder of its file.
	other := n.spare(0)
	name = path.Join(first.folder, kindFolder(pipeline.Result), "Quyết định bổ sung.pdf")
	n.held(name, first, 25, "numbers-disagree", "")
	row(other.number.String(), below(first.box, name), "Quyết định", other.owner, rowMixedUp, n.truth.Papers[len(n.truth.Papers)-1].ID)
	n.add(nightFile{Path: file, Fate: fateList, bytes: func(*paper.Fonts) ([]byte, error) { return write(rows) }})
}

// listed reports whether a paper is one file in the folder of a dossier.
func (n *night) listed(p nightPaper, folder string) bool {
	_, last, _ := strings.Cut(p.Pages[len(p.Pages)-1], "#")
	return p.Fate == fateFiled && p.Form != "stack" && last == strconv.Itoa(len(p.Pages)) && strings.HasPrefix(p.Pages[0], folder+"/")
}

// below gives the path of a page's file as seen from a folder.
func below(folder, page string) string {
	file, _, _ := strings.Cut(page, "#")
	return strings.TrimPrefix(file, folder+"/")
}

// csvOf writes what Excel of a Vietnamese Windows saves as "CSV UTF-8".
func csvOf(rows [][]string) ([]byte, error) {
	b := bytes.NewBufferString("\uFEFF")
	w := csv.NewWriter(b)
	w.Comma, w.UseCRLF = ';', true
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("writing CSV: %w", err)
	}
	return b.Bytes(), nil
}

// workbookOf writes a workbook of one sheet (ECMA-376): a title, an empty row, the rows.
func workbookOf(rows [][]string) ([]byte, error) {
	all := append([][]string{{"BẢNG KÊ HỒ SƠ SỐ HÓA"}, nil}, rows...)
	var cells bytes.Buffer
	cells.WriteString(xml.Header + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	for y, row := range all {
		fmt.Fprintf(&cells, `<row r="%d">`, y+1)
		for x, text := range row {
			fmt.Fprintf(&cells, `<c r="%c%d" t="inlineStr"><is><t>`, 'A'+x, y+1)
			if err := xml.EscapeText(&cells, []byte(text)); err != nil {
				return nil, fmt.Errorf("writing a workbook: %w", err)
			}
			cells.WriteString(`</t></is></c>`)
		}
		cells.WriteString(`</row>`)
	}
	cells.WriteString(`</sheetData></worksheet>`)
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	const packages = "http://schemas.openxmlformats.org/package/2006"
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="` + packages + `/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + packages + `/relationships"><Relationship Id="rId1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="` + office + `"><sheets><sheet name="Bảng kê" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + packages + `/relationships"><Relationship Id="rId1" Type="` + office + `/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", ""},
	} {
		w, err := z.Create(f[0])
		if err != nil {
			return nil, fmt.Errorf("writing a workbook: %w", err)
		}
		text := xml.Header + f[1]
		if f[1] == "" {
			text = cells.String()
		}
		if _, err := w.Write([]byte(text)); err != nil {
			return nil, fmt.Errorf("writing a workbook: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("writing a workbook: %w", err)
	}
	return b.Bytes(), nil
}

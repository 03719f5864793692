package sheet_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hoso/storage/register/sheet"
)

// book is a workbook as office programs write it: texts apart, styles for days, sheets
// named over relations, one of them hidden.
func book(t *testing.T, change ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"xl/workbook.xml", `<?xml version="1.0" encoding="UTF-8"?><workbook xmlns:r="r"><workbookPr/><sheets><sheet name="Cơ quan" sheetId="1" r:id="rId7"/><sheet name="Ẩn" sheetId="2" state="hidden" r:id="rId8"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId8" Target="worksheets/b.xml"/><Relationship Id="rId7" Target="/xl/worksheets/a.xml"/></Relationships>`},
		{"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-42A]dd\/mm\/yyyy"/><numFmt numFmtId="165" formatCode="0.0&quot;yd&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`},
		{"xl/sharedStrings.xml", `<sst><si><t>Mã &amp; tên</t></si><si><r><t>Xã </t></r><r><t xml:space="preserve">Vạn Liễu</t></r><rPh><t>no</t></rPh></si></sst>`},
		{"xl/worksheets/a.xml", `<worksheet><sheetData>` +
			`<row r="1"/><row r="3"><c r="B3" t="s"><v>0</v></c><c r="D3" t="s"><v>1</v></c></row>` +
			`<row r="4"><c r="A4" s="1"><v>45839</v></c><c r="B4" s="2"><v>45838.5</v></c><c r="C4" s="3"><v>45839</v></c><c r="D4"><f>1+1</f><v>2</v></c><c r="E4" t="str"><v>H42</v></c><c r="F4" t="b"><v>1</v></c><c r="G4" t="inlineStr"><is><t>trong ô</t></is></c><c r="H4" t="d"><v>2025-07-01T00:00:00</v></c></row>` +
			`<row><c><v>1</v></c><c t="s"><v>99</v></c><c><v>3</v></c></row>` +
			`</sheetData></worksheet>`},
		{"xl/worksheets/b.xml", `<worksheet><sheetData><row><c><v>7</v></c></row></sheetData></worksheet>`},
	} {
		w, err := z.Create(part[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(strings.NewReplacer(change...).Replace(part[1]))); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWorkbookOfAnOfficeProgram(t *testing.T) {
	t.Parallel()
	got, err := sheet.Read("a.xlsx", book(t))
	if err != nil {
		t.Fatal(err)
	}
	want := []sheet.Table{{Name: "Cơ quan", Rows: []sheet.Row{
		{Line: 3, Cells: []string{"", "Mã & tên", "", "Xã Vạn Liễu"}},
		{Line: 4, Cells: []string{"2025-07-01", "2025-06-30", "45839", "2", "H42", "TRUE", "trong ô", "2025-07-01"}},
		{Line: 5, Cells: []string{"1", "", "3"}},
	}}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("workbook (-want +got):\n%s", d)
	}
	got, err = sheet.Read("mac.xlsx", book(t, "<workbookPr/>", `<workbookPr date1904="1"/>`, "45839", "44377"))
	if err != nil || got[0].Rows[1].Cells[0] != "2025-07-01" {
		t.Errorf("days counted from 1904: %v, %v", got, err)
	}
}

// A cell far to the right or a row far down makes no room for all before it.
func TestFarCells(t *testing.T) {
	t.Parallel()
	got, err := sheet.Read("a.xlsx", book(t, `r="A4"`, `r="XFD4"`, `r="3"`, `r="1048576"`))
	if err != nil || got[0].Rows[0].Line != 1048576 || len(got[0].Rows[1].Cells) > 8 {
		t.Errorf("far cells: %+v, %v", got, err)
	}
}

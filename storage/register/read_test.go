package register_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
	"hoso/storage/register"
	"hoso/storage/register/sheet"
)

const agencyHead = "STT;Mã đơn vị;Tên đơn vị;Hiệu lực từ;Hiệu lực đến;Đơn vị kế thừa\n"

func entries(t *testing.T, name, data string) []pipeline.Agency {
	t.Helper()
	f, err := register.Agencies(name, []byte(data))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var all []pipeline.Agency
	for _, e := range f.Entries {
		all = append(all, e.Entry)
	}
	return all
}

// The same list, in the ways that clerks and programs write it.
func TestAgencyFiles(t *testing.T) {
	t.Parallel()
	want := []pipeline.Agency{
		{Code: "H42.15", Name: "Xã Kim Ngạn", Validity: pipeline.Validity{From: "2020-01-05", To: "2025-06-30"}, Successors: []string{"H42.101", "H42.102"}},
		{Code: "H42.101", Name: "Xã Vạn Liễu, mới", Aliases: []string{"Vạn Liễu"}},
	}
	rows := [][]string{
		{"DANH MỤC CƠ QUAN"},
		{"Tên cơ quan", "MÃ ĐỊNH DANH", "Từ ngày", "đến ngày", "Sáp nhập vào (mã)", "Tên viết tắt", "Ghi chú"},
		{"Xã Kim  Ngạn", "000.00.15.H42", "5/1/2020", "30.6.2025", "H42.101; 000.00.102.H42 | H42.102", "", "cũ"},
		{"Xã Vạn Liễu, mới", "h42.101", "", "", "", "Vạn Liễu"},
	}
	rows[2][4] = "H42.101; H42.102 | H42.101"
	text := func(separator string) string {
		var b strings.Builder
		for _, row := range rows {
			var cells []string
			for _, c := range row {
				cells = append(cells, `"`+c+`"`)
			}
			b.WriteString(strings.Join(cells, separator) + "\r\n")
		}
		return b.String()
	}
	for name, data := range map[string]string{
		"comma.csv":     text(","),
		"bom.csv":       "\xEF\xBB\xBF" + text(","),
		"semicolon.csv": text(";"),
		"tab.txt":       text("\t"),
		"list.json":     `[{"code":"000.00.15.H42","name":"Xã Kim Ngạn","from":"2020-01-05","to":"2025-06-30","successors":["H42.101","H42.102"]},` + "\n" + `{"code":"H42.101","name":"Xã Vạn Liễu, mới","aliases":["Vạn Liễu"]}]`,
		"lines.json":    `{"code":"H42.15","name":"Xã Kim Ngạn","from":"05/01/2020","to":"2025-06-30","successors":["H42.101","H42.102"]}` + "\n" + `{"code":"H42.101","name":"Xã Vạn Liễu, mới","aliases":["Vạn Liễu"]}`,
		"book.xlsx":     workbook(t, rows),
	} {
		if d := cmp.Diff(want, entries(t, name, data)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
	f, err := register.Agencies("comma.csv", []byte(text(",")))
	if err != nil || fmt.Sprint(f.Skipped) != "[cột “Ghi chú”]" {
		t.Errorf("left out without being said: %v, %v", f.Skipped, err)
	}
}

func workbook(t *testing.T, rows [][]string) string {
	t.Helper()
	var b bytes.Buffer
	if err := sheet.WriteWorkbook(&b, "Danh mục", rows); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A decision says from when on something is no more; the list has its last day.
func TestTheDayOfAMergerIsNotItsLast(t *testing.T) {
	t.Parallel()
	for _, head := range []string{"Ngày sáp nhập", "Hết hiệu lực (từ ngày)"} {
		got := entries(t, "a.csv", "Mã đơn vị,Tên đơn vị,"+head+"\nH42.31,Huyện Gia,01/07/2025\nH42,Tỉnh,\n")
		if got[0].To != "2025-06-30" || got[1].To != "" {
			t.Errorf("%s: %+v", head, got)
		}
	}
}

const procedureHead = "Mã TTHC,Tên TTHC,Mã lĩnh vực,Cấp thực hiện,Mã kết quả,Thành phần hồ sơ,Loại giấy tờ,Bắt buộc\n"

func TestProceduresWithComponents(t *testing.T) {
	t.Parallel()
	text := procedureHead +
		"1.005129,Đăng ký nhà,G03-GD10,cấp xã,KQ.G07.000122,Đơn đăng ký,ĐƠN,x\n" +
		",,,,,Giấy khai sinh,GIẤY KHAI SINH,không\n" +
		"2.000815.000.00.00.H42,Chứng thực,,Xã,,,,\n" +
		"1.005130,Cấp phép,,tỉnh,,Đơn,ĐƠN,có\n" +
		"1.005130,Cấp phép,,tỉnh,,Bản vẽ,,có\n"
	f, err := register.Procedures("thủ tục.csv", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var got []pipeline.Procedure
	for _, e := range f.Entries {
		got = append(got, e.Entry)
	}
	want := []pipeline.Procedure{
		{Code: "1.005129", Name: "Đăng ký nhà", Field: "G03-GD10", Level: pipeline.Commune, Result: "KQ.G07.000122", Components: []pipeline.ComponentSpec{
			{Name: "Đơn đăng ký", Class: "ĐƠN", Required: true}, {Name: "Giấy khai sinh", Class: "GIẤY KHAI SINH"},
		}},
		{Code: "2.000815.000.00.00.H42", Name: "Chứng thực", Level: pipeline.Commune},
		{Code: "1.005130", Name: "Cấp phép", Level: pipeline.Province, Components: []pipeline.ComponentSpec{
			{Name: "Đơn", Class: "ĐƠN", Required: true}, {Name: "Bản vẽ", Required: true},
		}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("procedures (-want +got):\n%s", d)
	}
}

// What is exported can be imported again and is the same.
func TestExportsComeBack(t *testing.T) {
	t.Parallel()
	procedures := []pipeline.Procedure{
		{
			Code: "1.005129", Name: "Đăng ký \"nhà\", đất", Field: "G03-GD10", FieldName: "Đất đai", Level: pipeline.Province, Owner: "H42.08",
			Validity: pipeline.Validity{To: "2025-06-30"}, Successor: "1.005130", Result: "KQ.G07.000122", ResultName: "Giấy <chứng nhận> & sổ",
			Components: []pipeline.ComponentSpec{
				{Code: "000.00.00.G09-KQ002269", Name: "Đơn;1", Class: "ĐƠN", Required: true}, {Name: "Bản vẽ", When: "nhà trên 3 tầng"},
			},
		},
		{Code: "1.005129", Name: "Đăng ký \"nhà\", đất", Validity: pipeline.Validity{From: "2025-07-01"}, Components: []pipeline.ComponentSpec{{Name: "Đơn", Required: true}}},
		{Code: "1.005130", Name: "Không thành phần"},
	}
	for _, format := range []string{"csv", "xlsx", "json"} {
		var b bytes.Buffer
		if err := register.WriteAgencies(&b, format, agencies()); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(agencies(), entries(t, "a."+format, b.String())); d != "" {
			t.Errorf("agencies as %s (-want +got):\n%s", format, d)
		}
		b.Reset()
		if err := register.WriteProcedures(&b, format, procedures); err != nil {
			t.Fatal(err)
		}
		f, err := register.Procedures("p."+format, b.Bytes())
		if err != nil {
			t.Fatalf("procedures as %s: %v", format, err)
		}
		var got []pipeline.Procedure
		for _, e := range f.Entries {
			got = append(got, e.Entry)
		}
		if d := cmp.Diff(procedures, got); d != "" {
			t.Errorf("procedures as %s (-want +got):\n%s", format, d)
		}
	}
}

// Everything amiss is told with its place, in the words of who keeps the list.
func TestMisfits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, data string
		want       []string // "line column words"
	}{
		{"bad code", agencyHead + "1;H4215;Xã A;;;\n2;H42.16;Xã B;;;\n3;;Xã C;;;\n", []string{"2|Mã đơn vị|không phải mã đơn vị", "4|Mã đơn vị|không được để trống"}},
		{"no name", agencyHead + "1;H42.15; ;;;\n", []string{"2|Tên đơn vị|không được để trống"}},
		{"bad days", agencyHead + "1;H42.15;Xã A;31/02/2025;hôm qua;\n", []string{"2|Hiệu lực từ|không phải ngày", "2|Hiệu lực đến|không phải ngày"}},
		{"days in the wrong order", agencyHead + "1;H42.15;Xã A;01/07/2025;30/06/2025;\n", []string{"2||trước hiệu lực từ"}},
		{"a spreadsheet's number for a day", agencyHead + "1;H42.15;Xã A;45839;;\n", []string{"2|Hiệu lực từ|không phải ngày"}},
		{"double", agencyHead + "1;H42.15;Xã A;;;\n\n2;000.00.15.H42;Xã B;;;\n", []string{"4||lặp với dòng 2"}},
		{"bad heir", agencyHead + "1;H42.15;Xã A;;30/06/2025;H42.16, H42.17\n", []string{"2|Đơn vị kế thừa|không phải mã đơn vị"}},
		{"TCVN3 in Unicode's clothes", agencyHead + "1;H42.15;Uû ban nh©n d©n x· Kim Ng¹n;;;\n", []string{"2|Tên đơn vị|TCVN3"}},
		{"no heading", "H42.15;Xã A\n", []string{"1||tiêu đề"}},
		{"heading alone", agencyHead, []string{"0||Không có dòng dữ liệu"}},
		{"column twice", "Mã đơn vị;Mã cơ quan;Tên đơn vị\nH42.15;H42.16;Xã A\n", []string{"1|Mã cơ quan|cùng nghĩa"}},
		{"JSON of something else", "[\n{\"code\":\"H42.15\",\"name\":\"Xã A\"},\n{\"mã\":1}]", []string{"3||không đúng mẫu"}},
		{"JSON of the wrong kind", "[{\"code\":\"H42.15\",\"name\":7}]", []string{"1|name|không đúng mẫu"}},
		{"JSON with a bad code", "[{\"code\":\"42\",\"name\":\"Xã A\"}]", []string{"1|code|không phải mã đơn vị"}},
	} {
		_, err := register.Agencies("tệp.csv", []byte(c.data))
		misfits, ok := errors.AsType[pipeline.Misfits](err)
		if !ok || len(misfits) != len(c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
			continue
		}
		for i, want := range c.want {
			parts := strings.SplitN(want, "|", 3)
			m := misfits[i]
			if fmt.Sprint(m.Line) != parts[0] || m.Column != parts[1] || !strings.Contains(m.Vietnamese, parts[2]) || m.English == "" || m.File != "tệp.csv" {
				t.Errorf("%s: %+v, want %q", c.name, m, want)
			}
			if s := m.String(); !strings.HasPrefix(s, "tệp.csv") || !strings.Contains(s, parts[2]) {
				t.Errorf("%s reads %q", c.name, s)
			}
		}
	}
	_, err := register.Procedures("p.csv", []byte(procedureHead+"1.0107,Cấp phép,gd10,phố,KQ1,Đơn,,x\n,,,,,Đơn,,có lẽ\n"))
	misfits, _ := errors.AsType[pipeline.Misfits](err)
	var columns []string
	for _, m := range misfits {
		columns = append(columns, m.Column)
	}
	if d := cmp.Diff("Mã TTHC|Mã lĩnh vực|Cấp thực hiện|Mã kết quả|Bắt buộc|", strings.Join(columns, "|")); d != "" {
		t.Errorf("misfits of a procedure stand in (-want +got):\n%s\n%v", d, misfits)
	}
}

// Files that cannot be taken at all say what to do instead.
func TestRefusedFiles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ data, code, say string }{
		"TCVN3":         {agencyHead + "1;H42.15;X\xb7 A;;;\n", "not-utf8", "CSV UTF-8"},
		"Windows-1258":  {"M\xe3 \xf0\xf5n v\xf2;T\xean\nH42.15;X\xe3 A\n", "not-utf8", "CSV UTF-8"},
		"UTF-16":        {"\xff\xfeM\x00\xe3\x00", "not-utf8", "CSV UTF-8"},
		"empty":         {" \r\n", "empty-file", "rỗng"},
		"open quote":    {agencyHead + "1;\"H42.15;Xã A;;;\n", "bad-csv", "Dòng"},
		"old workbook":  {"\xD0\xCF\x11\xE0\xA1\xB1", "old-workbook", ".xlsx"},
		"half a zip":    {workbook(t, [][]string{{"a"}})[:400], "damaged-workbook", "lưu lại"},
		"half an array": {"[{\"code\":\"H42\"", "bad-json", "JSON"},
		"latin JSON":    {"[{\"name\":\"X\xe3\"}]", "not-utf8", "UTF-8"},
		"too large":     {strings.Repeat("a", sheet.LargestFile+1), "list-too-big", "MB"},
		"too many rows": {agencyHead + strings.Repeat("1\n", sheet.MostRows+1), "list-too-long", "chia"},
		"long cell":     {agencyHead + strings.Repeat("a", 40_000), "list-cell", "ô"},
		"bomb":          {zipped(t, zeros{200 << 20}), "workbook-bomb", "giải nén"},
		"deep":          {zipped(t, strings.NewReader(strings.Repeat("<a>", 100_000))), "workbook-bomb", "giải nén"},
		"external":      {zipped(t, strings.NewReader(`<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>`)), "damaged-workbook", "lưu lại"},
		"another zip":   {zippedAs(t, "word/document.xml", strings.NewReader("<a/>")), "damaged-workbook", "lưu lại"},
	} {
		_, err := register.Agencies("tệp", []byte(c.data))
		refusal, ok := pipeline.AsRefusal(err)
		if !ok || refusal.Reason.Code != c.code || !strings.Contains(refusal.Reason.Vietnamese, c.say) {
			t.Errorf("%s: %.300v, want %s saying %q", name, err, c.code, c.say)
		}
	}
}

// zeros is so many spaces of XML.
type zeros struct{ n int }

func (z zeros) WriteTo(w io.Writer) (int64, error) {
	block := bytes.Repeat([]byte(" "), 1<<20)
	for range z.n >> 20 {
		if _, err := w.Write(block); err != nil {
			return 0, err
		}
	}
	return int64(z.n), nil
}

func (zeros) Read([]byte) (int, error) { return 0, io.EOF }

func zipped(t *testing.T, body io.Reader) string {
	t.Helper()
	return zippedAs(t, "xl/workbook.xml", body)
}

func zippedAs(t *testing.T, name string, body io.Reader) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	part, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(part, body); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// FuzzRead gives any bytes to the readers: what they take can be written and read again.
func FuzzRead(f *testing.F) {
	f.Add([]byte(agencyHead + "1;H42.15;Xã A;01/07/2025;;H42.16\n"))
	f.Add([]byte(`[{"code":"H42","name":"Tỉnh"}]`))
	f.Add([]byte(procedureHead + "1.005129,Đăng ký,,,,Đơn,,x\n"))
	var b bytes.Buffer
	if err := sheet.WriteWorkbook(&b, "a", [][]string{{"Mã đơn vị", "Tên đơn vị"}, {"H42", "Tỉnh"}}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		if file, err := register.Agencies("a", data); err == nil {
			var all []pipeline.Agency
			for _, e := range file.Entries {
				all = append(all, e.Entry)
			}
			comeBack(t, all, register.WriteAgencies, register.Agencies)
		}
		if file, err := register.Procedures("p", data); err == nil && len(file.Entries) == 0 {
			t.Error("a list of procedures without any was taken")
		}
	})
}

func comeBack(t *testing.T, all []pipeline.Agency, write func(io.Writer, string, []pipeline.Agency) error, read func(string, []byte) (register.File[pipeline.Agency], error)) {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, "json", all); err != nil {
		t.Fatal(err)
	}
	again, err := read("b", b.Bytes())
	if err != nil {
		t.Fatalf("what was read is refused when it comes again: %v", err)
	}
	for i, e := range again.Entries {
		if d := cmp.Diff(all[i], e.Entry); d != "" {
			t.Fatalf("entry %d comes back otherwise (-want +got):\n%s", i, d)
		}
	}
}

package extract_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
	"hoso/pipeline/extract"
)

// values gives the fields found on pages, except dossier numbers, by name.
func values(pages ...pipeline.Page) map[pipeline.FieldName]string {
	got := map[pipeline.FieldName]string{}
	for _, f := range extract.Fields(pages, today()) {
		if f.Name != pipeline.FieldDossier {
			got[f.Name] = f.Value
		}
	}
	return got
}

func TestFieldsOfADecision(t *testing.T) {
	t.Parallel()
	front := page(1, `ỦY BAN NHÂN DÂN
TỈNH NINH BÌNH
Số: 163/2025/QĐ-CTUBND

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Ninh Bình, ngày 25 tháng 11 năm 2025

QUYẾT ĐỊNH
Về việc ban hành Quy chế quản lý hệ thống thông tin
giải quyết thủ tục hành chính của tỉnh

CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH

Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;
Theo đề nghị của Giám đốc Sở Nội vụ.`)
	back := page(2, "Điều 3. Quyết định này có hiệu lực kể từ ngày ký.")
	back.Lines = append(back.Lines,
		row("Nơi nhận:", 60, 1000), row("KT. CHỦ TỊCH", 600, 1000),
		row("- Như Điều 3;", 60, 1030), row("PHÓ CHỦ TỊCH", 600, 1030),
		row("- Lưu: VT.", 60, 1060), row("Trần Văn Sơn", 600, 1200))
	want := map[pipeline.FieldName]string{
		pipeline.FieldNumber:  "163/2025/QĐ-CTUBND",
		pipeline.FieldDate:    "2025-11-25",
		pipeline.FieldTitle:   "QUYẾT ĐỊNH",
		pipeline.FieldSubject: "Về việc ban hành Quy chế quản lý hệ thống thông tin giải quyết thủ tục hành chính của tỉnh",
		pipeline.FieldIssuer:  "ỦY BAN NHÂN DÂN TỈNH NINH BÌNH",
		pipeline.FieldSigner:  "Trần Văn Sơn",

		pipeline.FieldPlace: "Ninh Bình", pipeline.FieldRecipients: "Như Điều 3", pipeline.FieldPages: "2",
		pipeline.FieldAuthority: "KT. CHỦ TỊCH", pipeline.FieldPost: "PHÓ CHỦ TỊCH",
	}
	if diff := cmp.Diff(want, values(front, back)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// row sets one line at a place.
func row(text string, x, y int) pipeline.Line {
	l := page(1, text).Lines[0]
	for i := range l.Words {
		b := &l.Words[i].Box
		b.X0, b.X1 = b.X0+x-60, b.X1+x-60
		b.Y0, b.Y1 = b.Y0+y-40, b.Y1+y-40
	}
	return l
}

func TestFieldsOfALetter(t *testing.T) {
	t.Parallel()
	got := values(page(1, `UBND TỈNH PHÚ THỌ
SỞ THÔNG TIN VÀ TRUYỀN THÔNG
Số: 05/STTTT-CNTT
V/v đăng ký danh sách tham gia
Hội thi tin học năm 2011

CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Phú Thọ, ngày 06 tháng 12 năm 2011

Kính gửi: Các đơn vị trực thuộc sở`))
	want := map[pipeline.FieldName]string{
		pipeline.FieldNumber:  "05/STTTT-CNTT",
		pipeline.FieldDate:    "2011-12-06",
		pipeline.FieldSubject: "đăng ký danh sách tham gia Hội thi tin học năm 2011",
		pipeline.FieldIssuer:  "SỞ THÔNG TIN VÀ TRUYỀN THÔNG",

		pipeline.FieldParent: "UBND TỈNH PHÚ THỌ", pipeline.FieldPlace: "Phú Thọ", pipeline.FieldPages: "1",
		pipeline.FieldAddressee: "Các đơn vị trực thuộc sở",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestIssueDate(t *testing.T) {
	t.Parallel()
	head := "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
	for _, c := range []struct{ name, text, want string }{
		{"plain", head + "Hà Nam, ngày 05 tháng 3 năm 2020", "2020-03-05"},
		{"without comma", head + "Hà Nam ngày 05 tháng 3 năm 2020", "2020-03-05"},
		{"letters for digits", head + "Hà Nam, ngày l5 tháng 3 năm 202O", "2020-03-15"},
		{"arrival stamp", "VĂN BẢN ĐẾN\nHà Nam, ngày 07 tháng 3 năm 2020", ""},
		{"arrival stamp before the date", "ĐẾN\nSố: 12\nNgày: 07/3/2020\n" + head + "Hà Nam, ngày 05 tháng 3 năm 2020", "2020-03-05"},
		{"arrival stamp, long form", "CÔNG VĂN ĐẾN ngày 07 tháng 3 năm 2020\n\n" + head + "Hà Nam, ngày 05 tháng 3 năm 2020", "2020-03-05"},
		{"a date in the text", head + "Căn cứ Luật 5 ngày 05 tháng 3 năm 2020", ""},
		{"no such day", head + "Hà Nam, ngày 31 tháng 4 năm 2020", ""},
		{"tomorrow", head + "Hà Nam, ngày 02 tháng 7 năm 2026", ""},
		{"filled in by hand", head + "Hà Nam, ngày tháng 3 năm 2020", ""},
	} {
		if got := values(page(1, c.text))[pipeline.FieldDate]; got != c.want {
			t.Errorf("%s: date = %q, want %q", c.name, got, c.want)
		}
	}
}

func TestDocumentNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"Số: 15/QĐ-BNV", "15/QĐ-BNV"},
		{"Số: 15/QD-BNV", "15/QĐ-BNV"},
		{"Số : 12 / UBND - VX", "12/UBND-VX"},
		{"Sô: l2/UBND-VX", "12/UBND-VX"},
		{"Số: 412/TTr-SNV", "412/TTr-SNV"},
		{"Số: 30/2020/NĐ-CP", "30/2020/NĐ-CP"},
		{"Số: 07/2019/ND-HDND", "07/2019/NĐ-HĐND"},
		{"Số: /QĐ-UBND", ""},
		{"theo số 15/QĐ-BNV", ""},
		{"Số điện thoại: 0229", ""},
	} {
		if got := values(page(1, c.text))[pipeline.FieldNumber]; got != c.want {
			t.Errorf("%q: number = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestTitles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"QUYẾT ĐỊNH", "QUYẾT ĐỊNH"},
		{"QUYÉT ĐỊNH", "QUYẾT ĐỊNH"},
		{"QUYẾT ĐỊNH:", "QUYẾT ĐỊNH"},
		{"GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH", "GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH"},
		{"TỜ KHAI ĐĂNG KÝ KHAI SINH", "TỜ KHAI ĐĂNG KÝ KHAI SINH"},
		{"GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"},
		{"Quyết định này có hiệu lực", ""},
		{"ĐIỀU KHOẢN", ""},
	} {
		if got := values(page(1, c.text))[pipeline.FieldTitle]; got != c.want {
			t.Errorf("%q: title = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestSubjectWrittenOut(t *testing.T) {
	t.Parallel()
	got := values(page(1, "ỦY BAN NHÂN DÂN\nVề việc rà soát thủ tục\nhành chính năm 2011\n\nKính gửi: Các sở"))
	if got, want := got[pipeline.FieldSubject], "Về việc rà soát thủ tục hành chính năm 2011"; got != want {
		t.Errorf("subject = %q, want %q", got, want)
	}
}

func TestNoPagesNoFields(t *testing.T) {
	t.Parallel()
	if got := extract.Fields(nil, today()); len(got) != 0 {
		t.Errorf("fields of nothing: %+v", got)
	}
	got := extract.Fields([]pipeline.Page{{Number: 1, Outcome: pipeline.PageBlank}}, today())
	if len(got) != 1 || got[0].Name != pipeline.FieldPages || got[0].Value != "1" {
		t.Errorf("fields of a blank page: %+v, want the number of pages alone", got)
	}
}

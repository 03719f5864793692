package extract

import (
	"slices"
	"strings"

	"hoso/pipeline"
)

// decreeTitles are the kinds of administrative documents of Decree 30/2020, Article 7.
func decreeTitles() []string {
	return []string{
		"NGHỊ QUYẾT", "QUYẾT ĐỊNH", "CHỈ THỊ", "QUY CHẾ", "QUY ĐỊNH", "THÔNG CÁO", "THÔNG BÁO", "HƯỚNG DẪN",
		"CHƯƠNG TRÌNH", "KẾ HOẠCH", "PHƯƠNG ÁN", "ĐỀ ÁN", "DỰ ÁN", "BÁO CÁO", "BIÊN BẢN", "TỜ TRÌNH", "HỢP ĐỒNG",
		"CÔNG ĐIỆN", "BẢN GHI NHỚ", "BẢN THỎA THUẬN", "GIẤY ỦY QUYỀN", "GIẤY MỜI", "GIẤY GIỚI THIỆU",
		"GIẤY NGHỈ PHÉP", "PHIẾU GỬI", "PHIẾU CHUYỂN", "PHIẾU BÁO",
	}
}

// titleHeads begin the titles of the papers people hand in and take home.
func titleHeads() []string {
	return []string{
		"GIẤY CHỨNG NHẬN", "GIẤY PHÉP", "GIẤY XÁC NHẬN", "GIẤY KHAI SINH", "GIẤY TIẾP NHẬN HỒ SƠ", "GIẤY CAM KẾT",
		"GIẤY BIÊN NHẬN", "GIẤY", "TRÍCH LỤC", "TỜ KHAI", "ĐƠN", "PHIẾU", "BẢN SAO", "BẢN KHAI", "CHỨNG CHỈ", "VĂN BẰNG",
		"BIÊN LAI", "HÓA ĐƠN", "HỢP ĐỒNG", "BẰNG TỐT NGHIỆP", "BẰNG", "CĂN CƯỚC", "DANH SÁCH", "CÔNG BÁO", "SỔ ĐĂNG KÝ", "SỔ MỤC KÊ", "NỘI QUY",
		"HƯƠNG ƯỚC", "SƠ YẾU LÝ LỊCH", "THÔNG BÁO", "HỎI ĐÁP",
	}
}

// fullTitles are long ones, given as they are spelled.
func fullTitles() []string {
	return []string{
		"GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT", "GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT, QUYỀN SỞ HỮU TÀI SẢN GẮN LIỀN VỚI ĐẤT",
		"GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT, QUYỀN SỞ HỮU NHÀ Ở VÀ TÀI SẢN KHÁC GẮN LIỀN VỚI ĐẤT",
		"GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "GIẤY PHÉP XÂY DỰNG", "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN",
		"GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP", "GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH", "GIẤY CHỨNG NHẬN KẾT HÔN",
		"PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ", "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ", "PHIẾU TỪ CHỐI GIẢI QUYẾT HỒ SƠ",
		"PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ", "BIÊN LAI THU PHÍ, LỆ PHÍ", "CĂN CƯỚC CÔNG DÂN",
		"TRÍCH LỤC KHAI SINH", "TRÍCH LỤC KẾT HÔN", "TRÍCH LỤC KHAI TỬ", "TỜ KHAI ĐĂNG KÝ KHAI SINH",
	}
}

// title finds the name of the kind of paper (box 5a), alone on a line in capitals. That of
// a form may go on below.
func title(s sheet) (pipeline.Field, bool) {
	l, ok := s.titled()
	if !ok {
		return pipeline.Field{}, false
	}
	value, lines := titleOf(l), []line{l}
	if !isDecreeTitle(value) {
		lines = s.titleLines(l)
		value = titleOf(l.and(lines[1:]...))
	}
	return s.field(pipeline.FieldTitle, value, lines, likely), true
}

// titled finds the first title; of two facing pages that of the left one. What a code or a
// stroke was read as may stand before it.
func (s sheet) titled() (first line, ok bool) {
	for _, l := range s.upper(0.6) {
		if ok && l.top()-first.top() > first.height() {
			break
		}
		for _, run := range capitalsOf(l.clean()) {
			if titleOf(run) != "" && (!ok || run.box.X1 < first.box.X0) {
				first, ok = run, true
			}
		}
	}
	return first, ok
}

// titleLines gives a line and the capitals below it in the same middle.
func (s sheet) titleLines(l line) []line {
	const most = 3
	lines := []line{l}
	for len(lines) <= most {
		last := lines[len(lines)-1]
		next, ok := s.under(last)
		if !ok || !mostlyCapitals(next.text) || !s.centred(l, next) || confidence(next.words) < 60 || next.height() < l.height()*3/4 {
			break
		}
		lines = append(lines, next.clean())
	}
	return lines
}

// centred reports whether two lines have the same middle.
func (s sheet) centred(a, b line) bool {
	off := a.middle() - b.middle()
	return 100*max(off, -off) < 4*s.page.Width
}

// titleOf gives the title that a line is, or "". A known name is given as it is
// spelled, so that a misread tone mark is mended; what follows is given as read.
func titleOf(l line) string {
	if !mostlyCapitals(l.text) {
		return ""
	}
	text := strings.Trim(l.text, " _|-—–.,;:'\"`~*=“”")
	folded := fold(text)
	for _, names := range [][]string{decreeTitles(), fullTitles()} {
		for _, name := range names {
			if folded == fold(name) {
				return name
			}
		}
	}
	for _, name := range titleHeads() {
		if head := fold(name); folded == head || strings.HasPrefix(folded, head+" ") {
			return name + string([]rune(text)[len([]rune(head)):])
		}
	}
	return ""
}

func isDecreeTitle(title string) bool {
	return slices.Contains(decreeTitles(), title)
}

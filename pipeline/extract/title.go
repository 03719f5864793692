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
	}
}

// title finds the name of the kind of paper (box 5a), alone on a line in capitals.
func title(s sheet) (pipeline.Field, bool) {
	for _, l := range s.above(0.6) {
		if value := titleOf(l); value != "" {
			return s.field(pipeline.FieldTitle, value, []line{l}, likely), true
		}
	}
	return pipeline.Field{}, false
}

// titleOf gives the title that a line is, or "". A known name is given as it is
// spelled, so that a misread tone mark is mended; what follows is given as read.
func titleOf(l line) string {
	if !mostlyCapitals(l.text) {
		return ""
	}
	text := strings.Trim(l.text, " _|-—–.,;:'\"`~*=“”")
	folded := fold(text)
	for _, name := range decreeTitles() {
		if folded == fold(name) {
			return name
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

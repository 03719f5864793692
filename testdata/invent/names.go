package invent

import (
	"fmt"
	"strings"
)

// words cuts a line of text into its parts at the commas.
func words(s string) []string { return strings.Split(s, ", ") }

func surnames() []string {
	return words("Nguyễn, Trần, Lê, Phạm, Hoàng, Huỳnh, Vũ, Võ, Đặng, Bùi, Đỗ, Hồ, Ngô, Dương, Lý, Đinh, Đoàn, Trịnh, Mai, Tô, Lưu, Tạ, Kiều, Quách, Thái, Lỗ, Phùng, Khổng, Giáp, Nghiêm, Ứng, Cù, Bế, Sầm, Hứa, Tăng, Mạc, Chử, Ninh, Viên, Doãn, Lã, Đồng, Mẫn, Thẩm, Âu, Ông, Ừng, Ổn")
}

func middles() []string {
	return words("Thị, Văn, Đức, Hữu, Ngọc, Quỳnh, Xuân, Thu, Minh, Mạnh, Trọng, Bích, Diệu, Thuỳ, Kỳ, Đình, Quý, Ánh, Gia, Tiến, Khắc, Cẩm, Hồng, Hải, Tuấn, Thế, Bảo, Mỹ, Nhật, Như, Phúc, Thiện, Ái, Uyển, Ý, Yến, Ỷ")
}

func givens() []string {
	return words("Khởi, Thiệp, Ưng, Trưởng, Mẫn, Ẩn, Nhiễu, Sưởng, Bưởi, Quýt, Thoảng, Diễm, Nghiêu, Tuyển, Chương, Dũng, Duyệt, Đạt, Đoan, Giảng, Hạnh, Hậu, Hiển, Hoạch, Huấn, Huệ, Hưởng, Khuê, Kỳ, Lãm, Lẫm, Lượng, Lỵ, Mỵ, Nga, Nghĩa, Nhã, Nhẫn, Nhượng, Oánh, Phẩm, Phượng, Quyên, Quỹ, Rạng, Sáng, Sửu, Tĩnh, Tỵ, Thắm, Thẳng, Thỏa, Thưởng, Toản, Trạch, Trầm, Triển, Trữ, Tường, Tỷ, Ước, Vẻ, Viễn, Vượng, Xoan, Xuyến, Yểng, Ý, Ngẫu, Lễ, Bổng, Đằng, Cửu, Dần, Hợi, Ngọ, Mão, Tuất, Quế, Sắc, Bằng, Chẩn, Vẽ, Tẻo, Hến, Ngỡ, Sẵn, Ẵm, Kễnh, Cỡn, Vững, Mũi, Nhỡ, Bỡ, Mẽ, Dẻo, Chõ, Ổi, Ợt, Ẻn, Len, Vè, Hè, Xen, Nhen")
}

// Person makes up somebody's full name.
func (v *Voice) Person() string {
	name := v.Pick(surnames()...) + " " + v.Pick(middles()...)
	if v.Chance(3) {
		name += " " + v.Pick(middles()...)
	}
	return name + " " + v.Pick(givens()...)
}

// Ward makes up the name of a ward or commune, without the word for it.
func (v *Voice) Ward() string {
	first := v.Pick(words("Đồng, Hạ, Thượng, Vạn, Khánh, Yên, Phú, Bình, Tân, Vĩnh, An, Hòa, Ngũ, Kim, Mỹ, Quỳnh, Sở, Trực, Ý, Đại, Liên, Xuân, Giao, Lũng, Bãi, Cẩm, Thạch, Ấp, Nghĩa, Tiểu")...)
	second := v.Pick(words("Mây, Liễu, Quế, Sở, Đường, Trữ, Nghĩa, Thịnh, Lộc, Khê, Trạch, Giang, Hải, Lãng, Thủy, Phong, Mỗ, Điền, Đỗ, Nhuế, Kỳ, Hậu, Trạm, Phẩm, Ổ, Cửu, Ngạn, Sỹ, Vọng, Chuế, Gừng, Xá, Lễ, Vực, Quẵn, Bễ, Đõ")...)
	return first + " " + second
}

// Place is a ward or commune of the invented province, with the word for it.
type Place struct{ Kind, Name string }

// String is as it stands in a sentence: phường Hạ Liễu.
func (p Place) String() string { return p.Kind + " " + p.Name }

// Place makes up a ward or commune.
func (v *Voice) Place() Place { return Place{v.Pick("phường", "xã", "xã", "phường"), v.Ward()} }

// Street makes up a street, a lane or a hamlet.
func (v *Voice) Street() string {
	switch v.r.IntN(4) {
	case 0:
		return "thôn " + v.Ward()
	case 1:
		return fmt.Sprintf("ngõ %d, phố %s", v.Upto(2, 480), v.Pick(words("Giếng Đình, Cầu Ghẽ, Bến Củi, Chợ Mõ, Hàng Quạt Cũ, Gò Sỏi, Đê Quai, Lò Rèn, Cổng Hậu, Vườn Ươm")...))
	case 2:
		return fmt.Sprintf("tổ dân phố số %d", v.Upto(1, 24))
	}
	return fmt.Sprintf("số %d, đường %s", v.Upto(1, 399), v.Pick(words("Trần Phúc Lộc, Nguyễn Khởi Nghĩa Nhỏ, Lê Đắc Tuyển, Bờ Sông Nhuệ Con, Phạm Sỹ Ngẫu, Đặng Vũ Thiều, Lý Đoan Trưởng, Hoàng Kỳ Viễn, Võ Mẫn Đạt, 19 tháng 8 Cũ")...))
}

// Address is a full postal address in the invented province.
func (v *Voice) Address() string {
	return v.Street() + ", " + v.Place().String() + ", tỉnh Hải Sơn"
}

// Agency makes up an office of the province, as it stands in a sentence.
func (v *Voice) Agency() string {
	return v.Pick(
		"Sở Nông nghiệp và Môi trường", "Sở Xây dựng", "Sở Tư pháp", "Sở Nội vụ", "Sở Tài chính", "Sở Y tế",
		"Sở Giáo dục và Đào tạo", "Sở Khoa học và Công nghệ", "Sở Văn hóa, Thể thao và Du lịch", "Sở Công Thương",
		"Văn phòng Đăng ký đất đai tỉnh", "Trung tâm Phục vụ hành chính công tỉnh", "Thuế tỉnh Hải Sơn", "Bảo hiểm xã hội tỉnh",
		"Kho bạc Nhà nước khu vực", "Ban Quản lý dự án đầu tư xây dựng", "Thanh tra tỉnh", "Văn phòng Ủy ban nhân dân tỉnh",
		"Ủy ban Mặt trận Tổ quốc tỉnh", "Chi cục Thủy lợi", "Trung tâm Phát triển quỹ đất", "Ủy ban nhân dân "+v.Place().String(),
	)
}

// Room makes up a room or post inside an office.
func (v *Voice) Room() string {
	return v.Pick("Phòng Kinh tế, Hạ tầng và Đô thị", "Phòng Văn hóa - Xã hội", "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân",
		"Bộ phận Tiếp nhận và Trả kết quả", "Phòng Kế hoạch - Tổng hợp", "Phòng Đăng ký và Cấp giấy chứng nhận", "Tổ Kiểm tra liên ngành", "Phòng Tổ chức cán bộ")
}

// Business makes up the name of a company or a shop.
func (v *Voice) Business() string {
	kind := v.Pick("Công ty TNHH", "Công ty Cổ phần", "Doanh nghiệp tư nhân", "Hợp tác xã", "Công ty TNHH Một thành viên", "Hộ kinh doanh")
	trade := v.Pick("Xây dựng và Thương mại", "Dịch vụ Vận tải", "Sản xuất Gạch ngói", "Chế biến Thủy hải sản", "Cơ khí Nông nghiệp", "May mặc xuất khẩu", "Dược liệu", "Gỗ mỹ nghệ", "Gốm sứ", "Nuôi trồng và Cung ứng giống cây")
	return kind + " " + trade + " " + v.Ward()
}

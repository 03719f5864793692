package paper

import (
	"fmt"
	"strings"
)

func receipt(p *Paper, c cast) {
	p.Facts = Facts{
		Dossier: c.dossier, Date: c.date.Format("2006-01-02"),
		Title: "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", Issuer: c.issuer, Signer: c.signer,
	}
	p.Facts.OwnerName = c.citizen
	p.Facts.OwnerAddress = "số " + fmt.Sprint(c.household) + ", đường " + c.street + ", phường " + c.ward + ", tỉnh Hải Sơn"
	c.post = "NGƯỜI TIẾP NHẬN HỒ SƠ"
	s := p.sheet()
	s.head(c, "")
	s.set(centred(14, Bold), p.Facts.Title)
	s.set(centred(13.5, Bold), "Mã hồ sơ: "+c.dossier)
	s.skip(8)
	for _, text := range []string{
		"Bộ phận tiếp nhận và trả kết quả phường " + c.ward + " tiếp nhận hồ sơ của: " + c.citizen,
		"Địa chỉ: số " + fmt.Sprint(c.household) + ", đường " + c.street + ", phường " + c.ward + ", tỉnh Hải Sơn",
		"Nội dung yêu cầu giải quyết: " + c.subject,
		"Thành phần hồ sơ nộp gồm:",
		"1. Đơn đề nghị theo mẫu (01 bản chính)",
		"2. Bản sao giấy tờ chứng minh quyền sử dụng đất (01 bản)",
		"3. Bản vẽ thiết kế kèm thuyết minh (02 bản)",
		"Số lượng hồ sơ: 01 (bộ)",
		"Thời gian giải quyết hồ sơ theo quy định là: 15 ngày làm việc",
		"Thời gian nhận hồ sơ: 08 giờ 45 phút, " + shortDate(c.date),
		"Thời gian trả kết quả giải quyết hồ sơ: 16 giờ 30 phút, " + shortDate(c.date.AddDate(0, 0, 21)),
		"Đăng ký nhận kết quả tại: Trung tâm Phục vụ hành chính công",
	} {
		s.set(body(13), text)
		s.skip(3)
	}
	s.foot(c, "", "")
}

// blank is a form's label with what a citizen wrote behind it.
type blank struct{ label, value string }

func application(p *Paper, c cast) {
	p.Facts = Facts{Dossier: c.dossier, Title: "ĐƠN ĐỀ NGHỊ", Subject: "Về việc " + c.subject}
	s := p.sheet()
	s.set(centred(13, Bold), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
	s.set(centred(13.5, Bold), "Độc lập - Tự do - Hạnh phúc")
	s.underline(centred(13, Bold), mm(58))
	s.skip(20)
	s.set(centred(15, Bold), p.Facts.Title)
	s.set(centred(13.5, Bold), p.Facts.Subject)
	s.set(centred(12, Italic), "(Mã hồ sơ: "+c.dossier+")")
	s.skip(12)
	p.Facts.Addressee = "Ủy ban nhân dân phường " + c.ward
	s.set(centred(13.5, Regular), "Kính gửi: "+p.Facts.Addressee)
	s.skip(10)
	day, month, year := 1+c.rnd.IntN(28), 1+c.rnd.IntN(12), 55+c.rnd.IntN(44)
	p.Facts.OwnerName, p.Facts.OwnerBirth = c.citizen, fmt.Sprintf("19%02d-%02d-%02d", year, month, day)
	p.Facts.OwnerAddress = fmt.Sprintf("số %d, đường %s, phường %s", c.household, c.street, c.ward)
	for _, b := range []blank{
		{"Họ và tên người đề nghị:", c.citizen},
		{"Ngày, tháng, năm sinh:", fmt.Sprintf("%02d/%02d/19%02d", day, month, year)},
		{"Địa chỉ thường trú:", p.Facts.OwnerAddress},
		{"Số điện thoại liên hệ:", fmt.Sprintf("0000 %03d %03d", c.rnd.IntN(1000), c.rnd.IntN(1000))},
		{"Nội dung đề nghị:", c.subject},
		{"Diện tích thửa đất:", fmt.Sprintf("%d,%d m²", 60+c.rnd.IntN(200), c.rnd.IntN(10))},
		{"Giấy tờ kèm theo:", "bản sao giấy chứng nhận, ảnh chụp hiện trạng"},
	} {
		s.fillIn(b)
	}
	s.skip(8)
	s.set(body(13.5), "Tôi cam đoan những lời khai trên là đúng sự thật và chịu trách nhiệm trước pháp luật về nội dung đã khai. Kính đề nghị quý cơ quan xem xét, giải quyết theo quy định.")
	c.post, c.signer = "NGƯỜI LÀM ĐƠN", c.citizen
	right := block{x: mm(108), width: mm(84), size: 13, style: Italic, align: Center}
	s.skip(14)
	s.set(right, longDate(c.place, c.date))
	p.Facts.Date, p.Facts.Place = c.date.Format("2006-01-02"), c.place
	s.foot(c, "", "")
}

// fillIn sets a label in toner and the answer in pen on one baseline, above a
// dotted line's place.
func (s *setter) fillIn(b blank) {
	form := block{x: mm(30), width: pageWidth - mm(48), size: 13.5}
	s.y += form.size * leading * 1.25
	s.put(form, form.x, strings.Fields(b.label))
	label := s.sheet.Lines[len(s.sheet.Lines)-1]
	end := label[len(label)-1]
	x := end.X + end.Width + 6
	pen := block{size: 14, style: Italic, ink: Pen}
	s.put(pen, x, strings.Fields(b.value))
	last := len(s.sheet.Lines) - 1
	s.sheet.Lines[last-1] = append(s.sheet.Lines[last-1], s.sheet.Lines[last]...)
	s.sheet.Lines = s.sheet.Lines[:last]
	s.sheet.rules = append(s.sheet.rules, rule{x, s.y + 3, form.x + form.width, s.y + 3, 0.35})
}

func certificate(p *Paper, c cast) {
	number := fmt.Sprintf("%d/GCN-HKD", c.number)
	p.Facts = Facts{
		Number: number, Date: c.date.Format("2006-01-02"), Dossier: c.dossier,
		Title: "GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH", Issuer: c.issuer, Signer: c.signer,
	}
	s := p.sheet()
	s.frame()
	s.skip(12)
	s.head(c, number)
	s.skip(8)
	s.set(centred(16, Bold), p.Facts.Title)
	s.set(centred(12.5, Italic), "Mã số hồ sơ: "+c.dossier)
	s.skip(14)
	p.Facts.OwnerName = "Quán ăn " + c.citizen
	p.Facts.OwnerAddress = "số " + fmt.Sprint(c.household) + ", đường " + c.street + ", phường " + c.ward + ", tỉnh Hải Sơn"
	for i, text := range []string{
		"Tên hộ kinh doanh: " + p.Facts.OwnerName,
		"Địa chỉ trụ sở: " + p.Facts.OwnerAddress,
		"Ngành, nghề kinh doanh: dịch vụ ăn uống phục vụ tại chỗ, bán lẻ lương thực và đồ uống",
		fmt.Sprintf("Vốn kinh doanh: %d.000.000 đồng", 20+c.rnd.IntN(400)),
		"Họ và tên chủ hộ kinh doanh: " + c.citizen,
		"Giấy chứng nhận được lập thành 02 bản, một bản giao cho chủ hộ, một bản lưu tại cơ quan cấp.",
	} {
		s.set(body(13.5), fmt.Sprintf("%d. %s", i+1, text))
		s.skip(6)
	}
	s.foot(c, "", c.issuer)
}

// frame draws the double border of a certificate.
func (s *setter) frame() {
	width, height := s.sheet.Size()
	for _, f := range []struct{ inset, width float64 }{{mm(10), 2}, {mm(12), 0.7}} {
		x0, y0, x1, y1 := f.inset, f.inset, width-f.inset, height-f.inset
		s.sheet.rules = append(s.sheet.rules,
			rule{x0, y0, x1, y0, f.width}, rule{x0, y1, x1, y1, f.width},
			rule{x0, y0, x0, y1, f.width}, rule{x1, y0, x1, y1, f.width})
	}
}

func register(p *Paper, c cast) {
	number := fmt.Sprintf("%d/DS-UBND", c.number)
	p.Facts = Facts{
		Number: number, Date: c.date.Format("2006-01-02"), Title: "DANH SÁCH",
		Subject: "Hồ sơ đã trả kết quả trong tuần", Issuer: c.issuer, Signer: c.signer,
	}
	s := p.sheet()
	s.head(c, number)
	s.set(centred(14, Bold), p.Facts.Title)
	s.set(centred(13.5, Bold), p.Facts.Subject)
	s.skip(14)
	columns := []float64{mm(22), mm(33), mm(84), mm(134), mm(165), mm(192)}
	s.row(columns, Bold, []string{"TT", "Họ và tên", "Mã hồ sơ", "Ngày trả", "Số tờ"})
	for i := range 16 {
		day := c.date.AddDate(0, 0, -c.rnd.IntN(6))
		s.row(columns, Regular, []string{
			fmt.Sprint(i + 1), person(c.rnd),
			fmt.Sprintf("H98.%02d-%s-%04d", 11+c.rnd.IntN(60), day.Format("060102"), 1+c.rnd.IntN(420)),
			day.Format("02/01/2006"), fmt.Sprint(1 + c.rnd.IntN(24)),
		})
	}
	s.foot(c, "- Bộ phận một cửa;\n- Lưu: VT.", c.issuer)
}

// row sets one row of a table between the columns' edges and draws its lines.
func (s *setter) row(edges []float64, style Style, cells []string) {
	top := s.y + 6
	s.y += 12*leading + 8
	bottom := s.y + 6
	first := len(s.sheet.Lines)
	for i, cell := range cells {
		b := block{size: 12, style: style}
		s.put(b, edges[i]+4, strings.Fields(cell))
	}
	for _, l := range s.sheet.Lines[first+1:] {
		s.sheet.Lines[first] = append(s.sheet.Lines[first], l...)
	}
	s.sheet.Lines = s.sheet.Lines[:first+1]
	left, right := edges[0], edges[len(edges)-1]
	s.sheet.rules = append(s.sheet.rules, rule{left, top, right, top, 0.6}, rule{left, bottom, right, bottom, 0.6})
	for _, x := range edges {
		s.sheet.rules = append(s.sheet.rules, rule{x, top, x, bottom, 0.6})
	}
	s.y = bottom - 6
}

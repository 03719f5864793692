package paper

import (
	"fmt"
	"image/color"
	"strconv"
	"strings"

	"hoso/pipeline"
)

// tinted gives the ink of a certificate's ground: pink, red, green or ochre.
func tinted(i int) color.RGBA {
	return [...]color.RGBA{{226, 130, 150, 255}, {222, 120, 110, 255}, {120, 180, 140, 255}, {214, 170, 90, 255}}[i%4]
}

// land sets a page of a certificate of land use over a bronze drum.
func (d *desk) land() {
	ground := tinted(d.voice.Upto(0, 3))
	d.sheet.ornaments = append(d.sheet.ornaments,
		plate{mm(10), mm(10), d.sheet.width - mm(20), d.sheet.height - mm(20), faint(ground, 0.12)},
		waves{mm(12), mm(12), d.sheet.width - mm(24), d.sheet.height - mm(24), 7, 2.5, faint(ground, 0.3)},
		drum{d.sheet.width / 2, d.sheet.height * 0.46, mm(62), faint(ground, 0.35)},
		border{mm(9), mm(4), d.sheet.width, d.sheet.height, ground},
	)
	d.motto(d.middle(0.98, Bold))
	d.skip(8)
	title := d.middle(1.12, Bold)
	title.ink = Stamp
	d.say(title, "GIẤY CHỨNG NHẬN\nQUYỀN SỬ DỤNG ĐẤT, QUYỀN SỞ HỮU TÀI SẢN GẮN LIỀN VỚI ĐẤT")
	dossier := d.voice.Dossier(d.today)
	d.paper.Facts = Facts{Dossier: dossier, Date: iso(d.today), Issuer: d.issuer, Title: "GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT, QUYỀN SỞ HỮU TÀI SẢN GẮN LIỀN VỚI ĐẤT"}
	d.skip(4)
	b := d.text(0.95)
	b.indent = 0
	strong := b
	strong.style = Bold
	born := d.voice.Upto(1945, 2000)
	d.say(strong, "1. Người sử dụng đất, chủ sở hữu tài sản gắn liền với đất:")
	name, id, home := strings.ToUpper(d.voice.Person()), d.voice.Identity(born), d.voice.Address()
	d.owned(name, id, strconv.Itoa(born), home)
	d.say(b, "Ông (bà) "+name+", sinh năm "+strconv.Itoa(born)+", căn cước số "+id+", địa chỉ thường trú: "+home+".")
	d.say(strong, "2. Thông tin thửa đất:")
	d.facts.LandPlot, d.facts.LandMap = strconv.Itoa(d.voice.Upto(1, 900)), strconv.Itoa(d.voice.Upto(1, 90))
	d.table(grid{edges: []float64{mm(30), mm(46), mm(104), mm(193)}, size: d.size * 0.92}, []string{"Mục", "Nội dung", "Thông tin"}, [][]string{
		{"a", "Thửa đất số; tờ bản đồ số", d.facts.LandPlot + "; " + d.facts.LandMap},
		{"b", "Diện tích", d.voice.Area()},
		{"c", "Loại đất", d.voice.Pick("Đất ở tại nông thôn", "Đất ở tại đô thị", "Đất trồng cây lâu năm", "Đất nuôi trồng thủy sản")},
		{"d", "Thời hạn sử dụng", d.voice.Pick("Lâu dài", "Đến "+d.voice.LongDay(d.today.AddDate(40, 2, 3)))},
		{"đ", "Hình thức sử dụng", d.voice.Pick("Sử dụng riêng", "Sử dụng chung", "Riêng một phần")},
		{"e", "Địa chỉ", d.voice.Street() + ", " + d.place.String()},
		{"g", "Nguồn gốc sử dụng", d.voice.Pick("Nhận thừa kế đất được công nhận", "Nhà nước giao đất có thu tiền", "Nhận chuyển nhượng quyền sử dụng đất")},
	})
	d.skip(6)
	d.say(strong, "3. Thông tin tài sản gắn liền với đất:")
	d.say(b, d.voice.Pick("Nhà ở riêng lẻ, kết cấu bê tông cốt thép, số tầng: ", "Nhà mái ngói, tường gạch, số tầng: ")+strconv.Itoa(d.voice.Upto(1, 5))+", diện tích sàn "+d.voice.Area()+".")
	d.say(strong, "4. Ghi chú:")
	d.fill(b, footHeight()+mm(14), 2, func(int) string { return d.voice.Words(d.voice.Upto(10, 26)) })
	const procedure = "1.012781"
	d.sheet.codes = []code{{
		kind: pipeline.QR, text: payload(d.voice.Seed(), dossier, procedure, id, "Giấy chứng nhận quyền sử dụng đất"),
		x: mm(30), y: d.y + mm(8), width: mm(24), height: mm(24),
	}}
	if strings.Contains(d.sheet.codes[0].text, procedure) {
		d.facts.Procedure = procedure // it stands nowhere else
	}
	d.say(block{x: mm(104), width: mm(88), size: d.size, style: Italic, align: Center}, d.place.Name+", "+d.voice.LongDay(d.today))
	d.say(block{x: mm(104), width: mm(88), size: d.size, style: Bold, align: Center}, d.issuer)
	d.close()
	serial := fmt.Sprintf("%s %08d", d.voice.Pick("AA", "DK", "CĐ", "BN"), d.voice.Upto(1, 99999999))
	red := block{x: mm(30), width: mm(60), size: d.size * 1.1, style: Bold, ink: Stamp}
	d.say(red, serial)
	d.y -= d.size * leading
	d.facts.LandSerial, d.facts.LandBook, d.facts.Place = serial, "CS "+strconv.Itoa(d.voice.Upto(10000, 99999)), d.place.Name
	d.say(block{x: mm(88), width: mm(105), size: d.size * 0.85}, "Mã hồ sơ: "+dossier+" Số vào sổ: "+d.facts.LandBook)
}

// business sets the certificate of a company or a household's business.
func (d *desk) business() {
	kind := d.voice.Pick("GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP", "GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH", "GIẤY CHỨNG NHẬN ĐĂNG KÝ HỢP TÁC XÃ")
	if d.voice.Chance(2) {
		d.frame()
		d.skip(mm(3))
	} else {
		d.sheet.ornaments = append(d.sheet.ornaments, border{mm(8), mm(5), d.sheet.width, d.sheet.height, tinted(d.voice.Upto(0, 3))})
		d.skip(mm(3))
	}
	d.began("")
	d.official("", "")
	d.title(kind, "")
	tax, day := d.voice.Tax(), d.voice.LongDay(d.today.AddDate(-d.voice.Upto(1, 9), 0, 0))
	d.say(d.middle(1, Bold), "Mã số: "+tax)
	d.say(d.middle(0.95, Italic), "Đăng ký lần đầu: "+day)
	d.say(d.middle(0.95, Italic), "Đăng ký thay đổi lần thứ: "+strconv.Itoa(d.voice.Upto(1, 9))+", "+d.voice.LongDay(d.today))
	d.skip(8)
	b := d.text(1)
	b.indent = 0
	born := d.voice.Upto(1950, 2002)
	name, seat := d.voice.Business(), d.voice.Address()
	d.owned(name, "", "", seat)
	d.facts.Tax = tax
	for i, e := range []item{
		{"Tên doanh nghiệp, hộ kinh doanh:", name},
		{"Địa chỉ trụ sở chính:", seat},
		{"Điện thoại:", d.voice.Phone()},
		{"Vốn điều lệ:", d.voice.Money()},
		{"Ngành, nghề kinh doanh:", d.voice.Pick("khai thác và nuôi trồng thủy sản; chế biến mắm, muối", "bán lẻ lương thực, thực phẩm, đồ uống", "xây dựng nhà để ở; hoàn thiện công trình", "vận tải hành khách bằng đường bộ; sửa chữa xe máy", "in ấn, photocopy và các dịch vụ hỗ trợ văn phòng")},
		{"Người đại diện theo pháp luật:", strings.ToUpper(d.voice.Person()) + ", chức danh: " + d.voice.Pick("Giám đốc", "Chủ hộ", "Chủ tịch Hội đồng quản trị")},
		{"Số định danh cá nhân:", d.voice.Identity(born) + ", cấp ngày " + d.voice.Day(d.today.AddDate(-3, 1, 2))},
		{"Địa chỉ liên lạc:", d.voice.Address()},
	} {
		d.entry(b, item{strconv.Itoa(i+1) + ". " + e.label, e.value})
		d.skip(4)
	}
	d.say(d.text(0.95), d.voice.Words(12))
	d.close()
}

// permit sets a building permit.
func (d *desk) permit() {
	number := d.voice.Symbol("GPXD")
	d.began(number)
	dossier := d.voice.Dossier(d.today.AddDate(0, 0, -14))
	d.paper.Facts.Dossier = dossier
	d.official(number, "")
	d.title("GIẤY PHÉP XÂY DỰNG", "")
	d.say(d.middle(0.9, Italic), "(Sử dụng cho "+d.voice.Pick("nhà ở riêng lẻ", "công trình theo tuyến", "công trình tôn giáo", "sửa chữa, cải tạo")+" - Mã hồ sơ: "+dossier+")")
	d.skip(4)
	b := d.text(1)
	b.indent = 0
	metres := func(low, high int) string {
		return fmt.Sprintf("%d,%d m", d.voice.Upto(low, high), d.voice.Upto(0, 9))
	}
	name, home := d.voice.Person(), d.voice.Address()
	d.owned(name, "", "", home)
	for i, e := range []item{
		{"Cấp cho ông (bà):", name + ", địa chỉ: " + home},
		{"Được phép xây dựng công trình:", d.voice.Pick("nhà ở gia đình", "nhà xưởng sản xuất gỗ", "nhà thờ họ", "tường rào và cổng ngõ")},
		{"Theo thiết kế do:", d.voice.Business() + " lập"},
		{"Vị trí xây dựng:", d.voice.Address()},
		{"Diện tích xây dựng tầng một:", d.voice.Area() + "; tổng diện tích sàn: " + d.voice.Area()},
		{"Chiều cao công trình:", metres(4, 22) + "; số tầng: " + strconv.Itoa(d.voice.Upto(1, 6)) + "; cốt nền: +0,45 m"},
		{"Chỉ giới xây dựng:", "lùi " + metres(1, 6) + " so với mép đường; mật độ xây dựng " + d.voice.Percent()},
		{"Giấy tờ về đất đai:", "Giấy chứng nhận số CH " + strconv.Itoa(d.voice.Upto(10000, 99999)) + " cấp " + d.voice.LongDay(d.today.AddDate(-5, -4, 3))},
		{"Ghi nhận các điều kiện cam kết:", d.voice.Words(10)},
		{"Lệ phí cấp phép:", d.voice.Money()},
	} {
		d.entry(b, item{strconv.Itoa(i+1) + ". " + e.label, e.value})
		d.skip(3)
	}
	d.lasts(b, "Giấy phép này có giá trị đến ", d.today.AddDate(1, 0, 0))
	d.fill(d.text(1), footHeight(), 1, func(int) string { return d.voice.Words(d.voice.Upto(14, 30)) })
	d.close("Chủ đầu tư;", "Lưu: VT, HSCP.")
}

package paper

import (
	"fmt"
	"strconv"

	"hoso/pipeline"
)

func (d *desk) receipt() {
	dossier := d.voice.Dossier(d.today)
	d.paper.Facts.Dossier, d.paper.Facts.Date, d.paper.Facts.Issuer = dossier, iso(d.today), d.issuer
	d.official("", "")
	top := d.y - 4
	seed := d.voice.Seed()
	d.title("GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "")
	d.say(d.middle(1, Bold), "Mã hồ sơ: "+dossier)
	d.skip(8)
	b := d.text(0.97)
	born := d.voice.Upto(1950, 2006)
	citizen, identity, address, phone := d.voice.Person(), d.voice.Identity(born), d.voice.Address(), d.typed(d.voice.Phone())
	subject, procedure := d.voice.Subject(), d.voice.Procedure()
	d.owned(citizen, identity, "", address)
	d.facts.Procedure = procedure
	d.sheet.codes = []code{{kind: pipeline.QR, text: payload(seed, dossier, procedure, identity, d.paper.Facts.Title), x: mm(28), y: top, width: mm(20), height: mm(20)}}
	if seed&64 > 0 {
		d.sheet.codes = append(d.sheet.codes, code{kind: pipeline.Code128, text: dossier, x: mm(112), y: mm(7), width: mm(76), height: mm(9)})
	}
	for _, i := range []item{
		{"Bộ phận Tiếp nhận và Trả kết quả:", d.place.String()},
		{"Tiếp nhận hồ sơ của:", citizen},
		{"Số định danh cá nhân:", identity},
		{"Địa chỉ:", address},
		{"Số điện thoại:", phone},
		{"Nội dung yêu cầu giải quyết:", subject + " (mã thủ tục " + procedure + ")"},
	} {
		d.entry(b, i)
		d.skip(2)
	}
	d.say(b, "Thành phần hồ sơ nộp gồm:")
	for i := range d.voice.Upto(2, 5) {
		d.say(b, fmt.Sprintf("%d. %s (%02d %s)", i+1, d.paperName(), d.voice.Upto(1, 3), d.voice.Pick("bản chính", "bản sao", "bản chụp")))
	}
	due := d.today.AddDate(0, 0, d.voice.Upto(3, 40))
	for _, i := range []item{
		{"Số lượng hồ sơ:", "01 (bộ)"},
		{"Thời gian giải quyết hồ sơ theo quy định là:", strconv.Itoa(d.voice.Upto(2, 30)) + " ngày làm việc"},
		{"Thời gian nhận hồ sơ:", fmt.Sprintf("%02d giờ %02d phút, %s", d.voice.Upto(7, 16), d.voice.Upto(0, 59), d.voice.LongDay(d.today))},
		{"Thời gian trả kết quả giải quyết hồ sơ:", fmt.Sprintf("%02d giờ %02d phút, %s", d.voice.Upto(8, 17), d.voice.Upto(0, 59), d.voice.LongDay(due))},
		{"Phí, lệ phí:", d.typed(d.voice.Money())},
		{"Vào Sổ theo dõi hồ sơ, Quyển số:", strconv.Itoa(d.voice.Upto(1, 9)) + " Số thứ tự: " + strconv.Itoa(d.voice.Upto(1, 900))},
	} {
		d.entry(b, i)
		d.skip(2)
	}
	d.pair("NGƯỜI NỘP HỒ SƠ", "NGƯỜI TIẾP NHẬN HỒ SƠ")
}

// paperName makes up a component of a dossier.
func (d *desk) paperName() string {
	return d.voice.Pick("Đơn đề nghị theo mẫu", "Giấy chứng nhận quyền sử dụng đất", "Bản vẽ thiết kế kèm thuyết minh", "Tờ khai lệ phí trước bạ",
		"Trích lục kết hôn", "Giấy chứng sinh", "Hợp đồng ủy quyền có chứng thực", "Biên bản họp gia đình", "Văn bản thỏa thuận phân chia di sản", "Sơ yếu lý lịch", "Phiếu lý lịch tư pháp số 1", "Ảnh chân dung cỡ 3x4")
}

// slip sets one of the notes by which a desk corrects itself or the citizen.
func (d *desk) slip() {
	number := d.voice.Symbol("P" + d.voice.Pick("BS", "XL", "TC") + "-BPMC")
	dossier := d.voice.Dossier(d.today)
	d.began(number)
	d.paper.Facts.Dossier = dossier
	d.sheet.codes = []code{{kind: pipeline.Code128, text: dossier, x: mm(116), y: mm(6), width: mm(72), height: mm(10)}}
	d.official(number, "")
	kind := d.voice.Pick("PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ", "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ",
		"PHIẾU TỪ CHỐI GIẢI QUYẾT HỒ SƠ", "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ", "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ")
	d.title(kind, "")
	citizen := d.voice.Person()
	d.address("Ông (bà) " + citizen)
	d.owned(citizen, "", "", "")
	d.skip(6)
	b := d.text(1)
	d.say(b, "Hồ sơ của ông (bà) có mã số "+dossier+", nộp ngày "+d.voice.Day(d.today)+" về việc "+d.voice.Subject()+".")
	d.skip(3)
	d.say(b, d.voice.Pick("Yêu cầu bổ sung, hoàn thiện những nội dung sau:", "Lý do:", "Những điểm chưa đúng quy định:"))
	d.fill(b, footHeight()+mm(24), d.voice.Upto(2, 5), func(i int) string {
		return strconv.Itoa(i+1) + ". " + d.voice.Words(d.voice.Upto(12, 30))
	})
	d.entry(b, item{"Lý do khác (nếu có):", ""})
	d.skip(3)
	d.say(b, "Hẹn ông (bà) trở lại trước "+d.voice.LongDay(d.today.AddDate(0, 0, d.voice.Upto(5, 30)))+"; nếu có vướng mắc, xin liên hệ số "+d.voice.Phone()+" để được hướng dẫn.")
	d.post = d.voice.Pick("NGƯỜI TIẾP NHẬN HỒ SƠ", "TRƯỞNG BỘ PHẬN MỘT CỬA")
	d.close("Như trên;", "Lưu: BPMC.")
}

// fee sets the receipt for a fee on half a sheet, with a table of what was paid.
func (d *desk) fee() {
	d.paged(mm(210), mm(148))
	d.bottom = mm(142)
	d.size = 11.5
	d.y = mm(9)
	dossier := d.voice.Dossier(d.today)
	d.paper.Facts = Facts{Dossier: dossier, Date: iso(d.today), Issuer: d.issuer}
	d.official("", "")
	d.y -= 8
	d.title("BIÊN LAI THU PHÍ, LỆ PHÍ", "")
	d.y -= 6
	b := block{x: mm(20), width: mm(174), size: d.size}
	payer, tax, home := d.voice.Person(), d.voice.Tax(), d.voice.Address()
	d.owned(payer, "", "", home)
	d.facts.Tax = tax
	for _, i := range []item{
		{"Người nộp tiền:", payer},
		{"Mã số thuế hoặc số định danh:", tax},
		{"Địa chỉ:", home},
		{"Mã hồ sơ:", dossier},
	} {
		d.entry(b, i)
	}
	d.skip(2)
	rows := [][]string{}
	for i := range 2 {
		rows = append(rows, []string{strconv.Itoa(i + 1), d.voice.Pick("Lệ phí cấp giấy chứng nhận", "Phí thẩm định hồ sơ", "Lệ phí hộ tịch", "Phí khai thác dữ liệu", "Phí chứng thực bản sao"), strconv.Itoa(d.voice.Upto(1, 4)), d.voice.Money()})
	}
	d.table(grid{edges: []float64{mm(20), mm(32), mm(110), mm(136), mm(194)}, size: 11}, []string{"STT", "Nội dung thu", "Số lượng", "Số tiền"}, rows)
	d.skip(4)
	d.say(b, "Tổng số tiền: "+d.voice.Money()+". Hình thức thanh toán: "+d.voice.Pick("tiền mặt", "chuyển khoản", "quét mã")+".")
	top := d.y + 2
	d.y = top
	col := block{x: mm(20), width: mm(70), size: d.size, style: Bold, align: Center}
	d.say(col, "NGƯỜI NỘP TIỀN")
	d.y = top
	col.x = mm(120)
	d.say(col, "NGƯỜI THU TIỀN")
	d.sheet.autographs = append(d.sheet.autographs, autograph{x: mm(142), y: d.y + mm(9), width: mm(26), seed: d.voice.Seed()})
}

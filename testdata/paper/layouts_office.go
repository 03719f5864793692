package paper

import (
	"strconv"
	"strings"
)

// began notes what every official paper has: number, date and agency.
func (d *desk) began(number string) {
	d.paper.Facts.Number, d.paper.Facts.Date, d.paper.Facts.Issuer = number, iso(d.today), d.issuer
}

func (d *desk) decision() {
	number := d.voice.Symbol("QĐ-" + d.voice.Pick("UBND", "UBND", "STP", "SXD", "VPUB"))
	d.began(number)
	d.official(number, "")
	d.title("QUYẾT ĐỊNH", "Về việc "+d.voice.Subject())
	d.say(d.middle(1, Bold), d.chief+" "+d.issuer)
	d.skip(4)
	legal := d.text(1)
	legal.style = Italic
	for range d.voice.Upto(2, 4) {
		d.say(legal, d.voice.Basis())
	}
	d.skip(4)
	d.say(d.middle(1, Bold), "QUYẾT ĐỊNH:")
	d.skip(3)
	d.fill(d.text(1), footHeight(), d.voice.Upto(3, 6), func(i int) string {
		return "Điều " + strconv.Itoa(i+1) + ". " + d.voice.Words(d.voice.Upto(18, 50))
	})
	d.close("Như Điều "+strconv.Itoa(d.voice.Upto(1, 3))+";", d.voice.Agency()+";", "Lưu: VT, "+d.voice.Pick("KTHT", "VHXH", "NC", "TH")+".")
}

func (d *desk) letter() {
	d.letterHead()
	d.skip(6)
	d.letterBody()
}

func (d *desk) letterHead() {
	number := d.voice.Symbol(d.voice.Pick("UBND-VP", "UBND-KTHT", "SNNMT-QLĐĐ", "SXD-QLN", "STP-HCTP", "VPUB-KSTT"))
	about := d.voice.Subject()
	d.began(number)
	d.paper.Facts.Subject = "V/v " + about
	d.official(number, "V/v "+about)
}

func (d *desk) letterBody() {
	if d.voice.Chance(2) {
		d.address(d.voice.Agency())
	} else {
		d.say(block{x: mm(58), width: mm(130), size: d.size}, "Kính gửi:")
		var all []string
		for range d.voice.Upto(2, 4) {
			all = append(all, d.voice.Agency())
			d.say(block{x: mm(72), width: mm(118), size: d.size}, "- "+all[len(all)-1]+";")
		}
		d.facts.Addressee = strings.Join(all, "; ")
	}
	d.skip(8)
	d.fill(d.text(1), footHeight()+20, d.voice.Upto(3, 7), func(int) string { return d.voice.Words(d.voice.Upto(25, 70)) })
	d.say(d.text(1), "Trân trọng./.")
	d.close("Như trên;", d.voice.Agency()+" (để b/c);", "Lưu: VT, "+d.voice.Pick("QLĐĐ", "CNTT", "TCKT")+" ("+strconv.Itoa(d.voice.Upto(2, 20))+").")
}

func (d *desk) notice() {
	number := d.voice.Symbol("TB-" + d.voice.Pick("UBND", "VPĐK", "TTPVHCC", "SNV"))
	d.began(number)
	d.official(number, "")
	d.title("THÔNG BÁO", "Về việc "+d.voice.Subject())
	d.say(d.text(1), d.voice.Words(30))
	d.skip(4)
	d.fill(d.text(1), footHeight(), 9, func(i int) string {
		if i%3 == 0 {
			return strconv.Itoa(i/3+1) + ". " + d.voice.Words(d.voice.Upto(12, 26))
		}
		return "- " + d.voice.Words(d.voice.Upto(10, 32))
	})
	d.close("Như trên;", "Cổng thông tin điện tử;", "Niêm yết tại trụ sở;", "Lưu: VT.")
}

func (d *desk) submission() {
	number := d.voice.Symbol("TTr-" + d.voice.Pick("UBND", "STC", "SXD", "PKT"))
	d.began(number)
	d.official(number, "")
	kind := d.voice.Pick("TỜ TRÌNH", "BÁO CÁO")
	d.title(kind, "Về việc "+d.voice.Subject())
	if kind == "TỜ TRÌNH" {
		d.address(d.voice.Agency())
		d.skip(4)
	}
	parts := [][2]string{{"I. SỰ CẦN THIẾT", ""}, {"II. NỘI DUNG", ""}, {"III. KIẾN NGHỊ, ĐỀ XUẤT", ""}}
	for i, part := range parts {
		left := footHeight() + float64(len(parts)-1-i)*72
		if i > 0 && !d.room(d.text(1), strings.Repeat("chữ ", 60), footHeight()) {
			break
		}
		b := d.text(1)
		b.style = Bold
		d.say(b, part[0])
		d.fill(d.text(1), left, d.voice.Upto(1, 3), func(int) string { return d.voice.Words(d.voice.Upto(20, 45)) })
	}
	d.close("Như kính gửi;", d.voice.Agency()+";", "Lưu: VT.")
}

func (d *desk) minutes() {
	number := d.voice.Symbol("BB-" + d.voice.Pick("UBND", "ĐĐ", "HĐND"))
	d.began(number)
	d.official(number, "")
	d.title("BIÊN BẢN", d.voice.Pick("Họp ", "Làm việc ", "Kiểm tra thực địa ")+"về việc "+d.voice.Subject())
	b := d.text(1)
	hour := strconv.Itoa(d.voice.Upto(7, 16)) + " giờ " + strconv.Itoa(d.voice.Upto(10, 59)) + " phút"
	d.say(b, "Hôm nay, hồi "+hour+", "+d.voice.LongDay(d.today)+", tại "+d.voice.Address()+", chúng tôi gồm:")
	for i := range d.voice.Upto(3, 5) {
		d.say(b, strconv.Itoa(i+1)+". Ông (bà) "+d.voice.Person()+" - "+d.voice.Pick("Chủ tọa", "Thư ký", "Công chức địa chính", "Đại diện hộ gia đình", "Trưởng thôn", "Ủy viên")+";")
	}
	d.skip(3)
	b.style = Bold
	d.say(b, "Nội dung:")
	d.fill(d.text(1), mm(68), 8, func(int) string { return d.voice.Words(d.voice.Upto(18, 48)) })
	d.say(d.text(1), "Biên bản kết thúc hồi "+strconv.Itoa(d.voice.Upto(16, 18))+" giờ 30 phút cùng ngày, đã đọc cho mọi người cùng nghe và nhất trí ký tên.")
	d.pair("THƯ KÝ", "CHỦ TỌA")
}

// pair sets two signatures side by side; the right one is the signer's.
func (d *desk) pair(left, right string) {
	d.skip(10)
	top := d.y
	b := block{x: mm(28), width: mm(70), size: d.size, style: Bold, align: Center}
	d.say(b, left)
	d.sheet.autographs = append(d.sheet.autographs, autograph{x: mm(46), y: d.y + mm(12), width: mm(30), seed: d.voice.Seed()})
	d.skip(mm(24))
	d.say(b, d.voice.Person())
	d.y = top
	d.sign(mm(112), mm(80), right)
}

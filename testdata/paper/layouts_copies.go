package paper

import (
	"fmt"
	"strconv"
	"strings"

	"hoso/pipeline"
)

// certified sets a copy of a paper with the red text by which an office certifies
// it.
func (d *desk) certified() {
	d.sheet.ornaments = append(d.sheet.ornaments, plate{0, 0, d.sheet.width, d.sheet.height, faint(toner(), 0.025)})
	number := d.voice.Symbol("GXN-" + d.voice.Pick("UBND", "BHXH", "ĐHSP"))
	d.began(number)
	d.official(number, "")
	d.title(d.voice.Pick("GIẤY XÁC NHẬN", "GIẤY ỦY QUYỀN", "BẰNG TỐT NGHIỆP TRUNG HỌC PHỔ THÔNG", "HỢP ĐỒNG CHUYỂN NHƯỢNG"), "")
	d.fill(d.text(1), mm(104), d.voice.Upto(3, 6), func(int) string { return d.voice.Words(d.voice.Upto(20, 45)) })
	d.post = "NGƯỜI XÁC NHẬN"
	d.close()
	certified, book := strconv.Itoa(d.voice.Upto(10, 9000)), fmt.Sprintf("%02d-SCT/BS", d.voice.Upto(1, 9))
	d.facts.Certification, d.facts.CertBook = certified, book
	t := stamp{
		x: mm(26 + 20*d.chance()), y: min(d.y+mm(4), d.bottom-mm(34)), width: mm(72), height: mm(36), size: 10.5,
		grain: d.voice.Seed() | 1, tilt: 0.05 * (d.chance() - 0.5),
		lines: []string{
			"CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH",
			"Số chứng thực: " + certified + " Quyển số: " + book,
			"Ngày ......... tháng ......... năm ...........",
			"TM. " + strings.ToUpper("Ủy ban nhân dân "+d.place.Kind),
			"CHỦ TỊCH",
		},
		filled: []hand{{x: mm(14), y: mm(19), width: mm(5), size: 4.5, seed: d.voice.Seed()}, {x: mm(33), y: mm(19), width: mm(5), size: 4.5, seed: d.voice.Seed()}},
	}
	d.sheet.stamps = append(d.sheet.stamps, t)
	d.sheet.autographs = append(d.sheet.autographs, autograph{x: t.x + mm(30), y: t.y + mm(32), width: mm(26), seed: d.voice.Seed()})
	d.sheet.seals = append(d.sheet.seals, seal{x: t.x + mm(24), y: t.y + mm(33), radius: mm(16), text: d.issuer, grain: d.voice.Seed() | 1})
}

// incoming sets a letter that another office has received: the stamp of incoming
// mail, and one of urgency.
func (d *desk) incoming() {
	d.letterHead()
	from := d.y
	d.skip(mm(float64(d.voice.Upto(10, 30))))
	d.letterBody()
	arrived := d.today.AddDate(0, 0, d.voice.Upto(1, 9))
	d.sheet.stamps = append(d.sheet.stamps, stamp{
		x: mm(14 + 5*d.chance()), y: from + mm(2*d.chance()), width: mm(40), height: mm(26), size: 10,
		grain: d.voice.Seed() | 1, tilt: 0.1 * (d.chance() - 0.5),
		lines:  []string{"SỞ NỘI VỤ TỈNH HẢI SƠN", "ĐẾN", "Số: .................", "Ngày: " + arrived.Format("02/01/2006")},
		filled: []hand{{x: mm(12), y: mm(16), width: mm(14), size: 5, seed: d.voice.Seed()}},
	})
	if d.voice.Chance(2) {
		d.sheet.stamps = append(d.sheet.stamps, stamp{
			x: mm(146 + 8*d.chance()), y: mm(42 + 5*d.chance()), width: mm(34), height: mm(9), size: 15,
			grain: d.voice.Seed() | 1, tilt: 0.08 * (d.chance() - 0.5), lines: []string{d.voice.Pick("HỎA TỐC", "THƯỢNG KHẨN", "KHẨN")},
		})
	}
}

// idCopy sets both sides of an identity card on one sheet, as a copier enlarges
// them.
func (d *desk) idCopy() {
	d.paper.Facts = Facts{Title: "CĂN CƯỚC CÔNG DÂN"}
	d.size = 9.5
	const grown = 1.45
	x, w, h := mm(42), mm(85.6)*grown, mm(54)*grown
	born := d.today.AddDate(-d.voice.Upto(18, 70), -d.voice.Upto(0, 11), 0)
	d.card(x, mm(36), w, h)
	d.y = mm(36) + 4
	top := block{x: x + mm(24), width: w - mm(26), size: d.size, style: Bold, align: Center}
	d.say(top, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
	d.say(top, "Độc lập - Tự do - Hạnh phúc")
	top.size = d.size * 1.35
	d.skip(3)
	d.say(top, "CĂN CƯỚC CÔNG DÂN")
	d.sheet.ornaments = append(d.sheet.ornaments, portrait{x + mm(4), mm(36) + mm(22), mm(30), mm(40)})
	b := block{x: x + mm(38), width: w - mm(40), size: d.size * 1.08}
	d.skip(3)
	number, name, day, sex := d.voice.Identity(born.Year()), d.voice.Person(), d.voice.Day(born), d.voice.Pick("Nam", "Nữ")
	origin, home := d.voice.Place().String()+", Hải Sơn", d.voice.Street()+", "+d.voice.Place().String()+", Hải Sơn"
	name = d.spelling.Spell(name)
	for _, i := range []item{
		{"Số:", number},
		{"Họ và tên:", strings.ToUpper(name)},
		{"Ngày sinh:", day},
		{"Giới tính:", sex + " Quốc tịch: Việt Nam"},
		{"Quê quán:", origin},
		{"Nơi thường trú:", home},
	} {
		d.say(b, i.label+" "+i.value)
		d.skip(1.5)
	}
	until := born.AddDate(60, 0, 0)
	d.say(b, "Có giá trị đến: "+until.Format("02/01/2006"))
	d.owned(name, number, iso(born), home)
	d.facts.ValidUntil = iso(until)
	const side = 15 * grown
	d.sheet.codes = []code{{
		kind: pipeline.QR, text: strings.Join([]string{number, "", name, born.Format("02012006"), sex, home, born.AddDate(18, 2, 3).Format("02012006")}, "|"),
		x: x + w - mm(side+4), y: mm(36) + 2*h + mm(16) - mm(side+4), width: mm(side), height: mm(side),
	}}
	d.cardBack(x, mm(36)+h+mm(16), w, h)
}

// cardBack sets the other side of the card and what the copy is for.
func (d *desk) cardBack(x, second, w, h float64) {
	d.card(x, second, w, h)
	d.y = second + 10
	b := block{x: x + mm(6), width: w - mm(40), size: d.size}
	d.say(b, "Đặc điểm nhận dạng: "+d.voice.Pick("nốt ruồi cách 1 cm dưới mép trái", "sẹo chấm cách 2 cm trên đuôi mắt phải", "vết bỏng cổ tay trái"))
	d.skip(3)
	d.say(b, "Ngày, tháng, năm: "+d.voice.Day(d.today.AddDate(-d.voice.Upto(1, 8), 0, 0)))
	d.skip(3)
	b.style = Bold
	const post = "CỤC TRƯỞNG CỤC CẢNH SÁT\nQUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI"
	d.say(b, post)
	d.skip(mm(14))
	d.say(b, d.signer)
	d.facts.signed(post, d.signer)
	d.sheet.autographs = append(d.sheet.autographs, autograph{x: x + mm(18), y: d.y - mm(9), width: mm(26), seed: d.voice.Seed(), ink: black()})
	d.fingerprint(x+w-mm(20), second+mm(26))
	d.y = second + h + mm(14)
	d.facts.Dossier = d.voice.Dossier(d.today)
	d.say(d.middle(1.3, Italic), "Bản chụp dùng cho hồ sơ số "+d.facts.Dossier+", "+d.place.Name+", "+d.voice.LongDay(d.today))
}

// fingerprint draws ovals within each other.
func (d *desk) fingerprint(x, y float64) {
	for ring := range 7 {
		size := mm(8) * (0.2 + 0.13*float64(ring))
		oval := circle(0, 0, size)
		for i, p := range oval {
			oval[i] = [2]float64{x + p[0]*0.8, y + p[1]*1.2}
		}
		d.sheet.sweeps = append(d.sheet.sweeps, sweep{oval, 1.1, black()})
	}
}

// card draws the outline and the ground of a card.
func (d *desk) card(x, y, w, h float64) {
	d.sheet.ornaments = append(d.sheet.ornaments,
		plate{x, y, w, h, faint(toner(), 0.07)},
		waves{x + 3, y + 3, w - 6, h - 6, 8, 2.4, faint(toner(), 0.16)},
	)
	d.sheet.rules = append(d.sheet.rules, rule{x, y, x + w, y, 1}, rule{x, y + h, x + w, y + h, 1}, rule{x, y, x, y + h, 1}, rule{x + w, y, x + w, y + h, 1})
}

// register sets a table of people, sums or dossiers.
func (d *desk) register() {
	number := d.voice.Symbol("DS-UBND")
	d.began(number)
	d.official(number, "")
	d.title("DANH SÁCH", d.voice.Pick("Hồ sơ đã trả kết quả trong tuần", "Các hộ được hỗ trợ kinh phí sửa chữa nhà ở", "Cá nhân trúng tuyển kỳ thi viên chức", "Hộ kinh doanh nộp thuế quý II"))
	size := []float64{10.5, 11, 12}[d.voice.Upto(0, 2)]
	g := grid{edges: []float64{mm(22), mm(32), mm(78), mm(112), mm(136), mm(193)}, size: size, open: Ruling(d.voice.Upto(0, 3) / 3)}
	heads := []string{"TT", "Họ và tên", "Số định danh", "Ngày sinh", d.voice.Pick("Số tiền", "Mã hồ sơ", "Nơi cư trú")}
	var rows [][]string
	for i := range d.voice.Upto(9, 24) {
		born := d.voice.Today().AddDate(-d.voice.Upto(20, 60), 0, 0)
		last := d.voice.Place().String()
		switch heads[4] {
		case "Số tiền":
			last = d.voice.Money()
		case "Mã hồ sơ":
			last = d.voice.Dossier(d.today)
		}
		rows = append(rows, []string{strconv.Itoa(i + 1), d.voice.Person(), d.voice.Identity(born.Year()), d.voice.Day(born), last})
		if d.y+float64(i+4)*(size*leading+8) > d.bottom-footHeight() {
			break
		}
	}
	d.table(g, heads, rows)
	d.skip(4)
	d.say(d.text(1), "Danh sách này có "+strconv.Itoa(len(rows))+" người./.")
	d.close("Bộ phận một cửa;", "Lưu: VT.")
}

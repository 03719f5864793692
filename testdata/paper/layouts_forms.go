package paper

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// application sets an application whose answers stand typed behind their labels or
// are left to the pen.
func (d *desk) application() {
	d.paper.Facts = Facts{Title: "ĐƠN " + d.voice.Pick("ĐỀ NGHỊ", "XIN XÁC NHẬN", "KIẾN NGHỊ", "ĐĂNG KÝ BIẾN ĐỘNG ĐẤT ĐAI", "XIN CẤP LẠI")}
	kind, about := d.paper.Facts.Title, "Về việc "+d.voice.Subject()
	d.motto(d.middle(0.98, Bold))
	d.skip(10)
	d.title(kind, about)
	d.address(d.voice.Agency())
	d.skip(6)
	b := d.text(1)
	b.indent = 0
	born := d.today.AddDate(-d.voice.Upto(20, 70), -d.voice.Upto(0, 11), -d.voice.Upto(0, 27))
	citizen := d.voice.Person()
	name, birth, id := d.typed(citizen), d.typed(d.voice.Day(born)), d.typed(d.voice.Identity(born.Year()))
	issued := d.typed(d.voice.Day(d.today.AddDate(-2, -3, 0)) + " Nơi cấp: Cục Cảnh sát quản lý hành chính về trật tự xã hội")
	home, phone := d.typed(d.voice.Address()), d.typed(d.voice.Phone())
	plot, sheet := strconv.Itoa(d.voice.Upto(1, 900)), strconv.Itoa(d.voice.Upto(1, 80))
	parcel := d.typed(plot + "; tờ bản đồ số: " + sheet + "; diện tích: " + d.voice.Area())
	d.owned(name, id, "", home)
	if birth != "" {
		d.facts.OwnerBirth = iso(born)
	}
	if parcel != "" {
		d.facts.LandPlot, d.facts.LandMap = plot, sheet
	}
	for _, i := range []item{
		{"Họ và tên người làm đơn:", name},
		{"Ngày, tháng, năm sinh:", birth},
		{"Số định danh cá nhân:", id},
		{"Ngày cấp:", issued},
		{"Địa chỉ thường trú:", home},
		{"Số điện thoại liên hệ:", phone},
		{"Thửa đất số:", parcel},
	} {
		d.entry(b, i)
		d.skip(4)
	}
	d.say(d.text(1), "Nội dung trình bày:")
	d.fill(d.text(1), mm(82), d.voice.Upto(1, 3), func(int) string { return d.voice.Words(d.voice.Upto(20, 45)) })
	for range 2 {
		d.skip(d.size * leading * 1.2)
		d.leader(b.x, b.x+b.width)
	}
	d.skip(4)
	d.say(d.text(1), "Tôi cam đoan những lời khai trên đây là đúng sự thật, nếu sai tôi xin hoàn toàn chịu trách nhiệm trước pháp luật.")
	d.skip(8)
	right := block{x: mm(104), width: mm(88), size: d.size, style: Italic, align: Center}
	d.say(right, d.place.Name+", "+d.voice.LongDay(d.today))
	d.signer = citizen
	d.sign(mm(104), mm(88), d.voice.Pick("NGƯỜI LÀM ĐƠN", "NGƯỜI ĐỀ NGHỊ"))
	d.facts.Date, d.facts.Place = iso(d.today), d.place.Name
}

// declaration sets a form with boxes for single digits, boxes to tick, and slots.
func (d *desk) declaration() {
	b := d.text(0.97)
	b.indent = 0
	d.motto(d.middle(0.98, Bold))
	d.skip(8)
	d.title("TỜ KHAI "+d.voice.Pick("ĐĂNG KÝ KHAI SINH", "CẤP BẢN SAO TRÍCH LỤC HỘ TỊCH", "ĐĂNG KÝ LẠI KẾT HÔN", "THAY ĐỔI THÔNG TIN CƯ TRÚ", "LỆ PHÍ TRƯỚC BẠ NHÀ, ĐẤT"), "")
	d.address("Ủy ban nhân dân " + d.place.String())
	d.skip(6)
	if d.more.Chance(2) {
		d.facts.OwnerName = d.more.Person()
	}
	d.entry(b, item{"1. Họ, chữ đệm, tên người yêu cầu:", d.facts.OwnerName})
	d.boxes(b, "2. Số định danh cá nhân:", 12)
	d.boxes(b, "3. Ngày, tháng, năm sinh:", 8)
	d.ticks(b, "4. Giới tính:", "Nam", "Nữ")
	d.facts.OwnerAddress = d.typed(d.voice.Address())
	d.entry(b, item{"5. Nơi cư trú:", d.facts.OwnerAddress})
	d.skip(3)
	d.entry(b, item{"6. Quan hệ với người được khai:", d.typed(d.voice.Pick("mẹ đẻ", "cha đẻ", "ông nội", "bà ngoại", "người giám hộ"))})
	d.skip(3)
	d.say(b, "Đề nghị cơ quan đăng ký, giải quyết cho người có tên dưới đây:")
	born := d.today.AddDate(-d.voice.Upto(0, 18), -d.voice.Upto(0, 11), 0)
	for i, entry := range []item{
		{"Họ, chữ đệm, tên:", d.typed(d.voice.Person())},
		{"Ngày, tháng, năm sinh:", d.typed(d.voice.Day(born))},
		{"Dân tộc:", d.typed(d.voice.Pick("Kinh", "Mường", "Tày", "Thái", "Ê Đê", "Dao", "Sán Dìu"))},
		{"Nơi sinh:", d.typed("Bệnh viện Đa khoa " + d.voice.Ward())},
		{"Quê quán:", d.typed(d.voice.Address())},
		{"Họ, chữ đệm, tên người mẹ:", d.typed(d.voice.Person())},
		{"Họ, chữ đệm, tên người cha:", d.typed(d.voice.Person())},
	} {
		d.entry(b, item{strconv.Itoa(7+i) + ". " + entry.label, entry.value})
		d.skip(3)
	}
	d.ticks(b, "14. Đề nghị cấp bản sao:", "Có", "Không")
	d.entry(b, item{"Số lượng (bằng chữ):", ""})
	d.skip(4)
	d.say(d.text(0.97), "Tôi cam đoan những nội dung khai trên đây là đúng sự thật, được sự thỏa thuận nhất trí của các bên liên quan.")
	d.skip(6)
	right := block{x: mm(104), width: mm(88), size: d.size, style: Italic, align: Center}
	d.say(right, "Làm tại "+d.place.Name+", "+d.voice.LongDay(d.today))
	d.sign(mm(104), mm(88), "NGƯỜI YÊU CẦU")
	d.facts.Date, d.facts.Place = iso(d.today), d.place.Name
}

// boxes sets a label and empty boxes for single digits behind it.
func (d *desk) boxes(b block, label string, count int) {
	d.skip(4)
	d.say(b, label)
	line := d.sheet.Lines[len(d.sheet.Lines)-1]
	x, side := line[len(line)-1].X+line[len(line)-1].Width+8, d.size*1.25
	for range count {
		top := d.y - side*0.8
		d.square(x, top, side)
		d.sheet.slots = append(d.sheet.slots, slot{x + 1, d.y - 1, side - 2})
		x += side
	}
	d.skip(4)
}

// square rules the four sides of a box.
func (d *desk) square(x, top, side float64) {
	d.sheet.rules = append(d.sheet.rules,
		rule{x, top, x + side, top, 0.6}, rule{x, top + side, x + side, top + side, 0.6},
		rule{x, top, x, top + side, 0.6}, rule{x + side, top, x + side, top + side, 0.6})
}

// ticks sets a label and words with a box before each.
func (d *desk) ticks(b block, label string, choices ...string) {
	d.say(b, label)
	line := &d.sheet.Lines[len(d.sheet.Lines)-1]
	last := (*line)[len(*line)-1]
	x, size := last.X+last.Width+mm(8), last.Size
	for _, choice := range choices {
		side := size * 0.75
		d.square(x, d.y-side, side)
		d.sheet.slots = append(d.sheet.slots, slot{x, d.y, side})
		width := d.fonts.width(Regular, size, choice)
		*line = append(*line, Word{Text: d.spelling.Spell(choice), X: x + side + 5, Y: d.y, Width: width, Size: size})
		x += side + width + mm(14)
	}
	d.skip(3)
}

// extract sets the extract of a register of births, marriages or deaths, in a
// printed border.
func (d *desk) extract() {
	pink := []border{{mm(8), mm(6), d.sheet.width, d.sheet.height, tinted(d.voice.Upto(0, 3))}}
	d.sheet.ornaments = append(d.sheet.ornaments, pink[0], waves{mm(16), mm(16), d.sheet.width - mm(32), d.sheet.height - mm(32), 9, 3, faint(pink[0].ink, 0.28)})
	kind := d.voice.Pick("GIẤY KHAI SINH", "TRÍCH LỤC KHAI SINH (BẢN SAO)", "TRÍCH LỤC KẾT HÔN", "TRÍCH LỤC KHAI TỬ", "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN")
	number := d.voice.Symbol(d.voice.Pick("TLKS-BS", "TLKH", "TLKT", "XNTTHN"))
	d.began(number)
	d.skip(mm(6))
	d.official(number, "")
	d.title(kind, "")
	b := d.text(1)
	b.x, b.width, b.indent = mm(28), d.sheet.width-mm(56), 0
	born := d.today.AddDate(-d.voice.Upto(0, 60), -d.voice.Upto(0, 11), -d.voice.Upto(0, 20))
	child := strings.ToUpper(d.voice.Person())
	d.owned(child, "", iso(born), "")
	for _, i := range []item{
		{"Họ, chữ đệm, tên:", child},
		{"Ngày, tháng, năm sinh:", d.voice.Day(born)},
		{"Ghi bằng chữ:", d.voice.LongDay(born)},
		{"Giới tính:", d.voice.Pick("Nam", "Nữ") + "; Dân tộc: " + d.voice.Pick("Kinh", "Mường", "Tày", "Nùng", "Thổ") + "; Quốc tịch: Việt Nam"},
		{"Nơi sinh:", "Trạm Y tế " + d.voice.Place().String() + ", tỉnh Hải Sơn"},
		{"Quê quán:", d.voice.Address()},
		{"Số định danh cá nhân:", d.known(d.voice.Identity(born.Year()))},
		{"Họ, chữ đệm, tên người mẹ:", d.voice.Person()},
		{"Năm sinh:", strconv.Itoa(born.Year()-d.voice.Upto(19, 40)) + "; Nơi cư trú: " + d.voice.Address()},
		{"Họ, chữ đệm, tên người cha:", d.voice.Person()},
		{"Giấy tờ tùy thân:", "Căn cước số " + d.voice.Identity(born.Year()-d.voice.Upto(20, 35))},
		{"Nơi đăng ký:", "Ủy ban nhân dân " + d.place.String()},
		{"Số:", fmt.Sprintf("%02d Quyển số: %02d/%d", d.voice.Upto(1, 180), d.voice.Upto(1, 4), born.Year()) + "; đăng ký " + d.voice.LongDay(born.AddDate(0, 0, d.voice.Upto(3, 50)))},
		{"Ghi chú:", ""},
	} {
		d.entry(b, i)
		d.skip(3)
	}
	if strings.HasPrefix(kind, "GIẤY XÁC NHẬN") {
		d.lasts(b, "Giấy này có giá trị đến ", d.today.AddDate(0, 6, 0))
	}
	d.close()
}

// known notes the number of the owner.
func (d *desk) known(id string) string {
	d.facts.OwnerID = id
	return id
}

// lasts sets to what day a paper holds good.
func (d *desk) lasts(b block, words string, until time.Time) {
	d.facts.ValidUntil = iso(until)
	d.say(b, words+d.more.LongDay(until)+".")
}

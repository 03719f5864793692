package paper

import (
	"fmt"
	"strconv"
	"strings"
)

// Layout is a kind of official paper.
type Layout string

// The layouts.
const (
	Decision    Layout = "quyet-dinh"     // a decision, with seal and signature
	Letter      Layout = "cong-van"       // a letter between agencies
	Receipt     Layout = "giay-tiep-nhan" // the receipt with the dossier number
	Application Layout = "don"            // an application, filled in by pen
	Certificate Layout = "giay-chung-nhan"
	Register    Layout = "danh-sach"    // a table
	Notice      Layout = "thong-bao"    // a notice
	Submission  Layout = "to-trinh"     // a submission or a report
	Minutes     Layout = "bien-ban"     // minutes, with two signatures
	Slip        Layout = "phieu"        // asks for more papers, or begs pardon
	Fee         Layout = "bien-lai"     // a receipt for money, half a sheet
	Declaration Layout = "to-khai"      // a form with boxes and slots
	Extract     Layout = "trich-luc"    // an extract of births, in a printed border
	Land        Layout = "gcn-dat"      // a certificate of land use over a pattern
	Permit      Layout = "giay-phep"    // a building permit
	Certified   Layout = "ban-sao"      // a copy with a red text stamp
	Incoming    Layout = "van-ban-den"  // a letter with the stamp of incoming mail
	IDCopy      Layout = "can-cuoc"     // both sides of a card on one sheet
	Gazette     Layout = "cong-bao"     // two columns
	Book        Layout = "so-hai-trang" // two facing pages
)

// Layouts lists all layouts.
func Layouts() []Layout {
	return []Layout{
		Decision, Letter, Receipt, Application, Certificate, Register,
		Notice, Submission, Minutes, Slip, Fee, Declaration, Extract, Land,
		Permit, Certified, Incoming, IDCopy, Gazette, Book,
	}
}

// Code is a short name for files.
func (l Layout) Code() string {
	return map[Layout]string{
		Decision: "qd", Letter: "cv", Receipt: "gtn", Application: "don", Certificate: "dkkd", Register: "ds",
		Notice: "tb", Submission: "ttr", Minutes: "bb", Slip: "phieu", Fee: "bl", Declaration: "tk", Extract: "tl",
		Newspaper: "bao", Handwritten: "viettay", Scripts: "chukhac", Ruled: "keo", Drawing: "banve",
		Land: "gcn", Permit: "gpxd", Certified: "bs", Incoming: "vbd", IDCopy: "cccd", Gazette: "cb", Book: "so",
	}[l]
}

// Paper is an invented paper and the truth about it.
type Paper struct {
	Layout Layout
	Facts  Facts
	Sheets []Sheet
	Seed   uint64
	fonts  *Fonts

	invented []Number
}

// New invents a paper of a layout; the same seed gives the same paper. Papers of
// the first six layouts are plain ones of few words in Liberation Serif, the others
// are those of Vary.
func New(fonts *Fonts, layout Layout, seed uint64) *Paper {
	compose := map[Layout]func(*Paper, cast){
		Decision: decision, Letter: letter, Receipt: receipt,
		Application: application, Certificate: certificate, Register: register,
	}[layout]
	if compose == nil {
		return Vary(fonts, layout, seed)
	}
	p := &Paper{Layout: layout, Seed: seed, fonts: fonts}
	compose(p, castOf(seed))
	return p
}

// Join puts papers behind each other into one, as a desk does that scans a whole
// dossier in one go. The facts are those of the first.
func Join(papers ...*Paper) *Paper {
	all := &Paper{Layout: papers[0].Layout, Facts: papers[0].Facts, fonts: papers[0].fonts}
	for _, p := range papers {
		all.Sheets = append(all.Sheets, p.Sheets...)
	}
	all.Facts.Pages = strconv.Itoa(len(all.Sheets))
	return all
}

// Text gives the text of all sheets, with a form feed between two.
func (p *Paper) Text() string {
	texts := make([]string, 0, len(p.Sheets))
	for i := range p.Sheets {
		texts = append(texts, p.Sheets[i].Text())
	}
	return strings.Join(texts, "\f")
}

// sheet adds an empty sheet and the hand that sets it.
func (p *Paper) sheet() *setter {
	p.Sheets = append(p.Sheets, Sheet{})
	p.Facts.Pages = strconv.Itoa(len(p.Sheets))
	return &setter{fonts: p.fonts, facts: &p.Facts, sheet: &p.Sheets[len(p.Sheets)-1], y: mm(20)}
}

// body is the block of running text.
func body(size float64) block {
	return block{x: mm(30), width: pageWidth - mm(48), size: size, indent: mm(10)}
}

func centred(size float64, style Style) block {
	return block{x: mm(30), width: pageWidth - mm(48), size: size, style: style, align: Center}
}

// head sets the two columns at the top: the agencies and the number on the left,
// the state's motto and the date on the right (Decree 30/2020, Appendix I).
func (s *setter) head(c cast, number string) {
	top := s.y
	left := block{x: mm(22), width: mm(76), size: 11.5, align: Center}
	s.set(left, c.parent)
	left.style = Bold
	s.set(left, c.issuer)
	s.underline(left, mm(24))
	s.skip(8)
	left.style = Regular
	left.size = 13
	if number != "" {
		s.set(left, "Số: "+number)
	}
	bottom := s.y
	s.y = top
	right := block{x: mm(98), width: mm(100), size: 12.5, style: Bold, align: Center}
	s.set(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
	s.set(right, "Độc lập - Tự do - Hạnh phúc")
	s.underline(right, mm(58))
	s.skip(22)
	right.style = Italic
	right.size = 13
	s.set(right, longDate(c.place, c.date))
	s.y = max(s.y, bottom) + 14
	s.facts.Parent, s.facts.Place = c.parent, c.place
}

// foot sets the addressees on the left and the signature on the right. A seal goes
// over the left third of the signature.
func (s *setter) foot(c cast, copies string, sealed string) {
	s.skip(12)
	top := s.y
	if copies != "" {
		left := block{x: mm(30), width: mm(60), size: 11, style: BoldItalic}
		s.set(left, "Nơi nhận:")
		left.style = Regular
		for line := range strings.SplitSeq(copies, "\n") {
			s.set(left, line)
		}
	}
	s.y = top
	right := block{x: mm(108), width: mm(84), size: 13, style: Bold, align: Center}
	post := c.post
	if sealed != "" {
		s.set(right, "TM. ỦY BAN NHÂN DÂN")
		post = "TM. ỦY BAN NHÂN DÂN\n" + post
	}
	s.set(right, c.post)
	s.facts.sent(strings.Split(copies, "\n")...)
	s.facts.signed(post, c.signer)
	mid := s.y + mm(15)
	s.sheet.autographs = append(s.sheet.autographs, autograph{x: mm(134), y: mid, width: mm(38), seed: c.rnd.Uint64()})
	if sealed != "" {
		s.sheet.seals = append(s.sheet.seals, seal{x: mm(133), y: mid + 4, radius: mm(17), text: sealed})
	}
	s.skip(mm(30))
	s.set(right, c.signer)
}

func decision(p *Paper, c cast) {
	number := fmt.Sprintf("%d/QĐ-UBND", c.number)
	p.Facts = Facts{
		Number: number, Date: c.date.Format("2006-01-02"), Title: "QUYẾT ĐỊNH",
		Subject: "Về việc " + c.subject, Issuer: c.issuer, Signer: c.signer, Dossier: c.dossier,
	}
	s := p.sheet()
	s.head(c, number)
	s.set(centred(14, Bold), "QUYẾT ĐỊNH")
	s.set(centred(14, Bold), p.Facts.Subject)
	s.underline(centred(14, Bold), mm(30))
	s.skip(10)
	s.set(centred(13.5, Bold), "CHỦ TỊCH ỦY BAN NHÂN DÂN PHƯỜNG "+strings.ToUpper(c.ward))
	s.skip(4)
	legal := body(13.5)
	legal.style = Italic
	s.set(legal, "Căn cứ Luật Tổ chức chính quyền địa phương số 72/2025/QH15;")
	s.set(legal, "Căn cứ Nghị định số 118/2025/NĐ-CP về thực hiện thủ tục hành chính theo cơ chế một cửa, một cửa liên thông;")
	s.set(legal, "Xét hồ sơ số "+c.dossier+" của ông (bà) "+c.citizen+" và đề nghị của Trưởng phòng Kinh tế, Hạ tầng và Đô thị.")
	s.skip(6)
	s.set(centred(13.5, Bold), "QUYẾT ĐỊNH:")
	s.skip(4)
	for i, text := range []string{
		"Chấp thuận việc " + c.subject + " theo đề nghị của ông (bà) " + c.citizen + ", cư trú tại số " + fmt.Sprint(c.household) + ", đường " + c.street + ", phường " + c.ward + ", tỉnh Hải Sơn.",
		"Phòng Kinh tế, Hạ tầng và Đô thị hướng dẫn người được nêu tại Điều 1 thực hiện đúng quy định, kiểm tra kết quả và báo cáo trước ngày 15 hằng tháng.",
		"Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng, Trưởng các phòng chuyên môn và ông (bà) " + c.citizen + " chịu trách nhiệm thi hành./.",
	} {
		s.set(body(13.5), fmt.Sprintf("Điều %d. %s", i+1, text))
		s.skip(3)
	}
	s.foot(c, "- Như Điều 3;\n- Lưu: VT, KTHT.", c.issuer)
}

func letter(p *Paper, c cast) {
	number := fmt.Sprintf("%d/UBND-VP", c.number)
	p.Facts = Facts{
		Number: number, Date: c.date.Format("2006-01-02"),
		Subject: "V/v " + c.subject, Issuer: c.issuer, Signer: c.signer,
	}
	s := p.sheet()
	s.head(c, number)
	s.set(block{x: mm(24), width: mm(76), size: 12, align: Center}, p.Facts.Subject)
	s.skip(14)
	s.set(centred(14, Regular), "Kính gửi: Trung tâm Phục vụ hành chính công tỉnh Hải Sơn")
	p.Facts.Addressee = "Trung tâm Phục vụ hành chính công tỉnh Hải Sơn"
	s.skip(10)
	for _, text := range []string{
		"Ủy ban nhân dân phường " + c.ward + " nhận được văn bản của quý Trung tâm về việc phối hợp giải quyết thủ tục " + c.subject + ". Sau khi kiểm tra thực tế và đối chiếu với hồ sơ lưu, phường có ý kiến như sau:",
		"1. Người nộp hồ sơ là ông (bà) " + c.citizen + ", địa chỉ số " + fmt.Sprint(c.household) + ", đường " + c.street + ". Giấy tờ kèm theo đầy đủ, chữ ký và con dấu rõ ràng.",
		"2. Đề nghị quý Trung tâm cập nhật kết quả lên hệ thống trong thời hạn 03 ngày làm việc, đồng thời thông báo cho người dân bằng tin nhắn.",
		"3. Những nội dung vượt thẩm quyền đã được tổng hợp tại phụ lục, gửi kèm văn bản này để xem xét, quyết định.",
		"Trân trọng cảm ơn sự phối hợp của quý Trung tâm./.",
	} {
		s.set(body(13.5), text)
		s.skip(4)
	}
	s.foot(c, "- Như trên;\n- Chủ tịch, các Phó Chủ tịch;\n- Lưu: VT.", c.issuer)
}

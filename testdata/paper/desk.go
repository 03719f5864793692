package paper

import (
	"math"
	"strconv"
	"strings"
	"time"

	"hoso/testdata/invent"
)

// desk is a clerk who sets a paper out of what a voice invents.
type desk struct {
	*setter
	paper  *Paper
	voice  *invent.Voice
	size   float64 // of running text, in points
	bottom float64 // where the paper ends, in points from the top
	today  time.Time
	place  invent.Place
	parent string
	issuer string
	signer string
	post   string
	chief  string        // who leads the agency
	more   *invent.Voice // says what came later, so that the first voice says the same as ever
}

// Vary invents a paper of a layout, oddities too, out of a wide vocabulary, in a typeface, a size
// and a spelling that the seed picks. New gives another, plainer paper for the same
// seed where the layout is one of the first six.
func Vary(fonts *Fonts, layout Layout, seed uint64) *Paper {
	p := &Paper{Layout: layout, Seed: seed, fonts: fonts.in(faceOf(seed))}
	v := invent.New(seed)
	d := &desk{paper: p, voice: v, today: v.Today(), place: v.Place(), signer: v.Person()}
	d.size = []float64{12.5, 13, 13, 13.5, 14, 14}[v.Upto(0, 5)]
	d.parent, d.issuer, d.post = v.Pick("ỦY BAN NHÂN DÂN TỈNH HẢI SƠN", "UBND TỈNH HẢI SƠN"), "ỦY BAN NHÂN DÂN "+strings.ToUpper(d.place.String()), v.Pick("CHỦ TỊCH", "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH")
	if v.Chance(3) {
		d.issuer, d.post = v.Pick("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", "SỞ XÂY DỰNG", "SỞ TƯ PHÁP", "SỞ GIÁO DỤC VÀ ĐÀO TẠO", "SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH"), v.Pick("GIÁM ĐỐC", "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC")
	}
	d.chief = d.post[strings.LastIndex(d.post, "\n")+1:]
	d.chief = strings.TrimPrefix(d.chief, "PHÓ ")
	d.more = invent.New(seed ^ 0xf1e1d)
	d.empower()
	d.setter = p.sheet()
	d.spelling = invent.Spelling(v.Upto(0, 2) / 2)
	d.paged(pageWidth, pageHeight)
	composers()[layout](d)
	p.invented = append(v.Numbers(), d.more.Numbers()...)
	p.Facts.Pages = strconv.Itoa(len(p.Sheets))
	p.Facts.spell(d.spelling)
	return p
}

// empower says for whom a paper is signed, of all that Decree 30/2020 knows.
func (d *desk) empower() {
	board := strings.HasPrefix(d.issuer, "ỦY BAN")
	switch d.more.Upto(0, 9) {
	case 0, 1, 2, 3:
		if board {
			d.post = "TM. ỦY BAN NHÂN DÂN\n" + d.post
		}
	case 4:
		d.post = "TL. " + d.chief + "\nCHÁNH VĂN PHÒNG"
	case 5:
		d.post = "TUQ. " + d.chief + "\nTRƯỞNG PHÒNG"
	case 6:
		d.post = "Q. " + d.chief
	}
}

// composers gives who sets each layout.
func composers() map[Layout]func(*desk) {
	return map[Layout]func(*desk){
		Decision: (*desk).decision, Letter: (*desk).letter, Notice: (*desk).notice, Submission: (*desk).submission,
		Minutes: (*desk).minutes, Receipt: (*desk).receipt, Slip: (*desk).slip, Fee: (*desk).fee,
		Application: (*desk).application, Declaration: (*desk).declaration, Extract: (*desk).extract,
		Land: (*desk).land, Certificate: (*desk).business, Permit: (*desk).permit, Certified: (*desk).certified,
		Incoming: (*desk).incoming, IDCopy: (*desk).idCopy, Register: (*desk).register, Gazette: (*desk).gazette, Book: (*desk).book,
		Newspaper: (*desk).newspaper, Handwritten: (*desk).handwritten, Scripts: (*desk).scripts, Ruled: (*desk).ruled, Drawing: (*desk).drawing,
	}
}

// spell puts all fields into the spelling of the paper.
func (f *Facts) spell(s invent.Spelling) {
	for _, field := range []*string{
		&f.Title, &f.Subject, &f.Issuer, &f.Signer, &f.Parent, &f.Place, &f.Addressee, &f.Recipients,
		&f.Authority, &f.Post, &f.OwnerName, &f.OwnerAddress,
	} {
		*field = s.Spell(*field)
	}
}

// paged gives the sheet its size in points.
func (d *desk) paged(width, height float64) {
	d.sheet.width, d.sheet.height = width, height
	d.bottom = height - mm(18)
}

// text is a block of running text with an indent, at a size relative to the
// paper's.
func (d *desk) text(relative float64) block {
	return block{x: mm(30), width: d.sheet.width - mm(47), size: d.size * relative, indent: mm(10)}
}

// middle is a centred block.
func (d *desk) middle(relative float64, style Style) block {
	return block{x: mm(30), width: d.sheet.width - mm(47), size: d.size * relative, style: style, align: Center}
}

// say sets text at a size that suits the typeface.
func (d *desk) say(b block, text string) {
	b.size *= d.fonts.face.scale
	for line := range strings.SplitSeq(text, "\n") {
		d.set(b, line)
	}
}

// room reports whether text set in b still fits, with some points left below it.
func (d *desk) room(b block, text string, left float64) bool {
	b.size *= d.fonts.face.scale
	return d.y+float64(len(d.wrap(b, strings.Fields(text))))*b.size*leading+left < d.bottom
}

// fill sets paragraphs until they no longer fit, with some points left below; at
// least one is set.
func (d *desk) fill(b block, left float64, most int, next func(i int) string) {
	for i := range most {
		text := next(i)
		if i > 0 && !d.room(b, text, left) {
			return
		}
		d.say(b, text)
		d.skip(d.size * 0.3)
	}
}

// head sets the two columns at the top: the agencies, the number and, on letters,
// the subject on the left; the state's motto and the date on the right (Decree
// 30/2020, Appendix I).
func (d *desk) official(number, about string) {
	top := d.y
	left := block{x: mm(22), width: mm(74), size: d.size * 0.9, align: Center}
	d.say(left, d.parent)
	left.style = Bold
	d.say(left, d.issuer)
	d.underline(left, mm(22))
	d.skip(8)
	left.style, left.size = Regular, d.size
	if number != "" {
		d.say(left, "Số: "+number)
	}
	if about != "" {
		left.size = d.size * 0.9
		d.skip(2)
		d.say(left, about)
	}
	bottom := d.y
	d.y = top
	d.motto(block{x: mm(98), width: mm(98), size: d.size * 0.92, style: Bold, align: Center})
	d.skip(14)
	d.say(block{x: mm(98), width: mm(98), size: d.size, style: Italic, align: Center}, d.place.Name+", "+d.voice.LongDay(d.today))
	d.y = max(d.y, bottom) + d.size
	d.facts.Parent, d.facts.Place = d.parent, d.place.Name
}

// address sets to whom a paper goes.
func (d *desk) address(to string) {
	d.facts.Addressee = to
	d.say(d.middle(1, Regular), "Kính gửi: "+to)
}

// owned notes whose paper it is.
func (d *desk) owned(name, id, birth, address string) {
	d.facts.OwnerName, d.facts.OwnerID, d.facts.OwnerBirth, d.facts.OwnerAddress = name, id, birth, address
}

// motto sets the name of the state and its motto with the line below.
func (d *desk) motto(b block) {
	d.say(b, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
	b.size *= 1.06
	d.say(b, "Độc lập - Tự do - Hạnh phúc")
	d.underline(b, mm(52))
	d.skip(6)
}

// title sets the kind of the paper and what it is about.
func (d *desk) title(kind, about string) {
	d.skip(4)
	d.say(d.middle(1.1, Bold), kind)
	if about != "" {
		d.say(d.middle(1, Bold), about)
		d.underline(d.middle(1, Bold), mm(28))
		d.skip(6)
	}
	d.skip(6)
	d.paper.Facts.Title, d.paper.Facts.Subject = kind, about
}

// footHeight is what official papers need for addressees and signature.
func footHeight() float64 { return mm(58) }

// close sets the addressees on the left, post and name of the signer on the right;
// the signature and the seal stand between.
func (d *desk) close(copies ...string) {
	d.skip(10)
	top := d.y
	d.facts.sent(copies...)
	d.addressees(copies)
	left := d.y
	d.y = top
	d.sign(mm(104), mm(88), d.post)
	d.seal(d.paper.Facts.Issuer)
	d.y = max(d.y, left)
}

func (d *desk) addressees(copies []string) {
	if len(copies) == 0 {
		return
	}
	left := block{x: mm(30), width: mm(64), size: d.size * 0.85, style: BoldItalic}
	d.say(left, "Nơi nhận:")
	left.style = Regular
	left.size = d.size * 0.8
	for _, c := range copies {
		d.say(left, "- "+c)
	}
}

// sign sets a post and, below a signature, the signer's name, in a column.
func (d *desk) sign(x, width float64, post string) {
	right := block{x: x, width: width, size: d.size, style: Bold, align: Center}
	d.say(right, post)
	from := d.y
	d.skip(mm(27))
	d.say(right, d.signer)
	line := d.sheet.Lines[len(d.sheet.Lines)-1]
	last := line[len(line)-1]
	d.sheet.signed = slot{line[0].X, d.y, last.X + last.Width - line[0].X}
	a := autograph{x: x + width*0.3, y: from + mm(14), width: width * 0.42, seed: d.voice.Seed()}
	if d.voice.Chance(3) {
		a.ink = black()
	}
	d.sheet.autographs = append(d.sheet.autographs, a)
	d.facts.signed(post, d.signer)
}

// seal sets the agency's seal over the left third of the last signature.
func (d *desk) seal(agency string) {
	a := d.sheet.autographs[len(d.sheet.autographs)-1]
	s := seal{
		x: a.x + mm(1) + mm(6)*d.chance(), y: a.y + mm(4)*(d.chance()-0.5), radius: mm(16 + 2*d.chance()),
		text: agency, grain: d.voice.Seed() | 1, tilt: (d.chance() - 0.5) * 0.6, strength: 0.7 + 0.3*d.chance(),
	}
	if d.voice.Chance(2) {
		s.middle = strings.Fields(agency)
		if len(s.middle) > 3 {
			half := len(s.middle) / 2
			s.middle = []string{strings.Join(s.middle[:half], " "), strings.Join(s.middle[half:], " ")}
		}
	}
	d.sheet.seals = append(d.sheet.seals, s)
}

// chance gives a number from 0 to 1.
func (d *desk) chance() float64 { return float64(d.voice.Upto(0, 1000)) / 1000 }

// leader draws a dotted line for handwriting from the end of what was set last, or
// from x on the next line, and remembers it as a slot.
func (d *desk) leader(x, right float64) {
	d.sheet.ornaments = append(d.sheet.ornaments, dots{x: x, y: d.y, width: right - x})
	d.sheet.slots = append(d.sheet.slots, slot{x, d.y, right - x})
}

// item is an entry of a form: a label and what stands behind it; nothing is a slot
// for the pen.
type item struct{ label, value string }

// entry sets an item in a block. A slot gets a dotted line up to the right edge.
func (d *desk) entry(b block, i item) {
	if i.value != "" {
		d.say(b, i.label+" "+i.value)
		return
	}
	d.say(b, i.label)
	line := d.sheet.Lines[len(d.sheet.Lines)-1]
	last := line[len(line)-1]
	d.leader(last.X+last.Width+4, b.x+b.width)
}

// typed gives a value most of the time, and a slot for the pen else.
func (d *desk) typed(value string) string {
	if d.voice.Chance(3) {
		return ""
	}
	return value
}

// iso is a date as the facts have it.
func iso(t time.Time) string { return t.Format("2006-01-02") }

// dots are the dotted line of a form.
type dots struct{ x, y, width float64 }

func (o dots) draw(c *canvas) {
	count := int(math.Floor(o.width / 3))
	for i := range count {
		plate{o.x + 3*float64(i), o.y - 0.2, 0.95, 0.95, toner()}.draw(c)
	}
}

package paper

import (
	"math"
	"strconv"
	"strings"
)

// The layouts of sheets that no desk expects, and that must hurt nothing.
const (
	Newspaper   Layout = "bao"      // five narrow columns
	Handwritten Layout = "viet-tay" // nothing but handwriting
	Scripts     Layout = "chu-khac" // Russian and Greek
	Ruled       Layout = "ke-o"     // the lines of a table, and nothing in it
	Drawing     Layout = "ban-ve"   // a plan on A0: lines and small letters
)

// Oddities lists the layouts that are not in Layouts.
func Oddities() []Layout { return []Layout{Newspaper, Handwritten, Scripts, Ruled, Drawing} }

func (d *desk) newspaper() {
	d.paper.Facts = Facts{Title: "TIN TỨC HẢI SƠN"}
	d.y = mm(12)
	d.say(block{x: mm(10), width: d.sheet.width - mm(20), size: 30, style: Bold, align: Center}, d.paper.Facts.Title)
	d.sheet.rules = append(d.sheet.rules, rule{mm(10), d.y + 9, d.sheet.width - mm(10), d.y + 9, 1.6})
	d.skip(16)
	const count = 5
	gap := mm(3.5)
	width := (d.sheet.width - mm(20) - (count-1)*gap) / count
	edges := make([]float64, count)
	for i := range edges {
		edges[i] = mm(10) + float64(i)*(width+gap)
		if i > 0 {
			d.sheet.rules = append(d.sheet.rules, rule{edges[i] - gap/2, d.y, edges[i] - gap/2, d.bottom, 0.3})
		}
	}
	d.columns(edges, width, 8.5)
}

func (d *desk) handwritten() {
	seed := d.voice.Seed()
	for i := range 24 {
		d.sheet.hands = append(d.sheet.hands, hand{x: mm(24 + 4*d.chance()), y: mm(30 + 10*float64(i)), width: mm(100 + 60*d.chance()), size: 7, seed: seed + uint64(i)})
	}
}

func (d *desk) scripts() {
	for _, f := range faces() {
		if f.name == "DejaVu Serif" {
			d.paper.fonts = d.fonts.in(f)
			d.fonts = d.paper.fonts
		}
	}
	for _, text := range []string{
		"Настоящим подтверждается, что документы приняты в полном объёме и будут рассмотрены в течение тридцати дней.",
		"Заявитель обязан явиться лично; копии без печати не принимаются, жалобы подаются письменно.",
		"Η αίτηση κατατέθηκε εμπρόθεσμα και όλα τα δικαιολογητικά ελέγχθηκαν από την υπηρεσία.",
		"Ο ενδιαφερόμενος παραλαμβάνει το πιστοποιητικό με την ταυτότητά του, χωρίς άλλη χρέωση.",
		"The applicant shall collect the certificate in person; no further charge is due.",
	} {
		d.say(d.text(1), text)
		d.skip(8)
	}
}

func (d *desk) ruled() {
	for i := range 31 {
		y := mm(25) + mm(8)*float64(i)
		d.sheet.rules = append(d.sheet.rules, rule{mm(20), y, d.sheet.width - mm(20), y, 0.7})
	}
	for i := range 8 {
		x := mm(20) + (d.sheet.width-mm(40))/7*float64(i)
		d.sheet.rules = append(d.sheet.rules, rule{x, mm(25), x, mm(25 + 240), 0.7})
	}
}

// drawing sets a plan of plots along a road on A0, lying, with dimensions in small
// letters and a title block in the lower right corner.
func (d *desk) drawing() {
	d.paged(mm(1189), mm(841))
	w, h := d.sheet.width, d.sheet.height
	d.frame()
	for row := range 5 {
		for col := range 14 {
			x, y := mm(60+76*float64(col)), mm(50+140*float64(row))
			d.sheet.rules = append(d.sheet.rules, rule{x, y, x + mm(70), y, 1}, rule{x, y, x, y + mm(96), 1},
				rule{x + mm(70), y, x + mm(70), y + mm(96), 1}, rule{x, y + mm(96), x + mm(70), y + mm(96), 1},
				rule{x, y, x + mm(70), y + mm(96), 0.3})
			d.y = y + mm(30)
			d.say(block{x: x + mm(34), width: mm(34), size: 9}, "Thửa "+strconv.Itoa(100*row+col+1)+"\n"+d.voice.Area())
		}
	}
	for i := range 12 {
		sweepy := make([][2]float64, 0, 200)
		for x := mm(40); x < w-mm(40); x += 20 {
			sweepy = append(sweepy, [2]float64{x, mm(150) + mm(46)*float64(i) + 30*math.Sin(x/300+float64(i))})
		}
		d.sheet.sweeps = append(d.sheet.sweeps, sweep{sweepy, 0.5, black()})
	}
	d.y = h - mm(110)
	b := block{x: w - mm(200), width: mm(180), size: 14, style: Bold}
	d.say(b, "BẢN ĐỒ ĐỊA CHÍNH "+strings.ToUpper(d.place.String()))
	b.style = Regular
	d.say(b, "Tỷ lệ 1:500\nNgười vẽ: "+d.voice.Person()+"\nNgày hoàn thành: "+d.voice.Day(d.today))
}

package paper

import (
	"fmt"
	"image/color"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// Seals says where round red seals stand.
type Seals int

// The places of seals, each in addition to the one that the layout sets beside the
// signature.
const (
	SealsAsSet Seals = iota
	NoSeals          // none, not even the layout's own
	SealOverTitle
	SealOverBody
	SealOverSigner
)

// Marks is what people put on a printed sheet. None of it is in the text of a
// paper. The zero Marks is a sheet as the layout sets it.
type Marks struct {
	Seals     Seals
	SealInk   float64 // 0 to 1: strength of all seals; 0 is a full one
	Signature float64 // 0 to 1: how far a signature runs over the signer's name
	Hand      bool    // slots are filled in, and remarks stand in the margin
	Stamps    int     // rectangular red stamps of text
	Strokes   int     // underlined, ticked and circled words
	Marker    int     // stretches of highlighter
}

// marked gives the sheet with the look's marks on it; s itself stays as it is.
func (s *Sheet) marked(look Look) *Sheet {
	m := look.Marks
	r := rand.New(rand.NewPCG(look.Seed, 0x3a2c))
	out := *s
	out.seals = s.sealed(m, r)
	out.stamps = slices.Clone(s.stamps)
	out.autographs = slices.Clone(s.autographs)
	out.hands = slices.Clone(s.hands)
	out.sweeps = slices.Clone(s.sweeps)
	for i := range m.Stamps {
		out.stamps = append(out.stamps, s.stampFor(i, r))
	}
	if m.Signature > 0 && s.signed.width > 0 {
		out.autographs = append(out.autographs, s.over(m.Signature, r))
	}
	if m.Hand {
		out.written(r)
	}
	out.scored(m, r)
	over := []seal(nil)
	out.codes, over = s.worn(look)
	out.seals = append(out.seals, over...)
	return &out
}

// sealed gives the seals that a look sees.
func (s *Sheet) sealed(m Marks, r *rand.Rand) []seal {
	if m.Seals == NoSeals {
		return nil
	}
	seals := slices.Clone(s.seals)
	if m.Seals != SealsAsSet {
		at := s.target(m.Seals, r)
		pattern := seal{text: "ỦY BAN NHÂN DÂN PHƯỜNG HẠ LIỄU"}
		if len(seals) > 0 {
			pattern = seals[0]
		}
		pattern.x, pattern.y = at.X+at.Width/2+mm(8)*(r.Float64()-0.5), at.Y-at.Size/3+mm(6)*(r.Float64()-0.5)
		pattern.radius = mm(16 + 2*r.Float64())
		pattern.grain, pattern.tilt = r.Uint64()|1, r.Float64()-0.5
		if r.IntN(2) == 0 {
			pattern.middle = []string{"ỦY BAN", "NHÂN DÂN"}
		}
		seals = append(seals, pattern)
	}
	for i := range seals {
		if m.SealInk > 0 {
			seals[i].strength = m.SealInk
		}
	}
	return seals
}

// target gives a word for a seal to cover, with its neighbours.
func (s *Sheet) target(where Seals, r *rand.Rand) Word {
	if len(s.Lines) == 0 {
		width, height := s.Size()
		return Word{X: width / 2, Y: height / 2}
	}
	if where == SealOverSigner && s.signed.width > 0 {
		return Word{X: s.signed.x, Y: s.signed.y - mm(3), Width: s.signed.width, Size: 13}
	}
	from := s.body()
	if title := s.title(); where == SealOverTitle && len(title) > 0 || len(from) == 0 {
		from = title
	}
	if len(from) == 0 {
		from = s.Lines
	}
	line := from[r.IntN(len(from))]
	return line[r.IntN(len(line))]
}

// body gives the longer lines in the middle of the sheet.
func (s *Sheet) body() []Line {
	_, height := s.Size()
	var lines []Line
	for _, l := range s.Lines {
		if y := l[0].Y / height; y > 0.3 && y < 0.75 && len(l) > 3 {
			lines = append(lines, l)
		}
	}
	return lines
}

// title gives the lines of the largest letters.
func (s *Sheet) title() []Line {
	biggest := 0.0
	for _, l := range s.Lines {
		biggest = max(biggest, l[0].Size)
	}
	var lines []Line
	for _, l := range s.Lines {
		if l[0].Size > biggest-0.6 && len(l) > 1 {
			lines = append(lines, l)
		}
	}
	return lines
}

// stampFor invents a rectangular stamp; the first is that of incoming mail.
func (s *Sheet) stampFor(i int, r *rand.Rand) stamp {
	width, _ := s.Size()
	t := stamp{grain: r.Uint64() | 1, tilt: 0.12 * (r.Float64() - 0.5), size: 11}
	switch (i + r.IntN(4)) % 4 {
	case 0:
		t.lines = []string{"ỦY BAN NHÂN DÂN XÃ", "CÔNG VĂN ĐẾN", "Số: ................", "Ngày: ..............", "Chuyển: ............"}
		t.width, t.height = mm(42), mm(30)
		t.x, t.y = mm(14+6*r.Float64()), mm(48+8*r.Float64())
		t.filled = []hand{
			{x: mm(14), y: mm(16), width: mm(12), size: 5, seed: r.Uint64()},
			{x: mm(16), y: mm(22), width: mm(14), size: 5, seed: r.Uint64()},
		}
	case 1:
		t.lines, t.width, t.height, t.size = []string{"HỎA TỐC"}, mm(32), mm(10), 15
		t.x, t.y = mm(24+10*r.Float64()), mm(50+8*r.Float64())
	case 2:
		t.lines = []string{"CHỨNG THỰC BẢN SAO", "ĐÚNG VỚI BẢN CHÍNH", fmt.Sprintf("Số chứng thực: %d", 100+r.IntN(9000)), "Quyển số: 01 - SCT/BS"}
		t.width, t.height = mm(58), mm(26)
		t.x, t.y = width-mm(90+20*r.Float64()), mm(205+30*r.Float64())
	default:
		t.lines, t.width, t.height, t.size = []string{"SAO Y BẢN CHÍNH"}, mm(48), mm(10), 13
		t.x, t.y = width/2-mm(24+30*(r.Float64()-0.5)), mm(8+3*r.Float64())
	}
	return t
}

// over gives a signature that runs across the signer's name.
func (s *Sheet) over(share float64, r *rand.Rand) autograph {
	a := autograph{width: s.signed.width * 1.1, seed: r.Uint64()}
	a.x = s.signed.x - 0.05*s.signed.width
	a.y = s.signed.y - mm(9)*(1-share)
	if r.IntN(3) == 0 {
		a.ink = black()
	}
	return a
}

// written fills the slots by hand and sets remarks where lines end early.
func (s *Sheet) written(r *rand.Rand) {
	ink := blue()
	if r.IntN(4) == 0 {
		ink = black()
	}
	seed, size := r.Uint64(), 5+1.5*r.Float64()
	for i, slot := range s.slots {
		share := 0.55 + 0.4*r.Float64()
		s.hands = append(s.hands, hand{slot.x + 4, slot.y - 1, slot.width*share - 8, min(size, 0.13*slot.width), seed + uint64(i), ink})
	}
	tails := s.tails()
	for i := range min(2, len(tails)) {
		at := tails[r.IntN(len(tails))]
		s.hands = append(s.hands, hand{at.x + mm(6), at.y, min(at.width-mm(8), mm(45)), size, seed + 1000 + uint64(i), ink})
	}
}

// tails gives the free ends of lines that are at least 40 mm long.
func (s *Sheet) tails() []slot {
	width, _ := s.Size()
	var out []slot
	for _, l := range s.Lines {
		last := l[len(l)-1]
		free := slot{last.X + last.Width, last.Y, width - mm(18) - last.X - last.Width}
		taken := slices.ContainsFunc(s.Lines, func(o Line) bool {
			return math.Abs(o[0].Y-last.Y) < 18 && o[len(o)-1].X+o[len(o)-1].Width > free.x+mm(4)
		})
		if free.width >= mm(40) && !taken {
			out = append(out, free)
		}
	}
	return out
}

// scored draws pen strokes and highlighter over runs of words.
func (s *Sheet) scored(m Marks, r *rand.Rand) {
	if len(s.Lines) == 0 {
		return
	}
	for range m.Strokes {
		run := s.run(r)
		ink, first, last := blue(), run[0], run[len(run)-1]
		if r.IntN(3) == 0 {
			ink = color.RGBA{200, 40, 40, 230}
		}
		end, mid := last.X+last.Width, first.Y-first.Size*0.3
		switch r.IntN(4) {
		case 0: // a tick before it
			s.sweeps = append(s.sweeps, sweep{[][2]float64{{first.X - 14, mid - 2}, {first.X - 10, mid + 4}, {first.X - 2, mid - 10}}, 1.1, ink})
		case 1: // a circle around it
			round := circle(0, 0, 1)
			for i, p := range round {
				round[i] = [2]float64{(first.X+end)/2 + p[0]*((end-first.X)/2+6), mid + p[1]*first.Size*0.8}
			}
			s.sweeps = append(s.sweeps, sweep{round, 0.9, ink})
		default:
			y := first.Y + 2.2
			s.sweeps = append(s.sweeps, sweep{smooth([][2]float64{{first.X - 2, y}, {(first.X + end) / 2, y + 2*r.Float64() - 1}, {end + 3, y + 1}}), 0.9, ink})
		}
	}
	for range m.Marker {
		run := s.run(r)
		first, last := run[0], run[len(run)-1]
		y := first.Y - first.Size*0.3
		s.sweeps = append(s.sweeps, sweep{[][2]float64{{first.X - 3, y + r.Float64()}, {last.X + last.Width + 4, y - r.Float64()}}, first.Size * 1.05, marker()})
	}
}

// run picks up to five neighbouring words.
func (s *Sheet) run(r *rand.Rand) []Word {
	line := s.Lines[r.IntN(len(s.Lines))]
	from := r.IntN(len(line))
	return line[from:min(len(line), from+1+r.IntN(5))]
}

// Under gives the places, among all words of the sheet's text, of those that lie
// under a seal or a stamp of the look: at least a quarter of the word is covered.
func (s *Sheet) Under(look Look) []int {
	m := s.marked(look)
	var under []int
	n := 0
	for _, l := range s.Lines {
		for _, w := range l {
			if m.covered(w) > 0.25 {
				under = append(under, n)
			}
			n += len(strings.Fields(w.Text))
		}
	}
	return under
}

// covered gives the share of a word's box that lies under seals and stamps.
func (s *Sheet) covered(w Word) float64 {
	const columns, rows = 12, 5
	hits := 0
	for i := range columns * rows {
		x := w.X + w.Width*(float64(i%columns)+0.5)/columns
		y := w.Y - w.Size*0.72 + w.Size*0.9*(float64(i/columns)+0.5)/rows
		inSeal := slices.ContainsFunc(s.seals, func(o seal) bool { return math.Hypot(x-o.x, y-o.y) <= o.radius })
		if inSeal || slices.ContainsFunc(s.stamps, func(t stamp) bool { return t.holds(x, y) }) {
			hits++
		}
	}
	return float64(hits) / (columns * rows)
}

// holds reports whether a point of the page lies under the stamp.
func (t stamp) holds(x, y float64) bool {
	sin, cos := math.Sincos(-t.tilt)
	dx, dy := x-t.x, y-t.y
	u, v := dx*cos-dy*sin, dx*sin+dy*cos
	return u >= 0 && v >= 0 && u <= t.width && v <= t.height
}

// Stamps gives the text of the rectangular stamps that a look sees, a stamp per
// entry, its lines parted by line feeds. None of it is in Text.
func (s *Sheet) Stamps(look Look) []string {
	var texts []string
	for _, t := range s.marked(look).stamps {
		texts = append(texts, strings.Join(t.lines, "\n"))
	}
	return texts
}

package access

// failure is a place where the copy does not show the strokes of the sheet.
type failure struct {
	area
	word bool
}

// Of the ink around, so much is certainly a stroke, may be one, and is shown as one.
const (
	certain  = 70
	possible = 25
	shown    = 50
)

// failures compares the copy with the sheet: word by word, and in every tile beside
// pictures, which are shown coarsely by design.
func (m *maker) failures(copied *planes) []failure {
	var all []failure
	for _, w := range m.words {
		f := failure{w, true}
		if m.paperDark(w) || m.unsure(w) || !m.same(copied, f) {
			f.area = w.grown(4, m.sheet.Width, m.sheet.Height)
			all = append(all, f)
		}
	}
	for _, t := range tiles(m.sheet.Width, m.sheet.Height, m.sheet.DPI) {
		if f := (failure{t, false}); !m.ink.pictured(t, m.sheet.DPI) && !m.same(copied, f) {
			all = append(all, f)
		}
	}
	return all
}

// same reports whether the copy shows the strokes of a place: to the eye, and where
// coloured ink may hide black strokes, through red glasses, too.
func (m *maker) same(copied *planes, f failure) bool {
	percent, least := 99, unreadLeast
	if f.word {
		percent, least = 97, wordLeast
	}
	level := m.seen.level(m.seen.all, f.area, percent)
	if level >= least && strokesDiffer(m.seen.all, copied.all, m.seen.width, f.area, level) {
		return false
	}
	if m.huesIn(f.area) == 0 {
		return true
	}
	level = m.seen.level(m.seen.black, f.area, percent)
	return level < 2*least || !strokesDiffer(m.seen.black, copied.black, m.seen.width, f.area, level)
}

// strokesDiffer looks for strokes of one plane that are not on the other, either way.
// The grey edge of a stroke is forgiven, since a limit has to lie somewhere on it; two
// by two pixels that are certainly ink, or certainly none, are not.
func strokesDiffer(sheet, copied []uint8, width int, a area, level int) bool {
	sure, maybe, on := uint8(level*certain/100), uint8(level*possible/100), uint8(level*shown/100) //nolint:gosec // shares of a byte
	missing, added := newTwoRows(a), newTwoRows(a)
	for y := a.y0; y < a.y1; y++ {
		for x := a.x0; x < a.x1; x++ {
			s, c := sheet[y*width+x], copied[y*width+x]
			if missing.see(x, y, s > sure && c <= on) || added.see(x, y, c > on && s <= maybe) {
				return true
			}
		}
	}
	return false
}

// twoRows remembers what was seen in this row and in the one above.
type twoRows struct {
	area
	seen []bool
}

func newTwoRows(a area) twoRows { return twoRows{a, make([]bool, 2*(a.x1-a.x0))} }

// see takes note of a pixel, and reports whether it completes a square of two by two.
func (t twoRows) see(x, y int, it bool) bool {
	stride, at := t.x1-t.x0, x-t.x0
	now, before := t.seen[y&1*stride:], t.seen[(y&1^1)*stride:]
	now[at] = it
	return it && at > 0 && y > t.y0 && now[at-1] && before[at] && before[at-1]
}

// dark is the paper on which words are lighter than what is around them.
const dark = 110

func (m *maker) paperDark(a area) bool {
	x, y := (a.x0+a.x1)/2/m.paper.step, (a.y0+a.y1)/2/m.paper.step
	c := m.paper.at[y*m.paper.cols+x]
	return max(c[0], c[1], c[2]) < dark
}

// huesIn tells the coloured inks in an area or beside it.
func (m *maker) huesIn(a area) (h hue) {
	for y := a.y0 / cell; y <= (a.y1-1)/cell; y++ {
		for x := a.x0 / cell; x <= (a.x1-1)/cell; x++ {
			h |= m.hue[y*m.limits.cols+x]
		}
	}
	return h
}

// unsure reports whether black strokes of a word can hardly be told from the stamp
// they lie under: as many pixels are half dark as are dark.
func (m *maker) unsure(a area) bool {
	if m.huesIn(a)&hasRed == 0 {
		return false
	}
	level := m.seen.level(m.seen.black, a, 97)
	if level < 2*wordLeast {
		return false // nothing black here
	}
	between, sure := 0, 0
	m.seen.within(a, func(from, to int) {
		for _, v := range m.seen.black[from:to] {
			if int(v)*100 > level*certain {
				sure++
			} else if int(v)*100 > level*35 {
				between++
			}
		}
	})
	return 10*between > 9*sure
}

package access

// cell is the side in pixels of the squares that share their limits.
const cell = 8

// limits say from how dark a pixel is ink, each square of the sheet by itself: half
// as dark as the ink around, so that faint print is ink, and the grey of its edges is
// parted in the middle.
type limits struct {
	cols  int
	all   []uint8 // for planes.all
	black []uint8 // for planes.black
}

// The bounds of a limit. Outside of words nothing faint is taken for ink: it may be
// the other side of the paper shining through.
const (
	wordLeast   = 38
	unreadLeast = 76
	limitMost   = 112
)

// limits measures the ink of each tile, and then of each word.
func (m *planes) limits(words []area, dpi float64) *limits {
	l := &limits{cols: (m.width + cell - 1) / cell}
	n := l.cols * ((m.height + cell - 1) / cell)
	l.all, l.black = make([]uint8, n), make([]uint8, n)
	for _, t := range tiles(m.width, m.height, dpi) {
		l.set(t, half(m.level(m.all, t, 99), unreadLeast), half(m.level(m.black, t, 99), unreadLeast))
	}
	for _, w := range words {
		l.set(w, half(m.level(m.all, w, 97), wordLeast), half(m.level(m.black, w, 97), wordLeast))
	}
	return l
}

func half(level, least int) uint8 { return uint8(min(max(level/2, least), limitMost)) } //nolint:gosec // bounded

// tiles covers the sheet with squares of a fifth of an inch.
func tiles(width, height int, dpi float64) []area {
	side := max(2, int(dpi/5)/cell) * cell
	var all []area
	for y := 0; y < height; y += side {
		for x := 0; x < width; x += side {
			all = append(all, area{x, y, min(x+side, width), min(y+side, height)})
		}
	}
	return all
}

// set gives all squares that an area touches its limits.
func (l *limits) set(a area, all, black uint8) {
	for y := a.y0 / cell; y <= (a.y1-1)/cell; y++ {
		for x := a.x0 / cell; x <= (a.x1-1)/cell; x++ {
			l.all[y*l.cols+x], l.black[y*l.cols+x] = all, black
		}
	}
}

// tone is what a pixel is covered with.
type tone uint8

const (
	bare tone = iota
	black
	faint // black ink that left little on the paper: gray
	red
	blue
	tones
)

// ink is the sheet with the tone of every pixel.
type ink struct {
	width, height int
	tone          []tone
	colour        [tones][3]uint8 // of each ink
	count         [tones]int
	picture       []bool // by tile: there is a picture here, no writing
}

// separate tells ink from paper and one ink from the other.
func (m *maker) separate() *ink {
	k := &ink{width: m.seen.width, height: m.seen.height, tone: make([]tone, len(m.seen.all))}
	m.hue = m.hues()
	for y := range k.height {
		from := y * k.width
		row := (y / cell) * m.limits.cols
		for x := range k.width {
			i, c := from+x, row+x/cell
			if m.seen.all[i] > m.limits.all[c] || m.hue[c] != 0 && m.seen.black[i] > m.limits.black[c] {
				k.tone[i] = m.toneOf(i, c, m.hue[c])
			}
		}
	}
	k.clean(m.words, m.sheet.DPI)
	k.mix(m.sheet)
	return k
}

// hue says which coloured inks there are in a square.
type hue uint8

const (
	hasRed hue = 1 << iota
	hasBlue
)

// hues looks for squares with coloured ink. It asks for the mean over the ink of a
// square, since scanners leave fringes of colour at the edges of black letters, and
// widens what it finds by a square.
func (m *maker) hues() []hue {
	cols, rows := m.limits.cols, len(m.limits.all)/m.limits.cols
	found := make([]hue, cols*rows)
	for y := range rows {
		for x := range cols {
			found[y*cols+x] = m.hueOf(area{x * cell, y * cell, min(x*cell+cell, m.seen.width), min(y*cell+cell, m.seen.height)}, m.limits.all[y*cols+x])
		}
	}
	wide := make([]hue, cols*rows)
	for y := range rows {
		for x := range cols {
			for ny := max(0, y-1); ny <= min(rows-1, y+1); ny++ {
				for nx := max(0, x-1); nx <= min(cols-1, x+1); nx++ {
					wide[y*cols+x] |= found[ny*cols+nx]
				}
			}
		}
	}
	return wide
}

func (m *maker) hueOf(a area, limit uint8) (h hue) {
	all, notRed, bluer := 0, 0, 0
	m.seen.within(a, func(from, to int) {
		for i := from; i < to; i++ {
			if v := m.seen.all[i]; v > limit {
				all += int(v)
				notRed += int(m.seen.black[i])
				bluer += int(m.seen.blue[i])
			}
		}
	})
	if all > 0 && 10*notRed < 7*all {
		h |= hasRed
	}
	if all > 0 && 4*bluer > all {
		h |= hasBlue
	}
	return h
}

// faintLimit is half of how dark ink is that is shown as gray.
const faintLimit = 80

// toneOf names the ink of a pixel that is dark. Black over red is black.
func (m *maker) toneOf(i, c int, h hue) tone {
	dark := m.seen.black[i]
	switch {
	case m.limits.all[c] < faintLimit && h == 0:
		return faint
	case h == 0:
		return black
	case h&hasBlue != 0 && 10*int(m.seen.blue[i]) > 3*int(dark) && dark > m.limits.black[c]/2:
		return blue
	case h&hasRed != 0 && dark <= m.limits.black[c]:
		return red
	}
	return black
}

// mix finds the colour of each ink: the mean over pixels in the middle of strokes.
func (k *ink) mix(s Sheet) {
	var sum [tones][3]int
	var inner [tones]int
	for y := 1; y < k.height-1; y++ {
		for i := y*k.width + 1; i < (y+1)*k.width-1; i++ {
			t := k.tone[i]
			if t == bare {
				continue
			}
			k.count[t]++
			if k.tone[i-1] != t || k.tone[i+1] != t || k.tone[i-k.width] != t || k.tone[i+k.width] != t {
				continue
			}
			inner[t]++
			for c := range 3 {
				sum[t][c] += int(s.Pix[3*i+c])
			}
		}
	}
	k.colour[faint] = [3]uint8{120, 120, 120}
	k.colour[red], k.colour[blue] = [3]uint8{200, 40, 40}, [3]uint8{40, 50, 150}
	for t := range sum {
		for c := range 3 {
			if inner[t] > 0 {
				k.colour[t][c] = uint8(sum[t][c] / inner[t]) //nolint:gosec // a mean of bytes
			}
		}
	}
}

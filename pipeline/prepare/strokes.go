package prepare

import (
	"image"

	"hoso/pipeline"
)

// Bounds of the pieces of dark ink that may be strokes of a signature, in millimetres.
const (
	strokeWide = 6
	strokeHigh = 4.5
	strokeMost = 45
)

// strokes finds signatures by the shape of what is drawn, whatever the ink: a few strokes
// much higher than letters, thin, and neither straight nor filled. It looks only at the
// pieces of ink that are large enough, of which most pages have none but the signature.
func (p *Prepared) strokes() []image.Rectangle {
	m := &inkMap{mm: [2]float64{25.4 / float64(p.DPI), 25.4 / float64(p.DPI)}}
	var all []piece
	for _, b := range p.Ink {
		if w, h := m.across(b), m.down(b); w >= strokeWide && h >= strokeHigh && w <= signedMost && h <= strokeMost {
			if s, ok := drawn(p.Gray, b, m.mm); ok {
				all = append(all, s)
			}
		}
		if len(all) > 200 {
			return nil // a drawing
		}
	}
	var out []image.Rectangle
	dx := int(strokeGap / m.mm[0])
	for _, g := range gathered(all, dx, dx) {
		if !m.signed(g) {
			continue
		}
		b := boundsOf(g)
		at := p.Box(pipeline.Box{X0: b.Min.X, Y0: b.Min.Y, X1: b.Max.X, Y1: b.Max.Y})
		out = append(out, image.Rect(at.X0, at.Y0, at.X1, at.Y1))
	}
	return out
}

// drawnInk marks ink of any colour.
const drawnInk = 1

// drawn gives the piece of ink in a box, if it was drawn with a pen.
func drawn(gray *image.Gray, b image.Rectangle, mm [2]float64) (piece, bool) {
	const dark = 150
	m := &inkMap{width: b.Dx(), height: b.Dy(), mm: mm, cells: make([]byte, b.Dx()*b.Dy())}
	for y := range b.Dy() {
		row := gray.Pix[gray.PixOffset(b.Min.X, b.Min.Y+y):][:b.Dx()]
		for x, v := range row {
			if v < dark {
				m.cells[y*m.width+x] = drawnInk
			}
		}
	}
	var whole piece
	for _, p := range m.pieces(drawnInk, 1, 30) {
		if len(p.cells) > len(whole.cells) {
			whole = p
		}
	}
	if whole.box.Dx()*3 < b.Dx()*2 || whole.box.Dy()*3 < b.Dy()*2 || !m.penned(whole) {
		return piece{}, false
	}
	whole.ornament = m.ornament(whole)
	whole.box = whole.box.Add(b.Min)
	return whole, true
}

// penned reports whether a piece is made of thin strokes that go in all directions. Those
// of a frame lie along its sides, letters fill their place, a hair is a single stroke.
func (m *inkMap) penned(p piece) bool {
	const fullest, straightest, widest, squarest = 0.3, 0.3, 0.9, 0.5
	n, edge, level, steep := float64(len(p.cells)), 0.0, 0, 0
	long := int(5 / m.mm[0])
	for _, c := range p.cells {
		for _, d := range [4]image.Point{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
			if !m.at(c.X+d.X, c.Y+d.Y, drawnInk) {
				edge++
			}
		}
		if !m.at(c.X-1, c.Y, drawnInk) {
			level += m.longRun(c, image.Pt(1, 0), long)
		}
		if !m.at(c.X, c.Y-1, drawnInk) {
			steep += m.longRun(c, image.Pt(0, 1), long)
		}
	}
	width := 2 * n / edge // of a stroke, in cells
	length := n / width
	filled := n / float64(p.box.Dx()*p.box.Dy())
	return filled < fullest && m.square(p) < squarest && float64(level+steep) < straightest*n && width*m.mm[0] < widest && length > 1.8*float64(max(p.box.Dx(), p.box.Dy()))
}

// longRun gives the length of the run of cells from c on, 0 if it is shorter than least.
func (m *inkMap) longRun(c, step image.Point, least int) int {
	n := 1
	for m.at(c.X+n*step.X, c.Y+n*step.Y, drawnInk) {
		n++
	}
	if n < least {
		return 0
	}
	return n
}

// square gives the share of a piece's upper and left edges that run along the page or down
// it, as do those of a code of squares.
func (m *inkMap) square(p piece) float64 {
	least := int(0.7 / m.mm[0])
	upper := func(x, y int) bool { return m.at(x, y, drawnInk) && !m.at(x, y-1, drawnInk) }
	left := func(x, y int) bool { return m.at(x, y, drawnInk) && !m.at(x-1, y, drawnInk) }
	all, straight := 0, 0
	count := func(n int) {
		all += n
		if n >= least {
			straight += n
		}
	}
	for _, c := range p.cells {
		if upper(c.X, c.Y) && !upper(c.X-1, c.Y) {
			n := 1
			for upper(c.X+n, c.Y) {
				n++
			}
			count(n)
		}
		if left(c.X, c.Y) && !left(c.X, c.Y-1) {
			n := 1
			for left(c.X, c.Y+n) {
				n++
			}
			count(n)
		}
	}
	return float64(straight) / float64(max(all, 1))
}

package prepare

import (
	"image"
	"math"
	"slices"

	"hoso/pipeline"
	"hoso/pipeline/prepare/leptonica"
)

// Bounds of what pens draw, in millimetres.
const (
	signedWide  = 13 // a signature is at least as wide and high
	signedHigh  = 6.5
	signedTall  = 4.8 // and its strokes, in the mean of the ink, as high
	signedMost  = 100
	wordGap     = 5   // what parts words of handwriting at most
	markGap     = 0.8 // what parts a mark from its word
	strokeGap   = 1.0 // half of what parts the strokes of a signature
	writtenWide = 4
	writtenHigh = 1.8
	mostStrokes = 1000 // more are print in blue, or a picture
)

// pens finds signatures and the strokes of handwriting in blue ink, outside of the given
// stamps.
func (m *inkMap) pens(stamps []image.Rectangle) []found {
	var all []piece
	for _, p := range m.pieces(leptonica.BlueCell, 2, 10) {
		if !inOne(p.box, stamps) && !m.fringe(p) {
			p.ornament = m.ornament(p)
			all = append(all, p)
		}
	}
	if len(all) > mostStrokes {
		return nil
	}
	var out []found
	dx, dy := int(strokeGap/m.mm[0]), int(strokeGap/m.mm[1])
	for _, g := range gathered(all, dx, dy) {
		if m.signed(g) {
			out = append(out, found{pipeline.Autograph, boundsOf(g)})
			continue
		}
		for _, p := range g {
			if !p.ornament {
				out = append(out, found{pipeline.Handwriting, p.box})
			}
		}
	}
	return out
}

// inLines joins the strokes of handwriting to words and lines, and lines whose boxes
// overlap. In stamps a day or a month may stand alone. It is done on the upright page: words of a line stand farther apart than lines
// do.
func inLines(strokes, stamps []image.Rectangle, dpi float64) []image.Rectangle {
	mm := dpi / 25.4
	low := int(writtenHigh * mm)
	var tall, marks []image.Rectangle
	for _, s := range strokes {
		if s.Dy() < low {
			marks = append(marks, s)
		} else {
			tall = append(tall, s)
		}
	}
	gap := int(wordGap * mm)
	lines := merged(tall, func(a, b image.Rectangle) bool {
		apart := max(a.Min.X, b.Min.X) - min(a.Max.X, b.Max.X)
		beside := min(a.Max.Y, b.Max.Y) - max(a.Min.Y, b.Min.Y)
		return apart <= gap && 5*beside >= 2*min(a.Dy(), b.Dy())
	})
	near := int(markGap * mm)
	for _, s := range marks {
		if at := slices.IndexFunc(lines, func(l image.Rectangle) bool { return s.Overlaps(l.Inset(-near)) }); at >= 0 {
			lines[at] = lines[at].Union(s)
		}
	}
	return slices.DeleteFunc(merged(lines, image.Rectangle.Overlaps), func(b image.Rectangle) bool {
		least := writtenWide * mm
		if inOne(b, stamps) {
			least /= 2
		}
		return float64(b.Dx()) < least || b.Dy() < low || b.Dx() > 40*b.Dy()
	})
}

// fringe reports whether the ink of a piece is pale or lies along black ink: the edges of
// print that a scanner has coloured.
func (m *inkMap) fringe(p piece) bool {
	n, pale := 0, 0
	for _, c := range p.cells {
		if m.cells[c.Y*m.width+c.X]&leptonica.PaleCell != 0 {
			pale++
		}
		x, y, black := c.X, c.Y, byte(leptonica.BlackCell)
		if m.at(x-1, y, black) || m.at(x+1, y, black) || m.at(x, y-1, black) || m.at(x, y+1, black) {
			n++
		}
	}
	return 3*n > len(p.cells) || 2*pale > len(p.cells)
}

// scrawl sums up pieces that lie together: their number, the ink of all of them and of
// the largest, how high they are in the mean of the ink, and the longest and widest.
type scrawl struct {
	strokes                            int
	ink, most, height, longest, widest float64
}

func (m *inkMap) scrawl(g []piece) (s scrawl) {
	for _, p := range g {
		if p.ornament {
			continue
		}
		n := float64(len(p.cells))
		s.strokes++
		s.ink += n
		s.height += n * m.down(p.box)
		s.most = max(s.most, n)
		s.longest = max(s.longest, math.Hypot(m.across(p.box), m.down(p.box)))
		s.widest = max(s.widest, m.across(p.box))
	}
	s.height /= max(s.ink, 1)
	return s
}

// signed reports whether pieces that lie together are a signature: higher strokes than
// those of handwriting, and not as many.
func (m *inkMap) signed(g []piece) bool {
	b := boundsOf(g)
	w, h := m.across(b), m.down(b)
	if max(w, h) < signedWide || max(w, h) > signedMost || min(w, h) < signedHigh {
		return false
	}
	s := m.scrawl(g)
	return s.height >= signedTall && (s.longest >= signedWide || h >= 9 && s.height >= 6) && !s.lines(w, h)
}

// lines reports whether strokes in a box of that size are lines of handwriting: many that
// touch, or one line alone.
func (s scrawl) lines(width, height float64) bool {
	if s.strokes > 6 && s.most < 0.35*s.ink && s.height < 7 {
		return true
	}
	return width > 4.2*height && 2*s.widest < width || width > 6*height
}

func boundsOf(pieces []piece) (b image.Rectangle) {
	for _, p := range pieces {
		b = b.Union(p.box)
	}
	return b
}

// gathered parts pieces into those whose boxes come as near as twice dx and dy.
func gathered(all []piece, dx, dy int) [][]piece {
	boxes := make([]image.Rectangle, len(all))
	for i, p := range all {
		boxes[i] = p.box
	}
	groups := clustered(boxes, dx, dy)
	out := make([][]piece, len(groups))
	for _, p := range all {
		for i, g := range groups {
			if p.box.In(g) {
				out[i] = append(out[i], p)
				break
			}
		}
	}
	return out
}

// found is a region in cells.
type found struct {
	kind pipeline.RegionKind
	box  image.Rectangle
}

// inOne reports whether the middle of r lies in one of several boxes.
func inOne(r image.Rectangle, in []image.Rectangle) bool {
	for _, o := range in {
		if r.Min.Add(r.Max).Div(2).In(o) {
			return true
		}
	}
	return false
}

// clustered joins boxes that come as near as twice dx and dy, again and again.
func clustered(boxes []image.Rectangle, dx, dy int) []image.Rectangle {
	return merged(boxes, func(a, b image.Rectangle) bool {
		a.Min, a.Max = a.Min.Sub(image.Pt(2*dx, 2*dy)), a.Max.Add(image.Pt(2*dx, 2*dy))
		return a.Overlaps(b)
	})
}

// merged joins boxes that belong together, again and again.
func merged(boxes []image.Rectangle, together func(a, b image.Rectangle) bool) []image.Rectangle {
	out := slices.Clone(boxes)
	for again := true; again; {
		again = false
		for i := 0; i < len(out); i++ {
			for j := len(out) - 1; j > i; j-- {
				if together(out[i], out[j]) {
					out[i] = out[i].Union(out[j])
					out = slices.Delete(out, j, j+1)
					again = true
				}
			}
		}
	}
	return out
}

// ornament reports whether a piece is a stroke under words, or a ring around them or a
// part of one: ink that lies along a straight line or a single arc, or nowhere near the
// middle.
func (m *inkMap) ornament(p piece) bool {
	const thin, hollow, single = 0.7, 0.04, 2.6
	var n, sx, sy, sxx, syy, sxy float64
	inner := 0
	core := image.Rect(
		p.box.Min.X+p.box.Dx()/5, p.box.Min.Y+p.box.Dy()/4, p.box.Max.X-p.box.Dx()/5, p.box.Max.Y-p.box.Dy()/4,
	)
	for _, c := range p.cells {
		x, y := float64(c.X-p.box.Min.X)*m.mm[0], float64(c.Y-p.box.Min.Y)*m.mm[1]
		n, sx, sy, sxx, syy, sxy = n+1, sx+x, sy+y, sxx+x*x, syy+y*y, sxy+x*y
		if c.In(core) {
			inner++
		}
	}
	a, b, c := sxx/n-sx*sx/n/n, syy/n-sy*sy/n/n, sxy/n-sx*sy/n/n
	spread := math.Sqrt(max(0, (a+b)/2-math.Sqrt((a-b)*(a-b)/4+c*c))) // across the line that fits best
	long, span := max(m.across(p.box), m.down(p.box)), float64(max(p.box.Dx(), p.box.Dy()))
	return long > 4 && (spread < thin/2 || n < single*span || float64(inner) < hollow*n)
}

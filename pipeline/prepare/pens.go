package prepare

import (
	"image"
	"math"

	"hoso/pipeline"
	"hoso/pipeline/prepare/leptonica"
)

// Bounds of what pens draw, in millimetres.
const (
	signedWide  = 13 // a signature is at least as wide and high
	signedHigh  = 6.5
	signedTall  = 4.8 // and its strokes, in the mean of the ink, as high
	signedMost  = 100
	wordGap     = 2.5 // half of what parts words of handwriting
	lineGap     = 0.5 // half of what parts lines
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

// inLines joins the strokes of handwriting to words and lines. It is done on the upright
// page: words of a line stand farther apart than lines do.
func inLines(strokes []image.Rectangle, dpi float64) []image.Rectangle {
	mm := dpi / 25.4
	var out []image.Rectangle
	for _, b := range clustered(strokes, int(wordGap*mm), int(lineGap*mm)) {
		w, h := float64(b.Dx())/mm, float64(b.Dy())/mm
		if w >= writtenWide && h >= writtenHigh && w < 40*h {
			out = append(out, b)
		}
	}
	return out
}

// fringe reports whether the ink of a piece lies along black ink: the edges of print that
// a scanner has coloured.
func (m *inkMap) fringe(p piece) bool {
	n := 0
	for _, c := range p.cells {
		x, y, black := c.X, c.Y, byte(leptonica.BlackCell)
		if m.at(x-1, y, black) || m.at(x+1, y, black) || m.at(x, y-1, black) || m.at(x, y+1, black) {
			n++
		}
	}
	return 3*n > len(p.cells)
}

// signed reports whether pieces that lie together are a signature: higher strokes than
// those of handwriting.
func (m *inkMap) signed(g []piece) bool {
	b := boundsOf(g)
	if max(m.across(b), m.down(b)) < signedWide || max(m.across(b), m.down(b)) > signedMost || min(m.across(b), m.down(b)) < signedHigh {
		return false
	}
	tall, cells, largest, most, strokes := 0.0, 0.0, 0.0, 0.0, 0
	for _, p := range g {
		if !p.ornament {
			strokes++
			most = max(most, float64(len(p.cells)))
			largest = max(largest, math.Hypot(m.across(p.box), m.down(p.box)))
			tall += m.down(p.box) * float64(len(p.cells))
			cells += float64(len(p.cells))
		}
	}
	if strokes > 6 && most < 0.3*cells { // lines of handwriting that touch
		return false
	}
	return cells > 0 && tall/cells >= signedTall && (largest >= signedWide || m.down(b) >= 9 && tall/cells >= 6)
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
	out := append([]image.Rectangle{}, boxes...)
	grown := func(r image.Rectangle) image.Rectangle {
		return image.Rect(r.Min.X-dx, r.Min.Y-dy, r.Max.X+dx, r.Max.Y+dy)
	}
	for again := true; again; {
		again = false
		for i := 0; i < len(out); i++ {
			for j := len(out) - 1; j > i; j-- {
				if grown(out[i]).Overlaps(grown(out[j])) {
					out[i] = out[i].Union(out[j])
					out = append(out[:j], out[j+1:]...)
					again = true
				}
			}
		}
	}
	return out
}

// ornament reports whether a piece is a stroke under words, or a ring around them: ink
// that lies along a straight line, or nowhere near the middle.
func (m *inkMap) ornament(p piece) bool {
	const thin, hollow = 0.7, 0.04
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
	if spread < thin/2 && max(m.across(p.box), m.down(p.box)) > 4 {
		return true
	}
	return float64(inner) < hollow*n && m.across(p.box) > 6
}

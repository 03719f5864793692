package prepare

import (
	"image"
	"math"
	"slices"

	"hoso/pipeline/prepare/leptonica"
)

// keystone is the perspective of a page that was photographed askew: lines that are
// parallel on paper meet on the picture. At x, y pixels from its middle a line of text
// runs by (slope - across*y) / (1 - across*x) pixels down for each to the right, and an
// upright stroke leans by (slant - down*x) / (1 - down*y) to the right for each down.
type keystone struct {
	slope, across float64
	slant, down   float64
}

// By how much slope or slant must change from the middle of the print to its edge, and how
// much slope the levelling must have left where the desk around a page was taken for its
// lines. Less is left to the recognizer, which reads it without loss; flat pages measure
// 0.001, 0.005 and 0.005.
const (
	leastAcross = 0.01
	leastDown   = 0.04
	leastSlope  = 0.015
)

// keystoneOf measures the perspective on the picture by its lines of text; ok is false if
// there is too little to mention.
func keystoneOf(gray *image.Gray, ink []image.Rectangle, dpi int) (k keystone, ok bool) {
	const nearSlope, nearSlant = 0.015, 0.02
	lines := linesOf(lettersOf(ink, dpi), dpi)
	var area image.Rectangle
	for _, line := range lines {
		for _, r := range line {
			area = area.Union(r)
		}
	}
	middle := gray.Rect.Size().Div(2)
	runs := fitted(slopes(lines, dpi, middle), nearSlope)
	strokes := fitted(slants(gray, lines, dpi, middle), nearSlant)
	k = keystone{slope: runs.level, across: runs.rise, slant: strokes.level, down: strokes.rise}
	const fewest = 5
	return k, len(lines) >= fewest && math.Abs(k.slope) > leastSlope ||
		runs.beyond(2*leastAcross/float64(area.Dy())) || strokes.beyond(2*leastDown/float64(area.Dx()))
}

// projection gives where on the picture the points of an even sheet lie, both counted
// from their middles.
func (k keystone) projection() projection {
	return projection{1, k.slant, 0, k.slope, 1, 0, k.across, k.down, 1}
}

// measured is a value seen at a place, and how much it counts.
type measured struct{ at, value, weight float64 }

// fit is the straight line value = level + rise*at, and how uncertain its rise is: the
// standard error.
type fit struct{ level, rise, doubt float64 }

// beyond reports whether the rise is surely larger than least, whatever its direction.
func (f fit) beyond(least float64) bool {
	const surely = 4
	return math.Abs(f.rise) > least && math.Abs(f.rise) > surely*f.doubt
}

// fitted gives the line through what was measured. What is farther from it than near
// counts the less the farther it is. It is level where the places do not tell its rise.
func fitted(all []measured, near float64) fit {
	const rounds, fewest = 6, 3
	var f fit
	for range rounds {
		var n, sx, sy, sxx, sxy, off float64
		for _, m := range all {
			r := m.value - f.level - f.rise*m.at
			w := m.weight / (1 + r*r/(near*near))
			n, sx, sy, sxx, sxy, off = n+w, sx+w*m.at, sy+w*m.value, sxx+w*m.at*m.at, sxy+w*m.at*m.value, off+w*r*r
		}
		det := n*sxx - sx*sx
		if len(all) < fewest || det <= 1e-9*n*sxx {
			return fit{}
		}
		f.rise = (n*sxy - sx*sy) / det
		f.level = (sy - f.rise*sx) / n
		f.doubt = math.Sqrt(off * n / det / float64(len(all)-2))
	}
	return f
}

// slopes measures lines of text by what their letters stand on.
func slopes(lines [][]image.Rectangle, dpi int, middle image.Point) []measured {
	var out []measured
	for _, line := range lines {
		var feet []measured
		x := float64(line[0].Min.X+line[len(line)-1].Max.X) / 2
		for _, r := range line {
			feet = append(feet, measured{float64(r.Min.X+r.Max.X)/2 - x, float64(r.Max.Y), 1})
		}
		stand := fitted(feet, float64(dpi)/100)
		x, y := x-float64(middle.X), stand.level-float64(middle.Y)
		out = append(out, measured{stand.rise*x - y, stand.rise, float64(len(line))})
	}
	return out
}

// linesOf gives the letters that stand beside each other, an inch of them at least.
func linesOf(letters []image.Rectangle, dpi int) [][]image.Rectangle {
	const fewest = 10
	if len(letters) < fewest {
		return nil
	}
	return slices.DeleteFunc(chained(letters), func(line []image.Rectangle) bool {
		return len(line) < fewest || line[len(line)-1].Max.X-line[0].Min.X < dpi
	})
}

// chained gives the letters in lines: each is followed by the one beside it.
func chained(letters []image.Rectangle) [][]image.Rectangle {
	size := medianHeight(letters)
	near := newNeighbours(letters, 2*size)
	next, follows := map[image.Rectangle]image.Rectangle{}, map[image.Rectangle]bool{}
	for _, a := range letters {
		best := 2 * size
		var found image.Rectangle
		near.around(middleOf(a), func(b image.Rectangle) {
			gap, beside, ok := apart(a, b)
			if ok && beside && gap < best && b.Min.X >= a.Max.X && !follows[b] {
				best, found = gap, b
			}
		})
		if !found.Empty() {
			next[a], follows[found] = found, true
		}
	}
	var out [][]image.Rectangle
	for _, a := range letters {
		if follows[a] {
			continue
		}
		line := []image.Rectangle{a}
		for b, ok := next[a]; ok; b, ok = next[b] {
			line = append(line, b)
		}
		out = append(out, line)
	}
	return out
}

// slants measures by how much the strokes of letters lean, a dozen letters of a line at a
// time: italics are among them, and they must not be mixed with the rest.
func slants(gray *image.Gray, lines [][]image.Rectangle, dpi int, middle image.Point) []measured {
	const together = 12
	var out []measured
	for _, line := range lines {
		for part := range slices.Chunk(line, (len(line)-1)/max(1, len(line)/together)+1) {
			s := newShift(dpi)
			for _, letter := range part {
				s.add(gray, letter)
			}
			if slant, ok := s.best(); ok {
				at := middleOf(part[len(part)/2]).Sub(middle)
				out = append(out, measured{slant*float64(at.Y) - float64(at.X), slant, float64(len(part))})
			}
		}
	}
	return out
}

// shift finds by how much letters must be shifted for their ink to lie best upon the ink
// some rows below it: they have more upright strokes than strokes of any other direction.
type shift struct {
	below, aside int       // rows; pixels to either side
	sums         []float64 // for each shift from -aside to aside, ink upon ink
}

func newShift(dpi int) shift {
	const steepest = 0.45   // the slant of italics is 0.2
	below := max(4, dpi/25) // less than half the height of letters
	aside := int(steepest*float64(below)) + 1
	return shift{below: below, aside: aside, sums: make([]float64, 2*aside+1)}
}

// add lays a letter upon itself.
func (s *shift) add(gray *image.Gray, letter image.Rectangle) {
	const every, dark = 2, 64
	left, right := max(letter.Min.X, s.aside), min(letter.Max.X, gray.Rect.Max.X-s.aside)
	for y := letter.Min.Y; y < letter.Max.Y-s.below; y += every {
		here, under := gray.Pix[gray.PixOffset(0, y):], gray.Pix[gray.PixOffset(0, y+s.below):]
		for x := left; x < right; x++ {
			ink := 255 - int(here[x])
			if ink < dark {
				continue
			}
			for i, v := range under[x-s.aside:][:len(s.sums)] {
				s.sums[i] += float64(ink * (255 - int(v)))
			}
		}
	}
}

// best gives the slant, by a parabola through the best shift and those beside it.
func (s *shift) best() (slant float64, ok bool) {
	best := 1
	for i := 1; i < len(s.sums)-1; i++ {
		if s.sums[i] > s.sums[best] {
			best = i
		}
	}
	l, m, r := s.sums[best-1], s.sums[best], s.sums[best+1]
	if m <= l || m < r {
		return 0, false
	}
	return (float64(best-s.aside) + (r-l)/(2*(2*m-l-r))) / float64(s.below), true
}

// flatten lays the page as it would be seen from straight above, if it was seen from far
// aside.
func (p *Prepared) flatten(page *leptonica.Pix) error {
	const rounds = 3 // the flatter, the better it is measured
	for range rounds {
		k, ok := keystoneOf(p.Gray, p.Ink, p.DPI)
		if !ok {
			return nil
		}
		place, ok := p.place.flattened(k)
		if !ok {
			return nil
		}
		p.place, p.Skew = place, place.skew()
		if err := p.lay(page, nil); err != nil {
			return err
		}
	}
	return nil
}

// flattened gives the placement that takes a keystone seen on the sheet out of it. It is
// not ok if the picture became far larger than the page: no such page can be read.
func (p placement) flattened(k keystone) (flat placement, ok bool) {
	const largest = 3 // times as many pixels
	cx, cy := float64(p.sheet.X)/2, float64(p.sheet.Y)/2
	onSheet := p.onSheet.then(moved(-cx, -cy)).then(k.projection().back())
	var xs, ys []float64
	for _, c := range [4][2]int{{0, 0}, {p.page.X, 0}, {0, p.page.Y}, {p.page.X, p.page.Y}} {
		if onSheet.depth(float64(c[0]), float64(c[1])) <= 0 {
			return p, false
		}
		x, y := onSheet.at(float64(c[0]), float64(c[1]))
		xs, ys = append(xs, x), append(ys, y)
	}
	left, top := slices.Min(xs), slices.Min(ys)
	width, height := math.Ceil(slices.Max(xs)-left), math.Ceil(slices.Max(ys)-top)
	if small := width*height <= largest*float64(p.page.X)*float64(p.page.Y); !small { // or not a number
		return p, false
	}
	onSheet = onSheet.then(moved(-left, -top))
	return placement{
		page: p.page, sheet: image.Pt(int(width), int(height)),
		onSheet: onSheet, toPage: onSheet.back(),
	}, true
}

// skew gives the slope in degrees by which the lines run in the middle of the page.
func (p placement) skew() float64 {
	x, y := p.onSheet.at(float64(p.page.X)/2, float64(p.page.Y)/2)
	x0, y0 := p.toPage.at(x-1, y)
	x1, y1 := p.toPage.at(x+1, y)
	return math.Atan2(y1-y0, x1-x0) * 180 / math.Pi
}

package compose

import (
	"math"
	"slices"

	"hoso/pipeline"
)

// Proportions of the glyphless font: every code is half an em wide, the baseline
// lies a fifth of the line's height above its bottom.
const (
	glyphWidth = 0.5
	descent    = 0.2
	// maxString bounds the codes in one string operand (ISO 19005-2, 6.1.13: 32,767
	// bytes).
	maxString = 8000
)

// rect is a word in the frame of its line: a runs along the baseline, b upwards,
// both in points.
type rect struct{ a0, b0, a1, b1 float64 }

func (r rect) width() float64  { return r.a1 - r.a0 }
func (r rect) height() float64 { return r.b1 - r.b0 }

// run is a word ready to be written.
type run struct {
	codes []uint16
	rect  rect
	size  float64 // of the font, in points
	base  float64 // of the baseline, along b
	space float64 // width of the space after it; 0 for the last of a line
}

// appendText appends the invisible text of a page, or nothing for a page without
// words. Every line is one text object; a space is really there between two words,
// stretched over the gap, since readers that join by position alone do not agree
// on what a gap is.
func appendText(b []byte, lines []pipeline.Line, g geometry, codes *codeSet) []byte {
	under := rect{b0: g.height, b1: g.height + nominal(g)} // the line before the first
	laid := make([][]run, 0, len(lines))
	for _, line := range lines {
		if runs := layLine(line, g, codes, under); len(runs) > 0 {
			bottom := runs[0].base - descent*runs[0].size
			under = rect{b0: bottom, b1: bottom + runs[0].size}
			laid = append(laid, runs)
		}
	}
	slope := slopeFor(laid, g)
	for _, runs := range laid {
		b = append(b, "BT\n3 Tr\n"...)
		size := 0.0
		for _, r := range runs {
			if r.size != size {
				size = r.size
				b = append(appendNumber(append(b, "/F "...), size), " Tf\n"...)
			}
			b = appendRun(b, r, g, slope)
		}
		b = append(b, "ET\n"...)
	}
	return b
}

// nominal is the height of a line that nothing is known of: 12 points, or less on a
// small page.
func nominal(g geometry) float64 { return min(12, g.height/4) }

// layLine places the words of a line. A word without a place goes after the word
// before it; a line without any goes below under.
func layLine(line pipeline.Line, g geometry, codes *codeSet, under rect) []run {
	runs := make([]run, 0, len(line.Words))
	var placed []rect
	for _, w := range line.Words {
		text := codes.encode(nil, w.Text)
		if len(text) == 0 {
			continue
		}
		r := run{codes: text}
		if !w.Box.IsZero() {
			r.rect = g.frame(w.Box)
			placed = append(placed, r.rect)
		}
		runs = append(runs, r)
	}
	bottom, height := baseOf(placed, g, under)
	for i := range runs {
		r := &runs[i]
		if r.rect == (rect{}) {
			r.rect = g.after(runs[:i], len(r.codes), bottom, height)
		}
		r.size, r.base = height, bottom
		if apart(r.rect, bottom, height) {
			r.size, r.base = r.rect.height(), r.rect.b0
		}
		r.size = max(round(r.size), 0.01)
		r.base += descent * r.size
	}
	for i := range len(runs) - 1 {
		part(&runs[i], &runs[i+1])
		codes.code(' ')
	}
	return runs
}

// Gaps between words, in heights of the line. Recognizers box neighbours that touch
// or overlap, and readers then see one word.
const (
	leastGap = 0.2
	// Poppler takes a line of single letters for spaced-out print and joins them
	// unless nearly half an em lies between.
	letterGap = 0.45
)

// part puts the space between two words. Where it is too narrow, the first gives
// way, then the second.
func part(r, next *run) {
	least := leastGap * r.size
	if len(r.codes) == 1 && len(next.codes) == 1 {
		least = letterGap * r.size
	}
	if next.rect.a0-r.rect.a1 < least && next.rect.a1 > r.rect.a0 {
		r.rect.a1 = max(next.rect.a0-least, r.rect.a0+0.4*r.rect.width())
		next.rect.a0 = max(next.rect.a0, r.rect.a1+least)
		next.rect.a1 = max(next.rect.a1, next.rect.a0+0.1*next.size)
	}
	r.space = max(next.rect.a0-r.rect.a1, 0.1*r.size)
}

// baseOf gives the bottom and the height of a line: the medians over its words, so
// that one comma or one tall stroke does not tip it.
func baseOf(placed []rect, g geometry, under rect) (bottom, height float64) {
	if len(placed) == 0 {
		height = min(under.height(), nominal(g))
		return max(under.b0-height, 0), height
	}
	bottoms, heights := make([]float64, len(placed)), make([]float64, len(placed))
	for i, r := range placed {
		bottoms[i], heights[i] = r.b0, r.height()
	}
	slices.Sort(bottoms)
	slices.Sort(heights)
	return bottoms[len(bottoms)/2], heights[len(heights)/2]
}

// apart says whether a word is too far off its line's base to be moved onto it. Words
// that stay where they are start a line of their own for most readers.
func apart(r rect, bottom, height float64) bool {
	return math.Abs(r.b0-bottom) > 1.5*height || r.height() > 4*height
}

// after is the place of a word that has none: beside the words before it, on the
// page as far as there is room.
func (g *geometry) after(before []run, n int, bottom, height float64) rect {
	start := 0.0
	if len(before) > 0 {
		start = before[len(before)-1].rect.a1 + height/4
	}
	width := float64(n) * glyphWidth * height
	start = max(min(start, g.width-width), 0)
	return rect{start, bottom, min(start+width, g.width), bottom + height}
}

// frame takes a box, keeps it on the page, and turns it into the frame of a line
// that runs with the page's skew. A box lies level around its slanting word; the
// word's own sides follow from two equations, and its middle stays.
func (g *geometry) frame(box pipeline.Box) rect {
	x0, x1 := span(float64(box.X0), float64(box.X1), g.pixelsX)
	y0, y1 := span(float64(box.Y0), float64(box.Y1), g.pixelsY)
	w, h := (x1-x0)*g.scaleX, (y1-y0)*g.scaleY
	x, y := (x0+x1)/2*g.scaleX, g.height-(y0+y1)/2*g.scaleY
	if g.sin != 0 {
		s := math.Abs(g.sin)
		d := g.cos*g.cos - s*s
		w, h = max((w*g.cos-h*s)/d, 0.3*w), max((h*g.cos-w*s)/d, 0.3*h)
	}
	a, b := x*g.cos-y*g.sin, x*g.sin+y*g.cos
	return rect{a - w/2, b - h/2, a + w/2, b + h/2}
}

// span brings an interval onto the page and makes it at least a pixel long.
func span(low, high, limit float64) (from, to float64) {
	if high < low {
		low, high = high, low
	}
	low, high = min(max(low, 0), limit), min(max(high, 0), limit)
	if high-low < 1 {
		low = max(min(low, limit-1), 0)
		high = min(low+1, limit)
	}
	return low, high
}

// maxDrift is how far a line may sink or rise on its way, in heights of the line.
// Poppler takes what drifts further for another line and tears it apart.
const maxDrift = 0.4

// slopeFor gives the slope at which the lines of a page are written: that of the
// skew, as far as the longest line does not drift too much. On a page scanned more
// than some tenths of a degree askew, words near the edges then lie a fraction of
// a line off their ink, which nobody sees, and text comes out whole, which everybody
// needs.
func slopeFor(laid [][]run, g geometry) float64 {
	limit := math.Inf(1)
	for _, runs := range laid {
		width := runs[len(runs)-1].rect.a1 - runs[0].rect.a0
		limit = min(limit, maxDrift*runs[0].size/max(width, 1))
	}
	slope := g.sin / g.cos
	return min(max(slope, -limit), limit)
}

func appendRun(b []byte, r run, g geometry, slope float64) []byte {
	x := r.rect.a0*g.cos + r.base*g.sin
	y := -r.rect.a0*g.sin + r.base*g.cos
	y += (x - g.width/2) * (g.sin/g.cos - slope)
	y = max(min(y, g.height-(1-descent)*r.size), 0)
	cos := 1 / math.Hypot(1, slope)
	sin := slope * cos
	for _, v := range [4]float64{cos, -sin, sin, cos} {
		b = append(appendFine(b, v), ' ')
	}
	b = append(appendNumber(b, x), ' ')
	b = append(appendNumber(b, y), " Tm\n"...)
	b = appendStretch(b, r.rect.width()/(float64(len(r.codes))*glyphWidth*r.size))
	for codes := range slices.Chunk(r.codes, maxString) {
		b = appendShow(b, codes)
	}
	if r.space > 0 {
		b = appendStretch(b, r.space/(glyphWidth*r.size))
		b = appendShow(b, []uint16{' '})
	}
	return b
}

// appendStretch appends the horizontal scaling, in percent.
func appendStretch(b []byte, factor float64) []byte {
	return append(appendNumber(b, max(100*factor, 0.001)), " Tz\n"...)
}

func appendShow(b []byte, codes []uint16) []byte {
	const digits = "0123456789ABCDEF"
	b = append(b, '<')
	for _, c := range codes {
		b = append(b, digits[c>>12], digits[c>>8&15], digits[c>>4&15], digits[c&15])
	}
	return append(b, "> Tj\n"...)
}

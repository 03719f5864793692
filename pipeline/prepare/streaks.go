package prepare

import "image"

// Measures by which a streak is told, see Streaks.
const (
	streakBands = 60 // that a page is cut into along a line
	streakGaps  = 4  // bands in which it may not show, but never the first and the last
	streakLeast = 6  // levels of 256 by which a line is darker than what lies on both its sides
	streakBold  = 24 // likewise, from which it may be broad
	streakMost  = 12 // lines; more are ruled paper
	streakEvery = 8  // of so many pixels along the line one is looked at

	// Parts of an inch.
	streakReach  = 20 // from the middle of a line to where it has ended
	streakThin   = 50 // the width of a line that is not bold
	streakMargin = 8  // of the page, where a line may be the edge of the sheet
)

// Streaks counts the thin lines that run through the whole page from one edge of the
// picture to the other, exactly along the scanner's axes: what dirt on the glass of a
// feeding scanner leaves. What is printed, frames and tables, ends before the edge; folds
// are broad and faint; ruled paper has more lines. Red lines do not show, nor do lines
// lighter than the paper.
func (p *Prepared) Streaks() int {
	g, reach := p.plain, max(2, p.DPI/streakReach)
	w, h := g.Rect.Dx(), g.Rect.Dy()
	if min(w, h) < max(4*reach, 2*streakEvery*streakBands) {
		return 0
	}
	columns, rows := make([]bands, w), make([]bands, h)
	sums := make([]int32, w)
	for band := range streakBands {
		clear(sums)
		for y := band * h / streakBands; y < (band+1)*h/streakBands; y++ {
			if y >= reach && y < h-reach {
				rows[y].along(g, y, reach)
			}
			if y%streakEvery == 0 {
				across(sums, g.Pix[y*g.Stride:][:w], reach)
			}
		}
		for x, sum := range sums {
			columns[x][band] = sum
		}
	}
	return streaksOf(columns, h/streakEvery/streakBands, p.DPI) + streaksOf(rows, w/streakEvery/streakBands, p.DPI)
}

// across adds to the sum of each column what a row says of it.
func across(sums []int32, row []byte, reach int) {
	before, at, after := row[:len(row)-2*reach], row[reach:len(row)-reach], row[2*reach:]
	sums = sums[reach:][:len(at)]
	for i := range at {
		sums[i] += darker(at[i], before[i], after[i])
	}
}

// bands tells by how much a line of pixels is darker than those beside it, in each part of
// its length.
type bands [streakBands]int32

// along adds up a row.
func (b *bands) along(g *image.Gray, y, reach int) {
	w := g.Rect.Dx()
	row, above, below := g.Pix[y*g.Stride:][:w], g.Pix[(y-reach)*g.Stride:][:w], g.Pix[(y+reach)*g.Stride:][:w]
	for band := range b {
		sum := int32(0)
		for x := band * w / streakBands; x < (band+1)*w/streakBands; x += streakEvery {
			sum += darker(row[x], above[x], below[x])
		}
		b[band] = sum
	}
}

// darker tells by how much a pixel is darker than both others, within bounds: print beside
// a line weighs little against it.
func darker(at, before, after byte) int32 {
	return min(max(int32(min(before, after))-int32(at), -8), 40)
}

// through reports whether a line runs from edge to edge.
func (b *bands) through(least int32) bool {
	gaps := 0
	for _, sum := range b {
		if sum < least {
			gaps++
		}
	}
	return gaps <= streakGaps && b[0] >= least && b[streakBands-1] >= least
}

func (b *bands) total() (all int) {
	for _, sum := range b {
		all += int(sum)
	}
	return all
}

// streaksOf counts the streaks among the lines of one direction, of which so many pixels
// were looked at in each band.
func streaksOf(lines []bands, pixels, dpi int) (n int) {
	margin := dpi / streakMargin
	for i := margin; i < len(lines)-margin; i++ {
		if !lines[i].through(int32(pixels * streakLeast)) { //nolint:gosec // no page is so large
			continue
		}
		peak, width := peakAt(lines, i)
		if lines[peak].total() >= streakBold*pixels*streakBands || width <= max(2, dpi/streakThin) {
			n++
		}
		i = peak + max(width, dpi/streakThin) // past this line
	}
	if n > streakMost {
		return 0
	}
	return n
}

// peakAt climbs from a line to the darkest one beside it, and gives how many lines around
// that one are at least half as dark.
func peakAt(lines []bands, i int) (peak, width int) {
	for peak = i; peak+1 < len(lines) && lines[peak+1].total() > lines[peak].total(); {
		peak++
	}
	half, from, to := lines[peak].total()/2, peak, peak
	for from > 0 && lines[from-1].total() > half {
		from--
	}
	for to+1 < len(lines) && lines[to+1].total() > half {
		to++
	}
	return peak, to - from + 1
}

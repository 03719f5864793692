package prepare

import (
	"image"
	"slices"
)

// Measures by which a streak is told, see Streaks.
const (
	streakBands = 60 // that a page is cut into along a line
	streakGaps  = 4  // bands in which it may not show, but never the first and the last
	streakLeast = 6  // levels of 256 by which a line is darker than what lies on both its sides
	streakBold  = 24 // likewise, from which it may be broad
	streakEvery = 8  // of so many pixels along the line one is looked at

	// Parts of an inch.
	streakReach  = 20 // from the middle of a line to where it has ended
	streakThin   = 50 // the width of a line that is not bold
	streakMargin = 4  // of the page, where a line may be the edge of the sheet

	// By which rules are told from streaks.
	ruledLeast = 8  // lines; fewer may lie evenly by chance
	ruledShare = 75 // of a hundred gaps are whole pitches
	ruledOff   = 10 // hundredths of a pitch by which a gap may be none
	tableLeast = 3  // lines that cross others
)

// Streaks counts the thin lines that run through the whole page from one edge of the
// picture to the other, exactly along the scanner's axes: what dirt on the glass of a
// feeding scanner leaves.
func (p *Prepared) Streaks() int { return p.streaks }

// streak is the columns of a picture, or its rows, that dirt has hidden.
type streak struct{ from, to int }

// streaksOn finds the streaks down a picture and across it. What is printed, frames and
// tables, ends before the edge; folds are broad and faint. Where rules do run to the edge
// they lie evenly, as on ruled paper, or cross others, as in a ledger larger than the glass;
// dirt does neither, however much of it there is. Red lines do not show, nor do lines
// lighter than the paper.
func streaksOn(g *image.Gray, dpi int) (down, over []streak) {
	down, over = linesDown(g, dpi), linesOver(g, dpi)
	if min(len(down), len(over)) >= tableLeast || ruled(down) || ruled(over) {
		return nil, nil
	}
	return down, over
}

// ruled reports whether lines lie evenly, though some may be missing.
func ruled(at []streak) bool {
	if len(at) < ruledLeast {
		return false
	}
	gaps := make([]int, len(at)-1)
	for i := range gaps {
		gaps[i] = at[i+1].from - at[i].from
	}
	pitch, even := max(1, slices.Sorted(slices.Values(gaps))[len(gaps)/2]), 0 // lines that run together have none
	for _, gap := range gaps {
		off := gap % pitch
		if 100*min(off, pitch-off) <= ruledOff*pitch {
			even++
		}
	}
	return 100*even >= ruledShare*len(gaps)
}

// linesDown gives what runs down a page from edge to edge.
func linesDown(g *image.Gray, dpi int) []streak {
	reach := max(2, dpi/streakReach)
	w, h := g.Rect.Dx(), g.Rect.Dy()
	if w < 4*reach || h < 2*streakEvery*streakBands {
		return nil
	}
	columns, sums := make([]bands, w), make([]int32, w)
	for band := range streakBands {
		clear(sums)
		for y := band * h / streakBands; y < (band+1)*h/streakBands; y++ {
			if y%streakEvery == 0 {
				across(sums, g.Pix[y*g.Stride:][:w], reach)
			}
		}
		for x, sum := range sums {
			columns[x][band] = sum
		}
	}
	return throughOf(columns, h/streakEvery/streakBands, dpi)
}

// linesOver gives what runs across a page from edge to edge.
func linesOver(g *image.Gray, dpi int) []streak {
	reach := max(2, dpi/streakReach)
	w, h := g.Rect.Dx(), g.Rect.Dy()
	if h < 4*reach || w < 2*streakEvery*streakBands {
		return nil
	}
	rows := make([]bands, h)
	for y := reach; y < h-reach; y++ {
		rows[y].along(g, y, reach)
	}
	return throughOf(rows, w/streakEvery/streakBands, dpi)
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

// throughOf gives the lines of one direction that run from edge to edge, of which so many
// pixels were looked at in each band.
func throughOf(all []bands, pixels, dpi int) (found []streak) {
	margin := dpi / streakMargin
	for i := margin; i < len(all)-margin; i++ {
		if !all[i].through(int32(pixels * streakLeast)) { //nolint:gosec // no page is so large
			continue
		}
		peak, s := peakAt(all, i)
		width := s.to - s.from
		if all[peak].total() >= streakBold*pixels*streakBands || width <= max(2, dpi/streakThin) {
			found = append(found, s)
		}
		i = peak + max(width, dpi/streakThin) // past this line
	}
	return found
}

// peakAt climbs from a line to the darkest one beside it, and gives the lines around that
// one that are at least half as dark.
func peakAt(lines []bands, i int) (peak int, s streak) {
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
	return peak, streak{from, to + 1}
}

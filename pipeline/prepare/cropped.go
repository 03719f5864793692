package prepare

import (
	"image"
	"math"
)

// Measures by which it is told that print is cut off, see Cropped.
const (
	croppedRows    = 3  // at the left or the right edge
	croppedLetters = 5  // at the upper or the lower edge
	croppedFewest  = 40 // letters that a page of text has
)

// side is an edge of the page.
type side int

const (
	left side = iota
	right
	upper
	lower
	sides
)

// Cropped reports whether letters stand on an edge of the picture, as if the scanner's
// window had been too small for the sheet or the sheet had lain beside it.
func (p *Prepared) Cropped() bool {
	at := p.edges()
	return at[left] >= croppedRows || at[right] >= croppedRows || at[upper] >= croppedLetters || at[lower] >= croppedLetters
}

// edges counts what is cut through at each edge: rows on the left and on the right,
// letters at the upper and the lower edge.
func (p *Prepared) edges() (n [sides]int) {
	letters := lettersOf(p.Ink, p.DPI)
	if len(letters) < croppedFewest {
		return n
	}
	size := medianHeight(letters)
	var cut [sides][]image.Rectangle
	for _, r := range p.Ink {
		for s := range sides {
			if p.touches(r, s) && cutLetter(r, s, size) {
				cut[s] = append(cut[s], r)
			}
		}
	}
	for _, s := range [2]side{left, right} {
		if len(cut[s]) >= croppedRows {
			n[s] = rowsCut(cut[s], newNeighbours(letters, 3*size), size)
		}
	}
	for _, s := range [2]side{upper, lower} {
		if len(cut[s]) >= croppedLetters {
			n[s] = lettersCut(cut[s], size)
		}
	}
	return n
}

// touches reports whether a piece of ink comes up to an edge of the page.
func (p *Prepared) touches(r image.Rectangle, s side) bool {
	const slack = 2
	x, y := float64(r.Min.X+r.Max.X)/2, float64(r.Min.Y+r.Max.Y)/2
	switch s {
	case left:
		x = float64(r.Min.X)
	case right:
		x = float64(r.Max.X)
	case upper:
		y = float64(r.Min.Y)
	case lower, sides:
		y = float64(r.Max.Y)
	}
	x, y = p.place.toPage.at(x, y)
	reach := slack + math.Abs(math.Sin(p.Skew*math.Pi/180))*float64(max(r.Dx(), r.Dy()))/2
	switch s {
	case left:
		return x <= reach
	case right:
		return x >= float64(p.place.page.X)-reach
	case upper:
		return y <= reach
	case lower, sides:
	}
	return y >= float64(p.place.page.Y)-reach
}

// cutLetter reports whether a piece at an edge has the size of a letter, or of several
// that touch, of which a part may be missing.
func cutLetter(r image.Rectangle, s side, size int) bool {
	if s == left || s == right {
		return 2*r.Dy() >= size && 5*r.Dy() <= 11*size && r.Dx() >= 2 && 2*r.Dx() <= 5*size
	}
	return 5*r.Dx() >= size && 2*r.Dx() <= 5*size && 4*r.Dy() >= size && 5*r.Dy() <= 9*size
}

// rowsCut counts the rows whose first or last letter is cut: the next one stands close
// beside it, at its height.
func rowsCut(cut []image.Rectangle, near *neighbours, size int) int {
	var rows []image.Rectangle
	for _, r := range cut {
		beside := false
		near.around(middleOf(r), func(l image.Rectangle) {
			over := min(l.Max.Y, r.Max.Y) - max(l.Min.Y, r.Min.Y)
			gap := max(l.Min.X-r.Max.X, r.Min.X-l.Max.X)
			beside = beside || l != r && 2*over >= min(l.Dy(), r.Dy()) && gap > -2 && 4*gap <= 5*size
		})
		apart := true
		for _, o := range rows {
			apart = apart && (o.Min.Y >= r.Max.Y || r.Min.Y >= o.Max.Y)
		}
		if beside && apart {
			rows = append(rows, r)
		}
	}
	return len(rows)
}

// lettersCut counts the letters that stand beside another one that is cut.
func lettersCut(cut []image.Rectangle, size int) int {
	n := 0
	for _, r := range cut {
		for _, o := range cut {
			if gap := max(o.Min.X-r.Max.X, r.Min.X-o.Max.X); o != r && gap > -2 && gap <= size {
				n++
				break
			}
		}
	}
	return n
}

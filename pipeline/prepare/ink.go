package prepare

import (
	"image"
	"slices"

	"hoso/pipeline/prepare/leptonica"
)

// binary parts ink from paper, for measuring only: recognizing from two levels
// loses tone marks. The bounds keep a page without ink from being parted into
// light and lighter paper.
func binary(page *leptonica.Pix) (*leptonica.Pix, error) {
	const darkest, lightest = 110, 190
	level, err := page.Otsu()
	if err != nil {
		return nil, err
	}
	return page.Below(min(max(level, darkest), lightest))
}

// inkOf gives the boxes around the connected pieces of ink.
func inkOf(img *image.Gray) ([]image.Rectangle, error) {
	page, err := leptonica.FromGray(img)
	if err != nil {
		return nil, err
	}
	defer page.Free()
	ink, err := binary(page)
	if err != nil {
		return nil, err
	}
	defer ink.Free()
	return ink.Components()
}

func orientation(img *image.Gray) (quarters int, ok bool, err error) {
	page, err := leptonica.FromGray(img)
	if err != nil {
		return 0, false, err
	}
	defer page.Free()
	ink, err := binary(page)
	if err != nil {
		return 0, false, err
	}
	defer ink.Free()
	quarters, ok = ink.Orientation()
	return quarters, ok, nil
}

// blank reports whether the ink on a page can be no text: fewer than five pieces
// the size of a letter, and nothing large but what touches the border (shadows of
// the lid, edges of the sheet).
func blank(boxes []image.Rectangle, page image.Rectangle, dpi int) bool {
	const letters, figures = 5, 2
	small, large := dpi/32, dpi*2/3 // about 5 pt and 48 pt
	inner := page.Inset(dpi / 12)
	found, figure := 0, 0
	for _, b := range boxes {
		switch {
		case !b.In(inner):
		case b.Dy() >= small && b.Dy() <= large && b.Dx() >= small/3 && b.Dx() <= 2*large:
			found++
		case b.Dy() > large && b.Dx() > large:
			figure++
		}
	}
	return found < letters && figure < figures
}

// withoutLeaders gives img without rows of dots, as forms have them to be written
// on; img itself is not changed. A recognizer takes them for letters.
func withoutLeaders(img *image.Gray, boxes []image.Rectangle, dpi int) *image.Gray {
	rows := leaders(boxes, dpi)
	if len(rows) == 0 {
		return img
	}
	out := *img
	out.Pix = slices.Clone(img.Pix)
	for _, dot := range rows {
		dot = dot.Inset(-1).Intersect(out.Rect)
		for y := dot.Min.Y; y < dot.Max.Y; y++ {
			row := out.Pix[out.PixOffset(dot.Min.X, y) : out.PixOffset(dot.Max.X-1, y)+1]
			for i := range row {
				row[i] = 255
			}
		}
	}
	return &out
}

// leaders picks the dots that stand in a row: five or more of one size on one
// height, evenly spaced.
func leaders(boxes []image.Rectangle, dpi int) []image.Rectangle {
	const least = 5
	size := max(3, dpi*8/200)
	var dots []image.Rectangle
	for _, b := range boxes {
		if b.Dx() <= size && b.Dy() <= size {
			dots = append(dots, b)
		}
	}
	slices.SortFunc(dots, func(a, b image.Rectangle) int {
		if a.Min.X != b.Min.X {
			return a.Min.X - b.Min.X
		}
		return a.Min.Y - b.Min.Y
	})
	var out []image.Rectangle
	for _, row := range rowsOf(dots, dpi) {
		if len(row) >= least {
			out = append(out, row...)
		}
	}
	return out
}

// rowsOf joins dots, sorted from left to right, into rows: each dot continues the
// row that ended just before it on its height.
func rowsOf(dots []image.Rectangle, dpi int) [][]image.Rectangle {
	reach, drift := dpi*20/200, max(1, dpi*2/200)
	var rows [][]image.Rectangle
	open := map[int][]int{} // rows by the height of their last dot
	for _, d := range dots {
		height := d.Max.Y
		best, at := -1, 0
		for y := height - drift; y <= height+drift; y++ {
			for _, i := range open[y] {
				last := rows[i][len(rows[i])-1]
				gap := d.Min.X - last.Min.X
				if gap > 1 && gap <= reach && steady(rows[i], gap, drift) && (best < 0 || gap < at) {
					best, at = i, gap
				}
			}
		}
		if best < 0 {
			rows = append(rows, nil)
			best = len(rows) - 1
		} else {
			y := rows[best][len(rows[best])-1].Max.Y
			open[y] = slices.DeleteFunc(open[y], func(i int) bool { return i == best })
		}
		rows[best] = append(rows[best], d)
		open[height] = prune(append(open[height], best), rows, d.Min.X-reach)
	}
	return rows
}

// prune drops the rows that ended left of x: nothing can continue them.
func prune(open []int, rows [][]image.Rectangle, x int) []int {
	return slices.DeleteFunc(open, func(i int) bool { return rows[i][len(rows[i])-1].Min.X < x })
}

// steady reports whether a next gap fits the row's spacing.
func steady(row []image.Rectangle, gap, drift int) bool {
	n := len(row)
	if n < 2 {
		return true
	}
	before := row[n-1].Min.X - row[n-2].Min.X
	return gap-before <= drift+1 && before-gap <= drift+1
}

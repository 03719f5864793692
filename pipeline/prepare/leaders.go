package prepare

import (
	"image"
	"maps"
	"math"
	"slices"
)

// withoutLeaders paints dots white, with the blur around them. The image given is
// changed.
func withoutLeaders(img *image.Gray, dots []image.Rectangle) {
	for _, dot := range dots {
		whiten(img, dot.Inset(-1))
	}
}

// leaders picks the dots that stand in a row: five or more of one size on one
// height, evenly spaced, and those in line and in step with them where writing
// interrupts the row. Dots of another size in the row are dots of letters: the marks
// below ạ, ị, ọ.
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
	dots = withoutColons(dots, dpi)
	out := map[image.Rectangle]bool{}
	for _, row := range rowsOf(dots, dpi) {
		if len(row) >= least {
			gauge(row, dpi).collect(dots, out)
		}
	}
	return slices.Collect(maps.Keys(out))
}

// withoutColons leaves out the dots, sorted from left to right, that stand one above
// the other: the colon before a row often is in step with it.
func withoutColons(dots []image.Rectangle, dpi int) []image.Rectangle {
	beside, above := max(1, dpi*2/200), dpi/8
	paired := make([]bool, len(dots))
	for i, d := range dots {
		for j := i + 1; j < len(dots) && dots[j].Min.X-d.Min.X <= beside; j++ {
			if dy := dots[j].Min.Y - d.Min.Y; dy > d.Dy() && dy <= above || -dy > d.Dy() && -dy <= above {
				paired[i], paired[j] = true, true
			}
		}
	}
	var out []image.Rectangle
	for i, d := range dots {
		if !paired[i] {
			out = append(out, d)
		}
	}
	return out
}

// measure is what the dots of one row have in common.
type measure struct {
	row   []image.Rectangle
	size  image.Point // of most dots
	pitch float64     // from dot to dot
	drift int         // how far a dot may be off
}

func gauge(row []image.Rectangle, dpi int) measure {
	var widths, heights []int
	for _, d := range row {
		widths, heights = append(widths, d.Dx()), append(heights, d.Dy())
	}
	slices.Sort(widths)
	slices.Sort(heights)
	return measure{
		row:   row,
		size:  image.Pt(widths[len(row)/2], heights[len(row)/2]),
		pitch: float64(row[len(row)-1].Min.X-row[0].Min.X) / float64(len(row)-1),
		drift: max(1, dpi*2/200),
	}
}

// collect adds to out the dots, sorted from left to right, that are in line and in
// step with the row, on both its sides, as long as no gap is wider than reach.
func (m measure) collect(dots []image.Rectangle, out map[image.Rectangle]bool) {
	for _, d := range m.row {
		if m.fits(d) {
			out[d] = true
		}
	}
	first, last := m.row[0], m.row[len(m.row)-1]
	at, _ := slices.BinarySearchFunc(dots, last, func(a, b image.Rectangle) int { return a.Min.X - b.Min.X })
	for _, d := range dots[at:] {
		if float64(d.Min.X-last.Min.X) > reach*m.pitch {
			break
		}
		if m.fits(d) && m.inStep(d, last) {
			out[d], last = true, d
		}
	}
	at, _ = slices.BinarySearchFunc(dots, first, func(a, b image.Rectangle) int { return a.Min.X - b.Min.X })
	for _, d := range slices.Backward(dots[:at]) {
		if float64(first.Min.X-d.Min.X) > reach*m.pitch {
			break
		}
		if m.fits(d) && m.inStep(d, first) {
			out[d], first = true, d
		}
	}
}

// reach is how many dots writing may hide without ending a row.
const reach = 12

// fits reports whether a dot has the row's size, give or take a pixel of blur.
func (m measure) fits(d image.Rectangle) bool {
	return near1(d.Dx(), m.size.X) && near1(d.Dy(), m.size.Y)
}

func near1(a, b int) bool { return a-b <= 1 && b-a <= 2 }

// inStep reports whether d lies a whole number of pitches from a dot of the row, on
// its height.
func (m measure) inStep(d, of image.Rectangle) bool {
	if dy := d.Max.Y - of.Max.Y; dy > m.drift || dy < -m.drift {
		return false
	}
	steps := float64(d.Min.X-of.Min.X) / m.pitch
	return math.Abs(steps-math.Round(steps))*m.pitch <= float64(m.drift) && math.Abs(math.Round(steps)) >= 1
}

// rowsOf joins dots, sorted from left to right, into rows: each dot continues the
// row that ended just before it on its height.
func rowsOf(dots []image.Rectangle, dpi int) [][]image.Rectangle {
	widest, drift := dpi*20/200, max(1, dpi*2/200)
	var rows [][]image.Rectangle
	open := map[int][]int{} // rows by the height of their last dot
	for _, d := range dots {
		height := d.Max.Y
		best, at := -1, 0
		for y := height - drift; y <= height+drift; y++ {
			for _, i := range open[y] {
				last := rows[i][len(rows[i])-1]
				gap := d.Min.X - last.Min.X
				if gap > 1 && gap <= widest && steady(rows[i], gap, drift) && (best < 0 || gap < at) {
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
		open[height] = prune(append(open[height], best), rows, d.Min.X-widest)
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

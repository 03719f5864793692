package access

import "slices"

// paper is what the sheet would look like without ink: the colour of its paper at
// the corners of a grid, light falling unevenly included.
type paper struct {
	step       int // pixels between two points of the grid
	cols, rows int
	at         [][3]int16 // 1 to 255
}

// gridDPI is how many points of the grid lie on an inch: letters are smaller than
// what lies between two, shadows larger.
const gridDPI = 8

// bright is the share of a square's pixels that are darker than what is taken for
// its paper, in percent.
const bright = 80

// estimate looks at squares around each point of the grid. Dark spots narrower than
// two squares are ink that fills them, and are closed over.
func estimate(s Sheet) *paper {
	step := max(8, int(s.DPI/gridDPI))
	p := &paper{step: step, cols: (s.Width+step-1)/step + 1, rows: (s.Height+step-1)/step + 1}
	p.at = make([][3]int16, p.cols*p.rows)
	for y := range p.rows {
		for x := range p.cols {
			p.at[y*p.cols+x] = s.square(area{x*step - step/2, y*step - step/2, x*step + step/2, y*step + step/2})
		}
	}
	p.around(func(a, b int16) bool { return a > b })
	p.around(func(a, b int16) bool { return a < b })
	return p
}

// square gives for each channel the value that most of its pixels stay below.
func (s Sheet) square(a area) [3]int16 {
	a = a.grown(0, s.Width, s.Height)
	if a.empty() { // a point beyond the edge
		a.x0, a.y0 = min(a.x0, s.Width-1), min(a.y0, s.Height-1)
		a.x1, a.y1 = max(a.x1, a.x0+1), max(a.y1, a.y0+1)
	}
	var counts [3][256]int
	n := 0
	for y := a.y0; y < a.y1; y += 2 {
		for x := a.x0; x < a.x1; x += 2 {
			px := s.Pix[3*(y*s.Width+x):]
			counts[0][px[0]]++
			counts[1][px[1]]++
			counts[2][px[2]]++
			n++
		}
	}
	var out [3]int16
	for c := range out {
		out[c] = max(1, int16(percentile(counts[c][:], n, bright))) //nolint:gosec // at most 255
	}
	return out
}

// percentile is the value below or at which so many percent of n samples lie.
func percentile(counts []int, n, percent int) int {
	left := (n*percent + 99) / 100
	for v, c := range counts {
		if left -= c; left <= 0 {
			return v
		}
	}
	return len(counts) - 1
}

// around gives every point the value of its neighbourhood that wins over the others.
func (p *paper) around(wins func(a, b int16) bool) {
	old := slices.Clone(p.at)
	for y := range p.rows {
		for x := range p.cols {
			best := &p.at[y*p.cols+x]
			for ny := max(0, y-1); ny <= min(p.rows-1, y+1); ny++ {
				for nx := max(0, x-1); nx <= min(p.cols-1, x+1); nx++ {
					for c, v := range old[ny*p.cols+nx] {
						if wins(v, best[c]) {
							best[c] = v
						}
					}
				}
			}
		}
	}
}

// row gives the paper along row y, interpolated, in 1 to 255.
func (p *paper) row(y int, out [][3]uint8) {
	gy, fy := y/p.step, y%p.step
	above, below := p.at[gy*p.cols:(gy+1)*p.cols], p.at[(gy+1)*p.cols:]
	var left, right [3]int
	for x := range out {
		gx, fx := x/p.step, x%p.step
		if fx == 0 {
			for c := range 3 {
				left[c] = int(above[gx][c])*(p.step-fy) + int(below[gx][c])*fy
				right[c] = int(above[gx+1][c])*(p.step-fy) + int(below[gx+1][c])*fy
			}
		}
		for c := range 3 {
			out[x][c] = uint8((left[c]*(p.step-fx) + right[c]*fx) / (p.step * p.step)) //nolint:gosec // a mean of bytes
		}
	}
}

// planes hold how dark each pixel is against its paper, 0 to 255.
type planes struct {
	width, height int
	all           []uint8 // to the eye
	black         []uint8 // through red glasses: red ink is gone
	blue          []uint8 // how much bluer than gray
}

// measure compares the sheet with its paper.
func (p *paper) measure(s Sheet) *planes {
	return p.measureRows(s.Width, s.Height, func(y int, row []byte) {
		copy(row, s.Pix[3*y*s.Width:])
	})
}

// measureRows compares rows of red, green and blue with the paper.
func (p *paper) measureRows(width, height int, fill func(y int, row []byte)) *planes {
	n := width * height
	m := &planes{width: width, height: height, all: make([]uint8, n), black: make([]uint8, n), blue: make([]uint8, n)}
	paper, row := make([][3]uint8, width), make([]byte, 3*width)
	share := shares()
	for y := range height {
		p.row(y, paper)
		fill(y, row)
		for x := range paper {
			m.put(y*width+x, [3]uint8(row[3*x:]), &paper[x], &share)
		}
	}
	return m
}

// put measures a pixel against its paper.
func (m *planes) put(i int, c [3]uint8, paper *[3]uint8, share *[256]int) {
	r := max(0, 255-int(c[0])*share[paper[0]]>>16)
	g := max(0, 255-int(c[1])*share[paper[1]]>>16)
	b := max(0, 255-int(c[2])*share[paper[2]]>>16)
	m.all[i] = uint8((2*r + 5*g + b) / 8) //nolint:gosec // a mean of bytes
	m.black[i] = uint8(r)                 //nolint:gosec // at most 255
	m.blue[i] = uint8(max(0, r-b))        //nolint:gosec // likewise
}

// shares gives 255/v in 16 fractional bits.
func shares() (t [256]int) {
	for v := range t {
		t[v] = 255 << 16 / max(1, v)
	}
	return t
}

// within lays an area on the planes row by row.
func (m *planes) within(a area, do func(from, to int)) {
	for y := a.y0; y < a.y1; y++ {
		do(y*m.width+a.x0, y*m.width+a.x1)
	}
}

// level is how dark the ink in an area is: what all but some percent of the pixels
// stay below.
func (m *planes) level(plane []uint8, a area, percent int) int {
	var counts [256]int
	m.within(a, func(from, to int) {
		for _, v := range plane[from:to] {
			counts[v]++
		}
	})
	return percentile(counts[:], a.pixels(), percent)
}

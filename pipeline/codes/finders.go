package codes

import "image"

// mostFinders is how many finder patterns a place may have to be searched for QR codes. The
// decoder tries all sets of three, which on a page tiled with them would not end. With
// less than fewestFinders there is no QR code.
const (
	mostFinders   = 120
	fewestFinders = 0.4
)

// finders counts the finder patterns of QR codes, dark ones with flip 0 and light ones with
// 255. A row through the middle of one has runs of 1, 1, 3, 1 and 1 modules, as has a column.
func finders(img *image.Gray, flip uint8) float64 {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	across := make([]bool, w)
	rows := 0.0
	for y := range h {
		for x, v := range img.Pix[y*img.Stride : y*img.Stride+w] {
			across[x] = v^flip < 128
		}
		for _, f := range patterns(across) {
			if f.crossed(img, flip, y) {
				rows += 1 / (3 * f.module)
			}
		}
	}
	return rows
}

// pattern is a row's cut through what may be a finder pattern.
type pattern struct {
	middle int
	module float64 // its width in pixels
}

// patterns gives the places in a row with runs of the lengths of a finder pattern.
func patterns(dark []bool) []pattern {
	var out []pattern
	var runs [5]int
	length := 0
	for x := 0; x <= len(dark); x++ {
		if x < len(dark) && (x == 0 || dark[x] == dark[x-1]) {
			length++
			continue
		}
		copy(runs[:], runs[1:])
		runs[4], length = length, 1
		if !dark[x-1] {
			continue
		}
		if m, ok := module(runs); ok {
			out = append(out, pattern{x - runs[4] - runs[3] - runs[2]/2 - 1, m})
		}
	}
	return out
}

// module gives the width of a module if runs are those of a finder pattern, about.
func module(runs [5]int) (float64, bool) {
	sum := 0
	for _, n := range runs {
		if n == 0 {
			return 0, false
		}
		sum += n
	}
	m := float64(sum) / 7
	for i, n := range runs {
		want := 1.0
		if i == 2 {
			want = 3
		}
		if off := float64(n) - want*m; off > 0.8*m || off < -0.8*m {
			return 0, false
		}
	}
	return m, true
}

// crossed reports whether the column through the middle shows the pattern, too.
func (f pattern) crossed(img *image.Gray, flip uint8, y int) bool {
	reach := int(6*f.module) + 1
	from, to := max(0, y-reach), min(img.Rect.Dy(), y+reach+1)
	column := make([]bool, 0, to-from)
	for at := from; at < to; at++ {
		column = append(column, img.Pix[at*img.Stride+f.middle]^flip < 128)
	}
	for _, g := range patterns(column) {
		off := float64(g.middle + from - y)
		if off < 2*f.module && off > -2*f.module && g.module < 2*f.module && f.module < 2*g.module {
			return true
		}
	}
	return false
}

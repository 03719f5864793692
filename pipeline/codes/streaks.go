package codes

import (
	"image"
	"slices"
)

// Measures by which a streak is told, see mended.
const (
	streakLooks  = 96 // pixels along a line that are looked at
	streakMiss   = 3  // of these may be other than the streak is
	streakDarker = 40 // levels of 256 by which a dark streak is darker than the paper
	streakWidest = 24 // pixels
	streakInked  = 4  // looks beside a light streak that are dark
)

// streak is a stretch of columns, or of rows, from edge to edge of a picture that say
// nothing: dirt on the glass of a feeding scanner.
type streak struct{ from, to int }

// mended gives a picture without the streaks that run through it from edge to edge, each
// filled from the nearest column, or row, on either side; nil if there is none. A module
// that a streak hides wholly may come out wrong, which the error correction of a QR code is
// for; one that it hides in part comes out right.
//
// A dark streak is darker than the paper nearly everywhere. Beside one, in black and white,
// dirt of a lighter shade shows as a streak that is never dark between ink on both its sides.
func mended(img *image.Gray) *image.Gray {
	down, over := seen(img)
	columns, rows := down.streaks(), over.streaks()
	if len(columns)+len(rows) == 0 {
		return nil
	}
	out := crop(img, img.Rect)
	for _, s := range columns {
		for y := range out.Rect.Dy() {
			s.fill(out.Pix[y*out.Stride:], 1)
		}
	}
	for _, s := range rows {
		for x := range out.Rect.Dx() {
			s.fill(out.Pix[x:], out.Stride)
		}
	}
	return out
}

// fill gives each pixel of a streak the level of the nearest one that is not of it; step is
// from one to the next.
func (s streak) fill(pix []uint8, step int) {
	before, after := pix[(s.from-1)*step], pix[s.to*step]
	for i := s.from; i < s.to; i++ {
		if 2*i < s.from+s.to {
			pix[i*step] = before
		} else {
			pix[i*step] = after
		}
	}
}

// darkness tells of each column, or row, at how many of streakLooks places it is dark.
type darkness []uint8

// seen looks at the columns and the rows of a picture.
func seen(img *image.Gray) (columns, rows darkness) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if min(w, h) < streakLooks {
		return nil, nil
	}
	columns, rows = make(darkness, w), make(darkness, h)
	dark := darker(img)
	for i := range streakLooks {
		row := img.Pix[(2*i+1)*h/(2*streakLooks)*img.Stride:][:w]
		for x, v := range row {
			if v < dark {
				columns[x]++
			}
		}
	}
	for y := range rows {
		row := img.Pix[y*img.Stride:][:w]
		for i := range streakLooks {
			if row[(2*i+1)*w/(2*streakLooks)] < dark {
				rows[y]++
			}
		}
	}
	return columns, rows
}

// darker gives the level below which a pixel is no paper, which most of a page is.
func darker(img *image.Gray) uint8 {
	const every, most = 16, 60 // of a hundred pixels are lighter than the darkest paper
	var count [256]int
	all := 0
	for y := 0; y < img.Rect.Dy(); y += every {
		for x := 0; x < img.Rect.Dx(); x += every {
			count[img.Pix[y*img.Stride+x]]++
			all++
		}
	}
	paper := 255
	for n := 0; paper > 0; paper-- {
		if n += count[paper]; 100*n >= most*all {
			break
		}
	}
	return uint8(max(paper-streakDarker, 0))
}

// streaks gives the streaks among lines, in order. Where none is dark there are none that
// are light: columns of print have gaps between them.
func (d darkness) streaks() []streak {
	all := d.runs(func(n uint8) bool { return n >= streakLooks-streakMiss })
	if len(all) == 0 {
		return nil
	}
	for _, s := range d.runs(func(n uint8) bool { return n == 0 }) {
		if min(d[s.from-1], d[s.to]) >= streakInked {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b streak) int { return a.from - b.from })
	for i := len(all) - 1; i > 0; i-- {
		if all[i-1].to == all[i].from {
			all[i-1].to = all[i].to
			all = slices.Delete(all, i, i+1)
		}
	}
	return all
}

// runs gives the stretches of lines of one sort that are no wider than a streak. What lies
// at the edge of the picture is no streak.
func (d darkness) runs(of func(uint8) bool) []streak {
	var out []streak
	for i := 0; i < len(d); i++ {
		from := i
		for i < len(d) && of(d[i]) {
			i++
		}
		if from > 0 && i > from && i < len(d) && i-from <= streakWidest {
			out = append(out, streak{from, i})
		}
	}
	return out
}

package prepare

import (
	"image"

	"hoso/pipeline/prepare/leptonica"
)

// Measures of how a streak is wiped off.
const (
	wipeBlur  = 1  // pixels beside a streak into which it has run
	wipeShows = 40 // levels by which print in a streak is darker than the streak, if it shows
	wipeInk   = 2  // of a hundred pixels of a streak, the darkest, are taken for print
)

// wiped counts the streaks on a page and gives it without them; the page given is freed
// then. A page that has none is given as it is.
func (p *Prepared) wiped(page *leptonica.Pix) (*leptonica.Pix, error) {
	down, over := streaksOn(p.plain, p.DPI)
	p.streaks = len(down) + len(over)
	if p.streaks == 0 {
		return page, nil
	}
	clean, err := leptonica.FromGray(wipe(p.plain, down, over))
	if err != nil {
		return page, err
	}
	page.Free()
	return clean, nil
}

// wipe gives a picture without its streaks.
func wipe(g *image.Gray, down, over []streak) *image.Gray {
	out := image.NewGray(image.Rectangle{Max: g.Rect.Size()})
	for y := range out.Rect.Dy() {
		copy(out.Pix[y*out.Stride:][:out.Stride], g.Pix[y*g.Stride:])
	}
	w, h := out.Rect.Dx(), out.Rect.Dy()
	for _, s := range down {
		lines{out.Pix, 1, out.Stride, w, h}.wipe(s)
	}
	for _, s := range over {
		lines{out.Pix, out.Stride, 1, h, w}.wipe(s)
	}
	return out
}

// lines is a picture as its columns or as its rows: how far it is in pix to the next line
// and to the next pixel of a line, and how many there are of both.
type lines struct {
	pix          []uint8
	across       int
	along        int
	count, pixel int
}

// wipe takes out a streak. Where print shows through it, each line of it is made as light as
// the paper beside it; where none does, it is filled from one side to the other.
func (l lines) wipe(s streak) {
	from, to := max(s.from-wipeBlur, 1), min(s.to+wipeBlur, l.count-1)
	before, after := l.levels(from-1), l.levels(to)
	paper := (before.above(l.pixel/2) + after.above(l.pixel/2)) / 2
	for at := from; at < to; at++ {
		levels := l.levels(at)
		tone := levels.above(l.pixel / 2)
		if tone-levels.above(l.pixel*wipeInk/100) >= wipeShows {
			l.lighten(at, paper, tone)
		} else {
			l.fill(at, from, to)
		}
	}
}

// lighten makes the tone of a line that of the paper.
func (l lines) lighten(at, paper, tone int) {
	for i := range l.pixel {
		v := &l.pix[at*l.across+i*l.along]
		*v = uint8(min(int(*v)*paper/tone, 255)) //nolint:gosec // a level
	}
}

// fill puts a line between those before a streak and after it.
func (l lines) fill(at, from, to int) {
	for i := range l.pixel {
		pix := l.pix[i*l.along:]
		before, after := int(pix[(from-1)*l.across]), int(pix[to*l.across])
		pix[at*l.across] = uint8((before*(to-at) + after*(at-from+1)) / (to - from + 1)) //nolint:gosec // a level
	}
}

// levels counts the pixels of each level of 256.
type levels [256]int

func (l lines) levels(at int) (count levels) {
	for i := range l.pixel {
		count[l.pix[at*l.across+i*l.along]]++
	}
	return count
}

// above gives the level that so many pixels are darker than.
func (c *levels) above(n int) int {
	for level, pixels := range c {
		if n -= pixels; n < 0 {
			return level
		}
	}
	return len(c) - 1
}

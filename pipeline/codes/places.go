package codes

import (
	"image"
	"slices"

	"hoso/pipeline/codes/cells"
)

// window is the side in cells of what is looked at as one: 5 mm at 200 dpi, less than
// the height of any code.
const window = 5

// blankFrom is the mean level from which a window is paper.
const blankFrom = 244

// places gives where codes may stand, the likeliest first: stretches about half covered
// with ink that turn from dark to light as often as modules do. Print covers a fifth of
// its paper, photographs turn seldom.
func places(img *image.Gray) []image.Rectangle {
	all, w, h := cells.Of(img)
	if w < window || h < window {
		return nil
	}
	marked := make([]bool, w*h)
	found := false
	for _, at := range halves(all, w, h) {
		found = true
		marked[at] = true
	}
	if !found {
		return nil
	}
	return joined(marked, w, h)
}

// large is how many times smaller a picture is on which large codes are as usual ones.
const large = 4

// largePlaces gives where codes may stand whose modules are wider than a millimetre.
func largePlaces(img *image.Gray) []image.Rectangle {
	found := places(shrunk(img))
	for i, p := range found {
		whole := image.Rect(p.Min.X*large, p.Min.Y*large, p.Max.X*large, p.Max.Y*large)
		found[i] = whole.Add(img.Rect.Min).Intersect(img.Rect)
	}
	return found
}

// shrunk makes one pixel of each square of large by large, of four of its pixels: that is
// a fifth of the time that all would take.
func shrunk(img *image.Gray) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, img.Rect.Dx()/large, img.Rect.Dy()/large))
	for y := range out.Rect.Dy() {
		row := out.Pix[y*out.Stride : (y+1)*out.Stride]
		upper := img.Pix[y*large*img.Stride:][:large*len(row)]
		lower := img.Pix[(y*large+large/2)*img.Stride:][:large*len(row)]
		for x := range row {
			i := x * large
			row[x] = uint8((int(upper[i]) + int(upper[i+large/2]) + int(lower[i]) + int(lower[i+large/2])) / 4) //nolint:gosec // a level
		}
	}
	return out
}

// halves gives the middles of the windows that look like a code.
func halves(all []cells.Cell, w, h int) []int {
	var out []int
	type column struct{ mean, turns, low, high int }
	cols := make([]column, w)
	for y := 0; y+window <= h; y++ {
		for x := range cols {
			c := column{low: 255}
			for k := range window {
				v := all[(y+k)*w+x]
				c.mean += int(v.Mean)
				c.turns += int(v.Turns)
				c.low, c.high = min(c.low, int(v.Low)), max(c.high, int(v.High))
			}
			cols[x] = c
		}
		mean, turns := 0, 0
		for x := range cols {
			mean, turns = mean+cols[x].mean, turns+cols[x].turns
			if x >= window {
				mean, turns = mean-cols[x-window].mean, turns-cols[x-window].turns
			}
			if x < window-1 || mean > blankFrom*window*window {
				continue
			}
			low, high := 255, 0
			for _, c := range cols[x-window+1 : x+1] {
				low, high = min(low, c.low), max(high, c.high)
			}
			if halfDark(mean, turns, low, high) {
				out = append(out, (y+window/2)*w+x-window/2)
			}
		}
	}
	return out
}

// halfDark judges a window by the sums of its cells.
func halfDark(mean, turns, low, high int) bool {
	const n = window * window
	const contrast, least, most, often = 40, 30, 75, 12
	span := high - low
	if span < contrast {
		return false
	}
	dark := 100 * (high*n - mean) / (span * n)
	return dark >= least && dark <= most && 100*turns >= often*4*span*n
}

// place is windows that lie close together.
type place struct {
	box  image.Rectangle // in cells
	size int             // windows
}

// joined gives the boxes, in pixels, around windows that lie close together, with the
// quiet zone of a code around them.
func joined(marked []bool, w, h int) []image.Rectangle {
	const fewest, most, quiet = 10, 12, 3 * cells.Side
	const sparse = 12 // a frame of ornaments encloses more than so many times its windows
	var found []place
	for at, is := range marked {
		if !is {
			continue
		}
		if p := gathered(marked, w, h, at); p.size >= fewest && sparse*p.size >= p.box.Dx()*p.box.Dy() {
			found = append(found, p)
		}
	}
	slices.SortStableFunc(found, func(a, b place) int { return b.size - a.size })
	var out []image.Rectangle
	for _, p := range found[:min(len(found), most)] {
		box := image.Rect(p.box.Min.X*cells.Side, p.box.Min.Y*cells.Side, p.box.Max.X*cells.Side, p.box.Max.Y*cells.Side)
		out = append(out, box.Inset(-quiet).Intersect(image.Rect(0, 0, (w+1)*cells.Side, (h+1)*cells.Side)))
	}
	return merged(out)
}

// merged makes one of boxes that overlap, as those of a worn barcode do, unless that would
// hold much else.
func merged(boxes []image.Rectangle) []image.Rectangle {
	for i := 0; i < len(boxes); i++ {
		for j := i + 1; j < len(boxes); j++ {
			both := boxes[i].Union(boxes[j])
			if boxes[i].Overlaps(boxes[j]) && 2*area(both) <= 3*(area(boxes[i])+area(boxes[j])) {
				boxes[i] = both
				boxes = slices.Delete(boxes, j, j+1)
				i, j = 0, 0
			}
		}
	}
	return boxes
}

// gathered takes the windows close to one, and close to those, out of marked.
func gathered(marked []bool, w, h, at int) place {
	const reach = 2
	var p place
	stack := []int{at}
	marked[at] = false
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		x, y := i%w, i/w
		p.size++
		p.box = p.box.Union(image.Rect(x-window/2, y-window/2, x+window/2+1, y+window/2+1))
		for ny := max(0, y-reach); ny <= min(h-1, y+reach); ny++ {
			for nx := max(0, x-reach); nx <= min(w-1, x+reach); nx++ {
				if marked[ny*w+nx] {
					marked[ny*w+nx] = false
					stack = append(stack, ny*w+nx)
				}
			}
		}
	}
	return p
}

func area(r image.Rectangle) int { return r.Dx() * r.Dy() }

package prepare

import (
	"image"
	"math"
	"slices"

	"hoso/pipeline"
	"hoso/pipeline/prepare/leptonica"
)

// rotateFrom is the slope in degrees from which lines are levelled. The recognizer
// follows smaller slopes by itself, and rotating blurs.
const rotateFrom = 0.6

// placement is how the upright page at working size lies on the picture.
type placement struct {
	page    image.Point // size of the page
	sheet   image.Point // size of the picture
	onSheet projection  // from points of the page to those of the picture
	toPage  projection  // the other way
}

// placementFor levels lines of a slope by a turn about the middle.
func placementFor(page image.Point, skew float64) placement {
	if math.Abs(skew) <= rotateFrom {
		return placement{page: page, sheet: page, onSheet: unmoved(), toPage: unmoved()}
	}
	sin, cos := math.Sincos(math.Abs(skew) * math.Pi / 180)
	w, h := float64(page.X), float64(page.Y)
	sheet := image.Pt(int(math.Ceil(w*cos+h*sin)), int(math.Ceil(h*cos+w*sin)))
	onSheet := moved(-w/2, -h/2).then(turned(-skew)).then(moved(float64(sheet.X)/2, float64(sheet.Y)/2))
	return placement{page: page, sheet: sheet, onSheet: onSheet, toPage: onSheet.back()}
}

// lay gives the picture of an image of the page.
func (p placement) lay(page *leptonica.Pix) (*leptonica.Pix, error) {
	if p.onSheet == unmoved() {
		return page.Clone()
	}
	return page.Projected(p.toPage, p.sheet)
}

// On gives the places on Gray of the regions of some kinds: boxes as large as theirs
// around the same middles.
func (p *Prepared) On(kinds ...pipeline.RegionKind) []image.Rectangle {
	var out []image.Rectangle
	sx, sy := float64(p.place.page.X)/float64(p.Width), float64(p.place.page.Y)/float64(p.Height)
	for _, r := range p.Regions {
		if !slices.Contains(kinds, r.Kind) {
			continue
		}
		w, h := float64(r.Box.X1-r.Box.X0)*sx, float64(r.Box.Y1-r.Box.Y0)*sy
		x, y := p.place.onSheet.at(float64(r.Box.X0)*sx+w/2, float64(r.Box.Y0)*sy+h/2)
		out = append(out, image.Rect(int(x-w/2), int(y-h/2), int(x+w/2), int(y+h/2)))
	}
	return out
}

// Box gives the place on the upright original page, in its pixels, of a box on Gray.
// Of a page that was levelled it is the smallest level box around the sloping one.
func (p *Prepared) Box(b pipeline.Box) pipeline.Box {
	sx := float64(p.Width) / float64(p.place.page.X)
	sy := float64(p.Height) / float64(p.place.page.Y)
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, c := range [4][2]int{{b.X0, b.Y0}, {b.X1, b.Y0}, {b.X0, b.Y1}, {b.X1, b.Y1}} {
		x, y := p.place.toPage.at(float64(c[0]), float64(c[1]))
		x0, x1 = min(x0, x*sx), max(x1, x*sx)
		y0, y1 = min(y0, y*sy), max(y1, y*sy)
	}
	return pipeline.Box{
		X0: within(math.Floor(x0+near), p.Width), Y0: within(math.Floor(y0+near), p.Height),
		X1: within(math.Ceil(x1-near), p.Width), Y1: within(math.Ceil(y1-near), p.Height),
	}
}

// near keeps a box from growing by a pixel for an error of rounding.
const near = 1e-6

func within(v float64, limit int) int { return min(max(int(v), 0), limit) }

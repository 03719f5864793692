package prepare

import (
	"image"
	"math"

	"hoso/pipeline"
)

// Plain is the page at working size in red light, free of red ink and otherwise as it was
// scanned: evening out the paper, which serves letters, takes pale codes for paper. It lies
// as the file says, even if the letters lie another way. It must not be changed.
func (p *Prepared) Plain() *image.Gray { return p.plain }

// PlainBox gives the place on the upright original page, in its pixels, of a place on Plain.
func (p *Prepared) PlainBox(r image.Rectangle) pipeline.Box {
	w, h := p.Width, p.Height
	if p.turned%2 == 1 {
		w, h = h, w
	}
	sx, sy := float64(w)/float64(p.plain.Rect.Dx()), float64(h)/float64(p.plain.Rect.Dy())
	box := pipeline.Box{
		X0: within(math.Floor(float64(r.Min.X)*sx+near), w), Y0: within(math.Floor(float64(r.Min.Y)*sy+near), h),
		X1: within(math.Ceil(float64(r.Max.X)*sx-near), w), Y1: within(math.Ceil(float64(r.Max.Y)*sy-near), h),
	}
	return turnedRegions([]pipeline.Region{{Box: box}}, p.turned, w, h)[0].Box
}

package paper

import (
	"image"
	"math"
	"math/rand/v2"
	"slices"

	"hoso/pipeline"
	"hoso/testdata/wear"
)

// Regions tells where people put something onto the print, in pixels of the upright
// page that a look sees. Seals and stamps stand one by one. Signatures whose boxes
// overlap are one region, and so are lines of handwriting: nobody could part them.
func (p *Paper) Regions(sheet int, look Look) []pipeline.Region {
	s := p.Sheets[sheet].marked(look)
	c := unpainted(s, look)
	c.fonts = p.fonts
	place := look.Optics.placing(c.img.Rect, look)
	out := []pipeline.Region{}
	note := func(kind pipeline.RegionKind, draw func()) {
		if b := place(inkedBy(c, draw)); !b.IsZero() {
			out = append(out, pipeline.Region{Kind: kind, Box: b})
		}
	}
	for _, o := range s.seals {
		note(pipeline.Seal, func() { c.seal(o) })
	}
	for _, t := range s.stamps {
		bare := t
		bare.filled = nil
		note(pipeline.Stamp, func() { c.stamp(bare) })
		for _, h := range t.filled {
			note(pipeline.Handwriting, func() { c.filling(t, h) })
		}
	}
	for _, a := range s.autographs {
		note(pipeline.Autograph, func() { c.sign(a) })
	}
	for _, h := range s.hands {
		note(pipeline.Handwriting, func() { c.hand(h) })
	}
	return merged(out)
}

// inkedBy gives the pixels that something would cover, without drawing it.
func inkedBy(c *canvas, draw func()) image.Rectangle {
	c.inked = &image.Rectangle{}
	draw()
	return *c.inked
}

// merged makes one of what no reader could part.
func merged(regions []pipeline.Region) []pipeline.Region {
	for i := 0; i < len(regions); i++ {
		for j := i + 1; j < len(regions); j++ {
			a, b := regions[i], regions[j]
			if a.Kind != b.Kind || a.Kind == pipeline.Seal || a.Kind == pipeline.Stamp || !overlap(a.Box, b.Box) {
				continue
			}
			regions[i].Box = a.Box.Union(b.Box)
			regions = slices.Delete(regions, j, j+1)
			i, j = 0, 0
		}
	}
	return regions
}

func overlap(a, b pipeline.Box) bool {
	return a.X0 < b.X1 && b.X0 < a.X1 && a.Y0 < b.Y1 && b.Y0 < a.Y1
}

// placing gives where a rectangle of the scanned sheet lies on the picture.
func (o Optics) placing(sheet image.Rectangle, look Look) func(image.Rectangle) pipeline.Box {
	size, onto := sheet.Size(), func(x, y float64) (float64, float64) { return x, y }
	if o.Camera > 0 {
		seen, corners := view(sheet, o.Camera, rand.New(rand.NewPCG(look.Seed, opticsChance)))
		size, onto = seen, wear.ToPicture(corners, float64(sheet.Dx()), float64(sheet.Dy()))
	}
	return func(r image.Rectangle) pipeline.Box {
		x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
		for _, at := range [4]image.Point{r.Min, {r.Max.X, r.Min.Y}, r.Max, {r.Min.X, r.Max.Y}} {
			x, y := onto(float64(at.X), float64(at.Y))
			x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
		}
		in := image.Rect(int(x0), int(y0), int(math.Ceil(x1)), int(math.Ceil(y1))).Intersect(image.Rectangle{Max: size})
		if r.Empty() || in.Empty() {
			return pipeline.Box{}
		}
		return pipeline.Box{X0: in.Min.X, Y0: in.Min.Y, X1: in.Max.X, Y1: in.Max.Y}
	}
}

package prepare

import (
	"cmp"
	"image"
	"slices"

	"hoso/pipeline"
	"hoso/pipeline/prepare/leptonica"
)

// sealsOf finds round red seals, in pixels of the stored image, the largest first. A page
// with next to no red, whose share is given, is not searched.
func sealsOf(full *leptonica.Pix, plan plan, red float64) []pipeline.Region {
	if red < SealFraction/4 {
		return nil
	}
	const mapDPI, most = 75, 20
	w, _ := full.Size()
	scale := float64(plan.stored.X) / float64(w)
	step := max(1, int(plan.nativeDPI/scale/mapDPI))
	cells, width, height := full.RedMap(step, 0)
	mm := plan.nativeDPI / scale / float64(step) / 25.4
	var out []pipeline.Region
	for _, b := range groups(cells, width, height) {
		dx, dy := float64(b.Dx()), float64(b.Dy())
		if min(dx, dy) < 20*mm || max(dx, dy) > 50*mm || max(dx, dy) > 1.25*min(dx, dy) {
			continue
		}
		k := float64(step) * scale
		out = append(out, pipeline.Region{Kind: pipeline.Seal, Box: pipeline.Box{
			X0: int(float64(b.Min.X) * k), Y0: int(float64(b.Min.Y) * k),
			X1: int(float64(b.Max.X) * k), Y1: int(float64(b.Max.Y) * k),
		}})
	}
	slices.SortFunc(out, func(a, b pipeline.Region) int { return cmp.Compare(area(b.Box), area(a.Box)) })
	var outer []pipeline.Region // without the inner ring of a seal
	for _, r := range out {
		if !slices.ContainsFunc(outer, func(o pipeline.Region) bool { return o.Box.Union(r.Box) == o.Box }) {
			outer = append(outer, r)
		}
	}
	return outer[:min(len(outer), most)]
}

func area(b pipeline.Box) int { return (b.X1 - b.X0) * (b.Y1 - b.Y0) }

// groups gives the boxes around marked cells that lie within two cells of another; it
// clears the marks.
func groups(cells []byte, width, height int) []image.Rectangle {
	const reach = 2
	var out []image.Rectangle
	for i := range cells {
		if cells[i] == 0 {
			continue
		}
		cells[i] = 0
		box, todo := image.Rectangle{}, []image.Point{{i % width, i / width}}
		for len(todo) > 0 {
			at := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			box = box.Union(image.Rectangle{at, at.Add(image.Pt(1, 1))})
			for y := max(0, at.Y-reach); y <= min(height-1, at.Y+reach); y++ {
				for x := max(0, at.X-reach); x <= min(width-1, at.X+reach); x++ {
					if cells[y*width+x] != 0 {
						cells[y*width+x] = 0
						todo = append(todo, image.Pt(x, y))
					}
				}
			}
		}
		out = append(out, box)
	}
	return out
}

// turnedRegions turns regions of an image of the given size clockwise.
func turnedRegions(in []pipeline.Region, quarters, width, height int) []pipeline.Region {
	out := slices.Clone(in)
	for range quarters {
		for i, r := range out {
			b := r.Box
			out[i].Box = pipeline.Box{X0: height - b.Y1, Y0: b.X0, X1: height - b.Y0, Y1: b.X1}
		}
		width, height = height, width
	}
	return out
}

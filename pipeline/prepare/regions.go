package prepare

import (
	"cmp"
	"image"
	"slices"

	"hoso/pipeline"
	"hoso/pipeline/prepare/leptonica"
)

// mostRegions bounds what is told of a page.
const mostRegions = 60

// colourRegions finds what people put onto the print in red and blue, in pixels of the
// stored image. Of handwriting it gives the strokes.
func colourRegions(full *leptonica.Pix, plan plan) ([]pipeline.Region, error) {
	m, err := inkMapOf(full, plan)
	if err != nil || m.cells == nil {
		return nil, err
	}
	var out []pipeline.Region
	seals := m.seals(leptonica.RedCell)
	for _, r := range seals {
		out = append(out, pipeline.Region{Kind: pipeline.Seal, Box: m.box(m.cellsIn(r), plan.stored)})
	}
	for _, r := range m.frames(leptonica.RedCell, seals) {
		out = append(out, pipeline.Region{Kind: pipeline.Stamp, Box: m.box(r, plan.stored)})
	}
	stamps := m.frames(leptonica.BlueCell, nil)
	for _, r := range stamps {
		out = append(out, pipeline.Region{Kind: pipeline.Stamp, Box: m.box(r, plan.stored)})
	}
	for _, f := range m.pens(stamps) {
		out = append(out, pipeline.Region{Kind: f.kind, Box: m.box(f.box, plan.stored)})
	}
	return out, nil
}

// regions gives what was told by colour, which is of the upright page by now, together
// with the signatures that are told by their shape. Seals and stamps may lie over them.
func (p *Prepared) regions() []pipeline.Region {
	var out []pipeline.Region
	var written, signed, stamps []image.Rectangle
	for _, r := range p.coloured {
		box := image.Rect(r.Box.X0, r.Box.Y0, r.Box.X1, r.Box.Y1)
		switch r.Kind {
		case pipeline.Handwriting:
			written = append(written, box)
		case pipeline.Autograph:
			signed = append(signed, box)
		case pipeline.Stamp:
			stamps = append(stamps, box)
			out = append(out, r)
		case pipeline.Seal:
			out = append(out, r)
		}
	}
	written = inLines(written, stamps, p.NativeDPI)
	for _, s := range p.strokes() {
		if !slices.ContainsFunc(written, func(o image.Rectangle) bool { return 3*size(o.Intersect(s)) > size(s) }) {
			signed = append(signed, s)
		}
	}
	gap := int(p.NativeDPI / 25.4)
	signed = clustered(signed, gap/2, gap/2)
	for i, s := range signed {
		signed[i], written = swallowed(s, written, gap)
	}
	for _, b := range merged(signed, image.Rectangle.Overlaps) {
		out = append(out, region(pipeline.Autograph, b))
	}
	for _, b := range written {
		out = append(out, region(pipeline.Handwriting, b))
	}
	return outermost(out)
}

// swallowed takes what is small beside a signature and close to it for a part of it.
func swallowed(signed image.Rectangle, written []image.Rectangle, gap int) (all image.Rectangle, rest []image.Rectangle) {
	all = signed
	for _, w := range written {
		if w.Overlaps(signed.Inset(-gap)) && 5*size(w) < 2*size(signed) {
			all = all.Union(w)
		} else {
			rest = append(rest, w)
		}
	}
	return all, rest
}

func region(kind pipeline.RegionKind, b image.Rectangle) pipeline.Region {
	return pipeline.Region{Kind: kind, Box: pipeline.Box{X0: b.Min.X, Y0: b.Min.Y, X1: b.Max.X, Y1: b.Max.Y}}
}

// outermost gives the regions, the largest first, without those that lie in another of
// their kind.
func outermost(all []pipeline.Region) []pipeline.Region {
	slices.SortStableFunc(all, func(a, b pipeline.Region) int { return cmp.Compare(area(b.Box), area(a.Box)) })
	var out []pipeline.Region
	for _, r := range all {
		if !slices.ContainsFunc(out, func(o pipeline.Region) bool { return o.Kind == r.Kind && 2*shared(o.Box, r.Box) > area(r.Box) }) {
			out = append(out, r)
		}
	}
	return out[:min(len(out), mostRegions)]
}

func area(b pipeline.Box) int { return (b.X1 - b.X0) * (b.Y1 - b.Y0) }

// shared is the area that two boxes have in common.
func shared(a, b pipeline.Box) int {
	return max(0, min(a.X1, b.X1)-max(a.X0, b.X0)) * max(0, min(a.Y1, b.Y1)-max(a.Y0, b.Y0))
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

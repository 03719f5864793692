package bench

import (
	"slices"

	"hoso/pipeline"
)

// Regions is the tally of the places of a kind. Right is one that has half of both areas,
// or more, in common with that of the truth.
type Regions struct {
	Kind pipeline.RegionKind `json:"kind"`
	Tally
}

// regions compares the places on all pages whose truth lists them.
func regions(samples []Sample, all []outcome) []Regions {
	var out []Regions
	for _, kind := range []pipeline.RegionKind{pipeline.Seal, pipeline.Stamp, pipeline.Autograph, pipeline.Handwriting} {
		is := func(r pipeline.Region) bool { return r.Kind == kind }
		t := tally(samples, all, func(s Sample, p pipeline.Page) (truth, found []pipeline.Region, ok bool) {
			if s.Regions == nil {
				return nil, nil, false
			}
			return only(*s.Regions, is), only(p.Regions, is), true
		}, func(f, want pipeline.Region) bool { return alike(f.Box, want.Box) })
		out = append(out, Regions{kind, t})
	}
	return slices.DeleteFunc(out, func(r Regions) bool { return r.There+r.Found == 0 })
}

// alike reports whether two boxes have half of their area or more in common.
func alike(a, b pipeline.Box) bool {
	size := func(b pipeline.Box) int { return max(0, b.X1-b.X0) * max(0, b.Y1-b.Y0) }
	both := size(pipeline.Box{X0: max(a.X0, b.X0), Y0: max(a.Y0, b.Y0), X1: min(a.X1, b.X1), Y1: min(a.Y1, b.Y1)})
	return both > 0 && 2*both >= size(a)+size(b)-both
}

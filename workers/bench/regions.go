package bench

import (
	"slices"

	"hoso/pipeline"
)

// Regions says how many of the places of a kind that a page bears were found, and how
// much of what was found is one.
type Regions struct {
	Kind  pipeline.RegionKind `json:"kind"`
	There int                 `json:"there"` // by the truth
	Found int                 `json:"found"`
	Right int                 `json:"right"` // of those found: half of both areas, or more, is the same

	Recall    float64 `json:"recall"`
	Precision float64 `json:"precision"`
}

// regions compares the places on all pages whose truth lists them.
func regions(samples []Sample, all []outcome) []Regions {
	kinds := []pipeline.RegionKind{pipeline.Seal, pipeline.Stamp, pipeline.Autograph, pipeline.Handwriting}
	out := make([]Regions, len(kinds))
	for k, kind := range kinds {
		out[k].Kind = kind
		for i, s := range samples {
			if s.Regions != nil && all[i].done && len(all[i].first.read) == 1 {
				out[k].add(*s.Regions, all[i].first.read[0].Regions)
			}
		}
		out[k].Recall = float64(out[k].Right) / float64(max(out[k].There, 1))
		out[k].Precision = float64(out[k].Right) / float64(max(out[k].Found, 1))
	}
	return slices.DeleteFunc(out, func(r Regions) bool { return r.There+r.Found == 0 })
}

// add matches each place of the truth with one that was found.
func (r *Regions) add(truth, found []pipeline.Region) {
	other := func(o pipeline.Region) bool { return o.Kind != r.Kind }
	truth, found = slices.DeleteFunc(slices.Clone(truth), other), slices.DeleteFunc(slices.Clone(found), other)
	r.There, r.Found = r.There+len(truth), r.Found+len(found)
	for _, want := range truth {
		if at := slices.IndexFunc(found, func(f pipeline.Region) bool { return alike(f.Box, want.Box) }); at >= 0 {
			found = slices.Delete(found, at, at+1)
			r.Right++
		}
	}
}

// alike reports whether two boxes have half of their area or more in common.
func alike(a, b pipeline.Box) bool {
	size := func(b pipeline.Box) int { return max(0, b.X1-b.X0) * max(0, b.Y1-b.Y0) }
	both := size(pipeline.Box{X0: max(a.X0, b.X0), Y0: max(a.Y0, b.Y0), X1: min(a.X1, b.X1), Y1: min(a.Y1, b.Y1)})
	return both > 0 && 2*both >= size(a)+size(b)-both
}

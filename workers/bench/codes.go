package bench

import (
	"slices"

	"hoso/pipeline"
)

// Codes says how many of the codes of a kind that pages bear were found, and how many of
// those found are right: they say what the truth says, where it stands.
type Codes struct {
	Kind  pipeline.CodeKind `json:"kind"`
	There int               `json:"there"` // by the truth
	Found int               `json:"found"`
	Right int               `json:"right"`

	Recall    float64 `json:"recall"`
	Precision float64 `json:"precision"`
}

// codes compares the codes on all pages whose truth lists them.
func codes(samples []Sample, all []outcome) []Codes {
	kinds := []pipeline.CodeKind{pipeline.QR, pipeline.Code128, pipeline.Code39}
	out := make([]Codes, len(kinds))
	for k, kind := range kinds {
		out[k].Kind = kind
		for i, s := range samples {
			if s.Codes != nil && all[i].done && len(all[i].first.read) == 1 {
				out[k].add(*s.Codes, all[i].first.read[0].Codes)
			}
		}
		out[k].Recall = float64(out[k].Right) / float64(max(out[k].There, 1))
		out[k].Precision = float64(out[k].Right) / float64(max(out[k].Found, 1))
	}
	return slices.DeleteFunc(out, func(c Codes) bool { return c.There+c.Found == 0 })
}

// add matches each code of the truth with one that was found.
func (c *Codes) add(truth, found []pipeline.Code) {
	other := func(o pipeline.Code) bool { return o.Kind != c.Kind }
	truth, found = slices.DeleteFunc(slices.Clone(truth), other), slices.DeleteFunc(slices.Clone(found), other)
	c.There, c.Found = c.There+len(truth), c.Found+len(found)
	for _, want := range truth {
		same := func(f pipeline.Code) bool { return f.Text == want.Text && touch(f.Box, want.Box) }
		if at := slices.IndexFunc(found, same); at >= 0 {
			found = slices.Delete(found, at, at+1)
			c.Right++
		}
	}
}

func touch(a, b pipeline.Box) bool {
	return a.X0 < b.X1 && b.X0 < a.X1 && a.Y0 < b.Y1 && b.Y0 < a.Y1
}

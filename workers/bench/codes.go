package bench

import (
	"slices"

	"hoso/pipeline"
)

// Codes is the tally of the codes of a kind. Right is one that says what the truth says,
// where it stands.
type Codes struct {
	Kind pipeline.CodeKind `json:"kind"`
	Tally
}

// codes compares the codes on all pages whose truth lists them.
func codes(samples []Sample, all []outcome) []Codes {
	var out []Codes
	for _, kind := range []pipeline.CodeKind{pipeline.QR, pipeline.Code128, pipeline.Code39} {
		is := func(c pipeline.Code) bool { return c.Kind == kind }
		t := tally(samples, all, func(s Sample, p pipeline.Page) (truth, found []pipeline.Code, ok bool) {
			if s.Codes == nil {
				return nil, nil, false
			}
			return only(*s.Codes, is), only(p.Codes, is), true
		}, func(f, want pipeline.Code) bool { return f.Text == want.Text && touch(f.Box, want.Box) })
		out = append(out, Codes{kind, t})
	}
	return slices.DeleteFunc(out, func(c Codes) bool { return c.There+c.Found == 0 })
}

func touch(a, b pipeline.Box) bool {
	return a.X0 < b.X1 && b.X0 < a.X1 && a.Y0 < b.Y1 && b.Y0 < a.Y1
}

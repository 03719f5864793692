package bench

import "hoso/pipeline"

// Binding counts papers by whether their dossier was found without a person. A wrong one
// is the worst that can happen to a paper: it lies in somebody else's dossier.
type Binding struct {
	By     string `json:"by,omitempty"`
	Group  string `json:"group,omitempty"`
	Papers int    `json:"papers"`
	There  int    `json:"there"` // papers that say the number of their dossier
	Right  int    `json:"right"` // bound to that
	Wrong  int    `json:"wrong"` // bound to another, or without any on the paper
	Asked  int    `json:"asked"` // a person is, though the number is there
	None   int    `json:"none"`  // a person is, and must: the paper says none

	WrongShare Interval `json:"wrong_share"` // of the papers
}

func bindingOf(papers []weighed) Binding {
	b := Binding{Papers: len(papers)}
	for _, p := range papers {
		b.add(p)
	}
	b.WrongShare = proportion(b.Wrong, b.Papers)
	return b
}

func (b *Binding) add(p weighed) {
	want := p.truth(pipeline.FieldDossier)
	if want != "" {
		b.There++
	}
	switch {
	case p.bound.IsZero() && want == "":
		b.None++
	case p.bound.IsZero():
		b.Asked++
	case number(want) == p.bound.Key():
		b.Right++
	default:
		b.Wrong++
	}
}

// truth gives what a field of the paper is.
func (p paper) truth(name pipeline.FieldName) string {
	for _, f := range p.found {
		if f.field == name {
			return f.want
		}
	}
	return ""
}

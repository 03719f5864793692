package pipeline

import (
	"slices"
	"strings"
)

// Need (thành phần hồ sơ) is one paper that a procedure asks for, and what there is of it
// in a dossier.
type Need struct {
	Spec   ComponentSpec `json:"spec"`
	State  NeedState     `json:"state"`
	Papers []PaperID     `json:"papers,omitempty"` // of the dossier
	Reused []string      `json:"reused,omitempty"` // IDs of reuses
}

// NeedState says how a dossier stands with a paper that is asked for.
type NeedState string

// The states of a need.
const (
	NeedMet     NeedState = "met"     // there is one, filed or used again
	NeedComing  NeedState = "coming"  // there is one, not yet filed
	NeedMissing NeedState = "missing" // a paper that must be there is not
	NeedSpare   NeedState = "spare"   // not there, and asked for only in some cases
)

// Checklist holds the papers and reuses of a dossier against what its procedure asks
// for, in the order of the procedure. classOf gives the class of a paper with a title.
// A paper whose component is stated counts for that one; otherwise it counts for the
// first component of its class that has none yet, or else for the last of its class. A
// rejected paper and a withdrawn reuse count for nothing.
func Checklist(specs []ComponentSpec, papers []Paper, reuses []Reuse, classOf func(title string) string) []Need {
	needs := make([]Need, len(specs))
	for i, s := range specs {
		needs[i].Spec = s
	}
	for _, r := range reuses {
		if i := slices.IndexFunc(needs, func(n Need) bool { return n.Spec.Is(r.Component) }); i >= 0 && r.Standing() {
			needs[i].Reused = append(needs[i].Reused, r.ID)
		}
	}
	filed := map[PaperID]bool{}
	for _, p := range papers {
		if p.Kind == Result || p.State == Rejected {
			continue
		}
		if i := needOf(needs, p, classOf); i >= 0 {
			needs[i].Papers = append(needs[i].Papers, p.ID)
			filed[p.ID] = p.Shelved().State == Filed
		}
	}
	for i := range needs {
		needs[i].State = needs[i].standing(filed)
	}
	return needs
}

// Is reports whether name, a component's code or its name, means this component.
func (s ComponentSpec) Is(name string) bool {
	return name != "" && (name == s.Code || strings.EqualFold(name, s.Name))
}

// needOf gives the place of the need that a paper meets, -1 for none.
func needOf(needs []Need, p Paper, classOf func(string) string) int {
	if stated := p.Field(FieldComponent).Value; stated != "" {
		return slices.IndexFunc(needs, func(n Need) bool { return n.Spec.Is(stated) })
	}
	last := -1
	for i, n := range needs {
		if n.Spec.Fits(p, classOf) {
			if last = i; len(n.Papers)+len(n.Reused) == 0 {
				return i
			}
		}
	}
	return last
}

// Fits reports whether a paper may be the one that is asked for: by its class, or where
// no rule tells that, by its title.
func (s ComponentSpec) Fits(p Paper, classOf func(title string) string) bool {
	if s.Class == "" {
		return false
	}
	wanted, class := classOf(s.Class), p.Field(FieldClass).Value
	if wanted != "" || class == s.Class {
		return class != "" && (class == wanted || class == s.Class)
	}
	title := strings.ToUpper(p.Field(FieldTitle).Value)
	return strings.HasPrefix(title, strings.ToUpper(s.Class))
}

func (n Need) standing(filed map[PaperID]bool) NeedState {
	switch {
	case len(n.Reused) > 0 || slices.ContainsFunc(n.Papers, func(id PaperID) bool { return filed[id] }):
		return NeedMet
	case len(n.Papers) > 0:
		return NeedComing
	case n.Spec.Required:
		return NeedMissing
	}
	return NeedSpare
}

// ProcedureOf gives the procedure (mã TTHC) of the dossier of papers: what a person or
// the sender said of any of them goes before what stands on one, and that before what
// a reuse was made for.
func ProcedureOf(papers []Paper, reuses []Reuse) Field {
	best, trust := Field{}, 0
	for _, p := range papers {
		f := p.Field(FieldProcedure)
		if at := f.Source.trust(); f.Value != "" && p.State != Rejected && (at > trust || at == trust && f.Confidence > best.Confidence) {
			best, trust = f, at
		}
	}
	if best.Value == "" {
		for _, r := range reuses {
			if r.Procedure != "" {
				return Field{Name: FieldProcedure, Value: r.Procedure, Confidence: 100, Source: ByPerson}
			}
		}
	}
	return best
}

// trust orders sources, the most trusted highest.
func (s Source) trust() int {
	order := [...]Source{ByOCR, ByFile, ByText, ByQR, ByList, ByAPI, ByPerson}
	return slices.Index(order[:], s) + 1
}

// Field gives the field of a name, the zero Field if there is none. Of several dossier
// numbers it is the best.
func (p Paper) Field(name FieldName) Field {
	for _, f := range p.Fields {
		if f.Name == name {
			return f
		}
	}
	return Field{}
}

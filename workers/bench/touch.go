package bench

import (
	"slices"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/extract"
	"hoso/pipeline/policy"
)

// Rules are what a person must look at, and how classes of papers are told.
type Rules struct {
	Policy  policy.Policy
	Classes extract.Classes
}

// Touch is what a policy costs and what it lets pass: how many fields a person must look
// at, and how many wrong ones nobody looks at.
type Touch struct {
	Papers int       `json:"papers"` // whose truth names fields
	Fields []Touched `json:"fields"`
	// Sweep is the same for all together if every one had the same threshold and none had
	// to be there.
	Sweep   []Swept   `json:"sweep"`
	Binding []Binding `json:"binding"`
}

// Touched counts one field on the papers of a group; "" is all papers.
type Touched struct {
	By    string             `json:"by,omitempty"`
	Group string             `json:"group,omitempty"`
	Name  pipeline.FieldName `json:"name,omitempty"` // "" is all together but the dossier number, see Binding

	Present int `json:"present"` // by the truth
	Asked   int `json:"asked"`   // listed for a person to look at
	Worth   int `json:"worth"`   // of the asked: wrong, or there and not found
	Slipped int `json:"slipped"` // of another value than the truth, or not there, and not asked
	Missing int `json:"missing"` // there, not found, and not asked

	AskedPer   Interval `json:"asked_per_paper"`
	SlippedPer Interval `json:"slipped_per_paper"`
	MissingPer Interval `json:"missing_per_paper"`

	Best float32 `json:"cheapest_sure"` // the threshold of the least cost; see Swept
}

// Swept counts fields under one threshold. Cost is what it costs a hundred papers, in
// fields looked at, if to find and mend a wrong field later costs ten looks.
type Swept struct {
	Sure    float32 `json:"sure"`
	Asked   int     `json:"asked"`
	Worth   int     `json:"worth"`
	Slipped int     `json:"slipped"`
	Cost    float64 `json:"cost_per_100"`
}

const slipCost = 10

// weighed is a paper under a policy.
type weighed struct {
	paper
	asked map[pipeline.FieldName]bool
	bound pipeline.DossierNumber
}

// Touch holds what the first contender read against the rules; nil if no truth names a
// field.
func (q Question) Touch(rules Rules) *Touch {
	samples := paired(q.Samples)
	return touched(rules, samples, outcomes(q.Contenders[0].Name, samples, q.Runs), q.By, q.Now)
}

func touched(rules Rules, samples []Sample, all []outcome, by []string, now time.Time) *Touch {
	var papers []weighed
	for _, p := range papersOf(samples, all, now) {
		papers = append(papers, rules.weigh(p))
	}
	if len(papers) == 0 {
		return nil
	}
	t := &Touch{Papers: len(papers), Fields: touchedOf(papers), Binding: []Binding{bindingOf(papers)}}
	for _, by := range by {
		names, members := membersBy(by, samples)
		for _, name := range names {
			of := only(papers, func(p weighed) bool { return slices.Contains(members[name], p.file) })
			if len(of) == 0 {
				continue
			}
			for _, one := range touchedOf(of) {
				one.By, one.Group = by, name
				t.Fields = append(t.Fields, one)
			}
			b := bindingOf(of)
			b.By, b.Group = by, name
			t.Binding = append(t.Binding, b)
		}
	}
	t.Sweep = sweep(papers, "")
	return t
}

// weigh asks the rules what a person must look at, as the pipeline does: the class is told
// first, and the number, which says whose paper it is.
func (r Rules) weigh(p paper) weighed {
	if class, ok := r.Classes.Field(p.pages); ok {
		p.read = append(p.read, class)
	}
	class, _ := pipeline.FieldOf(p.read, pipeline.FieldClass)
	w := weighed{paper: p, asked: map[pipeline.FieldName]bool{}}
	numbers := only(p.read, func(f pipeline.Field) bool { return f.Name == pipeline.FieldDossier })
	w.bound, _ = extract.Bound(numbers, func(n pipeline.DossierNumber) float32 {
		return r.Policy.For(n.Unit(), class.Value)[pipeline.FieldDossier].Sure
	})
	for _, d := range r.Policy.For(w.bound.Unit(), class.Value).Doubts(p.read) {
		w.asked[d.Name] = true
	}
	w.asked[pipeline.FieldDossier] = w.bound.IsZero()
	return w
}

// of reports whether a field counts under a name.
func (f finding) of(name pipeline.FieldName) bool {
	return f.field == name || name == "" && f.field != pipeline.FieldDossier
}

// touchedOf counts all fields together, then each.
func touchedOf(papers []weighed) []Touched {
	out := []Touched{touchedBy("", papers)}
	for _, name := range pipeline.ReadFields() {
		if one := touchedBy(name, papers); one.Present+one.Asked+one.Slipped > 0 {
			out = append(out, one)
		}
	}
	return out
}

func touchedBy(name pipeline.FieldName, papers []weighed) Touched {
	t := Touched{Name: name}
	var asked, slipped, missing, each share
	for _, p := range papers {
		was := t
		for _, f := range p.found {
			if f.of(name) {
				t.add(f, p.asked[f.field])
			}
		}
		asked.part = append(asked.part, float64(t.Asked-was.Asked))
		slipped.part = append(slipped.part, float64(t.Slipped-was.Slipped))
		missing.part = append(missing.part, float64(t.Missing-was.Missing))
		each.whole = append(each.whole, 1)
	}
	t.AskedPer, t.SlippedPer = share{asked.part, each.whole}.interval(), share{slipped.part, each.whole}.interval()
	t.MissingPer = share{missing.part, each.whole}.interval()
	t.Best = leastCost(sweep(papers, name))
	return t
}

// add counts one field.
func (t *Touched) add(f finding, asked bool) {
	there, found := f.want != "", f.got != ""
	for _, one := range []struct {
		n  *int
		is bool
	}{
		{&t.Present, there},
		{&t.Asked, asked},
		{&t.Worth, asked && !f.right && (there || found)},
		{&t.Slipped, !asked && found && !f.right},
		{&t.Missing, !asked && there && !found},
	} {
		if one.is {
			*one.n++
		}
	}
}

// sweep counts the fields of a name that were read under every threshold.
func sweep(papers []weighed, name pipeline.FieldName) []Swept {
	var all []Swept
	for sure := range policy.Always + 1 {
		s := Swept{Sure: float32(sure)}
		for _, p := range papers {
			for _, f := range p.found {
				if f.of(name) && f.got != "" {
					s.add(f)
				}
			}
		}
		s.Cost = 100 * float64(s.Asked+slipCost*s.Slipped) / float64(len(papers))
		all = append(all, s)
	}
	return all
}

func (s *Swept) add(f finding) {
	asked := f.confidence < float64(s.Sure)
	switch {
	case asked && !f.right:
		s.Asked, s.Worth = s.Asked+1, s.Worth+1
	case asked:
		s.Asked++
	case !f.right:
		s.Slipped++
	}
}

// leastCost gives the lowest threshold of the least cost.
func leastCost(all []Swept) float32 {
	return slices.MinFunc(all, func(a, b Swept) int {
		switch {
		case a.Cost < b.Cost:
			return -1
		case a.Cost > b.Cost:
			return 1
		}
		return 0
	}).Sure
}

// Package policy says what a person must look at before a paper is filed, who signs
// it: an officer, with the key on a token at the desk, or the agency, with the key that
// the service has, or one after the other; and what becomes of a paper that came with
// signatures of its own. That is a matter of those who answer for the papers, not of code: it stands in a file of rules
// for all papers, for a unit with those below it, and for a class of papers.
//
// A doubt holds a paper only where a rule says so. By the rules that come with hoso the
// dossier number alone does, since the citizen is waiting and a wrong number puts the
// paper where nobody finds it; every other doubtful field is listed to be looked at,
// and can be corrected at any time without touching the record.
//
// The thresholds that come with hoso are chosen on 891 generated pages of all layouts so
// that some 60 fields of a hundred papers are to be looked at. To ask for what a paper of
// its class must say pays best: nearly each such question (certificates without an owner,
// decisions without a signer) finds something that is there and was not read. Below a
// confidence of 80, 44 % of the fields are wrong; between 80 and 90, 15 %. What a paper is
// found and judged by is asked below 75 or 80; places, posts and recipients, which few ever
// look for, below 60 to 75. Thresholds chosen for each field alone save no more than three
// wrong fields of a hundred papers over one for all. On 259 other pages a person looks at
// 50 fields of a hundred papers besides the number, 30 of them in need of it; 39 wrong ones
// slip through and 25 are missing without a question, of 1,074 that are there. With
// thresholds for eight fields and nothing that must be there it was 16 looks, 49 wrong and
// 36 missing.
//
// A unit's own rule goes before one for a class of papers, and of two units' rules that
// of the smaller unit: who is nearer to the papers decides. Each part of a field's rule
// is taken from the nearest rule that names it.
package policy

import (
	"cmp"
	"slices"
	"strings"

	"hoso/pipeline"
	"hoso/pipeline/grammar"
)

// Always is the confidence below which everything lies that no person has said.
const Always = 101

// Policy is all rules, the nearest last.
type Policy struct{ rules []rule }

// rule is what one entry of the file says of some fields.
type rule struct {
	unit, class string
	fields      map[pipeline.FieldName]part
	signers     map[pipeline.Lane][]pipeline.Signer // nil says nothing
	arrived     arrived
	sample      *float64 // share of a batch that is looked at a second time; nil says nothing
	line        int
}

// covers reports whether the rule is for the papers of a class that a unit owns.
func (r rule) covers(unit, class string) bool {
	return (r.unit == "" || pipeline.Under(unit, r.unit)) && (r.class == "" || r.class == class)
}

// part is what a rule says of a field; nil says nothing.
type part struct {
	need, hold, check *bool
	sure              *float32
}

// Demand is what is asked of one field.
type Demand struct {
	Need  bool    // it must be there
	Sure  float32 // below this confidence a person must look; 0 never, Always always
	Check bool    // its form must be right
	Hold  bool    // the paper waits for the person
}

// Demands is what is asked of the fields of a paper.
type Demands map[pipeline.FieldName]Demand

// For gives what is asked of the papers of a class that a unit owns.
func (p Policy) For(unit, class string) Demands {
	all := Demands{}
	for _, r := range p.rules {
		if !r.covers(unit, class) {
			continue
		}
		for name, said := range r.fields {
			all[name] = said.over(all[name])
		}
	}
	return all
}

// over gives d with what the part says in its place.
func (p part) over(d Demand) Demand {
	for _, one := range []struct {
		to   *bool
		from *bool
	}{{&d.Need, p.need}, {&d.Hold, p.hold}, {&d.Check, p.check}} {
		if one.from != nil {
			*one.to = *one.from
		}
	}
	if p.sure != nil {
		d.Sure = *p.sure
	}
	return d
}

// nearer orders rules: the farthest from a paper first.
func nearer(a, b rule) int {
	depth := func(r rule) int {
		if r.unit == "" {
			return 0
		}
		return 1 + strings.Count(r.unit, ".")
	}
	return cmp.Or(cmp.Compare(depth(a), depth(b)), cmp.Compare(min(1, len(a.class)), min(1, len(b.class))))
}

// Why says what is doubtful about a field.
type Why string

// The doubts.
const (
	Missing   Why = "missing"
	Unsure    Why = "unsure"
	Misformed Why = "misformed"

	Contradicted Why = "contradicted" // a list beside the scans states one thing and the paper another
)

// Doubt is a field that a person should look at.
type Doubt struct {
	Name pipeline.FieldName `json:"name"`
	Why  Why                `json:"why"`
	Hold bool               `json:"hold,omitempty"` // the paper waits for it
}

// Doubts gives the fields to be looked at, in the order of Names. What a person said is
// never doubted, not even that a field is not there. What a list and the paper contradict
// each other in always holds the paper.
func (d Demands) Doubts(fields []pipeline.Field) []Doubt {
	var all []Doubt
	for _, name := range Names() {
		if why := d[name].doubt(fields, name); why != "" {
			all = append(all, Doubt{name, why, d[name].Hold || why == Contradicted})
		}
	}
	return all
}

// doubt asks of the first field of that name, which is the best.
func (d Demand) doubt(fields []pipeline.Field, name pipeline.FieldName) Why {
	at := slices.IndexFunc(fields, func(f pipeline.Field) bool { return f.Name == name })
	switch {
	case at < 0 && d.Need:
		return Missing
	case at < 0 || fields[at].Source == pipeline.ByPerson:
		return ""
	case contradicted(fields[at:], name):
		return Contradicted
	case d.Check && !Formed(name, fields[at].Value):
		return Misformed
	case fields[at].Confidence < d.Sure:
		return Unsure
	}
	return ""
}

// contradicted reports whether the first of the fields is a list's and another one of its
// name was kept beside it. Dossier numbers have a question of their own.
func contradicted(fields []pipeline.Field, name pipeline.FieldName) bool {
	return name != pipeline.FieldDossier && fields[0].Source == pipeline.ByList &&
		slices.ContainsFunc(fields[1:], func(f pipeline.Field) bool { return f.Name == name })
}

// Holding gives those doubts for which the paper waits.
func Holding(all []Doubt) []Doubt {
	var held []Doubt
	for _, d := range all {
		if d.Hold {
			held = append(held, d)
		}
	}
	return held
}

// Names are the fields that rules can speak of, in the order in which people look at
// them.
func Names() []pipeline.FieldName {
	all := []pipeline.FieldName{pipeline.FieldDossier, pipeline.FieldClass}
	for _, name := range pipeline.ReadFields() {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return append(all, pipeline.FieldComponent)
}

// forms are the fields whose form can be told right from wrong.
func forms() map[pipeline.FieldName]func(string) bool {
	is := func(kinds ...grammar.Kind) func(string) bool {
		return func(value string) bool {
			rules := grammar.Default()
			return slices.ContainsFunc(kinds, func(k grammar.Kind) bool {
				_, err := rules.Parse(k, value)
				return err == nil
			})
		}
	}
	day := func(value string) bool { d, err := pipeline.ParseDay(value); return err == nil && string(d) == value }
	return map[pipeline.FieldName]func(string) bool{
		pipeline.FieldDossier:    is(grammar.Dossier),
		pipeline.FieldProcedure:  is(grammar.Procedure),
		pipeline.FieldNumber:     is(grammar.Document),
		pipeline.FieldOwnerID:    is(grammar.Citizen, grammar.OldID, grammar.Tax),
		pipeline.FieldTax:        is(grammar.Tax),
		pipeline.FieldDate:       day,
		pipeline.FieldValidUntil: day,
	}
}

// Formed reports whether a value has the form of its field; one without a form takes
// any.
func Formed(name pipeline.FieldName, value string) bool {
	form, has := forms()[name]
	return !has || form(value)
}

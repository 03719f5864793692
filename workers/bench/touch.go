package bench

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
	"hoso/pipeline/extract"
	"hoso/pipeline/policy"
)

// Rules are what a person must look at, and how classes of papers are told.
type Rules struct {
	Policy  policy.Policy
	Classes extract.Classes
	Today   time.Time
}

// Touch is what a policy costs and what it lets pass: how many fields a person must look
// at, and how many wrong ones nobody looks at.
type Touch struct {
	Papers int       `json:"papers"` // whose truth names fields
	Fields []Touched `json:"fields"` // the last is all of them
	// Sweep is the same for all fields if every one had the same threshold.
	Sweep []Swept `json:"sweep"`
}

// Touched counts one field.
type Touched struct {
	Name    pipeline.FieldName `json:"name,omitempty"`
	Known   int                `json:"known"`   // papers whose truth names it
	Touched int                `json:"touched"` // looked at by a person
	Wrong   int                `json:"wrong"`   // of another value than the truth, or missing
	Slipped int                `json:"slipped"` // wrong and not looked at
}

// Swept counts all fields under one threshold.
type Swept struct {
	Sure float32 `json:"sure"`
	Touched
}

// per is a count for a hundred papers.
func (t Touch) per(n int) float64 { return 100 * float64(n) / float64(max(1, t.Papers)) }

// The thresholds of the sweep.
const (
	sweepFrom = 50
	sweepTo   = 99
)

// settled is a field of a paper whose truth is known.
type settled struct {
	name  pipeline.FieldName
	read  []pipeline.Field // of all names
	needs policy.Demands
	wrong bool
}

// Touch holds what the first contender read against the rules; nil if no truth names a
// field.
func (q Question) Touch(rules Rules) (*Touch, error) {
	samples := paired(q.Samples)
	return touched(rules, samples, outcomes(q.Contenders[0].Name, samples, q.Runs))
}

func touched(rules Rules, samples []Sample, all []outcome) (*Touch, error) {
	var t Touch
	var fields []settled
	for i, s := range samples {
		if !all[i].done || all[i].first.read == nil {
			continue
		}
		truth, err := s.fields()
		if err != nil {
			return nil, err
		}
		if len(truth) > 0 {
			t.Papers++
			fields = append(fields, rules.judge(truth, all[i].first.read)...)
		}
	}
	if t.Papers == 0 {
		return nil, nil //nolint:nilnil // there is nothing to tell
	}
	sum := Touched{}
	for _, name := range policy.Names() {
		if one := count(name, fields, settled.asked); one.Known > 0 {
			t.Fields = append(t.Fields, one)
			sum = Touched{"", sum.Known + one.Known, sum.Touched + one.Touched, sum.Wrong + one.Wrong, sum.Slipped + one.Slipped}
		}
	}
	t.Fields = append(t.Fields, sum)
	for sure := float32(sweepFrom); sure <= sweepTo; sure++ {
		t.Sweep = append(t.Sweep, Swept{sure, count("", fields, func(j settled) bool { return j.askedBelow(sure) })})
	}
	return &t, nil
}

// fields gives the fields that the file beside a scan names.
func (s Sample) fields() (map[pipeline.FieldName]string, error) {
	about, known, err := optional(s.stem() + ".json")
	if err != nil || !known {
		return nil, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(about, &members); err != nil {
		return nil, nil //nolint:nilerr // of another form: it serves others
	}
	truth := map[pipeline.FieldName]string{}
	for _, name := range policy.Names() {
		if raw, ok := members[string(name)]; ok && name != pipeline.FieldClass { // there class is how the page looks
			truth[name] = member[string](raw)
		}
	}
	return truth, nil
}

// judge compares the fields that stand on pages with the truth.
func (r Rules) judge(truth map[pipeline.FieldName]string, pages []pipeline.Page) []settled {
	read := extract.Fields(pages, r.Today)
	if class, ok := r.Classes.Field(pages); ok {
		read = append(read, class)
	}
	unit := ""
	if f, ok := pipeline.FieldOf(read, pipeline.FieldDossier); ok {
		if n, err := pipeline.ParseDossierNumber(f.Value); err == nil {
			unit = n.Unit()
		}
	}
	class, _ := pipeline.FieldOf(read, pipeline.FieldClass)
	needs := r.Policy.For(unit, class.Value)
	var all []settled
	for name, want := range truth {
		got, _ := pipeline.FieldOf(read, name)
		all = append(all, settled{name, read, needs, !sameValue(name, got.Value, want)})
	}
	return all
}

// sameValue compares values as people would: a dossier number by what it names.
func sameValue(name pipeline.FieldName, got, want string) bool {
	if name == pipeline.FieldDossier {
		g, _ := pipeline.ParseDossierNumber(got)
		w, _ := pipeline.ParseDossierNumber(want)
		return g.Key() == w.Key()
	}
	even := func(s string) string { return strings.Join(strings.Fields(norm.NFC.String(s)), " ") }
	return even(got) == even(want)
}

// asked reports whether the policy has a person look at the field.
func (j settled) asked() bool {
	for _, d := range j.needs.Doubts(j.read) {
		if d.Name == j.name {
			return true
		}
	}
	return false
}

// askedBelow reports whether one would look at it under a threshold alone.
func (j settled) askedBelow(sure float32) bool {
	f, has := pipeline.FieldOf(j.read, j.name)
	return has && f.Confidence < sure
}

// count counts the fields of a name, "" for all.
func count(name pipeline.FieldName, fields []settled, asked func(settled) bool) Touched {
	t := Touched{Name: name}
	for _, j := range fields {
		if name != "" && j.name != name {
			continue
		}
		t.Known++
		looked := asked(j)
		for _, one := range []struct {
			n  *int
			is bool
		}{{&t.Touched, looked}, {&t.Wrong, j.wrong}, {&t.Slipped, j.wrong && !looked}} {
			if one.is {
				*one.n++
			}
		}
	}
	return t
}

// printTouch tells what a policy costs, for a hundred papers.
func (r Report) printTouch(t *table) {
	if r.Touch == nil {
		return
	}
	row := func(name string, c Touched) []string {
		rows := []string{name, fmt.Sprint(c.Known)}
		for _, n := range []int{c.Touched, c.Wrong, c.Slipped} {
			rows = append(rows, fmt.Sprintf("%.1f", r.Touch.per(n)))
		}
		return rows
	}
	rows := [][]string{{"field", "known", "touched", "wrong", "slipped"}}
	for _, f := range r.Touch.Fields {
		name := string(f.Name)
		if name == "" {
			name = "all"
		}
		rows = append(rows, row(name, f))
	}
	t.section(fmt.Sprintf("fields a person must look at, per 100 of %d papers", r.Touch.Papers), rows)
	rows = [][]string{{"threshold", "known", "touched", "wrong", "slipped"}}
	for _, s := range r.Touch.Sweep {
		if int(s.Sure)%5 == 0 || s.Sure == sweepTo {
			rows = append(rows, row(fmt.Sprintf("%.0f", s.Sure), s.Touched))
		}
	}
	t.section("the same under one threshold for all fields", rows)
}

package bench

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"
	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
	"hoso/pipeline/extract"
)

// Fields is what a paper says of itself, by field. One that is not in it does not stand on
// the paper.
type Fields map[pipeline.FieldName]string

// fieldsOf reads the fields among the members of a truth, whose names are those of fields.
func fieldsOf(members map[string]json.RawMessage) Fields {
	var all Fields
	for _, name := range pipeline.ReadFields() {
		if value := member[string](members[string(name)]); value != "" {
			if all == nil {
				all = Fields{}
			}
			all[name] = value
		}
	}
	return all
}

// FieldScore says how a field was found on the pages of a group; "" is all pages.
type FieldScore struct {
	By    string             `json:"by,omitempty"`
	Group string             `json:"group,omitempty"`
	Field pipeline.FieldName `json:"field"` // "" is all fields together

	There  int `json:"there"`  // by the truth
	Found  int `json:"found"`  // whatever it says
	Right  int `json:"right"`  // and what the truth says
	Wrong  int `json:"wrong"`  // and something else, or what is not there
	Nearly int `json:"nearly"` // of the wrong, texts that are one letter off
	Missed int `json:"missed"` // there, and nothing was found

	Precision Interval `json:"precision"`
	Recall    Interval `json:"recall"`
	F1        Interval `json:"f1"`

	SureRight float64 `json:"confidence_right"` // mean, 0 to 100
	SureWrong float64 `json:"confidence_wrong"`
}

// FieldReport is all that is known of how fields were found.
type FieldReport struct {
	Scores      []FieldScore `json:"scores"`
	Calibration Calibration  `json:"calibration"` // of fields that were read, and not stated by codes
}

// finding is one field of one file.
type finding struct {
	file       int
	field      pipeline.FieldName
	want, got  string
	confidence float64
	read       bool
	right      bool
	nearly     bool
}

// fieldReport scores the fields of all files whose truth names any; nil if there are none.
func fieldReport(samples []Sample, all []outcome, by []string, now time.Time) *FieldReport {
	found := findings(papersOf(samples, all, now))
	if len(found) == 0 {
		return nil
	}
	r := &FieldReport{Scores: scoresOf(found)}
	for _, by := range by {
		names, members := membersBy(by, samples)
		for _, name := range names {
			of := slices.DeleteFunc(slices.Clone(found), func(f finding) bool { return !slices.Contains(members[name], f.file) })
			for _, s := range scoresOf(of) {
				if by == "layout" || s.Field == "" {
					s.By, s.Group = by, name
					r.Scores = append(r.Scores, s)
				}
			}
		}
	}
	var judged []Judged
	for _, f := range found {
		if f.read {
			judged = append(judged, Judged{Text: f.got, Confidence: f.confidence, Right: f.right})
		}
	}
	r.Calibration = Calibrate(judged)
	return r
}

// paper is what was read on a file, held against its truth.
type paper struct {
	file  int
	read  []pipeline.Field // the best of a name first
	pages []pipeline.Page
	found []finding // one for each field that can be read, on the paper or not
}

// papersOf holds what is found on every file whose truth names fields against that.
func papersOf(samples []Sample, all []outcome, now time.Time) []paper {
	c := comparer()
	var out []paper
	for i, s := range samples {
		if s.Fields == nil || !all[i].done || len(all[i].first.read) == 0 {
			continue
		}
		p := paper{file: i, pages: all[i].first.read, read: extract.Fields(all[i].first.read, now)}
		for _, name := range pipeline.ReadFields() {
			p.found = append(p.found, c.finding(i, name, s.Fields[name], p.read))
		}
		out = append(out, p)
	}
	return out
}

// findings are the fields that papers bear, or seem to.
func findings(papers []paper) []finding {
	var out []finding
	for _, p := range papers {
		out = append(out, only(p.found, func(f finding) bool { return f.want != "" || f.got != "" })...)
	}
	return out
}

// finding judges one field; of several dossier numbers the best one counts, unless it is
// another paper's.
func (c compare) finding(file int, name pipeline.FieldName, want string, read []pipeline.Field) finding {
	got, _ := pipeline.FieldOf(read, name)
	if name == pipeline.FieldDossier && got.Confidence <= extract.AtMostCited {
		got = pipeline.Field{}
	}
	f := finding{file: file, field: name, want: want, got: got.Value, confidence: float64(got.Confidence)}
	f.read = f.got != "" && (got.Source == pipeline.ByOCR || got.Source == pipeline.ByText)
	f.right, f.nearly = c.same(f)
	return f
}

// compare holds values against each other as a person would: letters count, capitals and
// the custom by which the tones of oa, oe and uy are placed do not, in numbers spaces do
// not, and in those of dossiers the way of writing them does not.
type compare struct{ tones *strings.Replacer }

func comparer() compare {
	var pairs []string
	const from, to = "òaóaỏaõaọaòeóeỏeõeọeùyúyủyũyụy", "oàoáoảoãoạoèoéoẻoẽoẹuỳuýuỷuỹuỵ"
	a, b := []rune(from), []rune(to)
	for i := 0; i < len(a); i += 2 {
		pairs = append(pairs, string(a[i:i+2]), string(b[i:i+2]))
	}
	return compare{strings.NewReplacer(pairs...)}
}

func (c compare) same(f finding) (right, nearly bool) {
	if f.want == "" || f.got == "" {
		return false, false
	}
	if f.field == pipeline.FieldDossier {
		return number(f.want) == number(f.got), false
	}
	if !isText(f.field) {
		return solid(f.want) == solid(f.got), false
	}
	want, got := c.text(f.want), c.text(f.got)
	if want == got {
		return true, false
	}
	return false, levenshtein.ComputeDistance(want, got) <= 1
}

func (c compare) text(s string) string {
	s = c.tones.Replace(strings.ToLower(strings.Join(strings.Fields(plain(s)), " ")))
	return strings.TrimPrefix(s, "v/v ") // a truth may give a subject with these words
}

// number gives what a dossier number names, however it is written; what is none is itself.
func number(s string) string {
	if n, err := pipeline.ParseDossierNumber(s); err == nil {
		return n.Key()
	}
	return solid(s)
}

func solid(s string) string { return norm.NFC.String(strings.Join(strings.Fields(s), "")) }

// isText tells words from numbers.
func isText(name pipeline.FieldName) bool {
	return slices.Contains([]pipeline.FieldName{
		pipeline.FieldTitle, pipeline.FieldSubject, pipeline.FieldIssuer, pipeline.FieldParent, pipeline.FieldIssuerName,
		pipeline.FieldPlace, pipeline.FieldAddressee, pipeline.FieldRecipients, pipeline.FieldSigner, pipeline.FieldAuthority,
		pipeline.FieldPost, pipeline.FieldOwnerName, pipeline.FieldOwnerAddress,
	}, name)
}

// scoresOf adds findings up: all fields together, then each.
func scoresOf(all []finding) []FieldScore {
	out := []FieldScore{scoreOf("", all)}
	for _, name := range pipeline.ReadFields() {
		of := only(all, func(f finding) bool { return f.field == name })
		if len(of) > 0 {
			out = append(out, scoreOf(name, of))
		}
	}
	return out
}

func scoreOf(name pipeline.FieldName, all []finding) FieldScore {
	s := FieldScore{Field: name}
	var right, found, there sums
	for _, f := range all {
		r, g, w := f.count()
		s.There, s.Found, s.Right, s.Missed = s.There+w, s.Found+g, s.Right+r, s.Missed+max(0, w-g)
		if f.nearly {
			s.Nearly++
		}
		if f.right {
			s.SureRight += f.confidence
		} else {
			s.SureWrong += f.confidence
		}
		right.add(f.file, r)
		found.add(f.file, g)
		there.add(f.file, w)
	}
	s.Wrong = s.Found - s.Right
	s.SureRight, s.SureWrong = s.SureRight/float64(max(s.Right, 1)), s.SureWrong/float64(max(s.Wrong, 1))
	s.Precision, s.Recall = share{right.of, found.of}.interval(), share{right.of, there.of}.interval()
	both := make([]float64, len(right.of))
	for i := range both {
		both[i] = (found.of[i] + there.of[i]) / 2
	}
	s.F1 = share{right.of, both}.interval()
	return s
}

// count tells whether a finding is right, found and there, as numbers to add.
func (f finding) count() (right, found, there int) {
	one := func(yes bool) int {
		if yes {
			return 1
		}
		return 0
	}
	return one(f.right), one(f.got != ""), one(f.want != "")
}

// sums are numbers for each file: what is drawn anew for intervals is files.
type sums struct {
	last int
	of   []float64
}

func (s *sums) add(file, n int) {
	if len(s.of) == 0 || file != s.last {
		s.of, s.last = append(s.of, 0), file
	}
	s.of[len(s.of)-1] += float64(n)
}

package extract

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/grammar"
)

// anchor is a number that the words before it tell.
type anchor struct {
	field pipeline.FieldName
	kind  grammar.Kind
	word  string         // without which no line is looked at; folded
	label *regexp.Regexp // ends what stands before it; nil if the grammar asks for its own
	value bool           // tell it as all ways of writing have it, and not as printed
	cited bool           // running text cites those of others: only entries of a form are its own
}

var (
	procedureLabel = regexp.MustCompile(`MA (?:SO )?(?:TTHC|THU TUC)[A-Z :.,(]{0,24}$`)
	taxLabel       = regexp.MustCompile(`(?:MA SO|MST|MA DOANH NGHIEP)[A-Z :.,/]{0,40}$`)
	validLabel     = regexp.MustCompile(`(?:CO GIA TRI|CO HIEU LUC|GIA TRI SU DUNG|DATE OF EXPIRY)[A-Z :./]{0,20}$`)

	serialAlone = regexp.MustCompile(`^[^\p{L}0-9]*([A-ZĐ]{2} ?[0-9]{6,8})(?:\s|$)`)
	plotAndMap  = regexp.MustCompile(`THUA DAT SO\s*[;,.:]\s*TO BAN DO SO[^0-9A-Z]{0,8}([0-9]{1,5})\s*[;,]\s*([0-9]{1,4})\b`)
)

func anchors() []anchor {
	return []anchor{
		{field: pipeline.FieldProcedure, kind: grammar.Procedure, word: "T", label: procedureLabel, cited: true},
		{field: pipeline.FieldTax, kind: grammar.Tax, word: "M", label: taxLabel, cited: true},
		{field: pipeline.FieldLandSerial, kind: grammar.LandSerial, word: "S"},
		{field: pipeline.FieldLandBook, kind: grammar.LandRegister, word: "SO VAO SO"},
		{field: pipeline.FieldLandPlot, kind: grammar.Parcel, word: "THUA DAT SO", cited: true},
		{field: pipeline.FieldLandMap, kind: grammar.MapSheet, word: "BAN DO SO", cited: true},
		{field: pipeline.FieldCertification, kind: grammar.Certification, word: "CHUNG THUC"},
		{field: pipeline.FieldCertBook, kind: grammar.Book, word: "QUYEN SO"},
		{field: pipeline.FieldValidUntil, kind: grammar.Date, word: "DEN", label: validLabel, value: true},
	}
}

// anchored finds the first number of each kind. One dossier may be of several procedures
// and one book of many numbers; what a paper itself is called by stands before what it
// cites.
func anchored(sheets []sheet, today time.Time) []pipeline.Field {
	rules := grammar.Default()
	rules.Today = today
	var out []pipeline.Field
	for _, a := range anchors() {
		for _, s := range sheets {
			if f, ok := a.on(s, &rules); ok {
				out = append(out, f)
				break
			}
		}
	}
	return append(out, ofLand(sheets, out)...)
}

func (a anchor) on(s sheet, rules *grammar.Rules) (pipeline.Field, bool) {
	for i, l := range s.lines {
		if !strings.Contains(l.folded, a.word) || a.cited && !s.inEntry(i) {
			continue
		}
		text := l
		if i+1 < len(s.lines) && near(l, s.lines[i+1]) {
			text = l.and(s.lines[i+1])
		}
		for _, m := range rules.Find(a.kind, text.text) {
			if a.stands(text, m) {
				return a.made(s, text, m), true
			}
		}
	}
	return pipeline.Field{}, false
}

// stands reports whether the label of a number stands before it.
func (a anchor) stands(text line, m grammar.Match) bool {
	if a.label == nil {
		return m.Labelled
	}
	return a.label.MatchString(fold(text.text[:m.Start]))
}

func (a anchor) made(s sheet, text line, m grammar.Match) pipeline.Field {
	f := s.matched(a.field, text, m, certain)
	if a.value {
		f.Value = m.Value
	}
	return f
}

// inEntry reports whether a line belongs to an entry of a form: a label with a colon begins
// it or one of the lines before it in its paragraph.
func (s sheet) inEntry(i int) bool {
	for back := range 3 {
		switch {
		case i < back:
			return false
		case labelled.MatchString(s.lines[i-back].folded):
			return strings.Contains(s.lines[i-back].folded, ":")
		case i == back, !near(s.lines[i-back-1], s.lines[i-back]), strings.HasSuffix(s.lines[i-back-1].text, "."), beginsLarge(s.lines[i-back].text):
			return false
		}
	}
	return false
}

// ofLand finds what land certificates say without a label: their serial in red, and plot
// and map in a table.
func ofLand(sheets []sheet, known []pipeline.Field) []pipeline.Field {
	found := map[pipeline.FieldName]bool{}
	for _, f := range known {
		found[f.Name] = true
	}
	var out []pipeline.Field
	add := func(f pipeline.Field) {
		if !found[f.Name] {
			found[f.Name] = true
			out = append(out, f)
		}
	}
	for _, s := range sheets {
		if !slices.ContainsFunc(s.lines, func(l line) bool { return strings.Contains(l.folded, "SU DUNG DAT") }) {
			continue
		}
		for _, l := range s.lines {
			if m := serialAlone.FindStringSubmatchIndex(l.text); m != nil {
				at := len(fold(l.text[:m[2]]))
				add(s.field(pipeline.FieldLandSerial, strings.ReplaceAll(l.text[m[2]:m[3]], " ", ""), []line{l.cut(at, at+len(fold(l.text[m[2]:m[3]])))}, likely))
			}
			if m := plotAndMap.FindStringSubmatchIndex(l.folded); m != nil {
				add(s.field(pipeline.FieldLandPlot, l.folded[m[2]:m[3]], []line{l.cut(m[2], m[3])}, likely))
				add(s.field(pipeline.FieldLandMap, l.folded[m[4]:m[5]], []line{l.cut(m[4], m[5])}, likely))
			}
		}
	}
	return out
}

// matched makes a field of an identifier in the text of a line.
func (s sheet) matched(name pipeline.FieldName, l line, m grammar.Match, sure float64) pipeline.Field {
	from := len(fold(l.text[:m.Start]))
	f := s.field(name, m.Printed, []line{l.cut(from, from+len(fold(l.text[m.Start:m.End])))}, sure)
	for range m.Misread() {
		f.Confidence *= misreadOff
	}
	return f
}

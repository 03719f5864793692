package extract

import (
	"slices"

	"hoso/pipeline"
)

// Known is an agency of the list that a printed name may mean. Score is 100 for a name that
// is the same but for capitals, abbreviations and the place of tone marks.
type Known struct {
	Code  string
	Name  string
	Score float64
}

// Lookup gives the agencies that a printed name may mean on a day, the likeliest first.
type Lookup func(name string, day pipeline.Day) []Known

// What the list of agencies does to the confidence in an issuer.
const (
	sameName  = 100.0
	listedAt  = 98  // at least, if the list has the very name
	nearAt    = 90  // at most, for the code where a letter or a tone differs
	nearOff   = 0.5 // of the printed name then: it was misread
	absentOff = 0.9 // of a name that the list has not
)

// Resolve adds which agency of the list issued the paper, if there is exactly one that may
// be meant: its code, and its name as listed. The printed name stays as it is; the list
// makes it surer or less sure. What a person said is left alone. A nil lookup is no list.
func Resolve(fields []pipeline.Field, named Lookup) []pipeline.Field {
	at := slices.IndexFunc(fields, func(f pipeline.Field) bool { return f.Name == pipeline.FieldIssuer })
	if at < 0 || named == nil {
		return fields
	}
	out := slices.Clone(fields)
	issuer := &out[at]
	found := candidates(fields, issuer.Value, named)
	sure := issuer.Confidence
	if issuer.Source != pipeline.ByPerson {
		issuer.Confidence = asListed(sure, found)
	}
	if len(found) != 1 {
		return out
	}
	for name, value := range map[pipeline.FieldName]string{pipeline.FieldIssuerCode: found[0].Code, pipeline.FieldIssuerName: found[0].Name} {
		f := pipeline.Field{Name: name, Value: value, Confidence: max(sure, listedAt), Source: issuer.Source, Page: issuer.Page, Box: issuer.Box}
		if found[0].Score < sameName {
			f.Confidence = min(sure, nearAt)
		}
		if !slices.ContainsFunc(out, func(f pipeline.Field) bool { return f.Name == name && f.Source == pipeline.ByPerson }) {
			out = pipeline.WithField(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b pipeline.Field) int { return order(a.Name) - order(b.Name) })
	return out
}

// order keeps code and name of the issuer in one order, and all else as it stood.
func order(name pipeline.FieldName) int {
	return slices.Index([]pipeline.FieldName{pipeline.FieldIssuerCode, pipeline.FieldIssuerName}, name)
}

// candidates asks for the name behind that of the superior agency first, which tells apart
// agencies of one name.
func candidates(fields []pipeline.Field, name string, named Lookup) []Known {
	day := issued(fields)
	for _, f := range fields {
		if f.Name != pipeline.FieldParent {
			continue
		}
		if found := named(f.Value+" "+name, day); len(found) == 1 {
			return found
		}
	}
	return named(name, day)
}

// issued is the day of issue; no day asks for all times.
func issued(fields []pipeline.Field) pipeline.Day {
	for _, f := range fields {
		if f.Name != pipeline.FieldDate {
			continue
		}
		if day, err := pipeline.ParseDay(f.Value); err == nil {
			return day
		}
	}
	return ""
}

// asListed is the confidence in a printed name after the list was asked.
func asListed(sure float32, found []Known) float32 {
	switch {
	case len(found) == 0:
		return sure * absentOff
	case found[0].Score >= sameName:
		return max(sure, listedAt)
	}
	return sure * nearOff
}

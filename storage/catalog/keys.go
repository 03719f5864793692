package catalog

import (
	"slices"
	"strings"
	"unicode/utf8"

	"hoso/pipeline"
	"hoso/pipeline/grammar"
	"hoso/storage/catalog/fold"
)

// keys are the columns of a paper that it is looked up by and counted by. Each is "" if
// the paper says nothing of it.
type keys struct {
	counter  string // of the number, seven digits read backwards: the end is its beginning
	holder   string // the owner's number
	document string // the document's own number and symbol, see documentKey
	issued   string // ISO 8601
	class    string
	batch    string
}

func keysOf(p pipeline.Paper) keys {
	k := keys{counter: backwards(counterOf(p.Dossier.Key())), batch: short(storableForm(p.Batch))}
	if p.Withheld() {
		return k
	}
	for _, f := range p.Fields {
		value := storableForm(f.Value)
		switch f.Name {
		case pipeline.FieldOwnerID:
			k.holder = holderKey(value)
		case pipeline.FieldNumber:
			k.document = documentKey(value)
		case pipeline.FieldDate:
			k.issued = dayKey(value)
		case pipeline.FieldClass:
			k.class = short(value)
		default:
		}
	}
	return k
}

// counterOf gives the counter of a dossier key.
func counterOf(key string) string { return key[strings.LastIndexByte(key, '-')+1:] }

// backwards gives ASCII text from its end to its beginning.
func backwards(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

// holderKey gives the digits of an owner's number.
func holderKey(s string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	if len(digits) > 20 {
		return ""
	}
	return digits
}

// documentKey gives the number and symbol of a document as they are compared: without
// spaces, marks and case, and without zeros that fill the number up. The stroke of Đ is
// what recognizers lose first, and no two symbols differ in it alone.
func documentKey(s string) string {
	rules := grammar.Default()
	if m, err := rules.Parse(grammar.Document, s); err == nil {
		s = m.Value
	}
	s = strings.TrimLeft(strings.Join(strings.Fields(fold.Text(s)), ""), "0")
	if utf8.RuneCountInString(s) > 60 {
		return ""
	}
	return s
}

// dayKey gives a day of ISO 8601, "" for anything else.
func dayKey(s string) string {
	day, err := pipeline.ParseDay(s)
	if err != nil {
		return ""
	}
	return string(day)
}

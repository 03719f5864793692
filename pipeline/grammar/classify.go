package grammar

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Words is the kind of a query that is no identifier, or may as well be none.
const Words Kind = "words"

// Code is the kind of a query that is a digitization code. What those look like is set by
// each province, so that only who keeps the list of them knows one.
const Code Kind = "code"

// Part is where in an identifier what was typed of it stands.
type Part string

// The parts.
const (
	Whole     Part = "whole"
	Beginning Part = "beginning"
	Middle    Part = "middle"
	Tail      Part = "tail"
)

// Guess is what a query may mean: an identifier, or a part of one.
type Guess struct {
	Kind   Kind
	Part   Part
	Values []string // each the Value of a Match, or that part of one; the likeliest first
}

// Fits reports whether an identifier with this value may be meant.
func (g Guess) Fits(kind Kind, value string) bool {
	if g.Kind != kind {
		return false
	}
	return slices.ContainsFunc(g.Values, func(v string) bool {
		switch g.Part {
		case Whole:
			return value == v
		case Beginning:
			return strings.HasPrefix(value, v)
		case Middle:
			return strings.Contains(value, v)
		case Tail:
			return strings.HasSuffix(value, v)
		}
		return false
	})
}

// longest is how many bytes an identifier with its label takes at most.
const longest = 200

// query is what was typed, in the ways the rules look at it.
type query struct {
	text  string // one space between words
	solid string // capitals without spaces
	plain string // capitals without marks
}

// Classify tells what a clerk may mean who types s into a search box: the number of a
// dossier in any form, its beginning, middle or tail, another identifier or a part of
// one, or words. The best guess comes first, and words, which are always possible, last,
// unless the text looks more like words than like anything else.
func (r *Rules) Classify(s string) []Guess {
	q := query{text: strings.Join(strings.Fields(look(s).text), " ")}
	if q.text == "" {
		return nil
	}
	q.solid = strings.ToUpper(strings.ReplaceAll(q.text, " ", ""))
	q.plain = fold(q.text)
	words := Guess{Words, Whole, []string{q.text}}
	if len(q.text) > longest {
		return []Guess{words}
	}
	symbols := r.symbols(q)
	if !strings.ContainsAny(q.text, "0123456789") {
		if strings.ContainsFunc(q.text, unicode.IsLower) && len(symbols) > 0 && !strings.Contains(symbols[0].Values[0], "Đ") && q.text[0] != '/' {
			return append([]Guess{words}, symbols...) // covid-sars
		}
		return append(symbols, words)
	}
	all := r.wholes(q)
	rules := []func(query) []Guess{r.citizens, r.dossiers, r.codes, dates, lastSix}
	if strings.HasPrefix(q.solid, "00") && len(q.solid) == 7 { // a long counter
		rules[0], rules[1] = rules[1], rules[0]
	}
	for _, rule := range rules {
		all = append(all, rule(q)...)
	}
	return append(append(all, symbols...), words)
}

// wholes gives the identifiers that a query is, alone or behind its label.
func (r *Rules) wholes(q query) []Guess {
	var all []Guess
	add := func(m Match) {
		if !slices.ContainsFunc(all, func(g Guess) bool { return g.Fits(m.Kind, m.Value) }) {
			all = append(all, Guess{m.Kind, Whole, []string{m.Value}})
		}
	}
	for _, m := range r.FindAll(q.text) {
		if m.Labelled && m.End == len(q.text) && len(m.Repairs) == 0 {
			add(m)
		}
	}
	for _, k := range [...]Kind{Dossier, Insurance, Component, Result, Procedure, Date, Citizen, Tax, Phone, OldID, LandSerial, Book, Money} {
		if m, err := r.Parse(k, q.text); err == nil && tells(m) {
			add(m)
		}
	}
	for _, text := range [...]string{q.solid, q.text} { // with small letters only in TTr
		if m, err := r.Parse(Document, r.Stroked(text)); err == nil && tells(m) {
			add(m)
		}
	}
	return all
}

// tells reports whether an identifier without a label cannot be a part of another.
func tells(m Match) bool {
	switch m.Kind {
	case Document:
		return hyphened(m.Printed)
	case Money:
		return currency(m.Printed)
	case LandSerial:
		return m.Facts.Symbol != "KQ"
	default:
		return true
	}
}

var (
	cutOldUnit = regexp.MustCompile(`^(?:\d{2}\.){1,2}[A-Z]\d{2}(?:-[0-9-]*)?$`)
	firstLevel = regexp.MustCompile(`^(?:[A-Z]\d{2})(-\d.*)$`)
	dayOn      = regexp.MustCompile(`^(?:\.?((?:\d{2,3}\.)*\d{2,3})?-)?(\d{8}|\d{6})(-\d{0,7})?$`)
	groupOn    = regexp.MustCompile(`^(?:\.?((?:\d{2,3}\.)*\d{2,3}))?-(\d{0,8})$`)
	count      = regexp.MustCompile(`^-?(\d{3,7})$`)
	groups     = regexp.MustCompile(`^\.?((?:\d{2,3}\.)*\d{2,3})\.?$`)
)

// dossiers gives the parts of a dossier's key that a query can stand for.
func (r *Rules) dossiers(q query) []Guess {
	s := q.solid
	if cutOldUnit.MatchString(s) { // 15.H42: zeros are left out on the left
		s = "000.00.00."[:10-3*strings.Count(s, ".")] + s
	}
	if p := Prefixes(s); len(p) > 0 {
		all := guesses(Beginning, p)
		if m := firstLevel.FindStringSubmatch(s); m != nil { // H42-22 of 000.00.15.H42-22
			all = append(all, r.figures(m[1])...)
		}
		return all
	}
	return r.figures(s)
}

// figures gives what a query without the letter of a unit can stand for.
func (r *Rules) figures(s string) []Guess {
	if m := dayOn.FindStringSubmatch(s); m != nil {
		if all := r.fromDay(m); all != nil {
			return append(all, counters(s)...)
		}
	}
	all := append(counters(s), unitGroups(s)...)
	if m := groupOn.FindStringSubmatch(s); m != nil {
		head := "-"
		if m[1] != "" {
			head = "." + m[1] + "-"
		}
		all = append(all, guesses(Middle, prefixed(head, datePrefixes(m[2])))...)
	}
	return all
}

// fromDay reads the groups before a day, the day, and what is typed of the counter.
func (r *Rules) fromDay(m []string) []Guess {
	date := longDate(m[2])
	if _, ok := r.Dossiers.Day(number(date[:4]), number(date[4:6]), number(date[6:])); !ok {
		return nil
	}
	head := "-"
	if m[1] != "" {
		head = "." + m[1] + "-"
	}
	counter := strings.TrimPrefix(m[3], "-")
	switch {
	case m[3] == "" || counter == "":
		return guesses(Middle, []string{head + date + "-"})
	case len(counter) < 4:
		return guesses(Middle, prefixed(head, counterPrefixes(date, counter)))
	}
	whole := head + date + "-" + longCounter(counter, len(counter))
	return append(guesses(Tail, []string{whole}), guesses(Middle, prefixed(head, counterPrefixes(date, counter)))...)
}

// counters reads a counter: the whole of it, or the end of a longer one.
func counters(s string) []Guess {
	m := count.FindStringSubmatch(s)
	switch {
	case m == nil:
		return nil
	case len(m[1]) < 4:
		return guesses(Tail, []string{m[1]})
	case strings.HasPrefix(s, "-"):
		return guesses(Tail, []string{"-" + longCounter(m[1], len(m[1]))})
	}
	return guesses(Tail, []string{"-" + longCounter(m[1], len(m[1])), m[1]})
}

// unitGroups reads groups of a unit code, in the order of either form.
func unitGroups(s string) []Guess {
	m := groups.FindStringSubmatch(s)
	if m == nil || len(m[1]) < 3 {
		return nil
	}
	old := slices.DeleteFunc(strings.Split(m[1], "."), isZero)
	if len(old) == 0 {
		return nil
	}
	var values []string
	if !strings.Contains("."+m[1]+".", ".00") {
		values = []string{"." + m[1]}
	}
	slices.Reverse(old)
	if v := "." + strings.Join(old, "."); !slices.Contains(values, v) {
		values = append(values, v)
	}
	return guesses(Middle, values)
}

// guesses gives one about a dossier's number, if there is any.
func guesses(p Part, values []string) []Guess {
	if len(values) == 0 {
		return nil
	}
	return []Guess{{Dossier, p, values}}
}

var (
	partProcedure = regexp.MustCompile(`^[1-9]\.\d{1,6}(?:\.[0.]*(?:[A-Z]\d{0,2})?)?$`)
	partResult    = regexp.MustCompile(`^KQ\.(?:[A-Z](?:\d{1,2}(?:\.\d{0,6})?)?)?$`)
	endComponent  = regexp.MustCompile(`^-?KQ\d{6}$`)
	partDomain    = regexp.MustCompile(`^[A-Z]\d{2}-(?:[A-Z][A-Z0-9]{0,9})?$`)
	beginDocument = regexp.MustCompile(`^(\d{1,6})/((?:\d{4}/?)?(?:[A-ZĐƯ][A-ZĐƯ0-9&-]*)?)$`)
)

// codes gives the parts of codes and of numbers of documents.
func (r *Rules) codes(q query) []Guess {
	var all []Guess
	for _, c := range [...]struct {
		kind Kind
		part Part
		form *regexp.Regexp
	}{
		{Procedure, Beginning, partProcedure},
		{Result, Beginning, partResult},
		{Component, Tail, endComponent},
		{Domain, Beginning, partDomain},
	} {
		if c.form.MatchString(q.solid) {
			all = append(all, Guess{c.kind, c.part, []string{q.solid}})
		}
	}
	if m := beginDocument.FindStringSubmatch(q.solid); m != nil && !isZero(m[1]) {
		value := strings.TrimLeft(m[1], "0") + "/" + r.Stroked(m[2])
		g := Guess{Document, Beginning, []string{value}}
		if month(q.solid) != "" && len(m[1]) <= 2 { // 3/2024 is a month more often
			return append(all, append(dates(q), g)...)
		}
		all = append(all, g)
	}
	return all
}

var symbolTyped = regexp.MustCompile(`^/?[A-ZĐƯ][A-ZĐƯ0-9&]*(?:-[A-ZĐƯ][A-ZĐƯ0-9&]*)+$`)

// symbols gives the symbol of documents that a query is: QĐ-UBND.
func (r *Rules) symbols(q query) []Guess {
	if strings.Contains(q.text, " ") || !symbolTyped.MatchString(q.solid) {
		return nil
	}
	return []Guess{{Document, Tail, []string{"/" + r.Stroked(strings.TrimPrefix(q.solid, "/"))}}}
}

var (
	monthTyped = regexp.MustCompile(`^(?:THANG ?)?(0?[1-9]|1[0-2])(?:[/.-]| NAM )((?:19|20)\d\d)$`)
	yearTyped  = regexp.MustCompile(`^NAM ((?:19|20)\d\d)$`)
	dayTyped   = regexp.MustCompile(`^(?:NGAY )?(0?[1-9]|[12]\d|3[01])(?:/| THANG )(0?[1-9]|1[0-2])$`)
)

// dates gives the months and the days without a year that a query is.
func dates(q query) []Guess {
	if v := month(q.plain); v != "" {
		return []Guess{{Date, Beginning, []string{v}}}
	}
	if m := yearTyped.FindStringSubmatch(q.plain); m != nil {
		return []Guess{{Date, Beginning, []string{m[1] + "-"}}}
	}
	if m := dayTyped.FindStringSubmatch(q.plain); m != nil {
		return []Guess{{Date, Tail, []string{"-" + twoDigits(m[2]) + "-" + twoDigits(m[1])}}}
	}
	return nil
}

// month gives the beginning of the dates of a month, "" if s is none.
func month(s string) string {
	m := monthTyped.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	return m[2] + "-" + twoDigits(m[1]) + "-"
}

func twoDigits(s string) string { return strings.Repeat("0", 2-len(s)) + s }

// citizens gives the beginnings of citizens' numbers, which tell where and when somebody
// was born.
func (r *Rules) citizens(q query) []Guess {
	s := q.solid
	if !anyDigits.MatchString(s) {
		return nil
	}
	if n := len(s); n >= 6 && n < 12 && int(s[3]-'0') < r.Centuries {
		if _, ok := r.Provinces.Name(s[:3]); ok {
			return []Guess{{Citizen, Beginning, []string{s}}}
		}
	}
	return nil
}

// lastSix gives the last six digits of a citizen's number, as they are left readable
// where the rest is masked.
func lastSix(q query) []Guess {
	if len(q.solid) != 6 || !anyDigits.MatchString(q.solid) {
		return nil
	}
	return []Guess{{Citizen, Tail, []string{q.solid}}}
}

package extract

import (
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
	"hoso/pipeline/grammar"
)

// certainly is the confidence in what a code says: it corrects its own errors, or checks
// them.
const certainly = 100

// Whatever a code holds, a dossier number in it is written whole. Circular 01/2023 says
// which members the code of a paper has and leaves their form open: plain, parted by | or ;,
// JSON, or the address of a page with the number as a parameter.
var (
	coded   = regexp.MustCompile(`(?i)(?:\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}|[A-Z]\d{2}(?:\.\d{2,3}){0,4})[-‐‑‒–—―−](?:\d{8}|\d{6})[-‐‑‒–—―−]\d{4,7}`)
	citizen = regexp.MustCompile(`0\d{11}`)
	oldCard = regexp.MustCompile(`^(?:\d{9}|\d{12})?$`)
)

// inCodes gives the dossier numbers that the codes on a page name.
func inCodes(p pipeline.Page, today time.Time) []candidate {
	var found []candidate
	for _, c := range p.Codes {
		for _, n := range numbersIn(c) {
			if n.Day().After(today) {
				continue
			}
			found = append(found, candidate{Field: coding(p, c, pipeline.FieldDossier, n.String()), number: n})
		}
	}
	return found
}

// coding is a field that a code states.
func coding(p pipeline.Page, c pipeline.Code, name pipeline.FieldName, value string) pipeline.Field {
	return pipeline.Field{Name: name, Value: value, Confidence: certainly, Source: pipeline.ByQR, Page: p.Number, Box: c.Box}
}

// numbersIn gives the dossier numbers that a code names. A barcode is one number or none:
// what else stands on it was made for other programs.
func numbersIn(c pipeline.Code) []pipeline.DossierNumber {
	if c.Kind != pipeline.QR {
		n, err := pipeline.ParseDossierNumber(c.Text)
		if err != nil {
			return nil
		}
		return []pipeline.DossierNumber{n}
	}
	var all []pipeline.DossierNumber
	seen := map[string]bool{}
	for _, text := range readings(c.Text) {
		for _, s := range alone(coded, text) {
			n, err := pipeline.ParseDossierNumber(s)
			if err == nil && !seen[n.Key()] {
				seen[n.Key()] = true
				all = append(all, n)
			}
		}
	}
	return all
}

// readings gives the texts that a payload may stand for: itself, with the escapes of
// addresses resolved, and the strings of JSON.
func readings(payload string) []string {
	all := []string{payload}
	if plain, err := url.PathUnescape(payload); err == nil && plain != payload {
		all = append(all, plain)
	}
	var value any
	if json.Unmarshal([]byte(payload), &value) == nil {
		all = append(all, strings.Join(stringsOf(value), "\n"))
	}
	return all
}

// stringsOf gives the strings anywhere in a value of JSON.
func stringsOf(value any) []string {
	var all []string
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		for _, one := range v {
			all = append(all, stringsOf(one)...)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			all = append(all, stringsOf(v[key])...)
		}
	}
	return all
}

// alone gives the matches that are not cut out of something longer.
func alone(form *regexp.Regexp, text string) []string {
	var all []string
	for from := 0; from < len(text); {
		m := form.FindStringIndex(text[from:])
		if m == nil {
			break
		}
		start, end := from+m[0], from+m[1]
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if (start == 0 || !goesOn(before)) && (end == len(text) || !goesOn(after)) {
			all = append(all, text[start:end])
			from = end
			continue
		}
		_, size := utf8.DecodeRuneInString(text[start:])
		from = start + size
	}
	return all
}

// goesOn reports whether a letter beside a number makes it another one.
func goesOn(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || isDash(r)
}

// stated gives what codes say besides dossier numbers.
func stated(pages []pipeline.Page) []pipeline.Field {
	out := owners(pages)
	for _, p := range pages {
		for _, c := range p.Codes {
			if code := procedureIn(c); code != "" {
				return append(out, coding(p, c, pipeline.FieldProcedure, code))
			}
		}
	}
	return out
}

// procedureIn gives the procedure that a code names beside a dossier.
func procedureIn(c pipeline.Code) string {
	if c.Kind != pipeline.QR || len(numbersIn(c)) == 0 {
		return ""
	}
	rules := grammar.Default()
	for _, text := range readings(c.Text) {
		for _, m := range rules.Find(grammar.Procedure, text) {
			return m.Printed
		}
	}
	return ""
}

// owner is who a paper belongs to, as far as its codes say.
type owner struct{ id, name pipeline.Field }

// owners gives number and name of the person whom codes name. Cards of several people on
// one paper say nothing of whose it is.
func owners(pages []pipeline.Page) []pipeline.Field {
	var one owner
	for _, p := range pages {
		for _, c := range p.Codes {
			o, ok := ownerIn(p, c)
			if !ok {
				continue
			}
			if one.id.Value != "" && one.id.Value != o.id.Value {
				return nil
			}
			if one.name.Value == "" {
				one = o
			}
		}
	}
	var out []pipeline.Field
	for _, f := range []pipeline.Field{one.id, one.name} {
		if f.Value != "" {
			out = append(out, f)
		}
	}
	return out
}

// ownerIn reads the code of an identity card, number|old number|name|birth|sex|address|issue,
// or the one number of a person beside that of a dossier.
func ownerIn(p pipeline.Page, c pipeline.Code) (owner, bool) {
	if c.Kind != pipeline.QR {
		return owner{}, false
	}
	if id, name, ok := card(c.Text); ok {
		return owner{coding(p, c, pipeline.FieldOwnerID, id), coding(p, c, pipeline.FieldOwnerName, name)}, true
	}
	if len(numbersIn(c)) == 0 {
		return owner{}, false
	}
	ids := alone(citizen, c.Text)
	if len(ids) != 1 {
		return owner{}, false
	}
	return owner{id: coding(p, c, pipeline.FieldOwnerID, ids[0])}, true
}

// card reads what the code of an identity card says.
func card(text string) (id, name string, ok bool) {
	const members = 6 // the day of issue is missing on some
	parts := strings.Split(strings.TrimSpace(text), "|")
	if len(parts) < members {
		return "", "", false
	}
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	id, name = parts[0], norm.NFC.String(strings.Join(strings.Fields(parts[2]), " "))
	_, err := time.Parse("02012006", parts[3])
	ok = err == nil && len(id) == 12 && citizen.MatchString(id) && oldCard.MatchString(parts[1]) &&
		strings.IndexFunc(name, unicode.IsLetter) >= 0
	return id, name, ok
}

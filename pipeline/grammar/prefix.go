package grammar

import (
	"regexp"
	"strings"
)

var (
	partUnit  = regexp.MustCompile(`^[A-Z](?:\d{1,2}|\d{2}\.|\d{2}(?:\.\d{2,3}){0,3}\.\d{0,3})?$`)
	anyDigits = regexp.MustCompile(`^\d*$`)
)

// Prefixes gives the beginnings of a dossier's key that the beginning s of a number, in
// any form, can stand for: "000.00.15.H42-22" gives H42.15-2022, and a six-digit and an
// eight-digit reading where both are possible. It gives nothing for text that cannot
// begin a number.
func Prefixes(s string) []string {
	parts := strings.Split(strings.Map(asciiUpper, look(s).solid().text), "-")
	unit, whole := CanonicalUnit(parts[0]), wholeUnit.MatchString(parts[0])
	switch {
	case len(parts) == 1 && (whole || partUnit.MatchString(parts[0])):
		return []string{unit}
	case len(parts) == 2 && whole:
		return prefixed(unit+"-", datePrefixes(parts[1]))
	case len(parts) == 3 && whole:
		return prefixed(unit+"-", counterPrefixes(parts[1], parts[2]))
	}
	return nil
}

// asciiUpper raises the letters of codes; others are none of theirs.
func asciiUpper(r rune) rune {
	if r >= 'a' && r <= 'z' {
		return r - 'a' + 'A'
	}
	return r
}

// datePrefixes reads the beginning of a date with and without its century.
func datePrefixes(s string) []string {
	if !anyDigits.MatchString(s) || len(s) > 8 {
		return nil
	}
	var out []string
	if s == "" || s == "2" || strings.HasPrefix(s, "20") || len(s) == 8 {
		out = append(out, s)
	}
	if s != "" && len(s) <= 6 {
		out = append(out, "20"+s)
	}
	return out
}

// counterPrefixes reads the beginning of a counter of any width behind a whole date.
func counterPrefixes(date, counter string) []string {
	if len(date) != 6 && len(date) != 8 || len(counter) > 7 || !anyDigits.MatchString(date+counter) {
		return nil
	}
	var out []string
	for width := max(4, len(counter)); width <= 7; width++ {
		out = append(out, longDate(date)+"-"+longCounter(counter, width))
	}
	return out
}

func prefixed(head string, tails []string) []string {
	var out []string
	for _, t := range tails {
		out = append(out, head+t)
	}
	return out
}

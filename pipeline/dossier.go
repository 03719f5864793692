package pipeline

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// DossierNumber (mã số hồ sơ) is the official number of a dossier, as printed. It
// is issued by the procedure system of the agency; hoso never mints one and never
// rewrites one. Two ways of writing the same number have the same Key.
//
// The grammar is that of Circular 01/2018, Article 19 (000.00.15.H42-221011-0001)
// and of the unit codes that followed Decision 20/2020 (H42.15-221011-0001,
// G09.20-20260609-0092637): a unit code, the day of receipt in six or eight
// digits, and the order of the day in four to seven.
type DossierNumber struct {
	printed string
	key     string
}

// ErrDossierNumber is returned for text that is not a dossier number.
var ErrDossierNumber = errors.New("not a dossier number")

var (
	numberForm = regexp.MustCompile(`^(\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}|[A-Z]\d{2}(?:\.\d{2,3}){0,4})-(\d{8}|\d{6})-(\d{4,7})$`)
	oldUnit    = regexp.MustCompile(`^(\d{3})\.(\d{2})\.(\d{2})\.([A-Z]\d{2})$`)
)

// ParseDossierNumber reads one whole number. Case, spaces and the many dashes of
// office software are forgiven; the date must be a day of the calendar from 2018
// on, and the counter not zero. That the day is not in the future is for the
// caller, who has a clock, to ask of Day.
func ParseDossierNumber(s string) (DossierNumber, error) {
	printed := tidyNumber(s)
	m := numberForm.FindStringSubmatch(printed)
	if m == nil {
		return DossierNumber{}, fmt.Errorf("reading %.60q: %w", s, ErrDossierNumber)
	}
	day, err := time.Parse("20060102", longDate(m[2]))
	if err != nil || day.Year() < 2018 {
		return DossierNumber{}, fmt.Errorf("reading %.60q: no such day: %w", s, ErrDossierNumber)
	}
	if strings.Trim(m[3], "0") == "" {
		return DossierNumber{}, fmt.Errorf("reading %.60q: the counter is zero: %w", s, ErrDossierNumber)
	}
	key := CanonicalUnit(m[1]) + "-" + longDate(m[2]) + "-" + padCounter(m[3], len(m[3]))
	return DossierNumber{printed: printed, key: key}, nil
}

// tidyNumber maps dashes to '-', drops spaces and raises letters.
func tidyNumber(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("‐‑‒–—―−", r):
			return '-'
		case r == ' ' || r == '\t' || r == '\u00a0' || r == '\u202f':
			return -1
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}, strings.TrimSpace(s))
}

// CanonicalUnit gives the left-to-right form of a unit code: 000.00.15.H42 becomes
// H42.15. Codes already in that form are returned as they are.
func CanonicalUnit(code string) string {
	m := oldUnit.FindStringSubmatch(code)
	if m == nil {
		return code
	}
	groups := []string{m[4]}
	for _, group := range []string{m[3], m[2], m[1]} {
		if strings.Trim(group, "0") != "" {
			groups = append(groups, group)
		}
	}
	return strings.Join(groups, ".")
}

func longDate(d string) string {
	if len(d) == 6 {
		return "20" + d
	}
	return d
}

// padCounter writes the counter's first len(digits) of width digits as the first
// digits of a counter of seven.
func padCounter(digits string, width int) string {
	return strings.Repeat("0", 7-width) + digits
}

// String gives the number as printed, "" for none.
func (n DossierNumber) String() string { return n.printed }

// IsZero reports whether there is no number.
func (n DossierNumber) IsZero() bool { return n.printed == "" }

// Key is the same for all ways of writing one number: unit left to right, date in
// eight digits, counter in seven, such as H42.15-20221011-0000001.
func (n DossierNumber) Key() string { return n.key }

// Unit is the canonical unit code, such as H42.15.
func (n DossierNumber) Unit() string {
	unit, _, _ := strings.Cut(n.key, "-")
	return unit
}

// Day is the day of receipt that the number states, at midnight UTC.
func (n DossierNumber) Day() time.Time {
	parts := strings.Split(n.key, "-")
	if len(parts) != 3 {
		return time.Time{}
	}
	day, err := time.Parse("20060102", parts[1])
	if err != nil {
		return time.Time{}
	}
	return day
}

// MarshalText gives the printed form.
func (n DossierNumber) MarshalText() ([]byte, error) { return []byte(n.printed), nil }

// UnmarshalText takes the printed form; empty text is no number.
func (n *DossierNumber) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*n = DossierNumber{}
		return nil
	}
	parsed, err := ParseDossierNumber(string(text))
	if err != nil {
		return err
	}
	*n = parsed
	return nil
}

// NumberPrefixes gives the beginnings of Key that the beginning s of a number, in
// any form, can stand for: "000.00.15.H42-22" gives H42.15-2022, and a six-digit
// and an eight-digit reading where both are possible. It gives nothing for text
// that cannot begin a number.
func NumberPrefixes(s string) []string {
	parts := strings.Split(tidyNumber(s), "-")
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

var (
	wholeUnit = regexp.MustCompile(`^(\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}|[A-Z]\d{2}(\.\d{2,3}){0,4})$`)
	partUnit  = regexp.MustCompile(`^[A-Z](\d{1,2}|\d{2}\.|\d{2}(\.\d{2,3}){0,3}\.\d{0,3})?$`)
	digits    = regexp.MustCompile(`^\d*$`)
)

// datePrefixes reads the beginning of a date with and without its century.
func datePrefixes(s string) []string {
	if !digits.MatchString(s) || len(s) > 8 {
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
	if len(date) != 6 && len(date) != 8 || len(counter) > 7 || !digits.MatchString(date+counter) {
		return nil
	}
	var out []string
	for width := max(4, len(counter)); width <= 7; width++ {
		out = append(out, longDate(date)+"-"+padCounter(counter, width))
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

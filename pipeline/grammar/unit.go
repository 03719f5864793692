package grammar

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	oldUnit   = regexp.MustCompile(`^(\d{3})\.(\d{2})\.(\d{2})\.([A-Z]\d{2})$`)
	wholeUnit = regexp.MustCompile(`^(?:\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}|[A-Z]\d{2}(?:\.\d{2,3}){0,4})$`)
)

// CanonicalUnit gives the left-to-right form of a unit code: 000.00.15.H42 becomes
// H42.15. Codes already in that form are returned as they are.
func CanonicalUnit(code string) string {
	m := oldUnit.FindStringSubmatch(code)
	if m == nil {
		return code
	}
	groups := []string{m[4]}
	for _, group := range []string{m[3], m[2], m[1]} {
		if !isZero(group) {
			groups = append(groups, group)
		}
	}
	return strings.Join(groups, ".")
}

// Unit reads the code of a unit in either form and gives the canonical one: both
// 000.00.15.H42 and h42.15 are H42.15.
func Unit(s string) (string, error) {
	code := strings.ToUpper(strings.Join(strings.Fields(look(s).text), ""))
	if !wholeUnit.MatchString(code) {
		return "", fmt.Errorf("reading %.60q: %w", s, ErrForm)
	}
	return CanonicalUnit(code), nil
}

// OldUnit gives the right-to-left form of a canonical code: H42.15 becomes
// 000.00.15.H42. Codes that the old form has no room for have none.
func OldUnit(canonical string) (code string, ok bool) {
	groups := strings.Split(canonical, ".")
	if !wholeUnit.MatchString(canonical) || len(groups) > 4 {
		return "", false
	}
	old := [4]string{groups[0], "00", "00", "000"}
	copy(old[:], groups)
	code = strings.Join([]string{old[3], old[2], old[1], old[0]}, ".")
	return code, CanonicalUnit(code) == canonical
}

// Aliases gives the ways in which the number of a dossier may be written, its key first:
// the unit left to right and right to left, the date with and without its century, the
// counter in four to seven digits.
func Aliases(key string) []string {
	parts := strings.Split(key, "-")
	if len(parts) != 3 || len(parts[1]) != 8 || len(parts[2]) != 7 {
		return nil
	}
	units := []string{parts[0]}
	if old, ok := OldUnit(parts[0]); ok {
		units = append(units, old)
	}
	days := []string{parts[1]}
	if strings.HasPrefix(parts[1], "20") {
		days = append(days, parts[1][2:])
	}
	var all []string
	for _, u := range units {
		for _, d := range days {
			for width := 7; width >= 4 && isZero(parts[2][:7-width]); width-- {
				all = append(all, u+"-"+d+"-"+parts[2][7-width:])
			}
		}
	}
	return all
}

// isZero reports whether a text holds nothing but zeros.
func isZero(s string) bool { return strings.Trim(s, "0") == "" }

// longDate gives a date its century.
func longDate(d string) string {
	if len(d) == 6 {
		return "20" + d
	}
	return d
}

// longCounter writes the counter's first len(digits) of width digits as the first digits
// of a counter of seven.
func longCounter(digits string, width int) string {
	return strings.Repeat("0", 7-width) + digits
}

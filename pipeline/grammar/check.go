package grammar

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// wrong says why a text of the right shape is no identifier.
func wrong(why string) error { return fmt.Errorf("%s: %w", why, ErrForm) }

// number gives the value of digits; texts come from patterns that bound their length.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// Day gives a day of the calendar in a span of years.
func (y Years) Day(year, month, day int) (time.Time, bool) {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return t, y.Has(year) && t.Month() == time.Month(month) && t.Day() == day
}

func (r *Rules) future(day time.Time) bool { return !r.Today.IsZero() && day.After(r.Today) }

// Codes of dossiers and procedures.

func checkDossier(r *Rules, g []string) (string, Facts, error) {
	if !wholeUnit.MatchString(g[0]) || len(g[1]) == 7 {
		return "", Facts{}, ErrForm
	}
	date := longDate(g[1])
	day, ok := r.Dossiers.Day(number(date[:4]), number(date[4:6]), number(date[6:]))
	if !ok || r.future(day) {
		return "", Facts{}, wrong("no such day")
	}
	if isZero(g[2]) {
		return "", Facts{}, wrong("the counter is zero")
	}
	f := r.unit(CanonicalUnit(g[0]), day)
	f.Day, f.Counter = day, number(g[2])
	return f.Unit + "-" + date + "-" + longCounter(g[2], len(g[2])), f, nil
}

// unit gives what a canonical unit code states on a day, which may be unknown.
func (r *Rules) unit(canonical string, day time.Time) Facts {
	f := Facts{Unit: canonical}
	if first, _, _ := strings.Cut(canonical, "."); r.Authorities.InForce(day) {
		f.Authority, _ = r.Authorities.Name(first)
	}
	return f
}

func checkInsurance(r *Rules, g []string) (string, Facts, error) {
	year := number(g[1])
	if !r.Dossiers.Has(year) || isZero(g[0]) || isZero(g[2]) || !r.Today.IsZero() && year > r.Today.Year() {
		return "", Facts{}, ErrForm
	}
	return strings.Join(g, "/"), Facts{Year: year, Counter: number(g[2])}, nil
}

func checkProcedure(r *Rules, g []string) (string, Facts, error) {
	if isZero(g[0]) || isZero(g[1]) {
		return "", Facts{}, wrong("the code is zero")
	}
	value := g[0] + "." + g[1]
	if g[5] == "" {
		return value, Facts{}, nil
	}
	if g[2]+g[3]+g[4] != "0000000" || !wholeUnit.MatchString(g[5]) {
		return "", Facts{}, ErrForm
	}
	unit := g[5]
	if g[6] != "" {
		if isZero(g[6]) {
			return "", Facts{}, wrong("the code is zero")
		}
		unit += "." + g[6]
	}
	return value + ".000.00.00." + unit, r.unit(unit, time.Time{}), nil
}

func checkDomain(r *Rules, g []string) (string, Facts, error) {
	if !wholeUnit.MatchString(g[0]) {
		return "", Facts{}, ErrForm
	}
	f := r.unit(g[0], time.Time{})
	f.Symbol = g[1]
	return g[0] + "-" + g[1], f, nil
}

func checkResult(r *Rules, g []string) (string, Facts, error) {
	if !wholeUnit.MatchString(g[1]) || isZero(g[2]) {
		return "", Facts{}, ErrForm
	}
	f := r.unit(g[1], time.Time{})
	f.Number = number(g[2])
	return strings.Join(g, "."), f, nil
}

func checkComponent(r *Rules, g []string) (string, Facts, error) {
	if !wholeUnit.MatchString(g[0]) || isZero(g[2]) {
		return "", Facts{}, ErrForm
	}
	f := r.unit(CanonicalUnit(g[0]), time.Time{})
	f.Number = number(g[2])
	return g[0] + "-" + g[1] + g[2], f, nil
}

// Persons and taxpayers.

func checkCitizen(r *Rules, g []string) (string, Facts, error) {
	s := g[0]
	home, ok := r.Provinces.Name(s[:3])
	if !ok {
		return "", Facts{}, wrong("no such province")
	}
	century := int(s[3] - '0')
	f := Facts{Province: s[:3], Home: home, Sex: Male, Born: 1900 + century/2*100 + number(s[4:6])}
	if century%2 == 1 {
		f.Sex = Female
	}
	if century >= r.Centuries || !r.Today.IsZero() && f.Born > r.Today.Year() {
		return "", Facts{}, wrong("nobody was born then")
	}
	return s, f, nil
}

func checkOldID(_ *Rules, g []string) (string, Facts, error) {
	if isZero(g[0]) {
		return "", Facts{}, ErrForm
	}
	return g[0], Facts{}, nil
}

func checkTax(r *Rules, g []string) (string, Facts, error) {
	if isZero(g[0]) || g[1] != "" && isZero(g[1]) {
		return "", Facts{}, wrong("the number is zero")
	}
	if r.Tax.Of(g[0][:9]) != int(g[0][9]-'0') {
		return "", Facts{}, wrong("the check digit is wrong")
	}
	if g[1] == "" {
		return g[0], Facts{}, nil
	}
	return g[0] + "-" + g[1], Facts{Branch: g[1]}, nil
}

// Documents.

func checkDocument(r *Rules, g []string) (string, Facts, error) {
	f := Facts{Number: number(g[0]), Symbol: g[3]}
	if f.Number < 1 || len(f.Symbol) < 2 || len(f.Symbol) > 50 {
		return "", Facts{}, ErrForm
	}
	value := strconv.Itoa(f.Number) + g[1]
	if g[2] != "" {
		f.Year = number(g[2])
		if !r.Documents.Has(f.Year) {
			return "", Facts{}, wrong("no such year")
		}
		value += "/" + g[2]
	}
	return value + "/" + strings.ToUpper(f.Symbol), f, nil
}

// hyphened reports whether a symbol cannot be anything else: 15/QĐ-BNV, 72/2025/QH15.
func hyphened(printed string) bool {
	return strings.Contains(printed, "-") || strings.Contains(printed, "/QH")
}

// Dates.

func checkDate(r *Rules, g []string) (string, Facts, error) {
	day, ok := r.Dates.Day(number(g[2]), number(g[1]), number(g[0]))
	if !ok {
		return "", Facts{}, wrong("no such day")
	}
	return day.Format(time.DateOnly), Facts{Day: day}, nil
}

func checkDigits(r *Rules, g []string) (string, Facts, error) {
	if g[1] != g[3] {
		return "", Facts{}, ErrForm
	}
	return checkDate(r, []string{g[0], g[2], g[4]})
}

func checkISO(r *Rules, g []string) (string, Facts, error) {
	return checkDate(r, []string{g[2], g[1], g[0]})
}

func checkPlace(_ *Rules, g []string) (string, Facts, error) {
	place := strings.TrimRight(g[0], " .;:-")
	if place != g[0] {
		return "", Facts{}, ErrForm
	}
	return place, Facts{}, nil
}

// Certifications and land.

func checkCount(_ *Rules, g []string) (string, Facts, error) {
	n := number(g[0])
	if n < 1 {
		return "", Facts{}, ErrForm
	}
	return strconv.Itoa(n), Facts{Number: n}, nil
}

func checkBook(_ *Rules, g []string) (string, Facts, error) {
	if !strings.ContainsAny(g[0], "0123456789") {
		return "", Facts{}, ErrForm
	}
	return strings.ToUpper(strings.TrimRight(g[0], "./")) + "-SCT/" + g[1], Facts{Symbol: g[1]}, nil
}

func checkSerial(_ *Rules, g []string) (string, Facts, error) {
	if isZero(g[1]) {
		return "", Facts{}, ErrForm
	}
	return g[0] + g[1], Facts{Symbol: g[0], Number: number(g[1])}, nil
}

func checkRegister(_ *Rules, g []string) (string, Facts, error) {
	if !strings.ContainsAny(g[0], "0123456789") {
		return "", Facts{}, ErrForm
	}
	return strings.ToUpper(g[0]), Facts{}, nil
}

// Telephones and money.

// checkPhone knows mobiles (ten digits from 03, 05, 07, 08, 09), lines of the provinces
// (eleven from 02), their forms behind +84, and the free lines.
func checkPhone(_ *Rules, g []string) (string, Facts, error) {
	s, value := g[0], onlyDigits(g[0])
	switch abroad := strings.HasPrefix(s, "+84") || strings.HasPrefix(s, "(+84"); {
	case abroad:
		value = "0" + strings.TrimPrefix(value[2:], "0")
	case strings.Contains(s, "+"):
		return "", Facts{}, ErrForm
	}
	switch n := len(value); {
	case strings.HasPrefix(value, "02") && n == 11,
		(strings.HasPrefix(value, "1800") || strings.HasPrefix(value, "1900")) && (n == 8 || n == 10),
		n == 10 && value[0] == '0' && strings.IndexByte("35789", value[1]) >= 0:
		return value, Facts{}, nil
	}
	return "", Facts{}, wrong("no such line")
}

var cents = regexp.MustCompile(`^([0-9.]*\.[0-9]{3}),[0-9]{1,2}$`)

func checkMoney(_ *Rules, g []string) (string, Facts, error) {
	whole := g[0]
	if m := cents.FindStringSubmatch(whole); m != nil {
		whole = m[1]
	}
	n, err := strconv.ParseInt(onlyDigits(whole), 10, 64)
	if err != nil || whole[0] == '0' {
		return "", Facts{}, ErrForm
	}
	return strconv.FormatInt(n, 10), Facts{Amount: n}, nil
}

// currency reports whether a sum names its currency.
func currency(printed string) bool { return strings.ContainsAny(printed, "đĐV") }

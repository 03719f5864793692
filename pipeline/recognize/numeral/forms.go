package numeral

import (
	"strconv"
	"strings"

	"hoso/pipeline/grammar"
)

const (
	figures  = "0123456789"
	capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// forms gives all forms; of two that fit equally well the earlier is meant.
func forms() []Form {
	return []Form{
		{
			Shape: Dossier, Alphabet: figures + ".-" + capitals, looks: looksDossier, mend: mendDossier, valid: validDossier,
			label: "HO SO|HO SO SO|BIEN NHAN|BIEN NHAN SO|MA SO",
		},
		{Shape: DateWords, Alphabet: figures + " ngàytháămN", looks: looksDateWords, mend: mendDateWords, valid: validDateWords},
		{Shape: Result, Alphabet: figures + "." + capitals, looks: looksResult, mend: mendResult, valid: is(grammar.Result), label: "KET QUA"},
		{
			Shape: Procedure, Alphabet: figures + "." + capitals, looks: looksProcedure, mend: mendProcedure, valid: is(grammar.Procedure),
			label: "TTHC|THU TUC|THU TUC HANH CHINH",
		},
		{
			Shape: Document, Alphabet: figures + "/-&" + capitals + "Đacr", looks: looksDocument, mend: mendDocument, valid: validDocument,
			label: "SO|VAN BAN|CONG VAN|QUYET DINH|NGHI DINH|THONG TU|KE HOACH",
		},
		{Shape: Date, Alphabet: figures + "/-.", looks: looksDate, mend: mendDate, valid: validDate, label: "NGAY|SINH|NGAY SINH|CAP NGAY"},
		{
			Shape: Citizen, Alphabet: figures, looks: looksCitizen, mend: mendCode, valid: is(grammar.Citizen),
			label: "CCCD|CCCD SO|CAN CUOC|CAN CUOC CONG DAN|DINH DANH|DINH DANH CA NHAN|CMND",
		},
		{
			Shape: Phone, Alphabet: figures + " .-+()", looks: looksPhone, mend: mendPhone, valid: is(grammar.Phone),
			label: "DIEN THOAI|DT|SDT|DI DONG|FAX|TEL|LIEN HE|HOTLINE",
		},
		{
			Shape: Tax, Alphabet: figures + "-", looks: looksTax, mend: mendCode, valid: is(grammar.Tax),
			label: "SO THUE|MST|DOANH NGHIEP|MA SO DN",
		},
		{Shape: Money, Alphabet: figures + ".,đồngVNĐ ", looks: looksMoney, mend: mendMoney, valid: is(grammar.Money), label: "SO TIEN|LE PHI|PHI|VON KINH DOANH|TONG CONG"},
	}
}

// is gives the check of a kind: what can be true of it is known to package grammar alone.
// Here stands what a misread text looks like, in characters that a recognizer is told to
// look for.
func is(kind grammar.Kind) func(string) bool {
	return func(s string) bool {
		rules := grammar.Default()
		return rules.Valid(kind, s)
	}
}

// Dossier numbers may be printed with spaces.

func validDossier(s string) bool {
	rules := grammar.Default()
	_, err := rules.Parse(grammar.Dossier, s)
	return err == nil
}

// hyphened gives a dossier number its two hyphens back where points were read instead.
func hyphened(s string) string {
	s = squeezed(s)
	at := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(".,:-_", r) })
	n := len(at)
	if n < 3 || strings.Count(s, "-") >= 2 || !alikes(at[n-1], 4, 7) || !alikes(at[n-2], 6, 8) {
		return s
	}
	return strings.Join(at[:n-2], ".") + "-" + at[n-2] + "-" + at[n-1]
}

func looksDossier(s string) bool {
	parts := strings.Split(hyphened(s), "-")
	return len(parts) == 3 && alikes(parts[1], 5, 9) && alikes(parts[2], 3, 8) && len(parts[0]) >= 3 && len(parts[0]) <= 20
}

func mendDossier(s string) string {
	parts := strings.Split(hyphened(s), "-")
	if len(parts) != 3 {
		return s
	}
	return mendUnit(parts[0]) + "-" + digits(parts[1]) + "-" + digits(parts[2])
}

// mendUnit writes a unit code with its one letter: at the head of the first group, or
// of the last of four if the first looks like a number and the last does not.
func mendUnit(code string) string {
	groups := strings.Split(strings.NewReplacer(",", ".", "·", ".", ":", ".").Replace(code), ".")
	at := 0
	if len(groups) == 4 && alikes(groups[0], 3, 3) && groups[3] != "" && !isDigit(rune(groups[3][0])) {
		at = 3
	}
	for i, g := range groups {
		if i == at {
			groups[i] = headLetter(g)
			continue
		}
		groups[i] = digits(g)
	}
	return strings.Join(groups, ".")
}

// headLetter writes a group of one letter and digits.
func headLetter(group string) string {
	for i, r := range group {
		if i == 0 {
			return string(grammar.Letter(r)) + digits(group[len(string(r)):])
		}
	}
	return group
}

// Codes of digits.

func mendCode(s string) string { return digits(squeezed(s)) }

func looksCitizen(s string) bool { return alikes(squeezed(s), 11, 13) }

func looksTax(s string) bool {
	head, tail, branch := strings.Cut(squeezed(s), "-")
	return alikes(head, 10, 10) && (!branch || alikes(tail, 3, 3))
}

func looksPhone(s string) bool {
	code := mendPhone(s)
	n := len(strings.Map(onlyDigits, code))
	return n >= 9 && n <= 12 && strings.Trim(code, figures+" .-+()") == "" && strings.HasPrefix(strings.Trim(code, "+( "), "0") &&
		(n < 12 || strings.ContainsAny(code, " .-"))
}

func mendPhone(s string) string { return digits(s) }

func onlyDigits(r rune) rune {
	if isDigit(r) {
		return r
	}
	return -1
}

// Codes of procedures (1.005129, 2.000815.000.00.00.H55) and of results.

func looksProcedure(s string) bool {
	parts := strings.Split(squeezed(s), ".")
	return len(parts) >= 2 && len(parts) <= 7 && alikes(parts[0], 1, 1) && alikes(parts[1], 6, 6)
}

func mendProcedure(s string) string {
	groups := strings.Split(squeezed(s), ".")
	for i, g := range groups {
		if i == 5 {
			groups[i] = headLetter(g)
			continue
		}
		groups[i] = digits(g)
	}
	return strings.Join(groups, ".")
}

func looksResult(s string) bool {
	g := strings.Split(squeezed(s), ".")
	return len(g) == 3 && len(g[0]) == 2 && strings.EqualFold(g[0][:1], "k") && len(g[1]) == 3 && alikes(g[2], 5, 7)
}

func mendResult(s string) string {
	g := strings.Split(squeezed(s), ".")
	if len(g) != 3 {
		return s
	}
	head := letters(g[0])
	if head == "KO" {
		head = "KQ"
	}
	return head + "." + headLetter(g[1]) + "." + digits(g[2])
}

// number gives the value of a text of digits, -1 for any other.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || !allDigits(s, 1, 9) {
		return -1
	}
	return n
}

// isDay reports whether a day is in the calendar, of a year that papers speak of.
func isDay(day, month, year string) bool {
	_, ok := grammar.Default().Dates.Day(number(year), number(month), number(day))
	return ok
}

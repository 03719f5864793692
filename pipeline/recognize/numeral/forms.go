package numeral

import (
	"strconv"
	"strings"
	"time"

	"hoso/pipeline"
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
		{Shape: Result, Alphabet: figures + "." + capitals, looks: looksResult, mend: mendResult, valid: validResult, label: "KET QUA"},
		{
			Shape: Procedure, Alphabet: figures + "." + capitals, looks: looksProcedure, mend: mendProcedure, valid: validProcedure,
			label: "TTHC|THU TUC|THU TUC HANH CHINH",
		},
		{
			Shape: Document, Alphabet: figures + "/-&" + capitals + "Đacr", looks: looksDocument, mend: mendDocument, valid: validDocument,
			label: "SO|VAN BAN|CONG VAN|QUYET DINH|NGHI DINH|THONG TU|KE HOACH",
		},
		{Shape: Date, Alphabet: figures + "/-.", looks: looksDate, mend: mendDate, valid: validDate, label: "NGAY|SINH|NGAY SINH|CAP NGAY"},
		{
			Shape: Citizen, Alphabet: figures, looks: looksCitizen, mend: mendCode, valid: validCitizen,
			label: "CCCD|CCCD SO|CAN CUOC|CAN CUOC CONG DAN|DINH DANH|DINH DANH CA NHAN|CMND",
		},
		{
			Shape: Phone, Alphabet: figures + " .-+()", looks: looksPhone, mend: mendPhone, valid: validPhone,
			label: "DIEN THOAI|DT|SDT|DI DONG|FAX|TEL|LIEN HE|HOTLINE",
		},
		{
			Shape: Tax, Alphabet: figures + "-", looks: looksTax, mend: mendCode, valid: validTax,
			label: "SO THUE|MST|DOANH NGHIEP|MA SO DN",
		},
		{Shape: Money, Alphabet: figures + ".,đồngVNĐ ", looks: looksMoney, mend: mendMoney, valid: validMoney, label: "SO TIEN|LE PHI|PHI|VON KINH DOANH|TONG CONG"},
	}
}

// Dossier numbers: the grammar is pipeline.ParseDossierNumber's alone; here stand
// only the places of digits and letters in it.

func validDossier(s string) bool {
	_, err := pipeline.ParseDossierNumber(s)
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
			return string(asLetter(r)) + digits(group[len(string(r)):])
		}
	}
	return group
}

// Codes of digits.

func mendCode(s string) string { return digits(squeezed(s)) }

func looksCitizen(s string) bool { return alikes(squeezed(s), 11, 13) }

// validCitizen knows twelve digits: the province of registration by the list of
// Circular 59/2021/TT-BCA, the century and sex of those alive (0 to 3), and the year.
func validCitizen(s string) bool {
	const provinces = " 001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033" +
		" 034 035 036 037 038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068" +
		" 070 072 074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096 "
	return allDigits(s, 12, 12) && strings.Contains(provinces, " "+s[:3]+" ") && s[3] <= '3'
}

func looksTax(s string) bool {
	head, tail, branch := strings.Cut(squeezed(s), "-")
	return alikes(head, 10, 10) && (!branch || alikes(tail, 3, 3))
}

// validTax checks the tenth digit by the weights of the first nine, modulo 11.
func validTax(s string) bool {
	head, tail, branch := strings.Cut(s, "-")
	if !counts(head, 10) || branch && !counts(tail, 3) {
		return false
	}
	sum := 0
	for i, weight := range [...]int{31, 29, 23, 19, 17, 13, 7, 5, 3} {
		sum += weight * int(head[i]-'0')
	}
	return 10-sum%11 == int(head[9]-'0')
}

func looksPhone(s string) bool {
	code := mendPhone(s)
	n := len(strings.Map(onlyDigits, code))
	return n >= 9 && n <= 12 && strings.Trim(code, figures+" .-+()") == "" && strings.HasPrefix(strings.Trim(code, "+( "), "0") &&
		(n < 12 || strings.ContainsAny(code, " .-"))
}

func mendPhone(s string) string { return digits(s) }

// validPhone knows mobiles (ten digits from 03, 05, 07, 08, 09), lines of the
// provinces (eleven from 02), their forms behind +84, and the free lines.
func validPhone(s string) bool {
	if strings.Trim(s, figures+" .-+()") != "" {
		return false
	}
	code := strings.Map(onlyDigits, s)
	if strings.HasPrefix(s, "+84") || strings.HasPrefix(s, "(+84") {
		code = "0" + strings.TrimPrefix(code[2:], "0")
	} else if strings.Contains(s, "+") {
		return false
	}
	switch {
	case strings.HasPrefix(code, "02"):
		return len(code) == 11
	case strings.HasPrefix(code, "1800"), strings.HasPrefix(code, "1900"):
		return len(code) == 8 || len(code) == 10
	}
	return len(code) == 10 && code[0] == '0' && strings.ContainsRune("35789", rune(code[1]))
}

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

func validProcedure(s string) bool {
	g := strings.Split(s, ".")
	if len(g) < 2 || !counts(g[0], 1) || !counts(g[1], 6) {
		return false
	}
	rest := g[2:]
	switch len(rest) {
	case 0:
		return true
	case 4, 5:
		return strings.Join(rest[:3], ".") == "000.00.00" && isUnitHead(rest[3]) && (len(rest) == 4 || counts(rest[4], 2))
	}
	return false
}

// counts reports whether s is n digits and not zero.
func counts(s string, n int) bool { return allDigits(s, n, n) && strings.Trim(s, "0") != "" }

// isUnitHead reports whether a group is a code of the first level: H42, G09.
func isUnitHead(s string) bool {
	return len(s) == 3 && s[0] >= 'A' && s[0] <= 'Z' && allDigits(s[1:], 2, 2)
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

func validResult(s string) bool {
	g := strings.Split(s, ".")
	return len(g) == 3 && g[0] == "KQ" && isUnitHead(g[1]) && counts(g[2], 6)
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
	d, m, y := number(day), number(month), number(year)
	if d < 1 || m < 1 || m > 12 || y < 1900 || y > 2100 {
		return false
	}
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Day() == d
}

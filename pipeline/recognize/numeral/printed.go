package numeral

import (
	"regexp"
	"strings"
	"unicode"

	"hoso/pipeline/grammar"
)

// Dates in digits.

// dateParts parts a date at its strokes, which may be read as the strokes of letters.
var dateParts = regexp.MustCompile(`^(` + alike + `{1,2})([/\\|lI!.-])(` + alike + `{1,2})([/\\|lI!.-])(` + alike + `{4})$`)

// alike is a digit or what looks like one.
const alike = `[0-9OoQDĐIil|!\]SsBZzóÓ]`

func looksDate(s string) bool { return dateParts.MatchString(squeezed(s)) }

func mendDate(s string) string {
	s = squeezed(s)
	m := dateParts.FindStringSubmatch(s)
	if m == nil {
		return digits(s)
	}
	between := "/"
	if m[2] == m[4] && (m[2] == "." || m[2] == "-") {
		between = m[2]
	}
	return digits(m[1]) + between + digits(m[3]) + between + digits(m[5])
}

func validDate(s string) bool {
	for _, sign := range [...]string{"/", ".", "-"} {
		if g := strings.Split(s, sign); len(g) == 3 && len(g[0]) <= 2 && len(g[1]) <= 2 && len(g[2]) == 4 {
			return isDay(g[0], g[1], g[2])
		}
	}
	return false
}

// Dates in words: ngày 05 tháng 3 năm 2020.

var dateWords = regexp.MustCompile(`^([Nn])\p{L}{1,2}[\p{L}]\s*(` + alike + `{1,2})\s*t\p{L}{2,4}\s+(` + alike + `{1,2})\s*n\p{L}{2}\s*(` + alike + `{4})$`)

func looksDateWords(s string) bool { return dateWords.MatchString(s) }

func mendDateWords(s string) string {
	m := dateWords.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	return m[1] + "gày " + digits(m[2]) + " tháng " + digits(m[3]) + " năm " + digits(m[4])
}

func validDateWords(s string) bool {
	w := strings.Fields(s)
	return len(w) == 6 && strings.EqualFold(w[0], "ngày") && w[2] == "tháng" && w[4] == "năm" &&
		len(w[1]) <= 2 && len(w[3]) <= 2 && isDay(w[1], w[3], w[5])
}

// Day is the form of the number behind ngày. Recognize does not look for it, nor for the
// other numbers of a date in words.
func Day() Form { return part(DayOnly, 1, 31, 2) }

// Month is the form of the number behind tháng.
func Month() Form { return part(MonthOnly, 1, 12, 2) }

// Year is the form of the number behind năm.
func Year() Form {
	years := grammar.Default().Dates
	return part(YearOnly, years.From, years.To, 4)
}

func part(shape Shape, least, most, length int) Form {
	return Form{Shape: shape, Alphabet: figures, mend: mendCode, valid: func(s string) bool {
		return len(s) <= length && number(s) >= least && number(s) <= most
	}}
}

// Symbols of documents: 12/QĐ-UBND, 30/2020/NĐ-CP, 72/2025/QH15, 30c/NQ-CP.

func looksDocument(s string) bool {
	g := strings.Split(squeezed(s), "/")
	if len(g) < 2 || len(g) > 3 || !alikes(strings.TrimRight(g[0], "abc"), 1, 6) || len(g) == 3 && !alikes(g[1], 4, 4) {
		return false
	}
	return looksSymbol(g[len(g)-1])
}

// looksSymbol reports whether a text is made of capitals as the symbols of documents
// are.
func looksSymbol(symbol string) bool {
	capitals := 0
	for _, r := range symbol {
		switch {
		case unicode.IsUpper(r):
			capitals++
		case !isDigit(r) && !unicode.IsLetter(r) && r != '-' && r != '&':
			return false
		}
	}
	return capitals >= 2 && len(symbol) <= 40
}

func mendDocument(s string) string {
	g := strings.Split(squeezed(s), "/")
	if len(g) < 2 {
		return s
	}
	tail := ""
	if head := strings.TrimRight(g[0], "abc"); head != "" {
		g[0], tail = head, g[0][len(head):]
	}
	g[0] = digits(g[0]) + tail
	if len(g) == 3 {
		g[1] = digits(g[1])
	}
	rules := grammar.Default()
	g[len(g)-1] = rules.Symbol(g[len(g)-1])
	return strings.Join(g, "/")
}

var symbolForm = regexp.MustCompile(`^[A-ZĐƯ][A-ZĐƯrhg0-9&]*(?:-[A-ZĐƯ][A-ZĐƯrhg0-9&.]*)*$`)

// validDocument takes a symbol as it is written: that it lost the stroke of its Đ is no
// reason to look at it again.
func validDocument(s string) bool {
	g := strings.Split(s, "/")
	if len(g) < 2 || len(g) > 3 || len(s) > 60 || len(g[0]) > 7 || number(strings.TrimRight(g[0], "abc")) < 1 {
		return false
	}
	if len(g) == 3 && !grammar.Default().Documents.Has(number(g[1])) {
		return false
	}
	symbol := g[len(g)-1]
	return len(symbol) > 1 && symbolForm.MatchString(symbol)
}

// Money: 1.250.000 đồng.

var moneyLike = regexp.MustCompile(`^(` + alike + `{1,3}(?:\s?[.,]\s?` + alike + `{3})+)((?:,` + alike + `{1,2})?)\s*((?i:đồng|dong|đ|d|vnđ|vnd|đ[oôồổ]ng)?)$`)

func looksMoney(s string) bool { return !strings.HasPrefix(s, "0") && moneyLike.MatchString(s) }

func mendMoney(s string) string {
	m := moneyLike.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	amount := squeezed(digits(m[1]))
	if strings.Contains(amount, ".") {
		amount = strings.ReplaceAll(amount, ",", ".") // a comma among points is a point
	}
	amount += digits(m[2])
	switch strings.ToLower(m[3]) {
	case "":
		return amount
	case "vnđ", "vnd":
		return amount + " " + strings.ToUpper(m[3])
	case "đ", "d":
		return amount + "đ"
	}
	return amount + " đồng"
}

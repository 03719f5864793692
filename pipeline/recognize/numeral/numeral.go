// Package numeral knows the shapes of the numbers on official papers: dossier
// numbers, personal and tax numbers, symbols of documents, dates, money, telephones.
// A number has no neighbours that would betray a misread digit, but it has a shape: the
// shape tells a recognizer which characters to look for when it looks a second time,
// which letters were digits, and whether the outcome can be true.
package numeral

import (
	"strings"
	"unicode"
)

// Shape is what kind of number a text is.
type Shape string

// The shapes.
const (
	Dossier   Shape = "dossier"   // mã số hồ sơ: H42.15-221011-0001
	Citizen   Shape = "citizen"   // số định danh cá nhân, căn cước: 12 digits
	Tax       Shape = "tax"       // mã số thuế: 10 digits, for branches with -001
	Document  Shape = "document"  // số, ký hiệu văn bản: 12/QĐ-UBND, 30/2020/NĐ-CP
	Date      Shape = "date"      // 05/03/2020
	DateWords Shape = "datewords" // ngày 05 tháng 3 năm 2020
	Money     Shape = "money"     // 1.250.000 đồng
	Phone     Shape = "phone"     // 0912 345 678, 024.3976.2153
	Procedure Shape = "procedure" // mã thủ tục hành chính: 1.005129
	Result    Shape = "result"    // mã kết quả: KQ.G07.000122
	DayOnly   Shape = "day"       // of a date in words, as are month and year
	MonthOnly Shape = "month"
	YearOnly  Shape = "year"
)

// Form is what is known of one shape.
type Form struct {
	Shape    Shape
	Alphabet string // the characters that may stand in it, for a second look

	looks func(string) bool   // whether a text may be it, however misread
	mend  func(string) string // the text with digits where only digits may stand
	valid func(string) bool
	label string // words that stand before it, in capitals without marks, parted by |
}

// Valid reports whether a text is a whole number of this form that can be true: the
// day is in the calendar, the check digit is right, the counter is not zero.
func (f Form) Valid(text string) bool { return f.valid != nil && f.valid(text) }

// Repair gives the text with digits for the letters that look like them where only
// digits may stand (O and Q are 0, I, l and | are 1, S is 5, B is 8, Z is 2), letters
// likewise, and signs as they are printed; changed says whether that is another text.
// What comes out need not be Valid.
func (f Form) Repair(text string) (mended string, changed bool) {
	if f.mend == nil {
		return text, false
	}
	mended = f.mend(text)
	return mended, mended != text
}

// maxText bounds the text that is looked at, in bytes.
const maxText = 200

// Guess is a number found in a text.
type Guess struct {
	Form
	Before string // what precedes the number: a label, an opening bracket
	Text   string // the number as it was read
	After  string // what follows it
}

// Recognize tells which number a text of one or a few words most likely is, even if
// some of its characters are misread. A label before it ("CCCD số", "Mã hồ sơ:")
// decides if what follows has that look; without one a form counts more if the text is
// valid in it as it is, less if it is valid once repaired, least if it only looks like
// it. It reports false for text that is no such number.
func Recognize(text string) (Guess, bool) {
	if len(text) > maxText || !strings.ContainsFunc(text, isDigit) { // of look-alikes alone it is a word
		return Guess{}, false
	}
	label, rest := cutLabel(text)
	before, core, after := trim(rest)
	best, rank := Form{}, 0
	for _, f := range forms() {
		if r := f.rank(core, label); r > rank {
			best, rank = f, r
		}
	}
	if rank == 0 {
		return Guess{}, false
	}
	return Guess{Form: best, Before: text[:len(text)-len(rest)] + before, Text: core, After: after}, true
}

// The ranks of a guess.
const (
	looksLike = 1 + iota
	validMended
	validAsRead
	labelled // is added to the others
)

// rank says how well a form fits, 0 for not at all.
func (f Form) rank(core, label string) int {
	r := 0
	switch mended, _ := f.Repair(core); {
	case f.Valid(core):
		r = validAsRead
	case f.Valid(mended):
		r = validMended
	case f.looks(core):
		r = looksLike
	default:
		return 0
	}
	for known := range strings.SplitSeq(f.label, "|") {
		if known != "" && strings.HasSuffix(label, known) {
			return r + labelled
		}
	}
	return r
}

// trim takes off brackets and stops that stand around a number.
func trim(s string) (before, core, after string) {
	core = strings.TrimLeft(s, " \t(:;,“\"")
	before = s[:len(s)-len(core)]
	after = core
	core = strings.TrimRight(core, " \t):;,.”\"")
	if n := strings.Count(core, "(") - strings.Count(core, ")"); n > 0 && strings.HasPrefix(after[len(core):], ")") {
		core = after[:len(core)+1]
	}
	return before, core, after[len(core):]
}

// cutLabel parts a text behind its last colon, or behind its leading words without
// digits; label comes in capitals without marks and signs. The ngày of a date in words
// belongs to the date.
func cutLabel(text string) (label, rest string) {
	rest = text
	if i := strings.LastIndexByte(text, ':'); i >= 0 && strings.ContainsFunc(text[i:], isDigit) && isWord(text[:i]) {
		rest = text[i+1:]
	} else {
		for {
			word, tail, ok := strings.Cut(strings.TrimLeft(rest, " "), " ")
			if !ok || !isWord(word) || beginsDate(rest) {
				break
			}
			rest = tail
		}
	}
	return strings.Trim(plain(text[:len(text)-len(rest)]), " :.;,-"), rest
}

// beginsDate reports whether a text is a date in words and no more.
func beginsDate(s string) bool {
	_, core, _ := trim(s)
	return looksDateWords(core)
}

// isWord reports whether a text has letters and no digits.
func isWord(s string) bool {
	letters := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			return false
		case unicode.IsLetter(r):
			letters++
		}
	}
	return letters > 1
}

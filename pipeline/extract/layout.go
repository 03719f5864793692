package extract

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"hoso/pipeline"
	"hoso/pipeline/grammar"
)

// How far each rule is trusted when it finds its keyword in the expected place.
const (
	certain  = 1.0
	likely   = 0.9
	possible = 0.75
	guess    = 0.6 // for every letter taken for a digit
)

var (
	numberLine = regexp.MustCompile(`^[^A-Z0-9]*SO\s*[:.;,]?\s*([0-9OQIL|SBZ]{1,6})\s*/\s*((?:(?:19|20)\d\d\s*/\s*)?[A-Z]{1,8}(?:\s?-\s?[A-Z0-9&]{1,16}){0,4})`)
	dateLine   = regexp.MustCompile(`NGAY\s*([0-9OQIL|\]!SBZ]{1,2})\s*THANG\s*([0-9OQIL|\]!SBZ]{1,2})\s*NAM\s*([0-9OQIL|\]!SBZ]{4})`)
	placeDate  = regexp.MustCompile(`^[^0-9,]{2,60},?\s*NGAY`)
	arrival    = regexp.MustCompile(`(?:^|\s)DEN(?:\s|:|$)|CONG VAN DEN|VAN BAN DEN`)
)

// documentNumber finds "Số: 15/QĐ-BNV" in the head (box 3).
func documentNumber(s sheet) (pipeline.Field, bool) {
	for _, l := range s.above(0.45) {
		m := numberLine.FindStringSubmatchIndex(l.folded)
		if m == nil {
			continue
		}
		number, _ := repairDigits(l.folded[m[2]:m[3]])
		symbol := strings.ReplaceAll(l.printed(m[4], m[5]), " ", "")
		rules := grammar.Default()
		value := number + "/" + rules.Stroked(symbol)
		return s.field(pipeline.FieldNumber, value, []line{l}, certain), true
	}
	return pipeline.Field{}, false
}

// issueDate finds place and date in the head (box 4) or, on forms, above the
// signature. The date in the stamp of an office that received the paper is no issue
// date: it has no place before it, or the stamp's word ĐẾN stands beside it.
func issueDate(sheets []sheet, front sheet, today time.Time) (pipeline.Field, bool) {
	if f, ok := dateAmong(front, front.above(0.45), today, certain); ok {
		return f, true
	}
	for _, s := range slices.Backward(sheets) {
		if f, ok := dateAmong(s, s.lines, today, possible); ok {
			return f, true
		}
	}
	return pipeline.Field{}, false
}

func dateAmong(s sheet, lines []line, today time.Time, sure float64) (pipeline.Field, bool) {
	for i, l := range lines {
		m := dateLine.FindStringSubmatch(l.folded)
		if m == nil || !placeDate.MatchString(l.folded) || inArrivalStamp(lines, i) {
			continue
		}
		day, repairs, ok := dayOf(m[1], m[2], m[3])
		if ok && !day.After(today) {
			return s.field(pipeline.FieldDate, day.Format(time.DateOnly), []line{l}, sure*math.Pow(guess, float64(repairs))), true
		}
	}
	return pipeline.Field{}, false
}

// inArrivalStamp looks for the stamp's own words on the line and the ones before it
// that stand above it.
func inArrivalStamp(lines []line, at int) bool {
	for i := max(0, at-2); i <= at; i++ {
		near := lines[i].box.X0 < lines[at].box.X1 && lines[at].box.X0 < lines[i].box.X1
		if near && arrival.MatchString(lines[i].folded) {
			return true
		}
	}
	return false
}

// dayOf reads a day of the calendar on which documents were issued; repairs counts the letters taken for
// digits. Days are often filled in by hand, and a stroke is soon taken for a 1.
func dayOf(day, month, year string) (t time.Time, repairs int, ok bool) {
	var n [3]int
	for i, s := range []string{year, month, day} {
		digits, k := repairDigits(s)
		v, err := strconv.Atoi(digits)
		if err != nil {
			return time.Time{}, 0, false
		}
		n[i] = v
		repairs += k
	}
	t, ok = grammar.Default().Documents.Day(n[0], n[1], n[2])
	return t, repairs, ok
}

// issuer finds the agency at the left of the head (box 2): the capitals between the
// top of the page and its number. The first line names the superior agency, if there
// are two.
func issuer(s sheet) (pipeline.Field, bool) {
	names := agencyLines(s)
	if len(names) == 0 {
		return pipeline.Field{}, false
	}
	superior := 1
	if len(names) > 1 && isPlace(names[1].folded) {
		superior = 2
	}
	if len(names) > superior {
		names = names[superior:]
	}
	return s.field(pipeline.FieldIssuer, joined(names), names, likely), true
}

// isPlace reports whether a line is the place that belongs to the name above it, as
// in ỦY BAN NHÂN DÂN over TỈNH NINH BÌNH.
func isPlace(folded string) bool {
	for _, word := range []string{"TINH ", "THANH PHO ", "TP ", "TP.", "HUYEN ", "QUAN ", "THI XA ", "THI TRAN ", "XA ", "PHUONG ", "DAC KHU "} {
		if strings.HasPrefix(folded, word) {
			return true
		}
	}
	return false
}

// agencyLines gives the capitals that stand before the number or the national title;
// a page without these has no head.
func agencyLines(s sheet) []line {
	const most = 5
	var names []line
	for _, l := range s.above(0.3) {
		if nationalTitle(l.folded) || numberLine.MatchString(l.folded) || strings.HasPrefix(l.folded, "SO:") {
			return names
		}
		if titleOf(l) != "" {
			return nil
		}
		if mostlyCapitals(l.text) && letters(l.text) >= 4 && len(names) < most {
			names = append(names, lineOf(wordsWithLetters(l.words), l.paragraph))
		}
	}
	return nil
}

func wordsWithLetters(words []pipeline.Word) []pipeline.Word {
	var out []pipeline.Word
	for _, w := range words {
		if letters(w.Text) > 0 || strings.Trim(w.Text, "-–&0123456789") == "" {
			out = append(out, w)
		}
	}
	return out
}

// subject finds what the paper is about: the lines from "V/v" on (box 5b), or those
// below the title (box 5a).
func subject(s sheet) (pipeline.Field, bool) {
	lines := s.above(0.6)
	for i, l := range lines {
		if strings.HasPrefix(l.folded, "V/V") {
			return s.subjectField(lines[i:], likely)
		}
	}
	for i, l := range lines {
		if t := titleOf(l); t != "" && i+1 < len(lines) && announcesSubject(t, lines[i+1]) {
			return s.subjectField(lines[i+1:], possible)
		}
	}
	for i, l := range lines {
		if strings.HasPrefix(l.folded, "VE VIEC ") { // "V/v" misread, or written out
			return s.subjectField(lines[i:], possible)
		}
	}
	return pipeline.Field{}, false
}

// announcesSubject: below the title of a form stand the questions of the form; only
// titles of Decree 30/2020 are followed by a subject.
func announcesSubject(title string, next line) bool {
	if endsSubject(next) {
		return false
	}
	return isDecreeTitle(title) || strings.HasPrefix(next.folded, "VE ") || strings.HasPrefix(next.folded, "V/V")
}

func (s sheet) subjectField(from []line, sure float64) (pipeline.Field, bool) {
	const most = 5
	taken := from[:1]
	for n := 1; n < len(from) && n < most && continues(from[n-1], from[n]); n++ {
		taken = from[:n+1]
	}
	value := joined(taken)
	if strings.HasPrefix(fold(value), "V/V") {
		value = strings.TrimLeft(string([]rune(value)[3:]), " .:")
	}
	if letters(value) < 4 {
		return pipeline.Field{}, false
	}
	return s.field(pipeline.FieldSubject, value, taken, sure), true
}

// continues reports whether next is the same block of text as l.
func continues(l, next line) bool {
	height := l.box.Y1 - l.box.Y0
	return !endsSubject(next) && next.box.Y0 >= l.box.Y0 && next.box.Y0-l.box.Y1 < max(height, 1)
}

func endsSubject(l line) bool {
	for _, word := range []string{"KINH GUI", "CAN CU", "DIEU ", "THUC HIEN", "XET ", "THEO ", "CONG HO", "DOC LAP", "I. ", "1. "} {
		if strings.HasPrefix(l.folded, word) {
			return true
		}
	}
	return mostlyCapitals(l.text) || letters(l.text) < 3 || dateLine.MatchString(l.folded)
}

func joined(lines []line) string {
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = l.text
	}
	return strings.Trim(strings.Join(texts, " "), " _|-—–.,;:'\"`~*=")
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

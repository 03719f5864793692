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

	misreadOff = 0.85 // for each that the grammar's checks confirm
)

var (
	numberLine = regexp.MustCompile(`^[^A-Z0-9]*SO\s*[:.;,]?\s*([0-9OQIL|SBZ]{1,6})\s*/\s*((?:(?:19|20)\d\d\s*/\s*)?[A-Z]{1,8}(?:\s?-\s?[A-Z0-9&]{1,16}){0,4})`)
	symbolLine = regexp.MustCompile(`^[^A-Z0-9]*(?:SO|S6|SỐ)?\s*[:.;,]?\s*[0-9OQIL|SBZ]{0,6}\s*/\s*(?:(?:19|20)\d\d\s*/\s*)?[A-Z]{1,8}\s?-?\s?[A-Z]|^[^A-Z0-9]*SO\s?:`)
	dateLine   = regexp.MustCompile(`NGAY\s*([0-9OQIL|\]!SBZ]{1,2})\s*THANG\s*([0-9OQIL|\]!SBZ]{1,2})\s*NAM\s*([0-9OQIL|\]!SBZ]{4})`)
	placeDate  = regexp.MustCompile(`^[^0-9,]{2,60},?\s*NGAY`)
	madeAt     = regexp.MustCompile(`^[^A-Z]*(?:LAM )?TAI\s*:?\s*`)
	arrival    = regexp.MustCompile(`^(?:\S+\s)?DEN(?:\s?:?\s?\S*)?$|CONG VAN DEN|VAN BAN DEN`)
)

// documentNumber finds "Số: 15/QĐ-BNV" in the head (box 3). Another one there, such as that
// of an office that received the paper, makes the first less sure.
func documentNumber(s sheet) (pipeline.Field, bool) {
	var first pipeline.Field
	for _, l := range s.above(0.45) {
		m := numberLine.FindStringSubmatchIndex(l.folded)
		if m == nil {
			continue
		}
		number, _ := repairDigits(l.folded[m[2]:m[3]])
		symbol := strings.ReplaceAll(l.printed(m[4], m[5]), " ", "")
		rules := grammar.Default()
		value := number + "/" + rules.Stroked(symbol)
		if first.Value != "" && first.Value != value {
			first.Confidence *= rivalOff
			break
		}
		first = s.field(pipeline.FieldNumber, value, []line{l}, certain*byPen(l.words))
	}
	return first, first.Value != ""
}

// byPen is how far a number can be trusted that may have been filled in by hand, as on most
// papers: the recognizer then gives some digits, and is less sure of them than of print.
func byPen(words []pipeline.Word) float64 {
	const typed = 85
	for _, w := range words {
		if strings.ContainsAny(w.Text, "0123456789/") && w.Confidence < typed {
			return penOff
		}
	}
	return 1
}

// issueDate finds place and date in the head (box 4) or, on forms, above the
// signature. The date in the stamp of an office that received the paper is no issue
// date: it has no place before it, or the stamp's word ĐẾN stands beside it.
func issueDate(sheets []sheet, front sheet, today time.Time) []pipeline.Field {
	if f := dateAmong(front, front.upper(0.45), today, certain); f != nil {
		return f
	}
	for _, s := range slices.Backward(sheets) {
		if f := dateAmong(s, s.madeOn(), today, likely); f != nil {
			return f
		}
	}
	return handFilled(front)
}

// handFilled gives the place before a date whose day was left to a pen and not read.
func handFilled(s sheet) []pipeline.Field {
	for i, l := range s.upper(0.3) {
		at := placeDate.FindStringIndex(l.folded)
		if at == nil || !strings.Contains(l.folded[at[0]:at[1]], ",") || inArrivalStamp(s.upper(0.3), i) {
			continue
		}
		if f, ok := placeIn(s, l.cut(0, strings.LastIndex(l.folded[:at[1]], ",")), likely); ok {
			return []pipeline.Field{f}
		}
	}
	return nil
}

// madeOn gives the pieces above a signature on the right; running text names days too.
func (s sheet) madeOn() []line {
	return slices.DeleteFunc(slices.Clone(s.pieces), func(l line) bool {
		return 2*l.middle() < s.page.Width || !madeAt.MatchString(l.folded) && (!beginsLarge(l.text) || !strings.Contains(l.folded, ","))
	})
}

// upper gives the pieces in the upper share of the page.
func (s sheet) upper(share float64) []line {
	return slices.DeleteFunc(slices.Clone(s.pieces), func(l line) bool {
		return float64(l.box.Y0) >= share*float64(s.page.Height) && s.page.Height > 0
	})
}

func dateAmong(s sheet, lines []line, today time.Time, sure float64) []pipeline.Field {
	for i, l := range lines {
		m := dateLine.FindStringSubmatchIndex(l.folded)
		if next, ok := s.under(l); m == nil && ok && placeDate.MatchString(l.folded) && len(next.words) <= 6 { // over two lines
			l = l.and(next)
			m = dateLine.FindStringSubmatchIndex(l.folded)
		}
		if m == nil || !placeDate.MatchString(l.folded) || inArrivalStamp(lines, i) {
			continue
		}
		day, repairs, ok := dayOf(l.folded[m[2]:m[3]], l.folded[m[4]:m[5]], l.folded[m[6]:m[7]])
		if !ok || day.After(today) {
			continue
		}
		out := []pipeline.Field{s.field(pipeline.FieldDate, day.Format(time.DateOnly), []line{l.cut(m[0], m[1])}, sure*math.Pow(guess, float64(repairs)))}
		if f, ok := placeIn(s, l.cut(0, m[0]), sure); ok {
			out = append(out, f)
		}
		return out
	}
	return nil
}

// placeIn gives the place that stands before a date.
func placeIn(s sheet, l line, sure float64) (pipeline.Field, bool) {
	if at := madeAt.FindStringIndex(l.folded); at != nil {
		l = l.rest(at[1])
	}
	rules := grammar.Default()
	m, err := rules.Mend(grammar.Place, trimmed(l.text))
	if err != nil {
		return pipeline.Field{}, false
	}
	return s.field(pipeline.FieldPlace, m.Printed, []line{l}, sure), true
}

// inArrivalStamp looks for the stamp's own words on the line and the ones before it
// that stand above it.
func inArrivalStamp(lines []line, at int) bool {
	for i := max(0, at-2); i <= at; i++ {
		near := lines[i].box.X0 < lines[at].box.X1 && lines[at].box.X0 < lines[i].box.X1
		if near && lines[at].top()-lines[i].bottom() < 4*lines[at].height() && arrival.MatchString(lines[i].folded) {
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

// subject finds what the paper is about: the lines from "V/v" on (box 5b), or those
// below the title (box 5a).
func subject(s sheet) (pipeline.Field, bool) {
	lines := s.upper(0.6)
	for _, l := range lines {
		if strings.HasPrefix(l.folded, "V/V") {
			return s.subjectField(l, likely)
		}
	}
	for _, l := range lines {
		t := titleOf(l.clean())
		if t == "" {
			continue
		}
		last := s.titleLines(l)
		if next, ok := s.below(last[len(last)-1]); ok && s.announcesSubject(t, l, next) {
			return s.subjectField(next, likely)
		}
	}
	for _, l := range lines {
		if strings.HasPrefix(l.folded, "VE VIEC ") && !beginsSmall(l.text) { // "V/v" misread, or written out
			return s.subjectField(l, possible)
		}
	}
	return pipeline.Field{}, false
}

// below gives the next piece below a line in its column, a gap of some lines or not.
func (s sheet) below(l line) (line, bool) {
	next, ok := s.under(l)
	return next, ok || len(next.words) > 0 && next.top()-l.bottom() < 4*l.height()
}

// announcesSubject: below the title of a form stand the questions of the form; only
// titles of Decree 30/2020 and lists are followed by a subject, in the same middle.
func (s sheet) announcesSubject(title string, l, next line) bool {
	switch {
	case endsSubject(next):
		return false
	case strings.HasPrefix(next.folded, "VE "), strings.HasPrefix(next.folded, "V/V"):
		return true
	}
	return (isDecreeTitle(title) || strings.HasPrefix(title, "DANH SÁCH")) && !strings.HasPrefix(title, "GIẤY") && s.centred(l, next) && !labelled.MatchString(next.folded)
}

func (s sheet) subjectField(first line, sure float64) (pipeline.Field, bool) {
	const most = 5
	taken := []line{first}
	for len(taken) < most {
		last := taken[len(taken)-1]
		next, ok := s.under(last)
		if !ok || endsSubject(next) || !s.centred(first, next) && !beginsSmall(next.text) {
			break
		}
		taken = append(taken, next)
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

func endsSubject(l line) bool {
	for _, word := range []string{"KINH GUI", "CAN CU", "DIEU ", "THUC HIEN", "XET ", "THEO ", "CONG HO", "DOC LAP", "I. ", "1. "} {
		if strings.HasPrefix(l.folded, word) {
			return true
		}
	}
	return strings.HasPrefix(l.text, "(") || mostlyCapitals(l.text) || letters(l.text) < 3 || dateLine.MatchString(l.folded)
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

package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hoso/pipeline"
)

var (
	sentTo = regexp.MustCompile(`^[^A-Z0-9]*KINH G[UO]I\b\s*[:;.,]?\s*`)
	sentIn = regexp.MustCompile(`^.{0,40}\b(KINH G[UO]I)\s?[:.]\s*`) // behind a stamp on the same line
	copies = regexp.MustCompile(`^[^A-Z0-9]*N[OƠ]I NHAN\b\s*[:;.,]?\s*`)
	filed  = regexp.MustCompile(`^(?:\S{1,2} )?(?:[LI1T]U?U?|UU?)\s?[:;.,]|^L[UƯ]U\b|[:;,] VT\b`)
	first1 = regexp.MustCompile(`(Điều) [lI|]\b`)
)

// addressee finds to whom a paper goes (box 9a): what stands behind "Kính gửi:", or the
// list below it.
func addressee(s sheet) (pipeline.Field, bool) {
	lines := s.above(0.65)
	for i, l := range lines {
		at := sentTo.FindStringIndex(l.folded)
		if m := sentIn.FindStringSubmatchIndex(l.folded); at == nil && m != nil && beginsLarge(l.printed(m[2], m[3])) { // not "Như kính gửi"
			at = m[:2]
		}
		if at == nil {
			continue
		}
		first, rest := l.rest(at[1]), lines[i+1:]
		if letters(first.text) >= 2 && strings.Trim(first.text[:1], dashes) != "" {
			all := goingOn(first, rest)
			return s.field(pipeline.FieldAddressee, trimmed(joined(all)), all, likely), true
		}
		if len(first.words) > 0 {
			rest = append([]line{first}, rest...)
		}
		all := listed{ends: func(line) bool { return false }}
		all.takeOff(rest)
		if value := all.told(); value != "" {
			return s.field(pipeline.FieldAddressee, value, all.taken, likely), true
		}
	}
	return pipeline.Field{}, false
}

// goingOn adds to a line those over which its sentence goes on: they begin small.
func goingOn(first line, rest []line) []line {
	all := []line{first}
	for _, next := range rest {
		last := all[len(all)-1]
		if !near(last, next) || !beginsSmall(next.text) || strings.HasSuffix(last.text, ".") {
			break
		}
		all = append(all, next)
	}
	return all
}

func beginsSmall(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLower(r)
}

func beginsLarge(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsUpper(r)
}

// recipients finds who gets the paper (box 9b): the list below "Nơi nhận:", on the left of
// the last page that has one, up to where it is filed.
func recipients(sheets []sheet) (pipeline.Field, bool) {
	for _, s := range slices.Backward(sheets) {
		column := s.leftHalf()
		for i, l := range column {
			if !copies.MatchString(l.folded) {
				continue
			}
			all := listed{lost: true, ends: func(text line) bool { return filed.MatchString(text.folded) }}
			all.takeOff(column[i+1:])
			if value := all.told(); value != "" {
				return s.field(pipeline.FieldRecipients, first1.ReplaceAllString(value, "$1 1"), all.taken, likely), true
			}
		}
	}
	return pipeline.Field{}, false
}

// leftHalf gives what begins left of the middle: beside the recipients stands the signature.
func (s sheet) leftHalf() []line {
	var column []line
	for _, l := range s.pieces {
		to := len(l.words)
		for to > 0 && 100*l.words[to-1].Box.X0 >= 50*s.page.Width {
			to--
		}
		switch to {
		case 0:
		case len(l.words):
			column = append(column, l)
		default:
			column = append(column, lineOf(l.words[:to], l.paragraph))
		}
	}
	return column
}

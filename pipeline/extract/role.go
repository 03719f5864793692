package extract

import (
	"regexp"
	"strings"
	"unicode"

	"hoso/pipeline"
	"hoso/pipeline/grammar"
)

// role is what a dossier number is to the paper it stands on. Letters, lists and notices
// name other people's dossiers in the very words by which they name their own ("Hồ sơ số …
// đã được trả kết quả"), and a paper bound by such a number lies in a stranger's dossier.
// So only an entry of a form, what a decision says that it decides, and what stands alone
// in the head of a page are the paper's own; what else is named is offered to a person.
//
// On 891 generated pages, 270 with a number of their own, the one number on a page bound 83
// to a wrong dossier whatever its role; by its role 264 are bound rightly, none wrongly,
// and of 6 a person is asked.
type role int

// The roles, the weakest first.
const (
	asCited  role = iota // of another paper, for all that can be told
	asGround             // what a decision was asked to decide ("Xét hồ sơ số …")
	asAlone              // alone in the head of the page, as under a code
	asEntry              // after a label that begins its line or its bracket
)

// AtMostCited is the highest confidence of a number that is not the paper's own.
const AtMostCited = 50

// trusted weighs the confidence in the letters of a number by what it is to the paper.
func (r role) trusted(letters float32) float32 {
	switch r {
	case asEntry:
		return letters
	case asAlone, asGround:
		return letters * 0.85
	case asCited:
	}
	return letters * AtMostCited / 100
}

const headShare = 5 // a fifth of the page is its head

var (
	ownLabel  = regexp.MustCompile(`(?:(?:MA|SO|MA SO) (?:HO SO|BIEN NHAN)|(?:HO SO|BIEN NHAN) SO|MA SO)(?: (?:SO|TTHC|DIEN TU|LA))? ?([:.;]?)\s*$`)
	forLabel  = regexp.MustCompile(`DUNG CHO HO SO(?: SO)?[\s:.]*$`)
	goesOnBy  = regexp.MustCompile(`^[\s,]*(?:CUA|DO|DA|NOP|DUOC|VA)\b`)
	ground    = regexp.MustCompile(`^\W*XET HO SO(?: SO)?[\s:.]*$`)
	sentences = regexp.MustCompile(`^(?:HO SO|BIEN NHAN) SO`)
)

// role tells what a match in the text of a page is; head is where the head of the page
// ends.
func (r run) role(m grammar.Match, box pipeline.Box, head int) role {
	before, after := r.around(m)
	switch {
	case entered(before, after):
		return asEntry
	case bareOf(before) && bareOf(after) && box.Y1 <= head && !r.inTable(m):
		return asAlone
	case beginsLarge(strings.TrimSpace(before)) && ground.MatchString(fold(before)):
		return asGround
	}
	return asCited
}

// bareOf reports whether there is neither letter nor digit in a text.
func bareOf(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// inTable reports whether something counted or numbered stands on the line of a match, as
// in the row of a list.
func (r run) inTable(m grammar.Match) bool {
	from := strings.LastIndexByte(r.text[:m.Start], '\n') + 1
	after, _, _ := strings.Cut(r.text[m.End:], "\n")
	return strings.ContainsFunc(r.text[from:m.Start]+after, unicode.IsDigit)
}

// around gives what stands before and behind a number in its column of its line. Where
// nothing stands before it, that is the column to the left, or the line above, if they end
// with a colon.
func (r run) around(m grammar.Match) (before, after string) {
	lines := strings.Split(r.text[:m.Start], "\n")
	columns := strings.Split(lines[len(lines)-1], "\t")
	last := len(columns) - 1
	before = columns[last]
	if bareOf(before) {
		if last > 0 {
			columns = columns[:last]
		} else if len(lines) > 1 {
			columns = strings.Split(lines[len(lines)-2], "\t")
		}
		if left := columns[len(columns)-1]; strings.HasSuffix(strings.TrimSpace(left), ":") {
			before = left
		}
	}
	after, _, _ = strings.Cut(r.text[m.End:], "\n")
	after, _, _ = strings.Cut(after, "\t")
	return before, after
}

// entered reports whether a number between these words is the entry of a form.
func entered(before, after string) bool {
	folded := fold(before)
	if forLabel.MatchString(folded) {
		return true
	}
	at := ownLabel.FindStringSubmatchIndex(folded)
	if at == nil || goesOnBy.MatchString(fold(after)) {
		return false
	}
	lead, label := folded[:at[0]], []rune(before)[len([]rune(folded[:at[0]])):]
	colon, ends, bracket := at[2] < at[3], bareOf(after), strings.HasPrefix(strings.TrimSpace(lead), "(")
	switch {
	case letters(lead) > 0:
		return bracket && ends && colon && !strings.Contains(lead, ")")
	case unicode.IsLower(label[0]) && !bracket:
		return false // a sentence that goes on from the line above
	}
	return colon || ends && !sentences.MatchString(folded[at[0]:])
}

package catalog

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
	"hoso/storage/catalog/fold"
)

// The most that is looked for at once; what a person pastes beyond it is ignored.
const (
	mostParts   = 24
	longestPart = 24 // words of a phrase
)

// question is what is asked of the index of words: all parts and all marks.
type question struct {
	parts []part
	marks []string
}

// part is one thing to be found: a word, or words in a row, or a dossier number that
// begins in one of some ways.
type part struct {
	words  []string // folded
	tones  []string // the tone key of each word that was written with marks, else ""
	number []string // marks, of which one must be the beginning
	whole  bool     // the marks are whole numbers, not beginnings
}

// ask reads what a person typed: words, and phrases between quotation marks of any
// kind. Nothing that can be typed is an error.
func ask(text string) []part {
	text = strings.Map(straightQuote, norm.NFC.String(storableForm(text)))
	var parts []part
	inside := false
	for piece := range strings.SplitSeq(text, `"`) {
		pieces := []string{piece}
		if !inside {
			pieces = strings.Fields(piece)
		}
		for _, s := range pieces {
			if p := partOf(s); len(p.words) > 0 && len(parts) < mostParts {
				parts = append(parts, p)
			}
		}
		inside = !inside
	}
	return parts
}

func straightQuote(r rune) rune {
	if strings.ContainsRune("“”„‟«»〝〞＂", r) {
		return '"'
	}
	return r
}

// partOf reads a word or a phrase. What is written together but has several words,
// such as 15/QĐ-BNV, is a phrase too.
func partOf(s string) part {
	var p part
	for w := range fold.Words(s) {
		if len(p.words) == longestPart {
			break
		}
		written, tone := s[w.Start:w.End], ""
		if strings.ToLower(written) != w.Text {
			tone = fold.Tone(written)
		}
		p.words = append(p.words, w.Text)
		p.tones = append(p.tones, tone)
	}
	p.number, p.whole = numberMarks(s)
	return p
}

// numberMarks gives the marks of the dossier number that s is, or begins. A lone
// letter or word is not taken for the beginning of one.
func numberMarks(s string) (marks []string, whole bool) {
	if n, err := pipeline.ParseDossierNumber(s); err == nil {
		return []string{numberMark(n.Key())}, true
	}
	if !strings.ContainsFunc(s, func(r rune) bool { return r == '.' || unicode.Is(unicode.Pd, r) || r == '−' }) {
		return nil, false
	}
	for _, beginning := range pipeline.NumberPrefixes(s) {
		marks = append(marks, numberMark(beginning))
	}
	return marks, false
}

// beginning gives the engine's sign for a beginning, if the marks of p are such.
func (p part) beginning(sign string) string {
	if p.whole {
		return ""
	}
	return sign
}

func (q question) empty() bool { return len(q.parts) == 0 && len(q.marks) == 0 }

// toned reports whether any word was written with marks.
func (q question) toned() bool {
	for _, p := range q.parts {
		if slices.ContainsFunc(p.tones, func(t string) bool { return t != "" }) {
			return true
		}
	}
	return false
}

// liteQuestion writes q as an FTS5 expression. All operands stand between quotation
// marks, and none of them holds one.
func liteQuestion(q question) string {
	var all []string
	for _, p := range q.parts {
		one := []string{`{head body} : "` + strings.Join(p.words, " ") + `"`}
		for _, mark := range p.number {
			one = append(one, `meta : "`+mark+`"`+p.beginning(" *"))
		}
		all = append(all, "("+strings.Join(one, " OR ")+")")
	}
	for _, mark := range q.marks {
		all = append(all, `(meta : "`+mark+`")`)
	}
	return strings.Join(all, " AND ")
}

// pgQuestion writes q as the text form of a tsquery.
func pgQuestion(q question) string {
	var all []string
	for _, p := range q.parts {
		quoted := make([]string, len(p.words))
		for i, w := range p.words {
			quoted[i] = lexeme(w)
		}
		one := []string{"(" + strings.Join(quoted, " <-> ") + ")"}
		for _, mark := range p.number {
			one = append(one, lexeme(mark)+p.beginning(":*"))
		}
		all = append(all, "("+strings.Join(one, " | ")+")")
	}
	for _, mark := range q.marks {
		all = append(all, lexeme(mark))
	}
	return strings.Join(all, " & ")
}

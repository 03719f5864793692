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
	heads [][]string // phrases that narrow it down: they stand in the short text of a paper
}

// part is one thing to be found: a word, or words in a row, or a dossier number that
// begins in one of some ways.
type part struct {
	words  []string // folded
	tones  []string // the tone key of each word that was written with marks, else ""
	number []string // marks, of which one must be the beginning
	whole  bool     // the marks are whole numbers, not beginnings

	alike []map[string]bool // the words that may stand for each of words, see forgiven
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

// phrased reports whether words of q must stand in a row, which takes the engines longest
// to find. Dossier numbers have their marks, and digits that few papers have.
func (q question) phrased() bool {
	return slices.ContainsFunc(q.parts, func(p part) bool { return len(p.words) > 1 && len(p.number) == 0 })
}

// with gives p with another word in the place of one.
func (p part) with(at int, word string) part {
	p.words = slices.Clone(p.words)
	p.words[at] = word
	return p
}

// dialect is how an engine writes questions.
type dialect struct {
	and, or, not string
	part         func(part) string
	mark         func(string) string
	head         func(words []string) string
}

// write writes q: all its parts, or, if words of it may stand for others, all with one
// word replaced but not as they are.
func (d dialect) write(q question) string {
	parts := make([]string, len(q.parts))
	for i, p := range q.parts {
		parts[i] = "(" + d.part(p) + ")"
	}
	exact := strings.Join(parts, d.and)
	var all []string
	if slips := q.slips(); len(slips) > 0 {
		var others []string
		for _, s := range slips {
			others = append(others, "("+d.slipped(q, parts, s)+")")
		}
		exact = "((" + strings.Join(others, d.or) + ")" + d.not + "(" + exact + "))"
	}
	if exact != "" {
		all = append(all, exact)
	}
	for _, mark := range q.marks {
		all = append(all, d.mark(mark))
	}
	for _, phrase := range q.heads {
		all = append(all, d.head(phrase))
	}
	return strings.Join(all, d.and)
}

// slipped writes the parts of q, one of them with one word replaced.
func (d dialect) slipped(q question, parts []string, s slip) string {
	instead := make([]string, len(s.instead))
	for i, word := range s.instead {
		p := q.parts[s.part].with(s.word, word)
		p.number = nil
		instead[i] = d.part(p)
	}
	parts = slices.Clone(parts)
	parts[s.part] = "(" + strings.Join(instead, d.or) + ")"
	return strings.Join(parts, d.and)
}

// liteQuestion writes q as an FTS5 expression. All operands stand between quotation
// marks, and none of them holds one.
func liteQuestion(q question) string {
	d := dialect{and: " AND ", or: " OR ", not: " NOT "}
	d.part = func(p part) string {
		one := []string{`{head body} : "` + strings.Join(p.words, " ") + `"`}
		for _, mark := range p.number {
			one = append(one, `meta : "`+mark+`"`+p.beginning(" *"))
		}
		return strings.Join(one, d.or)
	}
	d.mark = func(mark string) string { return `(meta : "` + mark + `")` }
	d.head = func(words []string) string { return `({head} : "` + strings.Join(words, " ") + `")` }
	return d.write(q)
}

// pgQuestion writes q as the text form of a tsquery.
func pgQuestion(q question) string {
	d := dialect{and: " & ", or: " | ", not: " & !", mark: lexeme}
	d.part = func(p part) string {
		one := []string{pgPhrase(p.words, "")}
		for _, mark := range p.number {
			one = append(one, lexeme(mark)+p.beginning(":*"))
		}
		return strings.Join(one, d.or)
	}
	d.head = func(words []string) string { return pgPhrase(words, ":A") }
	return d.write(q)
}

// pgPhrase writes words in a row, of that weight or of any.
func pgPhrase(words []string, weight string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = lexeme(w) + weight
	}
	return "(" + strings.Join(quoted, " <-> ") + ")"
}

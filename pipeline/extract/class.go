package extract

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/agnivade/levenshtein"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
)

// Class is a kind of paper (loại giấy tờ), such as a birth certificate, and how a clerk
// tells it: by its title, by words on it and by words that are not on it. A rule holds if
// each of the three does that it names. Letters are compared without case and marks, and
// one in eight may be misread.
type Class struct {
	Class string   `yaml:"class"` // stable, such as khai-sinh
	Name  string   `yaml:"name"`  // as people call it
	Title []string `yaml:"title"` // beginnings of the title; one of them
	Text  []string `yaml:"text"`  // on the paper somewhere; all of them
	Not   []string `yaml:"not"`   // likewise; none of them
	Code  string   `yaml:"code"`  // mã loại giấy tờ, of papers for which no procedure states one
}

// Classes are rules in the order in which they are asked: the first that holds decides.
type Classes []Class

//go:embed classes.yaml
var shipped []byte

// ErrClasses is returned for rules that cannot be used.
var ErrClasses = errors.New("rules of paper classes")

// ParseClasses reads rules as classes.yaml beside this file has them. Errors name the rule
// by its place.
func ParseClasses(text []byte) (Classes, error) {
	var all Classes
	d := yaml.NewDecoder(strings.NewReader(string(text)))
	d.KnownFields(true)
	if err := d.Decode(&all); err != nil {
		return nil, fmt.Errorf("reading the %w: %w", ErrClasses, err)
	}
	for i, c := range all {
		switch {
		case !plain(c.Class):
			return nil, fmt.Errorf("reading the %w: rule %d: class %.40q: want small letters a to z, digits and hyphens", ErrClasses, i+1, c.Class)
		case strings.TrimSpace(c.Name) == "":
			return nil, fmt.Errorf("reading the %w: rule %d (%s) has no name", ErrClasses, i+1, c.Class)
		case len(c.Title)+len(c.Text) == 0:
			return nil, fmt.Errorf("reading the %w: rule %d (%s) has neither title nor text and would hold for every paper", ErrClasses, i+1, c.Class)
		}
		for _, phrase := range [][]string{c.Title, c.Text, c.Not} {
			for _, p := range phrase {
				if letters(p) < 2 {
					return nil, fmt.Errorf("reading the %w: rule %d (%s): %.40q is too short to tell a paper by", ErrClasses, i+1, c.Class, p)
				}
			}
		}
	}
	return all, nil
}

func plain(s string) bool {
	return s != "" && len(s) <= 40 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// ShippedRules are the rules that come with hoso, for the classes of papers that one-stop
// desks see most.
func ShippedRules() []byte { return slices.Clone(shipped) }

// Name gives what people call a class, "" if no rule has it.
func (all Classes) Name(class string) string {
	for _, c := range all {
		if c.Class == class {
			return c.Name
		}
	}
	return ""
}

// Of gives the class of papers with a title, "" if no rule holds. Rules that ask for
// words of the text besides are left out.
func (all Classes) Of(title string) string {
	h := heading{folded: bareWords(fold(norm.NFC.String(title)))}
	for _, at := range []func(heading, string) bool{heading.begins, heading.has} {
		for _, c := range all {
			if len(c.Text) > 0 {
				continue
			}
			if slices.ContainsFunc(c.Title, func(p string) bool { return at(h, fold(p)) }) {
				return c.Class
			}
		}
	}
	return ""
}

// Code gives the code of a class's type, "" if no rule states one.
func (all Classes) Code(class string) string {
	for _, c := range all {
		if c.Class == class && c.Code != "" {
			return c.Code
		}
	}
	return ""
}

// Field tells the class of a paper by its pages; ok is false if no rule holds.
func (all Classes) Field(pages []pipeline.Page) (f pipeline.Field, ok bool) {
	sheets := sheetsOf(pages)
	if len(sheets) == 0 {
		return pipeline.Field{}, false
	}
	front := frontOf(sheets)
	paper := look{front: front, heads: headings(front), text: wholeText(sheets)}
	for _, at := range []func(heading, string) bool{heading.begins, heading.has} {
		for _, c := range all {
			if f, ok := c.holds(paper, at); ok {
				return f, true
			}
		}
	}
	return pipeline.Field{}, false
}

// look is what the rules are asked of.
type look struct {
	front sheet
	heads []heading
	text  string // folded
}

// holds asks one rule; at says how a phrase must stand in a heading.
func (c Class) holds(paper look, at func(heading, string) bool) (pipeline.Field, bool) {
	for _, p := range c.Not {
		if within(paper.text, fold(p)) {
			return pipeline.Field{}, false
		}
	}
	for _, p := range c.Text {
		if !within(paper.text, fold(p)) {
			return pipeline.Field{}, false
		}
	}
	if len(c.Title) == 0 {
		return paper.front.field(pipeline.FieldClass, c.Class, paper.front.above(0.5), possible), true
	}
	for _, h := range paper.heads {
		for _, p := range c.Title {
			if at(h, fold(p)) {
				return paper.front.field(pipeline.FieldClass, c.Class, h.lines, certain), true
			}
		}
	}
	return pipeline.Field{}, false
}

// heading is one or several lines in capitals that may be the title of a paper.
type heading struct {
	folded string
	lines  []line
}

// begins reports whether a title begins with a phrase.
func (h heading) begins(phrase string) bool { return begins(h.folded, phrase) }

// has reports whether a phrase stands in a heading after something else, such as letters
// that a seal or a stain was read as. A single word may stand in any title.
func (h heading) has(phrase string) bool {
	return strings.Contains(phrase, " ") && within(h.folded, phrase)
}

// headings gives what may be the title, from top to bottom: the capitals in the upper part
// of the page but for the national title. A long title breaks over lines.
func headings(front sheet) []heading {
	const longest = 3
	var capitals []line
	for _, l := range front.above(0.6) {
		if !nationalTitle(l.folded) {
			capitals = append(capitals, capitalsOf(l)...)
		}
	}
	var out []heading
	for i := range capitals {
		var h heading
		for n := 0; n < longest && i+n < len(capitals); n++ {
			if n > 0 && !follows(capitals[i+n-1], capitals[i+n]) {
				break
			}
			h.lines = append(h.lines, capitals[i+n])
			h.folded = strings.TrimSpace(h.folded + " " + bareWords(capitals[i+n].folded))
		}
		out = append(out, h)
	}
	return out
}

// capitalsOf gives the runs of words in capitals on a line: before and behind a title may
// be what was written by hand.
func capitalsOf(l line) []line {
	var out []line
	from := 0
	for i := 0; i <= len(l.words); i++ {
		if i < len(l.words) && inCapitals(l.words[i].Text) {
			continue
		}
		if run := lineOf(l.words[from:i], l.paragraph); mostlyCapitals(run.text) {
			out = append(out, run)
		}
		from = i + 1
	}
	return out
}

// inCapitals reports whether a word may be of a line in capitals: one letter in three may
// be misread as a small one.
func inCapitals(word string) bool {
	upper, lower := 0, 0
	for _, r := range word {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		}
	}
	return 2*lower <= upper
}

// follows reports whether next stands below l as the next line of the same block.
func follows(l, next line) bool {
	return next.box.Y0 > l.box.Y0 && next.box.Y0-l.box.Y1 < 2*max(l.box.Y1-l.box.Y0, 1)
}

// bareWords drops signs around the words of folded text.
func bareWords(folded string) string {
	var words []string
	for w := range strings.FieldsSeq(folded) {
		if w = strings.Trim(w, "_|-.,;:'\"`~*=()[]{}<>"); w != "" {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}

// wholeText is the folded text of all sheets, a blank between two words.
func wholeText(sheets []sheet) string {
	var b strings.Builder
	for _, s := range sheets {
		for _, l := range s.lines {
			b.WriteString(l.folded)
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// misread is how many letters of a phrase may be read wrongly.
func misread(phrase []rune) int { return len(phrase) / 8 }

// begins reports whether text begins with a phrase, and with its last word as a whole.
func begins(text, phrase string) bool {
	if rest, ok := strings.CutPrefix(text, phrase); ok {
		return rest == "" || rest[0] == ' '
	}
	t, p := []rune(text), []rune(phrase)
	for n := len(p) - misread(p); n <= len(p)+misread(p) && n <= len(t); n++ {
		if n > 0 && (n == len(t) || t[n] == ' ') && levenshtein.ComputeDistance(string(t[:n]), phrase) <= misread(p) {
			return true
		}
	}
	return false
}

// within reports whether a phrase stands somewhere in a text, at the beginning of a word.
func within(text, phrase string) bool {
	if strings.Contains(" "+text, " "+phrase) {
		return true
	}
	for rest, ok := text, true; ok && misread([]rune(phrase)) > 0; {
		if begins(rest, phrase) {
			return true
		}
		_, rest, ok = strings.Cut(rest, " ")
	}
	return false
}

package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
)

// sheet is a page as the rules look at it.
type sheet struct {
	page   pipeline.Page
	lines  []line // in reading order
	pieces []line // of lines, from top to bottom; see piecesOf
}

// line is a line of words in two spellings that have their letters at the same
// places: as printed, and folded to capitals without marks, in which most misread
// tone marks do not show.
type line struct {
	words     []pipeline.Word
	text      string
	folded    string
	box       pipeline.Box
	paragraph int
}

// sheetsOf gives the pages that have words.
func sheetsOf(pages []pipeline.Page) []sheet {
	var sheets []sheet
	for _, p := range pages {
		if len(p.Lines) == 0 {
			continue
		}
		s := sheet{page: p}
		for _, l := range p.Lines {
			s.lines = append(s.lines, lineOf(l.Words, l.Paragraph))
		}
		s.pieces = piecesOf(s.lines)
		sheets = append(sheets, s)
	}
	return sheets
}

func lineOf(words []pipeline.Word, paragraph int) line {
	l := line{words: words, paragraph: paragraph}
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.Text
		l.box = l.box.Union(w.Box)
	}
	l.text = norm.NFC.String(strings.Join(texts, " "))
	l.folded = fold(l.text)
	return l
}

// above gives the lines in the upper share of the page.
func (s sheet) above(share float64) []line {
	var lines []line
	for _, l := range s.lines {
		if float64(l.box.Y0) < share*float64(s.page.Height) || s.page.Height == 0 {
			lines = append(lines, l)
		}
	}
	return lines
}

// field makes a field of what stands on the given lines; sure is how far the rule
// itself can be trusted, from 0 to 1.
func (s sheet) field(name pipeline.FieldName, value string, lines []line, sure float64) pipeline.Field {
	f := pipeline.Field{Name: name, Value: value, Source: sourceOf(s.page), Page: s.page.Number}
	var words []pipeline.Word
	for _, l := range lines {
		f.Box = f.Box.Union(l.box)
		words = append(words, l.words...)
	}
	f.Confidence = s.surety(words, value) * float32(sure)
	return f
}

func sourceOf(p pipeline.Page) pipeline.Source {
	if p.Origin == pipeline.Digital {
		return pipeline.ByText
	}
	return pipeline.ByOCR
}

// confidence is the mean over words, weighted by length.
func confidence(words []pipeline.Word) float32 {
	var sum, weight float32
	for _, w := range words {
		n := float32(utf8.RuneCountInString(w.Text))
		sum += n * w.Confidence
		weight += n
	}
	if weight == 0 {
		return 0
	}
	return sum / weight
}

// fold gives, for every letter of NFC text, its capital without marks.
func fold(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteRune(bare(r))
	}
	return b.String()
}

// latin has the capitals without marks of U+1EA0 to U+1EF9, which are all letters of
// Vietnamese but those of Latin-1 and the horned ones.
const latin = "AAAAAAAAAAAAAAAAAAAAAAAA" + "EEEEEEEEEEEEEEEE" + "IIII" + "OOOOOOOOOOOOOOOOOOOOOOOO" + "UUUUUUUUUUUUUU" + "YYYYYYYY"

func bare(r rune) rune {
	switch at := int(r) - 0x1ea0; {
	case at >= 0 && at < len(latin):
		return rune(latin[at])
	case r >= 'a' && r <= 'z':
		return r - 'a' + 'A'
	case r >= 0 && r < utf8.RuneSelf:
		return r
	}
	return stripped(r)
}

func stripped(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		return unicode.ToUpper(r)
	case r == 'đ' || r == 'Đ' || r == 'Ð' || r == 'ð':
		return 'D'
	case isDash(r):
		return '-'
	}
	if d := norm.NFD.PropertiesString(string(r)).Decomposition(); len(d) > 0 {
		r, _ = utf8.DecodeRune(d)
		if r >= utf8.RuneSelf {
			return stripped(r)
		}
	}
	return unicode.ToUpper(r)
}

func isDash(r rune) bool { return strings.ContainsRune("-‐‑‒–—―−", r) }

// printed gives the piece of l.text that lies where folded[from:to] does.
func (l line) printed(from, to int) string {
	text := []rune(l.text)
	a := utf8.RuneCountInString(l.folded[:from])
	b := a + utf8.RuneCountInString(l.folded[from:to])
	return string(text[a:min(b, len(text))])
}

func nationalTitle(folded string) bool {
	return strings.Contains(folded, "ONG HO") && strings.Contains(folded, "XA HO") || strings.Contains(folded, "CHU NGHIA VIET") || strings.Contains(folded, "DOC LAP")
}

// mostlyCapitals reports whether nearly all letters of s are capitals.
func mostlyCapitals(s string) bool {
	upper, lower := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		}
	}
	return upper >= 2 && lower*6 <= upper
}

package recognize

import (
	"slices"
	"strings"
	"unicode"

	"github.com/agnivade/levenshtein"
	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
)

// order puts the head of an official paper (Decree 30/2020, Appendix I: boxes 1 to
// 4) in reading order: the issuing agency, the number and the subject on the left,
// then the national title and the date on the right. Engines often read straight
// across both. Where no national title stands beside anything, lines stay as they
// are.
func order(lines []pipeline.Line, width, height int) []pipeline.Line {
	gutter, ok := gutterOf(lines, height)
	if !ok || !besideTitle(lines, gutter, height) {
		return renumber(lines)
	}
	bottom := headBottom(lines, gutter, height)
	var left, right, rest []pipeline.Line
	for _, l := range lines {
		if middle(l) > bottom || isAddress(l) {
			rest = append(rest, l)
			continue
		}
		a, b, parted := part(l, gutter)
		if !parted {
			rest = append(rest, l)
			continue
		}
		left, right = appendWords(left, a, leftHead), appendWords(right, b, rightHead)
	}
	subject, rest := subjectOf(rest, gutter, width)
	left = append(left, subject...)
	if len(left) == 0 || len(right) == 0 {
		return renumber(lines)
	}
	byHeight(left)
	byHeight(right)
	return renumber(slices.Concat(left, right, rest))
}

// The paragraphs of the head; engines count theirs from 0 or 1 on.
const (
	leftHead  = -1
	rightHead = -2
)

// gutterOf gives the left edge of the national title (quốc hiệu) or, where it was
// not read, of the motto (tiêu ngữ) below it.
func gutterOf(lines []pipeline.Line, height int) (int, bool) {
	gutter, found := 0, false
	for _, l := range lines {
		if middle(l) > height*35/100 {
			continue
		}
		if i := titleAt(l.Words); i >= 0 {
			x := l.Words[i].Box.X0
			if !found || x < gutter {
				gutter, found = x, true
			}
		}
	}
	return gutter, found
}

// besideTitle reports whether something stands left of the national title, on its
// height: on applications it stands alone, in the middle of the page.
func besideTitle(lines []pipeline.Line, gutter, height int) bool {
	var title pipeline.Box
	for _, l := range lines {
		if i := titleAt(l.Words); i >= 0 && middle(l) <= height*35/100 {
			title = title.Union(box(pipeline.Line{Words: l.Words[i:]}))
		}
	}
	return slices.ContainsFunc(lines, func(l pipeline.Line) bool {
		return slices.ContainsFunc(l.Words, func(w pipeline.Word) bool {
			center := (w.Box.Y0 + w.Box.Y1) / 2
			return w.Box.X1 <= gutter && title.Y0 <= center && center < title.Y1
		})
	})
}

// titleAt finds the word that begins CỘNG HÒA … or Độc lập …. The first may be misread
// by a letter if more of the title follows.
func titleAt(words []pipeline.Word) int {
	for i := range len(words) - 1 {
		first, second := fold(words[i].Text), fold(words[i+1].Text)
		if !startsUpper(words[i].Text) {
			continue
		}
		republic := strings.HasPrefix(second, "HO") && startsUpper(words[i+1].Text)
		more := i+2 < len(words) && fold(words[i+2].Text) == "XA"
		if republic && (first == "CONG" || more && levenshtein.ComputeDistance(first, "CONG") == 1) || first == "DOC" && second == "LAP" {
			return i
		}
	}
	return -1
}

// headBottom is the lower edge of the head: the line of the date, which stands on
// the right, or a good distance below the title.
func headBottom(lines []pipeline.Line, gutter, height int) int {
	title := 0
	for _, l := range lines {
		if titleAt(l.Words) >= 0 && middle(l) <= height*35/100 {
			title = max(title, box(l).Y1)
		}
	}
	bottom := title + height/25
	for _, l := range lines {
		b := box(l)
		if b.Y0 < title || b.Y0 > title+height/8 || b.X1 <= gutter {
			continue
		}
		if text := fold(lineText(l)); strings.Contains(text, "NGAY") && strings.Contains(text, "THANG") && !strings.Contains(text, "NGAY, THANG") {
			return max(title, b.Y1)
		}
	}
	return bottom
}

// part splits a line of the head at the gutter; parted is false for a line that
// runs across it.
func part(l pipeline.Line, gutter int) (left, right []pipeline.Word, parted bool) {
	b := box(l)
	slack := (b.Y1 - b.Y0) / 2
	cut := slices.IndexFunc(l.Words, func(w pipeline.Word) bool { return w.Box.X0 >= gutter-slack })
	switch {
	case cut < 0:
		return l.Words, nil, b.X1 <= gutter+slack
	case cut == 0:
		return nil, l.Words, true
	}
	// Right parts are centred below the title, so the gap may lie beyond the
	// gutter; between two words of one phrase it is narrow.
	if l.Words[cut-1].Box.X1 > gutter+slack {
		return nil, nil, false
	}
	if gap := l.Words[cut].Box.X0 - l.Words[cut-1].Box.X1; gap < slack {
		return nil, nil, false
	}
	return l.Words[:cut], l.Words[cut:], true
}

func appendWords(lines []pipeline.Line, words []pipeline.Word, paragraph int) []pipeline.Line {
	if len(words) == 0 {
		return lines
	}
	return append(lines, pipeline.Line{Words: words, Paragraph: paragraph})
}

// subjectOf takes the subject of an official letter, which may reach below the date,
// out of the lines that follow the head.
func subjectOf(lines []pipeline.Line, gutter, width int) (subject, rest []pipeline.Line) {
	from := slices.IndexFunc(lines, func(l pipeline.Line) bool {
		return strings.HasPrefix(fold(lineText(l)), "V/V")
	})
	if from < 0 || from > 4 {
		return nil, lines
	}
	to := from
	for to < len(lines) && to-from < 6 && box(lines[to]).X1 <= gutter+width/20 && !isAddress(lines[to]) {
		to++
	}
	for _, l := range lines[from:to] {
		subject = append(subject, pipeline.Line{Words: l.Words, Paragraph: leftHead})
	}
	return subject, slices.Concat(lines[:from], lines[to:])
}

func isAddress(l pipeline.Line) bool { return strings.HasPrefix(fold(lineText(l)), "KINH GUI") }

// renumber counts paragraphs from 0 in the order of the lines.
func renumber(lines []pipeline.Line) []pipeline.Line {
	out := make([]pipeline.Line, len(lines))
	n := 0
	for i, l := range lines {
		if i > 0 && l.Paragraph != lines[i-1].Paragraph {
			n++
		}
		out[i] = pipeline.Line{Words: l.Words, Paragraph: n}
	}
	return out
}

// byHeight sorts lines from top to bottom, and those on one height from left to right.
func byHeight(lines []pipeline.Line) {
	slices.SortStableFunc(lines, func(a, b pipeline.Line) int { return middle(a) - middle(b) })
	for from := 0; from < len(lines); {
		to, b := from+1, box(lines[from])
		for to < len(lines) && middle(lines[to]) < b.Y1 && box(lines[to]).Y0 < middle(lines[from]) {
			to++
		}
		slices.SortStableFunc(lines[from:to], func(a, b pipeline.Line) int { return box(a).X0 - box(b).X0 })
		from = to
	}
}

func box(l pipeline.Line) pipeline.Box {
	var b pipeline.Box
	for _, w := range l.Words {
		b = b.Union(w.Box)
	}
	return b
}

func middle(l pipeline.Line) int {
	b := box(l)
	return (b.Y0 + b.Y1) / 2
}

func lineText(l pipeline.Line) string {
	words := make([]string, len(l.Words))
	for i, w := range l.Words {
		words[i] = w.Text
	}
	return strings.Join(words, " ")
}

// fold gives capitals without tone marks, so that misread marks do not matter.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'đ' || r == 'Đ':
			return 'D'
		}
		return unicode.ToUpper(r)
	}, norm.NFD.String(s))
}

func startsUpper(s string) bool {
	for _, r := range s {
		return unicode.IsUpper(r)
	}
	return false
}

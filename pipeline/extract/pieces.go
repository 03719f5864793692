package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"hoso/pipeline"
)

// piecesOf cuts lines where the space between two words is far wider than those of a
// sentence: what stands in two columns on one baseline was read as one line. From top to
// bottom.
func piecesOf(lines []line) []line {
	var out []line
	for _, l := range lines {
		from := 0
		for i := 1; i <= len(l.words); i++ {
			if i < len(l.words) && !apart(l.words[i-1], l.words[i], l.height()) {
				continue
			}
			if from == 0 && i == len(l.words) {
				out = append(out, l)
			} else {
				out = append(out, lineOf(l.words[from:i], l.paragraph))
			}
			from = i
		}
	}
	slices.SortStableFunc(out, func(a, b line) int { return a.box.Y0 - b.box.Y0 })
	return out
}

// apart reports whether the space between two words of a line so high is far wider than
// those of a sentence.
func apart(a, b pipeline.Word, height int) bool { return b.Box.X0-a.Box.X1 >= 2*height }

// height and bottom are those of most words of a line: a stroke of a pen or a rule below
// it makes one of them large.
func (l line) height() int { return max(l.median(func(b pipeline.Box) int { return b.Y1 - b.Y0 }), 1) }
func (l line) bottom() int { return l.median(func(b pipeline.Box) int { return b.Y1 }) }
func (l line) top() int    { return l.median(func(b pipeline.Box) int { return b.Y0 }) }

func (l line) median(of func(pipeline.Box) int) int {
	if len(l.words) == 0 {
		return 0
	}
	var few [32]int
	all := few[:0]
	for _, w := range l.words[:min(len(l.words), len(few))] {
		all = append(all, of(w.Box))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// middle is where a line has its middle.
func (l line) middle() int { return (l.box.X0 + l.box.X1) / 2 }

// under gives the next piece below one in its column, if no gap is between.
func (s sheet) under(l line) (line, bool) {
	for _, p := range s.pieces {
		if p.top() > l.top()+l.height()/2 && p.box.X0 < l.box.X1 && l.box.X0 < p.box.X1 && len(p.words) > 0 {
			return p, near(l, p)
		}
	}
	return line{}, false
}

// cut gives the part of a line that lies in folded[from:to]. A word that lies in it with
// a part is cut too.
func (l line) cut(from, to int) line {
	var words []pipeline.Word
	at := 0
	for _, w := range l.words {
		folded := fold(w.Text)
		a, b := max(from-at, 0), min(to-at, len(folded))
		if a < b {
			if a > 0 || b < len(folded) {
				r := []rune(w.Text)
				n := utf8.RuneCountInString(folded[:a])
				w.Text = string(r[n:min(n+utf8.RuneCountInString(folded[a:b]), len(r))])
			}
			words = append(words, w)
		}
		at += len(folded) + 1
	}
	return lineOf(words, l.paragraph)
}

// rest is what stands behind a place in a line.
func (l line) rest(from int) line { return l.cut(from, len(l.folded)) }

// and joins lines to one.
func (l line) and(next ...line) line {
	words := slices.Clone(l.words)
	for _, n := range next {
		words = append(words, n.words...)
	}
	return lineOf(words, l.paragraph)
}

// near reports whether next stands below l without a gap.
func near(l, next line) bool {
	return next.top() >= l.top() && next.top()-l.bottom() < max(l.height(), next.height())
}

const dashes = "-–—−‐‑_~•*+"

// listed is a list taken off lines. An item begins with a dash, or where one ended with a
// sign if dashes may be lost; it goes on over several lines. The list ends before the line
// that ends it, at a gap, or where text begins further left.
type listed struct {
	lost   bool                 // dashes may be
	ends   func(text line) bool // what stands behind the list
	values []string
	taken  []line
}

// takeOff takes the list that begins with the first line.
func (t *listed) takeOff(lines []line) {
	const most = 24
	for i, l := range lines {
		gap := i > 0 && l.top()-lines[i-1].bottom() > 2*l.height()
		if gap || len(t.taken) >= most || len(t.taken) > 0 && l.box.X0 < t.taken[0].box.X0-l.height() {
			return
		}
		if letters(l.text) > 0 && !t.take(l) {
			return
		}
	}
}

// take adds one line, unless the list has ended.
func (t *listed) take(l line) bool {
	text := l.rest(len(l.folded) - len(strings.TrimLeft(l.folded, dashes+" ")))
	dashed, closed := len(text.folded) < len(l.folded), true
	if n := len(t.taken); n > 0 {
		last := t.taken[n-1].text
		closed = strings.HasSuffix(last, ";") || strings.HasSuffix(last, ".")
	}
	if t.ends(text) || !dashed && closed && !t.lost {
		return false
	}
	if dashed || closed {
		t.values = append(t.values, text.text)
	} else {
		t.values[len(t.values)-1] += " " + text.text
	}
	t.taken = append(t.taken, text)
	return true
}

// told joins the items.
func (t *listed) told() string {
	var out []string
	for _, v := range t.values {
		if v = trimmed(v); letters(v) >= 2 {
			out = append(out, v)
		}
	}
	return strings.Join(out, "; ")
}

// trimmed drops the signs around a value.
func trimmed(s string) string { return strings.Trim(s, " _|-—–.,;:'\"`~*=") }

package catalog

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hoso/pipeline"
	"hoso/storage/catalog/fold"
)

const (
	snippetWords = 32        // of a snippet
	snippetLead  = 6         // of them before the first match
	snippetText  = 256 << 10 // how much of a text is looked through, in bytes
	longestGap   = 24        // what is shown between two words, in bytes
)

// snippet cuts out of body the piece that shows most of what was asked for, the
// earliest of equals, with the matches marked and the letters as they were written.
// If only head has matches, the piece is cut from there.
func snippet(body, head string, asked question) pipeline.Snippet {
	if len(asked.parts) == 0 {
		return nil
	}
	t := lookThrough(clip(body, snippetText), asked)
	if len(t.matches) == 0 {
		if h := lookThrough(clip(head, snippetText), asked); len(h.matches) > 0 || body == "" {
			t = h
		}
	}
	return t.cut()
}

// clip cuts s to at most n bytes, between characters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// looked is a text and the matches in it.
type looked struct {
	text    string
	words   []fold.Word
	matches []match
}

// match is one part of the question found: words from first to last.
type match struct {
	part, first, last int
	near              bool // one of them has a letter wrong
}

// lookThrough finds the parts of asked in text.
func lookThrough(text string, asked question) looked {
	t := looked{text: text}
	starts := make(map[string][]int)
	for i, p := range asked.parts {
		starts[p.words[0]] = append(starts[p.words[0]], i)
		for first := range p.likely(0) {
			starts[first] = append(starts[first], i)
		}
	}
	for w := range fold.Words(text) {
		t.words = append(t.words, w)
	}
	for i, w := range t.words {
		for _, part := range starts[w.Text] {
			if wrong := t.wrong(asked.parts[part], i); wrong <= 1 {
				t.matches = append(t.matches, match{part, i, i + len(asked.parts[part].words) - 1, wrong == 1})
			}
		}
	}
	return t
}

// wrong counts the words with a letter wrong where those of a part stand in t from the
// i-th on; it is more than one if others stand there.
func (t looked) wrong(p part, i int) int {
	if i+len(p.words) > len(t.words) {
		return 2
	}
	wrong := 0
	for j, w := range p.words {
		switch there := t.words[i+j].Text; {
		case there == w:
		case p.likely(j)[there]:
			wrong++
		default:
			return 2
		}
	}
	return wrong
}

// likely gives the words that may stand for the j-th.
func (p part) likely(j int) map[string]bool {
	if j >= len(p.alike) {
		return nil
	}
	return p.alike[j]
}

// cut gives the best piece of t.
func (t looked) cut() pipeline.Snippet {
	if len(t.words) == 0 {
		return nil
	}
	first := max(0, t.best()-snippetLead)
	last := min(len(t.words), first+snippetWords) - 1
	marked := make([]bool, last-first+1)
	joined := make([]bool, last-first+1) // with the word before, in one match
	for _, m := range t.matches {
		for i := max(m.first, first); i <= min(m.last, last); i++ {
			marked[i-first] = true
			joined[i-first] = joined[i-first] || i > m.first && i > first
		}
	}
	var s pipeline.Snippet
	if first > 0 {
		s = add(s, pipeline.Part{Text: "… "})
	}
	for i := first; i <= last; i++ {
		if i > first {
			gap := between(t.text[t.words[i-1].End:t.words[i].Start])
			s = add(s, pipeline.Part{Text: gap, Match: joined[i-first]})
		}
		s = add(s, pipeline.Part{Text: t.text[t.words[i].Start:t.words[i].End], Match: marked[i-first]})
	}
	if last < len(t.words)-1 {
		s = add(s, pipeline.Part{Text: " …"})
	}
	return s
}

// best gives the word at which the window begins that holds the most parts.
func (t looked) best() int {
	bestAt, most := 0, 0
	held := make(map[int]int)
	end := 0
	for _, m := range t.matches {
		for end < len(t.matches) && t.matches[end].last < m.first+snippetWords-snippetLead {
			held[t.matches[end].part]++
			end++
		}
		if len(held) > most {
			bestAt, most = m.first, len(held)
		}
		if held[m.part]--; held[m.part] <= 0 {
			delete(held, m.part)
		}
	}
	return bestAt
}

// between gives what stands between two words, on one line and not too long.
func between(s string) string {
	fields := strings.Fields(s)
	if len(fields) == 0 {
		return " "
	}
	gap := strings.Join(fields, " ")
	if len(gap) > longestGap {
		gap = clip(gap, longestGap) + " … "
	}
	if first, _ := utf8.DecodeRuneInString(s); unicode.IsSpace(first) {
		gap = " " + gap
	}
	if last, _ := utf8.DecodeLastRuneInString(s); unicode.IsSpace(last) {
		gap += " "
	}
	return gap
}

// add appends p to the last part if it is of the same kind, else as a new part.
func add(s pipeline.Snippet, p pipeline.Part) pipeline.Snippet {
	if n := len(s); n > 0 && s[n-1].Match == p.Match {
		s[n-1].Text += p.Text
		return s
	}
	return append(s, p)
}

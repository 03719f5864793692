package web

import (
	"context"
	"net/http"
	"slices"

	"hoso/pipeline"
)

// mark is where a part of a question stands on a page.
type mark struct {
	Page int          `json:"page"`
	Box  pipeline.Box `json:"box"`
	Text string       `json:"text"`
	Near bool         `json:"near,omitzero"` // a letter of it is wrong
}

// pageSize is a page on which boxes stand, in pixels.
type pageSize struct {
	Page   int `json:"page"`
	Width  int `json:"width"`
	Height int `json:"height"`
}

// marked is what is found on the pages of a paper.
type marked struct {
	Pages []pageSize `json:"pages"`
	Marks []mark     `json:"marks"`
	More  bool       `json:"more,omitzero"` // there is more on later pages
}

// mostMarks bounds how many places are told of one paper.
const mostMarks = 500

// hit is where a part of a question stands, and the words there.
type hit struct {
	pipeline.Stretch

	page  int
	words []placed
}

// hits are those of a paper, in the order of its pages and words.
type hits struct {
	pages []pageSize
	all   []hit
	more  bool // pages were left out
}

// hits looks for the words of q on the pages of a paper. Where a word of the question
// stands just so anywhere on it, what only resembles that word is not told.
func (s *Site) hits(ctx context.Context, id pipeline.PaperID, q pipeline.Query) (hits, error) {
	var out hits
	exact := make(map[int]bool)
	err := readPages(ctx, s.Shelf, id, func(p pipeline.Page) bool {
		out.pages = append(out.pages, pageSize{p.Number, p.Width, p.Height})
		words, texts := wordsOf(p)
		for _, m := range s.Catalog.Marks(q, texts) {
			out.all = append(out.all, hit{m, p.Number, slices.Clone(words[m.First : m.Last+1])})
			exact[m.Part] = exact[m.Part] || !m.Near
		}
		out.more = len(out.all) >= mostMarks
		return !out.more
	})
	out.all = slices.DeleteFunc(out.all, func(h hit) bool { return h.Near && exact[h.Part] })
	return out, err
}

// marks gives a box for each line that a hit stands on.
func (s *Site) marks(ctx context.Context, id pipeline.PaperID, q pipeline.Query) (marked, error) {
	found, err := s.hits(ctx, id, q)
	out := marked{Pages: found.pages, More: found.more}
	for _, h := range found.all {
		for _, one := range boxesOf(h.words) {
			one.Page, one.Near = h.page, h.Near
			out.Marks = append(out.Marks, one)
		}
	}
	return out, err
}

// placed is a word and the line it stands on.
type placed struct {
	pipeline.Word

	line int
}

func wordsOf(p pipeline.Page) (words []placed, texts []string) {
	for i, l := range p.Lines {
		for _, w := range l.Words {
			words, texts = append(words, placed{w, i}), append(texts, w.Text)
		}
	}
	return words, texts
}

// boxesOf gives a box for each line that words in a row stand on.
func boxesOf(words []placed) []mark {
	var all []mark
	for i, w := range words {
		if i > 0 && w.line == words[i-1].line {
			last := &all[len(all)-1]
			last.Box, last.Text = last.Box.Union(w.Box), last.Text+" "+w.Text
			continue
		}
		all = append(all, mark{Box: w.Box, Text: w.Text})
	}
	return all
}

// apiMarks tells where the words of a search stand on a paper.
func (s *Site) apiMarks(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	var in findJSON
	if err := readJSON(v.r, &in); err != nil {
		return err
	}
	q, err := in.query()
	if err != nil {
		return err
	}
	if err := s.noteOnce(v, p.ID, "marks"); err != nil {
		return err
	}
	found, err := s.marks(v.r.Context(), p.ID, q)
	if err != nil {
		return err
	}
	found.Pages, found.Marks = orEmpty(found.Pages), orEmpty(found.Marks)
	s.writeJSON(v, http.StatusOK, found)
	return nil
}

// markedText gives the text of a page with the words of q marked. What only resembles a
// word of q is marked where the page does not have the word itself.
func (s *Site) markedText(q pipeline.Query, p pipeline.Page) pipeline.Snippet {
	words, texts := wordsOf(p)
	all := s.Catalog.Marks(q, texts)
	exact := make(map[int]bool)
	for _, m := range all {
		exact[m.Part] = exact[m.Part] || !m.Near
	}
	on, joins := make([]bool, len(words)), make([]bool, len(words))
	for _, m := range all {
		for i := m.First; i <= m.Last && (!m.Near || !exact[m.Part]); i++ {
			on[i], joins[i] = true, joins[i] || i > m.First
		}
	}
	var out pipeline.Snippet
	for i, w := range words {
		if i > 0 {
			out = append(out, pipeline.Part{Text: gapBefore(p, words, i), Match: joins[i] && w.line == words[i-1].line})
		}
		out = append(out, pipeline.Part{Text: w.Text, Match: on[i]})
	}
	return merged(out)
}

// gapBefore is what stands before a word that is not the first: see Page.Text.
func gapBefore(p pipeline.Page, words []placed, i int) string {
	was, is := words[i-1].line, words[i].line
	switch {
	case was == is:
		return " "
	case p.Lines[was].Paragraph == p.Lines[is].Paragraph:
		return "\n"
	}
	return "\n\n"
}

// merged makes one part of neighbours of one kind.
func merged(s pipeline.Snippet) pipeline.Snippet {
	var out pipeline.Snippet
	for _, part := range s {
		if n := len(out); n > 0 && out[n-1].Match == part.Match {
			out[n-1].Text += part.Text
			continue
		}
		out = append(out, part)
	}
	return out
}

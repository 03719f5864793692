package catalog

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
	"hoso/storage/catalog/fold"
)

// Marks tells which of the words of a page, in their order, are those that q asks for:
// phrases as a whole, tones and one wrong letter forgiven as Find does. A word of the
// page may hold several of the question, as 15/QĐ-UBND does.
func (c *Catalog) Marks(q pipeline.Query, page []string) []pipeline.Stretch {
	parts := ask(q.Text)
	if strings.TrimSpace(q.Box) != "" {
		parts = ask(q.Box)
	}
	if len(parts) == 0 {
		return nil
	}
	text, at := joinWords(page)
	t := lookThrough(text, question{parts: parts}.forgiven())
	var marks []pipeline.Stretch
	for _, m := range t.matches {
		s := pipeline.Stretch{Part: m.part, First: at(t.words[m.first]), Last: at(t.words[m.last]), Near: m.near}
		if !slices.Contains(marks, s) {
			marks = append(marks, s)
		}
	}
	return marks
}

// joinWords makes one text of words and tells of which one a word in it is.
func joinWords(page []string) (text string, at func(fold.Word) int) {
	var b strings.Builder
	starts := make([]int, len(page))
	for i, w := range page {
		starts[i] = b.Len()
		b.WriteString(norm.NFC.String(w))
		b.WriteByte(' ')
	}
	return b.String(), func(w fold.Word) int {
		i, found := slices.BinarySearch(starts, w.Start)
		if !found {
			i--
		}
		return i
	}
}

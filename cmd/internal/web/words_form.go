package web

import (
	"errors"
	"io/fs"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
)

// wordsBody is a page whose lines can be corrected.
type wordsBody struct {
	shown
	Number      int
	Lines       []lineRow
	Crop, Sheet string
	Notice      string
}

// lineRow is a line of recognized words.
type lineRow struct {
	Index int
	Text  string
	Crop  string
	Doubt bool // some word of it is doubtful
	Focus bool
}

// doubtfulWord is the confidence below which a word's line is shown as doubtful.
const doubtfulWord = 60

// wordsPage shows the lines of a page to be corrected.
func (s *Site) wordsPage(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(v.r.URL.Query().Get("page"))
	if err != nil || !p.CanCorrect() {
		return fs.ErrNotExist
	}
	return s.showWords(v, http.StatusOK, p, number, "")
}

func (s *Site) showWords(v *visit, status int, p shown, number int, notice string) error {
	page, err := s.readPage(v, p.ID, number)
	if err != nil {
		return err
	}
	if err := s.note(v, "viewed", p.ID, "text"); err != nil {
		return err
	}
	body := wordsBody{shown: p, Number: number, Notice: notice}
	if s.Pictures != nil {
		body.Sheet = cropAddress(p.ID, number, pipeline.Box{})
		body.Crop = body.Sheet
	}
	focused := false
	for i, l := range page.Lines {
		row := lineRow{Index: i, Text: textOf(l.Words)}
		var box pipeline.Box
		for _, w := range l.Words {
			box = box.Union(w.Box)
			row.Doubt = row.Doubt || w.Confidence < doubtfulWord
		}
		if s.Pictures != nil {
			row.Crop = cropAddress(p.ID, number, box)
		}
		if row.Doubt && !focused {
			row.Focus, focused, body.Crop = true, true, row.Crop
		}
		body.Lines = append(body.Lines, row)
	}
	s.render(v, status, "words", p.FileName, body)
	return nil
}

// readPage gives one page of what was read.
func (s *Site) readPage(v *visit, id pipeline.PaperID, number int) (pipeline.Page, error) {
	var found pipeline.Page
	err := readPages(v.r.Context(), s.Shelf, id, func(p pipeline.Page) bool {
		if p.Number == number {
			found = p
		}
		return p.Number < number
	})
	if err == nil && found.Number != number {
		err = fs.ErrNotExist
	}
	return found, err
}

func textOf(words []pipeline.Word) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.Text
	}
	return strings.Join(texts, " ")
}

// wordsForm takes corrected lines.
func (s *Site) wordsForm(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	gen, err := strconv.ParseInt(v.r.PostFormValue("gen"), 10, 64)
	number, also := strconv.Atoi(v.r.PostFormValue("page"))
	if err = errors.Join(err, also); err != nil {
		return badRequest("gen", "gen and page are numbers", err)
	}
	edits, err := s.lineEdits(v, p, number)
	if err != nil {
		return err
	}
	_, err = s.Office.CorrectWords(v.r.Context(), p.ID, gen, edits, v.session.Who.Account)
	switch problem := problemOf(err); {
	case err == nil:
		http.Redirect(v.w, v.r, "/papers/"+string(p.ID), http.StatusSeeOther)
		return nil
	case problem.status == http.StatusConflict && p.CanCorrect():
		return s.showWords(v, problem.status, p, number, "Giấy tờ vừa được người khác thay đổi. Dưới đây là nội dung mới; hãy sửa lại trên đó.")
	case problem.status == http.StatusUnprocessableEntity && p.CanCorrect():
		return s.showWords(v, problem.status, p, number, problem.say)
	}
	return err
}

// lineEdits compares the lines sent with those that stand there.
func (s *Site) lineEdits(v *visit, p shown, number int) ([]pipeline.WordEdit, error) {
	page, err := s.readPage(v, p.ID, number)
	if err != nil {
		return nil, err
	}
	var edits []pipeline.WordEdit
	for i, l := range page.Lines {
		sent, ok := v.r.PostForm["l."+strconv.Itoa(i)]
		if !ok {
			continue
		}
		if e, changed := lineEdit(l.Words, strings.Fields(norm.NFC.String(sent[0]))); changed {
			e.Page = number
			edits = append(edits, e)
		}
	}
	return edits, nil
}

// differing gives the words[from:to] in whose place after[from:end] stands.
func differing(words []pipeline.Word, after []string) (from, to, end int) {
	for from < len(words) && from < len(after) && words[from].Text == after[from] {
		from++
	}
	to, end = len(words), len(after)
	for to > from && end > from && words[to-1].Text == after[end-1] {
		to, end = to-1, end-1
	}
	return from, to, end
}

// lineEdit finds what was changed in a line: the words between those that are the same at
// its beginning and at its end. Words put in between others take one of them along, since
// they need a place.
func lineEdit(words []pipeline.Word, after []string) (e pipeline.WordEdit, changed bool) {
	from, to, end := differing(words, after)
	if from == to && from == end || len(words) == 0 {
		return e, false
	}
	if from == to && from > 0 {
		from--
	} else if from == to {
		to, end = to+1, end+1
	}
	for _, w := range words[from:to] {
		e.Box = e.Box.Union(w.Box)
	}
	e.Before, e.After = textOf(words[from:to]), strings.Join(after[from:end], " ")
	return e, true
}

package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"hoso/pipeline"
)

type lookupBody struct {
	asking

	Kinds  []pipeline.Kind
	States []pipeline.State
	Kept   []pipeline.Kept
	Keeps  bool // searches can be kept

	Asked    bool
	Lost     bool // the question is forgotten
	ID       string
	Found    pipeline.Found
	Hits     []shown
	FirstOff int // the place among Hits of the first that has a letter wrong, -1 for none
	Facets   []narrowing
	Set      []narrowed // the filters that are set
	Millis   int64
	Page     int // from 1
	First    int // of the hits on this page, from 1
}

// Used is the meaning that was searched for, nil for none.
func (b lookupBody) Used() *pipeline.Meaning {
	for i := range b.Found.Meanings {
		if b.Found.Meanings[i].Used {
			return &b.Found.Meanings[i]
		}
	}
	return nil
}

// Others are the meanings that would find something else.
func (b lookupBody) Others() []pipeline.Meaning {
	used := b.Used()
	var all []pipeline.Meaning
	for _, m := range b.Found.Meanings {
		same := used != nil && m.Kind == used.Kind && m.Total == used.Total
		if !m.Used && (m.Total > 0 || m.More) && !same {
			all = append(all, m)
		}
	}
	return all
}

// Exact is how many papers have the very words.
func (b lookupBody) Exact() int { return b.Found.Total - b.Found.Near }

const hitsPerPage = 20

func (s *Site) lookupForm(v *visit) (lookupBody, error) {
	body := lookupBody{
		Kinds:  []pipeline.Kind{pipeline.Component, pipeline.Output, pipeline.Result},
		States: pipeline.States(), FirstOff: -1, Keeps: s.Searches != nil,
	}
	if s.Searches == nil {
		return body, nil
	}
	var err error
	body.Kept, err = s.Searches.Kept(v.r.Context(), v.session.Who.Account)
	return body, err
}

func (s *Site) lookupPage(v *visit) error {
	body, err := s.lookupForm(v)
	if err != nil {
		return err
	}
	s.render(v, http.StatusOK, "lookup", "Tra cứu", body)
	return nil
}

// ask takes a question and leads to its answer, so that going back and loading again
// work as everybody expects.
func (s *Site) ask(v *visit) error {
	a, err := readAsking(v.r)
	if err != nil {
		return err
	}
	return s.lead(v, a)
}

// lead remembers a question and leads to its answer.
func (s *Site) lead(v *visit, a asking) error {
	q := &question{id: randomName(), owner: s.owner(v), asked: a, cursors: []string{""}}
	s.asked.keep(q)
	http.Redirect(v.w, v.r, "/lookup/"+q.id, http.StatusSeeOther)
	return nil
}

func (s *Site) owner(v *visit) string { return v.session.Who.Account + " " + formToken(v.token) }

func (s *Site) answer(v *visit) error {
	id := v.r.PathValue("question")
	body, err := s.lookupForm(v)
	if err != nil {
		return err
	}
	q, ok := s.asked.find(id, s.owner(v))
	if !ok {
		body.Lost = true
		s.render(v, http.StatusGone, "lookup", "Tra cứu", body)
		return nil
	}
	if n, err := strconv.Atoi(v.r.URL.Query().Get("page")); err == nil && n > 1 && n <= len(q.cursors) {
		body.Page = n - 1
	}
	query, err := q.asked.query()
	if err != nil {
		return err
	}
	if err := s.note(v, "searched", "", q.asked.said()); err != nil {
		return err
	}
	began := time.Now()
	query.Limit, query.After, query.Facets = hitsPerPage, q.cursors[body.Page], true
	if body.Found, err = s.find(v, query); err != nil {
		return err
	}
	s.asked.reached(id, body.Page, body.Found.Next)
	body.Asked, body.ID, body.asking, body.Millis = true, id, q.asked, time.Since(began).Milliseconds()
	body.First = body.Page*hitsPerPage + 1
	body.Page++
	s.showHits(v, &body)
	s.render(v, http.StatusOK, "lookup", "Tra cứu", body)
	return nil
}

// showHits brings what was found to the form of the page.
func (s *Site) showHits(v *visit, body *lookupBody) {
	for i, h := range body.Found.Hits {
		p := s.shown(v, h.Paper, Progress{})
		p.Snippet = joined(h.Snippet)
		for i, part := range p.Snippet {
			p.Snippet[i].Text = veiled(h.Paper, part.Text)
		}
		body.Hits = append(body.Hits, p)
		if h.Near && body.FirstOff < 0 {
			body.FirstOff = i
		}
	}
	body.Set = s.setFilters(body.asking)
	body.Facets = s.narrowings(body.asking, body.Found.Facets)
}

// joined makes one of marked words that stand side by side, so that a phrase looks like
// one.
func joined(s pipeline.Snippet) pipeline.Snippet {
	var out pipeline.Snippet
	for i, part := range s {
		last := len(out) - 1
		between := strings.TrimSpace(part.Text) == "" && last >= 0 && out[last].Match && i+1 < len(s) && s[i+1].Match
		if last >= 0 && (between || part.Match && out[last].Match) {
			out[last].Text += part.Text
			continue
		}
		out = append(out, part)
	}
	return out
}

package web

import (
	"container/list"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
)

// question is a search somebody made. What was searched for is personal and stays out
// of addresses: it is kept here under a random name, for the session that asked.
type question struct {
	id      string
	owner   string // formToken of the session
	box     string
	query   pipeline.Query
	from    string // days as typed, to fill the form again
	to      string
	cursors []string // where pages begin, as far as they were reached

	dossier *pipeline.DossierAsked // of a question about a dossier, which has none of the above
}

// maxQuestions bounds what is remembered of everybody together.
const maxQuestions = 4096

type questions struct {
	mu     sync.Mutex
	byID   map[string]*list.Element
	recent *list.List // of *question, the latest first
}

func newQuestions() *questions {
	return &questions{byID: make(map[string]*list.Element), recent: list.New()}
}

func (qs *questions) keep(q *question) {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	qs.byID[q.id] = qs.recent.PushFront(q)
	if qs.recent.Len() > maxQuestions {
		last := qs.recent.Back()
		delete(qs.byID, last.Value.(*question).id)
		qs.recent.Remove(last)
	}
}

// find gives a copy of the question that owner asked under this id.
func (qs *questions) find(id, owner string) (question, bool) {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	e := qs.byID[id]
	if e == nil || e.Value.(*question).owner != owner {
		return question{}, false
	}
	qs.recent.MoveToFront(e)
	return *e.Value.(*question), true
}

// reached notes where the page after page n (from 0) begins.
func (qs *questions) reached(id string, n int, next string) {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	if e := qs.byID[id]; e != nil && next != "" && len(e.Value.(*question).cursors) == n+1 {
		q := e.Value.(*question)
		q.cursors = append(q.cursors[:n+1:n+1], next)
	}
}

type lookupBody struct {
	Box    string
	Query  pipeline.Query
	From   string
	To     string
	Kinds  []pipeline.Kind
	States []pipeline.State

	Asked  bool
	Lost   bool // the question is forgotten
	ID     string
	Hits   []shown
	Total  int
	Millis int64
	Page   int // from 1
	First  int // of the hits on this page, from 1
	More   bool
}

const hitsPerPage = 20

func lookupForm() lookupBody {
	return lookupBody{
		Kinds:  []pipeline.Kind{pipeline.Component, pipeline.Output, pipeline.Result},
		States: pipeline.States(),
	}
}

func (s *Site) lookupPage(v *visit) error {
	s.render(v, http.StatusOK, "lookup", "Tra cứu", lookupForm())
	return nil
}

// ask takes a question and leads to its answer, so that going back and loading again
// work as everybody expects.
func (s *Site) ask(v *visit) error {
	q, err := readQuestion(v.r)
	if err != nil {
		return err
	}
	q.id, q.owner = randomName(), s.owner(v)
	s.asked.keep(q)
	http.Redirect(v.w, v.r, "/lookup/"+q.id, http.StatusSeeOther)
	return nil
}

func (s *Site) owner(v *visit) string { return v.session.Who.Account + " " + formToken(v.token) }

func readQuestion(r *http.Request) (*question, error) {
	q := &question{
		box:     norm.NFC.String(strings.TrimSpace(r.PostFormValue("box"))),
		from:    r.PostFormValue("from"),
		to:      r.PostFormValue("to"),
		cursors: []string{""},
	}
	if !utf8.ValidString(q.box) || len(q.box) > 500 {
		return nil, &problem{status: 422, code: "query", say: "Nội dung tra cứu quá dài."}
	}
	var err error
	q.query, err = buildQuery(q.box, q.from, q.to)
	if err != nil {
		return nil, err
	}
	q.query.Limit = hitsPerPage
	if r.PostFormValue("order") == string(pipeline.Ranked) {
		q.query.Order = pipeline.Ranked
	}
	q.query.Kind = pipeline.Kind(r.PostFormValue("kind"))
	q.query.State = pipeline.State(r.PostFormValue("state"))
	return q, knownParts(q.query)
}

func knownParts(q pipeline.Query) error {
	if q.Kind != "" {
		if _, err := pipeline.ParseKind(string(q.Kind)); err != nil {
			return &problem{status: 422, code: "kind", say: "Không có loại giấy tờ này.", detail: "unknown kind", cause: err}
		}
	}
	for _, known := range pipeline.States() {
		if q.State == "" || q.State == known {
			return nil
		}
	}
	return &problem{status: 422, code: "state", say: "Không có trạng thái này.", detail: "unknown state"}
}

// buildQuery takes one box apart into a number and words, and days into times.
func buildQuery(box, from, to string) (pipeline.Query, error) {
	var q pipeline.Query
	q.Number, q.Text = splitBox(box)
	var err error
	if q.From, err = parseDay(from); err != nil {
		return q, err
	}
	if q.To, err = parseDay(to); err != nil {
		return q, err
	}
	if !q.To.IsZero() {
		q.To = q.To.AddDate(0, 0, 1) // the day itself counts
	}
	return q, nil
}

// parseDay reads a day as people here write it, such as 5/7/2026, 05-07-26 or
// 05072026, and as programs do.
func parseDay(s string) (time.Time, error) {
	s = strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || r == ' ' {
			return '/'
		}
		return r
	}, strings.TrimSpace(s))
	if s == "" {
		return time.Time{}, nil
	}
	var day time.Time
	var err error
	for _, form := range []string{"2/1/2006", "2/1/06", "02012006", "020106", "2006/01/02"} {
		if day, err = time.ParseInLocation(form, s, vietnam()); err == nil {
			return day, nil
		}
	}
	return day, &problem{
		status: 422, code: "day", say: "Ngày không đúng. Hãy ghi ngày/tháng/năm, ví dụ 05/07/2026.",
		detail: "a day is YYYY-MM-DD or DD/MM/YYYY", cause: err,
	}
}

// splitBox tells the number in what was typed from the words around it. The whole box
// may be a number with spaces in it; else a word is one if it looks like nothing else.
func splitBox(box string) (number, text string) {
	if strings.ContainsAny(box, "0123456789") && len(pipeline.NumberPrefixes(box)) > 0 {
		return box, ""
	}
	var rest []string
	for word := range strings.FieldsSeq(box) {
		if number == "" && strings.ContainsAny(word, ".-–—") && len(pipeline.NumberPrefixes(word)) > 0 {
			number = word
			continue
		}
		rest = append(rest, word)
	}
	return number, strings.Join(rest, " ")
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

func (s *Site) answer(v *visit) error {
	id := v.r.PathValue("question")
	body := lookupForm()
	q, ok := s.asked.find(id, s.owner(v))
	if !ok || q.dossier != nil {
		body.Lost = true
		s.render(v, http.StatusGone, "lookup", "Tra cứu", body)
		return nil
	}
	page := 0
	if n, err := strconv.Atoi(v.r.URL.Query().Get("page")); err == nil && n > 1 && n <= len(q.cursors) {
		page = n - 1
	}
	if err := s.note(v, "searched", "", q.box); err != nil {
		return err
	}
	began := time.Now()
	q.query.After = q.cursors[page]
	found, err := s.find(v, q.query)
	if err != nil {
		return err
	}
	s.asked.reached(id, page, found.Next)
	body.Asked, body.ID, body.Box, body.Query, body.From, body.To = true, id, q.box, q.query, q.from, q.to
	body.Total, body.Millis, body.Page, body.First = found.Total, time.Since(began).Milliseconds(), page+1, page*hitsPerPage+1
	body.More = found.Next != ""
	for _, h := range found.Hits {
		p := s.shown(v, h.Paper, Progress{})
		p.Snippet = joined(h.Snippet)
		body.Hits = append(body.Hits, p)
	}
	s.render(v, http.StatusOK, "lookup", "Tra cứu", body)
	return nil
}

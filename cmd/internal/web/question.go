package web

import (
	"container/list"
	"sync"

	"hoso/pipeline"
)

// question is a search somebody made. What was searched for is personal and stays out
// of addresses: it is kept here under a random name, for the session that asked.
type question struct {
	id      string
	owner   string // formToken of the session
	asked   asking
	cursors []string // where pages begin, as far as they were reached

	dossier pipeline.DossierAsked // of a question about a dossier
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

package web

import (
	"net/http"
	"time"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

type homeBody struct {
	Papers []shown
	Kinds  []pipeline.Kind
	Max    int64
	Day    time.Time
}

// todayShown bounds how much of today a clerk's page shows.
const todayShown = 100

// home is the desk, for those who hand papers in; others have come to look papers up.
func (s *Site) home(v *visit) error {
	if !gate.May(v.session.Who, gate.Deliver, gate.Thing{}) {
		http.Redirect(v.w, v.r, "/lookup", http.StatusSeeOther)
		return nil
	}
	papers, err := s.mine(v)
	if err != nil {
		return err
	}
	s.render(v, http.StatusOK, "home", "Tiếp nhận", homeBody{
		Papers: papers, Max: s.MaxUpload, Day: s.Now(),
		Kinds: []pipeline.Kind{pipeline.Component, pipeline.Output, pipeline.Result},
	})
	return nil
}

// mine gives the papers that who asks has handed in today, the newest first.
func (s *Site) mine(v *visit) ([]shown, error) {
	y, m, d := s.Now().In(vietnam()).Date()
	found, err := s.find(v, pipeline.Query{
		Sender: v.session.Who.Account, From: time.Date(y, m, d, 0, 0, 0, 0, vietnam()), Limit: todayShown,
	})
	if err != nil {
		return nil, err
	}
	out := make([]shown, 0, len(found.Hits))
	for _, h := range found.Hits {
		out = append(out, s.shown(v, h.Paper, s.progress(v.r.Context(), h.Paper)))
	}
	return out, nil
}

package web

import (
	"net/http"
	"time"

	"hoso/pipeline"
)

type homeBody struct {
	Papers []shown
	Kinds  []pipeline.Kind
	Max    int64
	Day    time.Time
}

// How much of today a clerk's page shows, and how far back it is looked for among
// everybody's papers.
const (
	todayShown  = 100
	todaySought = 1000
)

func (s *Site) home(v *visit) error {
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
	q := pipeline.Query{From: time.Date(y, m, d, 0, 0, 0, 0, vietnam()), Limit: 200}
	var out []shown
	for sought := 0; sought < todaySought; sought += q.Limit {
		found, err := s.find(v, q)
		if err != nil {
			return nil, err
		}
		for _, h := range found.Hits {
			if h.Paper.Sender == v.session.Who.Account && len(out) < todayShown {
				out = append(out, s.shown(v, h.Paper, s.progress(v.r.Context(), h.Paper)))
			}
		}
		if q.After = found.Next; q.After == "" || len(out) == todayShown {
			break
		}
	}
	return out, nil
}

package web

import (
	"context"
	"errors"
	"net/http"

	"hoso/pipeline"
)

type statusBody struct {
	pipeline.Balance
	Reused   pipeline.ReuseCount
	States   []stateCount
	Services []Service
	Limits   []string
	Healthy  bool
	Renewals *renewals
}

// renewals is the calendar of renewals, as far as a page has room.
type renewals struct {
	pipeline.Renewals

	Later int64 // records of the months that are left out
}

// shownMonths is how many months of the calendar a page shows.
const shownMonths = 12

// renewals gives the calendar; nil where records are not renewed.
func (s *Site) renewals(ctx context.Context) (*pipeline.Renewals, error) {
	if s.Renewals == nil {
		return nil, nil
	}
	r, err := s.Renewals.Renewals(ctx)
	return &r, err
}

func shortened(r *pipeline.Renewals) *renewals {
	if r == nil {
		return nil
	}
	p := &renewals{Renewals: *r}
	for i, m := range r.Months {
		if i >= shownMonths {
			p.Later += m.Records
		}
	}
	p.Months = p.Months[:min(len(p.Months), shownMonths)]
	return p
}

type stateCount struct {
	State pipeline.State
	Count int64
	Share int // of 100, of what was received
}

func (s *Site) statusPage(v *visit) error {
	b, services, err := s.status(v.r.Context())
	if err != nil {
		return err
	}
	used, err := s.reuses(v)
	if err != nil {
		return err
	}
	calendar, err := s.renewals(v.r.Context())
	if err != nil {
		return err
	}
	body := statusBody{Balance: b, Reused: used, Services: services, Limits: s.Limits, Healthy: true, Renewals: shortened(calendar)}
	for _, svc := range services {
		body.Healthy = body.Healthy && svc.Healthy
	}
	for _, st := range pipeline.States() {
		n := b.ByState[st]
		body.States = append(body.States, stateCount{st, n, int(100 * n / max(1, b.Received))})
	}
	s.render(v, http.StatusOK, "status", "Tình trạng", body)
	return nil
}

func (s *Site) status(ctx context.Context) (pipeline.Balance, []Service, error) {
	b, err := s.Catalog.Balance(ctx)
	if err != nil || s.Observer == nil {
		return b, nil, err
	}
	return b, s.Observer.Services(ctx), nil
}

type verdictBody struct {
	shown
	Verdict
	Sheets []verdictSheet // in each language; empty if there is no record
	Inner  []verdictSheet // of the signed file that the record wraps
}

func (s *Site) verdictPage(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	verdict, err := s.examine(v, p)
	if err != nil {
		return err
	}
	s.render(v, http.StatusOK, "verdict", "Kiểm tra", verdictBody{p, verdict, sheetsOf(verdict.Report), sheetsOf(verdict.Attached)})
	return nil
}

// examine verifies a record when one of the few places for that is free.
func (s *Site) examine(v *visit, p shown) (Verdict, error) {
	ctx := v.r.Context()
	if err := s.note(v, "verified", p.ID, ""); err != nil {
		return Verdict{}, err
	}
	select {
	case s.verify <- struct{}{}:
		defer func() { <-s.verify }()
	case <-ctx.Done():
		return Verdict{}, errors.Join(ctx.Err(), context.Cause(ctx))
	}
	return s.Shelf.Verify(ctx, p.ID)
}

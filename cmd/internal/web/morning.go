package web

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"time"

	"hoso/cmd/internal/morning"
	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// reporting is how long the report of a batch may take. A hundred thousand papers are
// looked up in the bucket one by one.
const reporting = time.Hour

// apiReport gives the morning report of a batch, as JSON or as a page to keep and print.
func (s *Site) apiReport(v *visit) error {
	if s.Morning == nil {
		return fs.ErrNotExist
	}
	shelf, err := s.batch(v)
	if err != nil {
		return err
	}
	form := orElse(v.r.URL.Query().Get("form"), "json")
	if form != "json" && form != "html" {
		return badRequest("form", "form is json or html", nil)
	}
	scope, err := s.reportScope(v)
	if err != nil {
		return err
	}
	done, err := s.reportTurn(v)
	if err != nil {
		return err
	}
	defer done()
	_ = http.NewResponseController(v.w).SetWriteDeadline(s.deadline(reporting))
	from := s.reportSources()
	r, err := morning.Gather(v.r.Context(), from, shelf.Label, scope)
	if err != nil {
		return err
	}
	if err := s.note(v, "viewed", "", "report of batch "+shelf.Label); err != nil {
		return err
	}
	if form == "json" {
		return s.sendReportJSON(v, r, from)
	}
	return s.sendReportHTML(v, r, from)
}

// reportScope is what of a report who asks may see.
func (s *Site) reportScope(v *visit) (morning.Scope, error) {
	base, err := s.reportBase(v, v.r.URL.Query().Get("base"))
	if err != nil {
		return morning.Scope{}, err
	}
	scope := morning.Scope{Now: s.Now(), Base: base}
	if v.token != "" { // somebody waits before a window: what was drawn is there the next time
		scope.Drawing = 6 * time.Second
	}
	if who := v.session.Who; who.Unit != "" {
		scope.Unit = who.Unit
		// Others may have handed in papers with this label.
		scope.Sees = func(p pipeline.Paper) bool { return gate.May(who, gate.Look, thing(p)) }
	}
	return scope, nil
}

// reportBase is the address that links of the report begin with. Whoever asks over the
// socket of the data directory came by none: for them it is the site's own.
func (s *Site) reportBase(v *visit, asked string) (string, error) {
	if asked != "" {
		u, err := url.Parse(asked)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return "", badRequest("base", "base is an address such as https://hoso.example", err)
		}
		return u.String(), nil
	}
	switch {
	case v.session.Who == gate.Local():
		return s.Address, nil
	case s.encrypted(v.r):
		return "https://" + v.r.Host, nil
	}
	return "http://" + v.r.Host, nil
}

// errReports says that others wait for their report, which is no outage.
var errReports = errors.New("another report is being made")

// reportTurn waits until no other report is being made: one is much work for the bucket.
func (s *Site) reportTurn(v *visit) (done func(), err error) {
	turn, stop := context.WithTimeout(v.r.Context(), s.turn)
	defer stop()
	select {
	case s.reports <- struct{}{}:
		return func() { <-s.reports }, nil
	case <-turn.Done():
		if err := v.r.Context().Err(); err != nil {
			return nil, err
		}
		return nil, errReports
	}
}

func (s *Site) reportSources() morning.Sources {
	from := *s.Morning
	if s.Pictures != nil {
		from.Picture = func(ctx context.Context, p pipeline.Paper, page int) ([]byte, error) {
			drawn, err := s.Pictures.Whole(ctx, p, page)
			return drawn.JPEG, err
		}
	}
	return from
}

func (s *Site) sendReportJSON(v *visit, r *morning.Report, from morning.Sources) error {
	v.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if err := r.WriteJSON(v.r.Context(), from.Ledger, patient{v.w, http.NewResponseController(v.w)}); err != nil {
		panic(http.ErrAbortHandler) // the only way left to tell
	}
	return nil
}

func (s *Site) sendReportHTML(v *visit, r *morning.Report, from morning.Sources) error {
	if err := r.Illustrate(v.r.Context(), from); err != nil {
		return err
	}
	var page bytes.Buffer
	if err := r.WriteHTML(&page); err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", morning.Policy()+"; frame-ancestors 'self'")
	h.Set("Content-Disposition", disposition("inline", "Báo cáo lô "+r.Shelf.Label+" "+s.Now().In(vietnam()).Format("2006-01-02 1504")+".html"))
	_, _ = page.WriteTo(patient{v.w, http.NewResponseController(v.w)}) // the reader may have gone
	return nil
}

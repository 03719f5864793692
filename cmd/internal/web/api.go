package web

import (
	_ "embed"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

//go:embed openapi.json
var openAPI []byte

func (s *Site) apiDocument(v *visit) error {
	v.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = v.w.Write(openAPI) // the reader may have gone
	return nil
}

// paperJSON is a paper, how it goes, and that in words.
type paperJSON struct {
	pipeline.Paper
	Now standing `json:"now"`
}

func (s *Site) apiPaper(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	if err := s.noteOnce(v, p.ID, "api"); err != nil {
		return err
	}
	s.writeJSON(v, http.StatusOK, paperJSON{p.Paper, p.Now})
	return nil
}

func (s *Site) apiHistory(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	if err := s.noteOnce(v, p.ID, "events"); err != nil {
		return err
	}
	events, err := s.Catalog.Events(v.r.Context(), p.ID)
	if err != nil {
		return err
	}
	s.writeJSON(v, http.StatusOK, struct {
		Events []pipeline.Event `json:"events"`
	}{orEmpty(events)})
	return nil
}

// orEmpty keeps null out of JSON.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (s *Site) apiRecord(v *visit) error   { return s.apiGive(v, Record) }
func (s *Site) apiLight(v *visit) error    { return s.apiGive(v, Light) }
func (s *Site) apiOriginal(v *visit) error { return s.apiGive(v, Original) }

func (s *Site) apiGive(v *visit, what Artifact) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	return s.give(v, p, gift{what: what, act: "downloaded", place: "attachment", policy: imagePolicy})
}

func (s *Site) apiVerify(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	verdict, err := s.examine(v, p)
	if err != nil {
		return err
	}
	verdict.Checks = orEmpty(verdict.Checks)
	s.writeJSON(v, http.StatusOK, verdict)
	return nil
}

// apiArrival gives what was found of the signatures that a paper came with. Who signed
// stands in it, so it is a look at the paper.
func (s *Site) apiArrival(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	if err := s.note(v, "viewed", p.ID, "signatures on arrival"); err != nil {
		return err
	}
	note, err := s.Shelf.Arrival(v.r.Context(), p.ID)
	if err != nil {
		return err
	}
	s.writeJSON(v, http.StatusOK, note)
	return nil
}

func (s *Site) apiNumber(v *visit) error {
	var in struct {
		Number  string `json:"number"`
		Confirm bool   `json:"confirm"` // although the list of agencies speaks against it
	}
	return s.apiSettle(v, &in, func(id pipeline.PaperID, actor string) (pipeline.Paper, error) {
		n, err := s.parseNumber(in.Number)
		if err != nil {
			return pipeline.Paper{}, err
		}
		if in.Confirm {
			return s.Office.ConfirmNumber(v.r.Context(), id, n, actor)
		}
		return s.Office.SetNumber(v.r.Context(), id, n, actor)
	})
}

func (s *Site) apiReject(v *visit) error {
	var in struct {
		Reason string `json:"reason"`
	}
	return s.apiSettle(v, &in, func(id pipeline.PaperID, actor string) (pipeline.Paper, error) {
		reason, err := personReason(in.Reason)
		if err != nil {
			return pipeline.Paper{}, err
		}
		return s.Office.Reject(v.r.Context(), id, reason, actor)
	})
}

func (s *Site) apiRetry(v *visit) error {
	return s.apiSettle(v, &struct{}{}, func(id pipeline.PaperID, actor string) (pipeline.Paper, error) {
		return s.Office.Retry(v.r.Context(), id, actor)
	})
}

func (s *Site) apiSettle(v *visit, in any, decide func(pipeline.PaperID, string) (pipeline.Paper, error)) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	if err := readJSON(v.r, in); err != nil {
		return err
	}
	moved, err := decide(p.ID, v.session.Who.Account)
	if err != nil {
		return err
	}
	s.writeJSON(v, http.StatusOK, paperJSON{moved, sayStanding(moved, Progress{})})
	return nil
}

// readJSON reads a small body; an empty one leaves value as it is.
func readJSON(r *http.Request, value any) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	if len(body) == 0 {
		return nil
	}
	if !utf8.Valid(body) {
		return badRequest("json", "the body is not UTF-8", nil)
	}
	if err := json.Unmarshal(body, value); err != nil {
		return badRequest("json", "the body is not the JSON that is asked for", err)
	}
	return nil
}

// findJSON is a search by a program: Number and Text say apart what a Box mixes.
type findJSON struct {
	asking

	Number string `json:"number"`
	Text   string `json:"text"`
	Limit  int    `json:"limit"`
	After  string `json:"after"`
	Facets bool   `json:"facets"`
}

func (in findJSON) query() (pipeline.Query, error) {
	q, err := in.asking.query()
	q.Number, q.Text, q.After, q.Facets = in.Number, in.Text, in.After, in.Facets
	q.Limit = min(max(in.Limit, 0), 200)
	return q, err
}

// words is what was searched for, for the access log.
func (in findJSON) words() string {
	return strings.TrimSpace(strings.Join([]string{in.Number, in.Text, in.said()}, " "))
}

func (s *Site) apiFind(v *visit) error {
	var in findJSON
	if err := readJSON(v.r, &in); err != nil {
		return err
	}
	return s.apiFound(v, in)
}

func (s *Site) apiFound(v *visit, in findJSON) error {
	q, err := in.query()
	if err != nil {
		return err
	}
	if err := s.note(v, "searched", "", in.words()); err != nil {
		return err
	}
	found, err := s.find(v, q)
	if err != nil {
		return err
	}
	found.Hits = orEmpty(found.Hits)
	s.writeJSON(v, http.StatusOK, found)
	return nil
}

// numberJSON is what a form tells while a number is being typed.
type numberJSON struct {
	Valid   bool   `json:"valid"`
	Printed string `json:"printed,omitempty"`
	Key     string `json:"key,omitempty"`
	Unit    string `json:"unit,omitempty"`
	Day     string `json:"day,omitempty"`   // 02/01/2006
	Message string `json:"message"`         // Vietnamese
	Begins  bool   `json:"begins"`          // what was typed may still become a number
	Doubt   string `json:"doubt,omitempty"` // the code of why its unit is doubted
}

// wholeNumber is text with all parts of a number: if it is not one, typing on does not
// help.
var wholeNumber = regexp.MustCompile(`[-‐‑‒–—―−]\s*(\d{6}|\d{8})\s*[-‐‑‒–—―−]\s*\d{4,}\s*$`)

func (s *Site) apiCheckNumber(v *visit) error {
	var in struct {
		Number string `json:"number"`
	}
	if err := readJSON(v.r, &in); err != nil {
		return err
	}
	n, err := s.parseNumber(in.Number)
	if err != nil {
		whole := wholeNumber.MatchString(in.Number)
		out := numberJSON{Message: problemOf(err).say, Begins: !whole && len(pipeline.NumberPrefixes(in.Number)) > 0}
		if out.Begins {
			out.Message = "Chưa đủ: đơn vị – ngày – số thứ tự, ví dụ H42.15-221011-0001."
		}
		s.writeJSON(v, http.StatusOK, out)
		return nil
	}
	day := n.Day().Format("02/01/2006")
	out := numberJSON{
		Valid: true, Begins: true, Printed: n.String(), Key: n.Key(), Unit: n.Unit(), Day: day,
		Message: "Đúng mẫu · đơn vị " + n.Unit() + " · ngày " + day,
	}
	if s.Lists != nil {
		u, err := s.Lists.Unit(v.r.Context(), n.Unit(), pipeline.DayOf(n.Day()))
		if err != nil {
			return err
		}
		if why := u.Doubt(); !why.IsZero() {
			out.Doubt, out.Message = why.Code, why.Vietnamese
		}
	}
	s.writeJSON(v, http.StatusOK, out)
	return nil
}

func (s *Site) apiStatus(v *visit) error {
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
	s.writeJSON(v, http.StatusOK, struct {
		pipeline.Balance
		Renewals *pipeline.Renewals  `json:"renewals,omitempty"`
		Reused   pipeline.ReuseCount `json:"reused"`
		Even     bool                `json:"even"`
		Demo     bool                `json:"demo"`
		Services []Service           `json:"services"`
		Limits   []string            `json:"limits"`
		Version  string              `json:"version"`
		Account  string              `json:"account"`
		Role     gate.Role           `json:"role"`
	}{b, calendar, used, b.Even(), s.Demo, orEmpty(services), orEmpty(s.Limits), s.Version, v.session.Who.Account, v.session.Who.Role})
	return nil
}

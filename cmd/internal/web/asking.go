package web

import (
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
)

// asking is a search as a form, a program or a kept search says it.
type asking struct {
	Box     string         `json:"box,omitempty"`     // what a person types
	Meaning string         `json:"meaning,omitempty"` // the name of one of Found.Meanings
	Unit    string         `json:"unit,omitempty"`
	Kind    pipeline.Kind  `json:"kind,omitempty"`
	State   pipeline.State `json:"state,omitempty"`
	Class   string         `json:"class,omitempty"`
	Batch   string         `json:"batch,omitempty"`
	Issued  string         `json:"issued,omitempty"` // a year, a month or a day in ISO 8601
	From    string         `json:"from,omitempty"`   // day, in Vietnam
	To      string         `json:"to,omitempty"`     // day, included
	Order   pipeline.Order `json:"order,omitempty"`
}

// field gives the part of a of that name in forms, nil for none.
func (a *asking) field(name string) *string {
	switch name {
	case "box":
		return &a.Box
	case "meaning":
		return &a.Meaning
	case "unit":
		return &a.Unit
	case "kind":
		return (*string)(&a.Kind)
	case "state":
		return (*string)(&a.State)
	case "class":
		return &a.Class
	case "batch":
		return &a.Batch
	case "issued":
		return &a.Issued
	case "from":
		return &a.From
	case "to":
		return &a.To
	case "order":
		return (*string)(&a.Order)
	}
	return nil
}

// askingFields are the names that field knows.
func askingFields() []string {
	return []string{"box", "meaning", "unit", "kind", "state", "class", "batch", "issued", "from", "to", "order"}
}

// said is what is searched for, as the access log has it: the box and the filters, which
// alone may list what somebody takes along.
func (a asking) said() string {
	var set []string
	for _, name := range askingFields()[1:] {
		if value := *a.field(name); value != "" && name != "meaning" && name != "order" {
			set = append(set, name, value)
		}
	}
	return strings.TrimSpace(a.Box + " " + setting(set...))
}

const (
	longestBox  = 500
	longestPart = 200
)

// readAsking reads a form. Each button that sets a filter is named set and says
// name=value, several between &; a meaning holds only for the box that it was one of.
func readAsking(r *http.Request) (asking, error) {
	var a asking
	for _, name := range askingFields() {
		*a.field(name) = strings.TrimSpace(r.PostFormValue(name))
	}
	a.Box = norm.NFC.String(a.Box)
	if a.Box != norm.NFC.String(strings.TrimSpace(r.PostFormValue("was"))) {
		a.Meaning = ""
	}
	if set := r.PostFormValue("set"); set != "" {
		for one := range strings.SplitSeq(set, "&") {
			name, value, _ := strings.Cut(one, "=")
			if part := a.field(name); part != nil {
				*part = value
			}
		}
	}
	_, err := a.query()
	return a, err
}

// query makes a question for the catalog.
func (a asking) query() (pipeline.Query, error) {
	if !utf8.ValidString(a.Box) || len(a.Box) > longestBox {
		return pipeline.Query{}, &problem{status: 422, code: "query", say: "Nội dung tra cứu quá dài.", detail: "the box is too long"}
	}
	for _, name := range askingFields()[1:] {
		if value := *a.field(name); !utf8.ValidString(value) || len(value) > longestPart {
			return pipeline.Query{}, &problem{status: 422, code: name, say: "Điều kiện lọc không đúng.", detail: name + " is too long"}
		}
	}
	q := pipeline.Query{
		Box: a.Box, Meaning: a.Meaning, Unit: a.Unit, Kind: a.Kind, State: a.State,
		Class: a.Class, Batch: a.Batch, Issued: a.Issued, Order: a.Order,
	}
	if q.Order != pipeline.Ranked {
		q.Order = pipeline.Newest
	}
	if err := knownParts(q); err != nil {
		return q, err
	}
	var err error
	if q.From, err = parseDay(a.From); err != nil {
		return q, err
	}
	if q.To, err = parseDay(a.To); err != nil {
		return q, err
	}
	if !q.To.IsZero() {
		q.To = q.To.AddDate(0, 0, 1) // the day itself counts
	}
	return q, nil
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

package pipeline

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Day is a day of the calendar as ISO 8601 writes it, such as 2025-07-01. Days compare
// as text. The zero Day is none: a validity is open on that side.
type Day string

// ErrDay is returned for text that is no day.
var ErrDay = errors.New("not a day")

const isoDay = "2006-01-02"

var desksDay = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$`)

// ParseDay reads a day as ISO 8601 or as desks write it: 01/07/2025, 1.7.2025. Empty
// text is no day.
func ParseDay(s string) (Day, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", nil
	}
	iso := s
	if m := desksDay.FindStringSubmatch(s); m != nil {
		iso = fmt.Sprintf("%s-%02s-%02s", m[3], m[2], m[1])
	}
	t, err := time.Parse(isoDay, iso)
	if err != nil || t.Year() < 1900 {
		return "", fmt.Errorf("reading %.30q: %w", s, ErrDay)
	}
	return DayOf(t), nil
}

// DayOf gives the day of t where t's clock stands.
func DayOf(t time.Time) Day {
	if t.IsZero() {
		return ""
	}
	return Day(t.Format(isoDay))
}

// Time is the day's midnight in UTC, the zero time for no day.
func (d Day) Time() time.Time {
	t, err := time.Parse(isoDay, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// Before gives the day before, none for none.
func (d Day) Before() Day { return DayOf(d.shifted(-1)) }

// After gives the day after, none for none.
func (d Day) After() Day { return DayOf(d.shifted(1)) }

func (d Day) shifted(days int) time.Time {
	if t := d.Time(); !t.IsZero() {
		return t.AddDate(0, 0, days)
	}
	return time.Time{}
}

// String is the day as desks write it: 01/07/2025.
func (d Day) String() string {
	if t := d.Time(); !t.IsZero() {
		return t.Format("02/01/2006")
	}
	return ""
}

// Validity is from when to when something holds, both days included. A side without a
// day is open.
type Validity struct {
	From Day `json:"from,omitempty"`
	To   Day `json:"to,omitempty"`
}

// On reports whether v holds on a day; no day asks whether it ever does.
func (v Validity) On(d Day) bool {
	if v.Void() {
		return false
	}
	return d == "" || d >= v.From && (v.To == "" || d <= v.To)
}

// Void reports whether v holds on no day at all: it was closed before it began.
func (v Validity) Void() bool { return v.To != "" && v.To < v.From }

// Overlaps reports whether there is a day on which both hold.
func (v Validity) Overlaps(o Validity) bool {
	if v.Void() || o.Void() {
		return false
	}
	return (v.To == "" || o.From <= v.To) && (o.To == "" || v.From <= o.To)
}

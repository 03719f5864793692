package pipeline

import "time"

// Renewable reports whether the paper has a record that must be renewed as long as it is
// kept: one that we signed. What came signed is not touched.
func (p Paper) Renewable() bool {
	return p.State == Filed && !p.AsItCame() && !p.Record.IsZero()
}

// month is the form of months.
const month = "2006-01"

// Calendar tells how many records must be renewed when, so that their signatures can
// still be proven when the certificates of today have ended.
type Calendar struct {
	Missing int64   `json:"missing"` // lack validation data or a timestamp over it
	Months  []Month `json:"months"`  // the first one first
}

// Month counts the records of which the proof ends in a month.
type Month struct {
	Month   string  `json:"month"` // such as 2034-03, UTC
	Records int64   `json:"records"`
	Urgency Urgency `json:"urgency,omitempty"` // in a Renewals alone
}

// Urgency is how urgent the renewals of a month are.
type Urgency string

// The urgencies of a month that needs attention; "" is that of a month far away.
const (
	Overdue Urgency = "overdue" // it is over: the proof has ended
	Due     Urgency = "due"     // it is time to renew
)

// Renewals is what a Calendar means at a moment.
type Renewals struct {
	Due     int64   `json:"due"`     // to be renewed now; the missing and the overdue are among them
	Missing int64   `json:"missing"` // filed before everything could be had; completed as soon as it can
	Overdue int64   `json:"overdue"` // nothing can be won any more by renewing
	Soon    int64   `json:"soon"`    // beside those due: their proof ends within 12 months
	Months  []Month `json:"months"`  // the first one first
}

// Due counts the records to be renewed before a moment; a month counts as soon as it
// has begun by then.
func (c Calendar) Due(before time.Time) int64 {
	due := c.Missing
	for _, m := range c.Months {
		if m.Month <= before.UTC().Format(month) {
			due += m.Records
		}
	}
	return due
}

// At tells what the calendar means now, where records are renewed so long before their
// proof ends. Months are counted as a whole.
func (c Calendar) At(now time.Time, before time.Duration) Renewals {
	over, due := now.UTC().Format(month), now.Add(before).UTC().Format(month)
	r := Renewals{Due: c.Due(now.Add(before)), Missing: c.Missing, Months: []Month{}}
	r.Soon = max(0, c.Due(now.AddDate(1, 0, 0))-r.Due)
	for _, m := range c.Months {
		switch {
		case m.Month < over:
			m.Urgency = Overdue
			r.Overdue += m.Records
		case m.Month <= due:
			m.Urgency = Due
		}
		r.Months = append(r.Months, m)
	}
	return r
}

// Next gives the first month whose records are not due yet; zero if there is none.
func (r Renewals) Next() Month {
	for _, m := range r.Months {
		if m.Urgency == "" {
			return m
		}
	}
	return Month{}
}

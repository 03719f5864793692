package pipeline

import "time"

// Renewable reports whether the paper has a record that must be renewed as long as it is
// kept: one that we signed. What came signed is not touched.
func (p Paper) Renewable() bool {
	return p.State == Filed && !p.AsItCame() && !p.Record.IsZero()
}

// Calendar tells how many records must be renewed when, so that their signatures can
// still be proven when the certificates of today have ended.
type Calendar struct {
	Missing int64   `json:"missing"` // lack validation data or a timestamp over it
	Months  []Month `json:"months"`  // the first one first
}

// Month counts the records of which the proof ends in a month.
type Month struct {
	Month   string `json:"month"` // such as 2034-03, UTC
	Records int64  `json:"records"`
}

// Due counts the records to be renewed before a moment; a month counts as soon as it
// has begun by then.
func (c Calendar) Due(before time.Time) int64 {
	due := c.Missing
	for _, m := range c.Months {
		if m.Month <= before.UTC().Format("2006-01") {
			due += m.Records
		}
	}
	return due
}

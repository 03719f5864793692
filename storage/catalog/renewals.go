package catalog

import (
	"context"
	"time"

	"hoso/pipeline"
)

// incomplete stands for a record that lacks something.
const incomplete = 1

// renewalOf gives the column by which records to be renewed are found.
func renewalOf(p pipeline.Paper) int64 {
	if !p.Renewable() {
		return 0
	}
	return max(incomplete, millis(p.Sealed.RenewBy))
}

// Due gives papers whose records must be renewed before a moment, beginning behind the
// first skip of them: by the day on which their proof ends, and behind those the records
// that lack something, the newest first. Of old ones there may be a hundred thousand for
// which nothing can be had any more. Their lane is upkeep.
func (c *Catalog) Due(ctx context.Context, before time.Time, skip, limit int) ([]Todo, error) {
	const dated = `SELECT id, gen, state, 'upkeep' FROM papers
		WHERE renew_by > 1 AND renew_by < $1 ORDER BY renew_by, n LIMIT $2 OFFSET $3`
	due, err := collect(ctx, c.read, scanTodo, dated, millis(before), limit, skip)
	if err != nil || len(due) == limit {
		return due, failed(err, "looking for records to renew")
	}
	// What is dated is counted, and what lacks something asked for apart: one question in
	// that order would sort all of them for every page.
	var all int
	count := c.read.QueryRowContext(ctx, "SELECT count(*) FROM papers WHERE renew_by > 1 AND renew_by < $1", millis(before))
	if err := count.Scan(&all); err != nil {
		return nil, failed(err, "counting records to renew")
	}
	const lacking = "SELECT id, gen, state, 'upkeep' FROM papers WHERE renew_by = 1 ORDER BY n DESC LIMIT $1 OFFSET $2"
	more, err := collect(ctx, c.read, scanTodo, lacking, limit-len(due), max(0, skip-all))
	return append(due, more...), failed(err, "looking for records to complete")
}

// Calendar counts the records to be renewed by the month in which their proof ends.
func (c *Catalog) Calendar(ctx context.Context) (pipeline.Calendar, error) {
	type count struct{ day, records int64 }
	scan := func(scan func(...any) error) (count, error) {
		var n count
		err := scan(&n.day, &n.records)
		return n, err
	}
	const list = `SELECT renew_by / 86400000 AS day, count(*) FROM papers WHERE renew_by > 0 GROUP BY day ORDER BY day`
	days, err := collect(ctx, c.read, scan, list)
	if err != nil {
		return pipeline.Calendar{}, failed(err, "counting records to renew")
	}
	all := pipeline.Calendar{Months: []pipeline.Month{}}
	for _, d := range days {
		if d.day == 0 {
			all.Missing = d.records
			continue
		}
		name := time.UnixMilli(d.day * 86400000).UTC().Format("2006-01")
		if last := len(all.Months) - 1; last >= 0 && all.Months[last].Month == name {
			all.Months[last].Records += d.records
			continue
		}
		all.Months = append(all.Months, pipeline.Month{Month: name, Records: d.records})
	}
	return all, nil
}

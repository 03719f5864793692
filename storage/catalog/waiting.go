package catalog

import (
	"context"
	"unicode/utf8"

	"hoso/pipeline"
)

// mostWaiting bounds how many papers Waiting gives at once.
const mostWaiting = 200

// laneRank orders papers as lanes are served.
const laneRank = "CASE lane WHEN 'desk' THEN 0 WHEN 'batch' THEN 1 ELSE 2 END"

// Waiting gives the papers that wait for a person, to confirm or to sign, and concern whoever asks, and how many
// there are in all: those of the first lane first, and in it those received first.
func (c *Catalog) Waiting(ctx context.Context, q pipeline.Queue) ([]pipeline.Paper, int, error) {
	w := &where{}
	if q.State == "" {
		q.State = pipeline.Confirming
	}
	w.and("state = ?", string(q.State))
	if q.Unit != "" {
		unit := unitOf(q.Unit)
		below := unit + "."
		w.and("(unit = ? OR substr(unit, 1, ?) = ? OR sender = ?)", unit, utf8.RuneCountInString(below), below, senderOf(q.Sender))
	}
	var total int
	if err := c.read.QueryRowContext(ctx, "SELECT count(*) FROM papers"+w.String(), w.args...).Scan(&total); err != nil {
		return nil, 0, failed(err, "counting papers that wait")
	}
	if q.Limit <= 0 || total == 0 {
		return nil, total, nil
	}
	if q.After != "" {
		w.and("("+laneRank+", n) > (SELECT "+laneRank+", n FROM papers WHERE id = ?)", storableForm(string(q.After)))
	}
	query := "SELECT " + rowColumns + " FROM papers" + w.String() + " ORDER BY " + laneRank + ", n LIMIT " + w.arg(min(q.Limit, mostWaiting))
	rows, err := c.rows(ctx, query, w.args...)
	if err != nil {
		return nil, 0, failed(err, "listing papers that wait")
	}
	papers := make([]pipeline.Paper, 0, len(rows))
	for _, r := range rows {
		papers = append(papers, r.paper)
	}
	return papers, total, nil
}

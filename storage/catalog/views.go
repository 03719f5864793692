package catalog

import (
	"context"
	"fmt"
	"time"

	"github.com/oklog/ulid/v2"

	"hoso/pipeline"
)

// View is one row of the access log: somebody looked at something. Decree 30/2020,
// Appendix VI wants the history of views kept; it is only ever added to.
type View struct {
	Time    time.Time
	Account string
	Paper   pipeline.PaperID // "" for what concerns no single paper
	Act     string           // such as "viewed", "downloaded", "searched"
	Detail  string
	Remote  string // the address it came from
}

// mostViews is the most rows that Views gives.
const mostViews = 10_000

// LogView adds v to the access log. It is durable when LogView returns.
func (c *Catalog) LogView(ctx context.Context, v View) error {
	if v.Time.IsZero() {
		v.Time = c.now()
	}
	id, err := ulid.New(ulid.Timestamp(v.Time), ulid.DefaultEntropy())
	if err != nil {
		return fmt.Errorf("logging access: %w", err)
	}
	const add = "INSERT INTO views (id, at, account, paper, act, detail, remote) VALUES ($1, $2, $3, $4, $5, $6, $7)"
	_, err = c.write.ExecContext(ctx, add, id.String(), millis(v.Time), storableForm(v.Account),
		short(storableForm(string(v.Paper))), storableForm(v.Act), storableForm(v.Detail), storableForm(v.Remote))
	return failed(err, "logging access")
}

// Views gives the access log of a paper, or of everything for "", newest first; a
// limit of 0 means 100.
func (c *Catalog) Views(ctx context.Context, paper pipeline.PaperID, limit int) ([]View, error) {
	if limit <= 0 {
		limit = 100
	}
	w := &where{}
	if paper != "" {
		w.and("paper = ?", short(storableForm(string(paper))))
	}
	query := "SELECT at, account, paper, act, detail, remote FROM views" + w.String() +
		" ORDER BY id DESC LIMIT " + w.arg(min(limit, mostViews))
	views, err := collect(ctx, c.read, scanView, query, w.args...)
	if err != nil {
		return nil, failed(err, "reading the access log")
	}
	return views, nil
}

func scanView(scan func(...any) error) (View, error) {
	var v View
	var at int64
	err := scan(&at, &v.Account, (*string)(&v.Paper), &v.Act, &v.Detail, &v.Remote)
	v.Time = fromMillis(at)
	return v, err
}

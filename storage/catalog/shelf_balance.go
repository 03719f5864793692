package catalog

import (
	"context"

	"hoso/pipeline"
)

// partedFrom gives the column by which the papers of one file are found. What was put
// back into the first of them is none of them any more.
func partedFrom(p pipeline.Paper) string {
	if p.State == pipeline.Rejected && p.Reason.Code == pipeline.ReasonMerged {
		return ""
	}
	return short(storableForm(string(p.Parted)))
}

// pagesOf gives the column by which the pages of a batch are counted.
func pagesOf(p pipeline.Paper) int {
	if p.Batch == "" {
		return 0
	}
	return p.Pages
}

// Where the papers of a file stand as a whole, the one that weighs most last.
const (
	standFiled = iota
	standRejected
	standOpen
	standWaiting
)

// standing is that of one paper in SQL.
const standing = `CASE WHEN papers.state = 'filed' THEN 0 WHEN papers.state = 'rejected' THEN 1
	WHEN papers.state IN ('confirming', 'signing') THEN 3 ELSE 2 END`

// balanceQuery counts all of a shelf in one statement, and so at one moment. Its rows say
// what they count, in which state or standing, how many, and how many pages. The papers
// that come of a file's paper are those parted from it, and from these.
const balanceQuery = `
WITH RECURSIVE kin (root, id, standing) AS (
	SELECT papers.parted, papers.id, ` + standing + ` FROM papers
		WHERE papers.parted <> '' AND papers.parted IN (SELECT paper FROM shelf_files WHERE label = $1 AND state = 'received')
	UNION
	SELECT kin.root, papers.id, ` + standing + ` FROM kin JOIN papers ON papers.parted = kin.id WHERE papers.parted <> ''
),
parts (root, standing) AS (SELECT root, max(standing) FROM kin GROUP BY root),
taken (former, first, rest) AS (
	SELECT shelf_files.former, CASE WHEN papers.id IS NULL THEN -1 ELSE ` + standing + ` END, coalesce(parts.standing, 0)
	FROM shelf_files LEFT JOIN papers ON papers.id = shelf_files.paper LEFT JOIN parts ON parts.root = shelf_files.paper
	WHERE shelf_files.label = $1 AND shelf_files.state = 'received'
)
SELECT 'file', state, 0, 0, count(*), 0 FROM shelf_files WHERE label = $1 AND former = 0 AND state <> 'received' GROUP BY state
UNION ALL SELECT CASE WHEN former = 0 THEN 'taken' ELSE 'former' END, '', first, rest, count(*), 0 FROM taken GROUP BY 1, first, rest
UNION ALL SELECT 'paper', state, 0, 0, count(*), sum(pages) FROM papers WHERE batch = $1 AND batch <> '' GROUP BY state
UNION ALL SELECT 'dossier', '', 0, 0, count(DISTINCT number), 0 FROM papers WHERE batch = $1 AND batch <> '' AND number <> ''`

type balanceRow struct {
	what, state string
	first, rest int
	n, pages    int64
}

func scanBalance(scan func(...any) error) (balanceRow, error) {
	var r balanceRow
	err := scan(&r.what, &r.state, &r.first, &r.rest, &r.n, &r.pages)
	return r, err
}

// ShelfBalance counts a shelf, everything at one moment and from what there is: its files
// where they stand, those that were received by all papers that came of them, and the
// papers of its label, whether there is a shelf of it or not. A file with several papers
// counts where most is left to do: waiting, then open, then rejected, then filed.
//
// Missing counts receipts, also for contents that a path has no longer: each is a file
// that says it was received while the catalog has no such paper.
func (c *Catalog) ShelfBalance(ctx context.Context, label string) (pipeline.ShelfBalance, error) {
	rows, err := collect(ctx, c.read, scanBalance, balanceQuery, storableForm(label))
	if err != nil {
		return pipeline.ShelfBalance{}, failed(err, "counting shelf %.60q", label)
	}
	b := pipeline.ShelfBalance{Papers: pipeline.Balance{ByState: make(map[pipeline.State]int64)}}
	for _, r := range rows {
		switch r.what {
		case "file":
			addFiles(&b, pipeline.FileState(r.state), r.n)
		case "taken":
			addTaken(&b, r)
		case "former":
			if r.first < 0 {
				b.Missing += r.n
			}
		case "paper":
			addPapers(&b.Papers, pipeline.State(r.state), r.n)
			b.Pages += r.pages
		case "dossier":
			b.Dossiers = r.n
		}
	}
	return b, nil
}

// addFiles counts files that have no receipt.
func addFiles(b *pipeline.ShelfBalance, state pipeline.FileState, n int64) {
	if state == pipeline.FileGone {
		b.Gone += n
		return
	}
	b.Found += n
	switch state {
	case pipeline.FileToDo, pipeline.FileWaiting:
		b.ToDo += n
	case pipeline.FileHeld:
		b.Held += n
	case pipeline.FileRefused:
		b.Refused += n
	case pipeline.FileIgnored:
		b.Ignored += n
	case pipeline.FileReceived, pipeline.FileGone:
	}
}

// addTaken counts files that have one.
func addTaken(b *pipeline.ShelfBalance, r balanceRow) {
	b.Found += r.n
	if r.first < 0 {
		b.Missing += r.n
		return
	}
	switch max(r.first, r.rest) {
	case standFiled:
		b.Filed += r.n
	case standRejected:
		b.Rejected += r.n
	case standOpen:
		b.Open += r.n
	case standWaiting:
		b.Waiting += r.n
	}
}

// ShelfPapers gives papers with a label, in some states (none for all), in the order of
// receipt, beginning behind the place after (0 for the first), at most limit and at most
// 1,000 (also for a limit of 0). next is where to go on, or 0 at the end.
func (c *Catalog) ShelfPapers(ctx context.Context, label string, states []pipeline.State, after int64, limit int) (papers []pipeline.Paper, next int64, err error) {
	limit = pageOf(limit)
	w := &where{}
	// Places are in the order of receipt and begin anywhere.
	w.and("batch = ? AND batch <> ''", short(storableForm(label)))
	if after != 0 {
		w.and("n > ?", after)
	}
	if list := stateList(states); list != "" {
		w.and("state IN " + list)
	}
	query := "SELECT " + rowColumns + " FROM papers WHERE n IN (SELECT n FROM papers" + w.String() + " ORDER BY n LIMIT " + w.arg(limit) + ") ORDER BY n"
	rows, err := c.rows(ctx, query, w.args...)
	if err != nil {
		return nil, 0, failed(err, "listing papers of shelf %.60q", label)
	}
	papers = make([]pipeline.Paper, 0, len(rows))
	for _, r := range rows {
		papers = append(papers, r.paper)
	}
	if len(rows) == limit {
		next = rows[limit-1].n
	}
	return papers, next, nil
}

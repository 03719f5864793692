package catalog

import (
	"context"

	"hoso/pipeline"
)

// partedFrom gives the column by which the papers of one file are found.
func partedFrom(p pipeline.Paper) string { return short(storableForm(string(p.Parted))) }

// joinedTo gives the column of the paper that took in p's pages.
func joinedTo(p pipeline.Paper) string {
	if p.State != pipeline.Rejected {
		return ""
	}
	return short(storableForm(string(p.Into)))
}

// pagesOf gives the column by which the pages of a batch are counted: those that are in
// another paper now are counted there.
func pagesOf(p pipeline.Paper) int {
	if p.Batch == "" || p.Into != "" {
		return 0
	}
	return p.Pages
}

// standing is where a paper stands, in SQL, of its state, ” if it is not there. Of several
// papers of a file that counts which weighs most: filed, rejected, open, waiting.
func standing(state string) string {
	return "CASE " + state + ` WHEN 'filed' THEN 0 WHEN 'rejected' THEN 1 WHEN 'confirming' THEN 3 WHEN 'signing' THEN 3
		WHEN '' THEN -1 ELSE 2 END`
}

// stateOf is the state of a paper p, in SQL. One whose pages are in another paper weighs
// as little as a filed one: the other one says where they stand.
const stateOf = "CASE WHEN p.joined <> '' THEN 'filed' ELSE p.state END"

// takenFiles are the files of a shelf that have a paper.
const takenFiles = "SELECT former, paper FROM shelf_files WHERE label = $1 AND state = 'received'"

// standingBy looks up where the paper of a file f stands. Those of batches are in an index
// that has no more than that, few files have another.
func standingBy(hint string) string {
	return standing("coalesce((SELECT " + stateOf + " FROM papers p" + hint + " WHERE p.id = f.paper AND p.batch <> ''), (SELECT " + stateOf + " FROM papers p WHERE p.id = f.paper), '')")
}

// liteTaken and liteKin are engine.taken and engine.kin of SQLite: it looks everything up
// in the order in which it is written.
func liteTaken() string {
	return "SELECT f.former, " + standingBy(" INDEXED BY papers_standing") + /* it prefers the row */ `, coalesce(parts.standing, 0)
	FROM (` + takenFiles + `) AS f LEFT JOIN parts ON parts.root = f.paper`
}

func liteKin() string {
	return `
	SELECT f.paper, p.id, p.joined, ` + standing(stateOf) + ` FROM (` + takenFiles + `) AS f
		CROSS JOIN papers p ON p.parted = f.paper AND p.parted <> ''
	UNION
	SELECT f.paper, p.id, p.joined, ` + standing(stateOf) + ` FROM (` + takenFiles + `) AS f
		CROSS JOIN papers own INDEXED BY papers_joined ON own.id = f.paper AND own.joined <> '' JOIN papers p ON p.id = own.joined
	UNION
	SELECT kin.root, p.id, p.joined, ` + standing(stateOf) + ` FROM kin
		JOIN papers p ON (p.parted = kin.id AND p.parted <> '') OR p.id = kin.joined`
}

// pgTaken and pgKin are those of PostgreSQL. It chooses a plan by its statistics, and these
// take a batch of last night, which they do not know, for one file. So it is left no choice
// that is bad for many. A full join is never made row against row; rows that are of no file
// have no former. And what has an OFFSET is looked up as it is written, by index: of the
// two sides of an OR it went through all parted papers for each one.
func pgTaken() string {
	return "SELECT f.former, CASE WHEN own.id IS NULL THEN " + standingBy("") + ` ELSE own.standing END, coalesce(parts.standing, 0)
	FROM (` + takenFiles + `) AS f
		FULL JOIN (SELECT p.id, ` + standing(stateOf) + ` AS standing FROM papers p WHERE p.batch = $1 AND p.batch <> '') AS own ON own.id = f.paper
		FULL JOIN parts ON parts.root = f.paper`
}

func pgKin() string {
	parted := "SELECT p.id, p.joined, " + standing(stateOf) + " AS standing FROM papers p WHERE p.parted <> '' AND p.parted = "
	return `
	SELECT f.paper, p.id, p.joined, p.standing FROM (` + takenFiles + `) AS f CROSS JOIN LATERAL (
		` + parted + `f.paper
		UNION ALL SELECT '', p.joined, -1 FROM papers p WHERE p.id = f.paper AND p.joined <> '' OFFSET 0) AS p
	UNION
	SELECT kin.root, p.id, p.joined, p.standing FROM kin CROSS JOIN LATERAL (
		` + parted + `kin.id
		UNION ALL SELECT p.id, p.joined, ` + standing(stateOf) + ` FROM papers p WHERE p.id = kin.joined OFFSET 0) AS p`
}

// balanceQuery counts all of a shelf in one statement, and so at one moment. Its rows say
// what they count, in which state, and how many; of received files how many are filed,
// rejected, open, waiting and missing, and how many there are; of papers also the pages.
//
// The papers that come of a file's paper are those parted from it or that took in its
// pages, and those that come of these likewise; all of them are gathered first.
func (e engine) balanceQuery() string {
	return `
WITH RECURSIVE kin (root, id, joined, standing) AS (` + e.kin + `
),
parts (root, standing) AS MATERIALIZED (SELECT root, max(standing) FROM kin GROUP BY root),
taken (former, standing, parts) AS MATERIALIZED (
	` + e.taken + `
),
whole (former, standing) AS (
	SELECT former, CASE WHEN standing >= 0 AND parts > standing THEN parts ELSE standing END FROM taken
)
SELECT 'file', state, count(*), 0, 0, 0, 0, 0 FROM shelf_files WHERE label = $1 AND former = 0
	AND (state IN ('todo', 'waiting', 'held', 'refused', 'ignored') OR state = 'gone' AND paper = '') GROUP BY state
UNION ALL SELECT 'taken', '',
	count(CASE WHEN former = 0 AND standing = 0 THEN 1 END), count(CASE WHEN former = 0 AND standing = 1 THEN 1 END),
	count(CASE WHEN former = 0 AND standing = 2 THEN 1 END), count(CASE WHEN former = 0 AND standing = 3 THEN 1 END),
	count(CASE WHEN standing < 0 THEN 1 END), count(CASE WHEN former = 0 THEN 1 END) FROM whole
UNION ALL SELECT 'paper', state, count(*), sum(pages), 0, 0, 0, 0 FROM papers WHERE batch = $1 AND batch <> '' GROUP BY state
UNION ALL SELECT 'dossier', '', count(*), 0, 0, 0, 0, 0 FROM (
	SELECT DISTINCT number FROM papers WHERE batch = $1 AND batch <> '' AND number <> '') AS dossiers`
}

type balanceRow struct {
	what, state string
	n           [6]int64
}

func scanBalance(scan func(...any) error) (balanceRow, error) {
	var r balanceRow
	err := scan(&r.what, &r.state, &r.n[0], &r.n[1], &r.n[2], &r.n[3], &r.n[4], &r.n[5])
	return r, err
}

// ShelfBalance counts a shelf, everything at one moment and from what there is: its files
// where they stand, those that were received by all papers that came of them, and the
// papers of its label, whether there is a shelf of it or not. A file whose pages went into
// another paper stands where that one does. A file with several papers
// counts where most is left to do: waiting, then open, then rejected, then filed.
//
// Missing counts receipts, also for contents that a path has no longer: each is a file
// that says it was received while the catalog has no such paper.
func (c *Catalog) ShelfBalance(ctx context.Context, label string) (pipeline.ShelfBalance, error) {
	rows, err := collect(ctx, c.read, scanBalance, c.engine.balanceQuery(), storableForm(label))
	if err != nil {
		return pipeline.ShelfBalance{}, failed(err, "counting shelf %.60q", label)
	}
	b := pipeline.ShelfBalance{Papers: pipeline.Balance{ByState: make(map[pipeline.State]int64)}}
	for _, r := range rows {
		switch r.what {
		case "file":
			addFiles(&b, pipeline.FileState(r.state), r.n[0])
		case "taken":
			b.Filed, b.Rejected, b.Open, b.Waiting, b.Missing = r.n[0], r.n[1], r.n[2], r.n[3], r.n[4]
			b.Found += r.n[5]
		case "paper":
			addPapers(&b.Papers, pipeline.State(r.state), r.n[0])
			b.Pages += r.n[1]
		case "dossier":
			b.Dossiers = r.n[0]
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

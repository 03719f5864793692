package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"hoso/pipeline"
)

const (
	// mostFiles is how many files of a shelf are ticked, or given, at once.
	mostFiles = 1000
	// longestSentence is how many characters of a sentence about a file are kept.
	longestSentence = 1000
	// mostRemarks is how many remarks on a file are kept.
	mostRemarks = 20
)

// fileRow is a file of a shelf as it is stored; n is 0 for a new one.
type fileRow struct {
	n      int64
	former int
	file   pipeline.ShelfFile
}

const fileColumns = "n, former, state, paper, walk, doc"

func scanFile(scan func(...any) error) (fileRow, error) {
	var r fileRow
	var state, paper, doc string
	var walk int
	if err := scan(&r.n, &r.former, &state, &paper, &walk, &doc); err != nil {
		return fileRow{}, err
	}
	if err := json.Unmarshal([]byte(doc), &r.file); err != nil {
		return fileRow{}, fmt.Errorf("reading file %d: %w", r.n, err)
	}
	r.file.State, r.file.Paper, r.file.Walk = pipeline.FileState(state), pipeline.PaperID(paper), walk
	return r, nil
}

// placeOf stands for a path in indexes.
func placeOf(path string) string { return pipeline.Sum([]byte(path)).String() }

// TickFiles writes up to 1,000 files of a shelf down, all or none, as the living run
// found or left them; any other run gets pipeline.ErrStale and changes nothing. Of
// several with the same path the last one counts. Ticking the same again changes nothing.
//
// What has a receipt keeps it. A received file stays received, with its paper, its digest
// and the size and time at which these were true, whatever a tick says without a digest
// or with the same one: such a tick tells that a walk came by it, what was done with it
// since, and, with the digest, that size and time are others now. Only another content
// (another digest), or a receipt for another paper of the same content, takes the place
// of what was there, which is kept aside: see ShelfBalance.Missing.
//
// Paths are text without NUL in UTF-8 (pipeline.PathText makes them of any name); others,
// states that are none, received files without digest or paper, and times that are in no
// calendar are pipeline.ErrShelfFile. Sentences that are too long are cut.
func (c *Catalog) TickFiles(ctx context.Context, label string, n int, files []pipeline.ShelfFile) error {
	if len(files) > mostFiles {
		return fmt.Errorf("ticking files of shelf %.60q: %w: %d files at once", label, pipeline.ErrShelfFile, len(files))
	}
	files = slices.Clone(files)
	for i := range files {
		var err error
		if files[i], err = tidyFile(files[i]); err != nil {
			return fmt.Errorf("ticking file %d of %d of shelf %.60q: %w", i+1, len(files), label, err)
		}
	}
	err := c.asRun(ctx, label, n, func(tx *sql.Tx, _ pipeline.Run) error {
		known, err := c.filesAt(ctx, tx, label, files)
		if err != nil {
			return err
		}
		return c.writeFiles(ctx, tx, label, tick(known, files))
	})
	return failed(err, "ticking files of shelf %.60q", label)
}

// tidyFile checks a file, and brings it to what is stored.
func tidyFile(f pipeline.ShelfFile) (pipeline.ShelfFile, error) {
	if wrong := wrongFile(f); wrong != "" {
		return f, fmt.Errorf("%w: %s", pipeline.ErrShelfFile, wrong)
	}
	f.Changed, f.Taken = f.Changed.Round(0).UTC(), stamp(f.Taken)
	f.Why, f.After, f.Reason = sentence(f.Why), sentence(f.After), tidyReason(f.Reason)
	f.Remarks = slices.Clone(f.Remarks[:min(len(f.Remarks), mostRemarks)])
	for i, r := range f.Remarks {
		f.Remarks[i] = tidyReason(r)
	}
	return f, nil
}

// wrongFile says what is wrong with a file, "" for nothing; it does not repeat the path.
func wrongFile(f pipeline.ShelfFile) string {
	switch {
	case !isPath(f.Path):
		return "its path is no text, or too long"
	case !slices.Contains(pipeline.FileStates(), f.State):
		return fmt.Sprintf("unknown state %.40q", f.State)
	case len(f.Paper) > longest || !storable(string(f.Paper)):
		return "its paper has no ID"
	case f.State == pipeline.FileReceived && (f.Paper == "" || f.Digest.IsZero()):
		return "received without paper or digest"
	case min(f.Size, int64(f.Walk), int64(f.Part), int64(f.Parts)) < 0:
		return "a number below zero"
	case !inCalendar(f.Changed) || !inCalendar(f.Taken):
		return "a time that is in no calendar"
	}
	return ""
}

// isPath reports whether a path, of a root or below it, can be kept.
func isPath(s string) bool { return s != "" && len(s) <= longestRoot && storable(s) }

// inCalendar reports whether JSON can say t.
func inCalendar(t time.Time) bool { year := t.UTC().Year(); return year >= 1 && year <= 9999 }

func tidyReason(r pipeline.Reason) pipeline.Reason {
	r.Code, r.English, r.Vietnamese = sentence(r.Code), sentence(r.English), sentence(r.Vietnamese)
	return r
}

// sentence is what is kept of a sentence about a file.
func sentence(s string) string {
	s = storableForm(s)
	if utf8.RuneCountInString(s) <= longestSentence {
		return s
	}
	return string([]rune(s)[:longestSentence])
}

// filesAt reads what is known of the paths of files, in all their contents.
func (c *Catalog) filesAt(ctx context.Context, tx *sql.Tx, label string, files []pipeline.ShelfFile) ([]fileRow, error) {
	places := make([]string, 0, len(files))
	for _, f := range files {
		places = append(places, placeOf(f.Path))
	}
	query := "SELECT " + fileColumns + " FROM shelf_files WHERE label = $1 AND place IN (SELECT wanted.value FROM " +
		c.engine.list("$2") + " AS wanted) ORDER BY former"
	return collect(ctx, tx, scanFile, query, label, array(places))
}

// receiptKey tells receipts of one path apart.
type receiptKey struct {
	path   string
	digest pipeline.Digest
	paper  pipeline.PaperID
}

// tick gives the rows to be written for what files say where some are known. A receipt
// that is kept aside already is not kept twice.
func tick(known []fileRow, files []pipeline.ShelfFile) []fileRow {
	now := make(map[string]fileRow)
	formers := make(map[string]int)
	aside := make(map[receiptKey]bool)
	for _, r := range known {
		if r.former == 0 {
			now[r.file.Path] = r
			continue
		}
		formers[r.file.Path] = max(formers[r.file.Path], r.former)
		aside[receiptKey{r.file.Path, r.file.Digest, r.file.Paper}] = true
	}
	var rows []fileRow
	at := make(map[string]int) // where in rows a path is
	for _, f := range files {
		had := now[f.Path]
		next, replaced := follow(had.file, f)
		key := receiptKey{f.Path, had.file.Digest, had.file.Paper}
		if replaced && !aside[key] {
			aside[key] = true
			formers[f.Path]++
			rows = append(rows, fileRow{former: formers[f.Path], file: had.file})
		}
		had.file = next
		now[f.Path] = had
		if i, ticked := at[f.Path]; ticked {
			rows[i] = had
			continue
		}
		at[f.Path] = len(rows)
		rows = append(rows, had)
	}
	return rows
}

// follow gives what a file becomes that was had (the zero one if it was not known) and is
// told to be next; replaced if what was had is to be kept aside.
func follow(had, next pipeline.ShelfFile) (_ pipeline.ShelfFile, replaced bool) {
	if next.After == pipeline.AfterRenamed {
		next.State = pipeline.FileGone
		return next, had.State == pipeline.FileReceived
	}
	if had.State != pipeline.FileReceived {
		return next, false
	}
	anew := !next.Digest.IsZero() && next.Digest != had.Digest
	another := next.State == pipeline.FileReceived && next.Paper != had.Paper
	if anew || another {
		return next, true
	}
	kept := had
	kept.Walk = max(had.Walk, next.Walk)
	if next.After != "" {
		kept.After = next.After
	}
	if !next.Digest.IsZero() {
		kept.Size, kept.Changed = next.Size, next.Changed
	}
	if next.State == pipeline.FileReceived {
		kept.Remarks, kept.Part, kept.Parts, kept.After = next.Remarks, next.Part, next.Parts, next.After
		if had.Taken.IsZero() {
			kept.Taken = next.Taken
		}
	}
	return kept, false
}

// filesAtOnce is how many files one statement writes.
const filesAtOnce = 100

// writeFiles writes rows, giving the new ones numbers.
func (c *Catalog) writeFiles(ctx context.Context, tx *sql.Tx, label string, rows []fileRow) error {
	var last int64
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(n), 0) FROM shelf_files WHERE label = $1", label).Scan(&last); err != nil {
		return err
	}
	for chunk := range slices.Chunk(rows, filesAtOnce) {
		w := &where{} // for its arguments
		values := make([]string, 0, len(chunk))
		for _, r := range chunk {
			if r.n == 0 {
				last++
				r.n = last
			}
			doc, err := json.Marshal(r.file)
			if err != nil {
				return fmt.Errorf("writing a file as JSON: %w", err)
			}
			var marks []string
			for _, v := range []any{label, r.n, placeOf(r.file.Path), r.former, string(r.file.State), string(r.file.Paper), r.file.Walk, string(doc)} {
				marks = append(marks, w.arg(v))
			}
			values = append(values, "("+strings.Join(marks, ", ")+")")
		}
		//nolint:gosec // of numbered places for arguments
		put := "INSERT INTO shelf_files (label, n, place, former, state, paper, walk, doc) VALUES " + strings.Join(values, ", ") +
			` ON CONFLICT (label, place, former) DO UPDATE SET
				state = excluded.state, paper = excluded.paper, walk = excluded.walk, doc = excluded.doc`
		if _, err := tx.ExecContext(ctx, put, w.args...); err != nil {
			return err
		}
	}
	return nil
}

// ShelfFiles gives files of a shelf in some states (none for all), in the order in which
// they were first ticked, beginning behind the row after (0 for the first), at most limit
// and at most 1,000 (also for a limit of 0). next is where to go on, or 0 at the end. Of
// a path there is one file, with what it holds now. A shelf that is not there has none.
func (c *Catalog) ShelfFiles(ctx context.Context, label string, states []pipeline.FileState, after int64, limit int) (files []pipeline.ShelfFile, next int64, err error) {
	limit = pageOf(limit)
	w := shelfPage(label, states, after)
	w.and("former = 0")
	rows, err := collect(ctx, c.read, scanFile, "SELECT "+fileColumns+" FROM shelf_files"+w.String()+" ORDER BY n LIMIT "+w.arg(limit), w.args...)
	if err != nil {
		return nil, 0, failed(err, "listing files of shelf %.60q", label)
	}
	files = make([]pipeline.ShelfFile, 0, len(rows))
	for _, r := range rows {
		files = append(files, r.file)
	}
	if len(rows) == limit {
		next = rows[limit-1].n
	}
	return files, next, nil
}

// pageOf is how many rows a page has for a limit.
func pageOf(limit int) int {
	if limit <= 0 {
		return mostFiles
	}
	return min(limit, mostFiles)
}

// shelfPage begins the condition of a page of a shelf's files.
func shelfPage[S ~string](label string, states []S, after int64) *where {
	w := &where{}
	w.and("label = ? AND n > ?", storableForm(label), after)
	if list := stateList(states); list != "" {
		w.and("state IN " + list)
	}
	return w
}

// stateList is a list of states for SQL, "" for none. What is no state is in no row.
func stateList[S ~string](states []S) string {
	quoted := make([]string, 0, len(states))
	for _, s := range states {
		if strings.Trim(string(s), "abcdefghijklmnopqrstuvwxyz") == "" {
			quoted = append(quoted, "'"+string(s)+"'")
		}
	}
	switch {
	case len(states) == 0:
		return ""
	case len(quoted) == 0:
		return "('')"
	}
	return "(" + strings.Join(quoted, ", ") + ")"
}

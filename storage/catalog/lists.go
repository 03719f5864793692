package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"hoso/pipeline"
	"hoso/storage/catalog/fold"
	"hoso/storage/register"
)

// Unit looks a unit code, in either form, up for a day: whether the agency was there.
// While no agencies are listed nothing is said against any code.
func (c *Catalog) Unit(ctx context.Context, code string, day pipeline.Day) (pipeline.Unit, error) {
	code = unitOf(code)
	entries, err := entriesOf[pipeline.Agency](ctx, c.read, pipeline.Agencies, code)
	if err != nil {
		return pipeline.Unit{}, failed(err, "looking up a unit")
	}
	listed := len(entries) > 0
	if !listed {
		const some = "SELECT count(*) FROM (SELECT 1 FROM listed WHERE list = $1 LIMIT 1) AS first"
		var n int
		if err := c.read.QueryRowContext(ctx, some, string(pipeline.Agencies)).Scan(&n); err != nil {
			return pipeline.Unit{}, failed(err, "looking up a unit")
		}
		listed = n > 0
	}
	return pipeline.Stand(code, day, entries, listed), nil
}

// Agencies gives all entries of a unit code, in either form, oldest first, or of all
// codes for "". Nothing is no error.
func (c *Catalog) Agencies(ctx context.Context, code string) ([]pipeline.Agency, error) {
	all, err := entriesOf[pipeline.Agency](ctx, c.read, pipeline.Agencies, unitOf(code))
	return all, failed(err, "reading the list of agencies")
}

// Procedures gives all entries of a procedure's code likewise. A code with a province
// behind it that is not listed stands for the national one, and a national one that is
// not listed for those of all provinces.
func (c *Catalog) Procedures(ctx context.Context, code string) ([]pipeline.Procedure, error) {
	code = storableForm(strings.TrimSpace(code))
	national := pipeline.NationalProcedure(code)
	all, err := entriesOf[pipeline.Procedure](ctx, c.read, pipeline.Procedures, code)
	switch {
	case err != nil || len(all) > 0:
	case national != code:
		all, err = entriesOf[pipeline.Procedure](ctx, c.read, pipeline.Procedures, national)
	case code != "":
		all, err = selectEntries[pipeline.Procedure](ctx, c.read, "list = ? AND base = ?", string(pipeline.Procedures), national)
	}
	return all, failed(err, "reading the list of procedures")
}

// mostNamed is how many procedures ProceduresNamed gives at most.
const mostNamed = 20

// ProceduresNamed gives procedures that stand on a day and whose names have all words,
// with or without tone marks, in the order of their codes.
func (c *Catalog) ProceduresNamed(ctx context.Context, words string, day pipeline.Day) ([]pipeline.Procedure, error) {
	var wanted []string
	for w := range fold.Words(storableForm(words)) {
		wanted = append(wanted, w.Text)
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	all, err := c.Procedures(ctx, "")
	if err != nil {
		return nil, err
	}
	var named []pipeline.Procedure
	for _, p := range all {
		if len(named) < mostNamed && p.On(day) && hasWords(p.Name, wanted) {
			named = append(named, p)
		}
	}
	return named, nil
}

// hasWords reports whether all words, folded, stand in a text.
func hasWords(text string, words []string) bool {
	has := map[string]bool{}
	for w := range fold.Words(text) {
		has[w.Text] = true
	}
	return !slices.ContainsFunc(words, func(w string) bool { return !has[w] })
}

// entriesOf reads the entries of a code, or of all for "".
func entriesOf[T pipeline.Agency | pipeline.Procedure](ctx context.Context, q querier, list pipeline.List, code string) ([]T, error) {
	if code == "" {
		return selectEntries[T](ctx, q, "list = ?", string(list))
	}
	return selectEntries[T](ctx, q, "list = ? AND code = ?", string(list), code)
}

// selectEntries reads entries by code and first day. They are sorted here: the engines
// need not agree on the order of text.
func selectEntries[T pipeline.Agency | pipeline.Procedure](ctx context.Context, q querier, term string, args ...any) ([]T, error) {
	w := &where{}
	w.and(term, args...)
	rows, err := collect(ctx, q, scanListed[T], "SELECT code, since, doc FROM listed"+w.String(), w.args...)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b listedRow[T]) int {
		if n := strings.Compare(a.code, b.code); n != 0 {
			return n
		}
		return strings.Compare(a.since, b.since)
	})
	var all []T
	for _, r := range rows {
		all = append(all, r.entry)
	}
	return all, nil
}

// listedRow is an entry as it is stored.
type listedRow[T any] struct {
	code, since, doc string
	entry            T
}

func scanListed[T any](scan func(...any) error) (listedRow[T], error) {
	var r listedRow[T]
	if err := scan(&r.code, &r.since, &r.doc); err != nil {
		return r, err
	}
	if err := json.Unmarshal([]byte(r.doc), &r.entry); err != nil {
		return r, fmt.Errorf("reading the entry %s: %w", r.code, err)
	}
	return r, nil
}

// Imports gives the log of imports, newest first; a limit of 0 means 100.
func (c *Catalog) Imports(ctx context.Context, limit int) ([]pipeline.Import, error) {
	if limit <= 0 {
		limit = 100
	}
	all, err := collect(ctx, c.read, scanImport, "SELECT id, at, doc FROM imports ORDER BY id DESC LIMIT $1", min(limit, mostViews))
	return all, failed(err, "reading the log of imports")
}

func scanImport(scan func(...any) error) (pipeline.Import, error) {
	var i pipeline.Import
	var id, at int64
	var doc string
	if err := scan(&id, &at, &doc); err != nil {
		return i, err
	}
	if err := json.Unmarshal([]byte(doc), &i); err != nil {
		return i, fmt.Errorf("reading import %d: %w", id, err)
	}
	i.ID, i.Time = id, fromMillis(at)
	return i, nil
}

// remembered is what was made of a list after its last import, and anew only after the
// next one.
type remembered[T any] struct {
	list  pipeline.List
	mu    sync.Mutex
	made  bool
	id    int64  // of the import
	about string // what else it was made for
	all   T
}

// recall gives what is remembered, or what remake makes of the list now.
func (r *remembered[T]) recall(ctx context.Context, q querier, about string, remake func() (T, error)) (T, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	const last = "SELECT coalesce(max(id), 0) FROM imports WHERE list = $1"
	ids, err := collect(ctx, q, scanPlace, last, string(r.list))
	if err != nil || len(ids) != 1 {
		return r.all, failed(err, "reading a list")
	}
	if r.made && r.id == ids[0] && r.about == about {
		return r.all, nil
	}
	fresh, err := remake()
	if err != nil {
		return fresh, err
	}
	r.made, r.id, r.about, r.all = true, ids[0], about, fresh
	return fresh, nil
}

// Register gives what can be asked of all agencies at once: names as they are printed,
// and who has taken over from whom.
func (c *Catalog) Register(ctx context.Context) (*register.Register, error) {
	return c.agencies.recall(ctx, c.read, "", func() (*register.Register, error) {
		all, err := c.Agencies(ctx, "")
		return register.New(all), err
	})
}

// TypeCodes gives the codes of types of papers that the procedures of a day state.
func (c *Catalog) TypeCodes(ctx context.Context, day pipeline.Day) ([]pipeline.TypeCode, error) {
	return c.types.recall(ctx, c.read, string(day), func() ([]pipeline.TypeCode, error) {
		all, err := c.Procedures(ctx, "")
		return pipeline.TypeCodes(day, all), err
	})
}

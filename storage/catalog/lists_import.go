package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"hoso/pipeline"
)

// ImportAgencies takes entries of the list of agencies over: all of them, or none with
// pipeline.Misfits. What is there already stays; an open entry ends on the day before
// another one of its code begins; and if the entries are the complete list, those that
// it does not have end yesterday. Nothing is ever removed. The import is logged.
func (c *Catalog) ImportAgencies(ctx context.Context, how pipeline.Importing, all []pipeline.Listed[pipeline.Agency]) (pipeline.Import, error) {
	return importList(ctx, c, agencyKeeping(), how, all)
}

// ImportProcedures takes entries of the list of procedures over likewise.
func (c *Catalog) ImportProcedures(ctx context.Context, how pipeline.Importing, all []pipeline.Listed[pipeline.Procedure]) (pipeline.Import, error) {
	return importList(ctx, c, procedureKeeping(), how, all)
}

// keeping is what an import must know of the entries of a list.
type keeping[T pipeline.Agency | pipeline.Procedure] struct {
	list     pipeline.List
	code     func(T) string
	base     func(T) string
	validity func(*T) *pipeline.Validity
	refers   func(T) []reference
}

// reference is a code that an entry names.
type reference struct {
	list pipeline.List
	code string
	what string // in Vietnamese
}

func agencyKeeping() keeping[pipeline.Agency] {
	return keeping[pipeline.Agency]{
		list:     pipeline.Agencies,
		code:     func(a pipeline.Agency) string { return a.Code },
		base:     func(a pipeline.Agency) string { return a.Code },
		validity: func(a *pipeline.Agency) *pipeline.Validity { return &a.Validity },
		refers: func(a pipeline.Agency) []reference {
			all := []reference{{pipeline.Agencies, a.Parent, "Mã đơn vị cấp trên"}}
			for _, s := range a.Successors {
				all = append(all, reference{pipeline.Agencies, s, "Đơn vị kế thừa"})
			}
			return all
		},
	}
}

func procedureKeeping() keeping[pipeline.Procedure] {
	return keeping[pipeline.Procedure]{
		list:     pipeline.Procedures,
		code:     func(p pipeline.Procedure) string { return p.Code },
		base:     func(p pipeline.Procedure) string { return pipeline.NationalProcedure(p.Code) },
		validity: func(p *pipeline.Procedure) *pipeline.Validity { return &p.Validity },
		refers: func(p pipeline.Procedure) []reference {
			return []reference{{pipeline.Procedures, p.Successor, "TTHC thay thế"}, {pipeline.Agencies, p.Owner, "Mã cơ quan thực hiện"}}
		},
	}
}

// importing is one import under way.
type importing[T pipeline.Agency | pipeline.Procedure] struct {
	keeping[T]
	today  pipeline.Day
	log    pipeline.Import
	there  map[string][]listedRow[T] // by code, also what this import adds
	given  map[entryKey]bool
	writes []listedRow[T]
	wrong  pipeline.Misfits
}

type entryKey struct{ code, since string }

// errDry ends the transaction of an import that is only to be counted.
var errDry = errors.New("nothing was to be changed")

func importList[T pipeline.Agency | pipeline.Procedure](ctx context.Context, c *Catalog, k keeping[T], how pipeline.Importing, all []pipeline.Listed[T]) (pipeline.Import, error) {
	now := c.now()
	i := &importing[T]{
		keeping: k, today: pipeline.DayOf(now.In(time.FixedZone("+07", 7*3600))),
		log: pipeline.Import{
			Time: stamp(now), Actor: storableForm(how.Actor), List: k.list, File: pipeline.SafeName(how.File), Digest: how.Digest,
			Complete: how.Complete, Dry: how.Dry, Rows: len(all),
		},
		there: map[string][]listedRow[T]{}, given: map[entryKey]bool{},
	}
	err := c.inTx(ctx, func(tx *sql.Tx) error {
		if err := wait(ctx, tx, c.engine.lists); err != nil {
			return err
		}
		if err := i.read(ctx, tx); err != nil {
			return err
		}
		if err := i.take(ctx, tx, all); err != nil {
			return err
		}
		if how.Dry {
			return errDry
		}
		return i.write(ctx, tx)
	})
	if misfits, ok := errors.AsType[pipeline.Misfits](err); ok {
		return pipeline.Import{}, misfits
	}
	if err != nil && !errors.Is(err, errDry) {
		return pipeline.Import{}, failed(err, "importing %s", k.list)
	}
	return i.log, nil
}

func (i *importing[T]) read(ctx context.Context, tx *sql.Tx) error {
	rows, err := collect(ctx, tx, scanListed[T], "SELECT code, since, doc FROM listed WHERE list = $1", string(i.list))
	for _, r := range rows {
		i.there[r.code] = append(i.there[r.code], r)
	}
	return err
}

// take works out what the entries change, and what is wrong with them.
func (i *importing[T]) take(ctx context.Context, tx *sql.Tx, all []pipeline.Listed[T]) error {
	for _, e := range all {
		i.given[entryKey{i.code(e.Entry), string(i.validity(&e.Entry).From)}] = true
	}
	for _, e := range all {
		if err := i.put(e.Entry); err != nil {
			return err
		}
	}
	for _, e := range all {
		if err := i.endBefore(e.Entry); err != nil {
			return err
		}
	}
	if i.log.Complete {
		if err := i.endMissing(); err != nil {
			return err
		}
	}
	codes, err := i.codes(ctx, tx)
	if err != nil {
		return err
	}
	for _, e := range all {
		i.judge(e, codes)
	}
	if len(i.wrong) > 0 {
		return i.wrong
	}
	return nil
}

// put counts an entry as new, changed or unchanged.
func (i *importing[T]) put(entry T) error {
	code, since := i.code(entry), string(i.validity(&entry).From)
	doc, err := json.Marshal(entry)
	if err != nil {
		return fmt.Errorf("writing an entry as JSON: %w", err)
	}
	row := listedRow[T]{code: code, since: since, doc: string(doc), entry: entry}
	at := slices.IndexFunc(i.there[code], func(r listedRow[T]) bool { return r.since == since })
	switch {
	case at < 0:
		i.log.New++
		i.there[code] = append(i.there[code], row)
	case i.there[code][at].doc == row.doc:
		i.log.Unchanged++
		return nil
	default:
		i.log.Changed++
		i.there[code][at] = row
	}
	i.writes = append(i.writes, row)
	return nil
}

// endBefore ends the open entries of the same code that began before this one and that
// the file does not speak of.
func (i *importing[T]) endBefore(entry T) error {
	from := i.validity(&entry).From
	if from == "" {
		return nil
	}
	for at, r := range i.there[i.code(entry)] {
		v := *i.validity(&r.entry)
		if i.given[entryKey{r.code, r.since}] || v.To != "" || v.From >= from {
			continue
		}
		if err := i.end(r.code, at, from.Before()); err != nil {
			return err
		}
	}
	return nil
}

// endMissing ends what the complete list does not have.
func (i *importing[T]) endMissing() error {
	yesterday := i.today.Before()
	for code, rows := range i.there {
		for at, r := range rows {
			to := i.validity(&r.entry).To
			if i.given[entryKey{r.code, r.since}] || to != "" && to <= yesterday {
				continue
			}
			if err := i.end(code, at, yesterday); err != nil {
				return err
			}
		}
	}
	return nil
}

// end closes the entry of a code at a place.
func (i *importing[T]) end(code string, at int, day pipeline.Day) error {
	row := i.there[code][at]
	i.validity(&row.entry).To = day
	doc, err := json.Marshal(row.entry)
	if err != nil {
		return fmt.Errorf("writing an entry as JSON: %w", err)
	}
	row.doc = string(doc)
	i.there[code][at] = row
	i.writes = append(i.writes, row)
	i.log.Retired++
	return nil
}

// codes gives all codes that entries may refer to; nil for a list that is empty, of
// which nothing can be said.
func (i *importing[T]) codes(ctx context.Context, tx *sql.Tx) (map[pipeline.List]map[string]bool, error) {
	known := map[pipeline.List]map[string]bool{i.list: {}}
	for code := range i.there {
		known[i.list][code] = true
	}
	if i.list == pipeline.Agencies {
		return known, nil
	}
	agencies, err := collect(ctx, tx, scanText, "SELECT DISTINCT code FROM listed WHERE list = $1", string(pipeline.Agencies))
	for n, code := range agencies {
		if n == 0 {
			known[pipeline.Agencies] = map[string]bool{}
		}
		known[pipeline.Agencies][code] = true
	}
	return known, err
}

func scanText(scan func(...any) error) (s string, err error) {
	err = scan(&s)
	return s, err
}

// mostWrong is how many misfits one import tells of.
const mostWrong = 100

// judge looks for references to nothing, and for entries of one code that hold on the
// same day.
func (i *importing[T]) judge(e pipeline.Listed[T], codes map[pipeline.List]map[string]bool) {
	for _, r := range i.refers(e.Entry) {
		if known := codes[r.list]; r.code != "" && known != nil && !known[r.code] {
			at := e.Spot
			at.Column = r.what
			i.misfit(at, "code "+r.code+" is not listed", fmt.Sprintf("Mã %s không có trong danh mục lẫn trong tệp này.", r.code))
		}
	}
	own := *i.validity(&e.Entry)
	for _, r := range i.there[i.code(e.Entry)] {
		v := *i.validity(&r.entry)
		if r.since != string(own.From) && v.Overlaps(own) {
			i.misfit(e.Spot, "the list has an entry of this code for the same days", fmt.Sprintf(
				"Mã %s đã có trong danh mục với hiệu lực từ %s đến %s, trùng thời gian với dòng này. Hãy ghi hiệu lực từ – đến của từng giai đoạn.",
				r.code, orDots(v.From), orDots(v.To)))
		}
	}
}

func orDots(d pipeline.Day) string {
	if d == "" {
		return "…"
	}
	return d.String()
}

func (i *importing[T]) misfit(at pipeline.Spot, english, vietnamese string) {
	if len(i.wrong) < mostWrong {
		at.File = i.log.File
		i.wrong = append(i.wrong, pipeline.Misfit{Spot: at, English: english, Vietnamese: vietnamese})
	}
}

// rowsAtOnce is how many rows one statement writes. SQLite looks numbered arguments up
// one after the other: with 500 rows most of an import was that.
const rowsAtOnce = 40

// write writes what has changed, and the row of the log.
func (i *importing[T]) write(ctx context.Context, tx *sql.Tx) error {
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) + 1 FROM imports").Scan(&i.log.ID); err != nil {
		return fmt.Errorf("numbering an import: %w", err)
	}
	last := map[entryKey]listedRow[T]{} // one statement may write a row only once
	for _, r := range i.writes {
		last[entryKey{r.code, r.since}] = r
	}
	var rows []listedRow[T]
	for _, r := range last {
		rows = append(rows, r)
	}
	for some := range slices.Chunk(rows, rowsAtOnce) {
		w := &where{}
		var values []string
		for _, r := range some {
			values = append(values, fmt.Sprintf("(%s, %s, %s, %s, %s, %s)", w.arg(string(i.list)), w.arg(r.code), w.arg(r.since),
				w.arg(i.base(r.entry)), w.arg(i.log.ID), w.arg(r.doc)))
		}
		//nolint:gosec // placeholders only
		put := "INSERT INTO listed (list, code, since, base, imported, doc) VALUES " + strings.Join(values, ", ") +
			" ON CONFLICT (list, code, since) DO UPDATE SET base = excluded.base, imported = excluded.imported, doc = excluded.doc"
		if _, err := tx.ExecContext(ctx, put, w.args...); err != nil {
			return fmt.Errorf("writing entries: %w", err)
		}
	}
	doc, err := json.Marshal(i.log)
	if err != nil {
		return fmt.Errorf("writing an import as JSON: %w", err)
	}
	const add = "INSERT INTO imports (id, at, list, doc) VALUES ($1, $2, $3, $4)"
	if _, err := tx.ExecContext(ctx, add, i.log.ID, millis(i.log.Time), string(i.list), string(doc)); err != nil {
		return fmt.Errorf("logging an import: %w", err)
	}
	return nil
}

package register

import (
	"fmt"
	"slices"
	"strings"

	"hoso/pipeline"
	"hoso/storage/register/sheet"
)

// mostMisfits is how many misfits are told at once; who has more mends those first.
const mostMisfits = 100

// File is what was read from a file.
type File[T pipeline.Agency | pipeline.Procedure] struct {
	Entries []pipeline.Listed[T]
	Skipped []string // sheets and columns that were not understood, in Vietnamese
}

// Agencies reads a list of agencies from CSV, XLSX or JSON. The error is
// pipeline.Misfits, or a Refusal of the file as a whole.
func Agencies(name string, data []byte) (File[pipeline.Agency], error) {
	r := &reading[pipeline.Agency]{file: name, columns: agencyColumns(), code: func(a pipeline.Agency) string { return a.Code }}
	r.accept = func(e pipeline.Listed[pipeline.Agency], _ cells) { r.entries = append(r.entries, e) }
	r.validity = func(a pipeline.Agency) pipeline.Validity { return a.Validity }
	return r.read(data)
}

// Procedures reads a list of procedures likewise. In a table each row has one of a
// procedure's components; rows that name no procedure, or the same one, go on with it.
func Procedures(name string, data []byte) (File[pipeline.Procedure], error) {
	r := &reading[pipeline.Procedure]{file: name, columns: procedureColumns(), code: func(p pipeline.Procedure) string { return p.Code }}
	r.validity = func(p pipeline.Procedure) pipeline.Validity { return p.Validity }
	c := &components{r: r, columns: componentColumns()}
	r.more, r.accept, r.whole = c.heads, c.accept, c.check
	return r.read(data)
}

// reading is a file being read.
type reading[T pipeline.Agency | pipeline.Procedure] struct {
	file     string
	columns  []column[T]
	more     func(heading string) bool // knows headings beside those of columns; may be nil
	code     func(T) string
	validity func(T) pipeline.Validity
	accept   func(pipeline.Listed[T], cells) // takes a row
	whole    func(*T, pipeline.Spot)         // checks what JSON gives whole; may be nil
	entries  []pipeline.Listed[T]
	skipped  []string
	misfits  pipeline.Misfits
	before   int // misfits before the entry that is being read
}

// cells are those of a row, by the heading of their column.
type cells struct {
	heads []string // folded headings
	shown []string // as they stand there
	texts []string
	spot  pipeline.Spot
}

// at gives the cell of the column that answers, and how it is headed.
func (c cells) at(answers func(string) bool) (text, head string, found bool) {
	for i, h := range c.heads {
		if h == "" || !answers(h) {
			continue
		}
		if i < len(c.texts) {
			text = c.texts[i]
		}
		return text, c.shown[i], true
	}
	return "", "", false
}

func (r *reading[T]) read(data []byte) (File[T], error) {
	take := r.readTables
	if isJSON(data) {
		take = r.readJSON
	}
	if err := take(data); err != nil {
		return File[T]{}, err
	}
	if len(r.misfits) == 0 {
		r.doubles()
	}
	if len(r.entries) == 0 && len(r.misfits) == 0 {
		r.misfit(pipeline.Spot{}, fault{"there is no entry", "Không có dòng dữ liệu nào bên dưới dòng tiêu đề."})
	}
	if len(r.misfits) > 0 {
		return File[T]{}, r.misfits
	}
	return File[T]{Entries: r.entries, Skipped: r.skipped}, nil
}

func (r *reading[T]) readTables(data []byte) error {
	tables, err := sheet.Read(r.file, data)
	for _, t := range tables {
		if !r.table(t) {
			r.strange(t, tables)
		}
	}
	return err
}

func (r *reading[T]) misfit(at pipeline.Spot, f fault) {
	if len(r.misfits) < mostMisfits {
		at.File = r.file
		r.misfits = append(r.misfits, pipeline.Misfit{Spot: at, English: f.english, Vietnamese: f.vietnamese})
	}
}

// headingRows is how far down the heading row may stand: above it stand titles.
const headingRows = 25

// table reads a sheet; false if no row of it has the headings.
func (r *reading[T]) table(t sheet.Table) bool {
	for i, row := range t.Rows[:min(len(t.Rows), headingRows)] {
		heads := make([]string, len(row.Cells))
		for j, c := range row.Cells {
			heads[j] = plain(c)
		}
		if missing := r.missing(heads); len(missing) == 0 {
			if r.headings(t, row, heads) {
				r.rows(t, row, heads, t.Rows[i+1:])
			}
			return true
		}
	}
	return false
}

// strange notes a sheet without headings: one of several is no part of the list.
func (r *reading[T]) strange(t sheet.Table, all []sheet.Table) {
	if len(all) > 1 {
		r.skipped = append(r.skipped, "trang tính “"+t.Name+"”")
		return
	}
	var needed []string
	for _, c := range r.columns {
		if c.needed {
			needed = append(needed, "“"+c.head+"”")
		}
	}
	r.misfit(pipeline.Spot{Sheet: t.Name, Line: 1}, fault{
		"no row has the headings that are needed",
		"Không thấy dòng tiêu đề có các cột " + strings.Join(needed, " và ") + ".",
	})
}

// missing gives the headings of columns that are needed and not there.
func (r *reading[T]) missing(heads []string) []string {
	var out []string
	for _, c := range r.columns {
		if c.needed && !slices.ContainsFunc(heads, c.answers) {
			out = append(out, c.head)
		}
	}
	return out
}

// headings notes columns that mean nothing, and refuses two that mean the same.
func (r *reading[T]) headings(t sheet.Table, row sheet.Row, heads []string) bool {
	good := true
	for i, h := range heads {
		for _, c := range r.columns {
			if first := slices.IndexFunc(heads, c.answers); h != "" && c.answers(h) && first < i {
				good = false
				r.misfit(pipeline.Spot{Sheet: t.Name, Line: row.Line, Column: row.Cells[i]}, fault{
					"two columns mean the same", fmt.Sprintf("Cột này và cột “%s” cùng nghĩa; hãy bỏ một cột.", row.Cells[first]),
				})
			}
		}
		known := slices.ContainsFunc(r.columns, func(c column[T]) bool { return c.answers(h) }) || r.more != nil && r.more(h)
		if h != "" && h != "stt" && h != "tt" && !known {
			r.skipped = append(r.skipped, "cột “"+row.Cells[i]+"”")
		}
	}
	return good
}

func (r *reading[T]) rows(t sheet.Table, heading sheet.Row, heads []string, rows []sheet.Row) {
	for _, row := range rows {
		c := cells{heads: heads, shown: heading.Cells, texts: row.Cells, spot: pipeline.Spot{File: r.file, Sheet: t.Name, Line: row.Line}}
		var entry T
		r.before = len(r.misfits)
		for _, col := range r.columns {
			text, head, found := c.at(col.answers)
			if found {
				r.put(c.spot, head, col.set(&entry, text))
			}
		}
		r.accept(pipeline.Listed[T]{Entry: entry, Spot: c.spot}, c)
		if r.more == nil {
			r.check(&entry, c.spot)
		}
	}
}

func (r *reading[T]) put(at pipeline.Spot, head string, f fault) {
	if f != (fault{}) {
		at.Column = head
		r.misfit(at, f)
	}
}

// check looks for what is needed in an entry and for days in the wrong order.
func (r *reading[T]) check(entry *T, at pipeline.Spot) {
	if len(r.misfits) > r.before {
		return // what is missing may be what was wrong
	}
	for _, c := range r.columns {
		if c.needed && c.get(*entry) == "" {
			r.put(at, c.head, fault{c.key + " is missing", "Ô này không được để trống."})
		}
	}
	if v := r.validity(*entry); v.Void() {
		r.misfit(at, fault{
			"it ends before it begins",
			fmt.Sprintf("Hiệu lực đến %s trước hiệu lực từ %s.", v.To, v.From),
		})
	}
}

// doubles refuses two entries of one code that hold on the same day.
func (r *reading[T]) doubles() {
	seen := map[string][]pipeline.Listed[T]{}
	for _, e := range r.entries {
		code := r.code(e.Entry)
		for _, other := range seen[code] {
			if r.validity(other.Entry).Overlaps(r.validity(e.Entry)) {
				r.misfit(e.Spot, fault{
					fmt.Sprintf("code %s is there twice for the same days, also on line %d", code, other.Spot.Line),
					fmt.Sprintf("Mã %s bị lặp với dòng %d trong cùng thời gian hiệu lực. Hãy bỏ một dòng, hoặc ghi hiệu lực từ – đến cho từng dòng.", code, other.Spot.Line),
				})
				break
			}
		}
		seen[code] = append(seen[code], e)
	}
}

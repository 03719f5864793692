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
	r.more, r.accept, r.whole = c.titles(), c.accept, c.check
	return r.read(data)
}

// reading is a file being read.
type reading[T pipeline.Agency | pipeline.Procedure] struct {
	file     string
	columns  []column[T]
	more     []title // of columns beside those
	code     func(T) string
	validity func(T) pipeline.Validity
	accept   func(pipeline.Listed[T], cells) // takes a row
	whole    func(*T, pipeline.Spot)         // checks what JSON gives whole; may be nil
	entries  []pipeline.Listed[T]
	skipped  []string
	misfits  pipeline.Misfits
	before   int // misfits before the entry that is being read
}

// title is how a column is known.
type title struct {
	key     string
	answers func(heading string) bool
}

// heading is the heading row of a table.
type heading struct {
	shown []string
	at    map[string]int // the place of each column that is there, by key
}

// cells are those of a row.
type cells struct {
	*heading
	texts []string
	spot  pipeline.Spot
}

// of gives the cell of a column, and how it is headed.
func (c cells) of(key string) (text, head string, found bool) {
	i, found := c.at[key]
	if !found {
		return "", "", false
	}
	if i < len(c.texts) {
		text = c.texts[i]
	}
	return text, c.shown[i], true
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
			if h, ok := r.heading(t, row, heads); ok {
				r.rows(t, h, t.Rows[i+1:])
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

// heading finds the columns, notes those that mean nothing, and refuses two that mean
// the same.
func (r *reading[T]) heading(t sheet.Table, row sheet.Row, heads []string) (*heading, bool) {
	out, good := &heading{shown: row.Cells, at: map[string]int{}}, true
	titles := r.more
	for _, c := range r.columns {
		titles = append(titles, title{c.key, c.answers})
	}
	for i, h := range heads {
		at := slices.IndexFunc(titles, func(t title) bool { return h != "" && t.answers(h) })
		switch {
		case at < 0 && h != "" && h != "stt" && h != "tt":
			r.skipped = append(r.skipped, "cột “"+row.Cells[i]+"”")
		case at < 0:
		default:
			first, double := out.at[titles[at].key]
			if double {
				good = false
				r.misfit(pipeline.Spot{Sheet: t.Name, Line: row.Line, Column: row.Cells[i]}, fault{
					"two columns mean the same", fmt.Sprintf("Cột này và cột “%s” cùng nghĩa; hãy bỏ một cột.", row.Cells[first]),
				})
			}
			out.at[titles[at].key] = i
		}
	}
	return out, good
}

func (r *reading[T]) rows(t sheet.Table, h *heading, rows []sheet.Row) {
	for _, row := range rows {
		c := cells{heading: h, texts: row.Cells, spot: pipeline.Spot{File: r.file, Sheet: t.Name, Line: row.Line}}
		var entry T
		r.before = len(r.misfits)
		for _, col := range r.columns {
			text, head, found := c.of(col.key)
			if found {
				r.put(c.spot, head, col.set(&entry, text))
			}
		}
		r.accept(pipeline.Listed[T]{Entry: entry, Spot: c.spot}, c)
		if len(r.more) == 0 {
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

package shelf

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/grammar"
)

// Inventory is a table that lies beside the scans, as a reader of tables gives it: a
// sheet of a workbook, or a whole CSV file.
type Inventory struct {
	Path    string          // of its file, as in the tree
	Sheet   string          // "" where a file has none
	Rows    []Row           // those with any text
	Refused pipeline.Reason // why its file could not be read, if it could not
}

// Row is a row of an inventory; Line begins at 1.
type Row struct {
	Line  int
	Cells []string
}

// List is what was understood of an inventory.
type List struct {
	Path    string
	Sheet   string
	Heading int      // the line of the headings, 0 if none was found
	Rows    int      // that speak of a paper or a dossier
	Idle    int      // other rows below the headings: numbers of columns, totals, blanks
	Unknown []string // columns that were not understood
}

// RowAt is where a row stands: the place of its inventory in Plan.Lists, and its line.
type RowAt struct{ List, Line int32 }

// Known is what a row of an inventory says of a paper.
type Known struct {
	Name  pipeline.FieldName
	Value string
	Row   RowAt
}

// row is a row as it was understood.
type row struct {
	at       RowAt
	number   pipeline.DossierNumber
	odd      bool   // the cell of the number holds something else
	file     string // as the cell has it
	folder   string
	title    string // without tones
	kind     pipeline.Kind
	fields   []Known // all of them
	shared   []Known // those of fields that hold for a whole dossier
	badCells []badCell
	twins    []RowAt // rows that say the same
	matched  bool    // it is known what it is for
	told     bool    // it is in the plan
}

// badCell is a cell that does not have the form of its column.
type badCell struct {
	column  column
	heading string // as the inventory has it
}

// columns are all that a mapping may name: what the planner needs, and the fields.
func columns() []column {
	all := []column{colNumber, colFile, colFolder, colKind, colOrder}
	names := append([]pipeline.FieldName{pipeline.FieldClass, pipeline.FieldComponent}, pipeline.ReadFields()...)
	for _, name := range names {
		if name != pipeline.FieldDossier && name != pipeline.FieldPages {
			all = append(all, column(name))
		}
	}
	return all
}

// ofDossier reports whether a field is the same for all papers of a dossier.
func ofDossier(name pipeline.FieldName) bool {
	return slices.Contains([]pipeline.FieldName{
		pipeline.FieldProcedure, pipeline.FieldOwnerName, pipeline.FieldOwnerID,
		pipeline.FieldOwnerBirth, pipeline.FieldOwnerAddress, pipeline.FieldTax,
	}, name)
}

// plainHeading is a heading without tones, signs, and what stands in brackets.
func plainHeading(s string) string {
	s, _, _ = strings.Cut(s, "(")
	n := nameOf(s)
	words := make([]string, 0, len(n.pieces))
	for _, p := range n.pieces {
		words = append(words, strings.ToLower(n.of(p)))
	}
	return strings.Join(words, "")
}

// headingRows is how far down the headings may stand: above them stand titles.
const headingRows = 25

// heading is what the columns of an inventory are.
type heading struct {
	at      int // the row
	columns []column
	texts   []string // as they stand there, one for each column
	unknown []string
	known   int
}

// headingOf finds the row of the headings: the one with most that are understood. Where
// cells were merged over two rows, a blank one is headed by the row above.
func (m *Mapping) headingOf(rows []Row) (best heading, found bool) {
	for i := range rows[:min(len(rows), headingRows)] {
		var above []string
		if i > 0 && rows[i-1].Line == rows[i].Line-1 {
			above = rows[i-1].Cells
		}
		h := m.headings(rows[i].Cells, above)
		h.at = i
		tells := slices.ContainsFunc(h.columns, func(c column) bool { return c == colNumber || c == colFile || c == colFolder })
		if tells && h.known > best.known {
			best, found = h, true
		}
	}
	return best, found
}

func (m *Mapping) headings(cells, above []string) heading {
	var h heading
	own := 0
	for i := range max(len(cells), len(above)) {
		text := ""
		if i < len(cells) {
			text = cells[i]
		}
		fromAbove := text == "" && i < len(above)
		if fromAbove {
			text = above[i]
		}
		h.texts = append(h.texts, text)
		c, ok := m.columns[plainHeading(text)]
		switch {
		case ok && !slices.Contains(h.columns, c):
			h.columns = append(h.columns, c)
			h.known++
			if !fromAbove {
				own++
			}
		default:
			h.columns = append(h.columns, "")
			if text != "" {
				h.unknown = append(h.unknown, text)
			}
		}
	}
	if own == 0 {
		return heading{}
	}
	return h
}

// read understands an inventory; at is its place among them.
func (m *Mapping) read(in Inventory, at int) (List, []row) {
	l := List{Path: in.Path, Sheet: in.Sheet}
	h, found := m.headingOf(in.Rows)
	if !found {
		return l, nil
	}
	l.Heading, l.Unknown = in.Rows[h.at].Line, h.unknown
	rows := make([]row, 0, len(in.Rows)-h.at-1)
	t := table{m: m, columns: h.columns, texts: h.texts, list: int32(at)} //nolint:gosec // a few inventories
	for _, r := range in.Rows[h.at+1:] {
		one := t.row(r)
		if one.idle() || counted(r.Cells) {
			l.Idle++
			continue
		}
		t.above = one.number
		rows = append(rows, one)
	}
	l.Rows = len(rows)
	return l, rows
}

// idle reports whether a row names no dossier and no file.
func (r *row) idle() bool { return r.number.IsZero() && !r.odd && r.file == "" && r.folder == "" }

// ofPaper reports whether a row says anything that belongs to one paper.
func (r *row) ofPaper() bool { return r.title != "" || len(r.fields) > len(r.shared) }

// total reports whether a row is below the table: a sum, or a signature.
func total(cells []string) bool {
	filled, first := 0, ""
	for _, c := range cells {
		if c != "" {
			filled++
			first = cmp.Or(first, c)
		}
	}
	n := nameOf(first)
	sum := len(n.pieces) > 0 && (n.of(n.pieces[0]) == "tong" || n.of(n.pieces[0]) == "cong")
	return filled < 2 || sum
}

// counted reports whether a row counts the columns: (1), (2), (3).
func counted(cells []string) bool {
	for i, c := range cells {
		if c != "" && strings.Trim(c, "() ") != strconv.Itoa(i+1) {
			return false
		}
	}
	return len(cells) > 1
}

// table is an inventory being read.
type table struct {
	m       *Mapping
	numbers numbers
	columns []column
	texts   []string // the headings of columns
	list    int32
	above   pipeline.DossierNumber // of the last row that names any
}

// row reads the cells of a row.
func (t *table) row(in Row) row {
	r := row{at: RowAt{t.list, int32(in.Line)}} //nolint:gosec // fewer than a sheet has
	for i, text := range in.Cells[:min(len(in.Cells), len(t.columns))] {
		text = strings.TrimSpace(text)
		if c := t.columns[i]; c != "" && text != "" {
			if !t.take(&r, c, text) {
				r.badCells = append(r.badCells, badCell{c, t.texts[i]})
			}
		}
	}
	for _, k := range r.fields {
		if ofDossier(k.Name) {
			r.shared = append(r.shared, k)
		}
	}
	if len(r.shared) == len(r.fields) {
		r.shared = r.fields
	}
	if r.idle() && r.ofPaper() && !total(in.Cells) {
		r.number = t.above // the cell is merged with that above
	}
	return r
}

// take reads one cell; false if it does not have the form of its column.
func (t *table) take(r *row, c column, text string) bool {
	switch c {
	case colNumber:
		f := t.numbers.in(nameOf(text))
		if r.odd = f.number.IsZero() || f.doubt != sure; !r.odd {
			r.number = f.number
		}
	case colFile:
		r.file = text
	case colFolder:
		r.folder = text
	case colKind:
		r.kind, _ = t.m.kinds.tell(nameOf(text), nil)
	case colOrder:
	default:
		value, ok := valueOf(pipeline.FieldName(c), text)
		if !ok {
			return false
		}
		r.fields = append(r.fields, Known{Name: pipeline.FieldName(c), Value: value, Row: r.at})
		if n := pipeline.FieldName(c); n == pipeline.FieldTitle || r.title == "" && n == pipeline.FieldComponent {
			r.title = nameOf(text).plain
		}
	}
	return true
}

// valueOf gives the value of a cell as its field has it; false if it cannot be one.
func valueOf(name pipeline.FieldName, text string) (string, bool) {
	text = strings.Join(strings.Fields(text), " ")
	switch name {
	case pipeline.FieldDate, pipeline.FieldValidUntil:
		return dayOf(text)
	case pipeline.FieldOwnerBirth:
		if year, err := strconv.Atoi(text); err == nil && year >= 1900 && year <= 2100 {
			return text, true // the year is all that is known
		}
		return dayOf(text)
	case pipeline.FieldOwnerID:
		return idOf(text)
	default:
		return text, true
	}
}

// The numbers that Excel may mean a day of the last hundred years by.
const (
	firstSerial = 10_000 // 18/05/1927
	lastSerial  = 73_050 // 31/12/2099
)

// dayOf reads a day as desks and programs write it: with a time of day behind it, or as
// the number by which Excel counts days.
func dayOf(text string) (string, bool) {
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		if n < firstSerial || n > lastSerial {
			return "", false
		}
		day := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n))
		return string(pipeline.DayOf(day)), true
	}
	first, _, _ := strings.Cut(text, " ")
	if at := strings.IndexByte(first, 'T'); at == 10 {
		first = first[:at]
	}
	if d, err := pipeline.ParseDay(first); err == nil {
		return string(d), true
	}
	rules := grammar.Default()
	if m, err := rules.Parse(grammar.Date, text); err == nil {
		return m.Value, true
	}
	return "", false
}

// idOf gives the number of a person with the nought in front that Excel takes away. A
// number that Excel has rounded is none.
func idOf(text string) (string, bool) {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .'", r) {
			return -1
		}
		return r
	}, text)
	if strings.Trim(digits, "0123456789") != "" {
		return text, !strings.ContainsAny(text, "+")
	}
	if rules := grammar.Default(); len(digits) == 11 && rules.Valid(grammar.Citizen, "0"+digits) {
		return "0" + digits, true
	}
	return digits, true
}

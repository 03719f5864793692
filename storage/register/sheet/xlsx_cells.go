package sheet

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// styles learns which styles show a number as a day: by the formats that are built in
// (14 to 22, 27 to 36, 45 to 47, 50 to 58) and by those whose code has a year or a day.
func (w *workbook) styles() visitor {
	custom := map[int]bool{}
	inCells, count := false, 0
	return visitor{
		open: func(name string, attr func(string) string) error {
			switch name {
			case "numFmt":
				custom[number(attr("numFmtId"))] = showsDay(attr("formatCode"))
			case "cellXfs":
				inCells = true
			case "xf":
				if inCells {
					id := number(attr("numFmtId"))
					w.days[count] = custom[id] || id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 50 && id <= 58
					count++
				}
			}
			return nil
		},
		close: func(name string) error {
			if name == "cellXfs" {
				inCells = false
			}
			return nil
		},
	}
}

// showsDay looks for y or d in a format's code, outside quotes, brackets and escapes.
func showsDay(code string) bool {
	var until rune
	skip := false
	for _, c := range strings.ToLower(code) {
		switch {
		case skip:
			skip = false
		case until != 0:
			if c == until {
				until = 0
			}
		case c == '"':
			until = '"'
		case c == '[':
			until = ']'
		case c == '\\' || c == '_' || c == '*':
			skip = true
		case c == 'y' || c == 'd':
			return true
		}
	}
	return false
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// cell is a cell being read.
type cell struct {
	column int
	kind   string // its t: s, str, inlineStr, b, e, d, or "" and n for a number
	style  int
	value  strings.Builder
}

// gathering is a sheet being read.
type gathering struct {
	w      *workbook
	table  *Table
	line   int
	cells  []string
	cell   *cell
	column int // of the last cell
	in     bool
	aside  int
}

// rows reads the rows of a sheet.
func (w *workbook) rows(t *Table) visitor {
	g := &gathering{w: w, table: t}
	return visitor{open: g.open, close: g.close, text: g.text}
}

func (g *gathering) open(name string, attr func(string) string) error {
	switch name {
	case "row":
		g.line++
		if n := number(attr("r")); n > 0 {
			g.line = n
		}
		g.cells, g.column = nil, -1
	case "c":
		g.column++
		if at := columnOf(attr("r")); at >= 0 {
			g.column = at
		}
		g.cell = &cell{column: g.column, kind: attr("t"), style: max(0, number(attr("s")))}
	case "rPh":
		g.aside++
	case "v", "t":
		g.in = g.cell != nil && g.aside == 0
	}
	return nil
}

func (g *gathering) text(t []byte) error {
	if g.in {
		g.cell.value.Write(t)
	}
	return nil
}

func (g *gathering) close(name string) error {
	switch name {
	case "v", "t":
		g.in = false
	case "rPh":
		g.aside--
	case "c":
		if g.cell == nil {
			return nil
		}
		if g.cell.column < mostColumns {
			for len(g.cells) <= g.cell.column {
				g.cells = append(g.cells, "")
			}
			g.cells[g.cell.column] = g.w.shown(g.cell)
		}
		g.cell = nil
	case "row":
		cells, filled, err := g.w.budget.take(g.cells)
		if err != nil {
			return err
		}
		if filled {
			g.table.Rows = append(g.table.Rows, Row{Line: g.line, Cells: cells})
		}
		g.cells = nil
	}
	return nil
}

// columnOf reads the column of a reference such as AB12, from 0; -1 if there is none.
func columnOf(ref string) int {
	n := 0
	for i, c := range ref {
		if c < 'A' || c > 'Z' || i > 3 {
			break
		}
		n = n*26 + int(c-'A') + 1
	}
	return n - 1
}

// shown is what a cell says.
func (w *workbook) shown(c *cell) string {
	v := c.value.String()
	switch c.kind {
	case "s":
		if i := number(strings.TrimSpace(v)); i >= 0 && i < len(w.text) {
			return w.text[i]
		}
		return ""
	case "", "n":
		if w.days[c.style] {
			return w.day(v)
		}
	case "b":
		return map[string]string{"1": "TRUE", "0": "FALSE"}[v]
	case "d":
		day, _, _ := strings.Cut(v, "T")
		return day
	}
	return v
}

// day gives the day that a number counts, from 30/12/1899 or 01/01/1904; text that
// counts none stays as it is.
func (w *workbook) day(v string) string {
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsNaN(n) || n < 1 || n > 2_958_465 {
		return v
	}
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if w.mac {
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return start.AddDate(0, 0, int(n)).Format("2006-01-02")
}

// columnName gives the letters of a column, from 0.
func columnName(i int) string {
	if i >= 26 {
		return columnName(i/26-1) + columnName(i%26)
	}
	return fmt.Sprintf("%c", 'A'+i)
}

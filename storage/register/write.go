package register

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"hoso/pipeline"
	"hoso/storage/register/sheet"
)

// WriteAgencies writes a list of agencies as csv, xlsx or json, in a form that can be
// imported again.
func WriteAgencies(out io.Writer, format string, all []pipeline.Agency) error {
	columns := agencyColumns()
	rows := [][]string{headings(columns)}
	for _, a := range all {
		rows = append(rows, values(columns, a))
	}
	return write(out, format, table{"Danh mục cơ quan", rows}, all)
}

// WriteProcedures writes a list of procedures likewise: a row for each component.
func WriteProcedures(out io.Writer, format string, all []pipeline.Procedure) error {
	columns, parts := procedureColumns(), componentColumns()
	rows := [][]string{append(headings(columns), headings(parts)...)}
	for _, p := range all {
		own := values(columns, p)
		if len(p.Components) == 0 {
			rows = append(rows, own)
		}
		for i, c := range p.Components {
			if i > 0 { // the code and the first day say which procedure goes on
				own = make([]string, len(own))
				own[0] = p.Code
			}
			rows = append(rows, append(slices.Clip(own), values(parts, c)...))
		}
	}
	return write(out, format, table{"Danh mục TTHC", rows}, all)
}

type table struct {
	name string
	rows [][]string
}

func headings[T any](columns []column[T]) []string {
	var all []string
	for _, c := range columns {
		if !c.unsaid {
			all = append(all, c.head)
		}
	}
	return all
}

func values[T any](columns []column[T], entry T) []string {
	var all []string
	for _, c := range columns {
		if !c.unsaid {
			all = append(all, c.get(entry))
		}
	}
	return all
}

func write[T any](out io.Writer, format string, t table, all []T) error {
	switch strings.ToLower(format) {
	case "csv":
		return sheet.WriteCSV(out, t.rows)
	case "xlsx":
		return sheet.WriteWorkbook(out, t.name, t.rows)
	case "json":
		if all == nil {
			all = []T{}
		}
		e := json.NewEncoder(out)
		e.SetIndent("", " ")
		if err := e.Encode(all); err != nil {
			return fmt.Errorf("writing JSON: %w", err)
		}
		return nil
	}
	return fmt.Errorf("writing a list as %.20q: want csv, xlsx or json", format)
}

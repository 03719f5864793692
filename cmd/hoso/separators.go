package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"hoso/pipeline"
	"hoso/pipeline/separator"
	"hoso/storage/register/sheet"
)

// separators is what the separators command was asked to print.
type separators struct {
	dossiers []string
	list     string // a file with dossier numbers, "-" for standard input
	kind     string
	keep     bool
	count    int // copies of each sheet
	output   string
}

// separatorsCommand prints the sheets that part the papers of a stack.
func (a *app) separatorsCommand() *cobra.Command {
	var s separators
	cmd := &cobra.Command{
		Use:   "separators [--dossier NUMBER...] -o SHEETS.pdf",
		Short: "Print separator sheets (tờ phân cách) for stacks that are scanned in one go",
		Long: "Print separator sheets (tờ phân cách), one page of A4 each. A sheet lies on top of the first\n" +
			"page of each paper in a stack; its codes say that a new paper begins, and, where asked for,\n" +
			"of which dossier and what it is in it. The sheet itself is dropped, or kept with --keep.\n" +
			"Sheets without a number are for any paper and are used again and again.",
		Example: "  hoso separators --count 20 -o sheets.pdf\n" +
			"  hoso separators --dossier H42.15-261128-0003 --kind result -o sheets.pdf\n" +
			"  hoso separators --list so-ho-so.csv -o sheets.pdf     # CSV or XLSX; - reads standard input",
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.separators(cmd.InOrStdin(), s) },
	}
	f := cmd.Flags()
	f.StringArrayVar(&s.dossiers, "dossier", nil, "a dossier number for a sheet of its own; may be given again")
	f.StringVar(&s.list, "list", "", "a CSV or XLSX file with a dossier number in each row, and perhaps a kind; - is standard input")
	f.StringVar(&s.kind, "kind", "", "what the papers are: component, output or result (default: not said)")
	f.BoolVar(&s.keep, "keep", false, "keep the sheets as first pages of their papers")
	f.IntVar(&s.count, "count", 1, "how many copies of each sheet")
	f.StringVarP(&s.output, "output", "o", "", "the PDF to write")
	return cmd
}

// separators writes the sheets.
func (a *app) separators(in io.Reader, s separators) error {
	if s.output == "" {
		return usageError{errors.New("where to? name the output with -o SHEETS.pdf")}
	}
	each, err := s.each(in)
	if err != nil {
		return err
	}
	if s.count < 1 || s.count > separator.MostSheets/max(1, len(each)) {
		return usageError{fmt.Errorf("printing %d copies of %d sheets: want 1 to %d sheets in all", s.count, len(each), separator.MostSheets)}
	}
	var all []pipeline.Separator
	for _, one := range each {
		for range s.count {
			all = append(all, one)
		}
	}
	b, err := separator.Sheets(all)
	if err != nil {
		return err
	}
	if err := create(s.output, func(out io.Writer) error { _, err := out.Write(b); return err }); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.out, "%d sheets  %s\n", len(all), s.output)
	return err
}

// each gives one separator of every sort that was asked for, or the one without a number.
func (s separators) each(in io.Reader) ([]pipeline.Separator, error) {
	plain := pipeline.Separator{Keep: s.keep}
	if s.kind != "" {
		kind, err := pipeline.ParseKind(s.kind)
		if err != nil {
			return nil, usageError{err}
		}
		plain.Kind = kind
	}
	var all []pipeline.Separator
	for _, text := range s.dossiers {
		one := plain
		var err error
		if one.Dossier, err = pipeline.ParseDossierNumber(text); err != nil {
			return nil, usageError{err}
		}
		all = append(all, one)
	}
	if s.list != "" {
		listed, err := listed(in, s.list, plain)
		if err != nil {
			return nil, err
		}
		all = append(all, listed...)
	}
	if len(s.dossiers) == 0 && s.list == "" {
		all = append(all, plain)
	}
	return all, nil
}

// listed gives a separator for each row of a list that has a dossier number. Any other row
// than a heading is refused, since a sheet would be missing.
func listed(in io.Reader, path string, plain pipeline.Separator) ([]pipeline.Separator, error) {
	data, err := listBytes(in, path)
	if err != nil {
		return nil, err
	}
	tables, err := sheet.Read(path, data)
	if err != nil {
		return nil, err
	}
	var all []pipeline.Separator
	var misfits []string
	for _, table := range tables {
		for i, row := range table.Rows {
			one, ok := rowSeparator(row, plain)
			switch {
			case ok:
				all = append(all, one)
			case i > 0 || !heading(row):
				misfits = append(misfits, fmt.Sprint(row.Line))
			}
		}
	}
	if len(misfits) > 0 || len(all) == 0 {
		return nil, noNumbers(path, misfits)
	}
	return all, nil
}

// heading reports whether a row names columns: there is no digit in it.
func heading(row sheet.Row) bool {
	return !strings.ContainsAny(strings.Join(row.Cells, ""), "0123456789")
}

// noNumbers refuses a list.
func noNumbers(path string, lines []string) error {
	reason := pipeline.Reason{
		Code:       "no-number",
		Vietnamese: "Danh sách không có mã số hồ sơ nào đọc được.",
		English:    "the list has no dossier number",
	}
	if len(lines) > 0 {
		some := strings.Join(lines[:min(len(lines), 10)], ", ")
		reason.Vietnamese = fmt.Sprintf("%d dòng không có mã số hồ sơ đọc được: dòng %s. Sửa hoặc xóa các dòng này rồi in lại.", len(lines), some)
		reason.English = fmt.Sprintf("%d rows have no dossier number that can be read: lines %s", len(lines), some)
	}
	return fmt.Errorf("reading %s: %w", path, pipeline.Refuse(reason, nil))
}

func listBytes(in io.Reader, path string) ([]byte, error) {
	const most = 64 << 20
	if path != "-" {
		return os.ReadFile(path) //nolint:gosec // the user names it
	}
	b, err := io.ReadAll(io.LimitReader(in, most))
	if err != nil {
		return nil, fmt.Errorf("reading standard input: %w", err)
	}
	return b, nil
}

// rowSeparator reads the first cell of a row that is a dossier number, and a cell that
// names a kind.
func rowSeparator(row sheet.Row, plain pipeline.Separator) (pipeline.Separator, bool) {
	for _, cell := range row.Cells {
		if kind, err := pipeline.ParseKind(strings.ToLower(cell)); err == nil && cell != "" {
			plain.Kind = kind
		}
		if n, err := pipeline.ParseDossierNumber(cell); err == nil && plain.Dossier.IsZero() {
			plain.Dossier = n
		}
	}
	return plain, !plain.Dossier.IsZero()
}

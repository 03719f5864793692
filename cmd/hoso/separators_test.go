package main_test

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hoso/testdata/judge"
)

// TestSeparators prints sheets by numbers, by a list and without either, and refuses a list
// of which a row would get no sheet.
func TestSeparators(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "sheets.pdf")
	printed := func(in string, args ...string) (pages []string, said string, code int) {
		cmd := exec.CommandContext(t.Context(), binary(t), append([]string{"separators", "-o", file}, args...)...) //nolint:gosec // the binary under test
		cmd.Stdin = strings.NewReader(in)
		out, err := cmd.CombinedOutput()
		if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
			return nil, string(out), exit.ExitCode()
		}
		if err != nil {
			t.Fatal(err)
		}
		pages = strings.Split(judge.PDFToText(t, file), "\f")
		return pages[:len(pages)-1], string(out), 0
	}
	const list = "\uFEFFSTT;Mã hồ sơ;Loại\n1;H98.15-260305-0042;result\n2;000.00.15.H98-260305-0043;\n"
	for name, c := range map[string]struct {
		in    string
		args  []string
		pages int
		want  []string // on the first page and on the last
	}{
		"any paper":  {"", []string{"--count", "3"}, 3, []string{"HOSO1.D0*", "HOSO1.D0*"}},
		"by numbers": {"", []string{"--dossier", "H98.15-260305-0042", "--dossier", "H98.15-260305-0044", "--kind", "output", "--keep"}, 2, []string{"HOSO1.KO.H98.15-260305-0042*", "HOSO1.KO.H98.15-260305-0044*"}},
		"by a list":  {list, []string{"--list", "-", "--count", "2"}, 4, []string{"HOSO1.DR.H98.15-260305-0042*", "HOSO1.D0.000.00.15.H98-260305-0043*"}},
	} {
		pages, said, code := printed(c.in, c.args...)
		if code != 0 || len(pages) != c.pages {
			t.Fatalf("%s: %d pages, exit %d: %s", name, len(pages), code, said)
		}
		if !strings.Contains(pages[0], c.want[0]) || !strings.Contains(pages[len(pages)-1], c.want[1]) {
			t.Errorf("%s: want %q on\n%s\n%s", name, c.want, pages[0], pages[len(pages)-1])
		}
	}
	for _, c := range []struct {
		in   string
		args []string
		code int
		said string
	}{
		{list + "3;H98.15-26O3O5;\n", []string{"--list", "-"}, 3, "dòng 4"},
		{"H98.15-2603O5-0042\n", []string{"--list", "-"}, 3, "dòng 1"},
		{"Mã hồ sơ\n", []string{"--list", "-"}, 3, "Danh sách"},
		{"", []string{"--list", "none.csv"}, 4, "none.csv"},
		{"", []string{"--dossier", "42"}, 2, "42"},
		{"", []string{"--kind", "letter"}, 2, "letter"},
		{"", []string{"--count", "0"}, 2, "0 copies"},
		{list, []string{"--list", "-", "--count", "5001"}, 2, "5001 copies"},
	} {
		if _, said, code := printed(c.in, c.args...); code != c.code || !strings.Contains(said, c.said) {
			t.Errorf("%q: exit %d, want %d and %q: %s", c.args, code, c.code, c.said, said)
		}
	}
}

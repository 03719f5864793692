package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestPlanTellsProgramsWhatIsAmiss: as people are told, programs are told which row of which
// list and which folder, one by one, as many as the totals say.
func TestPlanTellsProgramsWhatIsAmiss(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, content := range map[string]string{
		"H42.15-221011-0001/đơn.pdf": "%PDF-1.7",
		"bảng kê.csv":                "Mã hồ sơ,Tên tệp\nH42.15-221011-0001,đơn.pdf\nH42.15-221011-0009,bản sao.pdf\n",
	} {
		at := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		long := time.Now().Add(-time.Hour)
		if err := os.Chtimes(at, long, long); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(root, "H42.15-221011-0002", "Kết quả"), 0o750); err != nil {
		t.Fatal(err)
	}
	var out, complaint strings.Builder
	code := run(t.Context(), []string{"batch", "--plan", "--json", "--data", t.TempDir(), root},
		stdio{out: &out, err: &complaint}, func(string) (string, bool) { return "", false })
	var rows []plannedRow
	var empty []string
	var totals plannedTotals
	for d := json.NewDecoder(strings.NewReader(out.String())); d.More(); {
		var line plannedLine
		if err := d.Decode(&line); err != nil {
			t.Fatal(err)
		}
		switch {
		case line.Row != nil:
			rows = append(rows, *line.Row)
		case line.Empty != "":
			empty = append(empty, line.Empty)
		case line.Totals != nil:
			totals = *line.Totals
		}
	}
	if code != exitDone || len(rows) != totals.Rows || len(empty) != totals.Empty || totals.Papers != 1 {
		t.Fatalf("exit %d, %s %s", code, out.String(), complaint.String())
	}
	if len(rows) != 1 || rows[0].List != "bảng kê.csv" || rows[0].Line != 3 || rows[0].Why.Code != "row-without-file" || rows[0].Why.Vietnamese == "" {
		t.Errorf("rows %+v, want the one without a file", rows)
	}
	if len(empty) != 1 || empty[0] != "H42.15-221011-0002" {
		t.Errorf("folders without scans %q", empty)
	}
}

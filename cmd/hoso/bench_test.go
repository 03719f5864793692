package main_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hoso/workers/bench"
)

// benchedFolder holds one scan of testdata with its truth and what kind of page it is.
func benchedFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"quyet-dinh.jpg", "quyet-dinh.txt"} {
		b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "scans", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	about := `{"class": "flatbed", "layout": "decision", "numbers": [{"kind": "document", "text": "607/QĐ-UBND"}]}`
	if err := os.WriteFile(filepath.Join(dir, "quyet-dinh.json"), []byte(about), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// benchOf runs the command and gives what it printed.
func benchOf(t *testing.T, args ...string) string {
	t.Helper()
	keys, err := keysFolder()
	if err != nil {
		t.Fatal(err)
	}
	scratch := t.TempDir()
	cmd := exec.CommandContext(t.Context(), binary(t), append([]string{"bench", "--data", keys}, args...)...)
	cmd.Env = append(os.Environ(), "TMPDIR="+scratch)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, said.String())
	}
	if left, err := os.ReadDir(scratch); err != nil || len(left) > 0 {
		t.Errorf("left in the temporary folder: %v, %v", left, err)
	}
	return out.String()
}

func TestBench(t *testing.T) {
	t.Parallel()
	dir, curve := benchedFolder(t), filepath.Join(t.TempDir(), "curve.svg")
	out := benchOf(t, dir, "--worst", "1", "--curve", curve, "--by", "class,layout")
	for _, want := range []string{
		"1 pages in 1 files", "flatbed hoso", "decision hoso", "hoso document", "whole convert", "expected calibration error",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if b, err := os.ReadFile(curve); err != nil || !bytes.HasPrefix(b, []byte("<svg ")) {
		t.Errorf("no curve: %v", err)
	}
}

func TestBenchJSON(t *testing.T) {
	t.Parallel()
	var r bench.Report
	if err := json.Unmarshal([]byte(benchOf(t, "--json", "--scaling", benchedFolder(t))), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Totals) != 1 || r.Totals[0].Pages != 1 || r.Totals[0].CER.Value > 0.04 || r.Totals[0].CPU.Value <= 0 {
		t.Errorf("totals %+v", r.Totals)
	}
	if r.Own == nil || r.Own.Ratio.Value <= 1 || r.Scaling == nil || r.Scaling.Pages != 1 || r.Calibration == nil || r.Calibration.Right < 0.9 {
		t.Errorf("own time %+v, scaling %+v, calibration %+v", r.Own, r.Scaling, r.Calibration)
	}
	if len(r.Numbers) != 1 || r.Numbers[0].Exact != 1 {
		t.Errorf("numbers %+v", r.Numbers)
	}
}

// TestBenchFields reads two of the demonstration scans, seal, signature and pen included, and
// finds everything that they say of themselves; a letter of a long text may be misread.
func TestBenchFields(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"quyet-dinh", "don-lat-nguoc"} {
		for _, ext := range []string{".jpg", ".json", ".txt"} {
			b := loaded(t, filepath.Join("..", "..", "testdata", "scans", name+ext))
			if err := os.WriteFile(filepath.Join(dir, name+ext), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	var r bench.Report
	if err := json.Unmarshal([]byte(benchOf(t, "--json", dir)), &r); err != nil || r.Fields == nil {
		t.Fatalf("no fields: %v", err)
	}
	for _, s := range r.Fields.Scores {
		if s.By == "" && s.Right+s.Nearly != s.There {
			t.Errorf("%s: %d of %d are right", s.Field, s.Right, s.There)
		}
	}
}

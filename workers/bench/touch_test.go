package bench

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/policy"
)

// read is a page that says a number, so sure.
func read(number string, sure float32) []pipeline.Page {
	var line pipeline.Line
	for i, w := range []string{"Mã", "hồ", "sơ:", number} {
		line.Words = append(line.Words, pipeline.Word{Text: w, Confidence: sure, Box: pipeline.Box{X0: 100 * i, X1: 100*i + 90, Y0: 10, Y1: 30}})
	}
	return []pipeline.Page{{Number: 1, Width: 1000, Height: 1400, Outcome: pipeline.PageOK, Lines: []pipeline.Line{line}}}
}

// TestTouch counts three papers: one read right and surely, one wrongly and unsurely, one
// wrongly and surely, which slips through.
func TestTouch(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var samples []Sample
	var all []outcome
	for name, pages := range map[string][]pipeline.Page{
		"right":   read("H42.15-221011-0001", 95),
		"unsure":  read("H42.15-221011-0007", 60),
		"slips":   read("H42.15-221011-0007", 95),
		"unknown": read("H42.15-221011-0001", 95),
	} {
		if name != "unknown" {
			truth := `{"dossier_number": "000.00.15.H42-221011-0001", "class": "phone", "signer": "Lê Văn A"}`
			if err := os.WriteFile(filepath.Join(dir, name+".json"), []byte(truth), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		samples = append(samples, Sample{Path: filepath.Join(dir, name+".jpg")})
		all = append(all, outcome{done: true, first: &Run{read: pages}})
	}
	got, err := touched(Rules{Policy: policy.Default(), Today: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}, samples, all)
	if err != nil {
		t.Fatal(err)
	}
	want := []Touched{
		{pipeline.FieldDossier, 3, 1, 2, 1},
		{pipeline.FieldSigner, 3, 0, 3, 3},
		{"", 6, 1, 5, 4},
	}
	if got.Papers != 3 || len(got.Fields) != len(want) {
		t.Fatalf("touched: %+v", got)
	}
	for i, w := range want {
		if got.Fields[i] != w {
			t.Errorf("touched: %+v, want %+v", got.Fields[i], w)
		}
	}
	if low, high := got.Sweep[0], got.Sweep[len(got.Sweep)-1]; low.Sure != 50 || low.Touched.Touched != 0 || high.Sure != 99 || high.Touched.Touched != 3 || high.Slipped != 3 {
		t.Errorf("sweep from %+v to %+v", low, high)
	}
	var b strings.Builder
	if err := (Report{Touch: got}).Print(&b); err != nil || !strings.Contains(b.String(), "per 100 of 3 papers") {
		t.Errorf("printed: %s, %v", b.String(), err)
	}
}

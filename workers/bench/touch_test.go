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

// says is a page with these words, each so sure.
func says(sure float32, words string) []pipeline.Page {
	var line pipeline.Line
	for i, w := range strings.Fields(words) {
		line.Words = append(line.Words, pipeline.Word{Text: w, Confidence: sure, Box: pipeline.Box{X0: 100 * i, X1: 100*i + 90, Y0: 10, Y1: 30}})
	}
	return []pipeline.Page{{Number: 1, Width: 1000, Height: 1400, Outcome: pipeline.PageOK, Lines: []pipeline.Line{line}}}
}

// TestTouch counts papers of one dossier: read right and surely, wrongly and unsurely, and
// wrongly and surely, which slips through; one that cites it, and one that says nothing.
func TestTouch(t *testing.T) {
	t.Parallel()
	const truth = `{"layout": "form", "dossier_number": "000.00.15.H42-221011-0001", "class": "phone", "signer": "Lê Văn A", "page_count": "1"}`
	const none = `{"layout": "letter", "page_count": "1"}`
	dir := t.TempDir()
	var samples []Sample
	var all []outcome
	for _, c := range []struct {
		name, truth string
		pages       []pipeline.Page
	}{
		{"right", truth, says(95, "Mã hồ sơ: H42.15-221011-0001")},
		{"unsure", truth, says(60, "Mã hồ sơ: H42.15-221011-0007")},
		{"slips", truth, says(95, "Mã hồ sơ: H42.15-221011-0007")},
		{"cites", truth, says(95, "Hồ sơ số H42.15-221011-0001 đã được trả kết quả")},
		{"cites-another", none, says(95, "Hồ sơ số H42.15-221011-0001 đã được trả kết quả")},
		{"unknown", "", says(95, "Mã hồ sơ: H42.15-221011-0001")},
	} {
		if c.truth != "" {
			if err := os.WriteFile(filepath.Join(dir, c.name+".json"), []byte(c.truth), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s := Sample{Path: filepath.Join(dir, c.name+".jpg")}
		if err := s.Know(); err != nil {
			t.Fatal(err)
		}
		samples = append(samples, s)
		all = append(all, outcome{done: true, first: &Run{read: c.pages}})
	}
	got := touched(Rules{Policy: policy.Default()}, samples, all, []string{"layout"}, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	if got.Papers != 5 {
		t.Fatalf("touched: %+v", got)
	}
	counts := map[string][5]int{} // present, asked, worth, slipped, missing
	for _, f := range got.Fields {
		counts[f.Group+" "+string(f.Name)] = [5]int{f.Present, f.Asked, f.Worth, f.Slipped, f.Missing}
	}
	for name, want := range map[string][5]int{
		" dossier_number":       {4, 3, 2, 1, 0},
		" signer":               {4, 0, 0, 0, 4},
		" ":                     {9, 0, 0, 0, 4},
		"form dossier_number":   {4, 2, 2, 1, 0},
		"letter dossier_number": {0, 1, 0, 0, 0},
	} {
		if counts[name] != want {
			t.Errorf("%q: present, asked, worth it, slipped, missing are %v, want %v", name, counts[name], want)
		}
	}
	if b := got.Binding[0]; b.Papers != 5 || b.There != 4 || b.Right != 1 || b.Wrong != 1 || b.Asked != 2 || b.None != 1 || b.WrongShare.Low <= 0 {
		t.Errorf("binding %+v", b)
	}
	var b strings.Builder
	if err := (Report{Touch: got}).Print(&b); err != nil || !strings.Contains(b.String(), "of 5 papers") {
		t.Errorf("printed: %s, %v", b.String(), err)
	}
}

// TestTheSweepFindsTheCheapestThreshold: two fields are wrong at 60, three right at 80; to
// look at all below 61 costs two looks, and to look at none costs what twenty do.
func TestTheSweepFindsTheCheapestThreshold(t *testing.T) {
	t.Parallel()
	var p weighed
	for _, f := range []struct {
		sure  float64
		right bool
	}{{60, false}, {60, false}, {80, true}, {80, true}, {80, true}} {
		p.found = append(p.found, finding{field: pipeline.FieldTitle, want: "ĐƠN", got: "ĐƠN", confidence: f.sure, right: f.right})
	}
	all := sweep([]weighed{p}, pipeline.FieldTitle)
	if best := leastCost(all); best != 61 || all[0].Cost != 2000 || all[61].Cost != 200 || all[100].Cost != 500 {
		t.Errorf("cheapest at %v, which costs %v; none %v, all %v", best, all[61].Cost, all[0].Cost, all[100].Cost)
	}
}

package bench_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoso/pipeline"
	"hoso/workers/bench"
)

// contender writes what it is told for each file, as text and as words.
func contender(t *testing.T, name string, texts map[string]string) bench.Contender {
	t.Helper()
	return bench.Contender{Name: name, Version: "1", Words: name == "hoso", Command: func(c bench.Call) []string {
		page := pageOf(95, strings.Split(texts[filepath.Base(c.In[0])], "\n")...)
		page.CPUMillis = 1
		page.Regions = []pipeline.Region{
			{Kind: pipeline.Stamp, Box: pipeline.Box{X0: 200, Y0: 10, X1: 300, Y1: 60}},
			{Kind: pipeline.Seal, Box: pipeline.Box{X0: 10, Y0: 10, X1: 60, Y1: 60}},
		}
		page.Codes = []pipeline.Code{
			{Kind: pipeline.QR, Text: "H98.15-260305-0042", Box: pipeline.Box{X0: 100, Y0: 100, X1: 160, Y1: 160}},
			{Kind: pipeline.QR, Text: "https://shop.example", Box: pipeline.Box{X0: 300, Y0: 100, X1: 360, Y1: 160}},
		}
		words, err := json.Marshal([]any{page})
		if err != nil {
			t.Error(err)
		}
		if texts[filepath.Base(c.In[0])] == "fail" {
			return []string{"sh", "-c", "echo 'cannot open it' >&2; exit 3"}
		}
		const script = `printf '%s' "$1" >"$2"; printf '%s' "$3" >"$4"; printf pdf >"$5"`
		return []string{"sh", "-c", script, "sh", page.Text(), c.Text, string(words), c.Words, c.Out}
	}}
}

// write puts the files of a folder in place and gives samples of its scans.
func write(t *testing.T, files map[string]string) []bench.Sample {
	t.Helper()
	dir := t.TempDir()
	var samples []bench.Sample
	for _, name := range []string{"a.jpg", "a.txt", "a.json", "b.jpg", "b.txt", "b.json", "c.jpg", "c.txt", "c.json"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(files[name]), 0o600); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, ".jpg") {
			samples = append(samples, bench.Sample{Path: filepath.Join(dir, name), Name: name, Pages: 1})
		}
	}
	for i := range samples {
		if err := samples[i].Know(); err != nil {
			t.Fatal(err)
		}
	}
	return samples
}

func raced(t *testing.T) bench.Report {
	t.Helper()
	const page = "Ngày 17 tháng 8 năm 2026\nSố: 12/QĐ-UBND\nPHÓ CHỦ TỊCH"
	samples := write(t, map[string]string{
		"a.txt": page, "b.txt": page, "c.txt": page,
		"a.json": `{"class": "sealed", "layout": "decision", "under_seal": ["PHÓ", "CHỦ"], "twin": "b.jpg",
			"regions": [{"kind": "seal", "box": {"x0": 12, "y0": 12, "x1": 64, "y1": 62}}, {"kind": "signature", "box": {"x1": 90, "y1": 40}}],
			"codes": [{"kind": "qr", "text": "H98.15-260305-0042", "box": {"x0": 90, "y0": 104, "x1": 150, "y1": 166}}, {"kind": "code128", "text": "x"}],
			"numbers": [{"kind": "document", "text": "12/QĐ-UBND"}, {"kind": "date", "text": "Ngày 17 tháng 8\nnăm 2026"}]}`,
		"b.json": `{"class": "sealed", "under_seal": ["PHÓ", "CHỦ"], "layout": "decision", "numbers": [{"kind": "document", "text": "12/QĐ-UBND"}], "title": 7}`,
		"c.json": `{"class": 3, "numbers": "none", "under_seal": null}`,
	})
	contenders := []bench.Contender{
		contender(t, "hoso", map[string]string{"a.jpg": strings.Replace(page, "CHỦ", "CHÚ", 1), "b.jpg": page, "c.jpg": page}),
		contender(t, "peer", map[string]string{"a.jpg": strings.Replace(page, "12/", "112/", 1), "b.jpg": "Ngày 17", "c.jpg": "fail"}),
	}
	var order []string
	runs, err := bench.Race{Contenders: contenders, Samples: samples, Rounds: 2, Work: t.TempDir(), Tell: func(r bench.Run) error {
		order = append(order, r.File[:1]+r.Contender[:1])
		return nil
	}}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(order, " "); got != "ah ap bp bh ch cp ap ah bh bp cp ch" {
		t.Errorf("order %s: nobody should always be first", got)
	}
	return bench.Summarise(bench.Question{
		Contenders: contenders, Samples: samples, Runs: runs, Rounds: 2, By: []string{"class", "layout"}, Worst: 5,
	})
}

func TestReport(t *testing.T) {
	t.Parallel()
	r := raced(t)
	ours, theirs := r.Totals[0], r.Totals[1]
	if ours.Failed != 0 || ours.Pages != 3 || theirs.Failed != 1 || theirs.Pages != 2 || r.Versus[0].Files != 2 {
		t.Errorf("totals %+v %+v, versus %+v", ours, theirs, r.Versus)
	}
	if ours.CER.Value <= 0 || ours.CER.Low > ours.CER.Value || ours.CER.High < ours.CER.Value || r.Versus[0].CER.Value < 10 || r.Versus[0].CERLess.Value <= 0 {
		t.Errorf("ours %+v, versus %+v", ours.CER, r.Versus[0])
	}
	exact := map[string]bench.Exact{}
	for _, e := range r.Numbers {
		exact[e.Contender+" "+e.Kind] = e
	}
	if e := exact["hoso document"]; e.Numbers != 2 || e.Exact != 2 {
		t.Errorf("document numbers: %+v", e)
	}
	if e := exact["hoso date"]; e.Numbers != 1 || e.Exact != 1 {
		t.Errorf("dates: %+v", e)
	}
	if e := exact["peer document"]; e.Numbers != 2 || e.Exact != 0 {
		t.Errorf("a part of a longer number counts as read: %+v", e)
	}
	if s := r.Sealed[0]; s.Words != 2 || s.WER != 0.5 || s.TwinWords != 2 || s.PairWER != 0.5 || s.TwinWER != 0 {
		t.Errorf("under the seal: %+v", s)
	}
	if len(r.Worst) != 1 || r.Worst[0].File != "a.jpg" || r.Worst[0].Class != "sealed" || r.Worst[0].Lines[0] != "PHÓ CH[Ủ→Ú] TỊCH" {
		t.Errorf("worst: %+v", r.Worst)
	}
	if c := r.Calibration; c == nil || c.Words != 33 || c.Right < 0.96 || c.Right == 1 {
		t.Errorf("calibration: %+v", r.Calibration)
	}
	if o := r.Own; o == nil || o.Pages != 6 || o.Read != 1 || len(o.Steps) != 1 || o.Steps[0].Share != 1 {
		t.Errorf("own time: %+v", r.Own)
	}
	groups := ""
	for _, g := range r.Groups {
		groups += g.By + ":" + g.Name + " "
	}
	if groups != "class: class:sealed class:sealed-bare layout: layout:decision " {
		t.Errorf("groups %s", groups)
	}
	if _, err := json.Marshal(r); err != nil {
		t.Errorf("as JSON: %v", err)
	}
}

func TestPrint(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := raced(t).Print(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"3 pages in 3 files, 2 rounds", "Peers as multiples of hoso", "sealed hoso", "Numbers read to the letter",
		"Words under a seal", "the whole convert is", "expected calibration error", "missing lines", "PHÓ CH[Ủ→Ú] TỊCH",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	for section := range strings.SplitSeq(out.String(), "\n\n") {
		lines := strings.Split(strings.TrimSuffix(section, "\n"), "\n")
		if len(lines) < 3 || strings.HasPrefix(lines[0], "Worst") || strings.Contains(lines[0], "rounds") {
			continue
		}
		for _, line := range lines[2:] {
			if len([]rune(line)) != len([]rune(lines[1])) {
				t.Errorf("columns do not stand under each other:\n%s", section)
				break
			}
		}
	}
}

// A peer may need a word more for a file; only the attempt that worked is counted.
func TestSecondAttempt(t *testing.T) {
	t.Parallel()
	c := bench.Contender{
		Name: "peer",
		Command: func(c bench.Call) []string {
			return []string{"sh", "-c", `test "$1" = dpi || { echo "name the dpi" >&2; exit 1; }; echo read >"$0"`, c.Text}
		},
		Amend: func(line []string, said string) []string {
			if strings.Contains(said, "name the dpi") {
				return append(line, "dpi")
			}
			return nil
		},
	}
	r, err := bench.Once(t.Context(), c, bench.Sample{Path: "x", Known: true, Truth: "read"}, t.TempDir())
	if err != nil || r.Failed != "" || r.Rates == nil || r.Rates.CER != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestScale(t *testing.T) {
	t.Parallel()
	worker := func(steps string) bench.Contender {
		return bench.Contender{Command: func(bench.Call) []string {
			return []string{"sh", "-c", `i=0; while [ $i -lt $0 ]; do i=$((i+1)); done`, steps}
		}}
	}
	s, err := bench.Scale(t.Context(), [2]bench.Contender{worker("400000"), worker("20000")}, []bench.Sample{{Pages: 3}}, 2, t.TempDir())
	if err != nil || s.Pages != 3 || len(s.Wall) != 2 || s.Faster.Value < 1.5 || s.CPU < s.CPU2 {
		t.Errorf("twenty times the work: %+v, %v", s, err)
	}
}

// A twin may be known by its name alone; a stamp that is read is no noise.
func TestTwinByNameAndStamps(t *testing.T) {
	t.Parallel()
	samples := []bench.Sample{
		{Path: "x/p.jpg", Name: "p.jpg", Pages: 1, Known: true, Truth: "PHÓ CHỦ TỊCH", About: bench.About{UnderSeal: []string{"CHỦ"}, Stamps: []string{"CÔNG VĂN ĐẾN"}}},
		{Path: "x/p-bare.jpg", Name: "p-bare.jpg", Pages: 1, Known: true, Truth: "PHÓ CHỦ TỊCH", About: bench.About{UnderSeal: []string{"CHỦ"}}},
	}
	c := contender(t, "hoso", map[string]string{"p.jpg": "PHÓ TỊCH\nCÔNG VĂN ĐÊN", "p-bare.jpg": "PHÓ CHỦ TỊCH"})
	runs, err := bench.Race{Contenders: []bench.Contender{c}, Samples: samples, Rounds: 1, Work: t.TempDir()}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := bench.Summarise(bench.Question{Contenders: []bench.Contender{c}, Samples: samples, Runs: runs, Rounds: 1})
	if s := r.Sealed[0]; s.Words != 1 || s.WER != 1 || s.TwinWords != 1 || s.TwinWER != 0 {
		t.Errorf("under the seal: %+v", s)
	}
	if total := r.Totals[0]; total.CER != total.CERExtra {
		t.Errorf("CER %+v, with extra %+v: the stamp counts as noise", total.CER, total.CERExtra)
	}
	if c := r.Calibration; c.Words != 8 || c.Right != 7./8 {
		t.Errorf("calibration: %+v, want 7 of 8 words right", c)
	}
}

func TestBrokenAbout(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.json"), []byte(`{"class": `), 0o600); err != nil {
		t.Fatal(err)
	}
	s := bench.Sample{Path: filepath.Join(dir, "a.jpg")}
	if err := s.Know(); err == nil || s.Known {
		t.Errorf("half a JSON file is no knowledge: %+v, %v", s, err)
	}
}

// The longest page must not make the instrument slower than what it measures.
func BenchmarkCompare(b *testing.B) {
	truth := strings.Repeat("Căn cứ Nghị định số 118/2025/NĐ-CP về thực hiện thủ tục hành chính một cửa\n", 67)
	got := strings.ReplaceAll(truth, "ị", "j")
	for b.Loop() {
		bench.Compare(truth, got).Kinds()
	}
}

// TestRegionsAreCounted counts the places of the one page whose truth lists them.
func TestRegionsAreCounted(t *testing.T) {
	t.Parallel()
	got := map[pipeline.RegionKind][3]int{}
	for _, r := range raced(t).Regions {
		got[r.Kind] = [3]int{r.There, r.Found, r.Right}
	}
	want := map[pipeline.RegionKind][3]int{pipeline.Seal: {1, 1, 1}, pipeline.Stamp: {0, 1, 0}, pipeline.Autograph: {1, 0, 0}}
	if !maps.Equal(got, want) {
		t.Errorf("there, found and right are %v, want %v", got, want)
	}
}

// TestCodesAreCounted counts the codes of the one page whose truth lists them: one was
// found, one was not, and one was found that is not there.
func TestCodesAreCounted(t *testing.T) {
	t.Parallel()
	got := map[pipeline.CodeKind][3]int{}
	for _, c := range raced(t).Codes {
		got[c.Kind] = [3]int{c.There, c.Found, c.Right}
	}
	want := map[pipeline.CodeKind][3]int{pipeline.QR: {1, 2, 1}, pipeline.Code128: {1, 0, 0}}
	if !maps.Equal(got, want) {
		t.Errorf("there, found and right are %v, want %v", got, want)
	}
}

package pipeline_test

import (
	"encoding/json"
	"slices"
	"testing"

	"hoso/pipeline"
)

func said(confidences ...float32) []pipeline.Line {
	var l pipeline.Line
	for _, c := range confidences {
		l.Words = append(l.Words, pipeline.Word{Text: "giấy", Confidence: c})
	}
	return []pipeline.Line{l}
}

func TestScanTally(t *testing.T) {
	t.Parallel()
	var tally pipeline.ScanTally
	for _, p := range []pipeline.Page{
		{Number: 1, Outcome: pipeline.PageOK, Verdict: pipeline.VerdictGood, Lines: said(90, 100), CPUMillis: 700, Flags: []pipeline.Flag{pipeline.HasSeal}},
		{Number: 2, Outcome: pipeline.PageBlank, Verdict: pipeline.VerdictBlank, CPUMillis: 80},
		{
			Number: 3, Outcome: pipeline.PageOK, Verdict: pipeline.VerdictDoubtful, Confidence: 61, Lines: said(50), CPUMillis: 20,
			Flags: []pipeline.Flag{pipeline.Turned, pipeline.Skewed, pipeline.Doubtful},
		},
		{Number: 4, Outcome: pipeline.PageNoText, Verdict: pipeline.VerdictNotText},
		{Number: 5, Origin: pipeline.Digital, Outcome: pipeline.PageOK},
	} {
		tally.Add(p)
	}
	q := tally.Quality("EPSON DS-530")
	if q.Device != "EPSON DS-530" || q.Words != 3 || q.Confidence != 80 || q.Millis != 800 {
		t.Errorf("Quality() = %+v, want 3 words of 80 in 800 ms", q)
	}
	counts := []pipeline.FlagOf{{"blank", 1}, {"doubtful", 1}, {"good", 1}, {"no_text", 1}, {"seal", 1}, {"skewed", 1}, {"turned", 1}}
	if !slices.Equal(q.Counts, counts) {
		t.Errorf("counts %v, want %v", q.Counts, counts)
	}
	got, _ := json.Marshal(q.Pages)
	want := `[{"page":2,"what":["blank"]},{"page":3,"conf":61,"what":["doubtful","skewed"]},{"page":4,"what":["no_text"]}]`
	if string(got) != want {
		t.Errorf("pages %s, want %s", got, want)
	}
}

// What is kept of a file of many bad pages stays small.
func TestScanTallyIsBounded(t *testing.T) {
	t.Parallel()
	flags := []pipeline.Flag{pipeline.LowResolution, pipeline.Skewed, pipeline.Cropped, pipeline.Streaked, pipeline.Doubtful}
	var tally pipeline.ScanTally
	for n := 1; n <= 5000; n++ {
		tally.Add(pipeline.Page{Number: n, Outcome: pipeline.PageTimedOut, Verdict: pipeline.VerdictUnreadable, Confidence: 33.3, Flags: flags})
	}
	q := tally.Quality("")
	b, err := json.Marshal(q)
	if err != nil || len(q.Pages) != pipeline.MostMarks || len(b) > 16<<10 {
		t.Errorf("%d pages in %d bytes (%v), want %d in no more than 16 KB", len(q.Pages), len(b), err, pipeline.MostMarks)
	}
	if i := slices.IndexFunc(q.Counts, func(f pipeline.FlagOf) bool { return f.What == "cropped" }); i < 0 || q.Counts[i].Pages != 5000 {
		t.Errorf("counts %v, want all 5000 pages in them", q.Counts)
	}
	var none pipeline.ScanTally
	if b, err := json.Marshal(pipeline.Paper{Scan: none.Quality("")}); err != nil || slices.Contains(mapKeys(t, b), "scan") {
		t.Errorf("a paper of no pages says %s of its scan (%v)", b, err)
	}
}

func mapKeys(t *testing.T, object []byte) []string {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(object, &m); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	return keys
}

package bench_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/workers/bench"
)

// TestFieldsAreScored: one page says what its truth says, one says another number and a
// letter of its title wrongly, and one says what its truth does not have.
func TestFieldsAreScored(t *testing.T) {
	t.Parallel()
	samples := write(t, map[string]string{
		"a.json": `{"layout": "decision", "document_number": "12/QĐ-UBND", "title": "Quyết  định", "dossier_number": "H98.15-260305-0042", "page_count": "1", "signer": "Vũ A"}`,
		"b.json": `{"layout": "decision", "document_number": "13/QĐ-UBND", "title": "GIẤY XÁC NHẬN TẠM TRÚ", "dossier_number": "H98.15-260305-0042", "page_count": "1"}`,
		"c.json": `{"layout": "other", "dossier_number": "H98.15-260305-0042", "page_count": "2"}`,
	})
	contenders := []bench.Contender{contender(t, "hoso", map[string]string{
		"a.jpg": "Số: 12/QĐ-UBND\nQUYẾT ĐỊNH", "b.jpg": "Số: 12/QĐ-UBND\nGIẤY XÁC NHẬN TAM TRÚ", "c.jpg": "Số: 12/QĐ-UBND\nchữ",
	})}
	runs, err := bench.Race{Contenders: contenders, Samples: samples, Rounds: 1, Work: t.TempDir()}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := bench.Summarise(bench.Question{
		Contenders: contenders, Samples: samples, Runs: runs, Rounds: 1, By: []string{"layout"},
		Now: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
	})
	got := map[string]bench.FieldScore{}
	for _, s := range r.Fields.Scores {
		got[s.Group+" "+string(s.Field)] = s
	}
	for name, want := range map[string][6]int{ // there, found, right, wrong, nearly, missed
		" document_number": {2, 3, 1, 2, 0, 0},
		" title":           {2, 2, 1, 1, 1, 0},
		" dossier_number":  {3, 3, 3, 0, 0, 0},
		" page_count":      {3, 3, 2, 1, 0, 0},
		" signer":          {1, 0, 0, 0, 0, 1},
		" ":                {11, 11, 7, 4, 1, 1},
		"other ":           {2, 3, 1, 2, 0, 0},
	} {
		s := got[name]
		if now := [6]int{s.There, s.Found, s.Right, s.Wrong, s.Nearly, s.Missed}; now != want {
			t.Errorf("%q: there, found, right, wrong, nearly, missed are %v, want %v", name, now, want)
		}
	}
	if p := got[" document_number"].Precision; p.Value < 0.33 || p.Value > 0.34 || p.Low > p.Value || p.High < p.Value {
		t.Errorf("precision %+v, want one of three", p)
	}
	if r.Fields.Calibration.Words != 5 {
		t.Errorf("%d confidences were judged, want those of the 5 fields that were read", r.Fields.Calibration.Words)
	}
	var out bytes.Buffer
	if err := r.Print(&out); err != nil || !strings.Contains(out.String(), "decision document_number") || !strings.Contains(out.String(), string(pipeline.FieldPages)) {
		t.Errorf("printed, with error %v:\n%s", err, out.String())
	}
}

package workers_test

import (
	"errors"
	"reflect"
	"testing"

	"hoso/pipeline"
)

// How well a paper was scanned is known once it is read, follows what people correct in
// its words, stands in its manifest, and is forgotten while it is read again.
func TestScanQuality(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Readers = &readers{text: misreadText, verdict: pipeline.VerdictDoubtful}
	id := w.receive("H42.15-221011-0001").ID
	if q := w.paper(id).Scan; !reflect.DeepEqual(q, pipeline.ScanQuality{}) {
		t.Errorf("before it is read: %+v", q)
	}
	q := w.work(id, 20).Scan
	pages := []pipeline.PageMark{{Page: 1, Confidence: 95, What: []string{"doubtful"}}, {Page: 2, Confidence: 95, What: []string{"doubtful"}}}
	if q.Device != "EPSON DS-530" || q.Words != 8 || q.Confidence != 95 || !reflect.DeepEqual(q.Pages, pages) ||
		!reflect.DeepEqual(q.Counts, []pipeline.FlagOf{{What: "doubtful", Pages: 2}}) {
		t.Errorf("read: %+v", q)
	}
	w.sameAfterRebuild(id)
	p, err := w.office.Reread(t.Context(), id, "cb1")
	if err != nil || !reflect.DeepEqual(p.Scan, pipeline.ScanQuality{}) {
		t.Errorf("while it is read again: %+v, %v", p.Scan, err)
	}
	w.steps.Readers = &readers{text: "Mã", verdict: pipeline.VerdictGood}
	if q := w.work(id, 20).Scan; q.Words != 2 || q.Pages != nil {
		t.Errorf("read again: %+v", q)
	}
	w.sameAfterRebuild(id)
}

// A filed paper of which no newer record can be made has the scan of the one it has.
func TestScanQualityOfAPaperKeptAsItWas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.receive("H42.15-221011-0001").ID
	want := w.work(id, 20).Scan
	if _, err := w.office.Reread(t.Context(), id, "cb1"); err != nil {
		t.Fatal(err)
	}
	w.steps.Readers = &readers{err: pipeline.Refuse(pipeline.Reason{Code: "broken"}, errors.New("the program is another one now"))}
	if p := w.work(id, 20); p.State != pipeline.Filed || want.Words == 0 || !reflect.DeepEqual(p.Scan, want) {
		t.Errorf("kept as it was: %s, %+v; want %+v", p.State, p.Scan, want)
	}
	w.sameAfterRebuild(id)
}

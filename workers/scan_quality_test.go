package workers_test

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"testing"

	"hoso/pipeline"
	"hoso/workers"
	"hoso/workers/document"
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

// A page that was fed through the scanner twice is named with the page that it repeats, on
// the paper and in its words, and nothing is done about it; copies of a form filled in for
// others are not. The mark goes with the page when a person drops the other one, and comes
// back with it.
func TestARepeatedPageIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Readers = &readers{pages: 5, text: birth, texts: map[int]string{2: sibling, 4: " ", 5: " "}, blank: map[int]bool{4: true, 5: true}}
	r, err := w.tryReceive("H42.15-221011-0001", "five pages")
	if err != nil {
		t.Fatal(err)
	}
	expect := func(pages int, want ...pipeline.PageMark) {
		t.Helper()
		p := w.work(r.ID, 20)
		got := slices.DeleteFunc(slices.Clone(p.Scan.Pages), func(m pipeline.PageMark) bool { return m.Repeats == 0 })
		if p.State != pipeline.Filed || p.Pages != pages || !reflect.DeepEqual(got, want) {
			t.Errorf("%s (%s) with %d pages; repeated %+v, want %+v", p.State, p.Reason.English, p.Pages, got, want)
		}
		raw, err := w.open(r.ID, workers.Words)
		if err != nil {
			t.Fatal(err)
		}
		for read, err := range document.ReadWords(bytes.NewReader(raw)) {
			if err != nil {
				t.Fatal(err)
			}
			told := slices.ContainsFunc(want, func(m pipeline.PageMark) bool { return m.Page == read.Number && m.Repeats == read.Repeats })
			if slices.Contains(read.Flags, pipeline.Repeated) != told || told != (read.Repeats > 0) {
				t.Errorf("the words of page %d: flags %v, repeats %d", read.Number, read.Flags, read.Repeats)
			}
		}
		w.sameAfterRebuild(r.ID)
	}
	again := pipeline.PageMark{Page: 3, Confidence: 95, Repeats: 1, What: []string{"repeated"}}
	expect(5, again)
	for _, leaves := range [][]pipeline.Leaf{{{Page: 2}, {Page: 3}}, {{Page: 1}, {Page: 2}, {Page: 3}}} {
		p := w.paper(r.ID)
		if _, err := w.office.Arrange(t.Context(), r.ID, p.Gen, leaves, "cb1"); err != nil {
			t.Fatal(err)
		}
		if len(leaves) == 3 {
			expect(3, again)
		} else {
			expect(2)
		}
	}
}

package workers_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/appearance"
	"hoso/testdata/judge"
	"hoso/workers"
)

// asked has access copies made, and remembers for which papers.
func (w *world) asked() *[]pipeline.PaperID {
	ids := &[]pipeline.PaperID{}
	ask := func(_ context.Context, id pipeline.PaperID) error {
		*ids = append(*ids, id)
		return nil
	}
	w.office.AskLight, w.steps.AskLight = ask, ask
	return ids
}

func (w *world) open(id pipeline.PaperID, what workers.Artifact) ([]byte, error) {
	w.t.Helper()
	o, err := w.office.Open(w.t.Context(), id, what)
	if err != nil {
		return nil, err
	}
	defer o.Close()
	return io.ReadAll(o)
}

// TestAccessCopy: it is asked for when a paper is filed, stands beside the record, and
// names it; the paper itself does not change.
func TestAccessCopy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := w.asked()
	r := w.receive("H42.15-221011-0001")
	if _, err := w.open(r.ID, workers.Light); !errors.Is(err, fs.ErrNotExist) || len(*ids) > 0 {
		t.Errorf("before it is filed: %v, asked for %v", err, *ids)
	}
	p := w.work(r.ID, 9)
	if p.State != pipeline.Filed || len(*ids) != 1 || (*ids)[0] != r.ID {
		t.Fatalf("the paper is %s, copies were asked of %v", p.State, *ids)
	}
	for range 2 { // a second time there is nothing left to do
		if err := w.steps.Lighten(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
	}
	light, err := w.open(r.ID, workers.Light)
	if err != nil || !bytes.Contains(light, []byte("urn:sha256:"+p.Record.String())) {
		t.Errorf("the copy does not name its record (%v)", err)
	}
	if after := w.work(r.ID, 1); after.Gen != p.Gen || after.Record != p.Record {
		t.Errorf("the paper changed from %+v to %+v", p, after)
	}
	if keys := w.bucket.keys(t, pipeline.LightFolder); len(keys) != 1 || keys[0] != pipeline.LightKey(p.Record) {
		t.Errorf("the bucket names %v", keys)
	}
}

// looks has the agency's signatures show as the law has them.
func (w *world) looks() {
	w.t.Helper()
	all, err := appearance.Parse(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.steps.Looks = workers.Looks{Agency: all["copy"], Form: "SAO Y", Name: "UBND xã Thử"}
}

// TestAccessCopyShowsTheSignature: its page says what the record's page says.
func TestAccessCopyShowsTheSignature(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.looks()
	r := w.receive("H42.15-221011-0001")
	p := w.work(r.ID, 9)
	if p.Sealed.Shown == nil || p.Sealed.Shown.Page != 1 {
		t.Fatalf("the record is %s and shows %+v", p.State, p.Sealed.Shown)
	}
	if err := w.steps.Lighten(t.Context(), r.ID); err != nil {
		t.Fatal(err)
	}
	w.showsTheSame(r.ID)
}

// showsTheSame holds what the access copy says against what the record does.
func (w *world) showsTheSame(id pipeline.PaperID) {
	w.t.Helper()
	text := map[workers.Artifact]string{}
	for _, what := range []workers.Artifact{workers.Record, workers.Light} {
		text[what] = judge.PDFToText(w.t, onDisk(w.t, w.given(id, what)))
	}
	if text[workers.Light] != text[workers.Record] || !strings.Contains(text[workers.Light], "UBND xã Thử") {
		w.t.Errorf("the copy says\n%s\nthe record\n%s", text[workers.Light], text[workers.Record])
	}
}

// TestAccessCopyIsMadeAnew: what was lost, or never made, is made when somebody wants
// to see it; without the setting there is none.
func TestAccessCopyIsMadeAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.receive("H42.15-221011-0001")
	w.work(r.ID, 9)
	if _, err := w.open(r.ID, workers.Light); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without the setting: %v", err)
	}
	ids := w.asked()
	if _, err := w.open(r.ID, workers.Light); !errors.Is(err, workers.ErrInWork) || len(*ids) != 1 {
		t.Fatalf("asked for the first time: %v, asked of %v", err, *ids)
	}
	if err := w.steps.Lighten(t.Context(), r.ID); err != nil {
		t.Fatal(err)
	}
	first, err := w.open(r.ID, workers.Light)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range w.bucket.keys(t, pipeline.LightFolder) {
		if err := w.bucket.Delete(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.steps.Lighten(t.Context(), r.ID); err != nil {
		t.Fatal(err)
	}
	if again, err := w.open(r.ID, workers.Light); err != nil || !bytes.Equal(again, first) {
		t.Errorf("made anew it is another file (%v)", err)
	}
}

// TestAccessCopySurvivesFailures: cut off at any call, it is whole in the end, and
// never named before it is.
func TestAccessCopySurvivesFailures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.looks()
	r := w.receive("H42.15-221011-0001")
	w.work(r.ID, 9)
	for at := 1; ; at++ {
		w.bucket.calls, w.bucket.failAt = 0, at
		err := w.steps.Lighten(t.Context(), r.ID)
		w.bucket.failAt = 0
		if err == nil {
			break
		}
		if keys := w.bucket.keys(t, pipeline.LightFolder); len(keys) > 0 {
			t.Fatalf("named after a failure at call %d", at)
		}
	}
	if _, err := w.open(r.ID, workers.Light); err != nil {
		t.Error(err)
	}
}

package morning_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
)

// TestTwice: the same bytes in two places, and two scans of one paper, are named.
func TestTwice(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	first := s.one("A/1.pdf", pipeline.Filed, nil)
	second := s.one("A/2.pdf", pipeline.Filed, nil)
	s.one("A/3.pdf", pipeline.Filed, nil)
	s.tick(pipeline.ShelfFile{Path: "B/bản sao.pdf", Size: first.Size, Digest: first.Original, State: pipeline.FileReceived, Paper: first.ID, Part: 1, Parts: 1})
	sketch := pipeline.Sketch{Quality: pipeline.Quality{Confidence: 90, DPI: 200}}
	for i := range uint32(40) {
		sketch.Words = append(sketch.Words, i)
	}
	for i := range uint32(24) {
		sketch.Numbers = append(sketch.Numbers, pipeline.NumberHash(12, 1000+4*i))
	}
	slices.Sort(sketch.Numbers)
	for _, p := range []pipeline.Paper{first, second} {
		s.must(s.catalog.PutSketch(t.Context(), p.ID, sketch))
	}
	r := s.report()
	w := s.whole(r)
	if len(w.Twice) != 1 || w.Twice[0].Path != "B/bản sao.pdf" || w.Twice[0].First != "A/1.pdf" || r.Sum.Filed != 4 || !r.Even {
		t.Errorf("twice: %+v, %+v", w.Twice, r.Sum)
	}
	if len(w.Alike) != 1 || w.Alike[0].Path != "A/1.pdf" || w.Alike[0].Other != "A/2.pdf" {
		t.Errorf("alike: %+v", w.Alike)
	}
	page := s.html(r)
	for _, want := range []string{"giống hệt", "Giấy tờ trông như đã quét rồi", "A/2.pdf"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// TestSignedOff: who looked and who answers for it stand in the report.
func TestSignedOff(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for _, name := range []string{"A/1.pdf", "A/2.pdf"} {
		s.one(name, pipeline.Filed, nil)
	}
	at := dusk().Add(9 * time.Hour)
	_, err := s.catalog.DrawChecks(t.Context(), night, 1, at)
	s.must(err)
	checks, err := s.catalog.Checks(t.Context(), night)
	s.must(err)
	for i, c := range checks {
		c.By, c.At, c.Good, c.Note = "hoa", at, i > 0, "<b>mờ</b>"
		s.must(s.catalog.PutCheck(t.Context(), c))
	}
	before := s.report()
	if page := s.html(before); !strings.Contains(page, "chờ người chịu trách nhiệm ký xác nhận") || !strings.Contains(page, before.Sample.Draws[0].Digest.String()) {
		t.Error("the page does not ask for a sign-off, or does not tell by what the sample was drawn")
	}
	_, err = s.catalog.PutSignOff(t.Context(), pipeline.SignOff{Batch: night, By: "giám đốc", At: at.Add(time.Minute), Note: "Quét lại một giấy tờ"})
	s.must(err)
	page := s.html(s.report())
	seed := s.report().Sample.Draws[0].Seed
	if seed == "" || pipeline.Sum([]byte(seed)) != before.Sample.Draws[0].Digest || before.Sample.Draws[0].Seed != "" {
		t.Errorf("the seed is %q after the sign-off, %+v before", seed, before.Sample.Draws)
	}
	for _, want := range []string{seed, "<b>giám đốc</b>, 06:01 ngày 29/11/2026, 1 đạt và 1 không đạt trong 2 giấy tờ rút từ 2: Quét lại một giấy tờ", "hoa (2, không đạt 1)", "&lt;b&gt;mờ"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "Chưa có ai ký xác nhận") || strings.Contains(page, "chờ người chịu trách nhiệm") {
		t.Error("the page still asks for a sign-off")
	}
}

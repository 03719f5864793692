package web

import (
	"testing"

	"hoso/pipeline"
)

// TestRepeatedPageIsNamed: on the paper and on the workbench a page says which one it repeats.
func TestRepeatedPageIsNamed(t *testing.T) {
	t.Parallel()
	p := pipeline.Page{Number: 4, Outcome: pipeline.PageOK, Verdict: pipeline.VerdictDoubtful, Flags: []pipeline.Flag{pipeline.Skewed}}.Repeating(2)
	if got := sayFlags(p); got != "quét lệch, lặp lại trang 2" {
		t.Errorf("on the paper: %q", got)
	}
	if got := sayTile(p); got != "lặp lại trang 2" {
		t.Errorf("on the workbench: %q", got)
	}
	if got := sayFlags(p.Repeating(0)); got != "quét lệch" {
		t.Errorf("after it is alone: %q", got)
	}
}

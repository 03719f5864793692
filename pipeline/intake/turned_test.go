package intake_test

import (
	"slices"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/intake"
)

// TestLeafTurned: sizes and words of a page go with the way it is turned, wherever the
// file had it.
func TestLeafTurned(t *testing.T) {
	t.Parallel()
	word := pipeline.Word{Text: "giấy", Box: pipeline.Box{X0: 10, Y0: 20, X1: 30, Y1: 25}}
	l := intake.Leaf{
		Origin: pipeline.Digital, Image: pipeline.Image{Width: 100, Height: 200}, Turn: 0, WidthPt: 50, HeightPt: 100,
		Lines: []pipeline.Line{{Words: []pipeline.Word{word}}},
	}
	for quarters, want := range []pipeline.Box{word.Box, {X0: 175, Y0: 10, X1: 180, Y1: 30}, {X0: 70, Y0: 175, X1: 90, Y1: 180}, {X0: 20, Y0: 70, X1: 25, Y1: 90}} {
		got := l.Turned(quarters)
		if got.Turn != quarters || got.Lines[0].Words[0].Box != want || (got.WidthPt == 100) != (quarters%2 == 1) {
			t.Errorf("turned by %d: %+v", quarters, got)
		}
		if slices.Contains(got.Flags, pipeline.Turned) != (quarters != 0) {
			t.Errorf("turned by %d: flags %v", quarters, got.Flags)
		}
		if back := got.Turned(0); back.Lines[0].Words[0].Box != word.Box || back.WidthPt != 50 {
			t.Errorf("turned by %d and back: %+v", quarters, back)
		}
	}
	if l.Lines[0].Words[0].Box != word.Box {
		t.Error("the leaf itself was changed")
	}
}

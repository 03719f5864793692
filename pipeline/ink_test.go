package pipeline_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"hoso/pipeline"
)

// TestInk keeps the cells through JSON.
func TestInk(t *testing.T) {
	t.Parallel()
	cells := make([]bool, 7*5)
	for _, i := range []int{0, 6, 8, 34} {
		cells[i] = true
	}
	text, err := json.Marshal(pipeline.Page{Ink: pipeline.NewInk(7, cells)})
	if err != nil {
		t.Fatal(err)
	}
	var page pipeline.Page
	if err := json.Unmarshal(text, &page); err != nil {
		t.Fatal(err)
	}
	if got, err := page.Ink.Marked(); err != nil || !slices.Equal(got, cells) || page.Ink.Rows != 5 {
		t.Errorf("%v, %v", got, err)
	}
	if text, err = json.Marshal(pipeline.Page{}); err != nil || bytes.Contains(text, []byte("ink")) {
		t.Errorf("a page without ink is %s, %v", text, err)
	}
	full := pipeline.NewInk(7, cells)
	for name, k := range map[string]pipeline.Ink{
		"nothing": {}, "cut off": {Columns: 7, Rows: 5, Cells: full.Cells[:1]}, "too few": {Columns: 700, Rows: 500, Cells: full.Cells},
		"endless": {Columns: 1 << 40, Rows: 1 << 40, Cells: full.Cells}, "negative": {Columns: -7, Rows: -5, Cells: full.Cells},
	} {
		if got, err := k.Marked(); err == nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}

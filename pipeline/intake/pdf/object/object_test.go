package object_test

import (
	"encoding/json"
	"testing"

	"hoso/pipeline/intake/pdf/object"
)

// TestPagesOfADamagedTree has pages that inherit, one that is no dictionary, one that
// does not exist and a tree that bites its tail.
func TestPagesOfADamagedTree(t *testing.T) {
	t.Parallel()
	set, err := object.NewSet(json.RawMessage(`{
		"trailer": {"value": {"/Root": "1 0 R"}},
		"obj:1 0 R": {"value": {"/Pages": "2 0 R"}},
		"obj:2 0 R": {"value": {"/Kids": ["3 0 R", "4 0 R", "9 0 R", 7, "2 0 R", "5 0 R"], "/Rotate": 90}},
		"obj:3 0 R": {"value": {"/Rotate": 180}},
		"obj:4 0 R": {"value": "u:no page"},
		"obj:5 0 R": {"value": {"/Kids": ["3 0 R", "6 0 R"]}},
		"obj:6 0 R": {"value": {}}
	}`), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	pages, err := set.Pages()
	if err != nil {
		t.Fatal(err)
	}
	var turns []float64
	for _, p := range pages {
		turns = append(turns, set.Number(p["Rotate"], -1))
	}
	if len(turns) != 2 || turns[0] != 180 || turns[1] != 90 {
		t.Errorf("the pages are turned by %v, want [180 90]", turns)
	}
}

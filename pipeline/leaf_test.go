package pipeline_test

import (
	"errors"
	"slices"
	"testing"

	"hoso/pipeline"
)

func TestCheckLeaves(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		leaves []pipeline.Leaf
		good   bool
	}{
		"all":        {pipeline.EachLeaf(3), true},
		"turned":     {[]pipeline.Leaf{{Page: 3, Turn: 360}, {Page: 1, Turn: 90}}, true},
		"none":       {nil, false},
		"too many":   {pipeline.EachLeaf(4), false},
		"twice":      {[]pipeline.Leaf{{Page: 2}, {Page: 2}}, false},
		"before one": {[]pipeline.Leaf{{Page: 0}}, false},
		"aslant":     {[]pipeline.Leaf{{Page: 1, Turn: 80}}, false},
		"backwards":  {[]pipeline.Leaf{{Page: 1, Turn: -90}}, false},
	} {
		if err := pipeline.CheckLeaves(c.leaves, 3); (err == nil) != c.good || err != nil && !errors.Is(err, pipeline.ErrLeaves) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCollated(t *testing.T) {
	t.Parallel()
	pages := func(c pipeline.Collation, files ...int) []int {
		leaves, err := c.Collated(files)
		if err != nil {
			if !errors.Is(err, pipeline.ErrCollation) {
				t.Error(err)
			}
			return nil
		}
		if err := pipeline.CheckLeaves(leaves, files[0]+files[1]); err != nil {
			t.Error(err)
		}
		var all []int
		for _, l := range leaves {
			all = append(all, l.Page)
		}
		return all
	}
	for name, c := range map[string]struct{ got, want []int }{
		"same":        {pages(pipeline.CollateSame, 3, 3), []int{1, 4, 2, 5, 3, 6}},
		"reverse":     {pages(pipeline.CollateReverse, 3, 3), []int{1, 6, 2, 5, 3, 4}},
		"uneven":      {pages(pipeline.CollateSame, 3, 2), nil},
		"one file":    {pages(pipeline.CollateSame, 4), nil},
		"three files": {pages(pipeline.CollateSame, 1, 1, 1), nil},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
}

// TestPartsHaveNamesOfTheirOwn: they can be read, follow from what is parted, and no two
// partings give the same.
func TestPartsHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	const id = pipeline.PaperID("01M84E0F4CFGDGW2VC87EH0001")
	seen := map[pipeline.PaperID]bool{id: true}
	for _, part := range []pipeline.PaperID{
		id.Part(0, 2), id.Part(0, 3), id.Part(1, 2), pipeline.PaperID("01M84E0F4CFGDGW2VC87EH0002").Part(0, 2),
		pipeline.MergedID([]pipeline.PaperID{id, "01M84E0F4CFGDGW2VC87EH0002"}), pipeline.MergedID([]pipeline.PaperID{"01M84E0F4CFGDGW2VC87EH0002", id}),
	} {
		if _, err := pipeline.ParsePaperID(string(part)); err != nil || seen[part] {
			t.Errorf("%s: %v, known %t", part, err, seen[part])
		}
		seen[part] = true
	}
	if same := id.Part(0, 2); !seen[same] {
		t.Error("the same parting gives other names")
	}
}

func TestReasonsGoWithThePage(t *testing.T) {
	t.Parallel()
	r := pipeline.Reason{Code: "x", Page: 12, English: "page 12 of 120", Vietnamese: "Trang 12: hãy quét lại trang 12, không phải trang 120."}
	got := r.OnPage(3)
	if got.Page != 3 || got.English != "page 3 of 120" || got.Vietnamese != "Trang 3: hãy quét lại trang 3, không phải trang 120." {
		t.Errorf("%+v", got)
	}
	if whole := (pipeline.Reason{Code: "x"}); whole.OnPage(3) != whole {
		t.Error("what is about the whole paper is about a page")
	}
}

func TestShelvedHasItsLeaves(t *testing.T) {
	t.Parallel()
	p := pipeline.Paper{
		State: pipeline.Filed, Record: pipeline.Sum([]byte("record")), Pages: 2, Of: 3, Leaves: []pipeline.Leaf{{Page: 3}, {Page: 1}},
	}
	p.Corrections = []pipeline.Correction{{WordEdit: pipeline.WordEdit{Page: 2, Before: "a", After: "b"}}}
	again := p.Reopened()
	again.Corrections = pipeline.Remapped(p.Corrections, p.Leaves, []pipeline.Leaf{{Page: 1}, {Page: 2}})
	again.State, again.Leaves, again.Pages = pipeline.Received, []pipeline.Leaf{{Page: 1}, {Page: 2}}, 2
	if got := again.Shelved(); got.Pages != 2 || !slices.Equal(got.Leaves, p.Leaves) || got.Leaf(2).Page != 1 {
		t.Errorf("on the shelf it has %+v", got.Leaves)
	}
	if got := again.Shelved().Corrections; len(got) != 1 || got[0].Page != 2 {
		t.Errorf("on the shelf it is corrected on %+v", got)
	}
	if got := again.Leaf(1); got.Page != 1 {
		t.Errorf("in work its first page is %+v", got)
	}
}

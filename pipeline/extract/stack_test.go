package extract_test

import (
	"math/rand/v2"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/extract"
	"hoso/testdata/paper"
)

// stacked lays papers of random layouts on each other, as a desk scans a whole dossier,
// and gives their pages and which of them begin a paper. Every second paper goes on over
// the page, with a number on the second page (Decree 30/2020) or without; some have an
// empty back.
func stacked(fonts *paper.Fonts, seed uint64, papers int) (pages []pipeline.Page, begins map[int]paper.Layout) {
	r := rand.New(rand.NewPCG(seed, 1))
	begins = map[int]paper.Layout{}
	layouts := paper.Layouts()
	add := func(all ...pipeline.Page) {
		for _, p := range all {
			p.Number = len(pages) + 1
			pages = append(pages, p)
		}
	}
	for range papers {
		p := paper.Vary(fonts, layouts[r.IntN(len(layouts))], r.Uint64())
		begins[len(pages)+1] = p.Layout
		page := set(&p.Sheets[0])
		if r.IntN(2) == 0 {
			first, second := broken(page)
			if r.IntN(2) == 0 {
				second = numbered(second)
			}
			add(first, second)
		} else {
			add(page)
		}
		if r.IntN(6) == 0 {
			add(pipeline.Page{Outcome: pipeline.PageBlank, Width: page.Width, Height: page.Height})
		}
	}
	return pages, begins
}

// broken breaks a page at its middle line into two.
func broken(p pipeline.Page) (first, second pipeline.Page) {
	first, second = p, p
	half := len(p.Lines) / 2
	first.Lines, second.Lines = p.Lines[:half], nil
	for _, l := range p.Lines[half:] {
		up := pipeline.Line{Paragraph: l.Paragraph}
		for _, w := range l.Words {
			w.Box.Y0, w.Box.Y1 = w.Box.Y0-p.Height/3, w.Box.Y1-p.Height/3
			up.Words = append(up.Words, w)
		}
		second.Lines = append(second.Lines, up)
	}
	return first, second
}

// numbered prints a 2 in the upper margin of a page.
func numbered(p pipeline.Page) pipeline.Page {
	box := pipeline.Box{X0: p.Width/2 - 10, Y0: p.Height / 30, X1: p.Width/2 + 10, Y1: p.Height/30 + 24}
	two := pipeline.Line{Words: []pipeline.Word{{Text: "2", Confidence: 96, Box: box}}}
	p.Lines = append([]pipeline.Line{two}, p.Lines...)
	return p
}

// TestStacks: of papers scanned in one go nearly all beginnings are seen, and few pages
// are taken for one that are none.
func TestStacks(t *testing.T) {
	t.Parallel()
	fonts, err := paper.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	rules := classes(t, extract.ShippedRules())
	right, wrong, missed := 0, 0, 0
	for seed := range uint64(20) {
		pages, begins := stacked(fonts, 100+seed, 12)
		stack := extract.NewStack(rules, today())
		for _, p := range pages {
			stack.Add(p)
		}
		found := stack.Pieces()
		for i, piece := range found {
			if i > 0 && piece.From != found[i-1].To+1 {
				t.Fatalf("seed %d: %+v and %+v leave pages out", seed, found[i-1], piece)
			}
			if layout, ok := begins[piece.From]; ok {
				right++
				delete(begins, piece.From)
			} else {
				wrong++
				t.Logf("seed %d: page %d begins nothing (%.0f), %q", seed, piece.From, piece.Confidence, layout)
			}
		}
		missed += len(begins)
		for page, layout := range begins {
			t.Logf("seed %d: page %d begins a %s", seed, page, layout)
		}
	}
	t.Logf("right %d, wrong %d, missed %d", right, wrong, missed)
	if 100*right < 95*(right+wrong) || 100*right < 90*(right+missed) {
		t.Errorf("beginnings: %d right, %d wrong, %d missed", right, wrong, missed)
	}
}

package main_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"hoso/pipeline"
)

// score counts pages with a fault: planted and found, planted and missed, found where none
// was planted.
type score struct {
	found, missed, wrong int
	pages                int      // with none planted
	odd                  []string // some that were missed or wrong
}

// bound is how many of the planted ones may be missed, and how many of the other pages may be
// taken for such, in a hundred.
type bound struct{ missed, wrong int }

// bounds are what holds with some room.
func bounds() map[string]bound {
	return map[string]bound{
		"blank": {6, 1}, "skewed": {25, 2}, "upside-down": {25, 1}, "on-its-side": {25, 1},
		"under-resolution": {0, 1}, "cropped": {50, 2}, "streak": {25, 2},
		"duplicate-page": {0, 1}, "page-scanned-twice": {50, 1}, // the dirty scanner reads a page differently each time
	}
}

// holdFlags counts for every kind of fault of a page how often hoso sees it.
func (n *night) holdFlags() {
	t := n.t
	t.Helper()
	scores := map[string]*score{}
	for _, fault := range []string{"blank", "skewed", "upside-down", "on-its-side", "under-resolution", "cropped", "streak", "duplicate-page", "page-scanned-twice"} {
		scores[fault] = &score{}
	}
	planted, open := n.planted()
	for id, pages := range n.pages {
		if n.papers[id].State != pipeline.Filed {
			continue
		}
		for i, read := range n.read(id) {
			if i >= len(pages) {
				t.Errorf("%s has words of more pages than it has", id)
				break
			}
			seen := n.seen(read)
			for fault, s := range scores {
				s.count(glance{pages[i], slices.Contains(planted[pages[i]], fault), seen[fault], open[pages[i]][fault]})
			}
		}
	}
	var table strings.Builder
	fmt.Fprintf(&table, "%-20s %6s %6s %6s of other pages\n", "planted in pages", "found", "missed", "wrong")
	for _, fault := range slices.Sorted(maps.Keys(scores)) {
		s := scores[fault]
		fmt.Fprintf(&table, "%-20s %6d %6d %6d of %d\n", fault, s.found, s.missed, s.wrong, s.pages)
		for _, odd := range s.odd[:min(len(s.odd), 4)] {
			fmt.Fprintf(&table, "    %s\n", odd)
		}
		limit, held := bounds()[fault]
		if held && (s.missed*100 > limit.missed*(s.found+s.missed) || s.wrong*100 > limit.wrong*s.pages) {
			t.Errorf("%s: %d found, %d missed, %d of %d wrong; at most %d %% may be missed and %d %% wrong", fault, s.found, s.missed, s.wrong, s.pages, limit.missed, limit.wrong)
		}
	}
	t.Logf("\n%s", table.String())
}

// glance is a page and one kind of fault: whether it was planted, whether hoso saw it, and
// whether the truth leaves it open.
type glance struct {
	page                string
	planted, seen, open bool
}

func (s *score) count(g glance) {
	switch {
	case g.planted && g.seen:
		s.found++
	case g.planted:
		s.missed++
		s.odd = append(s.odd, "missed: "+g.page)
	case g.seen && !g.open:
		s.wrong++
		s.odd = append(s.odd, "wrong: "+g.page)
	}
	if !g.planted && !g.open {
		s.pages++
	}
}

// planted gives the faults of each page, and those of which the truth does not say whether it
// has them.
func (n *night) planted() (planted map[string][]string, open map[string]map[string]bool) {
	planted, open = map[string][]string{}, map[string]map[string]bool{}
	for _, f := range n.truth.Files {
		for page := 1; page <= f.Pages; page++ {
			at := fmt.Sprintf("%s#%d", f.Path, page)
			// The glass of the third scanner is never quite clean, and some whole files were
			// scanned as coarsely as nobody should.
			open[at] = map[string]bool{"streak": f.Device == "Máy quét 3", "under-resolution": f.Fault == "other-ending"}
		}
		for _, p := range f.Faulty {
			at := fmt.Sprintf("%s#%d", f.Path, p.Page)
			planted[at] = p.Faults
			for one, other := range map[string]string{"duplicate-page": "page-scanned-twice", "page-scanned-twice": "duplicate-page"} {
				if slices.Contains(p.Faults, one) { // hoso does not tell them apart
					open[at][other] = true
				}
			}
			if slices.Contains(p.Faults, "separator-back") {
				open[at]["blank"] = true
			}
			if slices.Contains(p.Faults, "cropped") && strings.EqualFold(filepath.Ext(f.Path), ".pdf") { // drawn as large as a whole one
				open[at]["under-resolution"] = true
			}
		}
	}
	return planted, open
}

// read gives the pages of a paper as they were read.
func (n *night) read(id pipeline.PaperID) []pipeline.Page {
	n.t.Helper()
	var all []pipeline.Page
	lines := json.NewDecoder(strings.NewReader(n.s.page("/api/v1/papers/" + string(id) + "/words")))
	for {
		var p pipeline.Page
		err := lines.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			n.t.Fatalf("reading the words of %s: %v", id, err)
		}
		all = append(all, p)
	}
}

// seen says in the words of the truth what hoso tells of a page.
func (n *night) seen(p pipeline.Page) map[string]bool {
	return map[string]bool{
		"blank":            p.Outcome == pipeline.PageBlank,
		"skewed":           slices.Contains(p.Flags, pipeline.Skewed),
		"upside-down":      p.Turn == 2,
		"on-its-side":      p.Turn%2 == 1,
		"under-resolution": slices.Contains(p.Flags, pipeline.LowResolution),
		"cropped":          slices.Contains(p.Flags, pipeline.Cropped),
		"streak":           slices.Contains(p.Flags, pipeline.Streaked),

		"duplicate-page":     slices.Contains(p.Flags, pipeline.Repeated),
		"page-scanned-twice": slices.Contains(p.Flags, pipeline.Repeated),
	}
}

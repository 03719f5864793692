package shelf

import (
	"iter"
	"path"
	"slices"
)

// A TIFF may be a page or a document of many: its name does not say which. Scanners write
// either the one or the other, so that one document among the TIFFs of a series makes
// documents of the others, even of those of one page.

// isTIFF reports whether a file with that ending may hold several pages.
func isTIFF(ending string) bool { return ending == "tif" || ending == "tiff" }

// partStacks takes for papers of their own what would be pages and is documents. Where a
// mapping joins whole folders it has said what they are.
func (p *planner) partStacks(all []member) {
	if p.m.pages.join != JoinSeries {
		return
	}
	series := map[string]bool{}
	for _, m := range all {
		if m.page && p.tree.Entries[m.entry].Several {
			series[m.key] = true
		}
	}
	for i := range all {
		m := &all[i]
		if m.page && (p.tree.Entries[m.entry].Several || series[m.key] && isTIFF(m.ending)) {
			m.page = false
			m.key = p.key(m)
		}
	}
}

// PerhapsStacks gives the TIFFs that a plan takes for pages, those that it joins at once,
// for whoever can look whether one of them holds several: the plan of a tree that says so,
// see Entry.Several, is another one. It is enough to find one among those given at once.
func (m *Mapping) PerhapsStacks(p *Plan) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		if m.pages.join != JoinSeries {
			return
		}
		for i := range p.Papers {
			if one := &p.Papers[i]; len(one.Files) > 1 && !m.yieldPages(one.Files, yield) {
				return
			}
		}
		for _, h := range p.Held {
			if !h.Later && !m.yieldPages(h.Files, yield) {
				return
			}
		}
	}
}

// yieldPages yields those of some files that are TIFFs and may be pages, if any are.
func (m *Mapping) yieldPages(files []string, yield func([]string) bool) bool {
	not := func(file string) bool {
		_, ending := stem(path.Base(file))
		return !isTIFF(ending) || !m.pages.endings[ending]
	}
	pages := slices.DeleteFunc(slices.Clone(files), not)
	return len(pages) == 0 || yield(pages)
}

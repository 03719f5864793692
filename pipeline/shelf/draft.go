package shelf

import (
	"math"
	"slices"
	"strconv"

	"hoso/pipeline"
)

// draft makes the drafts of all folders.
func (p *planner) draft() {
	for _, f := range p.walk {
		if f.side != unsaid && f.up != nil && f.home() != f || f.why != "" {
			continue // it is part of the folder around it
		}
		p.draftFolder(f)
	}
}

// draftFolder puts the files of a folder together that are one paper.
func (p *planner) draftFolder(f *folder) {
	all := p.members(f, unsaid)
	p.partStacks(all)
	p.sortMembers(all)
	joinSides(all)
	groups := map[string]int{}
	var members [][]member
	for _, m := range all {
		if !p.usable(f, &m) {
			continue
		}
		switch at, known := groups[m.key]; {
		case !m.reason.IsZero():
			members = append(members, []member{m})
		case !known || !m.page && m.side == unsaid && !sided(members[at]):
			groups[m.key] = len(members)
			members = append(members, []member{m})
		default:
			members[at] = append(members[at], m)
		}
	}
	for _, group := range members {
		p.draftGroup(f, group)
	}
}

// joinSides takes the images beside a folder of backs for the fronts, whatever a scanner
// called them, unless there is a folder of fronts.
func joinSides(all []member) {
	sides := [3]bool{}
	for _, m := range all {
		sides[m.side] = sides[m.side] || m.placed && m.plain && m.page
	}
	if sides[front] == sides[back] {
		return
	}
	for i := range all {
		if m := &all[i]; m.page && m.plain && m.side == unsaid {
			m.key = sheets(m)
		}
	}
}

func sided(group []member) bool {
	return slices.ContainsFunc(group, func(m member) bool { return m.side != unsaid })
}

// usable reports whether a file may be a paper; what is not is put away.
func (p *planner) usable(f *folder, m *member) bool {
	file := p.tree.Entries[m.entry].Path
	switch {
	case p.m.lists[m.ending]:
		if r := p.listOf(file); r.IsZero() {
			p.plan.Ignored = append(p.plan.Ignored, Ignored{file, Used})
		} else {
			p.drafts = append(p.drafts, &draft{home: f, entries: []int32{m.entry}, reason: r})
		}
	case !p.m.files[m.ending]:
		p.drafts = append(p.drafts, &draft{home: f, entries: []int32{m.entry}, reason: unknownFormat(m.ending)})
	default:
		return true
	}
	return false
}

// draftGroup makes one draft of files with one key, or one of each.
func (p *planner) draftGroup(f *folder, group []member) {
	first := &group[0]
	switch {
	case !first.reason.IsZero(): // it is alone
		d := p.add(f, group)
		d.reason, d.whole = first.reason, f.dossier != nil && f.dossier.found.doubt != sure
	case sided(group):
		p.draftSides(f, group)
	case p.loose(f, first) && p.m.pages.loose == HoldLoose:
		p.add(f, group).hold(loosePages(len(group)))
	case p.loose(f, first) && p.m.pages.loose == EachLoose, !p.series(group):
		for i := range group {
			p.add(f, group[i:i+1])
		}
	default:
		d := p.add(f, group)
		if p.m.pages.join == JoinSeries && first.page {
			d.skips(group)
		}
	}
}

// loose reports whether nothing says to which dossier and paper an image belongs.
func (p *planner) loose(f *folder, m *member) bool {
	return m.page && m.plain && f.dossier == nil && m.number.IsZero()
}

// series reports whether images are the pages of one paper. Names that say what a paper
// is must count from the first page on: "Quyết định 2021" and "Quyết định 2022" are two.
func (p *planner) series(group []member) bool {
	if len(group) == 1 || group[0].plain || p.m.pages.join == JoinFolder {
		return true
	}
	return slices.ContainsFunc(group, func(m member) bool { return page(m) <= 1 })
}

// page is the number of a page as its name has it; a name without one is the first.
func page(m member) int {
	if m.count == "" {
		return 1
	}
	n, err := strconv.Atoi(m.count)
	if err != nil {
		return math.MaxInt
	}
	return n
}

// skips looks at the numbers of pages: whether two have the same one, and how many are
// passed over. An image without a number comes before that with 1, or has it.
func (d *draft) skips(group []member) {
	var numbers []int
	bare := 0
	for _, m := range group {
		numbers = append(numbers, page(m))
		if m.count == "" {
			bare++
		}
	}
	slices.Sort(numbers)
	last := numbers[len(numbers)-1]
	for i := 1; i < len(numbers); i++ {
		if numbers[i] != numbers[i-1] || numbers[i] == math.MaxInt {
			continue
		}
		if i > 1 || numbers[i] != 1 || bare != 1 {
			d.hold(pageTwice())
			return
		}
		numbers[0] = 0
	}
	const most = 99_999 // more is no number of a page, but a time of day or a counter of years
	if first := numbers[0]; first <= 1 && last <= most && last-first+1 > len(group) {
		d.Missing = last - first + 1 - len(group)
	}
}

// draftSides puts the backs of sheets behind their fronts.
func (p *planner) draftSides(f *folder, group []member) {
	fronts, backs := halves(group)
	stacks := !group[0].page // each a file of many sheets
	if len(fronts) != len(backs) || stacks && len(fronts) > 1 {
		p.add(f, append(fronts, backs...)).hold(sidesDiffer(len(fronts), len(backs)))
		return
	}
	placed := slices.ContainsFunc(group, func(m member) bool { return m.placed })
	if placed && p.m.order == Reverse {
		slices.Reverse(backs)
	}
	both, paired := make([]member, 0, len(group)), true
	for i := range fronts {
		both = append(both, fronts[i], backs[i])
		paired = paired && (placed || page(fronts[i]) == page(backs[i]))
	}
	d := p.add(f, both)
	switch {
	case stacks:
		d.Collate = p.m.order
	case !paired:
		d.hold(sidesUnpaired())
	}
}

// halves parts the backs from all others, and leaves the order as it is.
func halves(group []member) (fronts, backs []member) {
	for _, m := range group {
		if m.side == back {
			backs = append(backs, m)
		} else {
			fronts = append(fronts, m)
		}
	}
	return fronts, backs
}

// add makes a draft of files in their order.
func (p *planner) add(f *folder, group []member) *draft {
	first := &group[0]
	d := &draft{home: f, entries: make([]int32, len(group))}
	d.Number, d.Code = first.number, first.found.code
	for i, m := range group {
		d.entries[i] = m.entry
		if p.tree.Entries[m.entry].Size == 0 {
			d.hold(emptyFile())
		}
	}
	if s := first.called; s.to > 0 {
		n := first.name
		d.Called = n.text[n.pieces[s.from].from:n.pieces[s.to-1].to]
		if len(p.rows) > 0 {
			d.title = n.plain[n.pieces[s.from].start:n.pieces[s.to-1].end]
		}
	}
	if len(group) > p.m.pages.most {
		d.hold(tooManyPages(len(group), p.m.pages.most))
	}
	if d.Number.IsZero() && p.m.missing == HoldMissing {
		d.hold(noNumber())
	}
	p.tellKind(d, first)
	p.drafts = append(p.drafts, d)
	return d
}

// tellKind asks the folders within the dossier, then the name of the file, then the
// dossier's folder and those around it.
func (p *planner) tellKind(d *draft, m *member) {
	at := d.home
	for ; at != nil && at != d.home.dossier && d.home.dossier != nil; at = at.up {
		if d.takeKind(at.said, at.several) {
			return
		}
	}
	switch kind, several := p.m.kinds.tell(m.name, m.found.used); {
	case m.found.code != "" && m.found.isResult():
		d.takeKind(pipeline.Result, false)
		return
	case m.found.code != "":
		d.takeKind(pipeline.Component, false)
		return
	case d.takeKind(kind, several):
		return
	}
	for ; at != nil; at = at.up {
		if d.takeKind(at.said, at.several) {
			return
		}
	}
}

func (d *draft) takeKind(k pipeline.Kind, several bool) bool {
	if k == "" {
		return false
	}
	d.Kind, d.told, d.doubts = k, true, several
	return true
}

// settleKind gives a kind to what no name tells one of, or holds it.
func (p *planner) settleKind(d *draft) {
	switch {
	case d.doubts:
		d.hold(kindsSeveral())
	case d.Kind == "" && p.m.otherwise == "":
		d.hold(kindUnknown())
	case d.Kind == "":
		d.Kind = p.m.otherwise
	}
}

// names gives the paths of a draft's files.
func (p *planner) names(d *draft) []string {
	all := make([]string, len(d.entries))
	for i, e := range d.entries {
		all[i] = p.tree.Entries[e].Path
	}
	return all
}

// waits reports whether any file of a draft, or the inventory beside it, may still be
// being written.
func (p *planner) waits(d *draft) bool {
	if p.tree.Now.IsZero() {
		return false
	}
	return d.home.unlisted || slices.ContainsFunc(d.entries, p.fresh)
}

func (p *planner) fresh(entry int32) bool {
	e := p.tree.Entries[entry]
	return !p.tree.Now.IsZero() && p.tree.Now.Sub(e.Changed) < p.m.Settle
}

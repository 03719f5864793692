package shelf

import (
	"cmp"
	"slices"
	"strings"

	"hoso/pipeline"
)

// note tells of a row of which nothing comes, with those that say the same.
func (p *planner) note(r *row, why pipeline.Reason) {
	r.matched, r.told = true, true
	for _, at := range append([]RowAt{r.at}, r.twins...) {
		p.plan.Rows = append(p.plan.Rows, RowNote{at, why})
	}
}

// matchRows gives each draft the rows that are for it.
func (p *planner) matchRows() {
	if len(p.rows) == 0 {
		return
	}
	for _, d := range p.drafts {
		p.takeNamed(d)
	}
	if slices.Contains(p.m.match, ByOrder) {
		p.matchUnnumbered()
	}
	drafts := map[string][]*draft{}
	for _, d := range p.drafts {
		if !d.Number.IsZero() {
			drafts[d.Number.Key()] = append(drafts[d.Number.Key()], d)
		}
	}
	type ofList struct {
		list   int32
		number string
	}
	var order []ofList
	rows := map[ofList][]int32{}
	for i := range p.rows {
		if r := &p.rows[i]; !r.matched && !r.number.IsZero() && !r.odd {
			k := ofList{r.at.List, r.number.Key()}
			if len(rows[k]) == 0 {
				order = append(order, k)
			}
			rows[k] = append(rows[k], int32(i))
		}
	}
	for _, k := range order {
		p.matchDossier(rows[k], drafts[k.number])
	}
}

// takeNamed gives a draft the rows that name one of its files, or a folder around it.
func (p *planner) takeNamed(d *draft) {
	for _, e := range d.entries {
		for _, r := range p.ofFile[e] {
			d.rows = append(d.rows, given{row: r})
		}
	}
	for f := d.home; f != nil && len(p.ofPlace) > 0; f = f.up {
		for _, r := range p.ofPlace[f] {
			d.rows = append(d.rows, given{r, true})
		}
	}
}

// own reports whether a draft has a row of a list for itself.
func (p *planner) own(d *draft, list int32) bool {
	return slices.ContainsFunc(d.rows, func(g given) bool { return !g.shared && p.rows[g.row].at.List == list })
}

// matchUnnumbered gives papers that have no number that of the rows of their inventory,
// the first to the first, where there are as many of both.
func (p *planner) matchUnnumbered() {
	stated := map[string]bool{}
	beside := map[string][]*draft{}
	for _, d := range p.drafts {
		stated[d.Number.Key()] = true
		if d.Number.IsZero() && d.reason.IsZero() {
			beside[d.home.path] = append(beside[d.home.path], d)
		}
	}
	rows := map[int32][]int32{}
	for i := range p.rows {
		if r := &p.rows[i]; !r.matched && !r.odd && !stated[r.number.Key()] {
			rows[r.at.List] = append(rows[r.at.List], int32(i))
		}
	}
	for at, l := range p.plan.Lists {
		free, own := beside[dir(l.Path)], rows[int32(at)]
		if len(free) != len(own) {
			continue
		}
		for i, r := range own {
			p.give(free[i], given{row: r})
			free[i].Number = p.rows[r].number
		}
		delete(beside, dir(l.Path))
	}
}

func (p *planner) give(d *draft, g given) {
	d.rows = append(d.rows, g)
	p.rows[g.row].matched = true
}

// matchDossier gives the rows of one inventory for one dossier to its papers.
func (p *planner) matchDossier(rows []int32, drafts []*draft) {
	if len(drafts) > 0 && slices.Contains(p.m.match, ByTitle) {
		rows = p.matchTitles(rows, drafts)
	}
	if len(rows) == 0 {
		return
	}
	list := p.rows[rows[0]].at.List
	var free []*draft
	for _, d := range drafts {
		if !p.own(d, list) {
			free = append(free, d)
		}
	}
	if len(free) == 0 {
		for _, r := range rows {
			p.note(&p.rows[r], rowWithoutFile())
		}
		return
	}
	p.matchFree(p.distinct(rows), free)
}

// matchFree gives rows to papers of their dossier when nothing but the number, or the
// order, tells which is for which.
func (p *planner) matchFree(rows []int32, free []*draft) {
	byNumber := slices.Contains(p.m.match, ByNumber)
	switch {
	case len(rows) == 1 && byNumber:
		for _, d := range free {
			p.give(d, given{rows[0], len(free) > 1})
		}
	case len(rows) == len(free) && slices.Contains(p.m.match, ByOrder):
		for at, d := range free {
			p.give(d, given{row: rows[at]})
		}
	case byNumber && p.m.several == CommonSeveral:
		p.giveCommon(rows, free)
	case byNumber:
		for _, d := range free {
			d.hold(rowsDiffer(len(rows), len(free)))
		}
		for _, r := range rows {
			p.note(&p.rows[r], rowOfNobody())
		}
	}
}

// matchTitles gives rows to the papers that are called as they say, where only one is,
// and gives back the others.
func (p *planner) matchTitles(rows []int32, drafts []*draft) []int32 {
	called, titled := map[string][]*draft{}, map[string]int{}
	for _, d := range drafts {
		if t := d.title; t != "" {
			called[t] = append(called[t], d)
		}
	}
	for _, r := range rows {
		titled[p.rows[r].title]++
	}
	var left []int32
	for _, r := range rows {
		t := p.rows[r].title
		if at := called[t]; t != "" && len(at) == 1 && titled[t] == 1 {
			p.give(at[0], given{row: r})
			continue
		}
		left = append(left, r)
	}
	return left
}

// distinct gives the first of rows that say the same.
func (p *planner) distinct(rows []int32) []int32 {
	var all []int32
	first := map[string]int32{}
	for _, r := range rows {
		var b strings.Builder
		one := &p.rows[r]
		b.WriteString(string(one.kind))
		for _, k := range one.fields {
			b.WriteString("\x00" + string(k.Name) + "\x00" + k.Value)
		}
		twin, seen := first[b.String()]
		if seen {
			p.rows[twin].twins = append(p.rows[twin].twins, one.at)
			one.matched, one.told = true, true
			continue
		}
		first[b.String()] = r
		all = append(all, r)
	}
	return all
}

// giveCommon gives papers what all rows of their dossier say alike.
func (p *planner) giveCommon(rows []int32, drafts []*draft) {
	first := &p.rows[rows[0]]
	common := slices.DeleteFunc(slices.Clone(first.fields), func(k Known) bool {
		return slices.ContainsFunc(rows, func(r int32) bool {
			return !slices.ContainsFunc(p.rows[r].fields, func(o Known) bool { return o.Name == k.Name && same(o.Value, k.Value) })
		})
	})
	for _, r := range rows {
		p.rows[r].shared = common
		for _, d := range drafts {
			p.give(d, given{r, true})
		}
	}
}

// same compares what two inventories say, as people would.
func same(a, b string) bool { return a == b || nameOf(a).plain == nameOf(b).plain }

// fill puts what the rows of a draft say into it, or holds it where they contradict each
// other or a name.
func (p *planner) fill(d *draft) {
	for _, g := range d.rows {
		r := &p.rows[g.row]
		switch {
		case r.odd:
			d.hold(rowNumberGarbled(int(r.at.Line)))
		case !r.number.IsZero() && !d.Number.IsZero() && r.number.Key() != d.Number.Key():
			d.hold(numbersDisagree(d.Number, r.number))
		}
		d.learn(p.said(g))
		d.Rows = append(append(d.Rows, r.at), r.twins...)
		r.told = true
		if !d.told {
			d.takeKind(r.kind, false)
		}
	}
	if len(d.rows) == 0 {
		p.lackRow(d)
	}
}

// lackRow holds a draft that no row is for, if one should be or may be: what a list says
// cannot be given to a paper later.
func (p *planner) lackRow(d *draft) {
	if d.home.listed && p.m.unlisted == HoldUnlisted {
		d.hold(notListed())
	}
	if d.home.unread != "" && p.m.unread == HoldUnread {
		d.hold(listBeside(d.home.unread))
	}
}

// said is what a row says of a paper: all of it, or what holds for its whole dossier.
func (p *planner) said(g given) []Known {
	if g.shared {
		return p.rows[g.row].shared
	}
	return p.rows[g.row].fields
}

// learn adds what one more row says. The first one's is taken as it is, so that what a row
// says of a hundred papers is there once.
func (d *draft) learn(more []Known) {
	if d.Known == nil {
		d.Known = more
		return
	}
	var ok bool
	if d.Known, ok = merged(d.Known, more); !ok {
		d.hold(rowsDisagree())
	}
}

// merged adds what is not there yet; false if the two say different things.
func merged(to, more []Known) ([]Known, bool) {
	for _, k := range more {
		at := slices.IndexFunc(to, func(o Known) bool { return o.Name == k.Name })
		switch {
		case at < 0:
			to = append(slices.Clip(to), k)
		case !same(to[at].Value, k.Value):
			return to, false
		}
	}
	return to, true
}

// noteRows tells of the rows that nothing came of, and of cells that could not be read.
func (p *planner) noteRows() {
	for i := range p.rows {
		r := &p.rows[i]
		switch {
		case r.told:
		case r.odd:
			p.note(r, rowNumberGarbled(int(r.at.Line)))
		default:
			p.note(r, rowWithoutFile())
		}
		for _, c := range r.badCells {
			p.plan.Rows = append(p.plan.Rows, RowNote{r.at, cellUnread(c)})
		}
	}
	slices.SortStableFunc(p.plan.Rows, func(a, b RowNote) int {
		return cmp.Or(cmp.Compare(a.Row.List, b.Row.List), cmp.Compare(a.Row.Line, b.Row.Line))
	})
}

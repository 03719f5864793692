package shelf

import (
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
)

// readLists understands the inventories, in an order of their own.
func (p *planner) readLists() {
	lists := slices.Clone(p.tree.Lists)
	slices.SortStableFunc(lists, func(a, b Inventory) int {
		return strings.Compare(a.Path+"\x00"+a.Sheet, b.Path+"\x00"+b.Sheet)
	})
	p.refused = map[string]pipeline.Reason{}
	for _, in := range lists {
		if !in.Refused.IsZero() {
			p.refused[in.Path] = in.Refused
			continue
		}
		l, rows := p.m.read(in, len(p.plan.Lists))
		if _, before := p.refused[in.Path]; !before || l.Heading > 0 {
			p.refused[in.Path] = pipeline.Reason{}
		}
		if l.Heading == 0 && p.refused[in.Path].IsZero() && !p.understood(in.Path) {
			p.refused[in.Path] = listUnknown()
		}
		p.plan.Lists = append(p.plan.Lists, l)
		p.rows = append(p.rows, rows...)
		if l.Heading > 0 {
			p.folder(dir(in.Path)).listed = true
		}
	}
	p.waitForLists()
}

func dir(file string) string { return file[:max(0, strings.LastIndexByte(file, '/'))] }

// understood reports whether another sheet of a file was.
func (p *planner) understood(file string) bool {
	return slices.ContainsFunc(p.plan.Lists, func(l List) bool { return l.Path == file && l.Heading > 0 })
}

// waitForLists makes the papers beside an inventory wait that is still being written.
func (p *planner) waitForLists() {
	for i, e := range p.tree.Entries {
		if e.What == File && p.m.InventoryFile(e.Path) && p.fresh(int32(i)) { //nolint:gosec // as in place
			p.folder(dir(e.Path)).unlisted = true
		}
	}
}

// listOf says why an inventory could not be used; nothing if it was.
func (p *planner) listOf(file string) pipeline.Reason {
	r, read := p.refused[file]
	if !read {
		return listUnread()
	}
	return r
}

// lookup finds files by what rows call them.
type lookup struct {
	in       map[inFolder][]int32
	of       map[ofNumber][]int32
	anywhere map[string][]int32
	folders  map[string][]*folder
	paths    map[string]*folder
}

type inFolder struct {
	folder *folder
	base   string
}

type ofNumber struct{ number, base string }

// plainPath is a path as Windows or a person may write it.
func plainPath(s string) string {
	return strings.ToLower(norm.NFC.String(strings.ReplaceAll(strings.TrimSpace(s), `\`, "/")))
}

func (p *planner) lookup() *lookup {
	l := &lookup{map[inFolder][]int32{}, map[ofNumber][]int32{}, map[string][]int32{}, map[string][]*folder{}, map[string]*folder{}}
	for _, f := range p.walk {
		at := plainPath(f.path)
		l.paths[at] = f
		base := at[strings.LastIndexByte(at, '/')+1:]
		l.folders[base] = append(l.folders[base], f)
		for _, e := range f.files {
			l.add(p, f, e)
		}
	}
	return l
}

// add takes a file in under its name with and without its ending.
func (l *lookup) add(p *planner, f *folder, entry int32) {
	base := plainPath(path.Base(p.tree.Entries[entry].Path))
	bare, ending := stem(base)
	if !p.m.files[ending] {
		return
	}
	for _, s := range [...]string{base, bare} {
		l.in[inFolder{f, s}] = append(l.in[inFolder{f, s}], entry)
		l.anywhere[s] = append(l.anywhere[s], entry)
		if f.dossier != nil {
			k := ofNumber{f.dossier.found.number.Key(), s}
			l.of[k] = append(l.of[k], entry)
		}
	}
}

// resolve finds the file or folder that each row names.
func (p *planner) resolve() {
	p.ofFile, p.ofPlace = map[int32][]int32{}, map[*folder][]int32{}
	named := func(r row) bool { return r.file != "" || r.folder != "" }
	if !slices.Contains(p.m.match, ByFile) || !slices.ContainsFunc(p.rows, named) {
		return
	}
	l := p.lookup()
	for i := range p.rows {
		r, at := &p.rows[i], int32(i) //nolint:gosec // fewer than a sheet has
		if !named(*r) {
			continue
		}
		home := plainPath(dir(p.plan.Lists[r.list].Path))
		files, place := l.find(r, home)
		switch {
		case len(files) == 1:
			p.ofFile[files[0]] = append(p.ofFile[files[0]], at)
			r.matched = true
		case len(files) > 1:
			p.note(r, rowAmbiguous(len(files)))
		case place != nil:
			p.ofPlace[place] = append(p.ofPlace[place], at)
			r.matched = true
		case r.file != "":
			p.note(r, rowWithoutFile())
		}
	}
}

// find looks beside the inventory, then in the folder of the row's dossier, then
// everywhere, where a name must be the only one of its kind.
func (l *lookup) find(r *row, home string) (files []int32, place *folder) {
	at := strings.Trim(path.Join("/", plainPath(r.folder), plainPath(r.file)), "/")
	base := at[strings.LastIndexByte(at, '/')+1:]
	if f := l.paths[strings.Trim(path.Join("/", home, dir(at)), "/")]; f != nil && r.file != "" {
		files = l.in[inFolder{f, base}]
	}
	if len(files) == 0 && r.file != "" && !r.number.IsZero() {
		files = l.of[ofNumber{r.number.Key(), base}]
	}
	if len(files) == 0 && r.file != "" && !strings.Contains(at, "/") {
		files = l.anywhere[base]
	}
	if len(files) > 0 {
		return files, nil
	}
	if f := l.paths[strings.Trim(path.Join("/", home, at), "/")]; f != nil && f.up != nil {
		return nil, f
	}
	if all := l.folders[base]; len(all) == 1 {
		return nil, all[0]
	}
	return nil, nil
}

// note tells of a row, once.
func (p *planner) note(r *row, why pipeline.Reason) {
	r.matched = true
	p.plan.Rows = append(p.plan.Rows, RowNote{int(r.list), int(r.line), why})
}

// listNumber is the number that a row states for a file, or for a folder around it.
func (p *planner) listNumber(m *member, home *folder) pipeline.DossierNumber {
	for _, r := range p.ofFile[m.entry] {
		if !p.rows[r].number.IsZero() {
			return p.rows[r].number
		}
	}
	for f := home; f != nil && len(p.ofPlace) > 0; f = f.up {
		for _, r := range p.ofPlace[f] {
			if !p.rows[r].number.IsZero() {
				return p.rows[r].number
			}
		}
	}
	return pipeline.DossierNumber{}
}

// matchRows gives each draft the rows that are for it.
func (p *planner) matchRows() {
	if len(p.rows) == 0 {
		return
	}
	for i := range p.drafts {
		p.takeNamed(&p.drafts[i])
	}
	if slices.Contains(p.m.match, ByOrder) {
		p.matchUnnumbered()
	}
	drafts := map[string][]int{}
	for i := range p.drafts {
		if d := &p.drafts[i]; !d.Number.IsZero() {
			drafts[d.Number.Key()] = append(drafts[d.Number.Key()], i)
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
			k := ofList{r.list, r.number.Key()}
			if len(rows[k]) == 0 {
				order = append(order, k)
			}
			rows[k] = append(rows[k], int32(i)) //nolint:gosec // as in resolve
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
	return slices.ContainsFunc(d.rows, func(g given) bool { return !g.shared && p.rows[g.row].list == list })
}

// matchUnnumbered gives papers that have no number that of the rows of their inventory,
// the first to the first, where there are as many of both.
func (p *planner) matchUnnumbered() {
	stated := map[string]bool{}
	for i := range p.drafts {
		stated[p.drafts[i].Number.Key()] = true
	}
	for at, l := range p.plan.Lists {
		var free []int
		for i := range p.drafts {
			if d := &p.drafts[i]; d.Number.IsZero() && d.reason.IsZero() && d.home.path == dir(l.Path) {
				free = append(free, i)
			}
		}
		var rows []int32
		for i := range p.rows {
			if r := &p.rows[i]; int(r.list) == at && !r.matched && !r.odd && !stated[r.number.Key()] {
				rows = append(rows, int32(i)) //nolint:gosec // as in resolve
			}
		}
		if len(free) != len(rows) {
			continue
		}
		for i, r := range rows {
			p.give(&p.drafts[free[i]], given{row: r})
			p.drafts[free[i]].Number = p.rows[r].number
		}
	}
}

func (p *planner) give(d *draft, g given) {
	d.rows = append(d.rows, g)
	p.rows[g.row].matched = true
}

// matchDossier gives the rows of one inventory for one dossier to its papers.
func (p *planner) matchDossier(rows []int32, drafts []int) {
	if len(drafts) == 0 {
		for _, r := range rows {
			p.note(&p.rows[r], rowWithoutFile())
		}
		return
	}
	list := p.rows[rows[0]].list
	if slices.Contains(p.m.match, ByTitle) {
		rows = p.matchTitles(rows, drafts)
	}
	var free []int
	for _, i := range drafts {
		if !p.own(&p.drafts[i], list) {
			free = append(free, i)
		}
	}
	rows = p.distinct(rows)
	byNumber, byOrder := slices.Contains(p.m.match, ByNumber), slices.Contains(p.m.match, ByOrder)
	switch {
	case len(rows) == 0:
	case len(free) == 0:
		for _, r := range rows {
			p.note(&p.rows[r], rowWithoutFile())
		}
	case len(rows) == 1 && byNumber:
		for _, i := range free {
			p.give(&p.drafts[i], given{rows[0], len(free) > 1})
		}
	case len(rows) == len(free) && byOrder:
		for at, i := range free {
			p.give(&p.drafts[i], given{row: rows[at]})
		}
	case byNumber && p.m.several == CommonSeveral:
		p.giveCommon(rows, free)
	case byNumber:
		for _, i := range free {
			p.drafts[i].hold(rowsDiffer(len(rows), len(free)))
		}
		for _, r := range rows {
			p.note(&p.rows[r], rowOfNobody())
		}
	}
}

// matchTitles gives rows to the papers that are called as they say, where only one is,
// and gives back the others.
func (p *planner) matchTitles(rows []int32, drafts []int) []int32 {
	called, titled := map[string][]int{}, map[string]int{}
	for _, i := range drafts {
		if t := p.drafts[i].title; t != "" {
			called[t] = append(called[t], i)
		}
	}
	for _, r := range rows {
		titled[p.rows[r].title]++
	}
	var left []int32
	for _, r := range rows {
		t := p.rows[r].title
		if at := called[t]; t != "" && len(at) == 1 && titled[t] == 1 {
			p.give(&p.drafts[at[0]], given{row: r})
			continue
		}
		left = append(left, r)
	}
	return left
}

// distinct drops rows that say the same as another.
func (p *planner) distinct(rows []int32) []int32 {
	var all []int32
	seen := map[string]bool{}
	for _, r := range rows {
		var b strings.Builder
		one := &p.rows[r]
		b.WriteString(string(one.kind))
		for _, k := range one.fields {
			b.WriteString("\x00" + string(k.Name) + "\x00" + k.Value)
		}
		if seen[b.String()] {
			one.matched = true
			continue
		}
		seen[b.String()] = true
		all = append(all, r)
	}
	return all
}

// giveCommon gives papers what all rows of their dossier say alike.
func (p *planner) giveCommon(rows []int32, drafts []int) {
	first := &p.rows[rows[0]]
	common := slices.DeleteFunc(slices.Clone(first.fields), func(k Known) bool {
		return slices.ContainsFunc(rows, func(r int32) bool {
			return !slices.ContainsFunc(p.rows[r].fields, func(o Known) bool { return o.Name == k.Name && same(o.Value, k.Value) })
		})
	})
	first.shared = common
	for _, r := range rows {
		p.rows[r].matched = true
	}
	for _, i := range drafts {
		p.drafts[i].rows = append(p.drafts[i].rows, given{rows[0], true})
	}
}

// same compares what two inventories say, as people would.
func same(a, b string) bool { return a == b || nameOf(a).plain == nameOf(b).plain }

// fill puts what the rows of a draft say into it, or holds it where they contradict each
// other or a name.
func (p *planner) fill(d *draft) {
	for i, g := range d.rows {
		r := &p.rows[g.row]
		switch {
		case r.odd:
			d.hold(rowNumberGarbled(int(r.line)))
		case !r.number.IsZero() && !d.Number.IsZero() && r.number.Key() != d.Number.Key():
			d.hold(numbersDisagree(d.Number, r.number))
		}
		known := r.fields
		if g.shared {
			known = r.shared
		}
		if i == 0 {
			d.Known = known
		} else if other, ok := merged(d.Known, known); ok {
			d.Known = other
		} else {
			d.hold(rowsDisagree())
		}
		if r.kind != "" && !d.told {
			d.takeKind(r.kind, false)
		}
	}
	d.Listed = len(d.rows) > 0
	if d.home.listed && !d.Listed && p.m.unlisted == HoldUnlisted {
		d.hold(notListed())
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
		case r.odd && !r.matched:
			p.note(r, rowNumberGarbled(int(r.line)))
		case !r.matched:
			p.note(r, rowWithoutFile())
		}
		for _, c := range r.badCells {
			p.note(r, cellUnread(c))
		}
	}
	slices.SortStableFunc(p.plan.Rows, func(a, b RowNote) int {
		if a.List != b.List {
			return a.List - b.List
		}
		return a.Line - b.Line
	})
}

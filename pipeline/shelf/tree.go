package shelf

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"hoso/pipeline"
)

// folder is a folder of the tree, or its root.
type folder struct {
	path     string
	up       *folder // nil above the root
	children []*folder
	files    []int32 // entries that may be papers
	name     name
	found    found
	said     pipeline.Kind // the kind that its name tells, "" for none
	several  bool          // it tells more than one
	side     side
	why      Why    // it is ignored with all that it holds
	given    bool   // it is an entry of its own
	listed   bool   // an inventory speaks of what it holds
	unlisted bool   // that inventory is still being written
	unread   string // the path of an inventory that cannot be read
	double   bool   // another folder has the same number
	busy     bool   // something in it may be a paper
	dossier  *folder
}

// home is where the files of a folder belong: a folder of backs is part of that around it.
func (f *folder) home() *folder {
	for f.side != unsaid && f.up != nil {
		f = f.up
	}
	return f
}

// folder gives the folder at a path, and makes it with those above it.
func (p *planner) folder(at string) *folder {
	if f, ok := p.folders[at]; ok {
		return f
	}
	var chain []string
	for {
		chain = append(chain, at)
		cut := strings.LastIndexByte(at, '/')
		if at == "" || p.folders[at[:max(0, cut)]] != nil {
			break
		}
		at = at[:max(0, cut)]
	}
	var f *folder
	for _, one := range slices.Backward(chain) {
		f = p.makeFolder(one)
	}
	return f
}

func (p *planner) makeFolder(at string) *folder {
	f := &folder{path: at}
	p.folders[at] = f
	if at == "" {
		return f
	}
	f.up = p.folders[at[:max(0, strings.LastIndexByte(at, '/'))]]
	f.up.children = append(f.up.children, f)
	base := path.Base(at)
	if f.why = f.up.why; f.why == "" {
		f.why = p.m.ignored(base, at)
	}
	f.name = nameOf(base)
	if slices.Contains(p.m.from, FromFolder) {
		f.found = p.numbers.in(f.name)
	}
	if f.dossier = f.up.dossier; f.begins() {
		f.dossier = f
	}
	f.said, f.several = p.m.kinds.tell(f.name, f.found.used)
	f.side = p.m.sideOf(f)
	return f
}

// begins reports whether a dossier begins at a folder: it has a number, or may have one,
// and is not within another folder of that number.
func (f *folder) begins() bool {
	if f.found.number.IsZero() || f.found.doubt != sure {
		return f.found.doubt != sure
	}
	around := f.up.dossier
	return around == nil || around.found.doubt != sure || around.found.number.Key() != f.found.number.Key()
}

// sideOf gives the side of the images in a folder that is named by nothing else.
func (m *Mapping) sideOf(f *folder) side {
	if len(f.name.pieces) == 0 || f.found.to > 0 {
		return unsaid
	}
	if ph, found := m.sides.at(f.name, 0); found && len(ph.pieces) == len(f.name.pieces) {
		return ph.tells
	}
	return unsaid
}

// place puts every entry into its folder, or away.
func (p *planner) place() {
	p.folder("")
	for i, e := range p.tree.Entries {
		if e.What == Folder {
			p.folder(strings.Trim(e.Path, "/")).given = true
			continue
		}
		cut := strings.LastIndexByte(e.Path, '/')
		base := e.Path[cut+1:]
		f := p.folder(strings.Trim(e.Path[:max(0, cut)], "/"))
		why := f.why
		if why == "" {
			why = p.m.ignored(base, e.Path)
		}
		switch {
		case why != "":
			p.plan.Ignored = append(p.plan.Ignored, Ignored{e.Path, why})
		case e.What == File:
			f.files = append(f.files, int32(i))
		case e.What == Link:
			p.plan.Held = append(p.plan.Held, Held{Files: []string{e.Path}, Reason: isLink()})
		default:
			p.plan.Held = append(p.plan.Held, Held{Files: []string{e.Path}, Reason: unreadable()})
		}
	}
}

// order puts the folders into natural order, and tells each what those above it are.
func (p *planner) order() {
	stack := []*folder{p.folders[""]}
	for len(stack) > 0 {
		f := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if f.up != nil {
			f.listed = f.listed || f.up.listed
			f.unlisted = f.unlisted || f.up.unlisted
			f.unread = cmp.Or(f.unread, f.up.unread)
		}
		p.walk = append(p.walk, f)
		slices.SortFunc(f.children, func(a, b *folder) int {
			return cmp.Or(a.name.natural(b.name), cmp.Compare(a.path, b.path))
		})
		for _, c := range slices.Backward(f.children) {
			c.name = name{} // it has told all, and is large
			stack = append(stack, c)
		}
	}
	slices.SortFunc(p.plan.Held, func(a, b Held) int { return cmp.Compare(a.Files[0], b.Files[0]) })
}

// twice holds folders that have one number, unless folders around them tell that one has
// the components and the other the results.
func (p *planner) twice() {
	type place struct{ number, kind string }
	first := map[place]*folder{}
	for i := range p.drafts {
		d := p.drafts[i].home.dossier
		if d == nil || d.found.number.IsZero() || d.busy {
			continue
		}
		d.busy = true
		at := place{d.found.number.Key(), string(outside(d))}
		if other := first[at]; other == nil {
			first[at] = d
		} else {
			other.double, d.double = true, true
		}
	}
	if p.m.twice == MergeTwice {
		return
	}
	for i := range p.drafts {
		if d := p.drafts[i]; d.home.dossier != nil && d.home.dossier.double {
			d.reason, d.whole = twoFolders(d.home.dossier.found.number), true
		}
	}
}

// outside is the kind told by the name of a dossier's folder and those around it.
func outside(f *folder) pipeline.Kind {
	for ; f != nil; f = f.up {
		if f.said != "" {
			return f.said
		}
	}
	return ""
}

// empty lists the folders of dossiers that hold nothing, not even what is held.
func (p *planner) empty() {
	full := map[*folder]bool{}
	for f := range p.holders() {
		for ; f != nil && !full[f]; f = f.up {
			full[f] = true
		}
	}
	for _, f := range p.walk {
		if f.dossier == f && f.up != nil && f.why == "" && !full[f] {
			p.plan.Empty = append(p.plan.Empty, f.path)
		}
	}
}

// holders gives each folder in which a file lies that may be a paper.
func (p *planner) holders() map[*folder]bool {
	all := map[*folder]bool{}
	for _, f := range p.walk {
		if len(f.files) > 0 {
			all[f] = true
		}
	}
	for _, h := range p.plan.Held {
		for _, file := range h.Files {
			all[p.folder(file[:max(0, strings.LastIndexByte(file, '/'))])] = true
		}
	}
	return all
}

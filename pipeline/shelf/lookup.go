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
			p.folder(dir(in.Path)).unread = in.Path
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
		if e.What == File && p.m.InventoryFile(e.Path) && p.fresh(int32(i)) {
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
	base := tidied(plainPath(path.Base(p.tree.Entries[entry].Path)))
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
		r, at := &p.rows[i], int32(i)
		if !named(*r) {
			continue
		}
		home := plainPath(dir(p.plan.Lists[r.at.List].Path))
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

// find looks beside the inventory, with ever fewer of the folders that the row names; then
// in the folder of the row's dossier; then everywhere, where a name must be the only one
// of its kind; last for a folder.
func (l *lookup) find(r *row, home string) (files []int32, place *folder) {
	at := strings.Trim(path.Join("/", plainPath(r.folder), plainPath(r.file)), "/")
	if r.file != "" {
		if files = l.file(r, home, tidied(at)); len(files) > 0 {
			return files, nil
		}
	}
	base := at[strings.LastIndexByte(at, '/')+1:]
	if f := l.paths[strings.Trim(path.Join("/", home, at), "/")]; f != nil && f.up != nil {
		return nil, f
	}
	if all := l.folders[base]; len(all) == 1 && base != "" {
		return nil, all[0]
	}
	return nil, nil
}

// deepest is how many folders of a path in a row are looked for; a cell can hold thousands.
const deepest = 30

func (l *lookup) file(r *row, home, at string) []int32 {
	parts := strings.Split(at, "/")
	base := parts[len(parts)-1]
	for from := max(0, len(parts)-deepest); from < len(parts); from++ {
		rest := strings.Join(parts[from:], "/")
		for _, below := range [...]string{home, ""} {
			f := l.paths[strings.Trim(path.Join("/", below, dir(rest)), "/")]
			if files := l.in[inFolder{f, base}]; len(files) > 0 && (below == home || rest != base) {
				return files
			}
		}
	}
	if files := l.of[ofNumber{r.number.Key(), base}]; len(files) > 0 && !r.number.IsZero() {
		return files
	}
	if strings.Contains(at, "/") {
		return nil
	}
	return l.anywhere[base]
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

package main

import (
	"fmt"
	"path"
	"slices"

	"hoso/pipeline"
	"hoso/testdata/paper"
)

// nightForms are the ways in which sound papers lie on a shelf, in turn.
func nightForms() []string {
	return []string{"pdf", "tiff", "folder-of-images", "series-of-images", "fax-pdf", "jpeg", "sides-reversed", "pdf", "png", "sides-named"}
}

// pageFaults are what may be wrong with a page, in turn.
func pageFaults() []string {
	return []string{"skewed", "upside-down", "blank", "under-resolution", "cropped", "duplicate-page", "on-its-side", "page-scanned-twice"}
}

// shelve plans everything.
func (n *night) shelve() {
	for i := range n.all[:len(n.all)-faultDossiers] {
		d := &n.all[i]
		for k, layout := range d.layouts {
			if len(n.truth.Papers) < n.most {
				n.sound(d, k, layout)
			}
		}
	}
	n.stacks()
	n.lists()
	n.wrongNumbers()
	for range max(1, n.most/100) {
		n.broken()
		n.strangers()
	}
}

// shots gives the pages of a paper of a dossier, at most some.
func (n *night) shots(d *dossier, k int, layout paper.Layout, most int) []shot {
	count := min(most, []int{3, 2, 4, 5, 3, 1, 6, 4, 2, 5, 11}[(k+int(d.seed>>8))%11])
	seed := d.seed + uint64(k)
	if layout == paper.Receipt {
		seed, count = d.seed, min(count, 2)
	}
	var all []shot
	for i := range count {
		look := paper.Look{Skew: n.r.Float64() - 0.5, Seed: n.r.Uint64()}
		all = append(all, shot{layout: layout, seed: seed + uint64(i*32), number: i + 1, look: look})
	}
	all[0].seed = seed
	return all
}

// spoil plants a fault in a page of a paper: in each paper until there is one of every kind,
// then in every fourth. Pages may be added where more than one is allowed.
func (n *night) spoil(shots []shot, several bool) []shot {
	all := pageFaults()
	if n.turn >= len(all) && len(n.truth.Papers)%4 != 0 {
		return shots
	}
	fault := all[n.turn%len(all)]
	at := n.turn % len(shots)
	added, adds := n.added(fault, shots[at])
	switch {
	case adds && !several:
		return shots
	case adds:
		shots = slices.Insert(slices.Clone(shots), at+1, added)
	default:
		n.worsen(fault, &shots[at])
	}
	n.turn++
	return shots
}

// added gives the page that a fault puts behind another, if it does so.
func (n *night) added(fault string, behind shot) (s shot, adds bool) {
	switch fault {
	case "blank":
		s = shot{blank: true, number: behind.number, look: paper.Look{Seed: n.r.Uint64()}}
	case "duplicate-page":
		s = behind
	case "page-scanned-twice":
		s = behind
		s.look.Skew, s.look.Seed = -s.look.Skew-0.4, n.r.Uint64()
	default:
		return shot{}, false
	}
	s.Faults = []string{fault}
	return s, true
}

// worsen plants a fault in a page.
func (n *night) worsen(fault string, s *shot) {
	switch fault {
	case "skewed":
		s.look.Skew = 4 + 3*n.r.Float64()
	case "upside-down":
		s.look.Turn = 2
	case "on-its-side":
		s.look.Turn = 1
	case "under-resolution":
		s.look.DPI = 72
	case "cropped":
		s.crop = 0.12 + 0.1*n.r.Float64()
	}
	s.Faults = []string{fault}
}

// sound puts a paper into the folder of its dossier that ought to be filed.
func (n *night) sound(d *dossier, k int, layout paper.Layout) {
	formName := nightForms()[len(n.truth.Papers)%len(nightForms())]
	single := formName == "jpeg" || formName == "png"
	most := 11
	if single {
		most = 1
	}
	shots := n.spoil(n.shots(d, k, layout, most), !single)
	kind := kindOf(layout)
	p := nightPaper{Dossier: d.number.Key(), From: "folder", Kind: string(kind), Form: formName, Title: titles()[layout], Fate: fateFiled}
	base := path.Join(d.folder, kindFolder(kind), p.Title)
	switch formName {
	case "pdf", "fax-pdf", "tiff", "jpeg", "png":
		f := map[string]form{"pdf": formPDF, "fax-pdf": formFax, "tiff": formTIFF, "jpeg": formJPEG, "png": formPNG}[formName]
		p.Pages = pagesIn(base+string(f), 1, len(shots))
		n.scan(base+string(f), f, d.device, fateFiled, shots)
	case "folder-of-images", "series-of-images":
		for i, s := range shots {
			name := fmt.Sprintf("%s/%d.jpg", base, i+1) // 10 comes behind 9
			if formName == "series-of-images" {
				name = fmt.Sprintf("%s-%03d.jpg", base, i+1)
			}
			n.scan(name, formJPEG, d.device, fateFiled, []shot{s})
			p.Pages = append(p.Pages, name+"#1")
		}
	default:
		p.Pages = n.sides(base, formName, d.device, shots)
	}
	n.paper(p)
}

// sides scans all fronts, then all backs: in two folders, the backs from the last sheet to
// the first, or with the side in the name. It gives the pages in order.
func (n *night) sides(base, formName string, by device, shots []shot) []string {
	if len(shots)%2 == 1 {
		shots = append(shots, shot{blank: true, Faults: []string{"blank"}, look: paper.Look{Seed: n.r.Uint64()}})
	}
	sheets := len(shots) / 2
	var order []string
	name := func(sheet int, back bool) string {
		switch {
		case formName == "sides-named" && back:
			return fmt.Sprintf("%s %d mặt sau.jpg", base, sheet+1)
		case formName == "sides-named":
			return fmt.Sprintf("%s %d mặt trước.jpg", base, sheet+1)
		case back:
			return fmt.Sprintf("%s/Mặt sau/%02d.jpg", base, sheets-sheet)
		}
		return fmt.Sprintf("%s/Mặt trước/%02d.jpg", base, sheet+1)
	}
	for i := range sheets {
		n.scan(name(i, false), formJPEG, by, fateFiled, shots[2*i:2*i+1])
	}
	for i := range sheets { // the stack is turned over, and the last sheet comes first
		i = sheets - 1 - i
		n.scan(name(i, true), formJPEG, by, fateFiled, shots[2*i+1:2*i+2])
	}
	for i := range sheets {
		order = append(order, name(i, false)+"#1", name(i, true)+"#1")
	}
	return order
}

// faultDossiers are kept back for what is planted apart: two for stacks, one in two folders,
// one mixed up in an inventory, one whose number stands on the paper alone.
const faultDossiers = 5

// spare gives one of them.
func (n *night) spare(i int) *dossier { return &n.all[len(n.all)-faultDossiers+i] }

// stacks scans several papers into one file, parted by separator sheets.
func (n *night) stacks() {
	for i := range max(1, n.most/60) {
		d := &n.all[i*5%max(1, len(n.all)-faultDossiers)]
		by := d.device
		// In a folder of a dossier: sheets name the kind, the second one is printed on both sides.
		n.stack(path.Join(d.folder, "Cả tập.pdf"), formPDF, by, "folder", []part{
			{d, paper.Application, 90, pipeline.Separator{Kind: pipeline.Component}, ""},
			{d, paper.Decision, 91, pipeline.Separator{Kind: pipeline.Result}, "blank"},
			{d, paper.Declaration, 92, pipeline.Separator{Kind: pipeline.Component}, ""},
		})
		// Beside the dossiers: sheets name them, some are kept; one lies twice.
		a, b := n.spare(0), n.spare(1)
		n.stack(path.Join(by.folder, "Tập quét", fmt.Sprintf("tap-%03d.tif", i+1)), formTIFF, by, "sheet", []part{
			{a, paper.Decision, 80 + 4*i, pipeline.Separator{Dossier: a.number, Kind: pipeline.Result, Keep: true}, ""},
			{b, paper.Minutes, 81 + 4*i, pipeline.Separator{Dossier: b.number, Kind: pipeline.Output}, "twice"},
			{a, paper.Extract, 82 + 4*i, pipeline.Separator{Dossier: a.number, Kind: pipeline.Component}, "blank"},
		})
	}
	d := n.spare(1)
	n.foreign(d)
}

// part is a paper of a stack, the sheet before it and what follows the sheet: its blank
// back, or once more the same.
type part struct {
	dossier *dossier
	layout  paper.Layout
	number  int // of the paper in its dossier
	says    pipeline.Separator
	behind  string
}

// stack scans parts into one file.
func (n *night) stack(name string, f form, by device, from string, parts []part) {
	var shots []shot
	at := func() string { return fmt.Sprintf("%s#%d", name, len(shots)) }
	for _, t := range parts {
		p := nightPaper{Dossier: t.dossier.number.Key(), From: from, Kind: string(t.says.Kind), Form: "stack", Title: titles()[t.layout], Fate: fateFiled}
		sheet := shot{sheet: t.says.String(), Faults: []string{"separator-dropped"}, look: paper.Look{Seed: n.r.Uint64()}}
		if t.says.Keep {
			sheet.Faults = []string{"separator-kept"}
		}
		shots = append(shots, sheet)
		if t.says.Keep {
			p.Pages = append(p.Pages, at())
		} else {
			p.Drops = append(p.Drops, at())
		}
		switch t.behind {
		case "blank":
			shots = append(shots, shot{blank: true, Faults: []string{"separator-back"}, look: paper.Look{Seed: n.r.Uint64()}})
			p.Drops = append(p.Drops, at())
		case "twice":
			shots = append(shots, sheet)
			p.Drops = append(p.Drops, at())
		}
		for _, s := range n.shots(t.dossier, t.number, t.layout, 3) {
			shots = append(shots, s)
			p.Pages = append(p.Pages, at())
		}
		n.paper(p)
	}
	n.scan(name, f, by, fateFiled, shots)
}

// foreign scans a stack with sheets of another program.
func (n *night) foreign(d *dossier) {
	name := path.Join(d.folder, kindFolder(pipeline.Component), "Cả tập PATCH T.pdf")
	var shots []shot
	for i, layout := range []paper.Layout{paper.Application, paper.Declaration} {
		p := nightPaper{Dossier: d.number.Key(), From: "folder", Kind: string(pipeline.Component), Form: "stack", Title: titles()[layout], Fate: fateFiled}
		shots = append(shots, shot{sheet: "PATCHT", Faults: []string{"separator-dropped"}})
		p.Drops = pagesIn(name, len(shots), len(shots))
		pages := n.shots(d, 70+i, layout, 2)
		p.Pages = pagesIn(name, len(shots)+1, len(shots)+len(pages))
		shots = append(shots, pages...)
		n.paper(p)
	}
	n.scan(name, formPDF, d.device, fateFiled, shots)
}

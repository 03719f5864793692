package shelf

import (
	"cmp"
	"slices"
	"time"

	"hoso/pipeline"
)

// Entry is one thing that lies in a tree of folders.
type Entry struct {
	Path    string // below the root, its parts parted by /, each as the file system gives it
	Size    int64  // bytes of a file
	Changed time.Time
	What    What
	Several bool // it holds several pages, as far as somebody has looked: see Mapping.PerhapsStacks
}

// What is what an entry is.
type What byte

// What may lie in a tree.
const (
	File       What = iota
	Folder          // need not be given where something lies in it
	Link            // is never followed
	Unreadable      // a file or folder that cannot be opened
)

// Tree is all that a plan is made of. Entries may come in any order, each path once.
type Tree struct {
	Entries []Entry
	Lists   []Inventory // what was read of each file for which Mapping.InventoryFile holds
	Now     time.Time   // files changed less than Settle before are waited for; zero waits for none
}

// Plan is what a tree of folders means. Each file of the tree is in it once: in a paper,
// held or ignored.
type Plan struct {
	Papers   []Paper // by folders and names, in natural order
	Held     []Held
	Ignored  []Ignored
	Lists    []List
	Rows     []RowNote // rows of which nothing or not all became part of a paper
	Unlisted []int     // papers, by their place, that an inventory should name and does not
	Empty    []string  // folders of a dossier in which nothing was scanned
}

// Paper is one paper to be handed in.
type Paper struct {
	Files  []string               // in order; several are one paper together
	Number pipeline.DossierNumber // zero if it is to be read from the paper
	Kind   pipeline.Kind
	Called string  // what its names say it is, such as "Giấy khai sinh"; "" if nothing
	Code   string  // official code of its kind of paper, if its name has one
	Known  []Known // what inventories say of it; shared between papers, not to be changed
	Rows   []RowAt // of inventories that are for it, or for its dossier

	// Collate says that there are two files, the fronts of all sheets and the backs, whose
	// pages are to be put together by whoever sees them; "" for all other papers.
	Collate Order
	Missing int // numbers that its pages skip, counted from the first page on
}

// Held are files that nobody can file as they are. They stay where they lie.
type Held struct {
	Files  []string
	Reason pipeline.Reason
	Rows   []RowAt // of inventories that are for it
	Later  bool    // nothing is wrong; it goes away by itself
}

// Ignored is a file that is no paper.
type Ignored struct {
	File string
	Why  Why
}

// Why says why a file is no paper.
type Why string

// The reasons for ignoring a file.
const (
	System    Why = "system"    // of an operating system: Thumbs.db, hidden files
	Temporary Why = "temporary" // of a program that copies or edits
	Report    Why = "report"    // our own
	Done      Why = "done"      // moved there after its receipt
	Used      Why = "inventory" // an inventory that was understood
)

// RowNote is a row of an inventory that needs a look.
type RowNote struct {
	Row    RowAt
	Reason pipeline.Reason
}

// Plan says what a tree means. It depends on the tree alone, not on the order of its
// entries.
func (m *Mapping) Plan(t Tree) *Plan {
	p := &planner{m: m, tree: t, plan: &Plan{}, folders: map[string]*folder{}}
	p.place()
	p.readLists()
	p.order()
	p.resolve()
	p.draft()
	p.twice()
	p.matchRows()
	p.finish()
	return p.plan
}

// planner makes one plan.
type planner struct {
	m         *Mapping
	tree      Tree
	plan      *Plan
	numbers   numbers
	folders   map[string]*folder // by path
	walk      []*folder          // parents before what they hold, in natural order
	drafts    []*draft
	rows      []row
	ofFile    map[int32][]int32          // rows that name a file, by entry
	ofPlace   map[*folder][]int32        // rows that name a folder
	refused   map[string]pipeline.Reason // inventories that were read; why one was not understood
	lastWhole *folder                    // whose files the last of those held are
}

// draft is what may become a paper. Every file that may be one is in one draft.
type draft struct {
	Paper
	home    *folder
	entries []int32
	title   string // what it is called, without tones
	told    bool   // a name tells its kind
	doubts  bool   // names tell several kinds
	reason  pipeline.Reason
	whole   bool // the reason is that of the whole folder
	rows    []given
}

// given is a row that is for a draft; shared says that only what holds for a whole
// dossier is.
type given struct {
	row    int32
	shared bool
}

// hold keeps the first reason.
func (d *draft) hold(r pipeline.Reason) {
	if d.reason.IsZero() {
		d.reason = r
	}
}

// finish turns drafts into papers and what is held.
func (p *planner) finish() {
	p.plan.Papers = make([]Paper, 0, len(p.drafts))
	for i, d := range p.drafts {
		p.drafts[i] = nil // nobody needs it again
		p.settleKind(d)
		p.fill(d)
		if p.waits(d) {
			p.plan.Held = append(p.plan.Held, Held{p.names(d), stillChanging(), d.Rows, true})
			continue
		}
		if d.reason.IsZero() {
			if d.home.listed && len(d.Rows) == 0 {
				p.plan.Unlisted = append(p.plan.Unlisted, len(p.plan.Papers))
			}
			d.Files = p.names(d)
			p.plan.Papers = append(p.plan.Papers, d.Paper)
			continue
		}
		p.keep(d)
	}
	slices.SortFunc(p.plan.Ignored, func(a, b Ignored) int { return cmp.Compare(a.File, b.File) })
	p.noteRows()
	p.empty()
}

// keep adds a draft to what is held, together with others of its folder where the folder
// is the reason.
func (p *planner) keep(d *draft) {
	files := p.names(d)
	if n := len(p.plan.Held); d.whole && n > 0 {
		if last := &p.plan.Held[n-1]; last.Reason == d.reason && d.home.dossier == p.lastWhole {
			last.Files, last.Rows = append(last.Files, files...), append(slices.Clip(last.Rows), d.Rows...)
			return
		}
	}
	p.lastWhole = nil
	if d.whole {
		p.lastWhole = d.home.dossier
	}
	p.plan.Held = append(p.plan.Held, Held{files, d.reason, d.Rows, false})
}

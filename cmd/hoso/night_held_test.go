package main_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
)

// fate says in the words of the truth what became of a file.
func (n *night) fate(f pipeline.ShelfFile) string {
	if f.State == pipeline.FileIgnored && f.Why == "inventory" {
		return "list"
	}
	if f.State != pipeline.FileReceived {
		return string(f.State)
	}
	states := map[pipeline.State]bool{}
	for id, p := range n.papers {
		if id == f.Paper || p.Parted == f.Paper {
			states[p.State] = true
		}
	}
	switch {
	case states[pipeline.Confirming]:
		return "held"
	case states[pipeline.Rejected]:
		return "refused"
	case len(states) != 1 || !states[pipeline.Filed]:
		return fmt.Sprint(states)
	case remarked(f, "twice"):
		return "duplicate"
	}
	return "filed"
}

// holdFates compares what became of every file with what ought to have, and whoever has to
// see to one is told why, in both reports.
func (n *night) holdFates() {
	t := n.t
	t.Helper()
	unknown := maps.Clone(n.files)
	for _, want := range n.truth.Files {
		f, there := n.files[want.Path]
		delete(unknown, want.Path)
		got := n.fate(f)
		if !there || got != want.Fate && (want.Also == "" || got != want.Also) {
			t.Errorf("%s (%s) is %q (%s, %s), want %q %s", want.Path, want.Fault, got, f.State, n.why(f), want.Fate, want.Also)
		}
		if (got == "held" || got == "refused") && n.why(f) == "" {
			t.Errorf("%s is %s, and nobody is told why", want.Path, got)
		}
	}
	for path, f := range unknown {
		t.Errorf("%s is %s, and was never put there", path, f.State)
	}
}

// why gives what a person is told of a file that is not filed.
func (n *night) why(f pipeline.ShelfFile) string {
	why := f.Reason.Vietnamese
	for id, p := range n.papers {
		if id == f.Paper || p.Parted == f.Paper && f.Paper != "" {
			why += p.Reason.Vietnamese
		}
	}
	return why
}

// holdPapers compares every paper that ought to be filed: its dossier, its kind, its pages in
// their order, without the separator sheets.
func (n *night) holdPapers() {
	t := n.t
	t.Helper()
	for _, want := range n.truth.Papers {
		id, there := n.in[want.Pages[0]]
		p := n.papers[id]
		switch {
		case want.Fate != "filed":
			if there && p.State == pipeline.Filed {
				t.Errorf("%s is filed, want it %s", want.Pages[0], want.Fate)
			}
		case !there:
			t.Errorf("%s %s of %s is in no paper", want.ID, want.Form, want.Pages[0])
		case p.State != pipeline.Filed || p.Dossier.Key() != want.Dossier || string(p.Kind) != want.Kind || p.Pages != len(want.Pages):
			t.Errorf("%s %s of %s is %s in %s as %s with %d pages; want it filed in %s as %s with %d", want.ID, want.Form, want.Pages[0],
				p.State, p.Dossier.Key(), p.Kind, p.Pages, want.Dossier, want.Kind, len(want.Pages))
		}
		if diff := cmp.Diff(want.Pages, n.pages[id]); there && diff != "" {
			t.Errorf("%s %s of %s has pages (-want +got):\n%s", want.ID, want.Form, want.Pages[0], diff)
		}
		for _, page := range want.Drops {
			if in, kept := n.in[page]; kept {
				t.Errorf("the sheet %s is a page of %s", page, in)
			}
		}
	}
}

// holdRows: of an inventory's rows those that name a paper are its, those that name none are
// told of, and where a row and a folder disagree the file waits for a person.
func (n *night) holdRows() {
	t := n.t
	t.Helper()
	rowOf := map[string]bool{} // papers that a row names
	lines := map[string][]string{}
	for _, r := range n.truth.Rows {
		if r.Fate == "fits" {
			rowOf[r.Paper] = true
		}
		if r.Fate == "no-file" {
			lines[r.List] = append(lines[r.List], fmt.Sprintf("Dòng %d: ", r.Line))
		}
		lines[r.List] = append(lines[r.List], "")
	}
	for list, want := range lines {
		want = slices.DeleteFunc(want, func(line string) bool { return line == "" })
		var got []string
		for _, r := range n.files[list].Remarks {
			line, _, _ := strings.Cut(r.Vietnamese, ": ")
			got = append(got, line+": ")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("rows of %s that name no file (-want +got):\n%s", list, diff)
		}
	}
	for _, p := range n.truth.Papers {
		file, _, _ := strings.Cut(p.Pages[0], "#")
		f, box := n.files[file], ""
		for list := range lines {
			if strings.HasPrefix(file, filepath.Dir(list)+"/") {
				box = list
			}
		}
		if lacks := remarked(f, "list-lacks"); p.Fate == "filed" && lacks != (box != "" && !rowOf[p.ID]) {
			t.Errorf("%s %s: told that no row names it: %t; a row of %q names it: %t", p.ID, file, lacks, box, rowOf[p.ID])
		}
		mixed := slices.ContainsFunc(n.truth.Rows, func(r trueRow) bool { return r.Fate == "mixed-up" && r.Paper == p.ID })
		if mixed && f.Reason.Code != "numbers-disagree" {
			t.Errorf("%s, which its row puts into another dossier than its folder, is %s: %s", file, f.State, f.Reason.Code)
		}
	}
}

// holdTotals adds up the truth and compares it with the totals, which balance.
func (n *night) holdTotals() {
	t := n.t
	t.Helper()
	want := map[string]int{"found": len(n.truth.Files), "filed": 0, "waiting": 0, "refused": 0, "todo": 0, "ignored": 0}
	words := map[string]string{"filed": "filed", "duplicate": "filed", "held": "waiting", "refused": "refused", "ignored": "ignored", "list": "ignored"}
	for _, f := range n.truth.Files {
		fate := f.Fate
		if f.Also != "" && n.fate(n.files[f.Path]) == f.Also {
			fate = f.Also
		}
		want[words[fate]]++
	}
	r := n.report
	if diff := cmp.Diff(want, r.Sum); diff != "" || !r.Even || !r.Balance.Even() {
		t.Errorf("the totals, even %t and %t (-want +got):\n%s", r.Even, r.Balance.Even(), diff)
	}
	filed, pages := 0, 0
	for id, p := range n.papers {
		if p.State == pipeline.Filed {
			filed, pages = filed+1, pages+len(n.pages[id])
		}
	}
	if int(r.Balance.Papers.Filed) != filed || r.Totals.Papers != len(n.papers) || int(r.Balance.Papers.Received) != len(n.papers) {
		t.Errorf("%d papers, %d filed; the report says %+v and %+v", len(n.papers), filed, r.Totals, r.Balance.Papers)
	}
	salvaged := 0 // truncated files that could be read all the same
	for _, f := range n.truth.Files {
		if f.Fault == "truncated" && n.fate(n.files[f.Path]) == "filed" {
			salvaged++
		}
	}
	if filed != n.truth.Totals["papers filed"]+salvaged || pages != n.truth.Totals["pages of papers filed"] {
		t.Errorf("%d papers with %d pages are filed, and %d salvaged; want %d with %d", filed, pages, salvaged, n.truth.Totals["papers filed"], n.truth.Totals["pages of papers filed"])
	}
	if p := r.Proof; p.Counted != len(n.files) || p.Missing != 0 || p.Unasked != 0 || p.Records != filed || p.Originals != len(n.papers) {
		t.Errorf("the report proves %+v of %d files and %d papers, %d filed", p, len(n.files), len(n.papers), filed)
	}
	if said := fmt.Sprintf("%d trên %d", r.Sum["filed"], r.Sum["found"]); !strings.Contains(n.page, said) || !strings.Contains(r.Headline, strconv.Itoa(r.Sum["found"])) {
		t.Errorf("the page does not say %q, or the headline is %q", said, r.Headline)
	}
	for _, f := range n.truth.Files {
		twice := slices.ContainsFunc(r.Twice, func(two struct{ Path, First string }) bool { return two.Path == f.Path })
		if f.Fault == "duplicate-file" && !twice {
			t.Errorf("the report does not say that %s is another file's copy", f.Path)
		}
	}
}

// holdSecondRun: another run has nothing to do.
func (n *night) holdSecondRun() {
	t := n.t
	t.Helper()
	files, papers := n.files, n.papers
	if now := n.runs(); !cmp.Equal(now.Balance, n.report.Balance) || now.Shelf.Run.N != 2 {
		t.Errorf("a second run: %+v, then %+v", n.report.Balance, now)
	}
	n.looks()
	for path, f := range files {
		again := n.files[path]
		again.Walk = f.Walk // which is all that a run may change
		if diff := cmp.Diff(f, again); diff != "" {
			t.Errorf("the second run changed %s:\n%s", path, diff)
		}
	}
	if len(papers) != len(n.papers) || len(files) != len(n.files) {
		t.Errorf("a second run made %d files and %d papers of %d and %d", len(n.files), len(n.papers), len(files), len(papers))
	}
	for id, p := range papers {
		if n.papers[id].Gen != p.Gen {
			t.Errorf("the second run moved %s from %s to %s", id, p.State, n.papers[id].State)
		}
	}
}

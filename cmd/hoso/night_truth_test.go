package main_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
)

// nightVariable asks for a shelf of more papers than the few of every run.
const nightVariable = "HOSO_TEST_NIGHT"

// The truth about a generated shelf, as far as it is held against what hoso says: see
// testdata/generate.
type (
	nightTruth struct {
		Papers []truePaper    `json:"papers"`
		Files  []trueFile     `json:"files"`
		Rows   []trueRow      `json:"rows"`
		Totals map[string]int `json:"totals"`
	}
	truePaper struct {
		ID      string   `json:"id"`
		Dossier string   `json:"dossier"`
		Kind    string   `json:"kind"`
		Form    string   `json:"form"`
		Fate    string   `json:"fate"`
		Pages   []string `json:"pages"` // a file, #, and its page in it from 1
		Drops   []string `json:"drops"` // likewise
	}
	trueFile struct {
		Path   string     `json:"path"`
		Fate   string     `json:"fate"`
		Also   string     `json:"also"`
		Fault  string     `json:"fault"`
		Device string     `json:"device"`
		Pages  int        `json:"pages"`
		Faulty []truePage `json:"faulty_pages"`
	}
	truePage struct {
		Page   int      `json:"page"`
		Faults []string `json:"faults"`
	}
	trueRow struct {
		List  string `json:"list"`
		Line  int    `json:"line"`
		Fate  string `json:"fate"`
		Paper string `json:"paper"`
	}
)

// nightReport is what of the morning report is held against the truth.
type nightReport struct {
	Headline string                `json:"headline"`
	Even     bool                  `json:"even"`
	Sum      map[string]int        `json:"sum"`
	Balance  pipeline.ShelfBalance `json:"balance"`
	Totals   struct {
		Papers, Pages int
	} `json:"totals"`
	Proof struct {
		Counted, Missing, Unasked, Originals, Records int
	} `json:"proof"`
	Twice []struct{ Path, First string } `json:"twice"`
}

// night is a shelf, the truth about it, and what hoso says of it.
type night struct {
	t     *testing.T
	s     *service
	dir   string
	truth nightTruth

	files  map[string]pipeline.ShelfFile
	papers map[pipeline.PaperID]pipeline.Paper
	pages  map[pipeline.PaperID][]string // as the truth writes them
	in     map[string]pipeline.PaperID   // of which paper a page is
	report nightReport
	page   string // the report as a page
}

// TestNightAgainstTheTruth works a shelf off on which faults of every kind were planted, and
// holds everything that hoso says of it against what was planted.
func TestNightAgainstTheTruth(t *testing.T) {
	n := &night{t: t, dir: filepath.Join(t.TempDir(), "Tủ 7")}
	n.generate(14)
	before := n.lies()
	n.s = newService(t)
	n.works()
	n.looks()
	n.holdFates()
	n.holdPapers()
	n.holdRows()
	n.holdTotals()
	n.holdFlags()
	n.holdSecondRun()
	if diff := cmp.Diff(before, n.lies()); diff != "" {
		t.Errorf("the shelf was touched (-before +after):\n%s", diff)
	}
}

// generate writes the shelf and reads the truth about it.
func (n *night) generate(usual int) {
	t := n.t
	t.Helper()
	papers := os.Getenv(nightVariable)
	if papers == "" {
		papers = strconv.Itoa(usual)
	}
	out, err := exec.CommandContext(t.Context(), "go", "run", "../../testdata/generate", "night", n.dir, "--papers", papers).CombinedOutput() //nolint:gosec // words of our own
	if err != nil {
		t.Fatalf("generating: %v: %s", err, out)
	}
	if err := json.Unmarshal(loaded(t, n.dir+".truth.json"), &n.truth); err != nil {
		t.Fatal(err)
	}
	for i, f := range n.truth.Files {
		if f.Fault != "unreadable-folder" {
			continue
		}
		path := filepath.Join(n.dir, f.Path)
		if _, err := os.ReadDir(path); err == nil { // by the administrator of the machine, to whom no folder is shut
			n.truth.Files[i] = trueFile{Path: f.Path + "/Đơn.pdf", Fate: "refused", Fault: "password"}
		}
		t.Cleanup(func() { _ = os.Chmod(path, 0o700) }) //nolint:gosec // a folder, which is to be removed
	}
}

// lies gives all that lies on the shelf, with its times and contents.
func (n *night) lies() map[string]string {
	n.t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(n.dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrPermission) { // shut, also to this test
			return fs.SkipDir
		}
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		what := info.Mode().String() + " " + info.ModTime().UTC().String()
		switch {
		case info.Mode().IsRegular():
			what += " " + pipeline.Sum(loaded(n.t, path)).String()
		case info.Mode()&fs.ModeSymlink != 0:
			to, err := os.Readlink(path)
			if err != nil {
				return err
			}
			what += " to " + to
		}
		all[strings.TrimPrefix(path, n.dir)] = what
		return nil
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return all
}

// works has the shelf worked off and reads the reports.
func (n *night) works() {
	t := n.t
	t.Helper()
	began := time.Now()
	reports := filepath.Join(t.TempDir(), "sáng")
	now := n.runs("--report", reports+".html", "--report", reports+".json")
	took := time.Since(began)
	if b := now.Balance; !b.Even() || b.Open != 0 || b.ToDo != 0 || now.Shelf.Run.How != pipeline.RunDone {
		t.Errorf("the night did not come to its end: %+v", now)
	}
	t.Logf("%d papers, %d pages in %.0f s: %.1f pages a minute", now.Balance.Papers.Received, now.Balance.Pages, took.Seconds(), float64(now.Balance.Pages)/took.Minutes())
	if err := json.Unmarshal(loaded(t, reports+".json"), &n.report); err != nil {
		t.Fatal(err)
	}
	n.page = string(loaded(t, reports+".html"))
}

// runs has the batch go through the shelf, which leaves something for people.
func (n *night) runs(more ...string) told {
	t := n.t
	t.Helper()
	rules := filepath.Join(t.TempDir(), "quy tắc.yaml")
	write(t, rules, []byte("settle: 1s\nunfinished: 5s\n")) // nobody writes there any more
	args := append([]string{"batch", "--data", n.s.data, "--json", "--batch", "dem", "--rescan", "1s", "--mapping", rules, n.dir}, more...)
	cmd := exec.CommandContext(t.Context(), binary(t), args...) //nolint:gosec // the binary under test
	out, err := cmd.Output()
	var now told
	if code := cmd.ProcessState.ExitCode(); code != 6 || json.Unmarshal(out, &now) != nil {
		t.Fatalf("batch: exit %d, %v: %s", code, err, out)
	}
	return now
}

// looks reads what became of every file and every paper.
func (n *night) looks() {
	n.files, n.papers = map[string]pipeline.ShelfFile{}, map[pipeline.PaperID]pipeline.Paper{}
	for next := int64(0); ; {
		var page struct {
			Files []pipeline.ShelfFile
			Next  int64
		}
		n.asks(fmt.Sprintf("/api/v1/batches/dem/files?after=%d", next), &page)
		for _, f := range page.Files {
			if f.State != pipeline.FileGone {
				n.files[f.Path] = f
			}
		}
		if next = page.Next; next == 0 {
			break
		}
	}
	for next := int64(0); ; {
		var page struct {
			Papers []pipeline.Paper
			Next   int64
		}
		n.asks(fmt.Sprintf("/api/v1/batches/dem/papers?after=%d", next), &page)
		for _, p := range page.Papers {
			n.papers[p.ID] = p
		}
		if next = page.Next; next == 0 {
			break
		}
	}
	n.namesCopies()
	n.findsPages()
}

// namesCopies has the copy of a file be the one that the truth calls so: of two with the same
// bytes either may come first, since several are handed in at once.
func (n *night) namesCopies() {
	for _, want := range n.truth.Files {
		c := n.files[want.Path]
		if want.Fault != "duplicate-file" || remarked(c, "twice") {
			continue
		}
		for path, f := range n.files {
			if path != want.Path && f.Digest == c.Digest && f.Paper == c.Paper && remarked(f, "twice") {
				c.Remarks, f.Remarks = f.Remarks, c.Remarks
				n.files[path], n.files[want.Path] = f, c
			}
		}
	}
}

func (n *night) asks(path string, into any) {
	n.t.Helper()
	if err := json.Unmarshal([]byte(n.s.page(path)), into); err != nil {
		n.t.Fatalf("%s: %v", path, err)
	}
}

// findsPages says of each page of each paper where on the shelf it lies.
func (n *night) findsPages() {
	n.pages, n.in = map[pipeline.PaperID][]string{}, map[string]pipeline.PaperID{}
	count := map[string]int{}
	for _, f := range n.truth.Files {
		count[f.Path] = f.Pages
	}
	of := map[pipeline.PaperID][]pipeline.ShelfFile{} // the files of each paper, in its order
	for _, path := range slices.Sorted(maps.Keys(n.files)) {
		if f := n.files[path]; f.Paper != "" && !remarked(f, "twice") {
			of[f.Paper] = append(of[f.Paper], f)
		}
	}
	for id, p := range n.papers {
		files := of[id]
		if p.Parted != "" {
			files = of[p.Parted]
		}
		slices.SortFunc(files, func(a, b pipeline.ShelfFile) int { return a.Part - b.Part })
		var sheets []string
		for _, f := range files {
			for i := range count[f.Path] {
				sheets = append(sheets, fmt.Sprintf("%s#%d", f.Path, i+1))
			}
		}
		for _, l := range p.AllLeaves() {
			if l.Page > len(sheets) {
				n.t.Errorf("%s has page %d of %q, which have %d", id, l.Page, files[0].Path, len(sheets))
				continue
			}
			n.pages[id] = append(n.pages[id], sheets[l.Page-1])
			n.in[sheets[l.Page-1]] = id
		}
	}
}

func remarked(f pipeline.ShelfFile, code string) bool {
	return slices.ContainsFunc(f.Remarks, func(r pipeline.Reason) bool { return r.Code == code })
}

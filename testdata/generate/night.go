package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"hoso/testdata/paper"
)

// truthOf is where the truth about a shelf stands: beside it, so that no reader of the shelf
// comes upon it.
func truthOf(dir string) string { return filepath.Clean(dir) + ".truth.json" }

// The fates of files and papers.
const (
	fateFiled     = "filed"
	fateHeld      = "held"      // waits for a person, with a reason
	fateRefused   = "refused"   // with a reason
	fateDuplicate = "duplicate" // its bytes are those of another file of the same dossier
	fateIgnored   = "ignored"   // is no paper and nobody need look at it
	fateList      = "list"      // an inventory
)

// nightTruth says what ought to become of everything on a shelf.
type nightTruth struct {
	Seed   uint64         `json:"seed"`
	Totals map[string]int `json:"totals"`
	Papers []nightPaper   `json:"papers"`
	Files  []*nightFile   `json:"files"` // by path, links and folders that cannot be read among them
	Rows   []nightRow     `json:"rows"`
}

// nightPaper is a paper and where its pages lie.
type nightPaper struct {
	ID      string   `json:"id"`
	Dossier string   `json:"dossier"` // as hoso writes it; "" if nobody can know it
	From    string   `json:"from"`    // what names the dossier: folder, sheet, file or page
	Kind    string   `json:"kind"`
	Form    string   `json:"form"` // how it lies there: see nightForms
	Title   string   `json:"title"`
	Fate    string   `json:"fate"`
	Why     string   `json:"why,omitempty"`
	Pages   []string `json:"pages"` // in order, each a file below the shelf, #, and its page in it from 1
	Drops   []string `json:"drops,omitempty"`
}

// nightFile is a file and what ought to become of it.
type nightFile struct {
	Path   string      `json:"path"` // below the shelf, as bytes of the file system: NFC or NFD as written
	Fate   string      `json:"fate"`
	Also   string      `json:"also,omitempty"` // another fate that is as good
	Why    string      `json:"why,omitempty"`
	Fault  string      `json:"fault,omitempty"` // the one planted in the file as a whole
	Device string      `json:"device,omitempty"`
	Pages  int         `json:"pages,omitempty"` // 0 where nobody can count them
	Faulty []faultPage `json:"faulty_pages,omitempty"`

	made  time.Time
	bytes func(*paper.Fonts) ([]byte, error)
	link  string // a symbolic link to there
	shut  bool   // a folder that nobody may open, with a file in it
}

// faultPage is what is wrong with a page, from 1.
type faultPage struct {
	Page   int      `json:"page"`
	Faults []string `json:"faults"`
	Streak float64  `json:"streak,omitempty"` // 0 to 1
}

// nightRow is a row of an inventory.
type nightRow struct {
	List  string `json:"list"`
	Line  int    `json:"line"`
	Fate  string `json:"fate"` // fits, no-file, mixed-up
	Paper string `json:"paper,omitempty"`
}

// nightPapers is how many sound papers a shelf has if nobody says.
const nightPapers = "300"

// night writes a shelf with faults of every kind for the night's batch, and the truth about
// it beside it.
func (w *writer) night(ctx context.Context, papers int) error {
	if entries, err := os.ReadDir(w.dir); err != nil || len(entries) > 0 {
		return fmt.Errorf("writing a shelf into %s: want an empty folder: %w", w.dir, errors.Join(err, errUsage))
	}
	n, err := newNight(w.fonts, w.seed, papers)
	if err != nil {
		return err
	}
	n.coarse = w.coarse
	n.shelve()
	if err := w.putAll(ctx, n.truth.Files); err != nil {
		return err
	}
	n.truth.count()
	facts, err := json.MarshalIndent(n.truth, "", " ")
	if err != nil {
		return fmt.Errorf("writing the truth: %w", err)
	}
	if err := os.WriteFile(truthOf(w.dir), append(facts, '\n'), 0o600); err != nil {
		return fmt.Errorf("writing the truth: %w", err)
	}
	return nil
}

// putAll writes all files, as many at once as there are processors, then gives them their
// times and shuts the folders that nobody may open.
func (w *writer) putAll(ctx context.Context, files []*nightFile) error {
	slices.SortFunc(files, func(a, b *nightFile) int { return strings.Compare(a.Path, b.Path) })
	group, ctx := errgroup.WithContext(ctx)
	next := make(chan *nightFile)
	group.Go(func() error {
		defer close(next)
		for _, f := range files {
			select {
			case next <- f:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		return nil
	})
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() error {
			fonts, err := paper.LoadFonts() // not safe for several at once
			if err != nil {
				return err
			}
			for f := range next {
				if err := w.put(fonts, f); err != nil {
					return fmt.Errorf("writing %s: %w", f.Path, err)
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, f := range files {
		if f.shut {
			if err := os.Chmod(filepath.Join(w.dir, f.Path), 0); err != nil {
				return fmt.Errorf("shutting %s: %w", f.Path, err)
			}
		}
	}
	return nil
}

// put writes one file.
func (w *writer) put(fonts *paper.Fonts, f *nightFile) error {
	path := filepath.Join(w.dir, f.Path)
	folder := filepath.Dir(path)
	if f.shut {
		folder, path = path, filepath.Join(path, "Đơn.pdf")
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	if f.link != "" {
		return os.Symlink(f.link, path)
	}
	b, err := f.bytes(fonts)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		return err
	}
	return os.Chtimes(path, f.made, f.made)
}

// count adds up the totals.
func (t *nightTruth) count() {
	t.Totals = map[string]int{"files": len(t.Files), "papers": len(t.Papers), "rows": len(t.Rows)}
	dossiers := map[string]bool{}
	for _, p := range t.Papers {
		t.Totals["papers "+p.Fate]++
		if p.Fate == fateFiled {
			t.Totals["pages of papers filed"] += len(p.Pages)
		}
		if p.Dossier != "" {
			dossiers[p.Dossier] = true
		}
	}
	t.Totals["dossiers"] = len(dossiers)
	for _, f := range t.Files {
		t.Totals["files "+f.Fate]++
		t.Totals["pages"] += f.Pages
		if f.Fault != "" {
			t.Totals["fault "+f.Fault]++
		}
		for _, p := range f.Faulty {
			for _, fault := range p.Faults {
				t.Totals["fault "+fault]++
			}
		}
	}
	for _, r := range t.Rows {
		t.Totals["rows "+r.Fate]++
	}
}

// fixed gives bytes that need no drawing.
func fixed(b []byte) func(*paper.Fonts) ([]byte, error) {
	b = bytes.Clone(b)
	return func(*paper.Fonts) ([]byte, error) { return b, nil }
}

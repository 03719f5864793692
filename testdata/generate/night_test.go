package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
	"hoso/testdata/judge"
	"hoso/testdata/paper"
)

// smallNight writes a small shelf and gives its folder and the truth about it.
func smallNight(t *testing.T, seed uint64) (string, nightTruth) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "tủ")
	if err := os.Mkdir(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	w := coarse(t, dir)
	w.seed = seed
	if err := w.set(t.Context(), []string{"night", "12"}); err != nil {
		t.Fatal(err)
	}
	var truth nightTruth
	if err := json.Unmarshal([]byte(read(t, truthOf(dir))), &truth); err != nil {
		t.Fatal(err)
	}
	for _, f := range truth.Files {
		if f.Fault == "unreadable-folder" { // the test may, and its folder is to be removed
			if err := os.Chmod(filepath.Join(dir, f.Path), 0o750); err != nil { //nolint:gosec // a folder
				t.Fatal(err)
			}
		}
	}
	return dir, truth
}

// TestPlainLayouts: what lies in a dossier's folder names no other dossier, or hoso would be
// right to ask.
func TestPlainLayouts(t *testing.T) {
	t.Parallel()
	fonts, err := paper.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range plainLayouts() {
		for seed := range uint64(5) {
			if named := paper.Vary(fonts, l, seed).Facts.Dossier; named != "" {
				t.Errorf("%s names the dossier %s", l, named)
			}
		}
	}
}

// lying gives what lies on a shelf: files by their bytes, links by where they lead.
func lying(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return nil
		case d.Type()&fs.ModeSymlink != 0:
			to, err := os.Readlink(name)
			all[strings.TrimPrefix(name, dir+"/")] = to
			return err
		}
		info, err := d.Info()
		all[strings.TrimPrefix(name, dir+"/")] = info.ModTime().UTC().String() + read(t, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestNight writes a small shelf twice: it is the same, what is said of it is true of what
// lies there, and faults of every kind are in it.
func TestNight(t *testing.T) {
	t.Parallel()
	dir, truth := smallNight(t, 7)
	again, _ := smallNight(t, 7)
	files := lying(t, dir)
	if !maps.Equal(files, lying(t, again)) || read(t, truthOf(dir)) != read(t, truthOf(again)) {
		t.Error("the same seed gave two shelves")
	}
	if other, _ := smallNight(t, 8); maps.Equal(files, lying(t, other)) {
		t.Error("another seed gave the same shelf")
	}
	said := map[string]*nightFile{}
	for _, f := range truth.Files {
		name := f.Path
		if f.Fault == "unreadable-folder" {
			name += "/Đơn.pdf"
		}
		said[name] = f
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(said)), slices.Sorted(maps.Keys(files))); diff != "" {
		t.Errorf("files (-said +lying):\n%s", diff)
	}
	totals := maps.Clone(truth.Totals)
	truth.count()
	if diff := cmp.Diff(truth.Totals, totals); diff != "" {
		t.Errorf("totals (-counted +said):\n%s", diff)
	}
	for _, fault := range append(pageFaults(), "streak", "separator-dropped", "separator-kept", "separator-back",
		"truncated", "no-bytes", "wrong-ending", "other-ending", "password", "duplicate-file", "system-file", "temporary-file",
		"format-unknown", "broken-link", "link-loop", "unreadable-folder", "two-folders", "number-garbled", "number-missing",
		"numbers-disagree", "loose-pages") {
		if truth.Totals["fault "+fault] == 0 {
			t.Errorf("there is no fault %q", fault)
		}
	}
	forms := map[string]bool{"stack": true}
	for _, form := range nightForms() {
		forms[form] = true
	}
	for _, p := range truth.Papers {
		delete(forms, p.Form)
	}
	if len(forms) > 0 {
		t.Errorf("no paper lies as %v", forms)
	}
}

// TestNightPages counts every page of every file that ought to be filed or held: each is in
// exactly one paper, or dropped from one.
func TestNightPages(t *testing.T) {
	t.Parallel()
	dir, truth := smallNight(t, 9)
	uses := map[string]int{}
	for _, p := range truth.Papers {
		if p.Dossier != "" {
			if n, err := pipeline.ParseDossierNumber(p.Dossier); err != nil || n.Key() != p.Dossier {
				t.Errorf("%s is of dossier %q: %v", p.ID, p.Dossier, err)
			}
		}
		if _, err := pipeline.ParseKind(p.Kind); err != nil || p.Kind == "" || len(p.Pages) == 0 {
			t.Errorf("%s: kind %q, %d pages", p.ID, p.Kind, len(p.Pages))
		}
		for _, page := range append(p.Pages, p.Drops...) {
			uses[page]++
		}
	}
	for _, f := range truth.Files {
		if f.Fate != fateFiled && (f.Fate != fateHeld || f.Pages == 0) {
			continue
		}
		if got := pagesLying(t, filepath.Join(dir, f.Path)); got != f.Pages {
			t.Errorf("%s has %d pages, said to have %d", f.Path, got, f.Pages)
		}
		for _, page := range pagesIn(f.Path, 1, f.Pages) {
			if uses[page] != 1 {
				t.Errorf("%s is used %d times", page, uses[page])
			}
			delete(uses, page)
		}
	}
	if len(uses) > 0 {
		t.Errorf("there are no pages %v", slices.Sorted(maps.Keys(uses)))
	}
}

// pagesLying counts the pages of a file by its bytes: directories of a TIFF, images of a PDF.
func pagesLying(t *testing.T, name string) int {
	t.Helper()
	b := read(t, name)
	switch {
	case strings.HasPrefix(b, "%PDF"):
		if complaint := judge.QPDF(t, name); complaint != "" {
			t.Errorf("%s: %s", name, complaint)
		}
		return strings.Count(b, "/Type/Page/")
	case strings.HasPrefix(b, "II"):
		return strings.Count(b, "\xfe\x00\x04\x00\x01\x00\x00\x00\x02\x00\x00\x00") // NewSubfileType, a page
	}
	return 1
}

// TestNightLists finds what rows of the inventories name, and only that.
func TestNightLists(t *testing.T) {
	t.Parallel()
	dir, truth := smallNight(t, 10)
	papers := map[string]nightPaper{}
	for _, p := range truth.Papers {
		papers[p.ID] = p
	}
	for _, r := range truth.Rows {
		if !strings.HasSuffix(r.List, ".csv") {
			continue
		}
		cells := strings.Split(strings.Split(read(t, filepath.Join(dir, r.List)), "\r\n")[r.Line-1], ";")
		file := filepath.Join(filepath.Dir(r.List), cells[2])
		_, err := os.Lstat(filepath.Join(dir, file))
		n, wrong := pipeline.ParseDossierNumber(cells[1])
		p := papers[r.Paper]
		fits := err == nil && wrong == nil && n.Key() == p.Dossier && p.Pages[0] == file+"#1"
		switch {
		case r.Fate == rowFits && !fits,
			r.Fate == rowNoFile && !errors.Is(err, fs.ErrNotExist),
			r.Fate == rowMixedUp && (err != nil || fits),
			cells[0] != strconv.Itoa(r.Line-1):
			t.Errorf("line %d is said to be %s: %q, %v, %+v", r.Line, r.Fate, cells, err, p)
		}
	}
	for _, fate := range []string{rowFits, rowNoFile, rowMixedUp} {
		if truth.Totals["rows "+fate] == 0 {
			t.Errorf("no row is %s", fate)
		}
	}
}

// TestNightNeedsRoom leaves a folder alone in which something lies.
func TestNightNeedsRoom(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := coarse(t, dir).set(t.Context(), []string{"night", "1"}); !errors.Is(err, errUsage) {
		t.Errorf("writing over something gave %v", err)
	}
}

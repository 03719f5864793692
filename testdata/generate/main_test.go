package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hoso/testdata/judge"
	"hoso/testdata/paper"
)

// TestScansAreTrue draws the demonstration scans anew and compares what is said of
// them with what lies in the repository.
func TestScansAreTrue(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := coarse(t, dir).scans(); err != nil {
		t.Fatal(err)
	}
	made, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(made) != 15 {
		t.Fatalf("%d files were made, want 15: %v", len(made), err)
	}
	for _, path := range made {
		kept := filepath.Join("..", "scans", filepath.Base(path))
		got, want := read(t, kept), read(t, path)
		switch filepath.Ext(path) {
		case ".txt", ".json":
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-made +kept):\n%s", filepath.Base(path), diff)
			}
		}
	}
}

// TestForms makes one file of every form, with the programs that some need.
func TestForms(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := coarse(t, dir).forms(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := len(read(t, filepath.Join(dir, "phone.heic"))); got < 1000 {
		t.Errorf("phone.heic has %d bytes", got)
	}
}

// TestHostileSet makes all files of strangers, the encrypted ones too.
func TestHostileSet(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := run(t.Context(), []string{"hostile", dir}); err != nil {
		t.Fatal(err)
	}
	if len(read(t, filepath.Join(dir, "password.pdf"))) == 0 {
		t.Error("password.pdf is empty")
	}
}

// TestBook writes more pages than there are sheets.
func TestBook(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := coarse(t, dir).set(t.Context(), []string{"book", "14"}); err != nil {
		t.Fatal(err)
	}
	if complaint := judge.QPDF(t, filepath.Join(dir, "book-14.pdf")); complaint != "" {
		t.Errorf("qpdf: %s", complaint)
	}
	if got := strings.Count(read(t, filepath.Join(dir, "book-14.txt")), "\f"); got != 13 {
		t.Errorf("the truth has %d form feeds, want 13", got)
	}
}

// TestUsage refuses what it does not know.
func TestUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"scans"}, {"shelf", "many", t.TempDir()}, {"nothing", t.TempDir()}} {
		if err := run(t.Context(), args); err == nil {
			t.Errorf("run(%q) = nil, want an error", args)
		}
	}
}

// coarse is a writer that draws a quarter of the resolution.
func coarse(t *testing.T, dir string) *writer {
	t.Helper()
	fonts, err := paper.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	return &writer{dir: dir, fonts: fonts, coarse: 4}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

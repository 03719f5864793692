package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hoso/testdata/paper"
)

// TestPages writes pages twice and compares them, reads what is said of them, and
// counts classes and layouts.
func TestPages(t *testing.T) {
	t.Parallel()
	n := len(paper.Classes())
	first, second := t.TempDir(), t.TempDir()
	for _, dir := range []string{first, second} {
		w := coarse(t, dir)
		w.coarse, w.seed = 8, 3
		if err := w.pages(t.Context(), n, 3); err != nil {
			t.Fatal(err)
		}
	}
	classes := map[string]int{}
	for _, path := range glob(t, filepath.Join(first, "*.json")) {
		var truth paper.Truth
		if err := json.Unmarshal([]byte(read(t, path)), &truth); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		classes[truth.Class]++
		if read(t, filepath.Join(first, truth.File)) != read(t, filepath.Join(second, truth.File)) {
			t.Errorf("%s: the same seed gave two files", truth.File)
		}
		words := strings.Fields(read(t, strings.TrimSuffix(path, ".json")+".txt"))
		if len(words) < 20 {
			t.Errorf("%s has %d words", truth.File, len(words))
		}
		for i, at := range truth.At {
			if words[at] != truth.Under[i] {
				t.Errorf("%s: word %d is %q, said to be %q", truth.File, at, words[at], truth.Under[i])
			}
		}
	}
	for _, class := range paper.Classes() {
		if classes[class.Name] != 1 {
			t.Errorf("%s came %d times on %d pages, want once", class.Name, classes[class.Name], n)
		}
	}
	if classes["sealtwin-bare"] != 1 {
		t.Error("the twin without a seal is missing")
	}
}

// TestEvenly meets every layout with every class before any meets again.
func TestEvenly(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{20, 39}, {20, 38}, {20, 37}, {6, 4}, {5, 5}} {
		met := map[[2]int]int{}
		for i := range size[0] * size[1] {
			met[[2]int{i % size[0], classOf(i, size[0], size[1])}]++
		}
		if len(met) != size[0]*size[1] {
			t.Errorf("%d layouts and %d classes meet in %d ways, want all", size[0], size[1], len(met))
		}
	}
}

// TestStrange writes all strange pages, none of them large.
func TestStrange(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := coarse(t, dir).strange(t.Context()); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, path := range glob(t, filepath.Join(dir, "*")) {
		info, err := os.Stat(path)
		if err != nil || info.Size() > 3<<20 {
			t.Errorf("%s: %v, %d bytes", path, err, info.Size())
		}
		names = append(names, filepath.Base(path))
	}
	for _, want := range []string{"1px.png", "1x40000.png", "40000x40.png", "dpi-0.jpg", "dpi-2400.jpg", "a0-ban-ve.tif", "black.png", "white.png", "bao.jpg", "viet-tay.jpg", "chu-khac.jpg", "checkerboard.png", "photograph.jpg", "ke-o.jpg", "inverted.jpg"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is missing", want)
		}
	}
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(paths), err)
	}
	return paths
}

// TestOneClass writes pages of the class that was asked for.
func TestOneClass(t *testing.T) {
	t.Parallel()
	w := coarse(t, t.TempDir())
	w.coarse, w.class = 8, "phone"
	if err := w.pages(t.Context(), 3, 1); err != nil {
		t.Fatal(err)
	}
	if got := len(glob(t, filepath.Join(w.dir, "*-phone.json"))); got != 3 {
		t.Errorf("there are %d pages of class phone, want 3", got)
	}
	w.class = "telephone"
	if err := w.pages(t.Context(), 3, 1); !errors.Is(err, errUsage) {
		t.Errorf("a class that is none gave %v", err)
	}
}

package compose_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// renderings draws all pages with poppler and with MuPDF at 18 dpi.
func renderings(t *testing.T, path string) map[string][]image.Image {
	t.Helper()
	all := make(map[string][]image.Image)
	for name, cmd := range map[string]func(dir string) *exec.Cmd{
		"pdftoppm": func(dir string) *exec.Cmd {
			return exec.CommandContext(t.Context(), "pdftoppm", "-r", "18", "-png", path, filepath.Join(dir, "p"))
		},
		"mutool": func(dir string) *exec.Cmd {
			return exec.CommandContext(t.Context(), "mutool", "draw", "-q", "-r", "18", "-o", filepath.Join(dir, "p-%02d.png"), path)
		},
	} {
		dir := t.TempDir()
		if msg, err := cmd(dir).CombinedOutput(); err != nil {
			t.Fatalf("drawing with %s: %v: %s", name, err, msg)
		}
		files, err := filepath.Glob(filepath.Join(dir, "*.png"))
		if err != nil || len(files) == 0 {
			t.Fatalf("drawing with %s: %d pages, %v", name, len(files), err)
		}
		slices.Sort(files)
		for _, file := range files {
			all[name] = append(all[name], readPNG(t, file))
		}
	}
	return all
}

func readPNG(t *testing.T, path string) image.Image {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// quarters describes the middles of the four quarters of a page: top left, top
// right, bottom left, bottom right.
func quarters(m image.Image) string {
	b := m.Bounds()
	var all []string
	for _, at := range [][2]int{{1, 1}, {3, 1}, {1, 3}, {3, 3}} {
		r, g, bl, _ := m.At(b.Min.X+b.Dx()*at[0]/4, b.Min.Y+b.Dy()*at[1]/4).RGBA()
		switch {
		case max(r, g, bl) < 0x2800:
			all = append(all, "dark")
		case min(r, g, bl) > 0xD000:
			all = append(all, "light")
		default:
			all = append(all, "other")
		}
	}
	return strings.Join(all, ", ")
}

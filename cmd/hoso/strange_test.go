package main_test

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/testdata/paper"
)

// pattern is a page that is none: ink wherever at says.
type pattern struct {
	name          string
	width, height int
	at            func(x, y int) bool
}

// thePatterns gives patterns of some size: side is that of the largest, in pixels.
func thePatterns(side int) []pattern {
	r := rand.New(rand.NewPCG(5, 6)) //nolint:gosec // patterns are no secret
	return []pattern{
		{"black", side, side, func(_, _ int) bool { return true }},
		{"white", side, side, func(_, _ int) bool { return false }},
		{"halftone", side, side, func(x, y int) bool { return x%4 < 2 && y%4 < 2 }},
		{"noise", side, side, func(_, _ int) bool { return r.IntN(8) == 0 }},
		{"graph paper", side, side, func(x, y int) bool { return x%8 == 0 || y%8 == 0 }},
		{"ruled", side, side, func(_, y int) bool { return y%3 == 0 }},
		{"broken rules", side, side, func(x, y int) bool { return (y+x/80)%2 == 0 && x%80 < 78 }},
		{"rows of dots", side, side, func(x, y int) bool { return x%9 < 3 && y%9 < 3 }},
		{"rings", side, side, func(x, y int) bool { return max(x, side-x, y, side-y)%4 == 0 }},
		{"checkerboard", side, side, func(x, y int) bool { return (x/8+y/8)%2 == 0 }},
		{"blots", side, side, func(x, y int) bool { return (x/8+y/8*3)%5 == 0 && x%8 < 6 && y%8 < 6 }},
		{"hatching", side, side, func(x, y int) bool { return (x+y)%12 < 2 && (x-y+12*side)%60 < 50 }},
		{"strip", side / 10, 20 * side, func(x, y int) bool { return (x/20+y/40)%2 == 0 && x%20 < 14 && y%40 < 22 }},
	}
}

// TestPagesThatAreNone reads patterns one after the other in one reader, and after
// them the scan of a citizen's paper.
func TestPagesThatAreNone(t *testing.T) {
	t.Parallel()
	side := 2000
	if os.Getenv(bombsVariable) != "" {
		side = 8000
	}
	dir := t.TempDir()
	words := filepath.Join(dir, "words.json")
	line := []string{"convert", "--data", dir, "--no-sign", "--readers", "1", "-o", filepath.Join(dir, "record.pdf"), "--words", words}
	patterns := thePatterns(side)
	for _, p := range patterns {
		line = append(line, saved(t, p.name+".png", must(t)(p.png())))
	}
	line = append(line, saved(t, "giấy.jpg", letter(t).jpeg))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	if most := watched(t, exec.CommandContext(ctx, binary(t), line...)); most > held { //nolint:gosec // the binary under test
		t.Errorf("%d MiB were held, want at most %d", most>>20, held>>20)
	}
	var pages []pipeline.Page
	if err := json.Unmarshal(loaded(t, words), &pages); err != nil || len(pages) != len(patterns)+1 {
		t.Fatalf("%d pages (%v), want %d", len(pages), err, len(patterns)+1)
	}
	for i, p := range patterns {
		spent := time.Duration(pages[i].CPUMillis) * time.Millisecond
		t.Logf("%s: %s after %v", p.name, pages[i].Outcome, spent)
		if o := pages[i].Outcome; o == pipeline.PageFailed || o == pipeline.PageTimedOut || o == "" || spent > 20*time.Second {
			t.Errorf("%s is %q after %v of a processor", p.name, o, spent)
		}
		if read := pages[i]; read.Outcome == pipeline.PageOK && read.Confidence > 90 {
			t.Errorf("%s was read with confidence %.0f", p.name, read.Confidence)
		}
	}
	if good := pages[len(patterns)]; good.Outcome != pipeline.PageOK || len(good.Lines) == 0 {
		t.Errorf("a good page after them is %q with %d lines", good.Outcome, len(good.Lines))
	}
}

// png draws the pattern as a scan of 200 dpi.
func (p pattern) png() ([]byte, error) {
	img := image.NewGray(image.Rect(0, 0, p.width, p.height))
	for y := range p.height {
		for x := range p.width {
			if !p.at(x, y) {
				img.Pix[y*img.Stride+x] = 255
			}
		}
	}
	b, err := paper.PNG(img, 200)
	if err != nil {
		return nil, fmt.Errorf("drawing %s: %w", p.name, err)
	}
	return b, nil
}

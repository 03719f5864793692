package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"hoso/cmd/internal/config"
	"hoso/workers/bench"
)

// contenders are hoso itself and the peers asked for.
func contenders(ctx context.Context, cfg *config.Config, b benching) ([]bench.Contender, error) {
	all := []bench.Contender{hoso(cfg, cfg.Readers)}
	for _, name := range b.peers {
		peer, ok := peer(cfg, name, b.ocrmypdf)
		if !ok {
			return nil, usageError{fmt.Errorf("%q is no peer; known are ocrmypdf, ocrmypdf-full, tesseract", name)}
		}
		program := peer.Command(bench.Call{In: []string{""}})[0]
		said, err := exec.CommandContext(ctx, program, "--version").CombinedOutput() //nolint:gosec // the user names it
		if err != nil {
			return nil, fmt.Errorf("asking the peer %s for its version: %w", program, err)
		}
		first, _, _ := strings.Cut(strings.TrimSpace(string(said)), "\n")
		peer.Version = strings.TrimPrefix(first, "tesseract ")
		all = append(all, peer)
	}
	return all, nil
}

// hoso is this program with a number of readers.
func hoso(cfg *config.Config, readers int) bench.Contender {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	return bench.Contender{Name: "hoso", Version: version(), Words: true, Command: func(c bench.Call) []string {
		line := []string{
			self, "convert", "--data", cfg.Data, "--languages", cfg.Languages, "--readers", fmt.Sprint(readers),
			"-o", c.Out, "--text", c.Text, "--words", c.Words, "--",
		}
		return append(line, c.In...)
	}}
}

// peer gives every program what it needs to do its best by processor time: one thread
// for a page. OCRmyPDF does the same by itself where a file has as many pages as there
// are jobs; with fewer it lets Tesseract use several threads, at up to twice the price.
func peer(cfg *config.Config, name, ocrmypdf string) (bench.Contender, bool) {
	c := bench.Contender{Name: name, Env: []string{"OMP_THREAD_LIMIT=1"}}
	switch name {
	case "ocrmypdf", "ocrmypdf-full":
		line := []string{ocrmypdf, "-q", "-l", cfg.Languages, "--output-type", "pdfa", "--jobs", fmt.Sprint(cfg.Readers)}
		if name == "ocrmypdf-full" {
			line = append(line, "--deskew", "--rotate-pages")
		}
		c.Command = func(c bench.Call) []string {
			return append(slices.Clip(line), "--sidecar", c.Text, c.In[0], c.Out)
		}
		c.Amend = withResolution
	case "tesseract":
		c.Command = func(c bench.Call) []string {
			return []string{"tesseract", c.In[0], strings.TrimSuffix(c.Text, filepath.Ext(c.Text)), "-l", cfg.Languages}
		}
	default:
		return c, false
	}
	return c, true
}

// withResolution names a resolution for an image that does not tell its own, without
// which OCRmyPDF takes none.
func withResolution(line []string, said string) []string {
	if !strings.Contains(said, "--image-dpi") {
		return nil
	}
	return append([]string{line[0], "--image-dpi", "200"}, line[1:]...)
}

// Command generate writes test papers into a folder: the scans that lie beside it,
// every form of file that hoso takes, the files of strangers, or a night's shelf.
//
//	go run ./testdata/generate scans   DIR    the demonstration scans
//	go run ./testdata/generate forms   DIR    one file of every form
//	go run ./testdata/generate strange DIR    pages that no desk expects
//	go run ./testdata/generate hostile DIR    broken and malicious files
//	go run ./testdata/generate pages N DIR    N pages in all layouts and states of wear;
//	                                          --seed S gives others, --class C one state
//	go run ./testdata/generate codes N DIR    likewise, of papers with QR codes and barcodes
//	go run ./testdata/generate shelf N DIR    N papers in folders named by dossier
//	go run ./testdata/generate book N DIR     a scanned PDF of N pages
//	go run ./testdata/generate night DIR      the night's shelf: --papers N sound papers and
//	                                          faults of every kind; the truth beside it
//
// The same words give the same files.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"hoso/testdata/hostile"
	"hoso/testdata/paper"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage: generate scans|forms|strange|hostile DIR, or generate night DIR [--papers N] [--seed S], or generate pages|codes|shelf|book N DIR [--seed S] [--class C]")

func run(ctx context.Context, args []string) error {
	args, number := without(args, "--seed")
	args, class := without(args, "--class")
	args, papers := without(args, "--papers")
	seed, err := strconv.ParseUint(cmp.Or(number, "0"), 10, 40)
	if err != nil || len(args) < 2 {
		return errUsage
	}
	dir := args[len(args)-1]
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("making the folder: %w", err)
	}
	if args[0] == "hostile" {
		return writeHostile(ctx, dir)
	}
	fonts, err := paper.LoadFonts()
	if err != nil {
		return err
	}
	if missing := fonts.Missing(); len(missing) > 0 && (args[0] == "pages" || args[0] == "strange") {
		fmt.Fprintf(os.Stderr, "generate: some papers are set in Liberation Serif for want of others, and compare with no other machine's: install %s\n", strings.Join(missing, " "))
	}
	w := &writer{dir: dir, fonts: fonts, seed: seed, class: class, coarse: 1}
	if args[0] == "night" {
		args = []string{"night", cmp.Or(papers, nightPapers), dir}
	}
	return w.set(ctx, args[:len(args)-1])
}

// without takes an option and its value out of the arguments.
func without(args []string, name string) (rest []string, value string) {
	at := slices.Index(args, name)
	if at < 0 || at+1 >= len(args) {
		return args, ""
	}
	return slices.Delete(slices.Clone(args), at, at+2), args[at+1]
}

// set writes the named set.
func (w *writer) set(ctx context.Context, args []string) error {
	switch {
	case len(args) == 2:
		return w.many(ctx, args[0], args[1])
	case args[0] == "scans":
		return w.scans()
	case args[0] == "forms":
		return w.forms(ctx)
	case args[0] == "strange":
		return w.strange(ctx)
	}
	return errUsage
}

// many writes the sets whose size is asked for.
func (w *writer) many(ctx context.Context, set, size string) error {
	n, err := strconv.Atoi(size)
	if err != nil || n < 1 {
		return fmt.Errorf("reading the number %q: %w", size, errUsage)
	}
	switch set {
	case "shelf":
		return w.shelf(ctx, n)
	case "pages":
		return w.pages(ctx, n, w.seed)
	case "codes":
		return w.codes(ctx, n, w.seed)
	case "book":
		return w.book(ctx, n)
	case "night":
		return w.night(ctx, n)
	}
	return errUsage
}

// writeHostile writes the hostile files, and two that need a password.
func writeHostile(ctx context.Context, dir string) error {
	for _, f := range hostile.Files() {
		b, err := f.Bytes()
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, f.Name), b, 0o600); err != nil {
			return fmt.Errorf("writing %s: %w", f.Name, err)
		}
	}
	for name, user := range map[string]string{"password.pdf": "bí mật", "owner-password.pdf": ""} {
		b, err := hostile.Encrypted(ctx, user, "chủ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
	}
	return nil
}

// writer writes files and what is true of them.
type writer struct {
	dir    string
	fonts  *paper.Fonts
	seed   uint64
	class  string // the only state of wear, "" for all
	coarse int    // divides all resolutions: the tests need no fine pixels
}

// draw gives the pixels of a sheet and their resolution.
func (w *writer) draw(p *paper.Paper, sheet int, look paper.Look) (*image.RGBA, int) {
	look.DPI = look.Dots() / w.coarse
	return p.Scan(sheet, look), look.DPI
}

// write puts the bytes into name, and the truth beside it as .txt and .json.
func (w *writer) write(name string, p *paper.Paper, b []byte) error {
	path := filepath.Join(w.dir, name)
	facts, err := json.MarshalIndent(p.Facts, "", "  ")
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	base := strings.TrimSuffix(path, filepath.Ext(path))
	for to, content := range map[string][]byte{
		path: b, base + ".txt": []byte(p.Text()), base + ".json": append(facts, '\n'),
	} {
		if err := os.WriteFile(to, content, 0o600); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
	}
	return nil
}

// jpeg draws a sheet and encodes it.
func (w *writer) jpeg(p *paper.Paper, sheet, quality int, look paper.Look) ([]byte, error) {
	img, dpi := w.draw(p, sheet, look)
	return paper.JPEG(img, dpi, quality)
}

// shelf writes n papers into folders named by their dossiers, as an archive's night
// finds them.
func (w *writer) shelf(ctx context.Context, n int) error {
	layouts := []paper.Layout{paper.Receipt, paper.Decision, paper.Application, paper.Certificate}
	for i := range n {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		p := paper.New(w.fonts, layouts[i%len(layouts)], uint64(i))
		look := paper.Look{DPI: 200, Skew: float64(i%7-3) * 0.3, Noise: 1.2, Seed: uint64(i)}
		b, err := w.jpeg(p, 0, 60, look)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(w.dir, p.Facts.Dossier), 0o750); err != nil {
			return fmt.Errorf("making a dossier's folder: %w", err)
		}
		if err := w.write(filepath.Join(p.Facts.Dossier, fmt.Sprintf("%05d.jpg", i)), p, b); err != nil {
			return err
		}
	}
	return nil
}

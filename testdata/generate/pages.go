package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"hoso/testdata/paper"
)

// pages writes n pages, in all layouts and all classes of degradation in turn, each
// with its words as .txt and the truth about it as .json.
func (w *writer) pages(ctx context.Context, n int, seed uint64) error {
	return w.turns(ctx, n, seed, paper.Layouts(), paper.Classes())
}

// codes writes pages of the layouts that carry codes, in all classes and those in which
// codes are hard to read.
func (w *writer) codes(ctx context.Context, n int, seed uint64) error {
	return w.turns(ctx, n, seed, paper.CodeLayouts(), append(paper.Classes(), paper.CodeClasses()...))
}

func (w *writer) turns(ctx context.Context, n int, seed uint64, layouts []paper.Layout, classes []paper.Class) error {
	classes = slices.DeleteFunc(classes, func(c paper.Class) bool { return w.class != "" && c.Name != w.class })
	if len(classes) == 0 {
		return fmt.Errorf("there is no class %q: %w", w.class, errUsage)
	}
	for i := range n {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		page := uint64(i) + seed<<20
		p := paper.Vary(w.fonts, layouts[i%len(layouts)], page)
		class := classes[classOf(i, len(layouts), len(classes))]
		look := class.Look(page)
		truth := p.Truth(0, look)
		truth.Class = class.Name
		name := fmt.Sprintf("%s-%04d-%s", p.Layout.Code(), i, class.Name)
		if err := w.page(name, p, class, look, truth); err != nil {
			return err
		}
		if bare, ok := class.Twin(look); ok {
			truth.Class += "-bare"
			truth.Stamps = p.Truth(0, bare).Stamps
			if err := w.page(name+"-bare", p, class, bare, truth); err != nil {
				return err
			}
		}
	}
	return nil
}

// classOf lets each layout meet each class: where both come round together, the
// classes move on by one.
func classOf(i, layouts, classes int) int {
	a, b := layouts, classes
	for b > 0 {
		a, b = b, a%b
	}
	return (i + i/(layouts*classes/a)) % classes
}

// page writes one page and what is true of it.
func (w *writer) page(name string, p *paper.Paper, class paper.Class, look paper.Look, truth paper.Truth) error {
	scan, dpi := w.draw(p, 0, look)
	b, ext, err := class.File(scan, dpi)
	if err != nil {
		return err
	}
	seen := look
	seen.DPI = dpi
	truth.File, truth.Regions, truth.Codes = name+ext, p.Regions(0, seen), p.Codes(0, seen)
	facts, err := json.MarshalIndent(truth, "", "  ")
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	for to, content := range map[string][]byte{
		name + ext: b, name + ".txt": []byte(p.Text()), name + ".json": append(facts, '\n'),
	} {
		if err := os.WriteFile(filepath.Join(w.dir, to), content, 0o600); err != nil {
			return fmt.Errorf("writing %s: %w", to, err)
		}
	}
	return nil
}

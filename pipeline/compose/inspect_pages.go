package compose

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"hoso/pipeline"
	"hoso/pipeline/compose/internal/lazy"
)

// Bounds on the pages of a file.
const (
	maxPages       = 1_000_000
	maxTreeDepth   = 64
	maxContent     = 32 << 20 // bytes of one page's content
	maxXObjects    = 1000     // names in one page's resources
	maxContentPart = 256      // streams of one page's content
)

// walk is the way through the page tree.
type walk struct {
	seen map[int]bool // nodes, not pages: a page is no parent
}

func (i *inspection) pages(ctx context.Context, root any) error {
	w := &walk{seen: make(map[int]bool)}
	if err := i.node(ctx, w, root, 0); err != nil {
		return err
	}
	if i.facts.Pages == 0 {
		i.facts.problem("there are no pages")
	}
	return nil
}

// node visits a node of the page tree or a page.
func (i *inspection) node(ctx context.Context, w *walk, v any, depth int) error {
	if i.done(ctx) {
		return nil
	}
	d, err := i.dict(v)
	if err != nil {
		return err
	}
	kids, ok := i.value(d["Kids"]).(lazy.Array)
	if !ok {
		return i.page(d)
	}
	ref, ok := v.(lazy.Ref)
	if !ok || w.seen[ref.Num] || depth > maxTreeDepth {
		return fmt.Errorf("walking the page tree, which is none: %w", lazy.ErrFormat)
	}
	w.seen[ref.Num] = true
	before := i.facts.Pages
	for _, kid := range kids {
		if err := i.node(ctx, w, kid, depth+1); err != nil {
			return err
		}
	}
	if count, _ := i.value(d["Count"]).(int64); count != int64(i.facts.Pages-before) && !i.done(ctx) {
		i.facts.problem("a node of the page tree counts %d pages and holds %d", count, i.facts.Pages-before)
	}
	return nil
}

// done says that there is no point in going on.
func (i *inspection) done(ctx context.Context) bool {
	return ctx.Err() != nil || len(i.facts.Problems) >= maxProblems
}

// page looks at one page: the image it shows, its fonts, its text.
func (i *inspection) page(d lazy.Dict) error {
	if d["Type"] != lazy.Name("Page") {
		return fmt.Errorf("walking the page tree: no page: %w", lazy.ErrFormat)
	}
	if i.facts.Pages++; i.facts.Pages > maxPages {
		return fmt.Errorf("counting pages: %w", lazy.ErrTooMuch)
	}
	number := i.facts.Pages
	resources, err := i.dict(d["Resources"])
	if err != nil {
		return err
	}
	use, err := i.content(d["Contents"])
	if err != nil {
		i.facts.problem("page %d: %v", number, err)
	}
	digest, err := i.pageImage(resources, use)
	if err != nil {
		i.facts.problem("page %d: %v", number, err)
	}
	i.facts.Images = append(i.facts.Images, digest)
	if use.text {
		i.facts.Words++
	}
	if use.visible {
		i.facts.Visible++
	}
	if err := i.fonts(resources, use); err != nil {
		i.facts.problem("page %d: %v", number, err)
	}
	return nil
}

var (
	errImages = errors.New("page does not show exactly one image")
	errFont   = errors.New("visible text in a font that is not embedded")
)

// pageImage gives the digest of the one image that the page paints.
func (i *inspection) pageImage(resources lazy.Dict, use usage) (pipeline.Digest, error) {
	xobjects, err := i.dict(resources["XObject"])
	if err != nil {
		return pipeline.Digest{}, err
	}
	if len(use.painted) != 1 || use.inline {
		return pipeline.Digest{}, fmt.Errorf("painting %d objects: %w", len(use.painted), errImages)
	}
	for name := range use.painted {
		v, err := i.file.Resolve(xobjects[name])
		if err != nil {
			return pipeline.Digest{}, err
		}
		s, ok := v.(lazy.Stream)
		if !ok || s.Dict["Subtype"] != lazy.Name("Image") {
			return pipeline.Digest{}, fmt.Errorf("painting something else: %w", errImages)
		}
		digest, _, err := pipeline.SumReader(i.file.Raw(s))
		return digest, err
	}
	return pipeline.Digest{}, errImages
}

// fonts checks that visible text is in embedded fonts (ISO 19005-2, 6.2.11.4).
func (i *inspection) fonts(resources lazy.Dict, use usage) error {
	fonts, err := i.dict(resources["Font"])
	if err != nil {
		return err
	}
	for name := range use.visibleFonts {
		font, err := i.dict(fonts[name])
		if err != nil {
			return err
		}
		embedded, err := i.embedded(font)
		if err != nil {
			return err
		}
		if !embedded {
			return errFont
		}
	}
	return nil
}

func (i *inspection) embedded(font lazy.Dict) (bool, error) {
	switch font["Subtype"] {
	case lazy.Name("Type3"):
		return true, nil
	case lazy.Name("Type0"):
		v, err := i.file.Resolve(font["DescendantFonts"])
		if err != nil {
			return false, err
		}
		a, _ := v.(lazy.Array)
		if len(a) != 1 {
			return false, nil
		}
		if font, err = i.dict(a[0]); err != nil {
			return false, err
		}
	}
	descriptor, err := i.dict(font["FontDescriptor"])
	if err != nil {
		return false, err
	}
	for _, key := range []lazy.Name{"FontFile", "FontFile2", "FontFile3"} {
		if _, ok := i.value(descriptor[key]).(lazy.Stream); ok {
			return true, nil
		}
	}
	return false, nil
}

// content reads the operators of a page.
func (i *inspection) content(v any) (usage, error) {
	use := usage{painted: make(map[lazy.Name]bool), visibleFonts: make(map[lazy.Name]bool)}
	v, err := i.file.Resolve(v)
	if err != nil {
		return use, err
	}
	parts, ok := v.(lazy.Array)
	if !ok {
		parts = lazy.Array{v}
	}
	if len(parts) > maxContentPart {
		return use, fmt.Errorf("reading content in %d parts: %w", len(parts), lazy.ErrTooMuch)
	}
	var all []byte
	for _, part := range parts {
		s, ok := i.value(part).(lazy.Stream)
		if !ok {
			return use, fmt.Errorf("reading content: %w", lazy.ErrFormat)
		}
		data, err := i.file.Decode(s, maxContent-int64(len(all)))
		if err != nil {
			return use, err
		}
		all = append(append(all, data...), '\n')
	}
	return use, use.read(lazy.NewLexer(bytes.NewReader(all)))
}

// usage is what the operators of a page do.
type usage struct {
	painted      map[lazy.Name]bool // XObjects
	inline       bool               // an inline image is painted
	text         bool
	visible      bool // text in a render mode that shows it
	visibleFonts map[lazy.Name]bool
}

// textState is the part of the graphics state that matters here.
type textState struct {
	mode int64
	font lazy.Name
}

func (u *usage) read(l *lazy.Lexer) error {
	var state textState
	var saved []textState
	var last [2]any // operands before the operator
	for {
		v, err := l.Value()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading content: %w", err)
		}
		op, ok := v.(lazy.Operator)
		if !ok {
			last[0], last[1] = last[1], v
			continue
		}
		switch op {
		case "q":
			if len(saved) < 1024 {
				saved = append(saved, state)
			}
		case "Q":
			if n := len(saved); n > 0 {
				state, saved = saved[n-1], saved[:n-1]
			}
		case "ID":
			u.inline = true
			if err := l.SkipInlineImage(); err != nil {
				return err
			}
		default:
			u.operator(op, last, &state)
		}
	}
}

func (u *usage) operator(op lazy.Operator, last [2]any, state *textState) {
	switch op {
	case "Do":
		if name, ok := last[1].(lazy.Name); ok && len(u.painted) < maxXObjects {
			u.painted[name] = true
		}
	case "Tr":
		state.mode, _ = last[1].(int64)
	case "Tf":
		state.font, _ = last[0].(lazy.Name)
	case "Tj", "TJ", "'", "\"":
		u.text = true
		if state.mode != 3 {
			u.visible = true
			u.visibleFonts[state.font] = true
		}
	}
}

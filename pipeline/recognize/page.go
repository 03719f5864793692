package recognize

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"slices"

	"hoso/pipeline"
)

// Picture is a page as the recognizer sees it: gray, upright, level.
type Picture struct {
	Gray  *image.Gray
	DPI   int
	Ink   []image.Rectangle // the connected pieces of ink on Gray
	Rules []image.Rectangle // the ruled lines that were taken out of Gray
	Seals []image.Rectangle // round seals on Gray
	Pens  []image.Rectangle // signatures and handwriting on Gray
	// Red gives what is red, in the place of Gray, with its pieces of ink; it may be nil,
	// or give nil.
	Red func() (*image.Gray, []image.Rectangle, error)
}

// Draft is a page after its first reading.
type Draft struct {
	Lines      []pipeline.Line // as the engine found them
	Confidence float32         // the engine's own, mean over the words, weighted by length
	Partial    bool            // the engine was tired before it had read everything

	engine  Engine
	picture Picture
	lines   []pipeline.Line // as they come to be
	ration  *ration
	redAt   []pipeline.Box // where red print was read
}

// First reads a page once. A Finish may follow.
func First(ctx context.Context, e Engine, p Picture) (*Draft, error) {
	lines, err := e.Read(ctx, p.Gray, Look{DPI: p.DPI, As: AsPage})
	tired := errors.Is(err, ErrTired)
	if err != nil && !tired {
		return nil, fmt.Errorf("reading page: %w", err)
	}
	lines = tidyLines(lines)
	return &Draft{
		Lines: lines, Confidence: Confidence(lines), Partial: tired,
		engine: e, picture: p, lines: slices.Clone(lines), ration: rationFor(lines),
	}, nil
}

// Step is one look at a page after the first.
type Step struct {
	Name string
	Do   func(ctx context.Context) error
}

// Steps are the looks that follow the first reading, in their order. Each may be left
// out: what was read so far stays.
func (d *Draft) Steps() []Step {
	return []Step{
		{"missed", d.missed},
		{"red", d.inRed},
		{"again", func(ctx context.Context) error {
			err := d.again(ctx)
			d.lines = withoutRest(d.lines, d.redAt)
			return err
		}},
		{"numbers", d.numbers},
		{"rows", d.rows},
		{"pens", func(context.Context) error { d.lines = withoutPens(d.lines, d.picture.Pens); return nil }},
		{"repair", func(context.Context) error { repair(d.lines); return nil }},
	}
}

// Finish looks again where the first reading is doubtful and puts the page in order.
// When time runs out on the way, what was read until then is the result: a page that
// was read once is worth more than none. An end of ctx for another reason is an error.
func (d *Draft) Finish(ctx context.Context, after func(step string)) (Result, error) {
	for _, s := range d.Steps() {
		err := s.Do(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			continue
		}
		if err != nil {
			return Result{}, err
		}
		after(s.Name)
	}
	return d.result(), nil
}

// result puts the lines in reading order.
func (d *Draft) result() Result {
	b := d.picture.Gray.Rect
	lines := byRows(d.settle(), tablesOf(d.picture.Rules, d.picture.DPI))
	lines, _ = Finish(lines, b.Dx(), b.Dy())
	calibrate(lines)
	return Result{
		Lines: lines, Confidence: Confidence(lines), Partial: d.Partial,
		Engine: d.engine.Name(), Languages: d.engine.Languages(),
	}
}

// settle puts the lines that a second look found at their places: into the line whose
// height they share, or after the last line above them.
func (d *Draft) settle() []pipeline.Line {
	var out, found []pipeline.Line
	for _, l := range d.lines {
		if l.Paragraph >= extra {
			found = append(found, l)
		} else {
			out = append(out, l)
		}
	}
	for _, f := range found {
		out = place(out, f)
	}
	return out
}

func place(lines []pipeline.Line, f pipeline.Line) []pipeline.Line {
	after := -1
	for i, l := range lines {
		if continues(l, f) {
			words := append(slices.Clone(l.Words), f.Words...)
			slices.SortStableFunc(words, func(a, b pipeline.Word) int { return cmp.Compare(a.Box.X0, b.Box.X0) })
			lines[i].Words = words
			return lines
		}
		if o, b := box(l), box(f); middle(l) < middle(f) && o.X0 < b.X1 && b.X0 < o.X1 {
			after = i
		}
	}
	return slices.Insert(lines, after+1, f)
}

// continues reports whether f stands close beside l on its height.
func continues(l, f pipeline.Line) bool {
	const gap = 6 // heights of the line
	o, b := box(l), box(f)
	height, shared := o.Y1-o.Y0, min(o.Y1, b.Y1)-max(o.Y0, b.Y0)
	near := max(b.X0-o.X1, o.X0-b.X1) < gap*height
	return near && 2*shared > min(height, b.Y1-b.Y0) && height < 3*(b.Y1-b.Y0)
}

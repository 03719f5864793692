package recognize

import (
	"cmp"
	"context"
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
}

// Draft is a page after its first reading.
type Draft struct {
	Confidence float32 // the engine's own, mean over the words, weighted by length
	Lines      []pipeline.Line

	engine  Engine
	picture Picture
	lines   []pipeline.Line
	looks   int
}

// First reads a page once.
func First(ctx context.Context, e Engine, p Picture) (*Draft, error) {
	lines, err := e.Read(ctx, p.Gray, Look{DPI: p.DPI, As: AsPage})
	if err != nil {
		return nil, fmt.Errorf("reading page: %w", err)
	}
	lines = tidyLines(lines)
	return &Draft{engine: e, picture: p, lines: lines, Lines: lines, Confidence: Confidence(lines)}, nil
}

// Finish looks again where the first reading is doubtful and puts the page in order.
func (d *Draft) Finish(ctx context.Context) (Result, error) {
	if err := d.missed(ctx); err != nil {
		return Result{}, err
	}
	if err := d.again(ctx); err != nil {
		return Result{}, fmt.Errorf("looking again: %w", err)
	}
	if err := d.numbers(ctx); err != nil {
		return Result{}, err
	}
	repair(d.lines)
	b := d.picture.Gray.Rect
	lines := byRows(d.settle(), tablesOf(d.picture.Rules, d.picture.DPI))
	lines, confidence := Finish(lines, b.Dx(), b.Dy())
	return Result{Lines: lines, Confidence: confidence, Engine: d.engine.Name(), Languages: d.engine.Languages()}, nil
}

// Looks is the number of second looks.
func (d *Draft) Looks() int { return d.looks }

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
	b := box(f)
	after := -1
	for i, l := range lines {
		o := box(l)
		shared := min(o.Y1, b.Y1) - max(o.Y0, b.Y0)
		near := max(b.X0-o.X1, o.X0-b.X1) < 6*(o.Y1-o.Y0)
		if near && 2*shared > min(o.Y1-o.Y0, b.Y1-b.Y0) && o.Y1-o.Y0 < 3*(b.Y1-b.Y0) {
			words := append(slices.Clone(l.Words), f.Words...)
			slices.SortStableFunc(words, func(a, b pipeline.Word) int { return cmp.Compare(a.Box.X0, b.Box.X0) })
			lines[i].Words = words
			return lines
		}
		if middle(l) < middle(f) && o.X0 < b.X1 && b.X0 < o.X1 {
			after = i
		}
	}
	return slices.Insert(lines, after+1, f)
}

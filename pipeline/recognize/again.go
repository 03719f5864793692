package recognize

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"slices"

	"hoso/pipeline"
)

// doubtfulBelow is what a word must weigh, about a percentage, not to be looked at
// again. From 60 to 88 the second looks trebled and the error rate stayed.
const doubtfulBelow = 60

// again reads the doubtful words once more with the larger model, each with its
// neighbours, and takes over what it reads better.
func (d *Draft) again(ctx context.Context) error {
	if !d.engine.Deep() {
		return nil
	}
	for i, l := range d.lines {
		var words []pipeline.Word
		for _, run := range runs(l.Words) {
			if !run.doubtful {
				words = append(words, run.words...)
				continue
			}
			second, err := d.look(ctx, span(run.words), Look{As: AsStrip, Deep: true})
			if err != nil {
				return fmt.Errorf("looking again: %w", err)
			}
			words = append(words, merge(run.words, second)...)
		}
		d.lines[i] = pipeline.Line{Words: words, Paragraph: l.Paragraph}
	}
	return nil
}

// run is neighbouring words of a line that are looked at together.
type run struct {
	words    []pipeline.Word
	doubtful bool
}

// runs parts a line into doubtful stretches, each with a sure word on both sides for
// the sake of context, and the sure stretches between them.
func runs(words []pipeline.Word) []run {
	mark := make([]bool, len(words))
	for i, w := range words {
		if weight(w) < doubtfulBelow {
			for j := max(0, i-1); j <= min(i+1, len(words)-1); j++ {
				mark[j] = true
			}
		}
	}
	var out []run
	for i, w := range words {
		if i == 0 || mark[i] != mark[i-1] || w.Box.X0-words[i-1].Box.X1 > 3*(w.Box.Y1-w.Box.Y0) {
			out = append(out, run{doubtful: mark[i]})
		}
		r := &out[len(out)-1]
		r.words = append(r.words, w)
	}
	return out
}

// look reads a stretch of a line, if there still is a ration for it.
func (d *Draft) look(ctx context.Context, b pipeline.Box, look Look) ([]pipeline.Word, error) {
	if !d.ration.take(b, look) {
		return nil, nil
	}
	img, ok := d.cut(b)
	if !ok {
		return nil, nil
	}
	look.DPI = d.picture.DPI
	return d.read(ctx, img, look)
}

// read gives the words on a picture of one line, from left to right.
func (d *Draft) read(ctx context.Context, img *image.Gray, look Look) ([]pipeline.Word, error) {
	lines, err := d.engine.Read(ctx, img, look)
	if err != nil && !errors.Is(err, ErrTired) {
		return nil, err
	}
	var all []pipeline.Word
	for _, l := range tidyLines(lines) {
		all = append(all, l.Words...)
	}
	slices.SortStableFunc(all, func(a, b pipeline.Word) int { return a.Box.X0 - b.Box.X0 })
	return all, nil
}

// cut gives the picture of a stretch of a line with some air around it, free of the
// ink of its neighbours above and below.
func (d *Draft) cut(b pipeline.Box) (*image.Gray, bool) {
	tight := image.Rect(b.X0, b.Y0, b.X1, b.Y1)
	air := max(4, tight.Dy()/4)
	r := image.Rect(b.X0-air, b.Y0-air, b.X1+air, b.Y1+air)
	if tight.Dx() < 4 || tight.Dy() < 4 {
		return nil, false
	}
	out := image.NewGray(r)
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	draw(out, d.picture.Gray, r)
	for _, c := range d.picture.Ink {
		if !c.Overlaps(r) {
			continue
		}
		if m := (c.Min.Y + c.Max.Y) / 2; m >= tight.Min.Y-air/2 && m <= tight.Max.Y+air/2 && (c.Min.X+c.Max.X)/2 > tight.Min.X-air/2 && (c.Min.X+c.Max.X)/2 < tight.Max.X+air/2 {
			continue
		}
		wipe(out, c.Inset(-1), tight)
	}
	return out, true
}

func draw(to, from *image.Gray, r image.Rectangle) {
	r = r.Intersect(from.Rect).Intersect(to.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		copy(to.Pix[to.PixOffset(r.Min.X, y):to.PixOffset(r.Max.X-1, y)+1], from.Pix[from.PixOffset(r.Min.X, y):])
	}
}

// wipe makes r white, but for what lies in keep.
func wipe(img *image.Gray, r, keep image.Rectangle) {
	r = r.Intersect(img.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if !(image.Point{x, y}).In(keep) {
				img.SetGray(x, y, color.Gray{255})
			}
		}
	}
}

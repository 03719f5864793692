package recognize

import (
	"image"
	"math"
	"slices"

	"hoso/pipeline"
)

// scrawlBelow is what a word must weigh that lies among the strokes of a pen, to be taken
// for print. The name below a signature weighs more, even where strokes run through it.
const scrawlBelow = 40

// withoutPens drops the words that were made of signatures and handwriting: doubtful ones
// that lie within the strokes of a pen for the most part.
func withoutPens(lines []pipeline.Line, pens []image.Rectangle) []pipeline.Line {
	if len(pens) == 0 {
		return lines
	}
	var out []pipeline.Line
	for _, l := range lines {
		words := slices.DeleteFunc(slices.Clone(l.Words), func(w pipeline.Word) bool {
			return weight(w) < scrawlBelow && mostlyIn(w.Box, pens)
		})
		if len(words) > 0 {
			out = append(out, pipeline.Line{Words: words, Paragraph: l.Paragraph})
		}
	}
	return out
}

// mostlyIn reports whether three quarters of a box lie in one of others.
func mostlyIn(b pipeline.Box, in []image.Rectangle) bool {
	r := image.Rect(b.X0, b.Y0, b.X1, b.Y1)
	return slices.ContainsFunc(in, func(o image.Rectangle) bool {
		both := o.Intersect(r)
		return 4*both.Dx()*both.Dy() >= 3*r.Dx()*r.Dy()
	})
}

// inSeal reports whether a box lies in a round seal: what stands there is the seal's own.
func inSeal(r image.Rectangle, seals []image.Rectangle) bool {
	return slices.ContainsFunc(seals, func(s image.Rectangle) bool {
		middle, radius := s.Min.Add(s.Max).Div(2), float64(max(s.Dx(), s.Dy()))/2
		for _, c := range [4]image.Point{r.Min, r.Max, {r.Min.X, r.Max.Y}, {r.Max.X, r.Min.Y}} {
			if math.Hypot(float64(c.X-middle.X), float64(c.Y-middle.Y)) > radius*1.05 {
				return false
			}
		}
		return true
	})
}

package paper_test

import (
	"image"
	"slices"
	"testing"

	"hoso/pipeline"
	"hoso/testdata/paper"
)

// TestRegionsHoldWhatIsAdded draws sheets with and without what people put on them:
// where the two differ, and nowhere else, there are regions, close around the ink.
func TestRegionsHoldWhatIsAdded(t *testing.T) {
	t.Parallel()
	f := fonts(t)
	for name, look := range map[string]paper.Look{
		"seal":        {Marks: paper.Marks{Seals: paper.SealOverBody}},
		"stamp":       {Marks: paper.Marks{Stamps: 2}},
		"signature":   {Marks: paper.Marks{Signature: 1}},
		"handwriting": {Marks: paper.Marks{Hand: true}},
		"turned":      {Turn: 1, Marks: paper.Marks{Hand: true, Stamps: 1}},
		"askew":       {Skew: 7, Marks: paper.Marks{Stamps: 2}},
		"telephone":   {Optics: paper.Optics{Camera: 1}, Marks: paper.Marks{Seals: paper.SealOverBody}},
	} {
		for seed := range uint64(4) {
			p := paper.Vary(f, paper.Declaration, seed)
			look.DPI, look.Seed = 75, seed
			regions := p.Regions(0, look)
			turned := look.Turn
			bare := look
			bare.Marks, bare.Turn, look.Turn = paper.Marks{}, 0, 0
			changed := unlike(p.Scan(0, look), p.Scan(0, bare))
			look.Turn = turned
			for _, at := range changed {
				if !slices.ContainsFunc(regions, func(r pipeline.Region) bool { return at.In(inset(r.Box, -1)) }) {
					t.Fatalf("%s, seed %d: ink at %v, outside of %v", name, seed, at, regions)
				}
			}
			for _, r := range added(regions, p.Regions(0, bare)) {
				ink := image.Rectangle{}
				for _, at := range changed {
					if at.In(inset(r.Box, 0)) {
						ink = ink.Union(image.Rectangle{at, at.Add(image.Pt(1, 1))})
					}
				}
				if slack := 4; !inset(r.Box, slack).In(ink) {
					t.Errorf("%s, seed %d: a %s at %v has ink at %v only", name, seed, r.Kind, r.Box, ink)
				}
			}
		}
	}
}

func inset(b pipeline.Box, by int) image.Rectangle {
	return image.Rect(b.X0, b.Y0, b.X1, b.Y1).Inset(by)
}

// added gives the regions that are not among those of the bare sheet.
func added(all, bare []pipeline.Region) []pipeline.Region {
	return slices.DeleteFunc(slices.Clone(all), func(r pipeline.Region) bool {
		return slices.ContainsFunc(bare, func(o pipeline.Region) bool { return inset(r.Box, 0).Overlaps(inset(o.Box, 0)) })
	})
}

// unlike lists the pixels in which two pictures differ.
func unlike(a, b *image.RGBA) []image.Point {
	var out []image.Point
	for i := 0; i < len(a.Pix); i += 4 {
		if [4]byte(a.Pix[i:]) != [4]byte(b.Pix[i:]) {
			out = append(out, image.Pt(i%a.Stride/4, i/a.Stride))
		}
	}
	return out
}

package intake

import (
	"slices"

	"hoso/pipeline"
)

// Turned gives the leaf as somebody says that it is to be turned: by so many quarters
// clockwise from the stored image, whatever its file asks for.
func (l Leaf) Turned(quarters int) Leaf {
	width, height := l.Image.Width, l.Image.Height // upright
	if l.Turn%2 != 0 {
		width, height = height, width
	}
	more := ((quarters-l.Turn)%4 + 4) % 4
	if more == 0 {
		return l
	}
	l.Turn = ((quarters % 4) + 4) % 4
	l.Flags = append(slices.Clone(l.Flags), pipeline.Turned)
	l.Lines = slices.Clone(l.Lines)
	for i := range l.Lines {
		l.Lines[i].Words = slices.Clone(l.Lines[i].Words)
	}
	for range more {
		for _, line := range l.Lines {
			for j, w := range line.Words {
				line.Words[j].Box = quarterTurned(w.Box, height)
			}
		}
		width, height = height, width
		l.WidthPt, l.HeightPt = l.HeightPt, l.WidthPt
	}
	return l
}

// quarterTurned gives the place of a box on a page of that height once it is turned
// clockwise.
func quarterTurned(b pipeline.Box, height int) pipeline.Box {
	return pipeline.Box{X0: height - b.Y1, Y0: b.X0, X1: height - b.Y0, Y1: b.X1}
}

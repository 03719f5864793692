package recognize

import "hoso/pipeline"

// ration is what the second looks at a page may still cost, in columns: what a network
// sees of a picture is made as high as its lines, and costs by its width. It has the
// columns of the first reading once more and those of a full page besides. Of 176 pages,
// worn and clean, none was read otherwise without it; what uses it up is noise,
// handwriting or a foreign language, in which every word is doubtful, and which more
// looks do not make readable.
type ration struct{ left int }

// The costs in columns.
const (
	aPage  = 50_000 // as much as 350 words
	aLook  = 100    // whatever its size
	deeper = 2      // times as much with the larger model
)

func rationFor(lines []pipeline.Line) *ration {
	r := &ration{aPage}
	for _, l := range lines {
		for _, w := range l.Words {
			r.left += columns(w.Box)
		}
	}
	return r
}

// columns is the width of a stretch of a line once it is as high as networks want it.
func columns(b pipeline.Box) int {
	const high = 36
	return high * max(0, b.X1-b.X0) / max(1, b.Y1-b.Y0)
}

// take reports whether there is enough left for a look, and takes it away.
func (r *ration) take(b pipeline.Box, look Look) bool {
	cost := columns(b) + aLook
	if look.Deep {
		cost *= deeper
	}
	if cost > r.left {
		return false
	}
	r.left -= cost
	return true
}

package prepare

import (
	"fmt"
	"image"

	"hoso/pipeline/prepare/leptonica"
)

// Bounds on the pieces of ink of a page. A broadsheet newspaper has half of mostPieces;
// the time that an engine takes to find lines grows with their square.
const (
	mostPieces = 100_000
	mostSeen   = 1_000_000 // with dust
)

// piecesOf gives the pieces of ink of a page. On a page of too many, halftone or noise,
// pieces of the size of dots are dust, though tone marks are lost with them; if too many
// remain the error is ErrCrowded.
func piecesOf(ink *leptonica.Pix, dpi int) (pieces, dust []image.Rectangle, err error) {
	all, err := ink.Components(mostSeen)
	if err != nil || len(all) <= mostPieces {
		return all, nil, err
	}
	for _, r := range all {
		if max(r.Dx(), r.Dy()) <= dotSize(dpi) {
			dust = append(dust, r)
		} else {
			pieces = append(pieces, r)
		}
	}
	if len(pieces) > mostPieces {
		return nil, nil, fmt.Errorf("looking for text: %w", leptonica.ErrCrowded)
	}
	return pieces, dust, nil
}

// dotSize is the longer side, in pixels, up to which a piece may be the dot of a letter.
func dotSize(dpi int) int { return dpi * 7 / 200 }

// specksOf parts the pieces of ink into those that may belong to text and the dust
// that lies by itself: an engine that looks for columns takes rows of dust for one.
// Marks and dots of letters are as small, but have a letter near them.
func specksOf(ink []image.Rectangle, dpi int) (kept, specks []image.Rectangle) {
	largest, near := dotSize(dpi), max(1, dpi*16/200)
	var bodies []image.Rectangle
	for _, r := range ink {
		if max(r.Dx(), r.Dy()) > largest {
			bodies = append(bodies, r)
		}
	}
	if len(bodies) == len(ink) {
		return ink, nil
	}
	grid := newShade(bodies, near)
	for _, r := range ink {
		if max(r.Dx(), r.Dy()) <= largest && !grid.over(middleOf(r)) {
			specks = append(specks, r)
		} else {
			kept = append(kept, r)
		}
	}
	return kept, specks
}

// withoutPupils takes out of the pieces of ink the dots in the middle of a ring: typewriter
// faces dot their zeros, which are then read as 6, 8 or 9. No letter of Vietnamese has a
// piece of its own in its middle.
func withoutPupils(ink []image.Rectangle, dpi int) (rest, pupils []image.Rectangle) {
	var dots []image.Rectangle
	for _, r := range ink {
		if max(r.Dx(), r.Dy()) <= dotSize(dpi) && min(r.Dx(), r.Dy()) >= max(2, dpi/100) {
			dots = append(dots, r)
		}
	}
	near := newNeighbours(dots, dpi/12)
	found := map[image.Rectangle]bool{}
	for _, ring := range ink {
		if w, h := ring.Dx(), ring.Dy(); h < dpi/16 || h > dpi/4 || 10*w > 9*h || 10*w < 4*h {
			continue
		}
		near.around(middleOf(ring), func(dot image.Rectangle) {
			if inMiddle(dot, ring) {
				found[dot] = true
			}
		})
	}
	for _, r := range ink {
		if found[r] {
			pupils = append(pupils, r)
		} else {
			rest = append(rest, r)
		}
	}
	return rest, pupils
}

// inMiddle reports whether a dot lies in the middle of a ring with space all round.
func inMiddle(dot, ring image.Rectangle) bool {
	w, h := ring.Dx(), ring.Dy()
	off := middleOf(dot).Sub(middleOf(ring))
	return dot.In(ring.Inset(2)) && 2*dot.Dx() <= w && 2*dot.Dy() <= h && 6*abs(off.X) <= w && 6*abs(off.Y) <= h
}

func abs(n int) int { return max(n, -n) }

// shade tells which cells of a page lie within reach of a box. It notes where boxes
// begin and end and adds up once, since pieces of drawings may each cover the page.
type shade struct {
	cell, width, height int
	depth               []int32 // of boxes over each cell
}

// newShade makes cells as wide as boxes reach.
func newShade(boxes []image.Rectangle, reach int) *shade {
	var all image.Rectangle
	for _, b := range boxes {
		all = all.Union(b.Inset(-reach))
	}
	s := &shade{cell: reach, width: max(0, all.Max.X)/reach + 2, height: max(0, all.Max.Y)/reach + 2}
	s.depth = make([]int32, s.width*s.height)
	for _, b := range boxes {
		b = b.Inset(-reach)
		left, top := max(0, b.Min.X)/reach, max(0, b.Min.Y)/reach
		right, bottom := b.Max.X/reach+1, b.Max.Y/reach+1
		s.depth[top*s.width+left]++
		s.depth[top*s.width+right]--
		s.depth[bottom*s.width+left]--
		s.depth[bottom*s.width+right]++
	}
	for i := range s.depth {
		if i%s.width > 0 {
			s.depth[i] += s.depth[i-1]
		}
	}
	for i := s.width; i < len(s.depth); i++ {
		s.depth[i] += s.depth[i-s.width]
	}
	return s
}

// over reports whether a box reaches the cell of p.
func (s *shade) over(p image.Point) bool {
	at := p.Div(s.cell)
	return at.X < s.width && at.Y < s.height && s.depth[at.Y*s.width+at.X] > 0
}

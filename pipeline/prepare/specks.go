package prepare

import "image"

// specksOf parts the pieces of ink into those that may belong to text and the dust
// that lies by itself: an engine that looks for columns takes rows of dust for one.
// Marks and dots of letters are as small, but have a letter near them.
func specksOf(ink []image.Rectangle, dpi int) (kept, specks []image.Rectangle) {
	largest, near := dpi*7/200, dpi*16/200
	var bodies []image.Rectangle
	for _, r := range ink {
		if max(r.Dx(), r.Dy()) > largest {
			bodies = append(bodies, r)
		}
	}
	if len(bodies) == len(ink) {
		return ink, nil
	}
	grid := map[image.Point]bool{}
	for _, b := range bodies {
		b = b.Inset(-near)
		for y := b.Min.Y / near; y <= b.Max.Y/near; y++ {
			for x := b.Min.X / near; x <= b.Max.X/near; x++ {
				grid[image.Pt(x, y)] = true
			}
		}
	}
	for _, r := range ink {
		if max(r.Dx(), r.Dy()) <= largest && !grid[middleOf(r).Div(near)] {
			specks = append(specks, r)
		} else {
			kept = append(kept, r)
		}
	}
	return kept, specks
}

package prepare

import (
	"bytes"
	"image"
	"math"

	"hoso/pipeline"
	"hoso/pipeline/prepare/leptonica"
)

// inkMap tells where a page bears red or blue ink, in cells of about a quarter of a
// millimetre: a pen's line is broader than one.
type inkMap struct {
	cells         []byte // 0, leptonica.RedCell and so on
	width, height int
	mm            [2]float64 // size of a cell across and down
	pixels        [2]float64 // likewise, in pixels of the stored image

	around [places][2]float64 // sine and cosine of the places of a ring
}

// leastInk is by how many levels of 256 ink must differ from paper in colour.
const leastInk = 26

// inkMapOf is empty for a page without colour.
func inkMapOf(full *leptonica.Pix, plan plan) (*inkMap, error) {
	const cellsPerInch = 100
	if full.Depth() != 32 {
		return &inkMap{}, nil
	}
	w, h := full.Size()
	m, steps := &inkMap{around: directions()}, [2]int{}
	for i, scale := range [2]float64{float64(plan.stored.X) / float64(w), float64(plan.stored.Y) / float64(h)} {
		steps[i] = max(1, int(math.Round(plan.dots[i]/scale/cellsPerInch)))
		m.pixels[i] = float64(steps[i]) * scale
		m.mm[i] = m.pixels[i] / plan.dots[i] * 25.4
	}
	var err error
	m.cells, m.width, err = full.InkMap(steps[0], steps[1], leastInk)
	m.height = len(m.cells) / max(m.width, 1)
	return m, err
}

// at reports whether the cell at x, y is of the ink.
func (m *inkMap) at(x, y int, ink byte) bool {
	return x >= 0 && y >= 0 && x < m.width && y < m.height && m.cells[y*m.width+x]&leptonica.InkOf == ink
}

// box gives the place of cells on the stored image.
func (m *inkMap) box(r image.Rectangle, size image.Point) pipeline.Box {
	r = r.Intersect(image.Rect(0, 0, m.width, m.height))
	return pipeline.Box{
		X0: int(float64(r.Min.X) * m.pixels[0]), Y0: int(float64(r.Min.Y) * m.pixels[1]),
		X1: min(size.X, int(math.Ceil(float64(r.Max.X)*m.pixels[0]))), Y1: min(size.Y, int(math.Ceil(float64(r.Max.Y)*m.pixels[1]))),
	}
}

// piece is connected cells of one ink.
type piece struct {
	box      image.Rectangle
	cells    []image.Point
	ornament bool // no part of writing
}

// across and down are the size of a piece in millimetres.
func (m *inkMap) across(r image.Rectangle) float64 { return float64(r.Dx()) * m.mm[0] }
func (m *inkMap) down(r image.Rectangle) float64   { return float64(r.Dy()) * m.mm[1] }

// pieces gives the cells of an ink that lie within reach cells of one another, at least
// fewest together. Not all of them are pale.
func (m *inkMap) pieces(ink byte, reach, fewest int) []piece {
	var out []piece
	seen := make([]byte, len(m.cells))
	copy(seen, m.cells)
	for from := 0; ; {
		next := bytes.IndexByte(seen[from:], ink)
		if next < 0 {
			return out
		}
		from += next
		p := m.flood(seen, from, ink, reach)
		if len(p.cells) >= fewest {
			out = append(out, p)
		}
	}
}

// flood takes the cells that hang together with the one at start out of seen.
func (m *inkMap) flood(seen []byte, start int, ink byte, reach int) piece {
	first := image.Pt(start%m.width, start/m.width)
	p := piece{box: image.Rectangle{first, first.Add(image.Pt(1, 1))}, cells: []image.Point{first}}
	seen[start] = 0
	for i := 0; i < len(p.cells); i++ {
		at := p.cells[i]
		for y := max(0, at.Y-reach); y <= min(m.height-1, at.Y+reach); y++ {
			for x := max(0, at.X-reach); x <= min(m.width-1, at.X+reach); x++ {
				if seen[y*m.width+x]&leptonica.InkOf == ink {
					seen[y*m.width+x] = 0
					p.cells = append(p.cells, image.Pt(x, y))
					p.box = p.box.Union(image.Rect(x, y, x+1, y+1))
				}
			}
		}
	}
	return p
}

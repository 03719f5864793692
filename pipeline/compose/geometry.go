package compose

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"hoso/pipeline"
)

// Bounds of a page side in points (ISO 19005-2, 6.1.13).
const (
	minSide = 3
	maxPage = 14400
)

var errPage = errors.New("page has no size")

// geometry maps pixels of the upright page to points of the PDF page, whose origin
// is at the bottom left.
type geometry struct {
	width, height    float64 // points
	scaleX, scaleY   float64 // points per pixel
	pixelsX, pixelsY float64
	turn             int
	sin, cos         float64 // of the skew, clockwise
}

func geometryOf(p pipeline.Page) (geometry, error) {
	g := geometry{width: p.WidthPt, height: p.HeightPt, turn: ((p.Turn % 4) + 4) % 4, cos: 1}
	w, h := float64(p.Image.Width), float64(p.Image.Height)
	dpiX, dpiY := p.Image.DPIX, p.Image.DPIY
	if g.turn%2 == 1 {
		w, h, dpiX, dpiY = h, w, dpiY, dpiX
	}
	g.pixelsX, g.pixelsY = float64(p.Width), float64(p.Height)
	if p.Width <= 0 || p.Height <= 0 {
		g.pixelsX, g.pixelsY = w, h
	}
	if g.width == 0 && g.height == 0 {
		g.width, g.height = sizeAt(w, dpiX), sizeAt(h, dpiY)
	}
	if !(g.width > 0 && g.height > 0) || math.IsInf(g.width+g.height, 0) {
		return geometry{}, fmt.Errorf("measuring a page of %g by %g points: %w", p.WidthPt, p.HeightPt, errPage)
	}
	g.bound()
	g.scaleX, g.scaleY = g.width/g.pixelsX, g.height/g.pixelsY
	if math.Abs(p.Skew) <= maxSkew {
		g.sin, g.cos = math.Sincos(p.Skew * math.Pi / 180)
	}
	return g, nil
}

// maxSkew is the largest skew in degrees that boxes can be corrected for; beyond it
// a box says too little of the word inside.
const maxSkew = 20

// sizeAt gives the points that n pixels take, at 200 dpi if nobody knows better.
func sizeAt(n, dpi float64) float64 {
	if !(dpi > 0) || math.IsInf(dpi, 0) {
		dpi = 200
	}
	return n * 72 / dpi
}

// bound brings the page into the bounds of PDF/A-2, keeping its shape where it can.
func (g *geometry) bound() {
	if f := maxPage / max(g.width, g.height); f < 1 {
		g.width *= f
		g.height *= f
	}
	if f := minSide / min(g.width, g.height); f > 1 {
		g.width = min(g.width*f, maxPage)
		g.height = min(g.height*f, maxPage)
	}
	g.width = min(max(round(g.width), minSide), maxPage)
	g.height = min(max(round(g.height), minSide), maxPage)
}

// paint appends the operators that show the image upright over the whole page.
func (g *geometry) paint(b []byte) []byte {
	w, h := g.width, g.height
	m := [6]float64{w, 0, 0, h, 0, 0}
	switch g.turn {
	case 1:
		m = [6]float64{0, -h, w, 0, 0, h}
	case 2:
		m = [6]float64{-w, 0, 0, -h, w, h}
	case 3:
		m = [6]float64{0, h, -w, 0, w, 0}
	}
	b = append(b, "q\n"...)
	for _, v := range m {
		b = append(appendNumber(b, v), ' ')
	}
	return append(b, "cm\n/Im Do\nQ\n"...)
}

func round(v float64) float64 { return math.Round(v*1000) / 1000 }

// appendNumber appends v with at most three decimals, never in exponential form.
func appendNumber(b []byte, v float64) []byte {
	v = round(v)
	if v == 0 {
		v = 0 // no negative zero
	}
	return strconv.AppendFloat(b, v, 'f', -1, 64)
}

func number(v float64) string { return string(appendNumber(nil, v)) }

// appendFine appends a factor with six decimals.
func appendFine(b []byte, v float64) []byte {
	v = math.Round(v*1e6) / 1e6
	if v == 0 {
		v = 0
	}
	return strconv.AppendFloat(b, v, 'f', -1, 64)
}

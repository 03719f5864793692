package appearance

import (
	"image"
	"image/draw"
	"math"
	"slices"

	"hoso/pipeline"
)

// sheet is a picture of a page, and how light its paper is.
type sheet struct {
	gray *image.Gray
	bare []byte // of each tile
	wide int    // tiles in a row
	dim  byte   // what is darker is none: black letters could not be read on it
}

// Measures of looking for ink.
const (
	tileParts = 24  // tiles along the shorter side of a page
	darker    = 32  // of 255: by how much ink is darker than the paper around it
	shade     = 60  // by how much paper may be darker than that of most of the page
	share     = 9   // one of so many pixels of a cell has to be ink; specks are less
	dimmest   = 0.6 // of the brightness of most of the page, what paper has at least
	dimMost   = 96  // of 255: more is never asked for
	lightest  = 0.9 // the share of a tile's pixels that are no lighter than its paper

	usualWidth = 595 // points
)

// Look finds the ink of a page in a picture of it, upright, of 40 dots per inch or more.
// What is ink is told from the paper around it, for paper has shades. The page has this
// size in points; if that is not known, it is taken to be as wide as A4.
func Look(picture image.Image, width, height float64) *pipeline.Ink {
	k := &sheet{gray: grayOf(picture)}
	k.measure()
	b := k.gray.Rect
	if width <= 0 || height <= 0 {
		width, height = usualWidth, usualWidth*float64(b.Dy())/float64(max(b.Dx(), 1))
	}
	cols, rows := cellsOf(width, height)
	cells := make([]bool, cols*rows)
	k.spread(cells, cols, rows)
	return pipeline.NewInk(cols, cells)
}

// cellsOf gives the columns and rows in which a page of this size is looked at.
func cellsOf(width, height float64) (cols, rows int) {
	side := max(cell, math.Sqrt(width*height/(pipeline.MostInk/2)))
	return max(1, int(math.Ceil(width/side))), max(1, int(math.Ceil(height/side)))
}

// measure finds the brightness of the paper.
func (k *sheet) measure() {
	b := k.gray.Rect
	size := k.tile()
	k.wide = (b.Dx() + size - 1) / size
	for y := 0; y < b.Dy(); y += size {
		for x := 0; x < b.Dx(); x += size {
			k.bare = append(k.bare, paper(k.gray, image.Rect(x, y, x+size, y+size).Intersect(b)))
		}
	}
	usual := slices.Sorted(slices.Values(k.bare))[len(k.bare)/2]
	k.dim = byte(min(dimMost, dimmest*float64(usual)))
	for i, v := range k.bare {
		k.bare[i] = max(v, usual-min(usual, shade))
	}
}

func (k *sheet) tile() int { return max(8, min(k.gray.Rect.Dx(), k.gray.Rect.Dy())/tileParts) }

// grayOf gives the brightness of a picture, with its origin at 0,0.
func grayOf(picture image.Image) *image.Gray {
	b := picture.Bounds()
	if y, ok := picture.(*image.YCbCr); ok { // a JPEG
		return &image.Gray{Pix: y.Y[y.YOffset(b.Min.X, b.Min.Y):], Stride: y.YStride, Rect: image.Rect(0, 0, b.Dx(), b.Dy())}
	}
	g := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(g, g.Rect, picture, b.Min, draw.Src)
	return g
}

// paper gives the brightness that few pixels of a tile exceed.
func paper(g *image.Gray, tile image.Rectangle) byte {
	var counts [256]int
	for y := tile.Min.Y; y < tile.Max.Y; y++ {
		for _, v := range g.Pix[g.PixOffset(tile.Min.X, y):][:tile.Dx()] {
			counts[v]++
		}
	}
	left := int(lightest * float64(tile.Dx()*tile.Dy()))
	for v, n := range counts {
		if left -= n; left <= 0 {
			return byte(v)
		}
	}
	return 255
}

// spread marks the cells that have ink.
func (k *sheet) spread(cells []bool, cols, rows int) {
	b := k.gray.Rect
	ink, all := make([]int32, len(cells)), make([]int32, len(cells))
	columns := make([]int, b.Dx())
	for x := range columns {
		columns[x] = x * cols / b.Dx()
	}
	size := k.tile()
	for y := range b.Dy() {
		line := k.gray.Pix[k.gray.PixOffset(0, y):][:b.Dx()]
		row := y * rows / b.Dy() * cols
		bare := k.bare[y/size*k.wide:]
		for x, v := range line {
			at := row + columns[x]
			all[at]++
			if int(v)+darker < int(bare[x/size]) || v < k.dim {
				ink[at]++
			}
		}
	}
	for i, n := range all {
		cells[i] = ink[i] > 0 && ink[i] >= (n+share-1)/share
	}
}

// Package cells looks at a picture in small squares: how dark each is and how often it
// turns from dark to light, which tells codes from print at the cost of one pass.
package cells

// #cgo CFLAGS: -O3
// #include "cells.h"
import "C"

import (
	"image"
	"runtime"
	"unsafe"
)

// Side is the side of a cell in pixels.
const Side = int(C.HOSO_CELL)

// Cell is what is seen of one square.
type Cell struct {
	Mean, Low, High uint8 // levels
	Turns           uint8 // four times the mean difference of neighbouring pixels, across and down
}

// Of gives the cells of a picture row by row; what is left over at its right and lower
// edge is not looked at.
func Of(img *image.Gray) (all []Cell, width, height int) {
	b := img.Bounds()
	width, height = (b.Dx()-1)/Side, (b.Dy()-1)/Side
	if width <= 0 || height <= 0 {
		return nil, 0, 0
	}
	all = make([]Cell, width*height)
	at := unsafe.SliceData(img.Pix[img.PixOffset(b.Min.X, b.Min.Y):])
	done := C.hoso_cells((*C.uint8_t)(unsafe.Pointer(at)), C.int(img.Stride), C.int(b.Dx()), C.int(b.Dy()), (*C.hoso_cell)(unsafe.Pointer(unsafe.SliceData(all))))
	runtime.KeepAlive(img)
	if done == 0 {
		return nil, 0, 0
	}
	return all, width, height
}

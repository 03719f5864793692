// Package zxing is the one door to the ZXing-C++ library.
package zxing

// #cgo pkg-config: zxing
// #cgo CXXFLAGS: -O2 -std=c++17
// #include <stdlib.h>
// #include "zxing.h"
import "C"

import (
	"errors"
	"image"
	"runtime"
	"unsafe"

	"hoso/pipeline"
)

// Code is what was read, in pixels of the picture it was read from.
type Code struct {
	Kind    pipeline.CodeKind
	Text    string
	Corners [4]image.Point
}

// ErrDecoder is returned where the library gave up, as it does without memory.
var ErrDecoder = errors.New("the decoder of codes gave up")

func kinds() map[pipeline.CodeKind]C.int {
	return map[pipeline.CodeKind]C.int{pipeline.QR: C.HOSO_QR, pipeline.Code128: C.HOSO_CODE128, pipeline.Code39: C.HOSO_CODE39}
}

// Read gives the codes of some kinds on a picture.
func Read(img *image.Gray, want ...pipeline.CodeKind) ([]Code, error) {
	const most = 32
	b := img.Bounds()
	if b.Empty() {
		return nil, nil
	}
	all, set := kinds(), C.int(0)
	for _, k := range want {
		set |= all[k]
	}
	var raw [most]C.hoso_code
	at := img.Pix[img.PixOffset(b.Min.X, b.Min.Y):]
	n := C.hoso_codes((*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(at))), C.int(b.Dx()), C.int(b.Dy()), C.int(img.Stride), set, &raw[0], most)
	runtime.KeepAlive(img)
	if n < 0 {
		return nil, ErrDecoder
	}
	var out []Code
	for _, r := range raw[:n] {
		c := Code{Text: C.GoStringN(r.text, C.int(r.size))}
		C.free(unsafe.Pointer(r.text))
		for kind, bit := range all {
			if bit == r.kind {
				c.Kind = kind
			}
		}
		for i := range c.Corners {
			c.Corners[i] = image.Pt(int(r.x[i]), int(r.y[i])).Add(b.Min)
		}
		out = append(out, c)
	}
	return out, nil
}

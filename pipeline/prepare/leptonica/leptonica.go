// Package leptonica is the one door to the Leptonica image library. It opens bytes
// that strangers sent, so a header is always read before pixels are, and every image
// lives in C memory that its owner frees. It knows operations on pictures and
// nothing of pages: what to do with them is decided in prepare.
package leptonica

// #cgo pkg-config: lept libjpeg
// #cgo CFLAGS: -O3
// #include <stdlib.h>
// #include "lept.h"
import "C"

import (
	"errors"
	"fmt"
	"image"
	"runtime"
	"unsafe"
)

// ErrFormat is returned for bytes that are no image of a kind this door opens.
var ErrFormat = errors.New("not a readable image")

// ErrMemory is returned when Leptonica could not do an operation, which for an
// image that was decoded means that memory ran out or the image is too small.
var ErrMemory = errors.New("image operation not possible")

// ErrCrowded is returned for an image of more pieces of ink than are wanted.
var ErrCrowded = errors.New("too many pieces of ink")

// Header is what an image file says of itself before its pixels are read.
type Header struct {
	Format  Format
	Width   int // pixels as stored
	Height  int
	Bits    int // per sample
	Samples int // per pixel
}

// Format is the encoding of an image file.
type Format int

// The formats that are opened.
const (
	JPEG Format = iota + 1
	PNG
	TIFF
	PNM
	JP2
)

// ReadHeader looks at the first bytes of an encoded image. It gives ErrFormat for
// anything but JPEG, PNG, TIFF, PNM and JPEG 2000.
func ReadHeader(encoded []byte) (Header, error) {
	C.hoso_quiet()
	var h C.hoso_header
	if len(encoded) < 12 || C.hoso_read_header(bytesOf(encoded), C.size_t(len(encoded)), &h) != 0 {
		return Header{}, fmt.Errorf("reading image header: %w", ErrFormat)
	}
	f := formatOf(h.format)
	if f == 0 || h.width < 1 || h.height < 1 {
		return Header{}, fmt.Errorf("reading image header: format %d: %w", int(h.format), ErrFormat)
	}
	return Header{
		Format: f, Width: int(h.width), Height: int(h.height),
		Bits: max(1, int(h.bits)), Samples: max(1, int(h.samples)),
	}, nil
}

func formatOf(code C.int) Format {
	switch code {
	case C.IFF_JFIF_JPEG:
		return JPEG
	case C.IFF_PNG:
		return PNG
	case C.IFF_TIFF, C.IFF_TIFF_PACKBITS, C.IFF_TIFF_RLE, C.IFF_TIFF_G3, C.IFF_TIFF_G4,
		C.IFF_TIFF_LZW, C.IFF_TIFF_ZIP, C.IFF_TIFF_JPEG:
		return TIFF
	case C.IFF_PNM:
		return PNM
	case C.IFF_JP2:
		return JP2
	}
	return 0
}

// Pix is an image in C memory. Free it; a nil Pix may be freed too.
type Pix struct{ p *C.PIX }

func bytesOf(b []byte) *C.uint8_t { return (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(b))) }

func own(p *C.PIX, doing string) (*Pix, error) {
	if p == nil {
		return nil, fmt.Errorf("%s: %w", doing, ErrMemory)
	}
	return &Pix{p}, nil
}

// Decode reads the pixels of an image whose header was found acceptable. A JPEG is
// read at 1/reduction of its size (1, 2, 4 or 8), others always whole. The image
// has 1, 8 or 32 bits per pixel (bilevel, gray or RGB) and no transparency.
func Decode(encoded []byte, h Header, reduction int) (*Pix, error) {
	C.hoso_quiet()
	format := C.int(C.IFF_UNKNOWN)
	switch h.Format {
	case JPEG:
		format = C.IFF_JFIF_JPEG
	case PNM:
		format = C.IFF_PNM
	case PNG, TIFF, JP2: // read as they come
	}
	raw := C.hoso_decode(bytesOf(encoded), C.size_t(len(encoded)), format, C.int(reduction))
	runtime.KeepAlive(encoded)
	if raw == nil {
		return nil, fmt.Errorf("decoding image: %w", ErrFormat)
	}
	defer C.pixDestroy(&raw)
	return own(C.hoso_flatten(raw), "simplifying image")
}

// FromGray copies img into C memory.
func FromGray(img *image.Gray) (*Pix, error) {
	b := img.Bounds()
	if b.Empty() {
		return nil, fmt.Errorf("copying empty image: %w", ErrMemory)
	}
	at := img.Pix[img.PixOffset(b.Min.X, b.Min.Y):]
	return own(C.hoso_from_gray(bytesOf(at), C.int(b.Dx()), C.int(b.Dy()), C.int(img.Stride)), "copying image")
}

// Gray copies an 8-bit image out of C memory.
func (p *Pix) Gray() *image.Gray {
	stride := 4 * int(C.pixGetWpl(p.p))
	w, h := p.Size()
	img := &image.Gray{Pix: make([]byte, stride*h), Stride: stride, Rect: image.Rect(0, 0, w, h)}
	C.hoso_to_gray(p.p, bytesOf(img.Pix))
	return img
}

// RGB copies an image of any depth out of C memory: rows from top to bottom, three
// bytes a pixel.
func (p *Pix) RGB() ([]byte, error) {
	colour, err := own(C.pixConvertTo32(p.p), "converting to colour")
	if err != nil {
		return nil, err
	}
	defer colour.Free()
	w, h := colour.Size()
	pix := make([]byte, 3*w*h)
	C.hoso_to_rgb(colour.p, bytesOf(pix))
	return pix, nil
}

// Clone gives a second owner of the same pixels.
func (p *Pix) Clone() (*Pix, error) { return own(C.pixClone(p.p), "copying image") }

// Free gives the memory back. It may be called again.
func (p *Pix) Free() {
	if p != nil {
		C.pixDestroy(&p.p)
	}
}

// Size is the width and height in pixels.
func (p *Pix) Size() (width, height int) {
	return int(C.pixGetWidth(p.p)), int(C.pixGetHeight(p.p))
}

// Depth is the number of bits per pixel: 1, 8 or 32.
func (p *Pix) Depth() int { return int(C.pixGetDepth(p.p)) }

// RedFraction is the share of clearly red pixels, from 0 to 1, looking at every
// step-th pixel in both directions; 0 for images without colour.
func (p *Pix) RedFraction(step int) float64 {
	return float64(C.hoso_red_fraction(p.p, C.int(step)))
}

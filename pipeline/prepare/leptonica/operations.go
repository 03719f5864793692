package leptonica

// #include "lept.h"
// #include <stdlib.h>
import "C"

import (
	"fmt"
	"image"
	"unsafe"
)

// Light is what of a coloured image a gray one shows.
type Light int

// The lights. An image without colour is the same in red light and by day, and has no red ink.
const (
	RedLight Light = iota // the red channel, in which red seals vanish and blue ink stays
	RedInk                // what only red ink has drawn, dark on white
	Daylight              // how bright it is to the eye: no ink vanishes
)

// Scaled gives the image in a light, in gray, at a size. What becomes smaller is
// sharpened a little, as are thin strokes by nature. A bilevel image that is made
// smaller becomes properly gray.
func (p *Pix) Scaled(light Light, size image.Point) (*Pix, error) {
	const mild = 0.7 // from here on up interpolating loses less than averaging
	w, h := p.Size()
	x, y := float64(size.X)/float64(w), float64(size.Y)/float64(h)
	if p.Depth() > 1 && x < mild && y < mild {
		return own(C.hoso_shrink(p.p, C.int(light), C.int(size.X), C.int(size.Y)), "making smaller")
	}
	one, err := p.in(light)
	if err != nil {
		return nil, err
	}
	defer one.Free()
	return one.scaled(x, y)
}

// in gives the image in a light at its own size.
func (p *Pix) in(light Light) (*Pix, error) {
	switch {
	case light == RedInk:
		return own(C.hoso_red_layer(p.p), "taking red layer")
	case light == Daylight && p.Depth() == 32:
		return own(C.pixConvertRGBToLuminance(p.p), "taking brightness")
	case p.Depth() == 32:
		return own(C.pixGetRGBComponent(p.p, C.COLOR_RED), "taking red channel")
	}
	return p.Clone()
}

func (p *Pix) scaled(x, y float64) (*Pix, error) {
	if p.Depth() == 1 && x == y && x < 1 {
		return own(C.pixScaleToGray(p.p, C.l_float32(x)), "scaling to gray")
	}
	gray, err := own(C.pixConvertTo8(p.p, 0), "converting to gray")
	if err != nil || x == 1 && y == 1 {
		return gray, err
	}
	defer gray.Free()
	return own(C.pixScale(gray.p, C.l_float32(x), C.l_float32(y)), "scaling")
}

// Fade takes out of an image in red light, in place, what is left in it of the red ink
// that layer shows, a RedInk of the same size. Ink that was dark in red light stays.
func (p *Pix) Fade(layer *Pix) error {
	if C.hoso_fade(p.p, layer.p) == 0 {
		return fmt.Errorf("fading red: %w", ErrMemory)
	}
	return nil
}

// Resized gives an image of 8 or 32 bits scaled by factor, colours kept.
func (p *Pix) Resized(factor float64) (*Pix, error) {
	deep, err := own(C.pixConvertTo8Or32(p.p, C.L_CLONE, 0), "converting to gray or colour")
	if err != nil || factor == 1 {
		return deep, err
	}
	defer deep.Free()
	if factor < 1 {
		return own(C.pixScaleAreaMap(deep.p, C.l_float32(factor), C.l_float32(factor)), "scaling")
	}
	return own(C.pixScaleLI(deep.p, C.l_float32(factor), C.l_float32(factor)), "scaling")
}

// Turned gives the image turned clockwise by quarters of a turn, 0 to 3.
func (p *Pix) Turned(quarters int) (*Pix, error) {
	return own(C.pixRotateOrth(p.p, C.l_int32(quarters)), "turning")
}

// Projected gives a gray image of the given size, each pixel of which is taken from where
// the projection, nine figures row by row, has its place in p. What lies beyond p is white.
func (p *Pix) Projected(from [9]float64, size image.Point) (*Pix, error) {
	return own(C.hoso_project(p.p, (*C.double)(&from[0]), C.int(size.X), C.int(size.Y)), "projecting")
}

// Background evens out the paper of a gray image: light falling unevenly, yellowed
// or dark paper all come out at one level (230).
func (p *Pix) Background() (*Pix, error) {
	const tileX, tileY, ink, enough, level, smoothX, smoothY = 16, 32, 60, 40, 230, 2, 1
	return own(C.pixBackgroundNorm(p.p, nil, nil, tileX, tileY, ink, enough, level, smoothX, smoothY), "evening background")
}

// Clip stretches gray levels in place so that white and above become white.
func (p *Pix) Clip(white int) error {
	if C.pixGammaTRC(p.p, p.p, 1, 0, C.l_int32(white)) == nil {
		return fmt.Errorf("clipping white: %w", ErrMemory)
	}
	return nil
}

// Otsu is the gray level that parts ink from paper best.
func (p *Pix) Otsu() (int, error) {
	level := int(C.hoso_otsu(p.p))
	if level < 0 {
		return 0, fmt.Errorf("finding threshold: %w", ErrMemory)
	}
	return level, nil
}

// Below gives the bilevel image of everything darker than level.
func (p *Pix) Below(level int) (*Pix, error) {
	return own(C.pixThresholdToBinary(p.p, C.l_int32(level)), "thresholding")
}

// Components gives the box around every connected piece of ink of a bilevel image,
// or ErrCrowded if there are more than most.
func (p *Pix) Components(most int) ([]image.Rectangle, error) {
	var n C.int
	raw := C.hoso_components(p.p, C.int(most), &n)
	if n < 0 {
		C.free(unsafe.Pointer(raw))
		return nil, fmt.Errorf("finding components: %w", ErrCrowded)
	}
	return boxesOf(raw, &n, "finding components")
}

// Level gives the straight runs of ink along the rows of a bilevel image that have
// least pixels or more.
func (p *Pix) Level(least int) ([]image.Rectangle, error) {
	var n C.int
	return boxesOf(C.hoso_runs(p.p, C.int(least), 1, &n), &n, "finding level rules")
}

// Steep gives the same down its columns.
func (p *Pix) Steep(least int) ([]image.Rectangle, error) {
	var n C.int
	return boxesOf(C.hoso_runs(p.p, C.int(least), 0, &n), &n, "finding steep rules")
}

// Erase takes the ink of a bilevel image out of r.
func (p *Pix) Erase(r image.Rectangle) {
	C.hoso_erase(p.p, C.int(r.Min.X), C.int(r.Min.Y), C.int(r.Dx()), C.int(r.Dy()))
}

// boxesOf takes over a list of x, y, width, height.
func boxesOf(raw *C.int32_t, n *C.int, doing string) ([]image.Rectangle, error) {
	if raw == nil {
		return nil, fmt.Errorf("%s: %w", doing, ErrMemory)
	}
	defer C.free(unsafe.Pointer(raw))
	boxes := make([]image.Rectangle, int(*n))
	for i, b := range unsafe.Slice((*[4]int32)(unsafe.Pointer(raw)), int(*n)) {
		x, y := int(b[0]), int(b[1])
		boxes[i] = image.Rect(x, y, x+int(b[2]), y+int(b[3]))
	}
	return boxes, nil
}

// Skew is the angle in degrees by which a bilevel image must be turned clockwise for
// its lines to run level, looked for up to sweep degrees both ways. The confidence
// is a ratio: below 3 the angle means nothing.
func (p *Pix) Skew(sweep float64) (degrees, confidence float64) {
	const coarse, fine, step, precision = 4, 2, 1, 0.01
	var angle, conf C.l_float32
	if C.pixFindSkewSweepAndSearch(p.p, &angle, &conf, coarse, fine, C.l_float32(sweep), step, precision) != 0 {
		return 0, 0
	}
	return float64(angle), float64(conf)
}

// Orientation is the number of quarter turns clockwise that make the text of a
// bilevel image upright, told by the ascenders of its letters; ok is false when
// they do not say.
func (p *Pix) Orientation() (quarters int, ok bool) {
	var up, left C.l_float32
	var decision C.l_int32
	if C.pixOrientDetect(p.p, &up, &left, 0, 0) != 0 || C.makeOrientDecision(up, left, 0, 0, &decision, 0) != 0 {
		return 0, false
	}
	switch decision {
	case C.L_TEXT_ORIENT_UP:
		return 0, true
	case C.L_TEXT_ORIENT_LEFT:
		return 1, true
	case C.L_TEXT_ORIENT_DOWN:
		return 2, true
	case C.L_TEXT_ORIENT_RIGHT:
		return 3, true
	}
	return 0, false
}

// The inks of an InkMap.
const (
	RedCell   = 1
	BlueCell  = 2
	BlackCell = 3
	InkOf     = 3 // the bits of a cell that tell its ink
	PaleCell  = 4 // is set where blue ink is as pale as the edges of print may look
)

// InkMap tells for each cell of stepX by stepY pixels, row by row, what ink lies on it, 0
// if none. Red and blue differ from the paper around by least levels or more. It is nil
// for images without any.
func (p *Pix) InkMap(stepX, stepY, least int) (cells []byte, width int, err error) {
	w, h := p.Size()
	width, height := w/stepX, h/stepY
	if p.Depth() != 32 || width == 0 || height == 0 {
		return nil, 0, nil
	}
	cells = make([]byte, width*height)
	switch C.hoso_ink_map(p.p, C.int(stepX), C.int(stepY), C.int(least), bytesOf(cells)) {
	case 0:
		return nil, 0, nil
	case 1:
		return cells, width, nil
	}
	return nil, 0, fmt.Errorf("mapping inks: %w", ErrMemory)
}

// Cell is the side in pixels of the squares of Means.
const Cell = 8

// Means gives the mean level of every square of a gray image, row by row.
func (p *Pix) Means() (cells []byte, width, height int) {
	w, h := p.Size()
	width, height = w/Cell, h/Cell
	if p.Depth() != 8 || width == 0 || height == 0 {
		return nil, 0, 0
	}
	cells = make([]byte, width*height)
	C.hoso_means(p.p, bytesOf(cells))
	return cells, width, height
}

package prepare

import (
	"context"
	"fmt"
	"image"

	"hoso/pipeline"
	"hoso/pipeline/prepare/leptonica"
)

// Measures of a glance: what a pen draws is some pixels wide then, and of the largest sheets
// there are no more pixels than of others.
const (
	glanceDPI  = 100
	glanceMost = 2400 // pixels of the longer side
)

// Glance is a small picture of the page, as bright as it is to the eye and otherwise as it
// was scanned, upright as the letters lie. It is nil unless Options asked for it.
func (p *Prepared) Glance() *image.Gray {
	out := p.glance
	if out == nil {
		return nil
	}
	for range p.turned {
		out = quarterTurn(out)
	}
	return out
}

// Glance gives such a picture of a page that is not to be recognized, turned by hint.Turn.
// The refusals are those of Prepare.
func Glance(ctx context.Context, encoded []byte, hint Hint, opt Options) (*image.Gray, error) {
	header, err := leptonica.ReadHeader(encoded)
	if err != nil {
		return nil, pipeline.Refuse(unreadable(), err)
	}
	plan, err := planFor(header, hint, opt)
	if err != nil {
		return nil, err
	}
	full, err := leptonica.Decode(encoded, header, plan.reduction)
	if err != nil {
		return nil, pipeline.Refuse(unreadable(), err)
	}
	defer full.Free()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("glancing at a page: %w", err)
	}
	return glanceAt(full, plan)
}

func glanceAt(full *leptonica.Pix, plan plan) (*image.Gray, error) {
	share := min(1, glanceDPI/float64(plan.dpi), glanceMost/float64(max(plan.size.X, plan.size.Y)))
	size := image.Pt(max(1, int(share*float64(plan.size.X))), max(1, int(share*float64(plan.size.Y))))
	small, err := full.Scaled(leptonica.Daylight, size)
	if err != nil {
		return nil, err
	}
	defer small.Free()
	turned, err := small.Turned(plan.turn)
	if err != nil {
		return nil, err
	}
	defer turned.Free()
	return turned.Gray(), nil
}

// quarterTurn turns a picture clockwise.
func quarterTurn(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, h, w))
	for y := range h {
		for x, v := range g.Pix[y*g.Stride:][:w] {
			out.Pix[x*out.Stride+h-1-y] = v
		}
	}
	return out
}

package prepare

import (
	"errors"
	"image"

	"hoso/pipeline/prepare/leptonica"
)

// partRed takes what red ink has drawn out of a page in red light, where the rims of a
// seal still show gray, since JPEG keeps colours at half the resolution. It keeps the
// red by itself: stamps (công văn đến, hỏa tốc) and the titles of certificates are red.
func (p *Prepared) partRed(page, full *leptonica.Pix, plan plan) error {
	scaled, err := full.Scaled(leptonica.RedInk, plan.size)
	if err != nil {
		return err
	}
	defer scaled.Free()
	if p.RedFraction > SealFraction {
		p.red = scaled.Gray()
	}
	return page.Fade(scaled)
}

// RedInk gives the red layer of the page in the place of Gray, with the pieces of ink
// on it; nil for a page without red.
func (p *Prepared) RedInk() (*image.Gray, []image.Rectangle, error) {
	if p.red == nil {
		return nil, nil, nil
	}
	stored, err := leptonica.FromGray(p.red)
	if err != nil {
		return nil, nil, err
	}
	defer stored.Free()
	layer, err := stored.Turned(p.Turn)
	if err != nil {
		return nil, nil, err
	}
	defer func() { layer.Free() }()
	laid, err := p.place.lay(layer)
	if err != nil {
		return nil, nil, err
	}
	layer.Free()
	layer = laid
	const strongest, weakest = 90, 160 // paler than the second is coloured paper
	level, err := layer.Otsu()
	if err != nil {
		return nil, nil, err
	}
	ink, err := layer.Below(min(max(level, strongest), weakest))
	if err != nil {
		return nil, nil, err
	}
	defer ink.Free()
	boxes, err := ink.Components(mostSeen)
	if errors.Is(err, leptonica.ErrCrowded) {
		return nil, nil, nil // a screen of dots, no text
	}
	return layer.Gray(), boxes, err
}

package prepare

import (
	"context"
	"fmt"
	"math"

	"hoso/pipeline"
	"hoso/pipeline/prepare/leptonica"
)

// Colour is a page as it was scanned: nothing cleaned, in colour, upright.
type Colour struct {
	Pix           []byte // rows from top to bottom, three bytes a pixel: red, green, blue
	Width, Height int
	DPI           float64
}

// Resolutions between these are kept; others are brought to fineDPI, but for sheets
// that would have more than finePixels then.
const (
	fineLeast  = 250
	fineMost   = 420
	fineDPI    = 300
	finePixels = 24_000_000 // a sheet of A3 at 330 dpi
)

// Decode gives the colours of one page image at a resolution at which letters can be
// traced, turned by hint.Turn. The refusals are those of Prepare.
func Decode(ctx context.Context, encoded []byte, hint Hint, opt Options) (*Colour, error) {
	header, err := leptonica.ReadHeader(encoded)
	if err != nil {
		return nil, pipeline.Refuse(unreadable(), err)
	}
	plan, err := planFor(header, hint, opt)
	if err != nil {
		return nil, err
	}
	dpi := plan.nativeDPI * float64(header.Width) / float64(plan.stored.X)
	reduction, factor := fine(header, dpi)
	limit := opt.DecodedBytes
	if limit <= 0 {
		limit = decodedLimit
	}
	if decodedBytes(header, reduction) > limit {
		return nil, pipeline.Refuse(tooLarge(), nil)
	}
	pix, err := leptonica.Decode(encoded, header, reduction)
	if err != nil {
		return nil, pipeline.Refuse(unreadable(), err)
	}
	defer pix.Free()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("decoding page: %w", err)
	}
	c, err := colour(pix, factor, plan.turn)
	if err != nil {
		return nil, err
	}
	c.DPI = dpi / float64(reduction) * factor
	return c, nil
}

// fine gives by how much an image is made smaller while it is decoded, and by which
// factor it is scaled afterwards.
func fine(h leptonica.Header, dpi float64) (reduction int, factor float64) {
	reduction, factor = 1, 1
	if dpi < fineLeast || dpi > fineMost {
		factor = min(fineDPI/dpi, 4)
	}
	if pixels := float64(h.Width) * float64(h.Height) * factor * factor; pixels > finePixels {
		factor *= math.Sqrt(finePixels / pixels)
	}
	for h.Format == leptonica.JPEG && reduction < 8 && factor <= 0.5 {
		reduction, factor = 2*reduction, 2*factor
	}
	return reduction, factor
}

// colour copies the pixels out of C memory.
func colour(pix *leptonica.Pix, factor float64, turn int) (*Colour, error) {
	resized, err := pix.Resized(factor)
	if err != nil {
		return nil, err
	}
	defer resized.Free()
	upright, err := resized.Turned(turn)
	if err != nil {
		return nil, err
	}
	defer upright.Free()
	c := &Colour{}
	c.Width, c.Height = upright.Size()
	c.Pix, err = upright.RGB()
	return c, err
}

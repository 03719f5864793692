package reader

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"os"

	"golang.org/x/image/draw"

	"hoso/pipeline"
	"hoso/pipeline/prepare"
)

// A Side is how many pixels the longer side of a picture has at most.
type Side int

// The pictures of a page are for eyes on a screen. Fine has 200 dpi over the width of A4, so
// that a line of print fills a desk's window and stays sharp; Whole has 120, as many as a
// window shows of a page, in a third of the bytes.
const (
	Fine  Side = 2400
	Whole Side = 1414
)

const pictureQuality = 75

// picture puts a page down as a JPEG, upright as it was read.
func (c *child) picture(ctx context.Context, q request) error {
	if q.Known == nil || q.Side < 1 {
		return fmt.Errorf("answering %q: nothing is known of page %d", q.Op, q.Page)
	}
	leaf, err := c.leaf(ctx, q.Page)
	if err != nil {
		return err
	}
	colour, err := prepare.Decode(ctx, leaf.Readable, prepare.Hint{
		Width: leaf.Image.Width, Height: leaf.Image.Height,
		DPIX: leaf.Image.DPIX, DPIY: leaf.Image.DPIY, Turn: q.Known.Turn,
	}, prepare.Options{})
	if err != nil {
		return fmt.Errorf("taking page %d: %w", q.Page, err)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, reducedTo(int(q.Side), colour), &jpeg.Options{Quality: pictureQuality}); err != nil {
		return fmt.Errorf("drawing page %d: %w", q.Page, err)
	}
	if err := os.WriteFile(q.Carrier, b.Bytes(), 0o600); err != nil {
		return fmt.Errorf("putting down page %d: %w", q.Page, err)
	}
	return nil
}

// reducedTo gives a picture whose longer side is at most so long.
func reducedTo(side int, c *prepare.Colour) image.Image {
	full := image.NewRGBA(image.Rect(0, 0, c.Width, c.Height))
	for i := range c.Width * c.Height {
		copy(full.Pix[4*i:], c.Pix[3*i:3*i+3])
		full.Pix[4*i+3] = 0xff
	}
	longer := max(c.Width, c.Height)
	if longer <= side {
		return full
	}
	out := image.NewRGBA(image.Rect(0, 0, max(1, c.Width*side/longer), max(1, c.Height*side/longer)))
	draw.ApproxBiLinear.Scale(out, out.Bounds(), full, full.Bounds(), draw.Src, nil)
	return out
}

// Picture puts a page of a file, of which known was read, down as a JPEG to look at.
func (p *Pool) Picture(ctx context.Context, job Job, known pipeline.Page, side Side, file string) error {
	_, err := p.once(ctx, job, request{Op: opPicture, Page: known.Number, Carrier: file, Known: &known, Side: side})
	return err
}

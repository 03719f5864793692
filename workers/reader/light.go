package reader

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"hoso/pipeline"
	"hoso/pipeline/access"
	"hoso/pipeline/intake/jbig2"
	"hoso/pipeline/prepare"
)

// errOtherImage says that the file has another image on a page than was read there.
var errOtherImage = errors.New("the page's image is not the one that was read")

// light makes the page of an access copy from the very image that stands in the
// record, and puts down its streams, one after the other.
func (c *child) light(ctx context.Context, q request) (pipeline.Light, error) {
	if q.Known == nil {
		return pipeline.Light{}, fmt.Errorf("answering %q: nothing is known of page %d", q.Op, q.Page)
	}
	leaf, err := c.leaf(ctx, q.Page)
	if err != nil {
		return pipeline.Light{}, err
	}
	if leaf.Image.Digest != q.Known.Image.Digest {
		return pipeline.Light{}, fmt.Errorf("taking page %d: %w", q.Page, errOtherImage)
	}
	colour, err := prepare.Decode(ctx, leaf.Readable, prepare.Hint{
		Width: leaf.Image.Width, Height: leaf.Image.Height,
		DPIX: leaf.Image.DPIX, DPIY: leaf.Image.DPIY, Turn: q.Known.Turn,
	}, prepare.Options{})
	if err != nil {
		return pipeline.Light{}, fmt.Errorf("taking page %d: %w", q.Page, err)
	}
	sheet := access.Sheet{Pix: colour.Pix, Width: colour.Width, Height: colour.Height, DPI: colour.DPI}
	made, err := access.Make(ctx, sheet, *q.Known, access.Options{
		Masks: func(width, height int) access.Bits { return jbig2.NewEncoder(width, height) },
	})
	if err != nil {
		return pipeline.Light{}, fmt.Errorf("making page %d: %w", q.Page, err)
	}
	if err := os.WriteFile(q.Carrier, bytes.Join(made.Streams, nil), 0o600); err != nil {
		return pipeline.Light{}, fmt.Errorf("putting down page %d: %w", q.Page, err)
	}
	return made.Light, nil
}

// Light makes the page of an access copy: the streams of its layers, in order, are
// put down as streams. Known is the page as it was read. A page of which no picture
// can be made is no error: it is empty, and differs from the record all over.
func (p *Pool) Light(ctx context.Context, job Job, known pipeline.Page, streams string) (pipeline.Light, error) {
	q := request{Op: opLight, Page: known.Number, Carrier: streams, Known: &known}
	r, err := p.twice(ctx, job, q)
	dead, died := errors.AsType[*crash](err)
	refusal, refused := pipeline.AsRefusal(err)
	switch {
	case died:
		p.opt.Log.LogAttrs(ctx, slog.LevelWarn, "no access copy of page", slog.Int("page", known.Number), slog.String("error", dead.Error()))
	case refused:
		p.opt.Log.LogAttrs(ctx, slog.LevelWarn, "no access copy of page", slog.Int("page", known.Number), slog.String("error", refusal.Error()))
	default:
		return r.Light, err
	}
	if err := os.WriteFile(streams, nil, 0o600); err != nil {
		return pipeline.Light{}, fmt.Errorf("putting down page %d: %w", known.Number, err)
	}
	return pipeline.Light{Differs: []pipeline.Box{{X1: max(1, known.Width), Y1: max(1, known.Height)}}}, nil
}

package morning

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"image"
	"image/jpeg"
	"time"

	"golang.org/x/image/draw"

	"hoso/pipeline"
)

// The pictures of a report: so many at most, so many of a kind, so large. With them a
// report stays within some 5 MB, whatever the pages are like.
const (
	mostShots   = 60
	shotsOfKind = 8
	shotWidth   = 220
	shotHeight  = 300
	shotBytes   = 40 << 10
	pixelLimit  = 16 << 20 // of what they are made from
)

// shot is a page that there is a picture of.
type shot struct {
	paper pipeline.PaperID
	page  int
}

// Illustrate draws the pages to look at: of each kind the first ones, until there are
// enough or the time is up. A page that cannot be drawn stays without a picture.
func (r *Report) Illustrate(ctx context.Context, from Sources) error {
	r.thumbs = map[shot]template.URL{}
	if from.Picture == nil {
		return nil
	}
	within, stop := context.WithTimeout(ctx, cmp.Or(r.scope.Drawing, 40*time.Second))
	defer stop()
	for i := range shotsOfKind {
		for _, k := range r.See {
			if i >= len(k.first) || len(r.thumbs) >= mostShots {
				continue
			}
			if err := r.draw(within, from, k.first[i]); within.Err() != nil || isUnavailable(err) {
				return ctx.Err()
			}
		}
	}
	return ctx.Err()
}

func isUnavailable(err error) bool {
	var down *pipeline.Unavailable
	return errors.As(err, &down)
}

func (r *Report) draw(ctx context.Context, from Sources, s Spot) error {
	key := shot{s.Paper, s.Page}
	if _, there := r.thumbs[key]; there {
		return nil
	}
	page, err := from.Picture(ctx, s.of, s.Page)
	if err != nil {
		return err
	}
	small, err := shrink(page)
	if err != nil {
		return err
	}
	r.thumbs[key] = template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(small)) //nolint:gosec // made here
	return nil
}

var errShot = errors.New("the picture is too large")

// shrink makes a JPEG small.
func shrink(page []byte) ([]byte, error) {
	size, err := jpeg.DecodeConfig(bytes.NewReader(page))
	if err != nil || size.Width < 1 || size.Height < 1 || size.Width*size.Height > pixelLimit {
		return nil, fmt.Errorf("shrinking a picture of %dx%d: %w", size.Width, size.Height, errors.Join(err, errShot))
	}
	full, err := jpeg.Decode(bytes.NewReader(page))
	if err != nil {
		return nil, fmt.Errorf("shrinking a picture: %w", err)
	}
	scale := min(float64(shotWidth)/float64(size.Width), float64(shotHeight)/float64(size.Height), 1)
	to := image.NewRGBA(image.Rect(0, 0, max(1, int(float64(size.Width)*scale)), max(1, int(float64(size.Height)*scale))))
	draw.CatmullRom.Scale(to, to.Bounds(), full, full.Bounds(), draw.Src, nil)
	var out bytes.Buffer
	for _, quality := range []int{70, 40, 15} {
		out.Reset()
		if err := jpeg.Encode(&out, to, &jpeg.Options{Quality: quality}); err != nil {
			return nil, fmt.Errorf("shrinking a picture: %w", err)
		}
		if out.Len() <= shotBytes {
			return out.Bytes(), nil
		}
	}
	return nil, fmt.Errorf("shrinking a picture to %d bytes: %w", out.Len(), errShot)
}

// Package codes finds and reads QR codes and barcodes anywhere on a page.
package codes

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"

	"hoso/pipeline"
	"hoso/pipeline/codes/zxing"
)

// Code is a code on a picture.
type Code struct {
	Kind pipeline.CodeKind
	Text string
	Box  image.Rectangle // pixels of the picture
}

// Find gives the codes on a picture of about 200 dots per inch, from the top. What was
// found before ctx ended or the decoder gave up is given beside the error.
func Find(ctx context.Context, img *image.Gray) ([]Code, error) {
	var found []Code
	for _, p := range places(img) {
		more, err := at(ctx, img, p)
		found = append(found, more...)
		if err != nil {
			return ordered(found), fmt.Errorf("looking for codes: %w", err)
		}
	}
	return ordered(found), nil
}

func ordered(found []Code) []Code {
	slices.SortStableFunc(found, func(a, b Code) int { return a.Box.Min.Y - b.Box.Min.Y })
	return found
}

// at reads the codes of one place: what is found is taken out and the rest looked at
// again.
func at(ctx context.Context, img *image.Gray, place image.Rectangle) ([]Code, error) {
	const most = 16
	rest := crop(img, place)
	var found []Code
	for len(found) < most {
		more, err := hard(ctx, rest)
		found = append(found, more...)
		if err != nil || len(more) == 0 {
			return found, err
		}
		for _, c := range more {
			blank(rest, c.Box)
		}
		if len(places(rest)) == 0 {
			break
		}
	}
	return found, nil
}

// hard looks at a picture in one way after another until a code is found: at first as it
// is, for stretching its levels spoils what lies in shadow.
func hard(ctx context.Context, img *image.Gray) ([]Code, error) {
	found, err := through(ctx, img, plain)
	if err != nil || len(found) > 0 {
		return found, err
	}
	return through(ctx, stretched(img), looks()...)
}

// through gives what is found by the first look that finds a code.
func through(ctx context.Context, img *image.Gray, looks ...look) ([]Code, error) {
	bars := swarming(img)
	for _, look := range looks {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		v, ok := look(img)
		if !ok {
			continue
		}
		if bars {
			v.kinds = kinds()[1:]
		}
		found, err := v.read()
		if err != nil && !errors.Is(err, zxing.ErrDecoder) {
			return nil, err
		}
		if len(found) > 0 {
			return found, nil
		}
	}
	return nil, nil
}

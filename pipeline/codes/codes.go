// Package codes finds and reads QR codes and barcodes anywhere on a page: a code that names
// a dossier binds a paper without typing.
//
// The page is looked at cheaply first (places.go): codes are the stretches half of which is
// ink and which turn from dark to light as often as modules do; where nothing was read, they
// are looked for once more at a quarter of the size, for large ones. That takes 3 ms, and
// only those places are given to the decoder, in one way after another (views.go), the
// dearer ones where there are finder patterns or bars.
//
// The decoder is ZXing-C++ (Apache-2.0), which Debian 12 has as 1.4 and Debian 13 as 2.3.
// Given whole pages, decoders found of the codes in 94 generated pages of all classes of
// degradation, and in 112 on which codes are small, askew, pale, light on dark, under a seal,
// beside another or out of focus, at CPU time a page:
//
//	                    QR of 72  bars of 38   hard: QR of 96  bars of 35      ms
//	ZXing-C++ 1.4             68          33               76          23      34
//	gozxing 0.1.1             68          34               77          22      51
//	ZBar 0.23                 50          36               57          26     190
//	this package              71          38               96          35      25
//
// ZBar's time holds the start of its program, and it guesses another alphabet for some
// Vietnamese texts. None of them found a code that was not there. What was missed here lies
// under a stamp and a pen both. On 311 generated pages without codes and on 27 scans of
// others, nothing was found, in 12 ms a page, of which reading is 900.
//
// The picture is the page in red light at 200 dots per inch: seals are gone from it, and
// evening out the paper, which serves letters, would take pale codes for paper. A finer one
// is not needed: codes at 62 % of their size, with modules of 2.2 pixels, are all read.
//
// Dirt on the glass of a feeding scanner draws lines down the page and through its codes.
// Whether there are any is seen in 0.3 ms; where there are, square codes are read on a
// picture on which they are mended (streaks.go). Of 160 separator sheets with 1 to 8 streaks
// through them, in grey and in black and white, upright and on their side, all were told,
// and of the 80 in black and white 44 without that.
//
// PDF417 and Data Matrix are left out: no paper of a desk bears them, and the decoders of
// them in those versions read beyond their memory (zxing-cpp issues 572, 1076, 1078). A
// decoder that dies nevertheless costs a second reading, see workers/reader.
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
// found before ctx ended or the decoder gave up is given beside the error. Where streaks run
// through the picture, QR codes are looked for without them first; barcodes, which correct
// no errors, are not.
func Find(ctx context.Context, img *image.Gray) ([]Code, error) {
	clean := mended(img)
	if clean == nil {
		found, err := find(ctx, img, kinds())
		return ordered(found), err
	}
	found, err := find(ctx, clean, kinds()[:1])
	if err != nil {
		return ordered(found), err
	}
	rest := img
	if len(found) > 0 {
		rest = crop(img, img.Rect)
	}
	for _, c := range found {
		blank(rest, c.Box)
	}
	more, err := find(ctx, rest, kinds())
	return ordered(append(found, more...)), err
}

// find looks for codes of some kinds. Where there is none of the usual size, large ones are
// looked for: those of separator sheets and posters.
func find(ctx context.Context, img *image.Gray, want []pipeline.CodeKind) ([]Code, error) {
	var found []Code
	for _, places := range []func(*image.Gray) []image.Rectangle{places, largePlaces} {
		for _, p := range places(img) {
			more, err := at(ctx, img, p, want)
			found = append(found, more...)
			if err != nil {
				return found, fmt.Errorf("looking for codes: %w", err)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	return found, nil
}

func ordered(found []Code) []Code {
	slices.SortStableFunc(found, func(a, b Code) int { return a.Box.Min.Y - b.Box.Min.Y })
	return found
}

// at reads the codes of one place: what is found is taken out and the rest looked at
// again.
func at(ctx context.Context, img *image.Gray, place image.Rectangle, want []pipeline.CodeKind) ([]Code, error) {
	const most = 16
	rest := crop(img, place)
	var found []Code
	for len(found) < most {
		more, err := hard(ctx, rest, want)
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
// is, for stretching its levels spoils what lies in shadow. The dearer ways are for what has
// finder patterns or bars, which most titles and tables that look like a place have not.
func hard(ctx context.Context, img *image.Gray, want []pipeline.CodeKind) ([]Code, error) {
	found, err := through(ctx, img, readable(img, want), plain)
	if err != nil || len(found) > 0 {
		return found, err
	}
	even := stretched(img)
	crisp := sharp(even)
	patterns := max(finders(crisp, 0), finders(crisp, 255))
	_, coherence := grain(even)
	if patterns < fewestFinders && coherence < bars {
		return through(ctx, even, readable(even, want), plain)
	}
	return through(ctx, even, readable(even, want), looks()...)
}

// readable gives those of some kinds that may be looked for in a picture.
func readable(img *image.Gray, want []pipeline.CodeKind) []pipeline.CodeKind {
	if finders(img, 0) > mostFinders || finders(img, 255) > mostFinders {
		return slices.DeleteFunc(slices.Clone(want), func(k pipeline.CodeKind) bool { return k == pipeline.QR })
	}
	return want
}

// through gives what is found by the first look that finds a code of some kinds.
func through(ctx context.Context, img *image.Gray, kinds []pipeline.CodeKind, looks ...look) ([]Code, error) {
	for _, look := range looks {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		v, ok := look(img)
		if !ok {
			continue
		}
		v.kinds = slices.DeleteFunc(v.kinds, func(k pipeline.CodeKind) bool { return !slices.Contains(kinds, k) })
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

package recognize

import (
	"context"
	"image"
	"slices"
	"strings"
	"unicode"

	"hoso/pipeline"
	"hoso/pipeline/recognize/numeral"
)

// glance is one way to look at a number.
type glance struct {
	bound bool // by the alphabet of its form
	deep  bool
	large bool // at twice the size
}

// glances are the ways to look at a doubtful number, one after the other until two
// readings agree. A form's alphabet turns letters into digits, the larger model and the
// larger picture err elsewhere: the zero with a dot in it, which typewriter faces have,
// is 6 or 9 to one and 0 to another.
func glances() []glance {
	return []glance{{bound: true}, {deep: true}, {large: true}, {large: true, deep: true}}
}

// at reads a stretch of a line in this way.
func (d *Draft) at(ctx context.Context, b pipeline.Box, way glance, alphabet string) ([]pipeline.Word, error) {
	if way.deep && !d.engine.Deep() {
		return nil, nil
	}
	look := Look{DPI: d.picture.DPI, As: AsStrip, Deep: way.deep}
	if !d.ration.take(b, look) {
		return nil, nil
	}
	img, ok := d.cut(b)
	if !ok {
		return nil, nil
	}
	if way.bound {
		look.Alphabet = alphabet
	}
	if way.large {
		img, look.DPI = doubled(img), 2*look.DPI
	}
	return d.read(ctx, img, look)
}

// doubled gives a picture at twice its size, its corner at 0, 0.
func doubled(img *image.Gray) *image.Gray {
	b := img.Rect
	out := image.NewGray(image.Rect(0, 0, 2*b.Dx(), 2*b.Dy()))
	gray := func(x, y int) int {
		return int(img.Pix[min(max(y, 0), b.Dy()-1)*img.Stride+min(max(x, 0), b.Dx()-1)])
	}
	for i := range out.Pix {
		x, y := i%out.Stride, i/out.Stride
		nearX, nearY := x/2, y/2 // weighs three times the pixel on the other side
		farX, farY := nearX+x%2*2-1, nearY+y%2*2-1
		sum := 9*gray(nearX, nearY) + 3*gray(farX, nearY) + 3*gray(nearX, farY) + gray(farX, farY)
		out.Pix[i] = uint8((sum + 8) / 16) //nolint:gosec // a mean of bytes
	}
	return out
}

// reading is one way to read a number.
type reading struct {
	text       string
	valid      bool
	confidence float32
}

// candidate gives a reading, with its slots repaired if only that can be true.
func candidate(g numeral.Form, text string, confidence float32) reading {
	if g.Valid(text) {
		return reading{text, true, confidence}
	}
	mended, changed := g.Repair(text)
	if changed && g.Valid(mended) {
		return reading{mended, true, confidence - 5}
	}
	return reading{text, false, confidence}
}

// candidates gives the readings of a form among words: each of them, and all together.
func candidates(g numeral.Form, words []pipeline.Word) []reading {
	var all []reading
	for _, w := range words {
		all = append(all, candidate(g, bare(g, w.Text), w.Confidence))
	}
	if len(words) > 1 {
		all = append(all, candidate(g, bare(g, joined(words)), Confidence([]pipeline.Line{{Words: words}})))
	}
	return slices.DeleteFunc(all, func(r reading) bool { return r.text == "" })
}

// bare takes off what stands around a number of a form, and what is read of the ink of
// its neighbours.
func bare(g numeral.Form, text string) string {
	if g.Shape != numeral.Phone {
		text = strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	}
	if found, ok := numeral.Recognize(text); ok && found.Shape == g.Shape {
		return found.Text
	}
	return text
}

// agreed reports whether the last reading can be true and confirms an earlier one.
func agreed(all []reading) bool {
	last := all[len(all)-1]
	return last.valid && slices.ContainsFunc(all[:len(all)-1], func(r reading) bool { return r.valid && r.text == last.text })
}

// elect gives the best of several readings: one that was read twice, or the number whose
// every character most readings have, or the most confident. It is not valid if none
// can be true.
func elect(f numeral.Form, all []reading) reading {
	var best reading
	for i, r := range all {
		if agreed(all[:i+1]) {
			r.confidence = max(r.confidence, best.confidence)
			return r
		}
		best = best.or(r)
	}
	if text, confidence := voted(all); f.Valid(text) && best.valid {
		return reading{text, true, confidence}
	}
	return best
}

func (r reading) or(other reading) reading {
	if other.valid && (!r.valid || other.confidence > r.confidence) {
		return other
	}
	return r
}

// voted gives the number that has at every place the character for which the readings
// of one pattern give most of their confidence. Which pattern, says the first that can
// be true.
func voted(all []reading) (text string, confidence float32) {
	first := slices.IndexFunc(all, func(r reading) bool { return r.valid })
	if first < 0 {
		return "", 0
	}
	like := slices.DeleteFunc(slices.Clone(all), func(r reading) bool { return pattern(r.text) != pattern(all[first].text) })
	var out strings.Builder
	for i := range []rune(like[0].text) {
		votes := map[rune]float32{}
		var most rune
		for _, r := range like {
			c := []rune(r.text)[i]
			votes[c] += r.confidence + 1
			if votes[c] > votes[most] {
				most = c
			}
		}
		out.WriteRune(most)
	}
	for _, r := range like {
		confidence += r.confidence / float32(len(like))
	}
	return out.String(), confidence
}

// pattern puts one sign for all digits and one for all letters.
func pattern(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return '0'
		case strings.ContainsRune(".-/ ", r):
			return r
		}
		return 'A'
	}, text)
}

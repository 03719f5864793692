package recognize

import (
	"context"
	"fmt"
	"strings"

	"hoso/pipeline"
	"hoso/pipeline/recognize/numeral"
)

// sureOfNumber is the confidence, in percent, from which a number that can be true is
// not looked at again.
const sureOfNumber = 90

// numbers looks a second time at numbers that are doubtful or cannot be true, with the
// alphabet of their form, and mends what only looks like a digit.
func (d *Draft) numbers(ctx context.Context) error {
	for _, l := range d.lines {
		for i := range l.Words {
			if err := d.number(ctx, &l.Words[i]); err != nil {
				return fmt.Errorf("looking at a number: %w", err)
			}
		}
	}
	return nil
}

func (d *Draft) number(ctx context.Context, w *pipeline.Word) error {
	if !strings.ContainsAny(w.Text, "0123456789") || len(w.Text) < 5 {
		return nil
	}
	g, ok := numeral.Recognize(w.Text)
	if !ok || w.Confidence >= sureOfNumber && g.Valid(g.Text) {
		return nil
	}
	words, err := d.look(ctx, w.Box, Look{As: AsStrip, Alphabet: g.Alphabet})
	if err != nil {
		return err
	}
	best := candidate(g, g.Text, w.Confidence)
	for _, deep := range words {
		best = best.or(candidate(g, deep.Text, deep.Confidence))
	}
	if len(words) > 1 {
		best = best.or(candidate(g, joined(words), Confidence([]pipeline.Line{{Words: words}})))
	}
	if best.valid {
		mend(w, g.Before+best.text+g.After)
		w.Confidence = max(w.Confidence, best.confidence)
	}
	return nil
}

// reading is one way to read a number.
type reading struct {
	text       string
	valid      bool
	confidence float32
}

// candidate gives a reading, with its slots repaired if only that can be true.
func candidate(g numeral.Guess, text string, confidence float32) reading {
	if g.Valid(text) {
		return reading{text, true, confidence}
	}
	mended, changed := g.Repair(text)
	if changed && g.Valid(mended) {
		return reading{mended, true, confidence - 5}
	}
	return reading{text, false, confidence}
}

func (r reading) or(other reading) reading {
	if other.valid && (!r.valid || other.confidence > r.confidence) {
		return other
	}
	return r
}

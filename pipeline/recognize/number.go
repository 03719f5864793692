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
// alphabet of their form, and mends what only looks like a digit. First it puts together
// what was read in pieces.
func (d *Draft) numbers(ctx context.Context) error {
	for i := range d.lines {
		if err := d.numbersOf(ctx, &d.lines[i]); err != nil {
			return fmt.Errorf("looking at a number: %w", err)
		}
	}
	return d.dates(ctx)
}

func (d *Draft) numbersOf(ctx context.Context, l *pipeline.Line) error {
	if err := d.rejoin(ctx, l); err != nil {
		return err
	}
	for i := range l.Words {
		if err := d.number(ctx, &l.Words[i]); err != nil {
			return err
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
	best, err := d.closer(ctx, w.Box, g.Form, []reading{candidate(g.Form, g.Text, w.Confidence)})
	if err != nil {
		return err
	}
	if best.valid {
		mend(w, g.Before+best.text+g.After)
		w.Confidence = max(w.Confidence, best.confidence)
	}
	return nil
}

// closer looks at a number in one way after the other until two readings agree.
func (d *Draft) closer(ctx context.Context, b pipeline.Box, f numeral.Form, all []reading) (reading, error) {
	for _, way := range glances() {
		words, err := d.at(ctx, b, way, f.Alphabet)
		if err != nil {
			return reading{}, err
		}
		for _, r := range candidates(f, words) {
			if cropped(all[0], r) {
				continue
			}
			all = append(all, r)
			if agreed(all) {
				return elect(f, all), nil
			}
		}
	}
	return elect(f, all), nil
}

// cropped reports whether a reading differs from a first one, which can be true, by no
// more than what lacks or is too much at an end: places are inexact, and a second look
// may have missed a figure or caught the end of the word before it.
func cropped(first, r reading) bool {
	return first.valid && r.text != first.text && (strings.Contains(first.text, r.text) || strings.Contains(r.text, first.text))
}

// mostPieces is in how many words a number may be torn.
const mostPieces = 4

// rejoin puts together numbers that were read as several words.
func (d *Draft) rejoin(ctx context.Context, l *pipeline.Line) error {
	for i := 0; i < len(l.Words); i++ {
		for n := min(mostPieces, len(l.Words)-i); n > 1; n-- {
			whole, err := d.whole(ctx, l.Words[i:i+n])
			if err != nil {
				return err
			}
			if whole.Text != "" {
				l.Words = replaced(l.Words, i, n, whole)
				break
			}
		}
	}
	return nil
}

// replaced gives words with one in the place of n.
func replaced(words []pipeline.Word, at, n int, by ...pipeline.Word) []pipeline.Word {
	out := append([]pipeline.Word{}, words[:at]...)
	return append(append(out, by...), words[at+n:]...)
}

// whole gives the number of which the pieces are made, and no text if they are not
// clearly one: a look at all of it must confirm that it is one word.
func (d *Draft) whole(ctx context.Context, pieces []pipeline.Word) (pipeline.Word, error) {
	g, ok := torn(pieces)
	if !ok {
		return pipeline.Word{}, nil
	}
	first := candidate(g.Form, g.Text, Confidence([]pipeline.Line{{Words: pieces}}))
	var best reading
	for _, way := range []glance{{}, {deep: true}} {
		words, err := d.at(ctx, span(pieces), way, "")
		if err != nil {
			return pipeline.Word{}, err
		}
		for _, w := range words {
			best = best.or(confirmed(g.Form, first, w))
		}
	}
	if !best.valid {
		return pipeline.Word{}, nil
	}
	return pipeline.Word{
		Text: g.Before + best.text + g.After, Was: texts(pieces), Box: span(pieces),
		Confidence: max(best.confidence, first.confidence),
	}, nil
}

// confirmed gives what a word says of a number that was read in pieces: it is whole. The
// reading is not valid if the word does not say that.
func confirmed(f numeral.Form, first reading, w pipeline.Word) reading {
	const sure = 85 // that it is one word, even if nobody can say that it is true
	r := candidate(f, bare(f, w.Text), w.Confidence)
	switch {
	case first.valid && strings.Contains(r.text, first.text), !first.valid && r.text == first.text && r.confidence >= sure:
		return reading{first.text, true, r.confidence}
	case first.valid:
		return reading{}
	}
	return r
}

// torn tells the number of which words that stand close together may be the pieces.
func torn(pieces []pipeline.Word) (numeral.Guess, bool) {
	for i, p := range pieces {
		if !strings.ContainsAny(p.Text, "0123456789") && (len(p.Text) > 2 && i == 0 || !looksSymbol(p.Text)) {
			return numeral.Guess{}, false
		}
		if i > 0 && 10*(p.Box.X0-pieces[i-1].Box.X1) > 7*(p.Box.Y1-p.Box.Y0) {
			return numeral.Guess{}, false
		}
	}
	g, ok := numeral.Recognize(joined(pieces))
	if !ok {
		return numeral.Guess{}, false
	}
	switch g.Shape {
	case numeral.Dossier, numeral.Citizen, numeral.Document, numeral.Date, numeral.Procedure:
		return g, true
	case numeral.Tax, numeral.DateWords, numeral.Money, numeral.Phone, numeral.Result, numeral.DayOnly, numeral.MonthOnly, numeral.YearOnly:
	}
	return numeral.Guess{}, false
}

// looksSymbol reports whether a word may be the end of a document's symbol.
func looksSymbol(text string) bool {
	return text == strings.ToUpper(text) && startsUpper(strings.TrimLeft(text, "-/"))
}

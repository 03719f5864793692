package recognize

import (
	"context"
	"fmt"
	"slices"
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

// cropped reports whether a reading differs from a first one, which can be true, by what
// it lacks or has too much at an end: places are inexact, and a second look may have
// missed a figure or caught the end of the word before it.
func cropped(first, r reading) bool {
	if !first.valid || r.text == first.text {
		return false
	}
	head, other := leading(first.text), leading(r.text)
	tail, last := trailing(first.text), trailing(r.text)
	return head != other && head != "" && (strings.HasSuffix(head, other) || strings.HasSuffix(other, head)) ||
		tail != last && tail != "" && (strings.HasPrefix(tail, last) || strings.HasPrefix(last, tail)) ||
		strings.Contains(first.text, r.text)
}

// leading gives the figures with which a text begins.
func leading(text string) string { return text[:len(text)-len(strings.TrimLeft(text, "0123456789"))] }

// trailing gives those with which it ends.
func trailing(text string) string { return text[len(strings.TrimRight(text, "0123456789")):] }

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
	if g.Shape == numeral.Dossier && g.Valid(g.Text) && hyphened(pieces) { // nothing else looks so
		return pipeline.Word{Text: g.Before + g.Text + g.After, Was: texts(pieces), Box: span(pieces), Confidence: first.confidence}, nil
	}
	all, err := d.confirm(ctx, band(pieces), g.Form, first)
	if err != nil || len(all) == 1 {
		return pipeline.Word{}, err
	}
	best := elect(g.Form, all)
	if !best.valid {
		return pipeline.Word{}, nil
	}
	return pipeline.Word{
		Text: g.Before + best.text + g.After, Was: texts(pieces), Box: span(pieces),
		Confidence: max(best.confidence, first.confidence),
	}, nil
}

// confirm adds to a first reading of pieces what looks at all of them say.
func (d *Draft) confirm(ctx context.Context, b pipeline.Box, f numeral.Form, first reading) ([]reading, error) {
	all := []reading{first}
	for _, way := range []glance{{}, {deep: true}} {
		words, err := d.at(ctx, b, way, "")
		if err != nil {
			return nil, err
		}
		if f.Shape == numeral.Dossier && len(words) > 1 { // no piece of it is anything by itself
			words = append(words, pipeline.Word{Text: joined(words), Confidence: weakest(words)})
		}
		for _, w := range words {
			if r := confirmed(f, first, w); r.valid {
				all = append(all, r)
			}
		}
	}
	return all, nil
}

// hyphened reports whether pieces are torn at hyphens alone.
func hyphened(pieces []pipeline.Word) bool {
	for i := range len(pieces) - 1 {
		if !strings.HasSuffix(pieces[i].Text, "-") && !strings.HasPrefix(pieces[i+1].Text, "-") {
			return false
		}
	}
	return true
}

// confirmed gives what a word says of a number that was read in pieces: it is whole. The
// reading is not valid if the word does not say that.
func confirmed(f numeral.Form, first reading, w pipeline.Word) reading {
	const sure = 85 // that it is one word, even if nobody can say that it is true
	r := candidate(f, bare(f, w.Text), w.Confidence)
	switch {
	case first.valid && strings.Contains(r.text, first.text), !first.valid && r.text == first.text && r.confidence >= sure:
		return reading{first.text, true, r.confidence}
	case first.valid && pattern(r.text) != pattern(first.text):
		return reading{}
	}
	return r
}

// band gives the box around pieces of one line. Its height is that of most: one may have
// ink of a seal above it.
func band(pieces []pipeline.Word) pipeline.Box {
	b := span(pieces)
	var tops, bottoms []int
	for _, p := range pieces {
		tops, bottoms = append(tops, p.Box.Y0), append(bottoms, p.Box.Y1)
	}
	slices.Sort(tops)
	slices.Sort(bottoms)
	b.Y0, b.Y1 = tops[len(tops)/2], bottoms[(len(bottoms)-1)/2]
	return b
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
	g, ok := numeral.Recognize(strings.ReplaceAll(joined(pieces), "--", "-")) // torn at a hyphen, it was read twice
	if !ok {
		return numeral.Guess{}, false
	}
	switch g.Shape {
	case numeral.Dossier, numeral.Citizen, numeral.Document, numeral.Procedure:
		return g, true
	case numeral.Date: // 22/ 12/ 2011 may be printed so
		return g, !slices.ContainsFunc(pieces[:len(pieces)-1], func(w pipeline.Word) bool { return strings.HasSuffix(w.Text, "/") })
	case numeral.Tax, numeral.DateWords, numeral.Money, numeral.Phone, numeral.Result, numeral.DayOnly, numeral.MonthOnly, numeral.YearOnly:
	}
	return numeral.Guess{}, false
}

// looksSymbol reports whether a word may be the end of a document's symbol.
func looksSymbol(text string) bool {
	return text == strings.ToUpper(text) && startsUpper(strings.TrimLeft(text, "-/"))
}

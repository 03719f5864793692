package recognize

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/agnivade/levenshtein"

	"hoso/pipeline"
	"hoso/pipeline/recognize/numeral"
	"hoso/pipeline/recognize/syllable"
)

// dates mends dates in words: ngày 05 tháng 3 năm 2020. Between the three words only
// numbers may stand, and just those are what engines read as letters: 6 as ó, 11 as II,
// 8 as Š. A number that cannot be true or is doubtful is looked at together with the
// words around it. A date may run over the end of a line.
func (d *Draft) dates(ctx context.Context) error {
	for i := range d.lines {
		d.lines[i].Words = unglued(d.lines[i].Words)
	}
	words := flat(d.lines)
	for at := range words {
		date, ok := dateAt(words, at)
		if !ok {
			continue
		}
		for _, s := range date.slots {
			if err := d.slot(ctx, words, s); err != nil {
				return fmt.Errorf("looking at a date: %w", err)
			}
		}
		date.mend(words)
	}
	for i := range d.lines {
		d.lines[i].Words = slices.DeleteFunc(d.lines[i].Words, func(w pipeline.Word) bool { return w.Text == "" })
	}
	return nil
}

// mend puts the words of a date right: what is sure only if all its numbers can be true.
func (d date) mend(words []placed) {
	whole := len(d.slots) == len(d.keys)
	for _, s := range d.slots {
		whole = whole && s.form.Valid(strings.TrimRight(joined(s.words(words)), afterNumber))
	}
	if whole && d.stray >= 0 {
		stray, year := words[d.stray].word, words[d.stray+1].word
		year.Was, stray.Text = stray.Text+" "+year.Text, ""
	}
	for i, key := range dateKeys() {
		if k := d.keys[i]; k >= 0 && (whole || words[k].word.Confidence < sureOfWord) {
			mend(words[k].word, alikeCase(key, words[k].word.Text))
		}
	}
}

// afterNumber is what may stand behind a number.
const afterNumber = ".,;:)”\"_"

// sureOfDay is the confidence, in percent, from which a number of a date that can be
// true is not looked at again.
const sureOfDay = 80

// dateKeys are the words of a date.
func dateKeys() [3]string { return [3]string{"ngày", "tháng", "năm"} }

// placed is a word of a page and the line it stands on.
type placed struct {
	word *pipeline.Word
	line int
}

func flat(lines []pipeline.Line) []placed {
	var all []placed
	for i, l := range lines {
		for j := range l.Words {
			all = append(all, placed{&l.Words[j], i})
		}
	}
	return all
}

// date is a date in words: the places of ngày, tháng and năm, -1 for one that is
// missing, the numbers between them, and the place of a sign that strayed before the
// year, or -1.
type date struct {
	keys  [3]int
	slots []slot
	stray int
}

// slot is the words from one place to before another, where a number of a date stands.
type slot struct {
	form     numeral.Form
	from, to int
}

// mostInSlot is how many words a number of a date may be read as.
const mostInSlot = 2

// dateAt gives the date whose tháng stands at a place. It has at least one other of the
// three words, and a digit.
func dateAt(words []placed, at int) (date, bool) {
	keys, ok := keysAt(words, at)
	if !ok {
		return date{}, false
	}
	d := date{keys: keys, stray: -1}
	if keys[0] >= 0 {
		d.slots = append(d.slots, slot{numeral.Day(), keys[0] + 1, at})
	}
	if keys[2] >= 0 {
		d.slots = append(d.slots, slot{numeral.Month(), at + 1, keys[2]})
		y := keys[2] + 1
		if keys[0] >= 0 && strayBefore(words, y) {
			d.stray = y
			y++
		}
		if y < len(words) {
			d.slots = append(d.slots, slot{numeral.Year(), y, y + 1})
		}
	}
	return d, slices.ContainsFunc(d.slots, func(s slot) bool {
		return strings.ContainsAny(joined(s.words(words)), "0123456789")
	})
}

// keysAt finds the words of a date around its tháng. The surer the others are, the more
// letters of one may be wrong.
func keysAt(words []placed, at int) (keys [3]int, ok bool) {
	keys = [3]int{-1, at, -1}
	slack := 0
	if isKey(words, at-2, "NGAY", 0) && isYearKey(words, at+2) {
		slack = 2
	}
	if !isKey(words, at, "THANG", slack) {
		return keys, false
	}
	slack = 0
	for n := mostInSlot; n > 0; n-- {
		if isYearKey(words, at+n+1) {
			keys[2], slack = at+n+1, 1
		}
	}
	for n := mostInSlot; n > 0; n-- {
		if isKey(words, at-n-1, "NGAY", slack) {
			keys[0] = at - n - 1
		}
	}
	return keys, true
}

// strayBefore reports whether a sign or two stand where the year must, which are no
// word, and the year after them.
func strayBefore(words []placed, at int) bool {
	if at+1 >= len(words) || words[at].line != words[at+1].line || !isYear(words, at+1) {
		return false
	}
	w := *words[at].word
	return len([]rune(w.Text)) <= 2 && (syllable.KindOf(w.Text) != syllable.Native || weight(w) < doubtfulBelow)
}

// isYear reports whether a year stands at a place.
func isYear(words []placed, at int) bool {
	return at < len(words) && numeral.Year().Valid(strings.TrimRight(words[at].word.Text, afterNumber))
}

// isYearKey reports whether a word is năm: with other marks, which make names of it, only
// before a year.
func isYearKey(words []placed, at int) bool {
	switch {
	case !isKey(words, at, "NAM", 0):
		return false
	case strings.EqualFold(words[at].word.Text, "năm"):
		return true
	case at > 0 && fold(words[at-1].word.Text) == "VIET":
		return false
	}
	return isYear(words, at+1) || strayBefore(words, at+1)
}

// isKey reports whether a word is one of a date's, in capitals without marks, but for
// some letters.
func isKey(words []placed, at int, key string, slack int) bool {
	if at < 0 || at >= len(words) {
		return false
	}
	text := fold(words[at].word.Text)
	return text == key || slack > 0 && len(text) > 2 && levenshtein.ComputeDistance(text, key) <= slack
}

func (s slot) words(all []placed) []pipeline.Word {
	var out []pipeline.Word
	for _, p := range all[s.from:s.to] {
		out = append(out, *p.word)
	}
	return out
}

// slot looks at a number of a date, if it needs that, and puts it right.
func (d *Draft) slot(ctx context.Context, all []placed, s slot) error {
	words := s.words(all)
	text := joined(words)
	core := strings.TrimRight(text, afterNumber)
	first := candidate(s.form, core, weakest(words))
	settled := len(words) == 1 && s.form.Valid(core) && first.confidence >= sureOfDay
	if settled || holdsWord(words) || all[s.from].line != all[s.to-1].line {
		return nil
	}
	readings := []reading{first}
	if len(words) > 1 {
		for _, w := range words {
			readings = append(readings, candidate(s.form, w.Text, w.Confidence))
		}
	}
	best, err := d.inContext(ctx, all, s, readings)
	if err != nil || !best.valid {
		return err
	}
	s.put(all, best.text+text[len(core):], max(best.confidence, first.confidence))
	return nil
}

// put makes a number of all words of a slot.
func (s slot) put(all []placed, text string, confidence float32) {
	words := s.words(all)
	w, was := all[s.from].word, strings.TrimSpace(texts(words))
	w.Box, w.Confidence = span(words), confidence
	if text != was {
		w.Was, w.Text = was, text
	}
	for _, p := range all[s.from+1 : s.to] {
		p.word.Text = ""
	}
}

// holdsWord reports whether a slot of a date holds something else: ngày 20 hằng tháng.
func holdsWord(words []pipeline.Word) bool {
	if len(words) == 1 {
		return isSureWord(words[0])
	}
	return slices.ContainsFunc(words, func(w pipeline.Word) bool { return !isFragment(w) })
}

// isFragment reports whether a word may be a piece of a number.
func isFragment(w pipeline.Word) bool {
	short := len([]rune(w.Text)) <= 2 && weight(w) < doubtfulBelow
	return short || !strings.ContainsFunc(w.Text, func(r rune) bool { return unicode.IsLetter(r) && !numeral.IsDigitLike(r) })
}

// isSureWord reports whether a word is one of the language, and was read for sure.
func isSureWord(w pipeline.Word) bool {
	return len([]rune(w.Text)) > 1 && w.Confidence >= sureOfDay && syllable.KindOf(w.Text) == syllable.Native
}

func weakest(words []pipeline.Word) float32 {
	c := words[0].Confidence
	for _, w := range words {
		c = min(c, w.Confidence)
	}
	return c
}

func texts(words []pipeline.Word) string { return lineText(pipeline.Line{Words: words}) }

// inContext looks at a slot together with the words on both sides, in one way after the
// other until two readings agree.
func (d *Draft) inContext(ctx context.Context, all []placed, s slot, readings []reading) (reading, error) {
	around := slot{s.form, s.from, s.to}
	if s.from > 0 && all[s.from-1].line == all[s.from].line {
		around.from--
	}
	if s.to < len(all) && all[s.to].line == all[s.from].line && s.form.Shape != numeral.YearOnly {
		around.to++
	}
	for _, way := range []glance{{}, {deep: true}, {large: true}, {large: true, deep: true}} {
		words, err := d.at(ctx, span(around.words(all)), way, "")
		if err != nil {
			return reading{}, err
		}
		words = slices.DeleteFunc(words, func(w pipeline.Word) bool {
			return !strings.ContainsFunc(w.Text, numeral.IsDigitLike) || isDateKey(w.Text)
		})
		if len(words) == 0 {
			continue
		}
		readings = append(readings, candidate(s.form, strings.TrimRight(joined(words), afterNumber), weakest(words)))
		if agreed(readings) {
			break
		}
	}
	return elect(s.form, readings), nil
}

// isDateKey reports whether a word is about one of a date's.
func isDateKey(text string) bool {
	for _, key := range dateKeys() {
		if levenshtein.ComputeDistance(fold(text), fold(key)) <= 1 {
			return true
		}
	}
	return false
}

// alikeCase writes a key in capitals, with a capital, or small, as a word is.
func alikeCase(key, word string) string {
	switch {
	case word == strings.ToUpper(word):
		return strings.ToUpper(key)
	case startsUpper(word):
		return strings.ToUpper(key[:1]) + key[1:]
	}
	return key
}

var glued = regexp.MustCompile(`^(?:((?i:ngày|tháng|năm))[-.,]?(\d{1,4}[.,;:)]*)|(\d{1,2})[-.,]?(tháng|năm))$`)

// unglued parts the numbers of dates from the words that were read as one with them.
func unglued(words []pipeline.Word) []pipeline.Word {
	for i := 0; i < len(words); i++ {
		m := glued.FindStringSubmatch(words[i].Text)
		if m == nil {
			continue
		}
		first, second := m[1]+m[3], m[2]+m[4]
		a, b := words[i], words[i]
		a.Text, b.Text = first, second
		a.Box.X1 = a.Box.X0 + (a.Box.X1-a.Box.X0)*len([]rune(first))/len([]rune(words[i].Text))
		b.Box.X0 = a.Box.X1
		words = replaced(words, i, 1, a, b)
		i++
	}
	return words
}

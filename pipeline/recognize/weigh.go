package recognize

import (
	"unicode/utf8"

	"hoso/pipeline"
	"hoso/pipeline/recognize/numeral"
	"hoso/pipeline/recognize/syllable"
)

// weight is how good a reading of a word is, about 0 to 110: the engine's confidence,
// corrected by what the language says of it.
func weight(w pipeline.Word) float64 {
	c := float64(w.Confidence)
	switch syllable.KindOf(w.Text) {
	case syllable.Native, syllable.Foreign:
		return c + merit(syllable.Plausibility(w.Text))
	case syllable.Number:
		if g, ok := numeral.Recognize(w.Text); ok && g.Valid(g.Text) {
			return c + 8
		}
	case syllable.Punctuation:
		return c - 10
	case syllable.Abbreviation:
	}
	return c
}

// merit is what a grade of plausibility adds to a confidence.
func merit(g syllable.Grade) float64 {
	switch g {
	case syllable.Nonsense:
		return -40
	case syllable.Alien:
		return -20
	case syllable.Rare:
		return -10
	case syllable.Possible:
		return -4
	case syllable.Attested:
		return 4
	case syllable.Common:
		return 8
	}
	return 0
}

// weigh is the mean weight of words, by their letters.
func weigh(words []pipeline.Word) float64 {
	var sum, n float64
	for _, w := range words {
		l := float64(utf8.RuneCountInString(w.Text))
		sum += l * weight(w)
		n += l
	}
	if n == 0 {
		return 0
	}
	return sum / n
}

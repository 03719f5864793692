package recognize

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
)

// tidyLines gives lines whose words hold clean text, without empty words or lines.
func tidyLines(lines []pipeline.Line) []pipeline.Line {
	out := make([]pipeline.Line, 0, len(lines))
	for _, l := range lines {
		words := make([]pipeline.Word, 0, len(l.Words))
		for _, w := range l.Words {
			if w.Text = Tidy(w.Text); w.Text != "" && !speck(w) {
				words = append(words, w)
			}
		}
		if len(words) > 0 {
			out = append(out, pipeline.Line{Words: words, Paragraph: l.Paragraph})
		}
	}
	return out
}

// speck reports whether a word is what dirt, stamps and ruled lines are read as: signs
// only, and hardly anything the engine is sure of. Bullets and strokes are kept.
func speck(w pipeline.Word) bool {
	const sure = 60
	return w.Confidence < sure && !strings.ContainsFunc(w.Text, func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-–—+•/", r)
	})
}

// Tidy gives the NFC form of one recognized word, without spaces and control
// characters. The Icelandic Ð and ð, which models trained on mixed alphabets write
// for the Vietnamese Đ and đ, are mapped; a pair of both is one letter seen twice.
func Tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == 'Ð' || r == 'Ɖ':
			return 'Ð'
		case r == 'ð':
			return 'đ'
		case r == '⁄' || r == '∕': // the strokes of fractions and of divisions
			return '/'
		case unicode.IsControl(r) || unicode.IsSpace(r) || r == unicode.ReplacementChar || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
	s = strings.NewReplacer("ÐĐ", "Đ", "ĐÐ", "Đ", "Ð", "Đ").Replace(s)
	return norm.NFC.String(s)
}

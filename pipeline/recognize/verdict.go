package recognize

import (
	"unicode/utf8"

	"hoso/pipeline"
)

// The shares, from 0 to 1, by which a page is judged. They count letters, by how likely
// they are right.
const (
	goodShare     = 0.90 // a page of whose letters so many are likely right may pass
	readableShare = 0.60 // of one with fewer, most words cannot be trusted
	goodWords     = 0.92 // as many of its words must be likelier right than wrong
)

// Judge says what the text of a page is worth: words with calibrated confidence, as
// Draft.Finish gives them. A page without words is not text.
func Judge(lines []pipeline.Line) pipeline.Verdict {
	var sum, letters, likely, words float64
	for _, l := range lines {
		for _, w := range l.Words {
			n := float64(utf8.RuneCountInString(w.Text))
			sum, letters, words = sum+n*float64(w.Confidence)/100, letters+n, words+1
			if w.Confidence >= 50 {
				likely++
			}
		}
	}
	switch {
	case letters == 0:
		return pipeline.VerdictNotText
	case sum/letters < readableShare:
		return pipeline.VerdictUnreadable
	case sum/letters < goodShare || likely/words < goodWords:
		return pipeline.VerdictDoubtful
	}
	return pipeline.VerdictGood
}

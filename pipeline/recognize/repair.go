package recognize

import (
	"hoso/pipeline"
	"hoso/pipeline/recognize/syllable"
)

// The bounds of repairing.
const (
	sureOfWord  = 93 // a word read so well is never changed
	cheapRepair = 6
)

// repair mends the misreadings of print that the language betrays: capitals in the
// wrong place, a word that no syllable is spelled like, half of a fixed pair. A word
// keeps what it was read as. Only doubtful words are touched.
func repair(lines []pipeline.Line) {
	for _, l := range lines {
		repairCase(l.Words)
		for i := range l.Words {
			repairWord(l.Words, i)
		}
	}
}

func repairCase(words []pipeline.Word) {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.Text
	}
	for i, text := range syllable.CaseRepair(texts) {
		mend(&words[i], text)
	}
}

func repairWord(words []pipeline.Word, i int) {
	w := &words[i]
	if w.Confidence >= sureOfWord {
		return
	}
	var before, after string
	if i > 0 {
		before = words[i-1].Text
	}
	if i+1 < len(words) {
		after = words[i+1].Text
	}
	var judge syllable.Judge
	if found := judge.InContext(before, w.Text, after); len(found) > 0 {
		mend(w, found[0].Text)
		return
	}
	if judge.Plausibility(w.Text) > syllable.Nonsense {
		return
	}
	found := judge.Repairs(w.Text)
	if len(found) > 0 && found[0].Cost <= cheapRepair && (len(found) == 1 || found[1].Cost > found[0].Cost) && judge.Plausibility(found[0].Text) >= syllable.Attested {
		mend(w, found[0].Text)
	}
}

// mend gives a word its right text and keeps what it was read as.
func mend(w *pipeline.Word, text string) {
	if text == w.Text {
		return
	}
	if w.Was == "" {
		w.Was = w.Text
	}
	w.Text = text
}

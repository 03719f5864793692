package syllable

import "strings"

// Alternatives gives the listed words that differ from a right one by one mark: a
// tone, a hat, a breve, a horn or a stroke, at most MaxRepairs, the cheapest first.
// Nothing speaks against the word itself: most misreadings of print make another
// word, and only what stands beside it, or a second look, can tell.
func (j Judge) Alternatives(word string) []Repair {
	prefix, core, suffix := Core(word)
	s, ok := Parse(core)
	if !ok || s.Case == Mixed {
		return nil
	}
	s.Place = Old
	own := s.String()
	r := readings{judge: j, word: own, shape: shapeOf(core), small: []rune(strings.Map(lower, own))}
	r.tones()
	for i, letter := range r.small {
		r.marks(i, bare(letter))
	}
	listed := r.found[:0]
	for _, f := range r.found {
		if j.grade(f.Text) >= Attested {
			listed = append(listed, f)
		}
	}
	r.found = listed
	return r.sorted(prefix, suffix)
}

// InContext gives the readings of a word, as Repairs or Alternatives, that make a
// fixed pair of the language of offices with the word before or after it in its line:
// "Cân" before "cứ" is Căn. It gives none if the word makes such a pair as it is. Pairs
// are no grammar, and a right word may differ by one mark from half of a pair by
// chance: this is for words that the recognizer itself doubts.
func (j Judge) InContext(before, word, after string) []Repair {
	if Together(before, word) || Together(word, after) {
		return nil
	}
	var found []Repair
	for _, r := range append(j.Repairs(word), j.Alternatives(word)...) {
		if Together(before, r.Text) || Together(r.Text, after) {
			found = append(found, r)
		}
	}
	return found
}

// Together reports whether two words are one of the fixed pairs that official papers
// are full of: căn cứ, quyết định, ủy ban. Placement does not matter, nor does case,
// but two words in Title are no pair unless they name a province or the like (Cần
// Thơ), since given names are made of the same words. Punctuation between two words
// parts them.
func Together(first, second string) bool {
	_, a, behind := Core(first)
	ahead, b, _ := Core(second)
	if behind != "" || ahead != "" {
		return false
	}
	s, ok := Parse(a)
	if !ok {
		return false
	}
	t, ok := Parse(b)
	if !ok {
		return false
	}
	titles := s.Case == Title && t.Case == Title
	s.Place, t.Place = Old, Old
	var buf [2 * maxBytes]byte
	key := append(s.append(buf[:0]), ' ')
	key = t.append(key)
	return contains(names, string(key)) || !titles && contains(pairs, string(key))
}

// contains looks an entry up in a list whose entries stand in order, each between two
// bars.
func contains(list, entry string) bool {
	for len(list) > 1 {
		start := strings.LastIndexByte(list[:len(list)/2], '|') + 1
		end := start + strings.IndexByte(list[start:], '|')
		switch strings.Compare(list[start:end], entry) {
		case 0:
			return true
		case -1:
			list = list[end:]
		default:
			list = list[:start]
		}
	}
	return false
}

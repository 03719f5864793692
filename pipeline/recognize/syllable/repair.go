package syllable

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Confusion is the kind of misreading that a repair supposes.
type Confusion string

// The confusions.
const (
	Capitals  Confusion = "capitals"   // a letter in the wrong case
	Eth       Confusion = "eth"        // the Icelandic Ð for Đ
	Stroke    Confusion = "stroke"     // d for đ and back
	VowelMark Confusion = "vowel mark" // a hat, a breve or a horn lost, added or changed
	ToneMark  Confusion = "tone mark"  // one tone for another, or two on one word
	TonePlace Confusion = "tone place" // the right tone on the wrong letter
	Digit     Confusion = "digit"      // a digit or a stroke for a letter
	Shape     Confusion = "shape"      // one letter for another
	Sequence  Confusion = "sequence"   // two letters for one and back: rn for m
	Doubled   Confusion = "doubled"    // one letter read twice
	Stray     Confusion = "stray"      // a sign or a mark that is dirt, or part of a letter
)

// Repair is another reading of a word.
type Repair struct {
	Text string    // the whole word, with the punctuation of the misread one
	Kind Confusion // what was mistaken
	Cost int       // from 1 up; the sum of how seldom the confusion is and of how rare the word
}

// MaxRepairs bounds the readings of one word.
const MaxRepairs = 12

// maxMisread is the number of letters beyond which a misread word is not one word.
const maxMisread = 10

// Repairs gives other readings of a misread word by the rules of spelling alone.
func Repairs(word string) []Repair { return Judge{}.Repairs(word) }

// Repairs gives the readings that differ from a word by one confusion and are spelled
// right, at most MaxRepairs, the cheapest first. A word that is spelled right has
// none, unless its capitals are mixed; nor have numbers, abbreviations, addresses and
// what the dictionary knows. Of words joined by signs one may be misread.
func (j Judge) Repairs(word string) []Repair {
	prefix, core, suffix := Core(word)
	if core == "" || len(core) > 8*maxMisread || isAddress(core) || isNumber(core) {
		return nil
	}
	core = norm.NFC.String(core)
	from, to, wrong := j.misread(core)
	if wrong == 0 {
		return nil
	}
	var found []Repair
	if wrong == 1 {
		found = j.read(prefix+core[:from], core[from:to], core[to:]+suffix)
	}
	if len(found) == 0 && to-from < len(core) { // a full stop may be a dot below that slipped into the word
		found = j.read(prefix, core, suffix)
	}
	return found
}

// read gives the readings of one part between what stands around it.
func (j Judge) read(before, part, after string) []Repair {
	r := readings{judge: j, word: part, shape: shapeOf(part), small: []rune(strings.Map(small, part))}
	if len(r.small) > maxMisread || len(r.small) < 3 && !hasVowel(r.small) {
		return nil // several words, or a crumb of one
	}
	r.collect()
	return r.sorted(before, after)
}

// sorted gives the readings in the order of cost, with what stands around them.
func (r *readings) sorted(before, after string) []Repair {
	for i := range r.found {
		r.found[i].Text = before + r.found[i].Text + after
	}
	slices.SortStableFunc(r.found, func(a, b Repair) int {
		return cmp.Or(cmp.Compare(a.Cost, b.Cost), cmp.Compare(a.Text, b.Text))
	})
	return r.found[:min(len(r.found), MaxRepairs)]
}

// hasVowel reports whether there is a vowel, or a digit that may stand for one, among
// small letters.
func hasVowel(letters []rune) bool {
	return slices.ContainsFunc(letters, func(r rune) bool { return isVowel(bare(r)) || isDigit(r) })
}

// small is the lower case of any letter.
func small(r rune) rune {
	if r == 'Ɖ' {
		return 'ð'
	}
	return unicode.ToLower(r)
}

// misread finds the last part of a core that is spelled wrong, by its first byte and
// the one behind it, and counts such parts.
func (j Judge) misread(core string) (from, to, wrong int) {
	start := 0
	for p := range strings.FieldsFuncSeq(core, joins) {
		start += strings.Index(core[start:], p)
		end := start + len(p)
		if j.suspect(p) {
			from, to = start, end
			wrong++
		}
		start = end
	}
	return from, to, wrong
}

// suspect reports whether a part is misread.
func (j Judge) suspect(part string) bool {
	s, native := Parse(part)
	switch {
	case native:
		return s.Case == Mixed
	case kindOf(part) != Foreign, isPlace(part):
		return false
	}
	return j.Known == nil || !j.Known(part)
}

// readings collects other readings of one misread word.
type readings struct {
	judge Judge
	word  string // as it was read
	small []rune // in lower case
	shape shape  // its capitals
	found []Repair
}

// add takes a reading in lower case if it is a syllable.
func (r *readings) add(reading []rune, kind Confusion, cost int) {
	if len(reading) > maxLetters {
		return
	}
	var buf [4 * maxLetters]byte
	b := buf[:0]
	for _, letter := range reading {
		b = utf8.AppendRune(b, letter)
	}
	s, ok := Parse(string(b))
	if !ok {
		return
	}
	s.Case = r.shape.likely()
	r.put(s, kind, cost)
}

// put takes a syllable, dearer the rarer it is; of two ways to one word the cheaper
// stays.
func (r *readings) put(s Syllable, kind Confusion, cost int) {
	text := s.String()
	if text == r.word {
		return
	}
	cost += r.rarity(s, text)
	for i := range r.found {
		if r.found[i].Text == text {
			if cost < r.found[i].Cost {
				r.found[i].Kind, r.found[i].Cost = kind, cost
			}
			return
		}
	}
	r.found = append(r.found, Repair{Text: text, Kind: kind, Cost: cost})
}

func (r *readings) rarity(s Syllable, text string) int {
	g := s.grade()
	if g < Attested && r.judge.Known != nil && r.judge.Known(text) {
		g = Attested
	}
	switch g {
	case Common:
		return 0
	case Attested:
		return 4
	case Possible:
		return 14
	default:
		return 22
	}
}

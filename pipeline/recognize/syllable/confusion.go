package syllable

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What the confusions cost. Signs that no word has are surely something else; of
// marks, those of the tones are the smallest and so the most often mistaken.
const (
	costCase      = 1
	costEth       = 1
	costPlace     = 2
	costHorn      = 3
	costDigit     = 4
	costAlphabet  = 5
	costTwoTones  = 5
	costStray     = 5
	costDoubled   = 6
	costSequence  = 7
	costHoiNga    = 7
	costStroke    = 8
	costTone      = 10
	costLostMark  = 10
	costAddedMark = 12
	costTwoMarks  = 13
	costShape     = 14
	costUnseen    = 3 // more for a mark that was not seen on a misread letter
)

// collect tries every single confusion.
func (r *readings) collect() {
	if _, ok := Parse(r.word); ok {
		r.capitals()
		return
	}
	r.tones()
	for i := range r.small {
		r.letter(i)
		r.sign(i)
		r.doubled(i)
		for _, p := range sequences() {
			r.sequence(i, p)
		}
	}
}

// capitals offers a syllable in mixed case in the cases that it may have had.
func (r *readings) capitals() {
	s, _ := Parse(r.word)
	s.Case = r.shape.likely()
	r.put(s, Capitals, costCase)
	for _, c := range [...]Case{Upper, Title, Lower} {
		s.Case = c
		r.put(s, Capitals, costCase+costShape)
	}
}

// replaced gives the word with n letters from i on replaced; a tone on them moves to
// the first vowel of what comes instead.
func (r *readings) replaced(i, n int, by string) []rune {
	out := make([]rune, 0, len(r.small)+2)
	out = append(out, r.small[:i]...)
	t := Ngang
	for _, old := range r.small[i : i+n] {
		t = max(t, toneOf(old))
	}
	for _, letter := range by {
		if t != Ngang && isVowel(letter) {
			letter, t = toned(letter, t), Ngang
		}
		out = append(out, letter)
	}
	return append(out, r.small[i+n:]...)
}

// tones tries every tone in every place, for words whose letters are right.
func (r *readings) tones() {
	plain := make([]rune, len(r.small))
	var had []Tone
	for i, letter := range r.small {
		plain[i] = bare(letter)
		if t := toneOf(letter); t != Ngang {
			had = append(had, t)
		}
	}
	if len(had) == 0 {
		had = append(had, Ngang)
	}
	for t := range Tone(tones) {
		kind, cost := toneCost(had, t)
		for i, letter := range plain {
			if !isVowel(letter) {
				continue
			}
			plain[i] = toned(letter, t)
			r.add(plain, kind, cost)
			plain[i] = letter
		}
	}
}

// toneCost prices tone t for a word that was read with the tones in had.
func toneCost(had []Tone, t Tone) (Confusion, int) {
	first := had[0]
	switch {
	case len(had) > 1 && (t == first || t == had[1]):
		return ToneMark, costTwoTones
	case t == first:
		return TonePlace, costPlace
	case t == Hoi && first == Nga, t == Nga && first == Hoi:
		return ToneMark, costHoiNga
	}
	return ToneMark, costTone
}

// letter tries other letters for one.
func (r *readings) letter(i int) {
	letter := r.small[i]
	b := bare(letter)
	r.marks(i, b)
	kind, cost := shapeCost(letter)
	for other := range alternatives(alikes, b) {
		extra := 0
		if other[0] >= utf8.RuneSelf && kind != Eth {
			extra = costUnseen
		}
		r.add(r.replaced(i, 1, other), kind, cost+extra)
	}
	if letter >= utf8.RuneSelf && b == letter && !marked(letter) {
		r.foreignMark(i)
	}
}

// marks tries other marks for that of a letter, which is b without its tone.
func (r *readings) marks(i int, b rune) {
	for other := range alternatives(otherMarks, b) {
		kind, cost := markCost(b)
		r.add(r.replaced(i, 1, other), kind, cost)
	}
}

// otherMarks are the letters that differ by their mark alone; the table is read by
// alternatives.
const otherMarks = " a:ă,â ă:â,a â:ă,a e:ê ê:e o:ô,ơ ô:ơ,o ơ:ô,o u:ư ư:u d:đ đ:d "

// alikes says what a small letter, a digit or a stroke may be a misreading of. Shapes
// of capitals count too.
const alikes = " a:o,e b:h c:e,o e:c,o f:t g:q h:b,n i:l,t j:l,t,i l:i,t,í,ì,ỉ,ĩ,ị m:n,in,ni n:u,h,m,ri o:c,a,e q:g,o" +
	" r:t t:l,i,r u:n,ii v:y w:ư y:v z:s ð:đ" +
	" 0:o,ô,ơ 1:i,l,í,ì,ỉ,ĩ,ị |:i,l,í,ì,ỉ,ĩ,ị !:i,l,í,ì,ỉ,ĩ,ị ı:i,l ]:i,l [:i,l 4:a 5:s $:s 6:b,g,ô,ó 8:b 9:g,q "

// alternatives gives what a table has behind a letter.
func alternatives(table string, letter rune) iter.Seq[string] {
	var key [8]byte
	k := append(utf8.AppendRune(append(key[:0], ' '), letter), ':')
	i := strings.Index(table, string(k))
	if i < 0 {
		return strings.FieldsSeq("")
	}
	row, _, _ := strings.Cut(table[i+len(k):], " ")
	return strings.SplitSeq(row, ",")
}

// markCost prices another mark for that of a bare letter.
func markCost(b rune) (Confusion, int) {
	switch {
	case b == 'd' || b == 'đ':
		return Stroke, costStroke
	case b < utf8.RuneSelf:
		return VowelMark, costLostMark
	}
	return VowelMark, costAddedMark
}

// shapeCost prices another letter for one that was read.
func shapeCost(letter rune) (Confusion, int) {
	switch {
	case letter == 'ð':
		return Eth, costEth
	case letter < 'a' || letter == '|':
		return Digit, costDigit
	case strings.ContainsRune("fjwz", letter):
		return Shape, costAlphabet
	}
	return Shape, costShape
}

// foreignMark takes a letter with a mark of another alphabet for one with a mark that
// looks like it, or without any.
func (r *readings) foreignMark(i int) {
	letter := r.small[i]
	others := ""
	switch letter {
	case 'ä', 'å', 'ā', 'ǎ':
		others = "a ă â ả ã"
	case 'ë', 'ē', 'ė':
		others = "e ê ẻ ẽ"
	case 'ï', 'î', 'ī':
		others = "i ỉ ĩ"
	case 'ö', 'ō', 'ő', 'ø':
		others = "o ô ơ ỏ õ"
	case 'ü', 'û', 'ū', 'ű':
		others = "u ư ủ ũ"
	case 'ÿ':
		others = "y ỷ ỹ"
	default:
		if base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(letter))); base != letter {
			others = string(base)
		}
	}
	for other := range strings.FieldsSeq(others) {
		r.add(r.replaced(i, 1, other), VowelMark, costAlphabet)
	}
}

// sign takes a sign or a loose mark inside the word for dirt, or for the mark of a
// letter before it.
func (r *readings) sign(i int) {
	letter := r.small[i]
	if i == 0 || unicode.IsLetter(letter) || isDigit(letter) {
		return
	}
	without := r.replaced(i, 1, "")
	r.add(without, Stray, costStray)
	var marks string
	switch letter {
	case '\'', '‘', '’', '`', '´', '"':
		marks = "ơư"
	case '^', 'ˆ':
		marks = "âêô"
	}
	before := bare(r.small[i-1])
	for _, m := range marks {
		if m == before || plainest(m) == before {
			r.add(r.replaced(i-1, 2, string(m)), Stray, costHorn)
		}
	}
	t := signTone(letter)
	if t == Ngang {
		return
	}
	for k, v := range without {
		if isVowel(v) {
			without[k] = toned(v, t)
			r.add(without, Stray, costStray+1)
			without[k] = v
		}
	}
}

// signTone gives the tone whose mark a sign looks like.
func signTone(r rune) Tone {
	switch r {
	case '.', '·', '\u0323':
		return Nang
	case '?', '\u0309':
		return Hoi
	case '~', '\u0303':
		return Nga
	case '`', '‘', '\u0300':
		return Huyen
	case '´', '\'', '’', '\u0301':
		return Sac
	}
	return Ngang
}

// doubled takes two equal letters, whatever their marks, for one.
func (r *readings) doubled(i int) {
	if i == 0 || plainest(r.small[i]) != plainest(r.small[i-1]) {
		return
	}
	r.add(r.replaced(i, 1, ""), Doubled, costDoubled)
	r.add(r.replaced(i-1, 1, ""), Doubled, costDoubled)
}

// plainest takes all marks off a letter.
func plainest(r rune) rune {
	switch b := bare(r); b {
	case 'ă', 'â':
		return 'a'
	case 'ê':
		return 'e'
	case 'ô', 'ơ':
		return 'o'
	case 'ư':
		return 'u'
	case 'đ', 'ð':
		return 'd'
	default:
		return b
	}
}

// pair is a run of letters and what it may be a misreading of.
type pair struct {
	seen string
	was  string
	kind Confusion
	cost int
}

// sequences gives the runs of two and three letters that are misread together.
func sequences() [13]pair {
	return [...]pair{
		{"rn", "m", Sequence, costSequence},
		{"rn", "n", Sequence, costSequence + 3},
		{"in", "m", Sequence, costSequence + 3},
		{"ni", "m", Sequence, costSequence + 3},
		{"cl", "d", Sequence, costSequence},
		{"ii", "u", Sequence, costSequence},
		{"ri", "n", Sequence, costSequence + 3},
		{"li", "h", Sequence, costSequence + 3},
		{"lı", "h", Sequence, costSequence},
		{"uo", "ươ", VowelMark, costTwoMarks},
		{"uo", "uô", VowelMark, costTwoMarks},
		{"uô", "ươ", VowelMark, costTwoMarks},
		{"ươ", "uô", VowelMark, costTwoMarks},
	}
}

// sequence tries one pair at a place; a tone on what was seen moves to the last vowel
// of what it was.
func (r *readings) sequence(i int, p pair) {
	n := utf8.RuneCountInString(p.seen)
	if i+n > len(r.small) {
		return
	}
	k, t := i, Ngang
	for _, want := range p.seen {
		if bare(r.small[k]) != want {
			return
		}
		t = max(t, toneOf(r.small[k]))
		k++
	}
	out := r.replaced(i, n, p.was)
	if t != Ngang {
		end := i + utf8.RuneCountInString(p.was) - 1
		for k := i; k <= end; k++ {
			out[k] = bare(out[k])
		}
		out[end] = toned(out[end], t)
	}
	r.add(out, p.kind, p.cost)
}

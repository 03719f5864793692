// Package bench measures hoso as a stranger would: how many letters are wrong, how
// long a page takes. The error rate forgives the order of what was read, since the
// two columns at the head of an official paper and the cells of a table have no one
// right order, and scores tone marks fully, since in Vietnamese they are letters.
package bench

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Rates are error rates; 0 is perfect.
type Rates struct {
	CER      float64 `json:"cer"`       // letters of the truth that are wrong or missing, as a share of it
	CERExtra float64 `json:"cer_extra"` // CER plus letters that were read but are not in the truth
	WER      float64 `json:"wer"`       // share of the words of the truth that were not read
	Letters  int     `json:"letters"`   // of the truth: the weight of CER
	Words    int     `json:"words"`     // of the truth: the weight of WER
}

// Score compares the text got from a page with the truth. Every line of the truth,
// the longest first, is laid on that piece of got which it matches best and which
// no other line has taken.
func Score(truth, got string) Rates { return Compare(truth, got).Rates }

// Comparison is what became of a truth in a text that was read.
type Comparison struct {
	Rates Rates
	Lines []Laid // of the truth, the longest first
	Extra string // what was read and no line was laid on
	extra int    // its letters
	wrong int    // letters of the truth that are wrong or missing
}

// Laid is a line of the truth and the piece of the text it was laid on, both unified
// as print is (plain) and with single spaces.
type Laid struct {
	Want  []rune
	Got   []rune
	Edits int // letters to change, put in or take away to make Got of Want

	from, to int // where Got stands in the text
}

// Compare is Score with the reasons. What also stands on the page may be read or not:
// it is neither missed nor extra.
func Compare(truth, got string, also ...string) Comparison {
	text := []rune(strings.Join(strings.Fields(plain(got)), " "))
	c := Comparison{Lines: lay(linesOf(truth), text)}
	letters := 0
	for _, line := range c.Lines {
		letters += len(line.Want)
		c.wrong += line.Edits
	}
	forgive(also, text)
	c.Extra, c.extra = left(text)
	c.Rates = Rates{WER: missingWords(truth, got), Letters: letters, Words: len(strings.Fields(plain(truth)))}
	if letters > 0 {
		c.Rates.CER = float64(c.wrong) / float64(letters)
		c.Rates.CERExtra = float64(c.wrong+c.extra) / float64(letters)
	}
	return c
}

// lay gives each line its place in text, where what was given away becomes taken.
func lay(lines [][]rune, text []rune) []Laid {
	var laid, lost []Laid
	put := func(line []rune) Laid {
		edits, from, to := bestMatch(line, text)
		return Laid{Want: line, Got: slices.Clone(text[from:to]), Edits: edits, from: from, to: to}
	}
	for _, line := range lines {
		l := put(line)
		if l.lost() {
			lost = append(lost, l)
			continue
		}
		take(text, l.from, l.to)
		laid = append(laid, l)
	}
	for _, l := range lost {
		l = put(l.Want)
		take(text, l.from, l.to)
		laid = append(laid, l)
	}
	return laid
}

// forgive takes away those pieces of what was left that are mostly a line of also.
func forgive(also []string, text []rune) {
	for _, line := range linesOf(strings.Join(also, "\n")) {
		if edits, from, to := bestMatch(line, text); edits*2 < len(line) {
			take(text, from, to)
		}
	}
}

// taken marks letters of the text that a line of the truth was laid on.
const taken = rune(0)

// take marks a piece and the spaces around it.
func take(text []rune, from, to int) {
	for from > 0 && text[from-1] == ' ' {
		from--
	}
	for to < len(text) && text[to] == ' ' {
		to++
	}
	for i := from; i < to; i++ {
		text[i] = taken
	}
}

// plain unifies what print does not tell apart or scanners do not deliver: dashes,
// quotes, rows of leader dots, the letters Ð and Đ.
func plain(s string) string {
	s = norm.NFC.String(s)
	s = strings.Map(func(r rune) rune {
		switch r {
		case '‐', '‑', '‒', '–', '—', '―', '−':
			return '-'
		case '“', '”', '„', '‟', '«', '»', '″':
			return '"'
		case '‘', '’', '‚', '‛', '′', '`', '´':
			return '\''
		case '…':
			return '.'
		case 'Ð', 'Ɖ':
			return 'Đ'
		case 'ð':
			return 'đ'
		}
		return r
	}, s)
	for _, row := range []string{"..", "__", ". ."} {
		for strings.Contains(s, row) {
			s = strings.ReplaceAll(s, row, row[:1])
		}
	}
	return s
}

func linesOf(truth string) [][]rune {
	var lines [][]rune
	for line := range strings.Lines(plain(truth)) {
		if words := strings.Fields(line); len(words) > 0 {
			lines = append(lines, []rune(strings.Join(words, " ")))
		}
	}
	slices.SortStableFunc(lines, func(a, b []rune) int { return cmp.Compare(len(b), len(a)) })
	return lines
}

// bestMatch finds the piece text[from:to] with the fewest edits to line, by
// Sellers' variant of the edit distance, whose match may begin anywhere.
func bestMatch(line, text []rune) (edits, from, to int) {
	n := len(text)
	cost, next := make([]int, n+1), make([]int, n+1)
	begin, nextBegin := make([]int, n+1), make([]int, n+1)
	for j := range begin {
		begin[j] = j
	}
	for i, r := range line {
		next[0], nextBegin[0] = i+1, 0
		for j := 1; j <= n; j++ {
			best, at := cost[j]+1, begin[j]
			if c := cost[j-1] + substitution(r, text[j-1]); c <= best {
				best, at = c, begin[j-1]
			}
			if c := next[j-1] + insertion(text[j-1]); c < best {
				best, at = c, nextBegin[j-1]
			}
			next[j], nextBegin[j] = best, at
		}
		cost, next = next, cost
		begin, nextBegin = nextBegin, begin
	}
	from, to = cheapest(cost, begin, text)
	return min(cost[to], len(line)), from, to
}

// cheapest picks the piece of text at whose end the cost is lowest. A wrong last letter
// belongs to it: it is one error, not one missing and one too many.
func cheapest(cost, begin []int, text []rune) (from, to int) {
	for j := range cost {
		if cost[j] < cost[to] {
			to = j
		}
	}
	from = begin[to]
	for from < to && to < len(text) && cost[to+1] == cost[to] && begin[to+1] == from && text[to-1] != ' ' && text[to] != ' ' {
		to++
	}
	return from, to
}

// impossible is dearer than leaving any line out.
const impossible = 1 << 20

func substitution(want, have rune) int {
	switch have {
	case want:
		return 0
	case taken:
		return impossible
	}
	return 1
}

func insertion(have rune) int {
	if have == taken {
		return impossible
	}
	return 1
}

// left gives what no line was laid on, and how many letters that is.
func left(text []rune) (string, int) {
	n := 0
	rest := strings.Map(func(r rune) rune {
		switch r {
		case taken:
			return '\n'
		case ' ':
		default:
			n++
		}
		return r
	}, string(text))
	var pieces []string
	for piece := range strings.SplitSeq(rest, "\n") {
		if piece = strings.TrimSpace(piece); piece != "" {
			pieces = append(pieces, piece)
		}
	}
	return strings.Join(pieces, "\n"), n
}

func missingWords(truth, got string) float64 {
	have := map[string]int{}
	for w := range strings.FieldsSeq(plain(got)) {
		have[w]++
	}
	all, missing := 0, 0
	for w := range strings.FieldsSeq(plain(truth)) {
		all++
		if have[w] > 0 {
			have[w]--
		} else {
			missing++
		}
	}
	if all == 0 {
		return 0
	}
	return float64(missing) / float64(all)
}

// Add gives the rates over two texts together, weighted by their size.
func (r Rates) Add(s Rates) Rates {
	mean := func(a, b float64, n, m int) float64 {
		if n+m == 0 {
			return 0
		}
		return (a*float64(n) + b*float64(m)) / float64(n+m)
	}
	return Rates{
		CER:      mean(r.CER, s.CER, r.Letters, s.Letters),
		CERExtra: mean(r.CERExtra, s.CERExtra, r.Letters, s.Letters),
		WER:      mean(r.WER, s.WER, r.Words, s.Words),
		Letters:  r.Letters + s.Letters, Words: r.Words + s.Words,
	}
}

// Sequence is the plain character error rate of got against truth, order and all:
// the edit distance as a share of the truth's length. Lines are joined by spaces.
func Sequence(truth, got string) float64 {
	want := []rune(strings.Join(strings.Fields(plain(truth)), " "))
	have := []rune(strings.Join(strings.Fields(plain(got)), " "))
	if len(want) == 0 {
		return 0
	}
	row := make([]int, len(have)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range want {
		corner := row[0]
		row[0] = i + 1
		for j, h := range have {
			cost := corner
			if r != h {
				cost = 1 + min(corner, row[j], row[j+1])
			}
			corner, row[j+1] = row[j+1], cost
		}
	}
	return float64(row[len(have)]) / float64(len(want))
}

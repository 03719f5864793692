package likeness

import (
	"slices"
	"strings"
	"unicode"

	"hoso/pipeline"
)

// token is a word or a number of a page, without marks and punctuation.
type token struct {
	text   string
	hash   uint64
	number bool
	sure   bool
}

// From which confidence a word is held against another one that stands in its place.
// A number must be surer: a lone digit, such as that of the page, is misread at 86 at times.
const (
	sure       = 85
	sureFigure = 95
)

// leastTokens is how many words and numbers must be sure on a page to know it by them,
// mostTokens how many are looked at.
const (
	leastTokens = 20
	mostTokens  = 2000
)

// tokensOf gives what is read on a page in reading order, at most mostTokens.
func tokensOf(p pipeline.Page) []token {
	var all []token
	for _, l := range p.Lines {
		for _, w := range l.Words {
			if t := tokenOf(w); t.text != "" && len(all) < mostTokens {
				all = append(all, t)
			}
		}
	}
	return all
}

// tokenOf gives a word as it is compared; the zero token for what is mere noise.
func tokenOf(w pipeline.Word) token {
	folded := fold(w.Text)
	digits, letters := count(folded)
	t := token{number: digits > 0 && digits >= letters, sure: w.Confidence >= sure}
	if t.number {
		t.sure = w.Confidence >= sureFigure
	}
	if t.number {
		t.text = figures(folded)
	} else {
		t.text = strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return r
			}
			return -1
		}, folded)
		if letters < 2 {
			return token{}
		}
	}
	t.hash = fnv(t.text)
	return t
}

// tells reports whether there is enough on a page to know it by.
func tells(all []token) bool {
	n := 0
	for _, t := range all {
		if t.sure {
			n++
		}
	}
	return n >= leastTokens
}

// same reports whether two pages are readings of one sheet.
func same(a, b []token) bool {
	return tells(a) && tells(b) && differ(a, b).little()
}

// difference is what two readings of a page do not have in common, in tokens unless said
// otherwise.
type difference struct {
	all     int // of the longer reading
	figures int // places with plainly other numbers
	words   int // plainly other words
	lacking int // sure ones with nothing in their place
	strange int // nothing alike in their place, such as what was filled in by hand
	unlike  int // of any kind, also what was only misread
}

// little reports whether d is no more than two scans of one sheet differ by. Drawn sheets
// that were scanned as badly as offices do it differ by 5 in 100 at most, nearly all of
// these alike.
func (d difference) little() bool {
	const words, lacking, strange, unlike = 1, 5, 4, 15 // in 100
	most := func(n, percent int) bool { return 100*n <= percent*d.all }
	return d.figures == 0 && most(d.words, words) && most(d.lacking, lacking) && most(d.strange, strange) && most(d.unlike, unlike)
}

// differ compares two readings place by place.
func differ(a, b []token) difference {
	d := difference{all: max(len(a), len(b))}
	onlyA, onlyB := uncommon(a, b)
	dropMoved(onlyA, onlyB)
	for i := range onlyA {
		d.unlike += max(len(onlyA[i]), len(onlyB[i]))
	}
	if !d.little() { // whatever the rest is
		return d
	}
	for i := range onlyA {
		d.add(onlyA[i], onlyB[i])
	}
	return d
}

// add compares what stands in one place of each reading.
func (d *difference) add(a, b []token) {
	one, other := sideOf(a), sideOf(b)
	if len(a) == 0 || len(b) == 0 {
		sure := one.sureFigures + one.sureWords + other.sureFigures + other.sureWords
		d.lacking += sure
		d.strange += len(a) + len(b) - sure
		return
	}
	if one.figures != other.figures && min(one.sureFigures, other.sureFigures) > 0 {
		d.figures++
	}
	const alike = 0.6 // of the letters; one misread, or a word cut in two, leaves more
	length := max(len(one.letters), len(other.letters))
	if float64(distance(one.letters, other.letters)) > (1-alike)*float64(length) {
		d.strange += max(len(a), len(b))
		d.words += min(one.sureWords, other.sureWords)
	}
}

// side is what one reading has in a place, the spaces between its words left out.
type side struct {
	figures, letters       string
	sureFigures, sureWords int // numbers and words that are sure
}

func sideOf(all []token) (s side) {
	var figures, letters strings.Builder
	for _, t := range all {
		to, sure := &letters, &s.sureWords
		if t.number {
			to, sure = &figures, &s.sureFigures
		}
		to.WriteString(t.text)
		if t.sure {
			*sure++
		}
	}
	s.figures, s.letters = figures.String(), letters.String()
	return s
}

// uncommon gives what stands between the tokens that two readings have in common, in the
// order of both: at each index that of the one and that of the other.
func uncommon(a, b []token) (onlyA, onlyB [][]token) {
	var gapA, gapB []token
	end := func() {
		if len(gapA)+len(gapB) > 0 {
			onlyA, onlyB = append(onlyA, gapA), append(onlyB, gapB)
			gapA, gapB = nil, nil
		}
	}
	longest := commonRuns(a, b)
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i].hash == b[j].hash:
			end()
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && longest[i+1][j] >= longest[i][j+1]:
			gapA = append(gapA, a[i])
			i++
		default:
			gapB = append(gapB, b[j])
			j++
		}
	}
	end()
	return onlyA, onlyB
}

// commonRuns gives the length of the longest common subsequence from each pair of places.
func commonRuns(a, b []token) [][]int16 {
	cells := make([]int16, (len(a)+1)*(len(b)+1))
	rows := make([][]int16, len(a)+1)
	for i := range rows {
		rows[i] = cells[i*(len(b)+1):][:len(b)+1]
	}
	for i, one := range slices.Backward(a) {
		for j, other := range slices.Backward(b) {
			if one.hash == other.hash {
				rows[i][j] = rows[i+1][j+1] + 1
			} else {
				rows[i][j] = max(rows[i+1][j], rows[i][j+1])
			}
		}
	}
	return rows
}

// dropMoved takes out what both readings have, but in another order.
func dropMoved(onlyA, onlyB [][]token) {
	there := map[uint64]int{}
	for _, gap := range onlyB {
		for _, t := range gap {
			there[t.hash]++
		}
	}
	moved := map[uint64]int{}
	take := func(from, into map[uint64]int) func(token) bool {
		return func(t token) bool {
			if from[t.hash] == 0 {
				return false
			}
			from[t.hash]--
			into[t.hash]++
			return true
		}
	}
	for i := range onlyA {
		onlyA[i] = slices.DeleteFunc(onlyA[i], take(there, moved))
	}
	for i := range onlyB {
		onlyB[i] = slices.DeleteFunc(onlyB[i], take(moved, map[uint64]int{}))
	}
}

// distance is how many letters must be changed, added or left out to make one text of the
// other.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			before, row[j+1] = row[j+1], min(before+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

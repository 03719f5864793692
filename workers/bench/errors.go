package bench

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Kind is what an error is made of.
type Kind string

// The kinds of errors; together they are all that CERExtra counts.
const (
	Tones        Kind = "tones"         // the right base letter with other marks: ậ for â, o for ơ
	Capitals     Kind = "capitals"      // the right letter, large for small or small for large
	Crossed      Kind = "d/đ"           // one for the other
	Digits       Kind = "digits"        // a digit wrong, lost or put in
	Punctuation  Kind = "punctuation"   // likewise
	Spaces       Kind = "spaces"        // words run together or torn apart
	Letters      Kind = "letters"       // any other letter wrong, lost or put in
	MissingWords Kind = "missing words" // of lines that were read otherwise
	MissingLines Kind = "missing lines" // of which next to nothing was read
	Extra        Kind = "extra"         // words that do not stand on the page
)

// kinds are all, in the order of reports.
func kinds() []Kind {
	return []Kind{Tones, Capitals, Crossed, Digits, Punctuation, Spaces, Letters, MissingWords, MissingLines, Extra}
}

// Kinds counts the letters of every kind of error.
func (c Comparison) Kinds() map[Kind]int {
	n := map[Kind]int{Extra: c.extra}
	for _, line := range c.Lines {
		if line.lost() {
			n[MissingLines] += line.Edits
			continue
		}
		line.count(n)
	}
	return n
}

// lost reports whether what the line was laid on has so little to do with it that
// nothing of it was read. A short line may be wrong altogether and yet be read.
func (l Laid) lost() bool {
	return len(l.Got) == 0 || len(l.Want) >= 5 && l.Edits*10 >= len(l.Want)*6
}

func (l Laid) count(n map[Kind]int) {
	steps := align(l.Want, l.Got)
	for i := 0; i < len(steps); {
		run := runOf(steps[i:])
		switch whole := wholeWords(steps, i, i+run); {
		case whole && steps[i].got == none:
			n[MissingWords] += run
		case whole && steps[i].want == none:
			n[Extra] += run
		default:
			for _, s := range steps[i : i+run] {
				if s.want != s.got {
					n[kindOf(s.want, s.got)]++
				}
			}
		}
		i += run
	}
}

// runOf is how many steps from the first are of its kind: lost, put in, or neither.
func runOf(steps []step) int {
	n := 1
	for n < len(steps) && (steps[n].got == none) == (steps[0].got == none) && (steps[n].want == none) == (steps[0].want == none) {
		n++
	}
	return n
}

// wholeWords reports whether the steps from one to the other, all lost or all put in,
// are words that have letters, with a border of words on both sides.
func wholeWords(steps []step, from, to int) bool {
	if steps[from].got != none && steps[from].want != none {
		return false
	}
	letter := func(s step) rune { return max(s.want, s.got) } // none is less than any letter
	words := false
	for _, s := range steps[from:to] {
		words = words || unicode.IsLetter(letter(s)) || unicode.IsDigit(letter(s))
	}
	inside := func(i int) bool { return i >= 0 && i < len(steps) && letter(steps[i]) != ' ' }
	begins := !inside(from-1) || letter(steps[from]) == ' '
	ends := !inside(to) || letter(steps[to-1]) == ' '
	return words && begins && ends
}

// kindOf tells the kind of one wrong letter; one of both may be none.
func kindOf(want, got rune) Kind {
	is := func(in func(rune) bool) bool { return in(want) || in(got) }
	switch {
	case is(unicode.IsDigit):
		return Digits
	case is(unicode.IsSpace):
		return Spaces
	case is(func(r rune) bool { return r != none && !unicode.IsLetter(r) && !unicode.IsMark(r) }):
		return Punctuation
	case want == none || got == none:
		return Letters
	}
	return kindOfLetters(want, got)
}

func kindOfLetters(want, got rune) Kind {
	switch {
	case unicode.ToLower(want) == unicode.ToLower(got):
		return Capitals
	case base(want) == base(got):
		return Tones
	case strings.Contains("dđ", base(want)) && strings.Contains("dđ", base(got)):
		return Crossed
	}
	return Letters
}

// base is the small letter without its marks; đ has none that come off.
func base(r rune) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(string(unicode.ToLower(r))))
}

// none stands for the letter that is missing on one side of a step.
const none = rune(-1)

// step is one letter of an alignment.
type step struct{ want, got rune }

// align goes from want to got in the fewest edits.
func align(want, got []rune) []step {
	cost := distances(want, got)
	var steps []step
	i, j := len(want), len(got)
	for i > 0 && j > 0 {
		switch cost[i][j] {
		case cost[i-1][j-1] + substitution(want[i-1], got[j-1]):
			i, j = i-1, j-1
			steps = append(steps, step{want[i], got[j]})
		case cost[i-1][j] + 1:
			i--
			steps = append(steps, step{want[i], none})
		default:
			j--
			steps = append(steps, step{none, got[j]})
		}
	}
	for i--; i >= 0; i-- {
		steps = append(steps, step{want[i], none})
	}
	for j--; j >= 0; j-- {
		steps = append(steps, step{none, got[j]})
	}
	slices.Reverse(steps)
	return steps
}

// distances are the edits between every beginning of want and every beginning of got.
func distances(want, got []rune) [][]int {
	cost := make([][]int, len(want)+1)
	for i := range cost {
		cost[i] = make([]int, len(got)+1)
		cost[i][0] = i
	}
	for j := range cost[0] {
		cost[0][j] = j
	}
	for i, w := range want {
		for j, g := range got {
			cost[i+1][j+1] = min(cost[i][j]+substitution(w, g), cost[i][j+1]+1, cost[i+1][j]+1)
		}
	}
	return cost
}

// Made is how many letters of what a contender read are wrong in one way.
type Made struct {
	Contender string  `json:"contender"`
	Kind      Kind    `json:"kind"`
	Letters   int     `json:"letters"`
	Share     float64 `json:"share"` // of the letters of the truth
}

func made(name string, all []outcome) []Made {
	sum, letters := map[Kind]int{}, 0.0
	for _, o := range all {
		if o.done && o.first.compared != nil {
			letters += o.letters
			for kind, n := range o.first.compared.Kinds() {
				sum[kind] += n
			}
		}
	}
	if letters == 0 {
		return nil
	}
	var list []Made
	for _, kind := range kinds() {
		list = append(list, Made{Contender: name, Kind: kind, Letters: sum[kind], Share: float64(sum[kind]) / letters})
	}
	return list
}

// Worst is a file that was read badly.
type Worst struct {
	File  string   `json:"file"`
	Path  string   `json:"path"`
	Class string   `json:"class,omitempty"`
	CER   float64  `json:"cer"`
	Lines []string `json:"lines,omitempty"` // its worst, as Laid.Diff
}

// worst are the files with the highest CER, the worst first.
func worst(limit int, samples []Sample, all []outcome) []Worst {
	var list []Worst
	for i, o := range all {
		if o.done && o.wrong > 0 {
			list = append(list, Worst{
				File: samples[i].Name, Path: samples[i].Path, Class: samples[i].Class,
				CER: o.wrong / o.letters, Lines: o.first.compared.worstLines(3),
			})
		}
	}
	slices.SortStableFunc(list, func(a, b Worst) int { return cmp.Compare(b.CER, a.CER) })
	return list[:min(limit, len(list))]
}

func (c Comparison) worstLines(limit int) []string {
	lines := slices.Clone(c.Lines)
	slices.SortStableFunc(lines, func(a, b Laid) int { return cmp.Compare(b.Edits, a.Edits) })
	var diffs []string
	for _, line := range lines[:min(limit, len(lines))] {
		if line.Edits > 0 {
			diffs = append(diffs, line.Diff())
		}
	}
	return diffs
}

// Diff shows a line with what was read in place of its pieces: "Lu[ậ→â]t". Of what is
// right, only what stands near an error is shown.
func (l Laid) Diff() string {
	if l.lost() {
		return fmt.Sprintf("[%s→%s]", string(l.Want), string(l.Got))
	}
	var out strings.Builder
	steps := align(l.Want, l.Got)
	for i := 0; i < len(steps); {
		n := stretch(steps, i)
		want, got := sides(steps[i : i+n])
		if want == got {
			out.WriteString(shorten(want, i > 0, i+n < len(steps)))
		} else {
			out.WriteString("[" + want + "→" + got + "]")
		}
		i += n
	}
	return out.String()
}

// stretch is how many steps from i on are right, or are wrong with at most two right
// ones between any two: what lies so close is no island to stand on.
func stretch(steps []step, i int) int {
	right := func(at int) bool { return steps[at].want == steps[at].got }
	next := func(at int, isRight func(int) bool) int { // the first from at on that is
		for at < len(steps) && !isRight(at) {
			at++
		}
		return at
	}
	wrong := func(at int) bool { return !right(at) }
	if right(i) {
		return next(i, wrong) - i
	}
	end := next(i, right)
	for {
		again := next(end, wrong)
		if again == len(steps) || again-end > 2 {
			return end - i
		}
		end = next(again, right)
	}
}

func sides(steps []step) (want, got string) {
	for _, s := range steps {
		if s.want != none {
			want += string(s.want)
		}
		if s.got != none {
			got += string(s.got)
		}
	}
	return want, got
}

// shorten keeps only so much of what is right as shows where the errors are.
func shorten(right string, errorBefore, errorBehind bool) string {
	const near = 16
	letters := []rune(right)
	switch {
	case errorBefore && errorBehind && len(letters) > 2*near:
		return string(letters[:near]) + "…" + string(letters[len(letters)-near:])
	case errorBefore && !errorBehind && len(letters) > near:
		return string(letters[:near]) + "…"
	case !errorBefore && errorBehind && len(letters) > near:
		return "…" + string(letters[len(letters)-near:])
	}
	return right
}

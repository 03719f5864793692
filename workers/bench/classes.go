package bench

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Group is the part of the files that have something in common.
type Group struct {
	By     string   `json:"by"`   // class or layout
	Name   string   `json:"name"` // "" where nothing is known
	Totals []Total  `json:"totals"`
	Versus []Versus `json:"versus,omitempty"`
}

// key is what a sample is grouped by.
func (s Sample) key(by string) string {
	if by == "layout" {
		return s.Layout
	}
	return s.Class
}

// members are the indexes of the samples of each group, the groups in the order of
// their names; nil if no sample belongs to one.
func membersBy(by string, samples []Sample) ([]string, map[string][]int) {
	members := map[string][]int{}
	for i, s := range samples {
		members[s.key(by)] = append(members[s.key(by)], i)
	}
	if len(members) == 1 && members[""] != nil {
		return nil, nil
	}
	return slices.Sorted(maps.Keys(members)), members
}

func groups(by string, samples []Sample, contenders []Contender, all [][]outcome) []Group {
	names, members := membersBy(by, samples)
	var list []Group
	for _, name := range names {
		g := Group{By: by, Name: name}
		parts := make([][]outcome, len(contenders))
		for c := range contenders {
			for _, i := range members[name] {
				parts[c] = append(parts[c], all[c][i])
			}
			g.Totals = append(g.Totals, total(contenders[c].Name, parts[c]))
			if c > 0 {
				g.Versus = append(g.Versus, versus(contenders[c].Name, parts[0], parts[c]))
			}
		}
		list = append(list, g)
	}
	return list
}

// Exact says how many numbers of one kind a contender read to the letter.
type Exact struct {
	Contender string  `json:"contender"`
	Kind      string  `json:"kind"`
	Numbers   int     `json:"numbers"`
	Exact     int     `json:"exact"`
	Share     float64 `json:"share"`
}

func exacts(name string, samples []Sample, all []outcome) []Exact {
	kinds := map[string]*Exact{}
	for i, s := range samples {
		if !all[i].done {
			continue
		}
		for _, found := range numbersIn(all[i].first.text, s.Numbers) {
			for _, kind := range found.kinds {
				e := kinds[kind]
				if e == nil {
					e = &Exact{Contender: name, Kind: kind}
					kinds[kind] = e
				}
				e.Numbers++
				if found.times > 0 {
					e.Exact++
					found.times--
				}
			}
		}
	}
	list := make([]Exact, 0, len(kinds))
	for _, e := range kinds {
		e.Share = float64(e.Exact) / float64(e.Numbers)
		list = append(list, *e)
	}
	slices.SortFunc(list, func(a, b Exact) int { return cmp.Compare(a.Kind, b.Kind) })
	return list
}

// found says how often a number stands in a text, and the kinds of all the numbers
// of the truth that have its form.
type found struct {
	kinds []string
	times int
}

func numbersIn(got string, numbers []Number) map[string]found {
	spaced := strings.Join(strings.Fields(plain(got)), " ")
	joined := strings.Join(strings.FieldsFunc(plain(got), func(r rune) bool { return r == '\n' || r == '\f' }), "")
	all := map[string]found{}
	for _, n := range numbers {
		text := strings.Join(strings.Fields(plain(n.Text)), " ")
		f := all[text]
		f.kinds = append(f.kinds, n.Kind)
		f.times = max(standing(spaced, text), standing(joined, text)) // print breaks long numbers at the end of a line
		all[text] = f
	}
	return all
}

// standing counts where number stands in text by itself, and not as a part of a
// longer one.
func standing(text, number string) int {
	if number == "" {
		return 0
	}
	first, _ := utf8.DecodeRuneInString(number)
	last, _ := utf8.DecodeLastRuneInString(number)
	n := 0
	for at := 0; ; {
		i := strings.Index(text[at:], number)
		if i < 0 {
			return n
		}
		from := at + i
		at = from + len(number)
		before, _ := utf8.DecodeLastRuneInString(text[:from])
		after, _ := utf8.DecodeRuneInString(text[at:])
		if !goesOn(before, first) && !goesOn(last, after) {
			n++
		}
	}
}

func goesOn(a, b rune) bool {
	return unicode.IsDigit(a) && unicode.IsDigit(b) || unicode.IsLetter(a) && unicode.IsLetter(b)
}

// Sealed says how well a contender reads what lies under a seal, and the same words
// of the same pages where no seal lies over them.
type Sealed struct {
	Contender string  `json:"contender"`
	Words     int     `json:"words"`
	WER       float64 `json:"wer"`
	TwinWords int     `json:"twin_words"` // those of the words whose page has a twin
	PairWER   float64 `json:"pair_wer"`   // WER over these words
	TwinWER   float64 `json:"twin_wer"`   // of the same words in the twins
}

func sealed(name string, samples []Sample, all []outcome) Sealed {
	s := Sealed{Contender: name}
	var missing, pair, twin int
	for i, sample := range samples {
		if !all[i].done || sample.isTwin || len(sample.UnderSeal) == 0 {
			continue
		}
		m := missingOf(sample.UnderSeal, sample.Truth, all[i].first.text)
		s.Words += len(sample.UnderSeal)
		missing += m
		if j := sample.twin; j >= 0 && all[j].done {
			s.TwinWords += len(sample.UnderSeal)
			pair += m
			twin += missingOf(sample.UnderSeal, samples[j].Truth, all[j].first.text)
		}
	}
	s.WER = float64(missing) / float64(max(s.Words, 1))
	s.PairWER, s.TwinWER = float64(pair)/float64(max(s.TwinWords, 1)), float64(twin)/float64(max(s.TwinWords, 1))
	return s
}

// missingOf counts the words that were not read. Where a word stands on the page more
// than once, the one under the seal is taken to be what is missing.
func missingOf(words []string, truth, got string) int {
	under, have, want := bag(strings.Join(words, " ")), bag(got), bag(truth)
	n := 0
	for w, times := range under {
		n += min(times, max(0, max(want[w], times)-have[w]))
	}
	return n
}

// bag counts the words of a text.
func bag(text string) map[string]int {
	words := map[string]int{}
	for w := range strings.FieldsSeq(plain(text)) {
		words[w]++
	}
	return words
}

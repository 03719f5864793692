package register

import (
	"slices"

	"hoso/pipeline"
)

// Register answers questions about agencies from memory. It is a value that is made
// once from all entries and safe for concurrent use.
type Register struct {
	entries []pipeline.Agency
	byCode  map[string][]pipeline.Agency
	below   map[string][]string // codes by that of the agency above
	before  map[string][]string // codes by that of a successor
	names   []printed
	exact   map[string][]int // places in names by key
}

// New makes a register of all entries of a list.
func New(entries []pipeline.Agency) *Register {
	r := &Register{
		entries: entries,
		byCode:  map[string][]pipeline.Agency{}, below: map[string][]string{}, before: map[string][]string{},
		exact: map[string][]int{},
	}
	for _, a := range entries {
		r.byCode[a.Code] = append(r.byCode[a.Code], a)
		for _, s := range a.Successors {
			r.before[s] = append(r.before[s], a.Code)
		}
	}
	for _, a := range entries {
		for _, above := range aboves(a) {
			r.below[above] = append(r.below[above], a.Code)
		}
	}
	r.index()
	return r
}

// aboves gives the agencies above, as the entry and as the code say it.
func aboves(a pipeline.Agency) []string {
	var all []string
	for i, c := range a.Code {
		if c == '.' {
			all = append(all, a.Code[:i])
		}
	}
	if a.Parent != "" && !slices.Contains(all, a.Parent) {
		all = append(all, a.Parent)
	}
	return all
}

// Len is how many entries there are.
func (r *Register) Len() int { return len(r.entries) }

// On looks up a unit code, in either form, for a day; no day asks for any.
func (r *Register) On(code string, day pipeline.Day) pipeline.Unit {
	if canonical, err := pipeline.ParseUnit(code); err == nil {
		code = canonical
	}
	return pipeline.Stand(code, day, r.byCode[code], len(r.entries) > 0)
}

// Heirs gives the codes of those that have taken over from code by a day, following
// successors of successors; code itself if it was there on that day.
func (r *Register) Heirs(code string, day pipeline.Day) []string {
	var heirs []string
	seen := map[string]bool{}
	todo := []string{code}
	for len(todo) > 0 {
		at := todo[0]
		todo = todo[1:]
		if seen[at] {
			continue
		}
		seen[at] = true
		u := r.On(at, day)
		switch u.Standing {
		case pipeline.Valid:
			heirs = append(heirs, at)
		case pipeline.NotThen:
			todo = append(todo, u.Agency.Successors...)
		case pipeline.Unknown, pipeline.Unlisted:
		}
	}
	slices.Sort(heirs)
	return heirs
}

// Sees reports whether the papers of unit concern whoever has the rights of code: those
// of code, of all below it, listed or not, and of what Under adds.
func (r *Register) Sees(code, unit string) bool {
	if canonical, err := pipeline.ParseUnit(code); err == nil {
		code = canonical
	}
	return pipeline.Under(unit, code) || slices.Contains(r.Under(code), unit)
}

// Under gives all codes whose papers concern whoever has the rights of code, sorted:
// code itself; all below it; those that it or any of these took over from; and what lay
// below a predecessor, if all that took over from that one are among them. A district
// that was parted among several communes lends each of them its own papers, but not
// those of the communes that it had and another one took over.
func (r *Register) Under(code string) []string {
	if canonical, err := pipeline.ParseUnit(code); err == nil {
		code = canonical
	}
	in := map[string]bool{code: true}
	opened := map[string]bool{} // those whose subordinates are in, too
	for grown := true; grown; {
		grown = false
		for at := range in {
			if !opened[at] && (pipeline.Under(at, code) || r.whole(at, in) || r.belowOpened(at, opened)) {
				opened[at], grown = true, true
				grown = include(in, r.below[at]) || grown
			}
			grown = include(in, r.before[at]) || grown
		}
	}
	all := make([]string, 0, len(in))
	for at := range in {
		all = append(all, at)
	}
	slices.Sort(all)
	return all
}

// whole reports whether all that took over from a predecessor are in.
func (r *Register) whole(code string, in map[string]bool) bool {
	some := false
	for _, a := range r.byCode[code] {
		for _, s := range a.Successors {
			if some = true; !in[s] {
				return false
			}
		}
	}
	return some
}

func (r *Register) belowOpened(code string, opened map[string]bool) bool {
	for _, a := range r.byCode[code] {
		if slices.ContainsFunc(aboves(a), func(above string) bool { return opened[above] }) {
			return true
		}
	}
	return false
}

func include(in map[string]bool, codes []string) (grown bool) {
	for _, c := range codes {
		if !in[c] {
			in[c], grown = true, true
		}
	}
	return grown
}

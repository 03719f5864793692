package morning

import (
	"cmp"
	"slices"
	"time"

	"hoso/pipeline"
)

// A night is shown in so many steps at most, of one of these lengths.
const mostSteps = 96

var lengths = [...]time.Duration{time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour} //nolint:gochecknoglobals // a table

// longestNight bounds what is shown of a shelf that takes many nights: the last one.
const longestNight = 24 * time.Hour

// leastGap is how long nothing is filed within a run before it is told.
const leastGap = 20 * time.Minute

// nightOf gives the last night of a shelf.
func nightOf(runs []RunShown, filed []filing, now time.Time) Night {
	slices.SortFunc(filed, func(a, b filing) int { return cmp.Compare(a.at, b.at) })
	from, to := bounds(runs, filed, now)
	if from.IsZero() {
		return Night{}
	}
	step := lengths[len(lengths)-1]
	for _, l := range lengths {
		if to.Sub(from) <= mostSteps*l {
			step = l
			break
		}
	}
	first := from.Truncate(step)
	n := Night{From: from, To: to, Minutes: int(step.Minutes())}
	n.Steps = make([]Step, int(to.Sub(first)/step)+1)
	for i := range n.Steps {
		n.Steps[i].At = first.Add(time.Duration(i) * step)
	}
	for _, f := range within(filed, from, to) {
		s := &n.Steps[int(time.Unix(f.at, 0).Sub(first)/step)]
		s.Papers++
		s.Pages += int(f.pages)
		n.Papers++
		n.Pages += int64(f.pages)
	}
	spans := working(runs, filed, from, to)
	for _, s := range spans {
		n.Hours += s.To.Sub(s.From).Hours()
	}
	if n.Hours > 0 {
		n.PerHour = float64(n.Pages) / n.Hours
	}
	n.Gaps = gaps(runs, filed, from, to)
	for _, g := range n.Gaps {
		n.LongestM = max(n.LongestM, int(g.To.Sub(g.From).Minutes()))
	}
	return n
}

// bounds gives when the last night began and ended.
func bounds(runs []RunShown, filed []filing, now time.Time) (from, to time.Time) {
	for _, r := range runs {
		to = later(to, r.last(now))
	}
	if n := len(filed); n > 0 {
		to = later(to, time.Unix(filed[n-1].at, 0))
	}
	if to.IsZero() {
		return from, to
	}
	earliest := to.Add(-longestNight)
	take := func(t time.Time) {
		if !t.Before(earliest) && (from.IsZero() || t.Before(from)) {
			from = t
		}
	}
	for _, r := range runs {
		take(r.Began)
		if r.Began.Before(earliest) && r.last(now).After(earliest) {
			take(earliest)
		}
	}
	if i, _ := slices.BinarySearchFunc(filed, earliest.Unix()+1, func(f filing, at int64) int { return cmp.Compare(f.at, at) }); i < len(filed) {
		take(time.Unix(filed[i].at, 0))
	}
	return from.UTC(), to.UTC()
}

// Alive reports whether the run has neither ended nor been given up.
func (r RunShown) Alive() bool { return r.Ended.IsZero() && r.How == "" }

// stillWarm is how long after its last sign a run counts as going on.
const stillWarm = 10 * time.Minute

// last is when a run gave its last sign of life.
func (r RunShown) last(now time.Time) time.Time {
	switch {
	case !r.Ended.IsZero() && r.How != pipeline.RunLost:
		return r.Ended
	case r.Alive() && now.Sub(r.Beat) < stillWarm:
		return now
	}
	return later(r.Began, r.Beat)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// within gives what was filed in a time; filed is in order.
func within(filed []filing, from, to time.Time) []filing {
	search := func(at int64) int {
		i, _ := slices.BinarySearchFunc(filed, at, func(f filing, at int64) int { return cmp.Compare(f.at, at) })
		return i
	}
	return filed[search(from.Unix()):search(to.Unix()+1)]
}

// working gives the times in which runs were going or papers were filed, overlapping
// ones as one.
func working(runs []RunShown, filed []filing, from, to time.Time) []Span {
	var all []Span
	for _, r := range runs {
		if s := (Span{later(r.Began, from), r.last(to)}); s.To.After(s.From) {
			all = append(all, s)
		}
	}
	for _, f := range within(filed, from, to) {
		at := time.Unix(f.at, 0).UTC()
		all = append(all, Span{at, at.Add(time.Minute)})
	}
	slices.SortFunc(all, func(a, b Span) int { return a.From.Compare(b.From) })
	var out []Span
	for _, s := range all {
		if n := len(out); n > 0 && s.From.Sub(out[n-1].To) < leastGap/2 {
			out[n-1].To = later(out[n-1].To, s.To)
			continue
		}
		out = append(out, s)
	}
	return out
}

// gaps gives the times within runs in which nothing was filed for long.
func gaps(runs []RunShown, filed []filing, from, to time.Time) []Span {
	var out []Span
	for _, r := range runs {
		began, ended := later(r.Began, from), r.last(to)
		at := began
		look := func(next time.Time) {
			if next.Sub(at) >= leastGap {
				out = append(out, Span{at, next})
			}
			at = next
		}
		for _, f := range within(filed, began, ended) {
			look(time.Unix(f.at, 0).UTC())
		}
		look(ended)
	}
	return out
}

// creditRuns tells of each run what was filed from its beginning to the next one's.
func creditRuns(runs []RunShown, filed []filing) {
	for i := range runs {
		to := time.Unix(1<<40, 0)
		if i+1 < len(runs) {
			to = runs[i+1].Began.Add(-time.Second)
		}
		for _, f := range within(filed, runs[i].Began, to) {
			runs[i].Papers++
			runs[i].Pages += int64(f.pages)
		}
	}
}

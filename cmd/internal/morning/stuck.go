package morning

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"hoso/pipeline"
)

// mostCases is how many cases of a group the HTML shows, mostTexts how many different
// sentences of it are counted, mostShares among how many it is told how they are spread.
const (
	mostCases  = 20
	fewCases   = 6
	mostTexts  = 1000
	mostShares = 60
)

// The names of what is stuck, keys of Report.Stuck.
const (
	Held      = "held"     // files that a person must see to where they lie
	Refused   = "refused"  // files that were not received
	Rejected  = "rejected" // papers
	Asked     = "asked"    // papers that wait for a person, by each thing that is asked
	ToSign    = "to-sign"  // papers that wait for a signature
	Failed    = "failed"   // papers that are tried again
	AwaitFile = "waiting"  // files that are tried again by themselves
	Remarks   = "remarks"  // of files that nothing stopped
	Gone      = "gone"     // files that were there and never received
)

// groups are cases by their reason.
type groups struct {
	by  map[string]*Group
	all int64
}

func (g *gathering) put(name string, why pipeline.Reason, c Case) {
	all := g.groups[name]
	if all == nil {
		all = &groups{by: map[string]*Group{}}
		g.groups[name] = all
	}
	all.all++
	one := all.by[why.Code]
	if one == nil {
		one = &Group{Code: why.Code, Say: why.Vietnamese}
		all.by[why.Code] = one
	}
	one.Count++
	if one.texts == nil {
		one.texts = map[string]int64{}
	}
	if _, known := one.texts[why.Vietnamese]; known || len(one.texts) < mostTexts {
		one.texts[why.Vietnamese]++
	}
	if len(one.first) < mostCases {
		c.Page, c.Say = why.Page, why.Vietnamese
		one.first = append(one.first, c)
	}
	one.common.add(why.Vietnamese)
}

// shares counts the cases by what is their own in the sentence; nil where that says no more
// than the list of the cases: most have one of their own, or there are too many.
func (g *Group) shares() []Share {
	counted := int64(0)
	by := map[string]int64{}
	for text, n := range g.texts {
		by[g.common.own(text)] += n
		counted += n
	}
	if len(by) < 2 || len(by) > mostShares || counted < g.Count || g.Count < 2*int64(len(by)) {
		return nil
	}
	all := make([]Share, 0, len(by))
	for own, n := range by {
		all = append(all, Share{own, n})
	}
	slices.SortFunc(all, func(a, b Share) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Say, b.Say)) })
	return all
}

// ordered gives the groups, the largest first.
func (g *groups) ordered() []Group {
	out := make([]Group, 0, len(g.by))
	for _, one := range g.by {
		one.Say = one.common.say()
		if one.By = one.shares(); one.By != nil && one.Left() > 0 {
			one.first = one.first[:fewCases] // how they are spread says more than a part of a list
		}
		for i := range one.first {
			one.first[i].Say = one.common.own(one.first[i].Say)
		}
		out = append(out, *one)
	}
	slices.SortFunc(out, func(a, b Group) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code)) })
	return out
}

// stuck takes in a file that did not become a paper, or of which something is remarked.
func (g *gathering) stuck(f pipeline.ShelfFile) {
	c := Case{Path: f.Path, Paper: f.Paper}
	switch f.State {
	case pipeline.FileHeld:
		g.put(Held, f.Reason, c)
	case pipeline.FileRefused:
		g.put(Refused, f.Reason, c)
	case pipeline.FileWaiting:
		g.put(AwaitFile, f.Reason, c)
	case pipeline.FileGone:
		g.put(Gone, pipeline.Reason{Code: "gone", Vietnamese: sayGone}, c)
	case pipeline.FileToDo, pipeline.FileIgnored, pipeline.FileReceived:
	}
	for _, remark := range f.Remarks {
		g.put(Remarks, remark, c)
	}
}

// wait takes in a paper that is not filed.
func (g *gathering) wait(p pipeline.Paper, path string) {
	c := Case{Path: path, Paper: p.ID}
	switch p.State {
	case pipeline.Confirming:
		for _, q := range p.Questions() {
			g.put(Asked, q, c)
		}
		if len(p.Questions()) == 0 {
			g.put(Asked, pipeline.Reason{Code: "confirm", Vietnamese: sayConfirm}, c)
		}
	case pipeline.Signing:
		g.put(ToSign, pipeline.Reason{Code: "sign", Vietnamese: saySign}, c)
	case pipeline.Rejected:
		if p.Into == "" { // its pages are in another paper
			g.put(Rejected, p.Reason, c)
		}
	case pipeline.Failed:
		c.RetryAt = p.RetryAt
		g.put(Failed, p.Reason, c)
	case pipeline.Received, pipeline.Recognized, pipeline.Composed, pipeline.SignedOff, pipeline.Filed:
	}
}

// lookAlike looks for papers that look like others, for as long as there is time.
func (g *gathering) lookAlike(ctx context.Context) {
	r := g.r
	if g.Known == nil || ctx.Err() != nil {
		return
	}
	within, stop := context.WithTimeout(ctx, cmp.Or(r.scope.Looking, 20*time.Second))
	defer stop()
	told := map[[2]pipeline.PaperID]bool{}
	for _, id := range slices.Sorted(maps.Keys(r.places)) {
		at := r.places[id]
		if !at.seen {
			continue
		}
		found, err := g.Known.Alike(within, id)
		if within.Err() != nil {
			r.Unlike++
			continue
		}
		if err != nil {
			continue // a paper of another unit, or gone meanwhile; the balance tells of those
		}
		for _, other := range found.Alike {
			pair := [2]pipeline.PaperID{min(id, other.Paper.ID), max(id, other.Paper.ID)}
			if told[pair] || !r.scope.sees(other.Paper) {
				continue
			}
			told[pair] = true
			name := other.Paper.FileName
			if there := r.places[other.Paper.ID]; there != nil {
				name = there.path
			}
			r.alike = append(r.alike, Pair{Paper: id, Path: at.path, Like: other.Paper.ID, Other: name, Kind: other.Kind, Score: other.Score})
		}
	}
	slices.SortFunc(r.alike, func(a, b Pair) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Path, b.Path)) })
}

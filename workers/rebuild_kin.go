package workers

import (
	"context"
	"slices"

	"hoso/pipeline"
)

// kin is what a rebuild knows of papers that were parted or merged. What was decided is
// written into the notes of all papers concerned before it counts, and it counts once the
// paper that others were parted from, or went into, says so: a note that none of them
// speaks of is left from a decision that was cut off.
type kin struct {
	parts  map[pipeline.PaperID]bool             // named by the papers that they were parted from
	merged map[pipeline.PaperID]pipeline.PaperID // by papers that went into others, as these say
	into   map[pipeline.PaperID]pipeline.PaperID // likewise, as they say themselves
	leaves map[pipeline.PaperID][]pipeline.Leaf  // of parts
}

func newKin() kin {
	return kin{
		parts: map[pipeline.PaperID]bool{}, merged: map[pipeline.PaperID]pipeline.PaperID{},
		into: map[pipeline.PaperID]pipeline.PaperID{}, leaves: map[pipeline.PaperID][]pipeline.Leaf{},
	}
}

// ofKin reports whether it depends on other papers whether the note of p counts.
func ofKin(p pipeline.Paper) bool { return p.Parted != "" || p.Into != "" || len(p.Merged) > 0 }

// add takes note of a paper that counts.
func (k kin) add(p pipeline.Paper) {
	k.hear(p)
	for _, id := range p.Parts {
		k.parts[id] = true
	}
	for _, id := range p.Merged {
		k.merged[id] = p.ID
	}
}

// hear takes note of what a paper says of itself.
func (k kin) hear(p pipeline.Paper) {
	if p.Into != "" {
		k.into[p.ID] = p.Into
	}
	if p.Parted != "" {
		k.leaves[p.ID] = p.Leaves
	}
}

// related restores papers from notes that depend on other papers.
func (r *rebuild) related(ctx context.Context, notes []pipeline.Paper) error {
	for _, p := range notes {
		r.kin.hear(p)
	}
	for len(notes) > 0 {
		var left []pipeline.Paper
		for _, p := range notes {
			if p.Parted != "" && !r.kin.parts[p.ID] {
				left = append(left, p) // until the paper that names it is restored
				continue
			}
			if err := r.relative(ctx, p, notes); err != nil {
				return err
			}
		}
		if len(left) == len(notes) {
			break
		}
		notes = left
	}
	r.count.Doubles += len(notes)
	return nil
}

// relative restores a paper that was parted, or is merged with others.
func (r *rebuild) relative(ctx context.Context, p pipeline.Paper, notes []pipeline.Paper) error {
	p, counts := r.kin.agreed(p)
	if !counts {
		r.count.Doubles++
		return nil
	}
	if p.Into != "" && !r.kin.takes(p.Into, p.ID, notes) {
		p.Into = ""
	}
	if p.Into != "" {
		p.State, p.Reason = pipeline.Rejected, mergedInto(p.Into)
	}
	return r.enter(ctx, p)
}

// agreed gives p with those merged papers only that agree. What was made of others alone
// counts if all do.
func (k kin) agreed(p pipeline.Paper) (pipeline.Paper, bool) {
	agrees := func(id pipeline.PaperID) bool { return k.into[id] == p.ID }
	if len(p.Merged) == 0 || !slices.ContainsFunc(p.Merged, func(id pipeline.PaperID) bool { return !agrees(id) }) {
		return p, true
	}
	if p.ID == pipeline.MergedID(p.Merged) {
		return p, false
	}
	var merged []pipeline.PaperID
	for _, id := range p.Merged {
		if agrees(id) {
			merged = append(merged, id)
			continue
		}
		p.Leaves = slices.DeleteFunc(slices.Clone(p.Leaves), func(l pipeline.Leaf) bool {
			return slices.ContainsFunc(k.leaves[id], func(taken pipeline.Leaf) bool { return taken.Page == l.Page })
		})
	}
	p.Merged = merged
	return p, true
}

// takes reports whether a paper that counts, or will, says that it took in another one.
func (k kin) takes(keeper, id pipeline.PaperID, notes []pipeline.Paper) bool {
	if k.merged[id] == keeper {
		return true
	}
	at := slices.IndexFunc(notes, func(p pipeline.Paper) bool { return p.ID == keeper && slices.Contains(p.Merged, id) })
	if at < 0 {
		return false
	}
	_, counts := k.agreed(notes[at])
	return counts
}

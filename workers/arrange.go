package workers

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"hoso/pipeline"
)

// Arrange gives a paper these pages of its original, in this order and turned so, as the
// person saw it in generation gen: ErrStale if it has changed since. The paper is read
// again where that is not known yet; of a filed one a new version of the record is made, as
// for corrected words. Leaves that are none of the original's are a Refusal, and so is any
// change of a file that came signed, or that an officer has in hand.
func (o *Office) Arrange(ctx context.Context, id pipeline.PaperID, gen int64, leaves []pipeline.Leaf, actor string) (pipeline.Paper, error) {
	p, err := o.loose(ctx, id, gen)
	if err != nil {
		return pipeline.Paper{}, err
	}
	if err := pipeline.CheckLeaves(leaves, p.Sheets()); err != nil {
		return pipeline.Paper{}, pipeline.Refuse(leavesWrong(err, p.Sheets()), err)
	}
	if slices.Equal(leaves, p.AllLeaves()) && p.Collate == "" {
		return p, nil
	}
	told := map[string]string{"before": spell(p.AllLeaves()), "after": spell(leaves)}
	return o.settle(ctx, p, pipeline.Move{
		Paper: inLeaves(p, slices.Clone(leaves)), Event: pipeline.Event{What: "pages arranged", Actor: actor, Detail: detail(told)},
	})
}

// Split cuts a paper before these of its pages, which count from 1 in the paper. It keeps
// its name and its first pages; the others become papers of their own, which are given
// beside it in their order. The errors are those of Arrange.
func (o *Office) Split(ctx context.Context, id pipeline.PaperID, gen int64, before []int, actor string) (pipeline.Paper, []pipeline.Paper, error) {
	p, err := o.loose(ctx, id, gen)
	if err != nil {
		return pipeline.Paper{}, nil, err
	}
	pieces, err := cut(p.AllLeaves(), before)
	if err != nil {
		return pipeline.Paper{}, nil, err
	}
	next := withoutFound(p, inLeaves(p, pieces[0]))
	told := parting{Pages: spell(pieces[0])}
	m := pipeline.Move{Event: pipeline.Event{What: "split", Actor: actor}}
	for _, leaves := range pieces[1:] {
		one := partOf(p, leaves)
		one.Updated = o.Now()
		next.Parts = append(next.Parts, one.ID)
		m.Born = append(m.Born, birthOf(p, one, actor))
		told.Parts = append(told.Parts, partTold{one.ID, spell(leaves)})
	}
	m.Paper, m.Event.Detail = next, detail(told)
	moved, err := o.settle(ctx, p, m)
	if err != nil {
		return pipeline.Paper{}, nil, err
	}
	parts := make([]pipeline.Paper, 0, len(m.Born))
	for _, b := range m.Born {
		one, err := o.Papers.Paper(ctx, b.Paper.ID)
		if err != nil {
			return moved, nil, err
		}
		parts = append(parts, one)
	}
	return moved, parts, nil
}

// cut gives leaves in pieces, a new one beginning at each of the places.
func cut(leaves []pipeline.Leaf, before []int) ([][]pipeline.Leaf, error) {
	places := slices.Compact(slices.Sorted(slices.Values(before)))
	if len(places) == 0 || places[0] < 2 || places[len(places)-1] > len(leaves) {
		return nil, pipeline.Refuse(cutWrong(len(leaves)), nil)
	}
	var pieces [][]pipeline.Leaf
	from := 0
	for _, at := range append(places, len(leaves)+1) {
		pieces = append(pieces, slices.Clone(leaves[from:at-1]))
		from = at - 1
	}
	return pieces, nil
}

// withoutFound forgets a number that was found on pages of p, which may not be those of
// next; a paper with a published record keeps it.
func withoutFound(p, next pipeline.Paper) pipeline.Paper {
	if !numberGivenTo(p) && len(next.Former) == 0 {
		next.Dossier = pipeline.DossierNumber{}
	}
	return next
}

// loose gives a paper whose pages people may choose now: it is as it was seen, it was read
// once, it did not come signed, and no officer is about to sign it or has just done so.
func (o *Office) loose(ctx context.Context, id pipeline.PaperID, gen int64) (pipeline.Paper, error) {
	p, err := o.seen(ctx, id, gen)
	switch {
	case err != nil:
		return pipeline.Paper{}, err
	case p.Signed:
		return pipeline.Paper{}, pipeline.Refuse(signedWhole(), nil)
	case p.Sheets() == 0:
		return pipeline.Paper{}, pipeline.Refuse(unreadStill(), nil)
	}
	if err := o.unsigned(ctx, p); err != nil {
		return pipeline.Paper{}, err
	}
	return p, nil
}

// unsigned refuses a paper that an officer is about to sign, or has signed where its record
// is not published yet. What was published stays as a former record.
func (o *Office) unsigned(ctx context.Context, p pipeline.Paper) error {
	if p.State == pipeline.Filed || p.Composed.IsZero() {
		return nil
	}
	_, err := deskNote(ctx, o.Objects, p.Composed)
	if err == nil {
		return pipeline.Refuse(officerSigned(), nil)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("looking for an officer's signature: %w", err)
	}
	if o.Asked == nil {
		return nil
	}
	r, err := o.Asked(ctx, p.ID)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case r.Gen == p.Gen && r.Until.After(o.Now()):
		return pipeline.Refuse(beingSigned(r), nil)
	}
	return nil
}

// adoptOthers completes a move that was adopted from the manifest of an earlier try, cut
// off before its commit: the papers that began and ended with it are in the bucket.
func adoptOthers(ctx context.Context, d deps, m pipeline.Move) (pipeline.Move, error) {
	m.Born, m.With = nil, nil
	for _, id := range m.Paper.Parts {
		_, err := d.papers.Paper(ctx, id)
		if err == nil {
			continue
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return m, err
		}
		note, err := load[pipeline.Note](ctx, d.objects, pipeline.NoteKey(id), "reading a note")
		if err != nil {
			return m, err
		}
		m.Born = append(m.Born, birthOf(m.Paper, note.Paper, m.Event.Actor))
	}
	for _, id := range m.Paper.Merged {
		p, err := d.papers.Paper(ctx, id)
		if err != nil {
			return m, err
		}
		if p.State != pipeline.Rejected {
			m.With = append(m.With, ended(p, m.Paper.ID, m.Event))
		}
	}
	return m, nil
}

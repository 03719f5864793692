package workers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"hoso/pipeline"
)

// Merge makes one paper of several, in this order, as a person saw them: a StalePaper if one
// of them has changed since, which names it. Papers of one original give their pages
// to the one that came first or, if it is not among them, to the first; of several
// originals a bundle is made, which is a new paper. The others end as Rejected, which says
// into which paper they went. None of those that end may have a published record. The
// errors are those of Arrange.
func (o *Office) Merge(ctx context.Context, seen []pipeline.Seen, actor string) (pipeline.Paper, error) {
	papers, err := o.mergeable(ctx, seen)
	if err != nil {
		return pipeline.Paper{}, err
	}
	if slices.ContainsFunc(papers, func(p pipeline.Paper) bool { return p.Original != papers[0].Original }) {
		return o.bundle(ctx, papers, actor)
	}
	return o.rejoin(ctx, papers, actor)
}

// mostMerged bounds how many papers are merged at once.
const mostMerged = 200

func (o *Office) mergeable(ctx context.Context, seen []pipeline.Seen) ([]pipeline.Paper, error) {
	different := map[pipeline.PaperID]bool{}
	for _, s := range seen {
		different[s.ID] = true
	}
	if len(seen) < 2 || len(seen) > mostMerged || len(different) != len(seen) {
		return nil, mergeWrong(fmt.Sprintf("want 2 to %d different papers", mostMerged), fmt.Sprintf("Hãy chọn từ 2 đến %d giấy tờ khác nhau để ghép.", mostMerged))
	}
	papers := make([]pipeline.Paper, 0, len(seen))
	for _, s := range seen {
		p, err := o.loose(ctx, s.ID, s.Gen)
		if err != nil {
			return nil, pipeline.StaleOf(s.ID, err)
		}
		papers = append(papers, p)
	}
	return papers, nil
}

// rejoin gives the pages of several papers of one original to one of them.
func (o *Office) rejoin(ctx context.Context, papers []pipeline.Paper, actor string) (pipeline.Paper, error) {
	at := max(0, slices.IndexFunc(papers, func(p pipeline.Paper) bool { return p.Parted == "" }))
	var all []pipeline.Leaf
	for _, p := range papers {
		all = append(all, p.AllLeaves()...)
	}
	keeper := papers[at]
	if err := pipeline.CheckLeaves(all, keeper.Sheets()); err != nil {
		return pipeline.Paper{}, mergeWrong(err.Error(), "Các giấy tờ này có trang trùng nhau nên không ghép được.")
	}
	others := slices.Delete(slices.Clone(papers), at, at+1)
	if err := unpublished(others); err != nil {
		return pipeline.Paper{}, err
	}
	next := inLeaves(keeper, all)
	next.Merged = slices.Clip(keeper.Merged)
	for _, p := range others {
		next.Merged = append(next.Merged, p.ID)
		next.Corrections = append(next.Corrections, pipeline.Remapped(p.Corrections, p.Leaves, all)...)
	}
	m := pipeline.Move{Paper: next, Event: o.mergeEvent(papers, actor)}
	var moved pipeline.Paper
	err := o.ending(ctx, others, next.ID, m, func(m pipeline.Move) (err error) {
		moved, err = o.settle(ctx, keeper, m)
		return pipeline.StaleOf(keeper.ID, err)
	})
	return moved, err
}

// mergeEvent tells in which order which pages went together.
func (o *Office) mergeEvent(papers []pipeline.Paper, actor string) pipeline.Event {
	told := make([]partTold, 0, len(papers))
	for _, p := range papers {
		told = append(told, partTold{p.ID, spell(p.AllLeaves())})
	}
	return pipeline.Event{What: "merged", Actor: actor, Time: o.Now(), Detail: detail(map[string]any{"of": told})}
}

// ending keeps the papers that end with m, and has m made with their ends.
func (o *Office) ending(ctx context.Context, others []pipeline.Paper, into pipeline.PaperID, m pipeline.Move, do func(pipeline.Move) error) error {
	if len(others) == 0 {
		return do(m)
	}
	p := others[0]
	return pipeline.StaleOf(p.ID, o.held(ctx, p, m.Event.Actor, func(owner string) error {
		end := ended(p, into, m.Event)
		end.Owner = owner
		m.With = append(slices.Clip(m.With), end)
		err := o.ending(ctx, others[1:], into, m, do)
		if err == nil {
			o.unsign(ctx, p)
		}
		return err
	}))
}

// unpublished refuses papers that have a record: it cannot be taken back.
func unpublished(papers []pipeline.Paper) error {
	for _, p := range papers {
		if _, published := p.Current(); published {
			return mergeWrong("paper "+string(p.ID)+" has a published record", "Giấy tờ "+string(p.ID)+" đã lưu kho nên không thể nhập vào giấy tờ khác.")
		}
	}
	return nil
}

// ended is the move that ends a paper whose pages another one takes in.
func ended(p pipeline.Paper, into pipeline.PaperID, e pipeline.Event) pipeline.Move {
	why := mergedInto(into)
	m := pipeline.Move{Paper: p, Event: pipeline.Event{
		Paper: p.ID, Time: e.Time, Actor: e.Actor, What: "merged", From: p.State, To: pipeline.Rejected, Reason: why,
		Detail: detail(map[string]pipeline.PaperID{"into": into}),
	}}
	m.Paper = begun(p)
	m.Paper.State, m.Paper.Reason, m.Paper.Into = pipeline.Rejected, why, into
	return m
}

// endMerged publishes the ends of the papers that p took in, before anything is made of
// their pages: the catalog knows of them since p does.
func (s *Steps) endMerged(ctx context.Context, p pipeline.Paper) error {
	for _, id := range p.Merged {
		q, err := s.Papers.Paper(ctx, id)
		if errors.Is(err, fs.ErrNotExist) || err == nil && (q.State != pipeline.Rejected || q.Into != p.ID) {
			continue
		}
		if err != nil {
			return fmt.Errorf("looking for a merged paper: %w", err)
		}
		history, err := s.Papers.Events(ctx, id)
		if err != nil {
			return fmt.Errorf("collecting the history: %w", err)
		}
		q.Manifest = 1
		body, err := json.MarshalIndent(pipeline.Manifest{
			Schema: pipeline.ManifestSchema, Version: 1, Paper: q, History: history, Written: s.Now(), Program: s.Program,
			Source: pipeline.Stored{Digest: q.Original, Size: q.Size, Media: q.Media},
		}, "", " ")
		if err != nil {
			return fmt.Errorf("writing a manifest: %w", err)
		}
		if err := s.Objects.PutOnce(ctx, pipeline.ManifestKey(id, 1), body); err != nil && !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("publishing: %w", err)
		}
	}
	return nil
}

// bundle makes a new paper of papers of several originals.
func (o *Office) bundle(ctx context.Context, papers []pipeline.Paper, actor string) (pipeline.Paper, error) {
	if err := unpublished(papers); err != nil {
		return pipeline.Paper{}, err
	}
	file, err := os.CreateTemp(o.Spool, "merging-*")
	if err != nil {
		return pipeline.Paper{}, spoolError(err)
	}
	defer os.Remove(file.Name()) //nolint:errcheck // a leftover is cleared at the next start
	defer file.Close()           //nolint:errcheck // durable is what object storage holds, not this
	first, err := o.bundleInto(ctx, file, papers)
	if err != nil {
		return pipeline.Paper{}, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return pipeline.Paper{}, spoolError(err)
	}
	digest, size, err := pipeline.SumReader(file)
	if err != nil {
		return pipeline.Paper{}, spoolError(err)
	}
	if limit := o.limit(); size > limit {
		return pipeline.Paper{}, tooBig(limit)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return pipeline.Paper{}, spoolError(err)
	}
	if err := o.store(ctx, digest, size, file); err != nil {
		return pipeline.Paper{}, err
	}
	return o.merged(ctx, papers, first, pipeline.Stored{Digest: digest, Size: size}, actor)
}

// merged enters the paper that a bundle is of, and ends those that it was made of. Pages
// are counted in the bundle from behind before[i] for the original of papers[i].
func (o *Office) merged(ctx context.Context, papers []pipeline.Paper, before []int, bundled pipeline.Stored, actor string) (pipeline.Paper, error) {
	one, err := bundledPaper(papers, before)
	if err != nil {
		return pipeline.Paper{}, err
	}
	one.Original, one.Size, one.Received, one.Updated = bundled.Digest, bundled.Size, o.Now(), o.Now()
	e := o.mergeEvent(papers, actor)
	born := pipeline.Birth{Paper: one, Event: e}
	born.Event.Paper, born.Event.To = one.ID, pipeline.Received
	err = o.ending(ctx, papers, one.ID, pipeline.Move{Event: e, Born: []pipeline.Birth{born}}, func(m pipeline.Move) error {
		if err := noteOthers(ctx, o.Papers, o.Objects, m); err != nil {
			return err
		}
		all := m.With[0]
		all.Born, all.With = m.Born, m.With[1:]
		_, err := o.Papers.Commit(ctx, all)
		return err
	})
	if err != nil {
		return pipeline.Paper{}, err
	}
	if o.Kick != nil {
		o.Kick()
	}
	return o.Papers.Paper(ctx, one.ID)
}

// bundledPaper is the paper that papers become: it has what people said of the first, and
// all of their pages.
func bundledPaper(papers []pipeline.Paper, before []int) (pipeline.Paper, error) {
	first := papers[0]
	ids := make([]pipeline.PaperID, 0, len(papers))
	one := pipeline.Paper{
		Kind: first.Kind, Unit: first.Unit, FileName: first.FileName, Lane: first.Lane, Sender: first.Sender, Batch: first.Batch,
		State: pipeline.Received, Gen: 1, Fields: said(first.Fields),
	}
	if numberGivenTo(first) {
		one.Dossier, one.OnSheet = first.Dossier, first.OnSheet
	}
	for i, p := range papers {
		ids = append(ids, p.ID)
		one.Of = max(one.Of, before[i]+p.Sheets())
		for _, l := range p.AllLeaves() {
			l.Page += before[i]
			one.Leaves = append(one.Leaves, l)
		}
	}
	if err := pipeline.CheckLeaves(one.Leaves, one.Of); err != nil {
		return one, mergeWrong(err.Error(), "Các giấy tờ này có trang trùng nhau nên không ghép được.")
	}
	for i, p := range papers {
		own := p.AllLeaves()
		for j := range own {
			own[j].Page += before[i]
		}
		one.Corrections = append(one.Corrections, pipeline.Remapped(p.Corrections, own, one.Leaves)...)
	}
	one.ID, one.Merged = pipeline.MergedID(ids), ids
	return one, nil
}

package workers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/compose"
	"hoso/workers/document"
)

// compose is the step from Recognized: the PDF/A is built on the local disk and its
// digest goes into the catalog. It is not stored, since it can be built again to the
// byte; what is stored is its signed form, but for a paper that waits for an officer. A
// file that came signed is not touched, if the policy takes it: it is its own record, or
// stands whole in one that is composed of its pages.
func (s *Steps) compose(ctx context.Context, p pipeline.Paper) (pipeline.Move, error) {
	if p.Revise {
		return s.revise(ctx, p)
	}
	if p.Signed {
		why, err := s.arrivalDoubtedStill(ctx, p)
		if err != nil {
			return pipeline.Move{}, err
		}
		if !why.IsZero() {
			return pipeline.Move{Paper: asking(p, []pipeline.Reason{why}), Event: pipeline.Event{What: "given to a person", Reason: why}}, nil
		}
		if p.Wraps = s.wrapped(p); p.Wraps.IsZero() {
			p.Record, p.RecSize, p.State = p.Original, p.Size, pipeline.SignedOff
			return pipeline.Move{Paper: p, Event: pipeline.Event{What: "kept as signed on arrival"}}, nil
		}
	}
	composed, err := s.composed(ctx, p)
	if err != nil {
		return pipeline.Move{}, err
	}
	p.Composed, p.State = composed.Digest, pipeline.Composed
	m := pipeline.Move{Paper: p, Event: pipeline.Event{What: "composed"}}
	if s.signers(p)[0] == pipeline.ByOfficer {
		return s.ask(ctx, m, officerSigns())
	}
	return m, nil
}

// composed puts the PDF/A of p into its work folder.
func (s *Steps) composed(ctx context.Context, p pipeline.Paper) (pipeline.Stored, error) {
	reading, err := s.reading(ctx, p)
	if err != nil {
		return pipeline.Stored{}, err
	}
	if err := s.pages(ctx, reading.Folder, p); err != nil {
		return pipeline.Stored{}, err
	}
	part := document.Part{Reading: reading, Pages: p.Pages}
	stored, err := document.Compose(ctx, reading.Folder.Composed(), s.meta(p), part)
	return stored, diskTrouble(err)
}

// pages makes sure that what was read of p lies in its work folder. The file with all
// words, written after the last page, tells whether it does: pages without it may be
// left from a reading that was cut off or came to nothing.
func (s *Steps) pages(ctx context.Context, folder document.Folder, p pipeline.Paper) error {
	have, err := document.Describe(folder.WordsFile(), document.WordsMedia)
	if err == nil && have.Digest == p.Words {
		return nil
	}
	fresh := folder.WordsFile() + ".new"
	if err := fetch(ctx, s.Objects, p.Words, fresh); err != nil {
		return fmt.Errorf("fetching the words: %w", err)
	}
	words, err := os.Open(fresh) //nolint:gosec // a path of our own folder
	if err != nil {
		return fmt.Errorf("opening the words: %w", err)
	}
	defer words.Close() //nolint:errcheck // only read from
	if _, err := folder.RestorePages(words); err != nil {
		return err
	}
	return os.Rename(fresh, folder.WordsFile())
}

// meta says of the PDF/A what does not change from one try to the next.
func (s *Steps) meta(p pipeline.Paper) compose.Meta {
	title := p.Dossier.String()
	for _, f := range p.Fields {
		if f.Name == pipeline.FieldTitle {
			title = f.Value + " – " + title
		}
	}
	m := compose.Meta{Title: title, ID: string(p.ID), Created: p.Received, Lang: "vi", Producer: "hoso"}
	if !p.Wraps.IsZero() {
		m.Attached = compose.Attachment{Name: p.FileName, Digest: p.Wraps, Size: p.Size, Received: p.Received}
	}
	return m
}

// file is the step from SignedOff: the final bytes, as object storage gives them,
// pass the gate; then the manifest is written, and with it the record is published.
func (s *Steps) file(ctx context.Context, p pipeline.Paper) (pipeline.Move, error) {
	folder, err := document.Create(s.Scratch, folderOfPaper(p))
	if err != nil {
		return pipeline.Move{}, diskTrouble(err)
	}
	if err := fetch(ctx, s.Objects, p.Record, folder.Signed()); err != nil {
		return pipeline.Move{}, err
	}
	if err := s.pages(ctx, folder, p); err != nil {
		return pipeline.Move{}, err
	}
	images, err := folder.Images(p.Pages)
	if err != nil {
		return pipeline.Move{}, err
	}
	if !p.AsItCame() {
		claim := document.Claim{Images: images, Trust: s.Trust, Signed: true, Wraps: p.Wraps}
		if err := document.Check(ctx, folder.Signed(), claim); err != nil {
			return pipeline.Move{}, err
		}
	}
	return s.publish(ctx, p, images)
}

func (s *Steps) publish(ctx context.Context, p pipeline.Paper, images []pipeline.Digest) (pipeline.Move, error) {
	now := s.Now()
	if s.Coding != nil {
		var err error
		if p, err = s.Coding.Give(ctx, p); err != nil {
			return pipeline.Move{}, err
		}
	}
	m := pipeline.Move{Paper: p, Event: pipeline.Event{
		Paper: p.ID, Time: now, Actor: byItself, What: "filed", From: p.State, To: pipeline.Filed,
	}}
	m.Paper.State, m.Paper.Tries, m.Paper.FiledAt = pipeline.Filed, 0, now
	m.Paper.Reason, m.Paper.Asked, m.Paper.RetryAt = pipeline.Reason{}, nil, time.Time{}
	if last := len(p.Former) - 1; last >= 0 {
		m.Event.What = "filed anew"
		if p.Former[last].Record == p.Record { // the same file again is no new version
			m.Paper.FiledAt, m.Paper.Former = p.Former[last].Filed, p.Former[:last:last]
		}
	}
	d := deps{s.Papers, s.Objects, s.Now}
	written, err := publish(ctx, d, m, pipeline.Manifest{
		Schema: pipeline.ManifestSchema, Written: now, Program: s.Program,
		Record: pipeline.Stored{Digest: p.Record, Size: p.RecSize, Media: document.PDFMedia},
		Source: pipeline.Stored{Digest: p.Original, Size: p.Size, Media: p.Media},
		Words:  pipeline.Stored{Digest: p.Words, Media: document.WordsMedia},
		Signed: p.Sealed, Pages: images,
	})
	if err != nil {
		return pipeline.Move{}, err
	}
	return adopt(ctx, d, m, written)
}

// tidy removes what only the way here needed, as soon as hoso itself has nothing more
// to do on p: people may keep it waiting for days. What it leaves behind costs space
// and nothing else.
func (s *Steps) tidy(ctx context.Context, p pipeline.Paper) {
	if p.State.Open() {
		return
	}
	err := document.Discard(s.Scratch, string(p.ID))
	s.clearAtHand(time.Now().Add(-atHandLong))
	if !p.State.Waiting() {
		err = errors.Join(err, s.dropPages(ctx, p))
	}
	if len(p.Sealed.By) > 0 && p.State == pipeline.Filed {
		err = errors.Join(err, dropComposed(ctx, s.Objects, p))
	}
	if err != nil {
		s.Log.LogAttrs(ctx, slog.LevelWarn, "leftovers stay", slog.String("paper", string(p.ID)), slog.String("error", err.Error()))
	}
}

// dropPages deletes what is kept of the pages of p's original, unless other papers of it
// are still in work: those read them there.
func (s *Steps) dropPages(ctx context.Context, p pipeline.Paper) error {
	if s.InWork != nil {
		if needed, err := s.InWork(ctx, p.Original); err != nil || needed {
			return err
		}
	}
	s.letGoAtHand(p.Original)
	return dropCheckpoints(ctx, s.Objects, p.Original)
}

// dropCheckpoints deletes what is kept of the pages of an original. Another paper with
// the same original, should it be in work just now, reads those pages again.
func dropCheckpoints(ctx context.Context, objects Notes, original pipeline.Digest) error {
	var keys []string
	for key, err := range objects.List(ctx, pipeline.CheckpointPrefix(original)) {
		if err != nil {
			return fmt.Errorf("listing checkpoints: %w", err)
		}
		keys = append(keys, key)
	}
	for _, key := range keys {
		if err := objects.Delete(ctx, key); err != nil {
			return fmt.Errorf("deleting a checkpoint: %w", err)
		}
	}
	return nil
}

// ClearScratch empties the folder for work that can be lost; nobody may be working.
func ClearScratch(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("clearing %s: %w", dir, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making %s: %w", dir, err)
	}
	return nil
}

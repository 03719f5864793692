package workers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"

	"hoso/pipeline"
	"hoso/pipeline/compose"
	"hoso/workers/document"
)

// Lighten makes the access copy (bản xem nhanh) of a filed paper, unless there is one.
// It is upkeep: the paper's state does not change, nobody waits for it, and made twice
// it is the same file.
func (s *Steps) Lighten(ctx context.Context, id pipeline.PaperID) (err error) {
	p, err := s.Papers.Paper(ctx, id)
	if p = p.Shelved(); errors.Is(err, fs.ErrNotExist) || err == nil && p.State != pipeline.Filed {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for a paper: %w", err)
	}
	if _, err := lightOf(ctx, s.Objects, p.Record); !errors.Is(err, fs.ErrNotExist) {
		return err // nil if it is there
	}
	name := string(p.ID) + ".light" // apart from the moves of the same paper
	defer func() { err = errors.Join(err, document.Discard(s.Scratch, name)) }()
	reading, err := s.readingIn(ctx, p, name)
	if err != nil {
		return err
	}
	reading.Lane = pipeline.Upkeep
	if err := s.pages(ctx, reading.Folder, p); err != nil {
		return err
	}
	meta := s.meta(p)
	meta.ID = "light " + meta.ID
	meta.Attached = compose.Attachment{} // the record has it
	if meta.Copy, err = s.copyOf(ctx, reading.Folder, p); err != nil {
		return diskTrouble(err)
	}
	path := reading.Folder.Composed()
	made, err := document.Lighten(ctx, path, meta, document.Part{Reading: reading, Pages: p.Pages})
	if err != nil {
		return diskTrouble(err)
	}
	if err := s.put(ctx, path, made.Stored); err != nil {
		return err
	}
	return s.nameLight(ctx, pipeline.LightNote{
		Record: p.Record, Copy: made.Stored, Words: made.Words, Patched: made.Patched, Differ: made.Differ,
	})
}

// copyOf says of which record a copy is made. The record is fetched only if its signatures
// show on it; what strangers' signatures show was drawn with its pages.
func (s *Steps) copyOf(ctx context.Context, folder document.Folder, p pipeline.Paper) (compose.CopyOf, error) {
	shows := func(by pipeline.SignedBy) bool { return by.Shown != nil && by.Shown.Page > 0 }
	if p.AsItCame() || !slices.ContainsFunc(p.Sealed.Signers(), shows) {
		return compose.CopyOf{Record: p.Record, Signed: true}, nil
	}
	if err := fetch(ctx, s.Objects, p.Record, folder.Signed()); err != nil {
		return compose.CopyOf{}, fmt.Errorf("fetching the record: %w", err)
	}
	return document.CopyOf(ctx, folder.Signed(), p.Record)
}

// nameLight publishes an access copy. One made at the same time is as good.
func (s *Steps) nameLight(ctx context.Context, n pipeline.LightNote) error {
	body, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("naming an access copy: %w", err)
	}
	if err := s.Objects.PutOnce(ctx, pipeline.LightKey(n.Record), body); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("naming an access copy: %w", err)
	}
	return nil
}

// lightOf finds the access copy of a record; fs.ErrNotExist if there is none.
func lightOf(ctx context.Context, objects Notes, record pipeline.Digest) (pipeline.LightNote, error) {
	return load[pipeline.LightNote](ctx, objects, pipeline.LightKey(record), "looking for an access copy")
}

// askLight has the access copy of a paper that was just filed made some time. Should
// the asking be lost, whoever wants to see the copy first asks again.
func (s *Steps) askLight(ctx context.Context, p pipeline.Paper) {
	if s.AskLight == nil || p.State != pipeline.Filed {
		return
	}
	if err := s.AskLight(ctx, p.ID); err != nil {
		s.Log.LogAttrs(ctx, slog.LevelWarn, "no access copy yet", slog.String("paper", string(p.ID)), slog.String("error", err.Error()))
	}
}

// ErrInWork is returned for an access copy that is not there yet, and has been asked
// for.
var ErrInWork = errors.New("the access copy is being made")

// openLight finds the access copy of a filed paper, or has it made.
func (o *Office) openLight(ctx context.Context, p pipeline.Paper) (pipeline.Stored, error) {
	if p = p.Shelved(); p.State != pipeline.Filed {
		return pipeline.Stored{}, fmt.Errorf("opening the access copy of a paper that is %s: %w", p.State, errNothing)
	}
	n, err := lightOf(ctx, o.Objects, p.Record)
	if !errors.Is(err, fs.ErrNotExist) || o.AskLight == nil {
		return n.Copy, err
	}
	if err := o.AskLight(ctx, p.ID); err != nil {
		return pipeline.Stored{}, err
	}
	return pipeline.Stored{}, ErrInWork
}

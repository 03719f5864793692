package workers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"hoso/pipeline"
)

// deps are what ending a paper needs.
type deps struct {
	papers  Papers
	objects Notes
	now     func() time.Time
}

// reject ends a paper for good: the manifest that says so first, then the catalog.
// The original stays where it is.
func reject(ctx context.Context, d deps, m pipeline.Move, reason pipeline.Reason) (pipeline.Paper, error) {
	now := d.now()
	m.Event.Paper, m.Event.Time, m.Event.From, m.Event.To = m.Paper.ID, now, m.Paper.State, pipeline.Rejected
	m.Event.Reason = reason
	m.Paper.State, m.Paper.Reason, m.Paper.RetryAt, m.Paper.Asked = pipeline.Rejected, reason, time.Time{}, nil
	manifest := pipeline.Manifest{
		Schema: pipeline.ManifestSchema, Written: now,
		Source: pipeline.Stored{Digest: m.Paper.Original, Size: m.Paper.Size, Media: m.Paper.Media},
	}
	written, err := publish(ctx, d, m, manifest)
	if err != nil {
		return pipeline.Paper{}, err
	}
	if m, err = adopt(ctx, d, m, written); err != nil {
		return pipeline.Paper{}, err
	}
	return d.papers.Commit(ctx, m)
}

// amend writes the next manifest of a paper that has some: what m makes of the paper,
// and all else as the last one says. Where the next one lies there already, of an
// earlier try that was cut off before its commit, that one counts.
func amend(ctx context.Context, d deps, m pipeline.Move) (pipeline.Manifest, error) {
	last, err := loadManifest(ctx, d.objects, pipeline.ManifestKey(m.Paper.ID, m.Paper.Manifest))
	if err != nil {
		return pipeline.Manifest{}, err
	}
	last.Schema, last.Written = pipeline.ManifestSchema, m.Event.Time
	return publish(ctx, d, m, last)
}

// adopt gives the move that says what the manifest says. Where the manifest is that
// of an earlier try, cut off before its commit, the catalog follows the manifest.
func adopt(ctx context.Context, d deps, m pipeline.Move, written pipeline.Manifest) (pipeline.Move, error) {
	gen, mine := m.Paper.Gen, m.Paper
	m.Paper = written.Paper
	m.Paper.Gen = gen
	if last := len(written.History) - 1; last >= 0 {
		m.Event = written.History[last]
	}
	if slices.Equal(mine.Parts, m.Paper.Parts) && slices.Equal(mine.Merged, m.Paper.Merged) {
		return m, nil
	}
	return adoptOthers(ctx, d, m)
}

// publish writes the next manifest of a paper, once. Where one lies there already, that
// one counts and is returned.
func publish(ctx context.Context, d deps, m pipeline.Move, manifest pipeline.Manifest) (pipeline.Manifest, error) {
	history, err := d.papers.Events(ctx, m.Paper.ID)
	if err != nil {
		return pipeline.Manifest{}, fmt.Errorf("collecting the history: %w", err)
	}
	final := m.Event
	final.Seq = int64(len(history)) + 1
	manifest.History = append(history, final)
	manifest.Version = m.Paper.Manifest + 1
	manifest.Paper = m.Paper
	manifest.Paper.Manifest = manifest.Version
	manifest.Paper.Gen++ // as the catalog will have it
	manifest.Paper.Updated = m.Event.Time
	body, err := json.MarshalIndent(manifest, "", " ")
	if err != nil {
		return pipeline.Manifest{}, fmt.Errorf("writing a manifest: %w", err)
	}
	key := pipeline.ManifestKey(m.Paper.ID, manifest.Version)
	err = d.objects.PutOnce(ctx, key, body)
	if err == nil {
		return manifest, nil
	}
	if !errors.Is(err, fs.ErrExist) {
		return pipeline.Manifest{}, fmt.Errorf("publishing: %w", err)
	}
	return loadManifest(ctx, d.objects, key)
}

func loadManifest(ctx context.Context, objects Notes, key string) (pipeline.Manifest, error) {
	return load[pipeline.Manifest](ctx, objects, key, "reading a manifest")
}

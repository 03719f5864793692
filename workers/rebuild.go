package workers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"

	"hoso/pipeline"
	"hoso/pipeline/likeness"
	"hoso/workers/document"
)

// Restorer takes papers into an empty catalog.
type Restorer interface {
	Restore(ctx context.Context, p pipeline.Paper, events []pipeline.Event, text string) error
	PutReuse(ctx context.Context, r pipeline.Reuse) error
	PutSketch(ctx context.Context, id pipeline.PaperID, s pipeline.Sketch) error
}

// Rebuilt counts what a rebuild found.
type Rebuilt struct {
	Published int `json:"published"` // filed or rejected, from manifests
	Open      int `json:"open"`      // received and not finished, from notes
	Doubles   int `json:"doubles"`   // notes of papers that were never entered, dropped
	Reuses    int `json:"reuses"`    // papers used again in other dossiers
	Damaged   int `json:"damaged"`   // manifests, notes or reuses that cannot be read
}

// Rebuild fills a catalog from the bucket alone: the newest manifest of every
// published paper, and the note of every other, which then starts again from its
// original. It may be run again after being cut off.
func Rebuild(ctx context.Context, objects Objects, into Restorer, report func(Rebuilt)) (Rebuilt, error) {
	r := rebuild{objects: objects, into: into, report: report, done: map[pipeline.PaperID]bool{}, known: map[string]bool{}, kin: newKin()}
	if err := r.manifests(ctx); err != nil {
		return r.count, err
	}
	if err := r.reuses(ctx); err != nil {
		return r.count, err
	}
	return r.count, r.notes(ctx)
}

type rebuild struct {
	objects Objects
	into    Restorer
	report  func(Rebuilt)
	count   Rebuilt
	done    map[pipeline.PaperID]bool
	known   map[string]bool // dossier and original of every paper restored
	kin     kin
}

// same is by what a paper is known that was handed in again. What it was handed in with
// counts for a stack, of which separator sheets may have said more since.
func same(p pipeline.Paper) []string {
	keys := []string{p.Dossier.Key() + " " + p.Original.String()}
	if len(p.Leaves) > 0 {
		keys = append(keys, p.Handed.Key()+" "+p.Original.String())
	}
	return keys
}

// know remembers p, so that no second copy of it is restored. What was parted from a stack
// is no copy of it.
func (r *rebuild) know(p pipeline.Paper) {
	r.kin.add(p)
	again := p.State == pipeline.Rejected && p.Into == "" && len(p.Parts) == 0 // what was rejected may have come again
	if p.Parted != "" || again {
		return
	}
	for _, key := range same(p) {
		r.known[key] = true
	}
}

// manifests restores published papers. Keys come in order, so the last version of a
// paper is the one that stays.
func (r *rebuild) manifests(ctx context.Context) error {
	newest := ""
	for key, err := range r.objects.List(ctx, pipeline.ManifestFolder) {
		if err != nil {
			return fmt.Errorf("listing manifests: %w", err)
		}
		if newest != "" && folderOf(newest) != folderOf(key) {
			if err := r.manifest(ctx, newest); err != nil {
				return err
			}
		}
		newest = key
	}
	if newest == "" {
		return nil
	}
	return r.manifest(ctx, newest)
}

func folderOf(key string) string { return key[:strings.LastIndexByte(key, '/')+1] }

func (r *rebuild) manifest(ctx context.Context, key string) error {
	m, err := loadManifest(ctx, r.objects, key)
	id, _, keyErr := pipeline.ParseManifestKey(key)
	if damaged(err) || err == nil && (keyErr != nil || !whole(m.Paper, id)) {
		r.count.Damaged++
		return nil //nolint:nilerr // counted, and the rest goes on
	}
	if err != nil {
		return err
	}
	text, sketch, err := r.words(ctx, m.Paper)
	if err != nil {
		return err
	}
	if err := r.into.Restore(ctx, m.Paper, m.History, text); err != nil {
		return fmt.Errorf("restoring a paper: %w", err)
	}
	if err := r.into.PutSketch(ctx, m.Paper.ID, sketch); err != nil {
		return fmt.Errorf("restoring a paper: %w", err)
	}
	r.done[m.Paper.ID] = true
	r.know(m.Paper)
	r.count.Published++
	r.report(r.count)
	return nil
}

// words gives what a paper was found by and known again by, or nothing if its words are
// gone or damaged.
func (r *rebuild) words(ctx context.Context, p pipeline.Paper) (string, pipeline.Sketch, error) {
	if p = p.Shelved(); p.Words.IsZero() {
		return "", pipeline.Sketch{}, nil
	}
	body, _, err := r.objects.Get(ctx, p.Words)
	if errors.Is(err, fs.ErrNotExist) {
		r.count.Damaged++
		return "", pipeline.Sketch{}, nil
	}
	if err != nil {
		return "", pipeline.Sketch{}, fmt.Errorf("fetching words: %w", err)
	}
	defer body.Close() //nolint:errcheck // only read from
	var sketcher likeness.Sketcher
	text, err := document.TextOf(sketched(&sketcher, document.ReadWords(body)))
	var unavailable *pipeline.Unavailable
	if errors.As(err, &unavailable) || ctx.Err() != nil {
		return "", pipeline.Sketch{}, fmt.Errorf("reading words: %w", err)
	}
	if err != nil {
		r.count.Damaged++
		return "", pipeline.Sketch{}, nil // the rest goes on
	}
	return text, sketcher.Sketch(), nil
}

// sketched adds pages to a sketch as they pass.
func sketched(s *likeness.Sketcher, pages iter.Seq2[pipeline.Page, error]) iter.Seq2[pipeline.Page, error] {
	return func(yield func(pipeline.Page, error) bool) {
		for p, err := range pages {
			if err == nil {
				s.Add(p)
			}
			if !yield(p, err) {
				return
			}
		}
	}
}

// reuses restores what dossiers use again.
func (r *rebuild) reuses(ctx context.Context) error {
	for key, err := range r.objects.List(ctx, pipeline.ReuseFolder) {
		if err != nil {
			return fmt.Errorf("listing reuses: %w", err)
		}
		one, err := loadReuse(ctx, r.objects, key)
		if damaged(err) || err == nil && (pipeline.ReuseKey(one.ID) != key || one.Dossier.IsZero()) {
			r.count.Damaged++
			continue
		}
		if err != nil {
			return err
		}
		if err := r.into.PutReuse(ctx, one); err != nil {
			return fmt.Errorf("restoring a reuse: %w", err)
		}
		r.count.Reuses++
		r.report(r.count)
	}
	return nil
}

// notes restores papers that were received and never finished, in the order of their
// receipt, which is that of their IDs: of two notes for the same bytes the earlier one
// stays, every time.
func (r *rebuild) notes(ctx context.Context) error {
	var open []pipeline.PaperID
	for key, err := range r.objects.List(ctx, pipeline.NoteFolder) {
		if err != nil {
			return fmt.Errorf("listing notes: %w", err)
		}
		id, err := pipeline.ParseNoteKey(key)
		if err != nil {
			r.count.Damaged++
			continue
		}
		if !r.done[id] {
			open = append(open, id)
		}
	}
	slices.Sort(open)
	var later []pipeline.Paper
	for _, id := range open {
		p, ok, err := r.note(ctx, id)
		switch {
		case err != nil:
			return err
		case !ok:
		case ofKin(p):
			later = append(later, p)
		default:
			if err := r.enter(ctx, p); err != nil {
				return err
			}
		}
	}
	return r.related(ctx, later)
}

// note reads the note of a paper; ok is false if it cannot be understood.
func (r *rebuild) note(ctx context.Context, id pipeline.PaperID) (p pipeline.Paper, ok bool, err error) {
	body, err := r.objects.GetKey(ctx, pipeline.NoteKey(id))
	if err != nil {
		return p, false, fmt.Errorf("reading a note: %w", err)
	}
	var n pipeline.Note
	if err := json.Unmarshal(body, &n); err != nil || !whole(n.Paper, id) {
		r.count.Damaged++
		return p, false, nil //nolint:nilerr // counted, and the rest goes on
	}
	return n.Paper, true, nil
}

// enter restores a paper from its note, unless it is known.
func (r *rebuild) enter(ctx context.Context, p pipeline.Paper) error {
	if p.Parted == "" && slices.ContainsFunc(same(p), func(key string) bool { return r.known[key] }) {
		r.count.Doubles++
		return nil
	}
	received := pipeline.Event{
		Paper: p.ID, Seq: 1, Time: p.Received, Actor: p.Sender, What: "received", To: p.State,
	}
	if err := r.into.Restore(ctx, p, []pipeline.Event{received}, ""); err != nil {
		return fmt.Errorf("restoring a paper: %w", err)
	}
	r.know(p)
	r.count.Open++
	r.report(r.count)
	return nil
}

// whole reports whether p can be the paper that its object's key names.
func whole(p pipeline.Paper, id pipeline.PaperID) bool {
	return p.ID == id && !p.Original.IsZero() && slices.Contains(pipeline.States(), p.State)
}

// damaged reports whether an object could be fetched but not understood.
func damaged(err error) bool {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	return errors.As(err, &syntax) || errors.As(err, &kind) || errors.Is(err, pipeline.ErrDigest) || errors.Is(err, pipeline.ErrDossierNumber)
}

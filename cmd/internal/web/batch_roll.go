package web

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"hoso/pipeline"
)

// roll is all papers of a batch in short, as they were a moment ago, in the order in which
// they came. Going through all of them takes a while, so that pages share one.
type roll struct {
	entries []entry
	folders map[pipeline.PaperID]string // where the files of papers lie, below the root of the batch
	cut     bool                        // there are more papers than are listed
	made    time.Time
	took    time.Duration
}

// entry is a paper in short.
type entry struct {
	ID        pipeline.PaperID
	Gen       int64
	Dossier   pipeline.DossierNumber
	Unit      string
	Sender    string
	Name      string
	Kind      pipeline.Kind
	State     pipeline.State
	Pages     int
	Pieces    int // papers it seems to be made of; fewer than 2 is one
	Parted    pipeline.PaperID
	Published bool      // there is a record of it
	Doubt     bool      // some field should be looked at
	Signed    bool      // it came signed, and is kept as it is
	Touched   bool      // a person said something of it
	Settled   time.Time // when it was filed, or began to wait, or was refused; zero while it is in work
}

// How much a roll holds. It is good for so long at least, and so many times as long as it
// took; after that it is shown while the next one is made, but never when it is too old.
const (
	mostOnRoll = 200_000
	walkStep   = 1000
	rollLife   = 5 * time.Second
	rollFactor = 20
	rollOldest = 2 * time.Minute
	mostRolls  = 16
)

// rolls keeps the newest roll of some batches.
type rolls struct {
	turn chan struct{} // of who goes through a batch: one at a time
	due  chan string   // labels of those that are to be made anew

	mu sync.Mutex
	of map[string]*roll
}

func newRolls() *rolls {
	return &rolls{turn: make(chan struct{}, 1), due: make(chan string, mostRolls), of: map[string]*roll{}}
}

func (r *roll) old() bool { return time.Since(r.made) > max(rollLife, rollFactor*r.took) }

// stale reports whether a roll is too old to be shown.
func (r *roll) stale() bool { return time.Since(r.made) > max(rollOldest, 2*rollFactor*r.took) }

// get gives the roll of a batch unless there is none, or it is too old to be shown.
func (r *rolls) get(label string) *roll {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := r.of[label]
	if kept == nil || kept.stale() {
		return nil
	}
	if kept.old() {
		select {
		case r.due <- label:
		default: // it is made soon anyway
		}
	}
	return kept
}

func (r *rolls) put(label string, fresh *roll) {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := r.of[label]
	maps.DeleteFunc(r.of, func(_ string, one *roll) bool { return one != kept && one.stale() }) // nobody looks at it
	if len(r.of) >= mostRolls && kept == nil {
		clear(r.of)
	}
	if kept != nil && !fresh.cut {
		fresh.catchUp(kept)
	}
	r.of[label] = fresh
}

// catchUp takes from the roll before what was changed while this one was made.
func (r *roll) catchUp(before *roll) {
	at := make(map[pipeline.PaperID]int, len(r.entries))
	for i, e := range r.entries {
		at[e.ID] = i
	}
	for _, e := range before.entries {
		i, there := at[e.ID]
		if !there {
			r.entries = append(r.entries, e)
		} else if e.Gen > r.entries[i].Gen {
			r.entries[i] = e
		}
	}
}

// change puts papers as they are now into a roll; those that were not there are behind the
// others. Who holds the roll from before sees nothing of it.
func (r *rolls) change(label string, now []entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := r.of[label]
	if kept == nil {
		return
	}
	next := *kept
	next.entries = slices.Clone(kept.entries)
	for _, e := range now {
		at := slices.IndexFunc(next.entries, func(old entry) bool { return old.ID == e.ID })
		if at < 0 {
			next.entries = append(next.entries, e)
			continue
		}
		next.entries[at] = e
	}
	r.of[label] = &next
}

// roll gives the papers of a batch in short.
func (s *Site) roll(ctx context.Context, label string) (*roll, error) {
	if kept := s.rolls.get(label); kept != nil {
		return kept, nil
	}
	select {
	case s.rolls.turn <- struct{}{}:
		defer func() { <-s.rolls.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if kept := s.rolls.get(label); kept != nil { // somebody else was at it
		return kept, nil
	}
	return s.makeRoll(ctx, label)
}

// keepRolls makes rolls anew that somebody looks at, until ctx ends.
func (s *Site) keepRolls(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case label := <-s.rolls.due:
			if kept := s.rolls.get(label); kept == nil || !kept.old() {
				continue
			}
			if _, err := s.makeRoll(ctx, label); err != nil && ctx.Err() == nil {
				s.Log.LogAttrs(ctx, slog.LevelWarn, "going through a batch", slog.String("batch", label), slog.Any("error", err))
			}
		}
	}
}

func (s *Site) makeRoll(ctx context.Context, label string) (*roll, error) {
	fresh := &roll{made: time.Now()}
	err := s.walk(ctx, label, nil, func(p pipeline.Paper) bool {
		fresh.cut = len(fresh.entries) == mostOnRoll
		if !fresh.cut {
			fresh.entries = append(fresh.entries, s.entry(p))
		}
		return !fresh.cut
	})
	if err != nil {
		return nil, err
	}
	if fresh.folders, err = s.folders(ctx, label); err != nil {
		return nil, err
	}
	fresh.took = time.Since(fresh.made)
	s.rolls.put(label, fresh)
	return fresh, nil
}

// folders gives where the first file of each paper lies, as people are shown it.
func (s *Site) folders(ctx context.Context, label string) (map[pipeline.PaperID]string, error) {
	all := map[pipeline.PaperID]string{}
	for after := int64(0); len(all) < mostOnRoll; {
		files, next, err := s.Ledger.ShelfFiles(ctx, label, []pipeline.FileState{pipeline.FileReceived}, after, walkStep)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			if _, known := all[f.Paper]; !known && f.Paper != "" {
				all[f.Paper] = pipeline.ShownPath(strings.TrimSuffix(f.Path[:strings.LastIndex(f.Path, "/")+1], "/"))
			}
		}
		if next == 0 {
			break
		}
		after = next
	}
	return all, nil
}

// folder is where a paper was found, or the one that it was parted from; "" at the root. Of
// the latter only who may see the whole batch is told: its folder may be that of a dossier of
// another unit, and bear its number and a name.
func (r *roll) folder(id, parted pipeline.PaperID, whole bool) string { //revive:disable-line:flag-parameter // what may be told
	if at, known := r.folders[id]; known || !whole {
		return at
	}
	return r.folders[parted]
}

// touched has the next page know papers as they are after somebody acted on them, with
// those that were parted from them.
func (s *Site) touched(ctx context.Context, label string, ids ...pipeline.PaperID) {
	var now []entry
	for i := 0; i < len(ids) && i < mostKin; i++ {
		p, err := s.Catalog.Paper(ctx, ids[i])
		if err != nil {
			continue // the next going through finds it
		}
		now = append(now, s.entry(p))
		for _, id := range p.Parts {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	s.rolls.change(label, now)
}

func (s *Site) entry(p pipeline.Paper) entry {
	e := entry{
		ID: p.ID, Gen: p.Gen, Dossier: p.Dossier, Unit: p.Unit, Sender: p.Sender, Name: p.FileName, Kind: p.Kind,
		State: p.State, Pages: p.Pages, Pieces: len(p.Pieces), Parted: p.Parted, Settled: settled(p), Signed: p.Signed,
		Touched: slices.ContainsFunc(p.Fields, func(f pipeline.Field) bool { return f.Source == pipeline.ByPerson }),
	}
	_, e.Published = p.Current()
	if p.Parted != "" && p.State == pipeline.Filed {
		e.Doubt = len(s.doubts(p)) > 0
	}
	return e
}

// part counts the papers that somebody sees, in the place of files. Pages are those that
// are filed.
func (r *roll) part(sees func(entry) bool) pipeline.ShelfBalance {
	var b pipeline.ShelfBalance
	dossiers := map[string]bool{}
	for _, e := range r.entries {
		if !sees(e) {
			continue
		}
		b.Found++
		switch {
		case e.State == pipeline.Filed:
			b.Filed++
			b.Pages += int64(e.Pages)
		case e.State == pipeline.Rejected:
			b.Rejected++
		case e.State.Waiting():
			b.Waiting++
		default:
			b.Open++
		}
		if !e.Dossier.IsZero() {
			dossiers[e.Dossier.Key()] = true
		}
	}
	b.Dossiers = int64(len(dossiers))
	b.Papers = pipeline.Balance{Received: b.Found, Filed: b.Filed, Waiting: b.Waiting, Rejected: b.Rejected, Open: b.Open}
	return b
}

// settled is when hoso had done its part for a paper.
func settled(p pipeline.Paper) time.Time {
	switch {
	case p.State == pipeline.Filed && !p.FiledAt.IsZero():
		return p.FiledAt
	case p.State == pipeline.Filed, p.State == pipeline.Rejected, p.State.Waiting():
		return p.Updated
	}
	return time.Time{}
}

// walk goes through the papers of a batch until each says that it is enough.
func (s *Site) walk(ctx context.Context, label string, states []pipeline.State, each func(pipeline.Paper) bool) error {
	for after := int64(0); ; {
		papers, next, err := s.Ledger.ShelfPapers(ctx, label, states, after, walkStep)
		if err != nil {
			return err
		}
		for _, p := range papers {
			if !each(p) {
				return nil
			}
		}
		if next == 0 {
			return nil
		}
		after = next
	}
}

// pace is how fast a batch goes, and how long what is left will take.
type pace struct {
	Papers float64 // a minute
	Pages  float64 // a minute
	Left   time.Duration
}

// paceWindow is how far back one looks to tell how fast a batch goes.
const paceWindow = 15 * time.Minute

// pace counts what was settled lately in the run that lives.
func (r *roll) pace(run pipeline.Run, b pipeline.ShelfBalance, now time.Time) pace {
	since := now.Add(-paceWindow)
	if run.Began.After(since) {
		since = run.Began
	}
	window := now.Sub(since).Minutes()
	papers, pages := 0, 0
	for _, e := range r.entries {
		if e.Settled.After(since) {
			papers, pages = papers+1, pages+e.Pages
		}
	}
	if papers == 0 || window < 0.1 {
		return pace{}
	}
	p := pace{Papers: float64(papers) / window, Pages: float64(pages) / window}
	// A paper may be several files: those to come are as those that came.
	files := 1.0
	if taken := b.Filed + b.Waiting + b.Rejected + b.Open; taken > 0 && b.Papers.Received > 0 {
		files = float64(taken) / float64(b.Papers.Received)
	}
	left := float64(b.ToDo)/files + float64(b.Papers.Open)
	p.Left = time.Duration(left / p.Papers * float64(time.Minute)).Round(time.Minute)
	return p
}

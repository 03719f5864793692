package morning

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"hoso/pipeline"
)

// Of the rows of a shelf so many are in memory at a time; papers are the larger ones.
const (
	filesAtOnce  = 1000
	papersAtOnce = 200
)

// gathering is a report while it is being made.
type gathering struct {
	Sources

	r      *Report
	seen   map[pipeline.Digest]string // the path of the first file with those bytes
	filed  []filing
	groups map[string]*groups
	by     struct{ device, folder map[string]*Quality }
	see    map[string]*Kind
	proof  *prover
	own    recount
	conf   float64 // sum over the words
	read   struct{ millis, pages int64 }
}

// filing is when a paper was filed.
type filing struct {
	at    int64 // Unix time in seconds
	pages int32
}

// place is where a paper came from: its files, as the ledger knows them.
type place struct {
	path   string
	digest pipeline.Digest
	part   int32 // as ShelfFile has it
	parts  int32
	size   int64
	known  bool // the catalog has the paper, on this shelf
	seen   bool // who asks may see it
	stand  int8 // of its paper

	received int32 // how many files have a receipt for it
	more     []member
}

// member is one more file of a paper.
type member struct {
	path   string
	digest pipeline.Digest
	part   int32
	size   int64
}

// Gather makes the report of a shelf; fs.ErrNotExist if there is none of that label.
func Gather(ctx context.Context, from Sources, label string, scope Scope) (*Report, error) {
	g := newGathering(from, scope)
	began := time.Now()
	if err := g.open(ctx, label); err != nil {
		return nil, err
	}
	if err := g.files(ctx, label); err != nil {
		return nil, err
	}
	if err := g.papers(ctx, label); err != nil {
		return nil, err
	}
	after, err := from.Ledger.ShelfBalance(ctx, label)
	if err != nil {
		return nil, fmt.Errorf("counting the shelf: %w", err)
	}
	g.close(after, began)
	g.lookAlike(ctx)
	g.r.conclude()
	return g.r, nil
}

func newGathering(from Sources, scope Scope) *gathering {
	g := &gathering{
		Sources: from,
		r:       &Report{Made: scope.Now, Unit: scope.Unit, base: scope.Base, scope: scope, places: map[pipeline.PaperID]*place{}},
		seen:    map[pipeline.Digest]string{},
		groups:  map[string]*groups{},
		see:     map[string]*Kind{},
	}
	g.by.device, g.by.folder = map[string]*Quality{}, map[string]*Quality{}
	return g
}

// open reads what there is one of.
func (g *gathering) open(ctx context.Context, label string) (err error) {
	r, from := g.r, g.Ledger
	if r.Shelf, err = from.Shelf(ctx, label); err != nil {
		return fmt.Errorf("reading the shelf: %w", err)
	}
	if r.Balance, err = from.ShelfBalance(ctx, label); err != nil {
		return fmt.Errorf("counting the shelf: %w", err)
	}
	runs, err := from.Runs(ctx, label)
	if err != nil {
		return fmt.Errorf("reading the runs: %w", err)
	}
	for _, run := range runs {
		r.Runs = append(r.Runs, RunShown{Run: run})
	}
	slices.SortFunc(r.Runs, func(a, b RunShown) int { return cmp.Compare(a.N, b.N) })
	checks, err := from.Checks(ctx, label)
	if err != nil {
		return fmt.Errorf("reading the quality sample: %w", err)
	}
	signed, err := from.SignOffs(ctx, label)
	if err != nil {
		return fmt.Errorf("reading who signed off: %w", err)
	}
	r.Sample = sampled(checks, signed)
	r.Sample.Draws = r.Shelf.Draws(len(signed))
	return g.empty(ctx, label)
}

// empty reads which folders of dossiers have nothing in them. Nobody knows of which unit
// they would be: who sees the papers of one only is not told.
func (g *gathering) empty(ctx context.Context, label string) (err error) {
	if g.r.scope.Sees == nil {
		if g.r.Empty, err = g.Ledger.EmptyFolders(ctx, label); err != nil {
			return fmt.Errorf("reading the empty folders: %w", err)
		}
	}
	e := &g.r.Empty
	e.Paths = orNone(e.Paths)
	for i, path := range e.Paths {
		e.Paths[i] = pipeline.ShownPath(path)
	}
	return nil
}

// files goes through all files of the shelf.
func (g *gathering) files(ctx context.Context, label string) error {
	for f, err := range eachFile(ctx, g.Ledger, label, nil) {
		if err != nil {
			return err
		}
		g.own.file(f.State)
		if f.Paper != "" {
			g.settle(f)
		}
		g.stuck(f)
		g.compare(f)
	}
	return nil
}

// settle keeps which paper a file became.
func (g *gathering) settle(f pipeline.ShelfFile) {
	part := int32(f.Part) //nolint:gosec // pages of a paper
	at := g.r.places[f.Paper]
	if at == nil {
		at = &place{path: f.Path, digest: f.Digest, part: part, parts: int32(f.Parts), size: f.Size} //nolint:gosec // pages of a paper
		g.r.places[f.Paper] = at
	} else {
		at.more = append(at.more, member{f.Path, f.Digest, part, f.Size})
	}
	if f.State == pipeline.FileReceived {
		at.received++
	}
}

// compare looks whether the bytes of a file came before.
func (g *gathering) compare(f pipeline.ShelfFile) {
	if f.Digest.IsZero() || f.Size == 0 || f.State == pipeline.FileIgnored || f.State == pipeline.FileGone {
		return
	}
	if first, there := g.seen[f.Digest]; there {
		g.r.twice = append(g.r.twice, Twice{Path: f.Path, First: first, Paper: f.Paper})
		return
	}
	g.seen[f.Digest] = f.Path
}

// papers goes through all papers of the shelf, and through those that its files became
// part of elsewhere.
func (g *gathering) papers(ctx context.Context, label string) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	g.proof = newProver(ctx, g.Bucket)
	defer g.proof.wait()
	return g.everyPaper(ctx, label)
}

func (g *gathering) everyPaper(ctx context.Context, label string) error {
	for p, err := range eachPaper(ctx, g.Ledger, label, nil) {
		if err != nil {
			return err
		}
		at, stand := g.r.places[p.ID], g.own.paper(p)
		if at == nil && p.Parted != "" {
			at = g.r.places[p.Parted]
		} else if at != nil {
			at.known, at.stand = true, stand
		}
		if !g.proof.ask(ctx, p, at) {
			return ctx.Err()
		}
		if g.r.scope.sees(p) {
			g.add(p, at)
		}
	}
	if err := g.elsewhere(ctx); err != nil {
		return err
	}
	return g.own.complete(ctx, g.Ledger)
}

// elsewhere looks for the papers of files that are not of this shelf: the same bytes had
// been handed in before, at a desk or with another shelf.
func (g *gathering) elsewhere(ctx context.Context) error {
	for id, at := range g.r.places {
		if at.known {
			continue
		}
		p, err := g.Ledger.Paper(ctx, id)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			g.proof.found(Finding{What: NoPaper, Paper: id, Path: at.path})
			continue
		case err != nil:
			return fmt.Errorf("reading a paper of the shelf: %w", err)
		}
		at.stand = g.own.paper(p)
		g.r.Totals.Elsewhere += int64(at.received)
		if !g.proof.ask(ctx, p, at) {
			return ctx.Err()
		}
	}
	return nil
}

// add takes in a paper that may be seen.
func (g *gathering) add(p pipeline.Paper, at *place) {
	path := p.FileName
	if at != nil {
		path, at.seen = at.path, true
	}
	t := &g.r.Totals
	t.Papers++
	t.Bytes += p.Size
	if p.Into != "" { // its pages are in another paper, which is looked at itself
		return
	}
	t.Pages += int64(p.Pages)
	t.Words += int64(p.Scan.Words)
	g.conf += float64(p.Scan.Confidence) * float64(p.Scan.Words)
	if p.Scan.Millis > 0 && p.Pages > 0 {
		g.read.millis += p.Scan.Millis
		g.read.pages += int64(p.Pages)
	}
	if p.State == pipeline.Filed && !p.FiledAt.IsZero() {
		g.filed = append(g.filed, filing{p.FiledAt.Unix(), int32(p.Pages)}) //nolint:gosec // pages of a paper
	}
	if p.Pages > 0 {
		qualityOf(g.by.device, p.Scan.Device).add(p, path)
		qualityOf(g.by.folder, topFolder(path, at)).add(p, path)
	}
	g.mark(p, path)
	g.wait(p, path)
}

// topFolder is the first folder of a path.
func topFolder(path string, at *place) string {
	top, _, below := strings.Cut(path, "/")
	if !below || at == nil {
		return ""
	}
	return top
}

// close brings what was gathered into the report.
func (g *gathering) close(after pipeline.ShelfBalance, began time.Time) {
	r := g.r
	r.Moving = !same(r.Balance, after)
	r.Balance, r.Sum, r.Even = after, sumOf(after), after.Even()
	own := g.own.total(r.places)
	r.Proof, r.missing = g.proof.proof, g.proof.findings
	r.Proof.Counted, r.Proof.Missing, r.Proof.Seconds = own.Found, int64(len(r.missing)), time.Since(began).Seconds()
	r.Even = r.Even && (r.Moving || agrees(own, after))
	if r.scope.Sees == nil {
		r.Totals.Dossiers = after.Dossiers
	}
	if r.Totals.Words > 0 {
		r.Totals.Confidence = g.conf / float64(r.Totals.Words)
	}
	if g.read.pages > 0 {
		r.Totals.CPU = float64(g.read.millis) / 1000 / float64(g.read.pages)
	}
	r.Scanners, r.Folders = ordered(g.by.device), ordered(g.by.folder)
	r.See, r.Stuck = g.kinds(), map[string][]Group{}
	for name, all := range g.groups {
		r.Stuck[name] = all.ordered()
	}
	r.Night = nightOf(r.Runs, g.filed, r.Made)
	creditRuns(r.Runs, g.filed)
	r.Judged = judged()
	r.Runs, r.See = orNone(r.Runs), orNone(r.See)
	r.Night.Steps, r.Night.Gaps = orNone(r.Night.Steps), orNone(r.Night.Gaps)
	r.Sample.By, r.Sample.Wrong, r.Sample.SignOffs = orNone(r.Sample.By), orNone(r.Sample.Wrong), orNone(r.Sample.SignOffs)
}

// orNone keeps null out of JSON.
func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// same compares the numbers of two balances.
func same(a, b pipeline.ShelfBalance) bool {
	a.Papers.ByState, b.Papers.ByState = nil, nil
	return fmt.Sprint(a) == fmt.Sprint(b)
}

// sampled sums up the second looks.
func sampled(checks []pipeline.Check, signed []pipeline.SignOff) SampleState {
	s := SampleState{Drawn: len(checks), SignOffs: signed}
	by := map[string]*Looker{}
	for _, c := range checks {
		if c.By == "" {
			continue
		}
		s.Looked++
		if by[c.By] == nil {
			by[c.By] = &Looker{Account: c.By}
		}
		by[c.By].Looked++
		if c.Good {
			s.Good++
			continue
		}
		s.Bad++
		by[c.By].Bad++
		s.Wrong = append(s.Wrong, c)
	}
	for _, l := range by {
		s.By = append(s.By, *l)
	}
	slices.SortFunc(s.By, func(a, b Looker) int {
		return cmp.Or(cmp.Compare(b.Looked, a.Looked), cmp.Compare(a.Account, b.Account))
	})
	return s
}

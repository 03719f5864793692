package batch

import (
	"context"
	"errors"
	"io"
	"os"
	"path"
	"reflect"
	"slices"
	"strings"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/shelf"
)

// pass goes through the whole tree once: what is settled and new is handed in. busy says
// that there was something to do.
func (r *run) pass(ctx, halt context.Context) (busy bool, t *tree, err error) {
	r.told.phase(Walking)
	root, err := os.OpenRoot(r.e.Root)
	if err != nil {
		return false, nil, away(err)
	}
	defer root.Close() //nolint:errcheck // only read from, or synced
	began := time.Now()
	r.ears.heard() // whatever it was, this walk sees it
	if t, err = walk(halt, root); err != nil {
		return false, nil, err
	}
	r.ears.attend(r.e.Root, t.folders)
	r.own(t)
	if r.emptied(t) {
		return false, nil, errEmptied
	}
	r.told.fine()
	l, err := r.reconcile(halt, t)
	if err != nil {
		return false, nil, err
	}
	r.told.put(func(p *Progress) { p.Planned = len(l.plan.Papers) })
	t.took = time.Since(began)
	if err := r.walked(halt, t, l); err != nil {
		return false, nil, err
	}
	return l.busy, t, r.handAll(ctx, halt, l)
}

// errEmptied is of a tree in which nothing lies any more: most likely what is mounted there
// is away.
var errEmptied = errors.Join(errAway, errors.New("nothing lies in the folder where files were before"))

// emptied reports whether files that nobody has received were there and none is.
func (r *run) emptied(t *tree) bool {
	for _, e := range t.entries {
		if e.What != shelf.Folder {
			return false
		}
	}
	c := r.book.counts
	return c[pipeline.FileToDo]+c[pipeline.FileWaiting]+c[pipeline.FileHeld]+c[pipeline.FileRefused]+c[pipeline.FileIgnored] > 0
}

// own takes out of the tree what was put away there after its receipt, and notes what was
// put away without the ledger being told.
func (r *run) own(t *tree) {
	after := r.e.Mapping.After
	if after.Do != shelf.Move {
		return
	}
	there := make(map[string]bool, len(t.entries))
	for _, e := range t.entries {
		there[e.Path] = true
	}
	t.entries = slices.DeleteFunc(t.entries, func(e shelf.Entry) bool {
		folder, rest, ok := strings.Cut(e.Path, "/")
		if !ok || !strings.EqualFold(folder, after.Folder) || e.What != shelf.File {
			return false
		}
		return r.ours(rest, e, there) || r.ours(unnumbered(rest), e, there)
	})
}

// ours reports whether a file that was put away is the one that was received by that name.
func (r *run) ours(name string, e shelf.Entry, there map[string]bool) bool {
	f := r.book.rows[pipeline.PathText(name)]
	if f == nil || f.State != pipeline.FileReceived || f.Size != e.Size {
		return false
	}
	if row := *f; row.After == "" && row.Changed.Equal(e.Changed) && !there[name] {
		row.After = pipeline.AfterMoved
		r.book.write(row)
	}
	return f.After == pipeline.AfterMoved
}

// walked tells the ledger what the walk found.
func (r *run) walked(halt context.Context, t *tree, l *ledgerwork) error {
	tell := func() error { return r.tellLedger(halt) }
	if err := r.insist(halt, tell); err != nil {
		return err
	}
	r.tellRows()
	w := pipeline.Walk{N: r.walk, Found: l.found, Empty: l.empty}
	if last := r.toldOf; !t.whole || last != nil && last.Found == w.Found && reflect.DeepEqual(last.Empty, w.Empty) {
		return nil
	}
	err := r.insist(halt, func() error {
		_, err := r.e.Ledger.Walked(halt, r.e.Label, r.is.N, w)
		return err
	})
	if err == nil {
		r.toldOf, r.is.Walk, r.is.Found = &w, w.N, w.Found
	}
	return err
}

// empty gives the folders of dossiers in which nothing lies and of which nothing was
// received: what was put away after its receipt was scanned.
func (r *run) empty(plan *shelf.Plan) pipeline.EmptyFolders {
	e := pipeline.EmptyFolders{Paths: []string{}}
	if len(plan.Empty) == 0 {
		return e
	}
	full := map[string]bool{}
	for file, f := range r.book.rows {
		if f.State != pipeline.FileReceived || f.After == pipeline.AfterRenamed {
			continue
		}
		for at := path.Dir(pipeline.PathName(file)); at != "." && !full[at]; at = path.Dir(at) {
			full[at] = true
		}
	}
	for _, folder := range plan.Empty {
		switch {
		case full[folder]:
		case len(e.Paths) < pipeline.MostEmpty:
			e.Paths = append(e.Paths, pipeline.PathText(folder))
		default:
			e.More++
		}
	}
	return e
}

// tables are inventories that were read, by their files.
type tables map[string]table

type table struct {
	part
	in []shelf.Inventory
}

// largestTable is how much of an inventory is read; whoever reads it says what is too much.
const largestTable = 64 << 20

// table reads an inventory. It is nil if the file has to be waited for.
func (r *run) table(root *os.Root, e shelf.Entry) []shelf.Inventory {
	p := part{e.Path, e.Size, e.Changed}
	if t, ok := r.lists[e.Path]; ok && t.size == p.size && t.changed.Equal(p.changed) {
		return t.in
	}
	in, err := r.readTable(root, p)
	refusal, refused := pipeline.AsRefusal(err)
	switch {
	case errors.Is(err, errShut): // it bears the same date when it can be opened
		return []shelf.Inventory{{Path: e.Path, Refused: unopened()}}
	case errors.Is(err, errChanged), errors.Is(err, errLocked), errors.Is(err, errVanished), errors.Is(err, errAway):
		return nil
	case refused:
		in = []shelf.Inventory{{Refused: refusal.Reason}}
	case err != nil: // the disk or the share fails, perhaps not for long
		return []shelf.Inventory{{Path: e.Path, Refused: listBroken()}}
	}
	for i := range in {
		in[i].Path = e.Path
	}
	if r.lists == nil {
		r.lists = tables{}
	}
	r.lists[e.Path] = table{p, in}
	return in
}

func (r *run) readTable(root *os.Root, p part) ([]shelf.Inventory, error) {
	s, err := open(root, p)
	if err != nil {
		return nil, err
	}
	defer s.Close() //nolint:errcheck // only read from
	data, err := io.ReadAll(io.LimitReader(s, largestTable))
	if err != nil {
		return nil, err
	}
	return r.e.Tables(path.Base(p.path), data)
}

package batch

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/shelf"
)

// ledgerwork is what a walk leaves to do.
type ledgerwork struct {
	tree  *tree
	plan  *shelf.Plan
	at    map[string]int32           // entries by path
	why   map[string]pipeline.Reason // files that are waited for
	lost  map[string][]*lost         // received papers whose files are not there any more, by measure
	found int                        // files
	todo  []int32                    // papers of the plan to be handed in
	next  *job                       // the first of them
	busy  bool
	empty pipeline.EmptyFolders

	unlisted map[int]bool // papers that an inventory should name; nil until somebody asks
}

// lost is a received paper of which no file lies where it was.
type lost struct {
	rows    []pipeline.ShelfFile // in order
	claimed bool                 // it was found again
}

// reconcile has the mapping say what the tree means, and the book what is new in it. An
// error is errAway, or why it was halted.
func (r *run) reconcile(ctx context.Context, t *tree) (*ledgerwork, error) {
	l := &ledgerwork{tree: t, at: make(map[string]int32, len(t.entries)), why: map[string]pipeline.Reason{}}
	r.strays, r.hands.queue, r.putOff = map[string]bool{}, nil, nil
	for i, e := range t.entries {
		l.at[e.Path] = int32(i) // fewer files than that
		if e.What != shelf.Folder {
			l.found++
		}
	}
	seen := r.still(l, r.e.Now())
	l.plan = r.e.Mapping.Plan(seen)
	switch again, err := r.lookInto(ctx, l, seen); {
	case err != nil:
		return nil, err
	case again:
		l.plan = r.e.Mapping.Plan(seen)
	}
	for _, i := range l.plan.Ignored {
		r.note(l, i.File, pipeline.ShelfFile{State: pipeline.FileIgnored, Why: string(i.Why), Remarks: r.rowNotes(l.plan, i)})
	}
	for _, h := range l.plan.Held {
		for _, file := range h.Files {
			f := pipeline.ShelfFile{State: pipeline.FileHeld, Reason: h.Reason}
			if h.Later {
				f.State, f.Reason = pipeline.FileWaiting, cmp.Or(l.why[file], h.Reason)
			}
			r.note(l, file, f)
		}
	}
	for i := range l.plan.Papers {
		r.weigh(l, int32(i))
	}
	r.vanish(l)
	l.empty = r.empty(l.plan)
	l.busy = l.busy || len(l.todo)+len(r.hands.queue)+len(r.putOff) > 0
	return l, nil
}

// still gives the tree as the planner is to see it: the times of files are those of our
// clock where only that matters, now for those that are to be waited for.
func (r *run) still(l *ledgerwork, now time.Time) shelf.Tree {
	t := shelf.Tree{Entries: slices.Clone(l.tree.entries), Now: now}
	r.settler.begin()
	defer r.settler.end()
	for i := range t.Entries {
		e := &t.Entries[i]
		if e.What != shelf.File {
			continue
		}
		var why pipeline.Reason
		p := part{e.Path, e.Size, e.Changed}
		e.Several, _ = r.stacks.known(p)
		if r.book.received(p) == nil {
			why = r.settler.stirs(l.tree.root, *e, r.lastTouched(l, e.Path), r.firstSeen(p, now), now)
		}
		if why.IsZero() && r.e.Mapping.InventoryFile(e.Path) {
			in := r.table(l.tree.root, *e)
			if t.Lists = append(t.Lists, in...); in == nil {
				why = changing()
			}
		}
		switch {
		case !why.IsZero():
			l.why[e.Path], e.Changed = why, now
		case now.Sub(e.Changed) < r.e.Mapping.Settle:
			e.Changed = now.Add(-r.e.Mapping.Settle)
		}
	}
	return t
}

// lastTouched is when anything of a file was changed, zero if its date says that.
func (r *run) lastTouched(l *ledgerwork, file string) time.Time {
	if r.e.seams.undated {
		return time.Time{}
	}
	return l.tree.touched[file]
}

// firstSeen is when a file was first seen as it is: long ago if an earlier run saw it.
func (r *run) firstSeen(p part, now time.Time) time.Time {
	f := r.book.rows[pipeline.PathText(p.path)]
	if f != nil && f.Walk < r.walk && f.State != pipeline.FileGone && f.Size == p.size && f.Changed.Equal(p.changed) {
		return now.Add(-r.e.Mapping.Settle)
	}
	return now
}

// note writes down what the planner says of a file. One that has a receipt keeps it; what
// is said of it then is true of other bytes, if it has others now.
func (r *run) note(l *ledgerwork, file string, f pipeline.ShelfFile) {
	e := l.entry(file)
	f.Path, f.Size, f.Changed, f.Walk = pipeline.PathText(file), e.Size, e.Changed.UTC(), r.walk
	old := r.book.rows[f.Path]
	switch {
	case old == nil || old.State != pipeline.FileReceived:
		if old != nil && old.Size == f.Size && old.Changed.Equal(f.Changed) {
			f.Digest, f.Paper = old.Digest, "" // known from an earlier try
		}
		r.book.write(f)
	case e.What != shelf.File:
	case r.book.received(part{file, e.Size, e.Changed}) != nil:
		if f.State == pipeline.FileHeld && slices.Contains(listsContradict(), f.Reason.Code) {
			r.remarkAnew(old, listsContradict(), f.Reason)
		}
	case f.State == pipeline.FileWaiting:
		r.strays[f.Path] = true
	default:
		r.hands.queue = append(r.hands.queue, &job{kind: tellApart, parts: []part{{file, e.Size, e.Changed}}, verdict: f})
	}
}

func (l *ledgerwork) entry(file string) shelf.Entry {
	if i, ok := l.at[file]; ok {
		return l.tree.entries[i]
	}
	return shelf.Entry{Path: file, What: shelf.Unreadable}
}

// parts gives the files of a paper as the walk saw them.
func (l *ledgerwork) parts(p *shelf.Paper) []part {
	parts := make([]part, len(p.Files))
	for i, file := range p.Files {
		e := l.entry(file)
		parts[i] = part{file, e.Size, e.Changed}
	}
	return parts
}

// weigh finds out whether a paper is to be handed in. It is not if all its files were
// received, or refused in this run.
func (r *run) weigh(l *ledgerwork, paper int32) {
	p := &l.plan.Papers[paper]
	parts := l.parts(p)
	news := func(one part) bool { return r.book.received(one) == nil }
	fresh := func(one part) bool { return !r.triedNow(one) }
	switch {
	case !slices.ContainsFunc(parts, news):
		for _, one := range parts {
			r.relist(l, paper, one)
			r.duePutAway(one)
		}
		return
	case !slices.ContainsFunc(parts, fresh):
		for _, one := range parts {
			r.keep(one)
		}
		return
	}
	for _, one := range parts {
		old := r.book.rows[pipeline.PathText(one.path)]
		if old != nil && old.State == pipeline.FileWaiting && old.Reason == lockedNow() {
			r.keep(one) // it says so until it is taken
		} else if old == nil || old.State != pipeline.FileReceived {
			r.note(l, one.path, pipeline.ShelfFile{State: pipeline.FileToDo})
		} else if r.book.received(one) == nil {
			r.strays[old.Path] = true
		}
	}
	l.todo = append(l.todo, paper)
}

// try is a file that could not be received, and when it may be tried again: in another run
// if that is zero.
type try struct {
	part
	until time.Time
}

// triedNow reports whether a file is not to be tried again yet.
func (r *run) triedNow(p part) bool {
	t, ok := r.tried[p.path]
	return ok && t.same(p) && (t.until.IsZero() || r.e.Now().Before(t.until))
}

// keep notes that the walk came by a file of which nothing else is new.
func (r *run) keep(p part) {
	if old := r.book.rows[pipeline.PathText(p.path)]; old != nil {
		row := *old
		row.Walk = r.walk
		r.book.write(row)
	}
}

// vanish notes what the walk did not come by: files that are gone, files in folders that
// nobody may open any more, and papers that may have been renamed.
func (r *run) vanish(l *ledgerwork) {
	lostRows := map[pipeline.PaperID][]pipeline.ShelfFile{}
	for path, old := range r.book.rows {
		if i, there := l.at[pipeline.PathName(path)]; there && l.tree.entries[i].What != shelf.Folder || old.State == pipeline.FileGone {
			continue
		}
		row := *old
		switch {
		case within(l.tree.shut, pipeline.PathName(path)):
			if row.State != pipeline.FileReceived {
				row.State, row.Reason, row.Walk = pipeline.FileHeld, unopened(), r.walk
				r.book.write(row)
			}
		case !l.tree.whole:
		case row.State == pipeline.FileReceived:
			if row.After == "" {
				lostRows[row.Paper] = append(lostRows[row.Paper], row)
			}
		case row.Walk < r.walk: // the ledger finds that out by itself
			row.State = pipeline.FileGone
			r.book.put(row)
		default:
			row.State = pipeline.FileGone
			r.book.write(row)
		}
	}
	l.loses(lostRows)
}

// loses notes papers of which all files are somewhere else, if anywhere.
func (l *ledgerwork) loses(lostRows map[pipeline.PaperID][]pipeline.ShelfFile) {
	l.lost = map[string][]*lost{}
	for _, rows := range lostRows {
		if len(rows) == max(rows[0].Parts, 1) {
			slices.SortFunc(rows, func(a, b pipeline.ShelfFile) int { return cmp.Compare(a.Part, b.Part) })
			m := measureOf(rows, func(f pipeline.ShelfFile) int64 { return f.Size })
			l.lost[m] = append(l.lost[m], &lost{rows: rows})
		}
	}
}

// measureOf is the same for papers whose files have the same sizes.
func measureOf[T any](all []T, size func(T) int64) string {
	var b strings.Builder
	for _, one := range all {
		fmt.Fprintf(&b, "%x,", size(one))
	}
	return b.String()
}

func within(folders []string, file string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return strings.HasPrefix(file, f+"/") })
}

// mostRemarks is how many remarks on one file are kept.
const mostRemarks = 19

// rowNotes gives what is to be said of the rows of an inventory.
func (r *run) rowNotes(plan *shelf.Plan, i shelf.Ignored) []pipeline.Reason {
	if i.Why != shelf.Used {
		return nil
	}
	var all []pipeline.Reason
	for _, n := range plan.Rows {
		if plan.Lists[n.Row.List].Path == i.File {
			all = append(all, rowNote(n.Row.Line, n.Reason))
		}
	}
	if more := len(all) - mostRemarks; more > 0 {
		all = append(all[:mostRemarks], rowsMore(more))
	}
	return all
}

package batch

import (
	"context"
	"errors"
	"maps"
	"slices"

	"hoso/pipeline"
	"hoso/pipeline/intake/tiff"
	"hoso/pipeline/shelf"
)

// A TIFF may be a page or a document of many, and its name does not say which. So those
// that a plan would join are looked into, a few hundred bytes of each, before it is held
// to: not those that are papers by themselves anyhow, nor those that were received
// together and have nothing new among them, which stay what they are.

// stacks are the TIFFs that were looked into in this run, by their paths.
type stacks map[string]stack

type stack struct {
	part
	several bool
}

// known reports whether a file was looked into as it is, and whether it holds several pages.
func (s stacks) known(p part) (several, known bool) {
	had, ok := s[p.path]
	known = ok && had.same(p)
	return known && had.several, known
}

// lookInto looks into the TIFFs that the plan of a tree joins and the engine would hand in,
// and says of those of the tree that hold several pages that they do. again says that
// another plan is wanted. An error is errAway, or why it was halted.
func (r *run) lookInto(ctx context.Context, l *ledgerwork, t shelf.Tree) (again bool, err error) {
	maps.DeleteFunc(r.stacks, func(path string, _ stack) bool { _, there := l.at[path]; return !there })
	for files := range r.e.Mapping.PerhapsStacks(l.plan) {
		fresh, had := r.newFirst(l, files)
		if !fresh {
			continue
		}
		for _, p := range had {
			if ctx.Err() != nil {
				return false, context.Cause(ctx)
			}
			e := &t.Entries[l.at[p.path]]
			several, why, err := r.several(l, p)
			if err != nil {
				return false, err
			}
			if e.Several = several; !why.IsZero() {
				l.why[p.path], e.Changed = why, t.Now
			}
			if several || !why.IsZero() {
				again = true
				break // the planner can tell what the others are, or has to wait anyhow
			}
		}
	}
	return again, nil
}

// newFirst gives files as the walk saw them, those first that were not received; fresh says
// that there are such.
func (r *run) newFirst(l *ledgerwork, files []string) (fresh bool, all []part) {
	var had []part
	for _, file := range files {
		e := l.entry(file)
		if p := (part{file, e.Size, e.Changed}); r.book.received(p) == nil {
			all = append(all, p)
		} else {
			had = append(had, p)
		}
	}
	return len(all) > 0, slices.Concat(all, had)
}

// several reports whether a file is a TIFF of several pages. Why says what to wait for with
// one that cannot be looked into yet. One that is no TIFF, is damaged or cannot be read at
// all is not several: whoever reads it will say what is wrong with it.
func (r *run) several(l *ledgerwork, p part) (several bool, why pipeline.Reason, err error) {
	if several, known := r.stacks.known(p); known {
		return several, pipeline.Reason{}, nil
	}
	s, err := open(l.tree.root, p)
	if err == nil {
		several, err = tiff.Several(s.file, p.size)
		if _, broken := pipeline.AsRefusal(err); broken {
			err = nil
		}
		err = errors.Join(ill(err), s.Close())
	}
	switch {
	case errors.Is(err, errLocked):
		return false, lockedNow(), nil
	case errors.Is(err, errChanged), errors.Is(err, errVanished):
		return false, changing(), nil
	case errors.Is(err, errAway):
		if err := r.stands(l, p); err != nil {
			return false, pipeline.Reason{}, err
		}
	}
	r.stacks[p.path] = stack{p, several}
	return several, pipeline.Reason{}, nil
}

package batch

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"

	"hoso/pipeline"
	"hoso/pipeline/shelf"
)

// take writes down what became of a job. An error is errAway: the shelf went away.
func (r *run) take(l *ledgerwork, o outcome) error {
	if o.job.kind == handIn {
		r.load.flying--
	}
	switch {
	case o.err != nil:
		return r.took(l, o)
	case o.job.kind == putAway:
		r.tookAway(o)
	case o.job.kind == tellApart:
		r.toldApart(o)
	case o.touched:
		for i, p := range o.job.parts {
			r.touched(p, o.digests[i])
		}
	case o.was != nil:
		r.moved(o)
	case o.receipt.ID != "":
		r.received(o)
	case !o.refused.IsZero():
		r.refuse(o)
	case !o.waits.IsZero():
		r.say(o.job, pipeline.FileWaiting, o.waits)
	}
	return nil
}

// took writes down what is wrong with a file.
func (r *run) took(l *ledgerwork, o outcome) error {
	switch {
	case o.job.kind == putAway: // it is not there any more
	case errors.Is(o.err, errAway):
		return r.gone(l, o.job, pipeline.FileHeld, unopened())
	case errors.Is(o.err, errVanished):
		return r.gone(l, o.job, pipeline.FileWaiting, changing())
	case errors.Is(o.err, errLocked):
		r.say(o.job, pipeline.FileWaiting, lockedNow())
	case errors.Is(o.err, errShut):
		r.say(o.job, pipeline.FileHeld, unopened())
	default:
		r.say(o.job, pipeline.FileWaiting, changing())
	}
	return nil
}

// gone looks whether a file alone is gone or cannot be read, and says so of it, or whether
// the shelf is away.
func (r *run) gone(l *ledgerwork, j *job, state pipeline.FileState, why pipeline.Reason) error {
	if err := r.stands(l, j.parts[0]); err != nil {
		return err
	}
	r.say(j, state, why)
	return nil
}

// stands looks whether the shelf as a whole is there while a file of it is not; errAway if
// it is away.
func (r *run) stands(l *ledgerwork, p part) error {
	if _, err := l.tree.root.Lstat(path.Dir(p.path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return away(err)
	}
	if t, err := os.Open(r.e.Root); err != nil {
		return away(err)
	} else if names, err := t.Readdirnames(1); len(names) == 0 {
		return errors.Join(errEmptied, err, t.Close())
	} else if err := t.Close(); err != nil {
		return away(err)
	}
	return nil
}

// say writes down that the files of a job are in a state for a reason. A receipt that they
// had for other bytes stays.
func (r *run) say(j *job, state pipeline.FileState, why pipeline.Reason) {
	for _, p := range j.parts {
		row := r.row(p)
		if state == pipeline.FileHeld {
			r.tried[p.path] = try{p, r.e.Now().Add(r.e.Rescan)}
		}
		if row.State == pipeline.FileReceived {
			if r.strays[row.Path] = true; state != pipeline.FileWaiting {
				delete(r.strays, row.Path)
				row.Remarks = remark(row.Remarks, why)
				r.book.write(row)
			}
			continue
		}
		row.State, row.Reason, row.Walk = state, why, r.walk
		row.Size, row.Changed = p.size, p.changed.UTC()
		r.book.write(row)
	}
}

// row gives what the book has of a file.
func (r *run) row(p part) pipeline.ShelfFile {
	if old := r.book.rows[pipeline.PathText(p.path)]; old != nil {
		return *old
	}
	return pipeline.ShelfFile{Path: pipeline.PathText(p.path), Size: p.size, Changed: p.changed.UTC(), Walk: r.walk, State: pipeline.FileToDo}
}

// remark adds a remark that is not there yet.
func remark(all []pipeline.Reason, more pipeline.Reason) []pipeline.Reason {
	if slices.ContainsFunc(all, func(r pipeline.Reason) bool { return r.Code == more.Code }) || len(all) >= mostRemarks {
		return all
	}
	return append(slices.Clip(all), more)
}

// received writes a receipt down.
func (r *run) received(o outcome) {
	j, now := o.job, r.e.Now()
	paper := o.receipt.ID
	other := r.book.first[paper]
	for i, p := range j.parts {
		row := pipeline.ShelfFile{
			Path: pipeline.PathText(p.path), Size: p.size, Changed: p.changed.UTC(), Digest: o.digests[i],
			State: pipeline.FileReceived, Paper: paper, Part: i + 1, Parts: len(j.parts), Remarks: j.remarks,
			Walk: r.walk, Taken: cmp.Or(o.receipt.Received, now).UTC(),
		}
		switch had := j.had[i]; {
		case other != "" && other != row.Path && !j.has(other):
			row.Remarks = remark(row.Remarks, twice(other))
		case had.State == pipeline.FileReceived && had.Digest != row.Digest:
			row.Remarks = remark(row.Remarks, replaced())
		case had.State == pipeline.FileReceived && had.Paper != row.Paper:
			row.Remarks = remark(row.Remarks, regrouped())
		}
		r.book.write(row)
		delete(r.strays, row.Path)
		r.duePutAway(p)
	}
	if !o.receipt.Again {
		r.load.handed++
	}
	r.told.put(func(p *Progress) {
		p.HandedIn++
		p.Bytes += o.size
		if o.receipt.Again {
			p.Again++
		}
	})
	r.tellRows()
}

func (j *job) has(path string) bool {
	return slices.ContainsFunc(j.parts, func(p part) bool { return pipeline.PathText(p.path) == path })
}

// touched writes down that a received file has another time and the same bytes.
func (r *run) touched(p part, digest pipeline.Digest) {
	row := r.row(p)
	row.Size, row.Changed, row.Digest, row.Walk = p.size, p.changed.UTC(), digest, r.walk
	r.book.write(row)
	delete(r.strays, row.Path)
	r.duePutAway(p)
}

// toldApart writes down what became of a received file that nobody can hand in as it is
// now: nothing new if it was only touched.
func (r *run) toldApart(o outcome) {
	p := o.job.parts[0]
	if row := r.row(p); row.Digest == o.digests[0] {
		r.touched(p, o.digests[0])
		return
	}
	row := o.job.verdict
	row.Digest = o.digests[0]
	r.book.write(row)
}

// moved writes down that a received paper lies elsewhere now.
func (r *run) moved(o outcome) {
	before := o.was.rows
	paths := make([]shelf.Entry, 0, len(before))
	for _, f := range before {
		paths = append(paths, shelf.Entry{Path: pipeline.PathName(f.Path), Size: f.Size, Changed: f.Changed})
	}
	var number pipeline.DossierNumber
	if old := r.e.Mapping.Plan(shelf.Tree{Entries: paths}); len(old.Papers) == 1 {
		number = old.Papers[0].Number
	}
	for i, p := range o.job.parts {
		row := before[i]
		row.Path, row.Size, row.Changed, row.Walk = pipeline.PathText(p.path), p.size, p.changed.UTC(), r.walk
		row.Remarks = remark(row.Remarks, renamed(before[i].Path))
		if now := o.job.paper.Number; !number.IsZero() && !now.IsZero() && number.Key() != now.Key() {
			row.Remarks = remark(row.Remarks, renumbered(number, now))
		}
		r.book.write(row)
		old := before[i]
		old.After, old.Remarks = pipeline.AfterRenamed, remark(old.Remarks, movedAway())
		r.book.write(old)
		delete(r.strays, row.Path)
		r.duePutAway(p)
	}
}

// refuse writes a refusal down. It is not tried again in this run.
func (r *run) refuse(o outcome) {
	for i, p := range o.job.parts {
		r.tried[p.path] = try{part: p}
		had := r.row(p)
		known := i < len(o.digests)
		if had.State == pipeline.FileReceived && (!known || had.Digest == o.digests[i]) {
			delete(r.strays, had.Path)
			had.Remarks = remark(had.Remarks, o.refused)
			r.book.write(had)
			continue
		}
		row := pipeline.ShelfFile{
			Path: had.Path, Size: p.size, Changed: p.changed.UTC(), State: pipeline.FileRefused, Reason: o.refused,
			Part: i + 1, Parts: len(o.job.parts), Walk: r.walk,
		}
		if known {
			row.Digest = o.digests[i]
		}
		delete(r.strays, row.Path)
		r.book.write(row)
	}
	r.tellRows()
}

// duePutAway makes a job of what the mapping wants done with a received file.
func (r *run) duePutAway(p part) {
	f := r.book.received(p)
	if do := r.e.Mapping.After.Do; do == shelf.Leave || do == "" || f == nil || f.After != "" || r.missed[p.path].same(p) {
		return
	}
	r.putOff = append(r.putOff, &job{kind: putAway, parts: []part{p}, had: []pipeline.ShelfFile{*f}})
}

// tookAway writes down that a file was moved or deleted, or could not be.
func (r *run) tookAway(o outcome) {
	row := r.row(o.job.parts[0])
	switch {
	case !o.waits.IsZero() && r.e.Watch: // the next walk comes by it
		return
	case o.after == "":
		r.missed[o.job.parts[0].path] = o.job.parts[0]
		row.Remarks = remark(row.Remarks, notPutAway())
		r.book.write(row)
		return
	}
	row.After = o.after
	row.Remarks = slices.DeleteFunc(slices.Clone(row.Remarks), func(r pipeline.Reason) bool { return r.Code == notPutAway().Code })
	r.book.write(row)
	r.told.put(func(p *Progress) { p.After++ })
}

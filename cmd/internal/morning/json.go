package morning

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"time"

	"hoso/pipeline"
)

// FileListed is a file in the JSON's list "files".
type FileListed struct {
	Path    string             `json:"path"`
	State   pipeline.FileState `json:"state"`
	Reason  pipeline.Reason    `json:"reason,omitzero"`
	Remarks []pipeline.Reason  `json:"remarks,omitempty"`
	Paper   pipeline.PaperID   `json:"paper,omitempty"`
}

// PaperListed is a paper in the JSON's list "papers".
type PaperListed struct {
	ID      pipeline.PaperID       `json:"id"`
	Path    string                 `json:"path"`
	Dossier pipeline.DossierNumber `json:"dossier,omitzero"`
	State   pipeline.State         `json:"state"`
	Reasons []pipeline.Reason      `json:"reasons"`
	RetryAt time.Time              `json:"retry_at,omitzero"`
}

// WriteJSON writes the report and, behind it in the same object, all lists in full:
// "missing", "files" (not received, or with remarks), "papers" (neither filed nor in
// work), "pages" (to look at), "twice" and "alike". The lists of files, papers and pages
// are read from the ledger while they are written.
func (r *Report) WriteJSON(ctx context.Context, from Rows, w io.Writer) error {
	head, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	out := &lists{to: bufio.NewWriterSize(w, 64<<10)}
	out.raw(bytes.TrimSuffix(head, []byte("}")))
	listed(out, "missing", always(r.missing))
	listed(out, "twice", always(r.twice))
	listed(out, "alike", always(r.alike))
	listed(out, "files", r.listFiles(ctx, from))
	listed(out, "papers", r.listPapers(ctx, from))
	listed(out, "pages", r.listPages(ctx, from))
	out.raw([]byte("}\n"))
	if out.err == nil {
		out.err = out.to.Flush()
	}
	if out.err != nil {
		return fmt.Errorf("writing the report: %w", out.err)
	}
	return nil
}

// lists writes until the first error.
type lists struct {
	to  *bufio.Writer
	err error
}

func (l *lists) raw(b []byte) {
	if l.err == nil {
		_, l.err = l.to.Write(b)
	}
}

func listed[T any](l *lists, name string, all iter.Seq2[T, error]) {
	l.raw([]byte(`,"` + name + `":[`))
	first := true
	for one, err := range all {
		if l.err != nil {
			return
		}
		if l.err = err; err != nil {
			return
		}
		if !first {
			l.raw([]byte(","))
		}
		first = false
		body, err := json.Marshal(one)
		if l.err == nil {
			l.err = err
		}
		l.raw([]byte("\n"))
		l.raw(body)
	}
	l.raw([]byte("]"))
}

func always[T any](all []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, one := range all {
			if !yield(one, nil) {
				return
			}
		}
	}
}

func (r *Report) listFiles(ctx context.Context, from Rows) iter.Seq2[FileListed, error] {
	return func(yield func(FileListed, error) bool) {
		for f, err := range eachFile(ctx, from, r.Shelf.Label, nil) {
			told := len(f.Remarks) > 0
			switch f.State {
			case pipeline.FileHeld, pipeline.FileRefused, pipeline.FileWaiting, pipeline.FileGone:
				told = true
			case pipeline.FileToDo, pipeline.FileIgnored, pipeline.FileReceived:
			}
			if (told || err != nil) && !yield(FileListed{f.Path, f.State, f.Reason, f.Remarks, f.Paper}, err) {
				return
			}
		}
	}
}

func (r *Report) listPapers(ctx context.Context, from Rows) iter.Seq2[PaperListed, error] {
	states := []pipeline.State{pipeline.Confirming, pipeline.Signing, pipeline.Rejected, pipeline.Failed}
	return func(yield func(PaperListed, error) bool) {
		for p, err := range eachPaper(ctx, from, r.Shelf.Label, states) {
			if err == nil && !r.scope.sees(p) {
				continue
			}
			one := PaperListed{ID: p.ID, Path: r.pathOf(p), Dossier: p.Dossier, State: p.State, Reasons: p.Questions(), RetryAt: p.RetryAt}
			if one.Reasons == nil {
				one.Reasons = []pipeline.Reason{}
			}
			if !yield(one, err) {
				return
			}
		}
	}
}

func (r *Report) listPages(ctx context.Context, from Rows) iter.Seq2[Spot, error] {
	return func(yield func(Spot, error) bool) {
		for p, err := range eachPaper(ctx, from, r.Shelf.Label, nil) {
			if err != nil {
				yield(Spot{}, err)
				return
			}
			if !r.scope.sees(p) {
				continue
			}
			for s := range spots(p, r.pathOf(p)) {
				if !yield(s, nil) {
					return
				}
			}
		}
	}
}

// pathOf gives where a paper came from, or how it is called.
func (r *Report) pathOf(p pipeline.Paper) string {
	for _, id := range []pipeline.PaperID{p.ID, p.Parted} {
		if at := r.places[id]; at != nil {
			return at.path
		}
	}
	return p.FileName
}

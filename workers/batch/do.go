package batch

import (
	"context"
	"errors"
	"log/slog"
	"path"
	"slices"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
	"hoso/pipeline/intake/bundle"
	"hoso/pipeline/shelf"
	"hoso/workers"
)

// outcome is what became of a job. Where err is nil and nothing else is said, it was
// halted before it was done.
type outcome struct {
	job     *job
	receipt pipeline.Receipt
	digests []pipeline.Digest // of the parts, as far as they were read
	size    int64             // bytes handed in
	touched bool              // the parts have the bytes that were received
	was     *lost             // the received paper that it is
	refused pipeline.Reason
	waits   pipeline.Reason
	after   string // what was done with the file
	err     error  // of a file: one of those of source.go
}

// do does a job.
func (r *run) do(ctx, halt context.Context, t *tree, j *job) outcome {
	switch j.kind {
	case putAway:
		return r.putAway(t.root, j)
	case tellApart:
		d, err := digestOf(t.root, j.parts[0])
		return outcome{job: j, digests: []pipeline.Digest{d}, err: kindOf(err)}
	case handIn:
	}
	if o, known := r.recognize(t, j); known {
		return o
	}
	for wait := soon; ; wait = min(2*wait, late) {
		o, gone := r.attempt(ctx, t, j)
		if gone == nil {
			r.told.fine()
			return o
		}
		if !r.absent(halt, gone, wait) {
			return outcome{job: j}
		}
	}
}

// kindOf gives which of the errors of a file an error is.
func kindOf(err error) error {
	for _, kind := range []error{errChanged, errLocked, errShut, errVanished, errAway} {
		if errors.Is(err, kind) {
			return kind
		}
	}
	return err
}

// recognize finds out whether a paper was received although its files look new: they were
// only touched, or lay elsewhere. Files are read for that only if it may be.
func (r *run) recognize(t *tree, j *job) (outcome, bool) {
	touched := true
	for i, f := range j.had {
		touched = touched && f.State == pipeline.FileReceived && f.Size == j.parts[i].size
	}
	if !touched && len(j.lost) == 0 {
		return outcome{}, false
	}
	o := outcome{job: j}
	for _, p := range j.parts {
		d, err := digestOf(t.root, p)
		if err != nil {
			o.err = kindOf(err)
			return o, true
		}
		o.digests = append(o.digests, d)
	}
	if o.touched = touched && bytesOf(j.had, o.digests); o.touched {
		return o, true
	}
	if o.was = r.claim(j.lost, o.digests); o.was == nil {
		return outcome{}, false
	}
	return o, true
}

// claim takes, of the received papers that files may be, one with these digests, so that no
// other files are taken for it; nil if there is none left.
func (r *run) claim(candidates []*lost, digests []pipeline.Digest) *lost {
	r.claims.Lock()
	defer r.claims.Unlock()
	for _, l := range candidates {
		if !l.claimed && bytesOf(l.rows, digests) {
			l.claimed = true
			return l
		}
	}
	return nil
}

// bytesOf reports whether files were received with these digests.
func bytesOf(files []pipeline.ShelfFile, digests []pipeline.Digest) bool {
	return slices.EqualFunc(files, digests, func(f pipeline.ShelfFile, d pipeline.Digest) bool { return f.Digest == d })
}

// attempt hands a paper in once; gone if that is to be tried again.
func (r *run) attempt(ctx context.Context, t *tree, j *job) (o outcome, gone *pipeline.Unavailable) {
	o.job = j
	s, err := newStream(t.root, j.parts)
	if err != nil {
		o.err = kindOf(err)
		return o, nil
	}
	h := r.handed(j)
	h.Body = s
	receipt, err := r.e.Desk.Receive(ctx, h)
	fault := s.end()
	o.digests, o.size = s.digests, s.size
	refusal, refused := pipeline.AsRefusal(err)
	gone, down := errors.AsType[*pipeline.Unavailable](err)
	switch {
	case err == nil && receipt.Digest == s.digest() && receipt.ID != "" && len(s.digests) == len(j.parts):
		o.receipt = receipt // the receipt holds whatever became of the files since
	case err == nil:
		r.e.Log.ErrorContext(ctx, "a receipt for other bytes than were handed in", slog.String("paper", string(receipt.ID)))
		o.waits = receiptDiffers()
	case ctx.Err() != nil:
	case fault != nil:
		o.err = kindOf(fault)
	case refused:
		o.refused = refusal.Reason
	case down:
		return o, gone
	default:
		r.e.Log.ErrorContext(ctx, "handing in a paper", slog.Any("err", err))
		o.waits = notTaken()
	}
	return o, nil //nolint:nilerr // it says what became of the error
}

// handed is what is said of a paper as it is handed in.
func (r *run) handed(j *job) workers.Handed {
	p := j.paper
	h := workers.Handed{
		Dossier: p.Number, Kind: p.Kind, Sender: r.e.By, Batch: r.e.Label, Lane: pipeline.Batch,
		FileName: pipeline.SafeName(norm.NFC.String(path.Base(p.Files[0]))), Known: known(p), Size: j.parts[0].size,
	}
	if len(j.parts) > 1 {
		h.FileName, h.Size = bundle.NameOf(h.FileName), -1
	}
	switch p.Collate {
	case shelf.Same:
		h.Collate = pipeline.CollateSame
	case shelf.Reverse:
		h.Collate = pipeline.CollateReverse
	}
	return h
}

// known gives what inventories say of a paper as its fields.
func known(p *shelf.Paper) []pipeline.Field {
	var fields []pipeline.Field
	if len(p.Rows) > 0 && !p.Number.IsZero() {
		fields = append(fields, pipeline.Field{Name: pipeline.FieldDossier, Value: p.Number.String(), Confidence: 100, Source: pipeline.ByList})
	}
	for _, k := range p.Known {
		fields = append(fields, pipeline.Field{Name: k.Name, Value: k.Value, Confidence: 100, Source: pipeline.ByList})
	}
	return fields
}

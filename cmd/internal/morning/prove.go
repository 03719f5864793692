package morning

import (
	"context"
	"errors"
	"io/fs"
	"sync"

	"hoso/pipeline"
	"hoso/pipeline/intake/bundle"
)

// The bucket is asked by so many at once. A request waits for the line and the disk, not
// for the processor.
const askers = 16

// A bucket that does not answer is asked for so many papers before nobody waits for it any
// more: the report then says what it does not know.
const mostUnasked = 200

// prover looks up what the catalog says of papers.
type prover struct {
	bucket Bucket
	jobs   chan job
	all    sync.WaitGroup

	mu       sync.Mutex
	proof    Proof
	findings []Finding
}

// job is a paper, and the files it came from, nil if they are not known or another paper
// of the same original answers for them.
type job struct {
	paper pipeline.Paper
	at    *place
}

// newProver starts the askers; they end with wait.
func newProver(ctx context.Context, bucket Bucket) *prover {
	v := &prover{bucket: bucket, jobs: make(chan job)}
	for range askers {
		v.all.Go(func() {
			for j := range v.jobs {
				v.paper(ctx, j)
			}
		})
	}
	return v
}

// ask has a paper looked up; false once ctx has ended.
func (v *prover) ask(ctx context.Context, p pipeline.Paper, at *place) bool {
	if p.Parted != "" {
		at = nil
	}
	lean := pipeline.Paper{
		ID: p.ID, State: p.State, Original: p.Original, Size: p.Size, Media: p.Media, Manifest: p.Manifest,
		Record: p.Record, RecSize: p.RecSize, Former: p.Former, FiledAt: p.FiledAt,
	}
	select {
	case v.jobs <- job{lean, at}:
		return true
	case <-ctx.Done():
		return false
	}
}

// wait lets the askers end.
func (v *prover) wait() {
	close(v.jobs)
	v.all.Wait()
}

func (v *prover) found(f Finding) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.findings = append(v.findings, f)
}

// silent reports whether the bucket has not answered too often.
func (v *prover) silent() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.proof.Unasked >= mostUnasked
}

// paper looks up all of one paper. What there was is counted only if all of it could be
// asked for.
func (v *prover) paper(ctx context.Context, j job) {
	l := looking{job: j, bucket: v.bucket}
	err := context.Cause(ctx)
	if err == nil && !v.silent() {
		err = l.all(ctx)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if err != nil || v.proof.Unasked >= mostUnasked {
		v.proof.Unasked++
		return
	}
	v.findings = append(v.findings, l.bad...)
	v.proof.Records += l.there.Records
	v.proof.Manifests += l.there.Manifests
	v.proof.Originals += l.there.Originals
	v.proof.Files += l.there.Files
}

// looking is one paper being looked up.
type looking struct {
	job

	bucket Bucket
	there  Proof     // what is as the catalog says
	bad    []Finding // what is not
}

// all looks for everything. An error says that the bucket could not be asked.
func (l *looking) all(ctx context.Context) error {
	p := l.paper
	size, err := l.bucket.Stat(ctx, p.Original)
	f := Finding{What: NoOriginal, Key: pipeline.BlobKey(p.Original), Want: p.Size, Got: size}
	if err := l.object(f, &l.there.Originals, err); err != nil {
		return err
	}
	if now, ok := p.Current(); ok {
		size, err = l.bucket.Stat(ctx, now.Record)
		f = Finding{What: NoRecord, Key: pipeline.BlobKey(now.Record), Want: now.Size, Got: size}
		if err := l.object(f, &l.there.Records, err); err != nil {
			return err
		}
		key := pipeline.ManifestKey(p.ID, p.Manifests())
		size, err = l.bucket.StatKey(ctx, key)
		f = Finding{What: NoManifest, Key: key, Want: size, Got: size} // the catalog does not say how large it is
		if err := l.object(f, &l.there.Manifests, err); err != nil {
			return err
		}
	}
	return l.files(ctx)
}

// object takes in what the bucket answered about an object.
func (l *looking) object(f Finding, there *int64, err error) error {
	f.Paper, f.State = l.paper.ID, l.paper.State
	if l.at != nil {
		f.Path = l.at.path
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		l.bad = append(l.bad, f)
	case err != nil:
		return err
	case f.Want != f.Got:
		f.What = WrongSize
		l.bad = append(l.bad, f)
	default:
		*there++
	}
	return nil
}

// files holds the files of the paper against its original.
func (l *looking) files(ctx context.Context) error {
	if l.at == nil {
		return nil
	}
	several := l.several()
	if several && l.there.Originals == 0 {
		return nil // nothing to hold them against, which was told
	}
	members, err := l.members(ctx)
	if err != nil {
		return err
	}
	for _, f := range append([]member{{l.at.path, l.at.digest, l.at.part, l.at.size}}, l.at.more...) {
		what := WrongDigest
		if several {
			what = WrongMember
		}
		if f.digest == l.paper.Original || several && f.in(members) {
			l.there.Files++
			continue
		}
		l.bad = append(l.bad, Finding{What: what, Paper: l.paper.ID, State: l.paper.State, Path: f.path, Want: f.size})
	}
	return nil
}

// several reports whether the paper was put together of files.
func (l *looking) several() bool { return l.at.parts > 1 && l.paper.Media == bundle.Media }

// members gives the files of a bundle, none of one that is damaged.
func (l *looking) members(ctx context.Context) ([]bundle.Member, error) {
	if !l.several() {
		return nil, nil
	}
	in, size, err := l.bucket.ReaderAt(ctx, l.paper.Original)
	if err != nil {
		return nil, err
	}
	all, err := bundle.Members(in, size)
	if errors.Is(err, bundle.ErrDamaged) {
		return nil, nil
	}
	return all, err
}

// in reports whether a bundle has the file at its place, by its size: to compare all bytes
// would mean to read them.
func (m member) in(members []bundle.Member) bool {
	at := int(m.part)
	return at >= 1 && at <= len(members) && members[at-1].Size == m.size
}

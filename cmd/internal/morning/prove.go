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
func (v *prover) wait() error {
	close(v.jobs)
	v.all.Wait()
	return nil
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
	var sum Proof
	var bad []Finding
	err := context.Cause(ctx)
	if err == nil && !v.silent() {
		bad, err = v.lookUp(ctx, j, &sum)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if err != nil || v.proof.Unasked >= mostUnasked {
		v.proof.Unasked++
		return
	}
	v.findings = append(v.findings, bad...)
	v.proof.Records += sum.Records
	v.proof.Manifests += sum.Manifests
	v.proof.Originals += sum.Originals
	v.proof.Files += sum.Files
}

// lookUp gives what is not as the catalog says, and counts the rest. An error says that
// the bucket could not be asked.
func (v *prover) lookUp(ctx context.Context, j job, sum *Proof) (bad []Finding, err error) {
	p := j.paper
	about := func(what FindingKind) Finding {
		f := Finding{What: what, Paper: p.ID, State: p.State}
		if j.at != nil {
			f.Path = j.at.path
		}
		return f
	}
	tell := func(f Finding, there *int64, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			bad = append(bad, f)
		case err != nil:
			return err
		case f.Want >= 0 && f.Want != f.Got:
			f.What = WrongSize
			bad = append(bad, f)
		default:
			*there++
		}
		return nil
	}
	original := about(NoOriginal)
	original.Key, original.Want = pipeline.BlobKey(p.Original), p.Size
	original.Got, err = v.bucket.Stat(ctx, p.Original)
	if err := tell(original, &sum.Originals, err); err != nil {
		return nil, err
	}
	if now, ok := p.Current(); ok {
		record := about(NoRecord)
		record.Key, record.Want = pipeline.BlobKey(now.Record), now.Size
		record.Got, err = v.bucket.Stat(ctx, now.Record)
		if err := tell(record, &sum.Records, err); err != nil {
			return nil, err
		}
		manifest := about(NoManifest)
		manifest.Key, manifest.Want = pipeline.ManifestKey(p.ID, p.Manifests()), -1
		manifest.Got, err = v.bucket.StatKey(ctx, manifest.Key)
		if err := tell(manifest, &sum.Manifests, err); err != nil {
			return nil, err
		}
	}
	return v.held(ctx, j, len(bad) == 0, sum, bad)
}

// held holds the files of a paper against its original.
func (v *prover) held(ctx context.Context, j job, whole bool, sum *Proof, bad []Finding) ([]Finding, error) {
	if j.at == nil {
		return bad, nil
	}
	files := append([]member{{j.at.path, j.at.digest, j.at.part, j.at.size}}, j.at.more...)
	var members []bundle.Member
	if j.at.parts > 1 && j.paper.Media == bundle.Media {
		if !whole {
			return bad, nil // what is gone was told already
		}
		in, size, err := v.bucket.ReaderAt(ctx, j.paper.Original)
		if err != nil {
			return bad, err
		}
		if members, err = bundle.Members(in, size); err != nil && !errors.Is(err, bundle.ErrDamaged) {
			return bad, err
		}
	}
	for _, f := range files {
		what := FindingKind("")
		switch at := int(f.part); {
		case f.digest == j.paper.Original:
		case j.at.parts <= 1:
			what = WrongDigest
		case at < 1 || at > len(members) || members[at-1].Size != f.size:
			what = WrongMember
		}
		if what == "" {
			sum.Files++
			continue
		}
		bad = append(bad, Finding{What: what, Paper: j.paper.ID, State: j.paper.State, Path: f.path, Want: f.size})
	}
	return bad, nil
}

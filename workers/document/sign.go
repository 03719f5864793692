package document

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/compose"
	"hoso/pipeline/sign"
)

// Sign puts the signed form of the PDF/A at from down at to.
func Sign(ctx context.Context, from, to string, q sign.Request) (pipeline.Signature, error) {
	return onto(from, to, func(in io.ReaderAt, size int64, out io.Writer) (pipeline.Signature, error) {
		return sign.Sign(ctx, in, size, out, q)
	})
}

// Finish puts a signature that was prepared for the PDF/A at from into it, at to.
func Finish(ctx context.Context, from, to string, p *sign.Prepared, v sign.Value) (pipeline.Signature, error) {
	return onto(from, to, func(in io.ReaderAt, _ int64, out io.Writer) (pipeline.Signature, error) {
		return p.Finish(ctx, in, out, v)
	})
}

// Prepare makes the signature of the PDF/A at path as far as it can be made without the
// key.
func Prepare(ctx context.Context, path string, q sign.Request) (*sign.Prepared, error) {
	in, err := os.Open(path) //nolint:gosec // a path of our own folder
	if err != nil {
		return nil, fmt.Errorf("preparing a signature: %w", err)
	}
	defer in.Close() //nolint:errcheck // only read from
	info, err := in.Stat()
	if err != nil {
		return nil, fmt.Errorf("preparing a signature: %w", err)
	}
	return sign.Prepare(ctx, in, info.Size(), q)
}

// onto signs the file at from in some way, at to.
func onto(from, to string, signing func(in io.ReaderAt, size int64, out io.Writer) (pipeline.Signature, error)) (pipeline.Signature, error) {
	in, err := os.Open(from) //nolint:gosec // a path of our own folder
	if err != nil {
		return pipeline.Signature{}, fmt.Errorf("signing: %w", err)
	}
	defer in.Close() //nolint:errcheck // only read from
	info, err := in.Stat()
	if err != nil {
		return pipeline.Signature{}, fmt.Errorf("signing: %w", err)
	}
	out, err := os.Create(to) //nolint:gosec // likewise, or the one the user named
	if err != nil {
		return pipeline.Signature{}, fmt.Errorf("signing: %w", err)
	}
	buffered := bufio.NewWriterSize(out, 1<<20)
	signature, err := signing(in, info.Size(), buffered)
	if err = errors.Join(err, buffered.Flush(), out.Close()); err != nil {
		return pipeline.Signature{}, fmt.Errorf("signing: %w", err)
	}
	return signature, nil
}

// Prolong puts the file at from with everything that its signatures need to be proven
// later down at to (PAdES B-LT), and, with a stamper, a timestamp over it (B-LTA). It
// gives the digest, size, level and time of renewal of what it made.
func Prolong(ctx context.Context, from, to string, trust sign.Trust, stamper sign.Timestamper) (pipeline.Signature, error) {
	made, err := onto(from, to, func(in io.ReaderAt, size int64, out io.Writer) (pipeline.Signature, error) {
		evidence, err := sign.Collect(ctx, in, size, trust)
		if err != nil {
			return pipeline.Signature{}, err
		}
		x, err := sign.Extend(ctx, in, size, out, sign.Extension{Evidence: evidence, Timestamper: stamper})
		return pipeline.Signature{Signed: x.Digest, Size: x.Size}, err
	})
	if err != nil {
		return pipeline.Signature{}, err
	}
	made.Level, made.RenewBy, err = proven(ctx, to, trust)
	return made, err
}

// proven judges a file as somebody will who can ask nobody: the lowest level of its
// signatures, and when the first of them needs more.
func proven(ctx context.Context, path string, trust sign.Trust) (level string, until time.Time, err error) {
	file, err := os.Open(path) //nolint:gosec // a path of our own folder
	if err != nil {
		return "", time.Time{}, fmt.Errorf("judging a signed file: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read from
	info, err := file.Stat()
	if err != nil {
		return "", time.Time{}, fmt.Errorf("judging a signed file: %w", err)
	}
	trust.Status = nil
	report, err := sign.Verify(ctx, file, info.Size(), trust)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("judging a signed file: %w", err)
	}
	level = report.Level()
	for _, s := range report.Signatures {
		if s.Timestamp {
			continue
		}
		if until.IsZero() || s.Until.Before(until) {
			until = s.Until
		}
	}
	if report.Verdict != sign.Valid && report.Verdict != sign.Demo {
		return level, until, fmt.Errorf("judging a signed file: it is %s: %w", report.Verdict, ErrGate)
	}
	return level, until, nil
}

// ErrGate is returned for a finished file that is not what it claims to be. It is a
// fault of hoso, never of the paper: nothing is published.
var ErrGate = errors.New("the finished file does not hold what it claims")

// Claim is what a finished file is held against.
type Claim struct {
	Images []pipeline.Digest // the page images that must stand in it, in order
	Trust  sign.Trust
	Signed bool            // it must carry a signature that covers it whole
	Wraps  pipeline.Digest // the one file that must stand in it; zero if none may
}

// Check is the gate before a record is published: it reads the final bytes again and
// returns ErrGate unless every claim holds.
func Check(ctx context.Context, path string, c Claim) error {
	file, err := os.Open(path) //nolint:gosec // a path of our own folder
	if err != nil {
		return fmt.Errorf("checking: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read from
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("checking: %w", err)
	}
	facts, err := compose.Inspect(ctx, file, info.Size())
	if err != nil {
		return fmt.Errorf("checking: %w", err)
	}
	if len(facts.Problems) > 0 {
		return fmt.Errorf("checking: %v: %w", facts.Problems, ErrGate)
	}
	if info.Size() <= compose.SecondLimit {
		if err := compose.Second(ctx, file, len(c.Images)); err != nil {
			return fmt.Errorf("checking: %w: %w", ErrGate, err)
		}
	}
	if !Carries(facts, c.Wraps) {
		return fmt.Errorf("checking: PDF/A %q with %d files, not the one of %s: %w", facts.PDFA, len(facts.Attached), c.Wraps, ErrGate)
	}
	if !slices.Equal(facts.Images, c.Images) {
		return fmt.Errorf("checking: %d of %d images: %w", len(facts.Images), len(c.Images), ErrGate)
	}
	if !c.Signed {
		return nil
	}
	report, err := sign.Verify(ctx, file, info.Size(), c.Trust)
	if err != nil {
		return fmt.Errorf("checking the signature: %w", err)
	}
	return Sound(report)
}

// Carries reports whether a record carries a file byte for byte, and no other; with no
// digest, whether it carries none. One that does is a PDF/A-3u, and others a 2u.
func Carries(f compose.Facts, file pipeline.Digest) bool {
	if file.IsZero() {
		return f.PDFA == "2u" && len(f.Attached) == 0
	}
	return f.PDFA == "3u" && len(f.Attached) == 1 && f.Attached[0].Digest == file && f.Attached[0].Relationship == "Source"
}

// Sound returns ErrGate unless the file's last signature or timestamp is whole and covers
// all of it, but for validation data (B-LT) behind it. Whether its signer is trusted is
// not asked here: an agency may sign before its roots are installed.
func Sound(r sign.Report) error {
	if len(r.Signatures) == 0 {
		return fmt.Errorf("checking the signature: there is none: %w", ErrGate)
	}
	last := r.Signatures[len(r.Signatures)-1]
	switch {
	case r.Verdict == sign.Changed || r.Verdict == sign.Invalid || r.Verdict == sign.Unreadable:
	case last.Intact && (last.CoversFile || onlyAdded(last)):
		return nil
	}
	return fmt.Errorf("checking the signature: it is %s, covers the file: %t: %w", r.Verdict, last.CoversFile, ErrGate)
}

// onlyAdded reports whether what stands behind a signature was looked at and changes
// nothing. Behind the last one there is no further signature.
func onlyAdded(c sign.Checked) bool {
	return slices.ContainsFunc(c.Problems, func(r pipeline.Reason) bool { return r.Code == "added-later" })
}

package workers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"hoso/pipeline"
	"hoso/pipeline/compose"
	"hoso/pipeline/sign"
	"hoso/workers/document"
)

// Check is one question that was asked of a paper, and its answer.
type Check struct {
	Name    string `json:"name"` // original, record, structure, attachment, signature, inner, former, grown
	Passed  bool   `json:"passed"`
	Aside   bool   `json:"aside,omitzero"` // it is told, and weighs nothing
	English string `json:"english"`
	Say     string `json:"vietnamese"`
}

// Verdict is what a stranger would find out about a paper: are the bytes those that
// were received and published, is the record what it claims, does its signature hold.
type Verdict struct {
	Good    bool               `json:"good"`
	Pages   int                `json:"pages"`
	Checks  []Check            `json:"checks"`
	Sealed  pipeline.Signature `json:"signature,omitzero"`
	Trusted bool               `json:"trusted"` // the signer's certificate leads to a trusted root
	File    *Examined          `json:"file,omitempty"`
	Inner   *Examined          `json:"inner,omitempty"` // the signed file that File carries, if it wraps one
}

// Examined is a file as it was found, and what its signatures are worth.
type Examined struct {
	Name      string          `json:"name,omitempty"` // if it stands in another one
	Digest    pipeline.Digest `json:"sha256,omitzero"`
	Size      int64           `json:"size"`
	Pages     int             `json:"pages"`
	PDFA      string          `json:"pdfa,omitempty"` // part and conformance that it claims, such as "2u"
	Encrypted bool            `json:"encrypted,omitzero"`
	Unfit     pipeline.Reason `json:"unfit,omitzero"` // why it cannot be judged
	Report    sign.Report     `json:"report"`
}

func (v *Verdict) add(c Check) {
	v.Checks = append(v.Checks, c)
	passed := c.Passed || c.Aside
	v.Good = passed && (v.Good || len(v.Checks) == 1)
}

// Verify reads the original and the record of a paper from object storage and checks
// every claim made of them. What is wrong stands in the verdict; an error means that
// the check itself could not be made.
func (o *Office) Verify(ctx context.Context, id pipeline.PaperID) (Verdict, error) {
	p, err := o.Papers.Paper(ctx, id)
	if err != nil {
		return Verdict{}, err
	}
	v := Verdict{Pages: p.Pages, Sealed: p.Sealed}
	intact, err := o.fixity(ctx, p.Original, io.Discard)
	if err != nil {
		return Verdict{}, err
	}
	v.add(originalChecks()[intact])
	if p = p.Shelved(); p.State == pipeline.Filed {
		v.Sealed = p.Sealed
		if err := o.verifyRecord(ctx, p, &v); err != nil {
			return Verdict{}, err
		}
		if err := o.verifyFormer(ctx, p, &v); err != nil {
			return Verdict{}, err
		}
	}
	return v, nil
}

// verifyFormer checks that the former records of p are still what they were, and what
// any record was before it was renewed.
func (o *Office) verifyFormer(ctx context.Context, p pipeline.Paper, v *Verdict) error {
	var broken []int
	earlier := generations{}
	for i, e := range p.Former {
		begins := beginningsOf(e.Grown)
		intact, err := o.fixity(ctx, e.Record, begins)
		if err != nil {
			return err
		}
		if !intact {
			broken = append(broken, i+1)
		}
		if err := o.verifyGrown(ctx, e.Grown, begins, &earlier); err != nil {
			return err
		}
	}
	if len(p.Former) > 0 {
		v.add(formerCheck(len(p.Former), broken))
	}
	return o.presentGrown(ctx, p, v, earlier)
}

// fixity reads an object to its end. A missing or changed object is a finding, an
// unreachable store an error.
func (o *Office) fixity(ctx context.Context, d pipeline.Digest, to io.Writer) (bool, error) {
	body, _, err := o.Objects.Get(ctx, d)
	if err == nil {
		_, err = io.Copy(diskWriter{to}, body)
		_ = body.Close() // read to its end
	}
	if _, ours := errors.AsType[diskError](err); ours { // a full disk says nothing about the object
		return false, spoolError(err)
	}
	var unavailable *pipeline.Unavailable
	if errors.As(err, &unavailable) || ctx.Err() != nil {
		return false, fmt.Errorf("reading an object: %w", err)
	}
	return err == nil, nil
}

// verifyRecord checks what was published of p.
func (o *Office) verifyRecord(ctx context.Context, p pipeline.Paper, v *Verdict) error {
	file, err := os.CreateTemp(o.Spool, "verifying-*")
	if err != nil {
		return spoolError(err)
	}
	defer os.Remove(file.Name()) //nolint:errcheck // a leftover is cleared at the next start
	defer file.Close()           //nolint:errcheck // scratch
	intact, err := o.fixity(ctx, p.Record, file)
	if err != nil {
		return err
	}
	v.add(recordChecks()[intact])
	if !intact {
		return nil
	}
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("verifying: %w", err)
	}
	facts, err := compose.Inspect(ctx, file, info.Size())
	if err != nil {
		return fmt.Errorf("inspecting the record: %w", err)
	}
	if !p.AsItCame() {
		if err := o.structure(ctx, p, facts, v); err != nil {
			return err
		}
	}
	v.File = examined(facts, info.Size())
	v.File.Digest = p.Record
	if err := filedSignatures(ctx, p, file, o.Trust, v); err != nil {
		return err
	}
	return within(ctx, file, facts, o.Trust, v)
}

// structure holds the record against its manifest: PDF/A, and the page images of the
// source in their order.
func (o *Office) structure(ctx context.Context, p pipeline.Paper, facts compose.Facts, v *Verdict) error {
	manifest, err := loadManifest(ctx, o.Objects, pipeline.ManifestKey(p.ID, p.Manifests()))
	if errors.Is(err, fs.ErrNotExist) || damaged(err) {
		v.add(structureCheck([]string{"the manifest is missing or damaged"}))
		return nil
	}
	if err != nil {
		return err
	}
	problems := formProblems(facts)
	if !slices.Equal(facts.Images, manifest.Pages) {
		problems = append(problems, "the page images are not those of the original")
	}
	v.add(structureCheck(problems))
	if !p.Wraps.IsZero() {
		v.add(attachmentChecks()[document.Carries(facts, p.Original)])
	}
	return nil
}

// Examine checks a PDF by itself: its claim to be PDF/A and its signatures, and those of a
// signed file that it wraps. A file that is none is a verdict, too, with the reason why it
// cannot be judged.
func Examine(ctx context.Context, file io.ReaderAt, size int64, trust sign.Trust) (Verdict, error) {
	v, facts, err := examine(ctx, file, size, trust)
	if err != nil {
		return v, err
	}
	return v, within(ctx, file, facts, trust, &v)
}

func examine(ctx context.Context, file io.ReaderAt, size int64, trust sign.Trust) (Verdict, compose.Facts, error) {
	facts, err := compose.Inspect(ctx, file, size)
	if err != nil {
		return Verdict{}, facts, fmt.Errorf("inspecting: %w", err)
	}
	v := Verdict{Pages: facts.Pages, File: examined(facts, size)}
	if v.File.Unfit, err = unjudgeable(file, size); err != nil {
		return Verdict{}, facts, fmt.Errorf("examining: %w", err)
	}
	if v.File.Unfit.IsZero() {
		v.add(formCheck(formProblems(facts)))
	}
	return v, facts, signatures(ctx, file, trust, &v)
}

// within judges the signed file that a file wraps, where it stands: the signatures of who
// issued the paper are in there, and those around it are of who keeps it. What they are
// worth weighs nothing, since the wrapper promises only to carry the file as it came. A
// wrapper in the wrapper is not opened.
func within(ctx context.Context, file io.ReaderAt, facts compose.Facts, trust sign.Trust, v *Verdict) error {
	for _, a := range facts.Attached {
		if a.Relationship != "Source" || a.Media != document.PDFMedia {
			continue
		}
		inner, _, err := examine(ctx, io.NewSectionReader(file, a.At, a.Size), a.Size, trust)
		if err != nil {
			return fmt.Errorf("examining the file in it: %w", err)
		}
		v.Inner = inner.File
		v.Inner.Name, v.Inner.Digest = a.Name, a.Digest
		v.add(innerCheck(signatureCheck(inner.File.Report, inner.File.Unfit)))
		return nil
	}
	return nil
}

func examined(f compose.Facts, size int64) *Examined {
	return &Examined{Size: size, Pages: f.Pages, PDFA: f.PDFA, Encrypted: f.Encrypted}
}

// signatures checks every signature in the file that v is about.
func signatures(ctx context.Context, file io.ReaderAt, trust sign.Trust, v *Verdict) error {
	if err := judged(ctx, file, trust, v); err != nil {
		return err
	}
	v.add(signatureCheck(v.File.Report, v.File.Unfit))
	return nil
}

// judged has the signatures in the file that v is about judged.
func judged(ctx context.Context, file io.ReaderAt, trust sign.Trust, v *Verdict) error {
	report, err := sign.Verify(ctx, file, v.File.Size, trust)
	if err != nil {
		return fmt.Errorf("verifying signatures: %w", err)
	}
	v.File.Report = report
	if report.Verdict == sign.Unreadable && v.File.Unfit.IsZero() {
		v.File.Unfit = damagedFile(v.File)
	}
	v.Trusted = report.Verdict == sign.Valid || report.Verdict == sign.Demo
	return nil
}

package workers

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/sign"
	"hoso/workers/document"
)

// ready asks of a certificate what must be known before anything is signed with it, and
// gives its whole chain. Where nobody is asked about revocation, signing itself looks at
// what the certificate says: an agency may sign before its roots are installed.
func (s *Steps) ready(ctx context.Context, chain []*x509.Certificate) ([]*x509.Certificate, error) {
	if s.Trust.Status == nil {
		return chain, nil
	}
	whole, err := s.Trust.Ready(ctx, chain, s.Now())
	if s.Signing.Later && nobodyTold(err) {
		trust := s.Trust
		trust.Status = nil
		whole, err = trust.Ready(ctx, chain, s.Now())
	}
	if err != nil {
		return nil, fmt.Errorf("before signing: %w", err)
	}
	return whole, nil
}

// nobodyTold reports whether an error says that nobody told of revocation.
func nobodyTold(err error) bool {
	u, ok := errors.AsType[*pipeline.Unavailable](err)
	return ok && u.What == "revocation data"
}

// prolong gives the signed file in folder what its signature needs to be proven when
// today's certificates have ended, and tells until when that suffices. A paper does not
// wait for that: it is signed, by a certificate that was asked about. What cannot be had
// at once is left to Renew, which the zero time of made.RenewBy asks for.
func (s *Steps) prolong(ctx context.Context, folder document.Folder, made pipeline.Signature) (pipeline.Signature, error) {
	if !s.prolongs() {
		return made, nil
	}
	short := folder.Signed() + ".short"
	if err := os.Rename(folder.Signed(), short); err != nil {
		return made, fmt.Errorf("signing: %w", err)
	}
	stamper := s.archiveStamper()
	if a, ok := stamper.(interface{ Quick() bool }); ok && !a.Quick() {
		stamper = nil
	}
	longer, err := s.prolonged(ctx, short, folder.Signed(), stamper)
	if missing, ok := errors.AsType[*pipeline.Unavailable](err); ok && !errors.Is(err, sign.ErrRevoked) {
		s.Log.LogAttrs(ctx, slog.LevelWarn, "signed for now, to be completed later",
			slog.String("missing", missing.What), slog.String("error", missing.Err.Error()))
		return made, os.Rename(short, folder.Signed())
	}
	if err != nil {
		return made, err
	}
	if longer.Level != s.Signing.Level {
		longer.RenewBy = time.Time{}
	}
	return grown(made, longer), os.Remove(short)
}

// prolonged adds validation data and a timestamp over it, or the data alone where no
// timestamp can be had.
func (s *Steps) prolonged(ctx context.Context, from, to string, stamper sign.Timestamper) (pipeline.Signature, error) {
	longer, err := document.Prolong(ctx, from, to, s.trustNow(), stamper)
	if _, away := errors.AsType[*pipeline.Unavailable](err); away && stamper != nil {
		return document.Prolong(ctx, from, to, s.trustNow(), nil)
	}
	return longer, err
}

// prolongs reports whether records get what proves their signatures later.
func (s *Steps) prolongs() bool {
	return s.Trust.Status != nil && (s.Signing.Level == "B-LT" || s.Signing.Level == "B-LTA")
}

// archiveStamper stamps whole files, nil if they are to get no timestamp.
func (s *Steps) archiveStamper() sign.Timestamper {
	if s.Signing.Level != "B-LTA" {
		return nil
	}
	return s.Signing.Timestamper
}

func (s *Steps) trustNow() sign.Trust {
	trust := s.Trust
	trust.Now = s.Now()
	return trust
}

// grown is a signature of a file that got more behind it.
func grown(of, longer pipeline.Signature) pipeline.Signature {
	of.Signed, of.Size, of.Level, of.RenewBy = longer.Signed, longer.Size, longer.Level, longer.RenewBy
	return of
}

// Renew makes sure that the record of a filed paper can still be proven when the
// certificates of today have ended: it appends what is missing and a new timestamp. The
// record's bytes stay, as the beginning of the new one. A paper that has moved on, or
// whose record needs nothing, is no error. It is upkeep, and nobody waits for it.
func (s *Steps) Renew(ctx context.Context, id pipeline.PaperID, gen int64) (err error) {
	if !s.prolongs() {
		return nil
	}
	p, err := s.Papers.Claim(ctx, id, gen, s.Owner, s.Now().Add(s.Lease))
	if errors.Is(err, pipeline.ErrStale) || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("claiming a paper: %w", err)
	}
	ctx, release := context.WithCancelCause(ctx)
	defer release(nil)
	go s.hold(ctx, p, release)
	moved, err := s.renew(ctx, p)
	if err == nil {
		s.Log.LogAttrs(ctx, slog.LevelInfo, "record renewed", slog.String("paper", string(moved.ID)), slog.String("level", moved.Sealed.Level))
		return nil
	}
	if errors.Is(err, pipeline.ErrStale) || errors.Is(context.Cause(ctx), pipeline.ErrStale) {
		return nil
	}
	freed := s.Papers.Release(context.WithoutCancel(ctx), p.ID, p.Gen, s.Owner)
	if errors.Is(freed, pipeline.ErrStale) {
		freed = nil
	}
	return errors.Join(fmt.Errorf("renewing a record: %w", err), freed)
}

func (s *Steps) renew(ctx context.Context, p pipeline.Paper) (moved pipeline.Paper, err error) {
	if !p.Renewable() {
		return p, pipeline.ErrStale
	}
	name := string(p.ID) + ".renewed" // apart from the moves of the same paper
	folder, err := document.Create(s.Scratch, name)
	if err != nil {
		return p, diskTrouble(err)
	}
	defer func() { err = errors.Join(err, document.Discard(s.Scratch, name)) }()
	if err := fetch(ctx, s.Objects, p.Record, folder.Composed()); err != nil {
		return p, err
	}
	longer, err := document.Prolong(ctx, folder.Composed(), folder.Signed(), s.trustNow(), s.archiveStamper())
	if err != nil {
		return p, diskTrouble(err)
	}
	if longer.Level == p.Sealed.Level && !longer.RenewBy.After(p.Sealed.RenewBy) {
		return p, pipeline.ErrStale // the authority's certificate is still the same: nothing is won
	}
	stored := pipeline.Stored{Digest: longer.Signed, Size: longer.Size, Media: document.PDFMedia}
	if err := s.put(ctx, folder.Signed(), stored); err != nil {
		return p, err
	}
	return s.replaceRecord(ctx, p, longer)
}

// replaceRecord publishes that the record of p has grown.
func (s *Steps) replaceRecord(ctx context.Context, p pipeline.Paper, longer pipeline.Signature) (pipeline.Paper, error) {
	now, before := s.Now(), pipeline.Stored{Digest: p.Record, Size: p.RecSize, Media: document.PDFMedia}
	p.Manifest = p.Manifests()
	last, err := loadManifest(ctx, s.Objects, pipeline.ManifestKey(p.ID, p.Manifest))
	if err != nil {
		return p, err
	}
	p.Grown = append(slices.Clip(p.Grown), before)
	p.Sealed = grown(p.Sealed, longer)
	p.Record, p.RecSize = longer.Signed, longer.Size
	m := pipeline.Move{Paper: p, Owner: s.Owner, Event: pipeline.Event{
		Paper: p.ID, Time: now, Actor: byItself, What: "renewed", From: p.State, To: p.State,
		Detail: detail(map[string]any{"level": longer.Level, "renew_by": longer.RenewBy, "before": before.Digest}),
	}}
	last.Schema, last.Written, last.Program = pipeline.ManifestSchema, now, s.Program
	last.Record, last.Signed = pipeline.Stored{Digest: p.Record, Size: p.RecSize, Media: document.PDFMedia}, p.Sealed
	d := deps{s.Papers, s.Objects, s.Now}
	written, err := publish(ctx, d, m, last)
	if err != nil {
		return p, err
	}
	if err := s.keepLight(ctx, before.Digest, written.Paper.Record); err != nil {
		return p, err
	}
	if m, err = adopt(ctx, d, m, written); err != nil {
		return p, err
	}
	return s.Papers.Commit(ctx, m)
}

// keepLight lets the access copy of a record stand for what it has grown to: the pages
// are the same.
func (s *Steps) keepLight(ctx context.Context, before, after pipeline.Digest) error {
	n, err := lightOf(ctx, s.Objects, before)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	n.Record = after
	return s.nameLight(ctx, n)
}

package sign

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/sign/internal/cms"
	"hoso/pipeline/sign/internal/pdf"
	"hoso/pipeline/sign/revocation"
	"hoso/pipeline/sign/tsa"
)

// Collect gathers what is missing in a file for its signatures and timestamps to be
// judged without asking anybody: the certificates on the way to a trusted root, and of
// each of them an answer on its revocation, verified before it is taken. What the file
// holds already is left out, so that a renewal adds only what is new.
//
// A certificate that does not lead to a root, was revoked when it counted, or does not
// say where to ask is an Unavailable of the signing key; that nobody answered is one of
// the revocation data.
func Collect(ctx context.Context, in io.ReaderAt, size int64, trust Trust) (Evidence, error) {
	if trust.Status == nil {
		return Evidence{}, errors.New("collecting validation data without a source")
	}
	v := &verifier{in: in, size: size, trust: trust.settled()}
	found, err := v.findings(ctx, &Report{})
	if err != nil {
		return Evidence{}, broken(err)
	}
	if len(found) == 0 {
		return Evidence{}, broken(fmt.Errorf("collecting validation data: no signature: %w", pdf.ErrBroken))
	}
	if err := v.judge(ctx, found); err != nil {
		return Evidence{}, fmt.Errorf("collecting validation data: %w", err)
	}
	c := &collector{verifier: v}
	for _, f := range found {
		if err := c.of(ctx, f); err != nil {
			return Evidence{}, err
		}
	}
	return c.evidence, nil
}

// collector gathers evidence for one file.
type collector struct {
	*verifier
	evidence Evidence
}

// of gathers what one signature or document timestamp needs. One whose bytes are not
// whole, or that is not ours to judge, needs nothing.
func (c *collector) of(ctx context.Context, f *finding) error {
	if !f.Intact {
		return nil
	}
	if f.token != nil {
		return c.ofStamp(ctx, f.token, f.token.Certificates, c.archive.provenAt(f.End))
	}
	if f.leaf == nil {
		return nil
	}
	at := c.archive.provenAt(f.End - 1)
	if raw := f.message.Unsigned(cms.TimestampToken); raw != nil {
		t, err := tsa.Open(raw)
		if err != nil {
			return badKey("collecting validation data: %w", err)
		}
		if err := c.ofStamp(ctx, t, slices.Concat(t.Certificates, f.message.Certificates), at); err != nil {
			return err
		}
		at = first(at, t.Time)
	}
	chain, err := chainAt(f.leaf, c.trust.roots(), slices.Concat(f.message.Certificates, c.archive.certificates), at)
	if err != nil {
		return badKey("collecting validation data: %w: %w", ErrNoRoot, err)
	}
	return c.chain(ctx, link{chain, f.message.Certificates, at})
}

// ofStamp gathers what a timestamp needs. Its authority must have been good until the
// next timestamp vouched for it, or until now.
func (c *collector) ofStamp(ctx context.Context, t *tsa.Token, carried []*x509.Certificate, until time.Time) error {
	c.evidence.Token = max(c.evidence.Token, len(t.Raw))
	chain, err := t.Chain(c.trust.stampRoots(), slices.Concat(carried, c.archive.certificates))
	if err != nil {
		return &pipeline.Unavailable{What: "timestamp authority", Err: fmt.Errorf("%w; import the root of who issued it (HOSO_TRUST): %w", ErrNoRoot, err)}
	}
	err = c.chain(ctx, link{chain, carried, until})
	if u, ok := errors.AsType[*pipeline.Unavailable](err); ok && u.What == keyAway {
		err = &pipeline.Unavailable{What: "timestamp authority", Err: u.Err} // its certificate, not ours
	}
	return err
}

// chain gathers answers for a chain, and those of its certificates that the signature
// does not carry.
func (c *collector) chain(ctx context.Context, l link) error {
	for i, cert := range l.chain {
		known := slices.Concat(l.carried, c.archive.certificates)
		if !slices.ContainsFunc(known, cert.Equal) {
			c.evidence.addCertificate(cert)
		}
		if i == len(l.chain)-1 {
			return nil // nobody stands above a root
		}
		if f, ok := c.archive.status(cert, l.chain[i+1], l.at); ok && f.store {
			continue
		}
		a, err := l.ask(ctx, c.trust.Status, i)
		if err != nil {
			return err
		}
		c.take(a)
	}
	return nil
}

func (c *collector) take(a revocation.Answer) {
	if a.Kind == revocation.CRL {
		addOnce(&c.evidence.CRLs, a.Raw)
		return
	}
	addOnce(&c.evidence.OCSPs, a.Raw)
}

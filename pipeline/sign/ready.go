package sign

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/sign/revocation"
)

// What can be wrong with a certificate that is not its own end. Ready and Fit wrap these,
// and revocation.ErrNoSource.
var (
	ErrNoRoot  = errors.New("the certificate does not lead to a trusted root")
	ErrRevoked = errors.New("a certificate on the way to the root was revoked")
)

func noRoot(leaf *x509.Certificate, err error) error {
	return badKey("%w (%s); import the root of who issued it (HOSO_TRUST): %w", ErrNoRoot, numbered(leaf), err)
}

// Fit tells what keeps Ready from ever being content with a chain, whoever answers:
// ErrNoRoot, or revocation.ErrNoSource. It asks nobody. Nil means that Ready must be
// asked: what comes and goes, such as the certificate's own time, is not judged here.
func (t Trust) Fit(chain []*x509.Certificate, at time.Time) error {
	if len(chain) == 0 || checkValidity(chain[0], at) != nil {
		return nil //nolint:nilerr // papers wait for another one
	}
	whole, err := chainAt(chain[0], t.roots(), chain, at)
	if err != nil {
		if last := chain[len(chain)-1]; !revocation.SelfIssued(last) && len(last.IssuingCertificateURL) > 0 {
			return nil // the issuer can be fetched
		}
		return noRoot(chain[0], err)
	}
	for _, cert := range whole[:len(whole)-1] {
		if !revocation.Answerable(cert) {
			return badKey("%s: %w", numbered(cert), revocation.ErrNoSource)
		}
	}
	return nil
}

// link is a chain whose certificates are asked about at a moment.
type link struct {
	chain   []*x509.Certificate
	carried []*x509.Certificate // those that travel with the signature
	at      time.Time
}

// ask asks about the certificate at place i. One that was revoked is an error.
func (l link) ask(ctx context.Context, source Source, i int) (revocation.Answer, error) {
	cert, issuer := l.chain[i], l.chain[i+1]
	a, err := source.Status(ctx, cert, issuer)
	switch {
	case errors.Is(err, revocation.ErrNoSource):
		return a, badKey("%s: %w", numbered(cert), err)
	case err != nil:
		return a, fmt.Errorf("asking about %s: %w", numbered(cert), err)
	case a.RevokedAt(l.at):
		return a, badKey("%w: %s was revoked on %s", ErrRevoked, numbered(cert), a.Revoked.Format(time.DateOnly))
	case !a.Covers(l.at):
		return a, &pipeline.Unavailable{
			What: "revocation data", Err: fmt.Errorf("the answer of %s does not speak of %s", a.This.Format(time.RFC3339), l.at.Format(time.RFC3339)),
		}
	}
	return a, nil
}

// Ready checks a certificate before anything is signed with it, as signing software
// must: its period and usage, that it leads to a trusted root, and, with t.Status, that
// nothing on the way has been revoked. It gives the whole chain, the root last; issuers
// that chain lacks are fetched from where the certificates say if t.Status can. Errors
// are *pipeline.Unavailable: of the signing key, or of the revocation data if nobody
// answered.
func (t Trust) Ready(ctx context.Context, chain []*x509.Certificate, at time.Time) ([]*x509.Certificate, error) {
	if len(chain) == 0 {
		return nil, badKey("no certificate")
	}
	if err := checkValidity(chain[0], at); err != nil {
		return nil, err
	}
	whole, err := t.complete(ctx, chain, at)
	if err != nil {
		return nil, noRoot(chain[0], err)
	}
	if t.Status == nil {
		return whole, nil
	}
	for i := range len(whole) - 1 {
		if _, err := (link{whole, whole, at}).ask(ctx, t.Status, i); err != nil {
			return nil, err
		}
	}
	return whole, nil
}

// issuers fetches certificates of issuers. revocation.Client is one.
type issuers interface {
	Issuer(ctx context.Context, cert *x509.Certificate) (*x509.Certificate, error)
}

// complete finds the way to a root, and fetches what it lacks.
func (t Trust) complete(ctx context.Context, chain []*x509.Certificate, at time.Time) ([]*x509.Certificate, error) {
	const most = 4 // issuers of issuers
	for range most {
		whole, err := chainAt(chain[0], t.roots(), chain, at)
		if err == nil {
			return whole, nil
		}
		source, can := t.Status.(issuers)
		last := chain[len(chain)-1]
		if !can || revocation.SelfIssued(last) {
			return nil, err
		}
		next, fetchErr := source.Issuer(ctx, last)
		if fetchErr != nil {
			return nil, errors.Join(err, fetchErr)
		}
		chain = append(slices.Clip(chain), next)
	}
	return nil, errors.New("the chain does not end")
}

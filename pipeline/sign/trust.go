package sign

import (
	"context"
	"crypto/x509"
	"slices"
	"time"

	"hoso/pipeline/sign/internal/cms"
	"hoso/pipeline/sign/revocation"
	"hoso/pipeline/sign/tsa"
)

func (t Trust) roots() *x509.CertPool {
	if t.Roots == nil {
		return x509.NewCertPool() // nil would mean the roots of the operating system
	}
	return t.Roots
}

func (t Trust) stampRoots() *x509.CertPool {
	if t.Timestamps == nil {
		return t.roots()
	}
	return t.Timestamps
}

// chainAt finds the way from a certificate to a root, at a moment.
func chainAt(leaf *x509.Certificate, roots *x509.CertPool, known []*x509.Certificate, at time.Time) ([]*x509.Certificate, error) {
	between := x509.NewCertPool()
	for _, c := range known {
		between.AddCert(c)
	}
	chains, err := leaf.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err != nil {
		return nil, err //nolint:wrapcheck // the caller says which chain
	}
	return chains[0], nil
}

// standing is what is known of the revocation of a chain at a moment.
type standing struct {
	revoked *revocation.Answer // of one of its certificates, at that moment or before
	later   *revocation.Answer // of one of its certificates, after that moment
	unknown *x509.Certificate  // the first certificate of which nobody told anything
	inFile  bool               // all that is needed stands in the store of the file
	upTo    int64              // and before this place
	until   time.Time          // when the first of the answers' signers ends
	inquiry Inquiry            // about the first certificate
}

// stand asks for every certificate of a chain but its root.
func (v *verifier) stand(ctx context.Context, chain []*x509.Certificate, at time.Time) (standing, error) {
	s := standing{inFile: true, until: chain[len(chain)-1].NotAfter}
	for i := range len(chain) - 1 {
		f, ok, err := v.status(ctx, chain[i], chain[i+1], at)
		if err != nil {
			return s, err
		}
		if !ok {
			s.inFile = false
			if s.unknown == nil {
				s.unknown, s.inquiry.Missing = chain[i], plain(chain[i].Subject.CommonName)
				s.inquiry.Silent = !revocation.Answerable(chain[i])
			}
			continue
		}
		if i == 0 {
			s.inquiry = f.inquiry()
		}
		s.inFile = s.inFile && f.store
		s.upTo = max(s.upTo, f.offset)
		if f.Responder.NotAfter.Before(s.until) {
			s.until = f.Responder.NotAfter
		}
		switch {
		case f.RevokedAt(at):
			s.revoked = &f.Answer
		case !f.Revoked.IsZero():
			s.later = &f.Answer
		}
	}
	return s, nil
}

// status looks in the file first and then asks, unless the certificate has ended:
// issuers do not speak of those any more. What the file holds from before the moment is
// asked about again, too: whoever put it there chose an answer that is still good. Its
// error is that of ctx.
func (v *verifier) status(ctx context.Context, cert, issuer *x509.Certificate, at time.Time) (found, bool, error) {
	f, ok := v.archive.status(cert, issuer, at)
	conclusive := ok && (!f.This.Before(at) || !f.Revoked.IsZero())
	if conclusive || v.trust.Status == nil || v.trust.Now.After(cert.NotAfter) {
		return f, ok, nil
	}
	a, err := v.trust.Status.Status(ctx, cert, issuer)
	switch {
	case ctx.Err() != nil:
		return found{}, false, ctx.Err()
	case err != nil || !a.Covers(at):
		return f, ok, nil //nolint:nilerr // nobody answered, and that is the answer
	case ok:
		f.Revoked, f.Reason, f.Kind, f.again = a.Revoked, a.Reason, a.Kind, a.This
		return f, true, nil
	}
	return found{Answer: a, offset: -1}, true, nil
}

// judgeStamp judges a document timestamp. Its certificate must be good when the next
// trusted timestamp was made over it, or now.
func (v *verifier) judgeStamp(ctx context.Context, f *finding) error {
	c := &f.Checked
	known := v.archive.proof(c.End)
	c.counts(known)
	chain, s, err := v.trustStamp(ctx, c, f.token, known.at)
	c.Revocation = s.inquiry
	if err != nil || chain == nil {
		return err
	}
	c.Trusted, c.Demo, c.Chain = true, anyDemo(chain), namesAbove(chain)
	if c.Verdict.rank() < Changed.rank() {
		v.archive.stamps = append(v.archive.stamps, stamp{c.End, f.token.Time, earliestEnd(chain), c.Authority})
	}
	return nil
}

func earliestEnd(chain []*x509.Certificate) time.Time {
	until := chain[0].NotAfter
	for _, c := range chain {
		if c.NotAfter.Before(until) {
			until = c.NotAfter
		}
	}
	return until
}

// counts says which time counts, and why.
func (c *Checked) counts(m moment) { c.Counts, c.Proof, c.Prover = m.at, m.by, m.prover }

// namesAbove are the common names of those who vouch for the first of a chain.
func namesAbove(chain []*x509.Certificate) []string {
	var above []string
	for _, c := range chain[1:] {
		above = append(above, plain(c.Subject.CommonName))
	}
	return above
}

// trustStamp judges who gave a timestamp: known is when the token provably existed. The
// chain is nil if it is not to be trusted.
func (v *verifier) trustStamp(ctx context.Context, c *Checked, t *tsa.Token, known time.Time) ([]*x509.Certificate, standing, error) {
	more := slices.Concat(t.Certificates, v.archive.certificates)
	chain, err := t.Chain(v.trust.stampRoots(), more)
	if err != nil {
		c.note("timestamp-untrusted")
		return nil, standing{}, nil //nolint:nilerr // that is the judgement
	}
	if known.After(earliestEnd(chain)) {
		c.note("timestamp-expired")
		return nil, standing{}, nil
	}
	s, err := v.stand(ctx, chain, known)
	if err != nil {
		return nil, s, err
	}
	if s.revoked != nil {
		c.note("timestamp-revoked")
		return nil, s, nil
	}
	return chain, s, nil
}

// judgeSigner judges who signed and when. The certificate must have been good at the
// time of a trusted timestamp; without one, when the file is known to have existed.
func (v *verifier) judgeSigner(ctx context.Context, f *finding) error {
	c, leaf := &f.Checked, f.leaf
	proven, err := v.bestTime(ctx, f)
	if err != nil {
		return err
	}
	c.counts(proven)
	c.ValidFrom, c.ValidUntil = leaf.NotBefore, leaf.NotAfter
	c.Demo = IsDemo(leaf)
	chain, err := chainAt(leaf, v.trust.roots(), slices.Concat(f.message.Certificates, v.archive.certificates), proven.at)
	c.Trusted = err == nil
	switch {
	case err == nil:
		c.Demo, c.Chain = c.Demo || anyDemo(chain), namesAbove(chain)
		if err := v.judgeStanding(ctx, f, chain, proven); err != nil {
			return err
		}
	case proven.at.After(leaf.NotAfter):
		c.note("certificate-expired")
	case proven.at.Before(leaf.NotBefore):
		c.note("certificate-early")
	case len(f.message.Certificates) == 1 && !revocation.SelfIssued(leaf):
		c.note("chain-incomplete")
	default:
		c.note("certificate-untrusted")
	}
	c.noteLeaf(leaf)
	return nil
}

// noteLeaf notes what the signer's certificate says of itself.
func (c *Checked) noteLeaf(leaf *x509.Certificate) {
	forSignatures := leaf.KeyUsage == 0 || leaf.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) != 0
	if !forSignatures || forMachines(leaf) {
		c.note("certificate-usage")
	}
	if c.Demo {
		c.note("demonstration")
	}
}

// forMachines reports whether a certificate is for servers, timestamps or answers on
// revocation and nothing else: those keys sign what strangers send.
func forMachines(leaf *x509.Certificate) bool {
	other := func(u x509.ExtKeyUsage) bool {
		return u != x509.ExtKeyUsageServerAuth && u != x509.ExtKeyUsageTimeStamping && u != x509.ExtKeyUsageOCSPSigning
	}
	return len(leaf.ExtKeyUsage) > 0 && len(leaf.UnknownExtKeyUsage) == 0 && !slices.ContainsFunc(leaf.ExtKeyUsage, other)
}

// moment is the time at which a signature provably existed, and what proves it.
type moment struct {
	at     time.Time
	by     Proof
	prover string              // common name
	chain  []*x509.Certificate // of the signature timestamp, nil without one that is trusted
}

// bestTime finds the earliest moment at which the signature provably existed (ETSI EN
// 319 102-1, 5.6.2.1: best-signature-time).
func (v *verifier) bestTime(ctx context.Context, f *finding) (moment, error) {
	c := &f.Checked
	m := v.archive.proof(c.End - 1)
	raw := f.message.Unsigned(cms.TimestampToken)
	if raw == nil {
		c.note("timestamp-none")
		return m, nil
	}
	t, err := tsa.Open(raw)
	if err == nil {
		err = t.Stamps(f.message.Value())
	}
	if err != nil {
		c.note("timestamp-wrong")
		return m, nil //nolint:nilerr // likewise
	}
	c.Time, c.Authority = t.Time, plain(t.Authority.Subject.CommonName)
	if c.Level == "B-B" {
		c.Level = "B-T"
	}
	more := *t
	more.Certificates = slices.Concat(t.Certificates, f.message.Certificates)
	m.chain, _, err = v.trustStamp(ctx, c, &more, m.at)
	if m.chain != nil && !t.Time.After(m.at) {
		m.at, m.by, m.prover = t.Time, ByTimestamp, c.Authority
	}
	return m, err
}

// judgeStanding judges revocation, and by it how long the verdict can be reached again.
func (v *verifier) judgeStanding(ctx context.Context, f *finding, chain []*x509.Certificate, m moment) error {
	c := &f.Checked
	s, err := v.stand(ctx, chain, m.at)
	if err != nil {
		return err
	}
	c.Revocation = s.inquiry
	switch {
	case s.revoked != nil:
		c.Trusted, c.Revoked = false, s.revoked.Revoked
		c.note("certificate-revoked")
	case s.later != nil:
		c.Revoked = s.later.Revoked
		c.note("revoked-later")
	case s.unknown != nil && v.trust.Now.After(s.unknown.NotAfter):
		c.note("revocation-unproven")
	case s.unknown != nil:
		c.note("revocation-unknown")
	}
	c.Until = earliestEnd(chain)
	if m.chain == nil {
		return nil
	}
	ofStamp, err := v.stand(ctx, m.chain, m.at)
	if err != nil {
		return err
	}
	v.level(c, m, s, ofStamp)
	return nil
}

// level raises a level from B-T by what the file holds (ETSI EN 319 142-1, 6.3), and
// tells until when the file alone suffices.
func (v *verifier) level(c *Checked, m moment, signer, stamp standing) {
	c.Until = first(c.Until, earliestEnd(m.chain))
	if c.Level != "B-T" || !signer.inFile || !stamp.inFile {
		return
	}
	c.Level = "B-LT"
	c.Until = first(earliestEnd(m.chain), first(signer.until, stamp.until))
	upTo := max(signer.upTo, stamp.upTo)
	for _, s := range v.archive.stamps {
		if s.end <= upTo {
			continue
		}
		if c.Level != "B-LTA" || s.until.After(c.Until) {
			c.Level, c.Until = "B-LTA", s.until
		}
	}
}

func first(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func anyDemo(chain []*x509.Certificate) bool { return slices.ContainsFunc(chain, IsDemo) }

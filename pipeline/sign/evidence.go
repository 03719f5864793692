package sign

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"hoso/pipeline/sign/internal/cms"
	"hoso/pipeline/sign/revocation"
)

// Source asks issuers whether a certificate is revoked. revocation.Client is one.
type Source interface {
	Status(ctx context.Context, cert, issuer *x509.Certificate) (revocation.Answer, error)
}

// maxPairs bounds the certificates of one file that are asked about.
const maxPairs = 256

// archive is all validation data that a file holds, and since when it provably did.
type archive struct {
	certificates []*x509.Certificate
	answers      []proof
	stamps       []stamp // document timestamps that are trusted
	now          time.Time
	told         map[[2 * sha256.Size]byte][]found // by certificate and issuer: what is verified
}

// proof is an OCSP answer or a list found in a file.
type proof struct {
	der    []byte
	list   *revocation.List // nil for an OCSP answer
	offset int64            // where it stands in the file
	store  bool             // in the document security store
}

// stamp is a document timestamp that is trusted: everything before end existed then.
type stamp struct {
	end       int64
	time      time.Time
	until     time.Time // when its certificates end
	authority string    // common name
}

func newArchive(store []stored, now time.Time) *archive {
	a := &archive{now: now}
	for _, s := range store {
		if s.kind != "Certs" {
			a.add(s)
			continue
		}
		if c, err := x509.ParseCertificate(s.der); err == nil {
			a.certificates = append(a.certificates, c)
		}
	}
	return a
}

// add puts in an answer; one that cannot be read proves nothing and is left out.
func (a *archive) add(s stored) {
	p := proof{der: s.der, offset: s.offset, store: s.kind != embedded}
	if list, err := revocation.ReadList(s.der); err == nil {
		p.list = list
	}
	if len(a.answers) < 2*maxStored {
		a.answers = append(a.answers, p)
	}
}

// embedded is the kind of answers that stand in a signature.
const embedded = "embedded"

// addEmbedded takes in the answers that a signature carries in itself, as those of
// Adobe's form do: RevocationInfoArchival ::= SEQUENCE { crl [0], ocsp [1] } .
func (a *archive) addEmbedded(m *cms.Message, offset int64) {
	in := cryptobyte.String(m.Signed(cms.RevocationArchival))
	var all cryptobyte.String
	if !in.ReadASN1(&all, cbasn1.SEQUENCE) {
		return
	}
	for i := range 2 {
		var outer, list, one cryptobyte.String
		var present bool
		tag := cbasn1.Tag(i).ContextSpecific().Constructed()
		if !all.ReadOptionalASN1(&outer, &present, tag) || present && !outer.ReadASN1(&list, cbasn1.SEQUENCE) {
			return
		}
		for list.ReadASN1Element(&one, cbasn1.SEQUENCE) {
			a.add(stored{embedded, slices.Clone(one), offset})
		}
	}
}

// provenAt is when what ends before this place in the file provably existed: at the
// earliest trusted document timestamp over it, or else now.
func (a *archive) provenAt(offset int64) time.Time { return a.proof(offset).at }

// proof is provenAt with who proves it.
func (a *archive) proof(offset int64) moment {
	m := moment{at: a.now}
	for _, s := range a.stamps {
		if s.end > offset && s.time.Before(m.at) {
			m = moment{at: s.time, by: ByDocument, prover: s.authority}
		}
	}
	return m
}

// found is an answer with where it came from.
type found struct {
	revocation.Answer
	offset int64 // -1 if it was asked for just now
	store  bool
	again  time.Time // of what was asked for just now besides what the file holds; zero for nothing
}

// inquiry tells where an answer came from.
func (f found) inquiry() Inquiry {
	switch {
	case !f.again.IsZero():
		return Inquiry{Source: "issuer", Kind: string(f.Kind), Told: f.again}
	case f.offset < 0:
		return Inquiry{Source: "issuer", Kind: string(f.Kind), Told: f.This}
	}
	return Inquiry{Source: "file", Kind: string(f.Kind), Told: f.This}
}

// status finds what the file tells of a certificate at the moment at. An answer counts
// if its signer's certificate had not ended when the answer provably existed. An answer
// that tells of a revocation goes before all others.
func (a *archive) status(cert, issuer *x509.Certificate, at time.Time) (best found, ok bool) {
	for _, this := range a.about(cert, issuer) {
		if !this.Covers(at) || a.provenAt(this.offset).After(this.Responder.NotAfter) {
			continue
		}
		if this.RevokedAt(at) {
			return this, true
		}
		if !ok || this.store && !best.store {
			best, ok = this, true
		}
	}
	return best, ok
}

// about gives all that the file tells of a certificate. Each answer is verified once for
// each certificate, of which at most maxPairs are looked at.
func (a *archive) about(cert, issuer *x509.Certificate) []found {
	var key [2 * sha256.Size]byte
	one, two := sha256.Sum256(cert.Raw), sha256.Sum256(issuer.Raw)
	copy(key[copy(key[:], one[:]):], two[:])
	if list, ok := a.told[key]; ok || len(a.told) >= maxPairs {
		return list
	}
	list := []found{}
	for _, p := range a.answers {
		if answer, err := p.answer(cert, issuer); err == nil {
			list = append(list, found{Answer: answer, offset: p.offset, store: p.store})
		}
	}
	if a.told == nil {
		a.told = map[[2 * sha256.Size]byte][]found{}
	}
	a.told[key] = list
	return list
}

func (p proof) answer(cert, issuer *x509.Certificate) (revocation.Answer, error) {
	if p.list != nil {
		return p.list.Of(cert, issuer)
	}
	return revocation.OpenOCSP(p.der, cert, issuer)
}

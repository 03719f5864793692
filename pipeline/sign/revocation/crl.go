package revocation

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// List is a CertificateList, of which large ones are read once for many certificates.
// Its entries are left as the bytes they are: a list of 32 MB would take ten times that
// in memory. It is not safe for concurrent use.
type List struct {
	raw    []byte
	list   *x509.RevocationList // all but the entries
	issuer *x509.Certificate    // by whose key it is known to be signed

	signed              cryptobyte.String // tbsCertList, which the signature is over,
	head, entries, tail cryptobyte.String // its parts
	behind              cryptobyte.String // and the signature
}

// ReadList reads a CertificateList and believes nothing of it yet.
func ReadList(raw []byte) (*List, error) {
	l := &List{raw: raw}
	if !l.split() {
		return nil, fmt.Errorf("reading a revocation list: %w", ErrAnswer)
	}
	var err error
	l.list, err = l.parse(nil)
	return l, err
}

// split finds the parts of a list (RFC 5280, 5.1).
func (l *List) split() bool {
	in := cryptobyte.String(l.raw)
	var list, tbs cryptobyte.String
	if !in.ReadASN1(&list, cbasn1.SEQUENCE) || !in.Empty() || !list.ReadASN1Element(&l.signed, cbasn1.SEQUENCE) {
		return false
	}
	l.behind = list
	in = l.signed
	if !in.ReadASN1(&tbs, cbasn1.SEQUENCE) {
		return false
	}
	rest := tbs
	if !skipHead(&rest) {
		return false
	}
	l.head = tbs[:len(tbs)-len(rest)]
	if rest.PeekASN1Tag(cbasn1.SEQUENCE) && !rest.ReadASN1(&l.entries, cbasn1.SEQUENCE) {
		return false
	}
	l.tail = rest
	return true
}

// skipHead passes version, signature, issuer, thisUpdate and nextUpdate.
func skipHead(s *cryptobyte.String) bool {
	return s.SkipOptionalASN1(cbasn1.INTEGER) && s.SkipASN1(cbasn1.SEQUENCE) && s.SkipASN1(cbasn1.SEQUENCE) &&
		skipTime(s) && (!isTime(*s) || skipTime(s))
}

// parse reads the list as if it had but this entry, or none.
func (l *List) parse(entry []byte) (*x509.RevocationList, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(l.head)
			if entry != nil {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(entry) })
			}
			b.AddBytes(l.tail)
		})
		b.AddBytes(l.behind)
	})
	bare, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("reading a revocation list: %w: %w", ErrAnswer, err)
	}
	list, err := x509.ParseRevocationList(bare)
	if err != nil {
		return nil, fmt.Errorf("reading a revocation list: %w: %w", ErrAnswer, err)
	}
	return list, nil
}

func isTime(s cryptobyte.String) bool {
	return s.PeekASN1Tag(cbasn1.UTCTime) || s.PeekASN1Tag(cbasn1.GeneralizedTime)
}

func skipTime(s *cryptobyte.String) bool {
	var value cryptobyte.String
	var tag cbasn1.Tag
	return isTime(*s) && s.ReadAnyASN1(&value, &tag)
}

// Of gives what the list says of cert, and verifies that it is issuer's own and a
// complete one for certificates of that kind: lists of changes, lists of some reasons,
// lists kept by somebody else and those of another distribution point are refused.
func (l *List) Of(cert, issuer *x509.Certificate) (Answer, error) {
	if !bytes.Equal(l.list.RawIssuer, issuer.RawSubject) {
		return Answer{}, wrong("reading a revocation list", ErrOther)
	}
	if err := l.verify(issuer); err != nil {
		return Answer{}, fmt.Errorf("verifying a revocation list: %w: %w", ErrSigner, err)
	}
	if err := checkScope(l.list, cert); err != nil {
		return Answer{}, wrong("reading a revocation list", err)
	}
	a := Answer{Kind: CRL, Raw: l.raw, This: l.list.ThisUpdate, Next: l.list.NextUpdate, Responder: issuer}
	entry, err := l.entry(cert.SerialNumber)
	if err != nil {
		return Answer{}, wrong("reading a revocation list", err)
	}
	if entry != nil && entry.ReasonCode != removeFromCRL {
		a.Revoked, a.Reason = entry.RevocationTime, entry.ReasonCode
	}
	return a, nil
}

// verify checks that the list is signed by issuer, who may sign lists.
func (l *List) verify(issuer *x509.Certificate) error {
	if l.issuer != nil && l.issuer.Equal(issuer) {
		return nil
	}
	if issuer.KeyUsage != 0 && issuer.KeyUsage&x509.KeyUsageCRLSign == 0 {
		return errors.New("the issuer's certificate is not for lists")
	}
	if err := issuer.CheckSignature(l.list.SignatureAlgorithm, l.signed, l.list.Signature); err != nil {
		return err //nolint:wrapcheck // the caller says of what
	}
	l.issuer = issuer
	return nil
}

// entry finds the last entry of a serial number; nil if there is none.
func (l *List) entry(serial *big.Int) (*x509.RevocationListEntry, error) {
	var found cryptobyte.String
	number := new(big.Int)
	for rest := l.entries; !rest.Empty(); {
		var entry, inner cryptobyte.String
		if !rest.ReadASN1Element(&entry, cbasn1.SEQUENCE) {
			return nil, ErrAnswer
		}
		inner = entry
		if !inner.ReadASN1(&inner, cbasn1.SEQUENCE) || !inner.ReadASN1Integer(number) {
			return nil, ErrAnswer
		}
		if number.Cmp(serial) == 0 {
			found = entry
		}
	}
	if found == nil {
		return nil, nil
	}
	list, err := l.parse(found)
	if err != nil || len(list.RevokedCertificateEntries) != 1 {
		return nil, ErrAnswer
	}
	return &list.RevokedCertificateEntries[0], nil
}

// OpenCRL is ReadList and Of in a row.
func OpenCRL(raw []byte, cert, issuer *x509.Certificate) (Answer, error) {
	l, err := ReadList(raw)
	if err != nil {
		return Answer{}, err
	}
	return l.Of(cert, issuer)
}

const removeFromCRL = 8

// checkScope reads the extensions that narrow a list.
func checkScope(list *x509.RevocationList, cert *x509.Certificate) error {
	for _, e := range list.Extensions {
		switch id := e.Id.String(); {
		case id == "2.5.29.27": // delta CRL indicator
			return fmt.Errorf("%w: it lists changes only", ErrOther)
		case id == "2.5.29.28":
			if err := checkDistribution(e, cert); err != nil {
				return err
			}
		case e.Critical:
			return fmt.Errorf("%w: unknown critical extension %s", ErrAnswer, id)
		}
	}
	return nil
}

// checkDistribution reads IssuingDistributionPoint (RFC 5280, 5.2.5).
func checkDistribution(e pkix.Extension, cert *x509.Certificate) error {
	in := cryptobyte.String(e.Value)
	var point cryptobyte.String
	if !in.ReadASN1(&point, cbasn1.SEQUENCE) {
		return ErrAnswer
	}
	for !point.Empty() {
		var part cryptobyte.String
		var tag cbasn1.Tag
		if !point.ReadAnyASN1(&part, &tag) {
			return ErrAnswer
		}
		if tag == cbasn1.Tag(0).ContextSpecific().Constructed() && !publishedAt(part, cert) || narrows(tag, part, cert.IsCA) {
			return fmt.Errorf("%w: it is not complete for such certificates", ErrOther)
		}
	}
	return nil
}

// publishedAt reports whether one of the addresses at which a list is published is one
// that the certificate names (RFC 5280, 6.3.3 b 2 i). An authority that cuts its lists
// in pieces says so only by this: the other pieces know nothing of the certificate.
func publishedAt(point cryptobyte.String, cert *x509.Certificate) bool {
	var names cryptobyte.String
	if !point.ReadASN1(&names, cbasn1.Tag(0).ContextSpecific().Constructed()) {
		return false
	}
	for !names.Empty() {
		var name cryptobyte.String
		var tag cbasn1.Tag
		if !names.ReadAnyASN1(&name, &tag) {
			return false
		}
		if tag == cbasn1.Tag(6).ContextSpecific() && slices.Contains(cert.CRLDistributionPoints, string(name)) {
			return true
		}
	}
	return false
}

// narrows reports whether a part of IssuingDistributionPoint leaves a certificate out.
func narrows(tag cbasn1.Tag, part cryptobyte.String, isCA bool) bool {
	yes := len(part) == 1 && part[0] != 0
	switch tag {
	case cbasn1.Tag(0).ContextSpecific().Constructed(): // where it is published
		return false
	case cbasn1.Tag(1).ContextSpecific(): // end users' certificates only
		return yes && isCA
	case cbasn1.Tag(2).ContextSpecific(): // authorities' certificates only
		return yes && !isCA
	default: // some reasons, somebody else's, attribute certificates
		return yes || len(part) > 1
	}
}

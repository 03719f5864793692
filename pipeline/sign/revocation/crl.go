package revocation

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// List is a CertificateList, of which large ones are read once for many certificates.
// It is not safe for concurrent use.
type List struct {
	raw    []byte
	list   *x509.RevocationList
	issuer *x509.Certificate // by whose key it is known to be signed
}

// ReadList reads a CertificateList and believes nothing of it yet.
func ReadList(raw []byte) (*List, error) {
	list, err := x509.ParseRevocationList(raw)
	if err != nil {
		return nil, fmt.Errorf("reading a revocation list: %w: %w", ErrAnswer, err)
	}
	return &List{raw: raw, list: list}, nil
}

// Of gives what the list says of cert, and verifies that it is issuer's own and a
// complete one for certificates of that kind: lists of changes, lists of some reasons
// and lists kept by somebody else are refused.
func (l *List) Of(cert, issuer *x509.Certificate) (Answer, error) {
	if !bytes.Equal(l.list.RawIssuer, issuer.RawSubject) {
		return Answer{}, wrong("reading a revocation list", ErrOther)
	}
	if l.issuer == nil || !l.issuer.Equal(issuer) {
		if err := l.list.CheckSignatureFrom(issuer); err != nil {
			return Answer{}, fmt.Errorf("verifying a revocation list: %w: %w", ErrSigner, err)
		}
		l.issuer = issuer
	}
	if err := checkScope(l.list, cert); err != nil {
		return Answer{}, wrong("reading a revocation list", err)
	}
	a := Answer{Kind: CRL, Raw: l.raw, This: l.list.ThisUpdate, Next: l.list.NextUpdate, Responder: issuer}
	for _, e := range l.list.RevokedCertificateEntries {
		if e.SerialNumber.Cmp(cert.SerialNumber) == 0 && e.ReasonCode != removeFromCRL {
			a.Revoked, a.Reason = e.RevocationTime, e.ReasonCode
		}
	}
	return a, nil
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
		if narrows(tag, part, cert.IsCA) {
			return fmt.Errorf("%w: it is not complete for such certificates", ErrOther)
		}
	}
	return nil
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

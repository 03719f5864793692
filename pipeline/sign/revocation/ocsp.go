package revocation

import (
	"bytes"
	"crypto"
	_ "crypto/sha1" //nolint:gosec // names issuers in questions, as RFC 5019 demands; nothing rests on it
	"crypto/x509"
	"fmt"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
	"golang.org/x/crypto/ocsp"
)

// OpenOCSP reads an OCSPResponse about cert and verifies that it is the word of issuer:
// signed by the issuer's key, or by a certificate that the issuer gave for this purpose
// alone and that was valid when it signed.
func OpenOCSP(raw []byte, cert, issuer *x509.Certificate) (Answer, error) {
	r, err := ocsp.ParseResponseForCert(raw, cert, nil)
	if err != nil {
		return Answer{}, fmt.Errorf("reading an OCSP answer: %w: %w", ErrAnswer, err)
	}
	if err := isAbout(r, issuer); err != nil {
		return Answer{}, wrong("reading an OCSP answer", err)
	}
	responder, err := responderOf(r, issuer)
	if err != nil {
		return Answer{}, wrong("verifying an OCSP answer", err)
	}
	a := Answer{Kind: OCSP, Raw: raw, This: r.ThisUpdate, Next: r.NextUpdate, Responder: responder}
	switch r.Status {
	case ocsp.Good:
	case ocsp.Revoked:
		a.Revoked, a.Reason = r.RevokedAt, r.RevocationReason
	default:
		return Answer{}, wrong("reading an OCSP answer", ErrUnknown)
	}
	return a, nil
}

// isAbout compares the issuer that the answer names for this serial number with the one
// that is meant: serial numbers alone are unique to an issuer only.
func isAbout(r *ocsp.Response, issuer *x509.Certificate) error {
	name, key, err := issuerHashes(issuer, r.IssuerHash)
	if err != nil {
		return err
	}
	singles, ok := singlesOf(r.TBSResponseData)
	if !ok {
		return ErrAnswer
	}
	for !singles.Empty() {
		id, ok := readCertID(&singles)
		if !ok {
			return ErrAnswer
		}
		if id.serial.Cmp(r.SerialNumber) == 0 && (!bytes.Equal(id.name, name) || !bytes.Equal(id.key, key)) {
			return ErrOther
		}
	}
	return nil
}

// singlesOf gives the single answers: what follows version, responderID and producedAt
// (RFC 6960, 4.2.1).
func singlesOf(data []byte) (singles cryptobyte.String, ok bool) {
	in := cryptobyte.String(data)
	var all, responder cryptobyte.String
	var tag cbasn1.Tag
	ok = in.ReadASN1(&all, cbasn1.SEQUENCE) && all.SkipOptionalASN1(cbasn1.Tag(0).ContextSpecific().Constructed()) &&
		all.ReadAnyASN1(&responder, &tag) && all.SkipASN1(cbasn1.GeneralizedTime) && all.ReadASN1(&singles, cbasn1.SEQUENCE)
	return singles, ok
}

// certID names a certificate by the hashes of its issuer's name and key.
type certID struct {
	name, key cryptobyte.String
	serial    *big.Int
}

// readCertID reads the head of one single answer and passes the rest of it.
func readCertID(singles *cryptobyte.String) (certID, bool) {
	var one, id, algorithm cryptobyte.String
	c := certID{serial: new(big.Int)}
	ok := singles.ReadASN1(&one, cbasn1.SEQUENCE) && one.ReadASN1(&id, cbasn1.SEQUENCE) && id.ReadASN1(&algorithm, cbasn1.SEQUENCE) &&
		id.ReadASN1(&c.name, cbasn1.OCTET_STRING) && id.ReadASN1(&c.key, cbasn1.OCTET_STRING) && id.ReadASN1Integer(c.serial)
	return c, ok
}

// issuerHashes are the hashes of an issuer's name and key in a CertID.
func issuerHashes(issuer *x509.Certificate, h crypto.Hash) (name, key []byte, err error) {
	if !h.Available() {
		return nil, nil, ErrAnswer
	}
	in := cryptobyte.String(issuer.RawSubjectPublicKeyInfo)
	var info, algorithm, bits cryptobyte.String
	if !in.ReadASN1(&info, cbasn1.SEQUENCE) || !info.ReadASN1(&algorithm, cbasn1.SEQUENCE) ||
		!info.ReadASN1(&bits, cbasn1.BIT_STRING) || len(bits) < 1 {
		return nil, nil, ErrAnswer
	}
	return sum(h, issuer.RawSubject), sum(h, bits[1:]), nil
}

func sum(h crypto.Hash, b []byte) []byte {
	state := h.New()
	state.Write(b)
	return state.Sum(nil)
}

// responderOf finds who signed an answer.
func responderOf(r *ocsp.Response, issuer *x509.Certificate) (*x509.Certificate, error) {
	c := r.Certificate // the answer's signature by it is verified
	if c == nil || bytes.Equal(c.RawSubjectPublicKeyInfo, issuer.RawSubjectPublicKeyInfo) {
		if err := r.CheckSignatureFrom(issuer); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrSigner, err)
		}
		return issuer, nil
	}
	if err := issuer.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSigner, err)
	}
	if !bytes.Equal(c.RawIssuer, issuer.RawSubject) || !Delegated(c) {
		return nil, ErrSigner
	}
	if r.ProducedAt.Before(c.NotBefore) || r.ProducedAt.After(c.NotAfter) {
		return nil, fmt.Errorf("%w: its certificate was not valid then", ErrSigner)
	}
	return c, nil
}

// question makes an OCSPRequest about one certificate. Issuers are named by SHA-1: many
// responders know nothing else (RFC 5019, 2.1.1).
func question(cert, issuer *x509.Certificate) ([]byte, error) {
	der, err := ocsp.CreateRequest(cert, issuer, nil)
	if err != nil {
		return nil, fmt.Errorf("asking about a certificate: %w", err)
	}
	return der, nil
}

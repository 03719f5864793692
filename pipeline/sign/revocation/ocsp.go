package revocation

import (
	"bytes"
	"crypto"
	_ "crypto/sha1" //nolint:gosec // names issuers in questions, as RFC 5019 demands; nothing rests on it
	"crypto/x509"
	"fmt"

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

// isAbout compares the issuer that the answer names with the one that is meant: serial
// numbers alone are unique to an issuer only.
func isAbout(r *ocsp.Response, issuer *x509.Certificate) error {
	name, key, err := issuerHashes(issuer, r.IssuerHash)
	if err != nil {
		return err
	}
	if !bytes.Contains(r.TBSResponseData, name) || !bytes.Contains(r.TBSResponseData, key) {
		return ErrOther
	}
	return nil
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

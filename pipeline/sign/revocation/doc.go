// Package revocation learns whether a certificate has been revoked, from the answers
// of OCSP responders (RFC 6960) and from certificate revocation lists (RFC 5280, 5),
// and keeps those answers as evidence for the time when nobody answers any more.
//
// An answer is worth only what its verification shows. OpenOCSP and OpenCRL verify who
// signed it before anyone sees it, alike for one just fetched and for one found in a
// file; whether it tells enough for a moment is asked of Answer.
//
// Addresses come out of certificates, so a stranger's certificate must not be asked
// about before it leads to a trusted root: otherwise a file handed in could send the
// server to any address it likes.
package revocation

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"slices"
	"time"
)

// What can be wrong with an answer. OpenOCSP and OpenCRL wrap these.
var (
	ErrAnswer   = errors.New("malformed revocation answer")
	ErrSigner   = errors.New("the revocation answer is signed by somebody who may not give it")
	ErrOther    = errors.New("the revocation answer is about other certificates")
	ErrUnknown  = errors.New("the responder does not know the certificate")
	ErrNoSource = errors.New("the certificate does not say where to ask for its revocation")
)

// Kind is the form of an answer.
type Kind string

// The kinds of answers.
const (
	OCSP Kind = "OCSP"
	CRL  Kind = "CRL"
)

// Answer is what an issuer said of one certificate, verified to be its word.
type Answer struct {
	Kind      Kind
	Raw       []byte    // DER of an OCSPResponse or a CertificateList
	This      time.Time // the moment it speaks of (thisUpdate)
	Next      time.Time // when there will be a newer one (nextUpdate); zero if not said
	Revoked   time.Time // zero if the certificate is not revoked
	Reason    int       // CRLReason of a revocation (RFC 5280, 5.3.1)
	Responder *x509.Certificate
}

// RevokedAt reports whether the certificate was revoked at the moment t.
func (a Answer) RevokedAt(t time.Time) bool { return !a.Revoked.IsZero() && !a.Revoked.After(t) }

// Covers reports whether the answer tells the state at the moment t: it speaks of that
// moment or a later one, or t comes before the next answer was due.
func (a Answer) Covers(t time.Time) bool {
	return !a.This.Before(t) || !a.Next.IsZero() && !a.Next.Before(t)
}

// Delegated reports whether a certificate is for signing OCSP answers.
func Delegated(c *x509.Certificate) bool {
	return slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning)
}

// Unchecked reports whether the issuer says that a responder's certificate need not be
// checked for revocation (RFC 6960, 4.2.2.2.1: id-pkix-ocsp-nocheck).
func Unchecked(c *x509.Certificate) bool {
	return slices.ContainsFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.String() == "1.3.6.1.5.5.7.48.1.5" })
}

// SelfIssued reports whether a certificate is a root: nobody above it can revoke it.
func SelfIssued(c *x509.Certificate) bool {
	return string(c.RawIssuer) == string(c.RawSubject)
}

func wrong(what string, err error) error { return fmt.Errorf("%s: %w", what, err) }

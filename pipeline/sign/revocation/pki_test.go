package revocation_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"hoso/pipeline/sign/signtest"
)

var now = time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)

// issuer is an authority with a key of some kind.
type issuer struct {
	cert *x509.Certificate
	key  crypto.Signer
}

func newIssuer(t *testing.T, key crypto.Signer) issuer {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "TEST ISSUER"}, SubjectKeyId: []byte("issuer"),
		NotBefore: now.AddDate(-5, 0, 0), NotAfter: now.AddDate(15, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign | x509.KeyUsageDigitalSignature,
	}
	return issuer{signtest.Certify(t, template, template, key.Public(), key), key}
}

// signer certifies a new signer; change may alter the certificate.
func (i issuer) signer(t *testing.T, change func(*x509.Certificate)) issuer {
	t.Helper()
	key := signtest.Key(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(4711), Subject: pkix.Name{CommonName: "TEST SIGNER"},
		NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(2, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	if change != nil {
		change(template)
	}
	return issuer{signtest.Certify(t, template, i.cert, key.Public(), i.key), key}
}

// responder certifies somebody to answer for the issuer.
func (i issuer) responder(t *testing.T, change func(*x509.Certificate)) issuer {
	t.Helper()
	return i.signer(t, func(c *x509.Certificate) {
		c.SerialNumber, c.Subject = big.NewInt(99), pkix.Name{CommonName: "TEST RESPONDER"}
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning}
		if change != nil {
			change(c)
		}
	})
}

// answers is an OCSP answer about serial 4711, given by somebody for an issuer.
func (i issuer) answers(t *testing.T, by issuer, change func(*ocsp.Response)) []byte {
	t.Helper()
	r := ocsp.Response{
		Status: ocsp.Good, SerialNumber: big.NewInt(4711), ThisUpdate: now, NextUpdate: now.AddDate(0, 0, 1), IssuerHash: crypto.SHA1,
	}
	if !by.cert.Equal(i.cert) {
		r.Certificate = by.cert
	}
	if change != nil {
		change(&r)
	}
	der, err := ocsp.CreateResponse(i.cert, by.cert, r, by.key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// lists is a revocation list of the issuer.
func (i issuer) lists(t *testing.T, change func(*x509.RevocationList)) []byte {
	t.Helper()
	l := &x509.RevocationList{Number: big.NewInt(7), ThisUpdate: now, NextUpdate: now.AddDate(0, 0, 7)}
	if change != nil {
		change(l)
	}
	der, err := x509.CreateRevocationList(rand.Reader, l, i.cert, i.key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// extension marshals a value into an extension.
func extension(t *testing.T, id asn1.ObjectIdentifier, value any) []pkix.Extension {
	t.Helper()
	der, err := asn1.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return []pkix.Extension{{Id: id, Critical: true, Value: der}}
}

// point is IssuingDistributionPoint (RFC 5280, 5.2.5).
type point struct {
	Where   names          `asn1:"optional,tag:0"`
	Users   bool           `asn1:"optional,tag:1"`
	CAs     bool           `asn1:"optional,tag:2"`
	Reasons asn1.BitString `asn1:"optional,tag:3"`
	Foreign bool           `asn1:"optional,tag:4"`
}

type names struct {
	Full []asn1.RawValue `asn1:"optional,tag:0"`
}

func at(url string) names {
	return names{[]asn1.RawValue{{Class: asn1.ClassContextSpecific, Tag: 6, Bytes: []byte(url)}}}
}

// keys are those that authorities have.
func keys(t *testing.T) map[string]crypto.Signer {
	t.Helper()
	heavy, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	longer, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]crypto.Signer{"RSA": heavy, "P-256": signtest.Key(t), "P-384 with SHA-384": longer}
}

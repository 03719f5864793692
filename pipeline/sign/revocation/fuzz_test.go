package revocation_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"testing"

	"golang.org/x/crypto/ocsp"

	"hoso/pipeline/sign/revocation"
)

// fixed is an authority for seeds: its key is made anew each time, so what the fuzzer
// changes is never signed, and only the seeds themselves may be believed.
func fixed(f *testing.F) (cert *x509.Certificate, key crypto.Signer) {
	f.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(4711), Subject: pkix.Name{CommonName: "TEST"}, SubjectKeyId: []byte("issuer"),
		NotBefore: now.AddDate(-5, 0, 0), NotAfter: now.AddDate(15, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		f.Fatal(err)
	}
	if cert, err = x509.ParseCertificate(der); err != nil {
		f.Fatal(err)
	}
	return cert, key
}

// FuzzOpenOCSP: what is not signed is refused with an error of this package.
func FuzzOpenOCSP(f *testing.F) {
	cert, key := fixed(f)
	for _, status := range []int{ocsp.Good, ocsp.Revoked, ocsp.Unknown} {
		raw, err := ocsp.CreateResponse(cert, cert, ocsp.Response{
			Status: status, SerialNumber: cert.SerialNumber, ThisUpdate: now, NextUpdate: now, RevokedAt: now, IssuerHash: crypto.SHA256,
		}, key)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, err := revocation.OpenOCSP(raw, cert, cert)
		known(t, err)
	})
}

// FuzzOpenCRL likewise.
func FuzzOpenCRL(f *testing.F) {
	cert, key := fixed(f)
	for _, entries := range [][]x509.RevocationListEntry{nil, {{SerialNumber: cert.SerialNumber, RevocationTime: now, ReasonCode: 1}}} {
		raw, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{
			Number: big.NewInt(1), ThisUpdate: now, NextUpdate: now, RevokedCertificateEntries: entries,
		}, cert, key)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, err := revocation.OpenCRL(raw, cert, cert)
		known(t, err)
	})
}

func known(t *testing.T, err error) {
	t.Helper()
	for _, e := range []error{nil, revocation.ErrAnswer, revocation.ErrOther, revocation.ErrSigner, revocation.ErrUnknown} {
		if errors.Is(err, e) {
			return
		}
	}
	t.Errorf("error = %v", err)
}

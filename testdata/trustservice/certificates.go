package trustservice

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"testing"
	"time"
)

// Chain certifies a key below a root, the root in front of the issuer as some services do.
func Chain(t testing.TB, public crypto.PublicKey) []*x509.Certificate {
	t.Helper()
	now := time.Now().Truncate(time.Second)
	authority := func(name string, years int) *x509.Certificate {
		return &x509.Certificate{
			Subject: pkix.Name{CommonName: name}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(years, 0, 0),
			IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		}
	}
	rootKey, issuerKey := newKey(t, elliptic.P256()), newKey(t, elliptic.P256())
	root := authority("TEST ROOT", 10)
	rooted := certify(t, root, root, rootKey.Public(), rootKey)
	issuer := certify(t, authority("TEST ISSUER", 5), rooted, issuerKey.Public(), rootKey)
	leaf := certify(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: "UBND xã Thử"}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
	}, issuer, public, issuerKey)
	return []*x509.Certificate{leaf, rooted, issuer}
}

func certify(t testing.TB, template, parent *x509.Certificate, public crypto.PublicKey, key crypto.Signer) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newKey(t testing.TB, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

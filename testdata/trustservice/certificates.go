package trustservice

import (
	"crypto"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"testing"
	"time"

	"hoso/pipeline/sign/signtest"
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
	rootKey, issuerKey := signtest.KeyOn(t, elliptic.P256()), signtest.KeyOn(t, elliptic.P256())
	root := authority("TEST ROOT", 10)
	rooted := signtest.Certify(t, root, root, rootKey.Public(), rootKey)
	issuer := signtest.Certify(t, authority("TEST ISSUER", 5), rooted, issuerKey.Public(), rootKey)
	leaf := signtest.Certify(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: "UBND xã Thử"}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
	}, issuer, public, issuerKey)
	return []*x509.Certificate{leaf, rooted, issuer}
}

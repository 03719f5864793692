// Package signtest is a certification authority for tests, with everything that a real
// one has: a root, an intermediate, an OCSP responder with a certificate of its own,
// revocation lists, a timestamp authority, and addresses at which all of them answer.
package signtest

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"hoso/pipeline/sign"
	"hoso/pipeline/sign/tsa"
)

const nowhere = "http://authority.invalid/" // nothing answers there but Authority itself

// Authority is a root and what stands below it. It answers as an http.RoundTripper, so
// that a test needs no port; Down and Revoke may be called at any time.
type Authority struct {
	Root, CA *x509.Certificate
	Stamps   *tsa.Server
	Asked    func(path string) // told of every question; may be nil

	host      string // where it answers, with a slash at the end
	rootKey   crypto.Signer
	caKey     crypto.Signer
	mu        sync.Mutex
	now       time.Time
	responder pair
	revoked   map[string]x509.RevocationListEntry // by issuer and serial number
	down      map[string]bool                     // by path
}

type pair struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// New makes an authority whose certificates are valid around now: the root from 5 years
// before to 25 years after, the intermediate to 15, the timestamp authority to 8.
func New(t testing.TB, now time.Time) *Authority {
	t.Helper()
	return newAt(t, now, nowhere)
}

// Serve is New at a port of this machine, for programs that are not ours.
func Serve(t testing.TB, now time.Time) *Authority {
	t.Helper()
	var a *Authority
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	a = newAt(t, now, server.URL+"/")
	return a
}

func newAt(t testing.TB, now time.Time, host string) *Authority {
	t.Helper()
	a := &Authority{host: host, now: now, revoked: map[string]x509.RevocationListEntry{}, down: map[string]bool{}}
	a.rootKey, a.caKey = Key(t), Key(t)
	root := &x509.Certificate{
		Subject:   name("TEST ROOT"),
		NotBefore: now.AddDate(-5, 0, 0), NotAfter: now.AddDate(25, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	a.Root = certify(t, root, pair{root, a.rootKey}, a.rootKey.Public())
	a.CA = certify(t, a.addressed(&x509.Certificate{
		Subject:   name("TEST ISSUING AUTHORITY"),
		NotBefore: now.AddDate(-4, 0, 0), NotAfter: now.AddDate(15, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}, "root"), pair{a.Root, a.rootKey}, a.caKey.Public())
	a.Travel(t, now)
	a.Stamps = a.TimestampAuthority(t, now.AddDate(8, 0, 0))
	return a
}

// Travel sets the authority's clock: what it says from then on it says at that moment,
// with a responder's certificate of that year.
func (a *Authority) Travel(t testing.TB, now time.Time) {
	t.Helper()
	key := Key(t)
	cert := certify(t, &x509.Certificate{
		Subject:   name("TEST OCSP RESPONDER"),
		NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning},
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}, Value: []byte{5, 0}}},
	}, pair{a.CA, a.caKey}, key.Public())
	a.mu.Lock()
	defer a.mu.Unlock()
	a.now, a.responder = now, pair{cert, key}
}

func name(common string) pkix.Name {
	return pkix.Name{Country: []string{"VN"}, Organization: []string{"HOSO TEST"}, CommonName: common}
}

// addressed adds where to ask about a certificate issued by the root or the intermediate.
func (a *Authority) addressed(c *x509.Certificate, issuer string) *x509.Certificate {
	c.IssuingCertificateURL = []string{a.host + issuer + ".crt"}
	c.CRLDistributionPoints = []string{a.host + issuer + ".crl"}
	if issuer == "ca" {
		c.OCSPServer = []string{a.host + "ocsp"}
	}
	return c
}

// Identity certifies a key for signing; change may alter the certificate before.
func (a *Authority) Identity(t testing.TB, key crypto.Signer, change func(*x509.Certificate)) sign.Identity {
	t.Helper()
	c := a.addressed(&x509.Certificate{
		Subject:   pkix.Name{Country: []string{"VN"}, Organization: []string{"UBND xã Thử"}, CommonName: "Nguyễn Văn Thử"},
		NotBefore: a.Clock().AddDate(-1, 0, 0), NotAfter: a.Clock().AddDate(2, 0, 0),
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
	}, "ca")
	if change != nil {
		change(c)
	}
	made := certify(t, c, pair{a.CA, a.caKey}, key.Public())
	return sign.Identity{Key: key, Chain: []*x509.Certificate{made, a.CA, a.Root}}
}

// TimestampAuthority makes a further timestamp authority, until is the end of its
// certificate.
func (a *Authority) TimestampAuthority(t testing.TB, until time.Time) *tsa.Server {
	t.Helper()
	usage, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	if err != nil {
		t.Fatal(err)
	}
	key := Key(t)
	c := certify(t, a.addressed(&x509.Certificate{
		Subject: name("TEST TIMESTAMPS"), NotBefore: a.Clock().AddDate(-1, 0, 0), NotAfter: until,
		KeyUsage:        x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: usage}},
	}, "ca"), pair{a.CA, a.caKey}, key.Public())
	return &tsa.Server{Key: key, Chain: []*x509.Certificate{c, a.CA, a.Root}, Policy: "1.2.3.4.1", Now: a.Clock}
}

// Roots is a pool with the root alone.
func (a *Authority) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.Root)
	return pool
}

// RootFile writes the root certificate for programs that want a file.
func (a *Authority) RootFile(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Root.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TSA is the address of the timestamp authority.
func (a *Authority) TSA() string { return a.host + "tsa" }

// Revoke lists a certificate as revoked at a moment.
func (a *Authority) Revoke(c *x509.Certificate, at time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.revoked[string(c.RawIssuer)+c.SerialNumber.Text(16)] = x509.RevocationListEntry{
		SerialNumber: c.SerialNumber, RevocationTime: at.UTC(), ReasonCode: 1,
	}
}

// certify signs a certificate whose key identifier follows from the key.
func certify(t testing.TB, template *x509.Certificate, issuer pair, pub crypto.PublicKey) *x509.Certificate {
	t.Helper()
	spki, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		t.Fatal(err)
	}
	id := sha256.Sum256(spki)
	template.SubjectKeyId = id[:20]
	if template.SerialNumber == nil {
		template.SerialNumber = new(big.Int).SetBytes(append([]byte{1}, id[20:]...))
	}
	c := Certify(t, template, issuer.cert, pub, issuer.key)
	if !bytes.Equal(c.SubjectKeyId, id[:20]) {
		t.Fatal("the certificate lost its key identifier")
	}
	return c
}

package sign_test

import (
	"crypto"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
	"hoso/pipeline/sign/tsa"
)

// now is the moment at which tests sign; certificates are valid around it.
var now = time.Now().Truncate(time.Second)

// pki is a root with the certificates below it.
type pki struct {
	root  *x509.Certificate
	key   crypto.Signer
	roots *x509.CertPool
}

func newPKI(t testing.TB) *pki {
	t.Helper()
	key := signtest.KeyOn(t, elliptic.P256())
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{Country: []string{"VN"}, CommonName: "TEST ROOT"},
		NotBefore: now.AddDate(-5, 0, 0), NotAfter: now.AddDate(15, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	p := &pki{key: key, roots: x509.NewCertPool()}
	p.root = signtest.Certify(t, template, template, key.Public(), key)
	p.roots.AddCert(p.root)
	return p
}

// identity certifies a key for signing; change may alter the certificate.
func (p *pki) identity(t testing.TB, key crypto.Signer, change func(*x509.Certificate)) sign.Identity {
	t.Helper()
	template := &x509.Certificate{
		Subject:   pkix.Name{Country: []string{"VN"}, Organization: []string{"UBND xã Thử"}, CommonName: "Nguyễn Văn Thử"},
		NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(2, 0, 0),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
		IssuingCertificateURL: []string{"http://test.invalid/root.crt"}, CRLDistributionPoints: []string{"http://test.invalid/root.crl"},
	}
	if change != nil {
		change(template)
	}
	return sign.Identity{Key: key, Chain: []*x509.Certificate{signtest.Certify(t, template, p.root, key.Public(), p.key), p.root}}
}

// authority is a timestamp authority below the root.
func (p *pki) authority(t testing.TB) *tsa.Server {
	t.Helper()
	key := signtest.KeyOn(t, elliptic.P256())
	usage, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		Subject:   pkix.Name{Country: []string{"VN"}, CommonName: "TEST TIMESTAMPS"},
		NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(8, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: usage}},
	}
	return &tsa.Server{
		Key: key, Chain: []*x509.Certificate{signtest.Certify(t, template, p.root, key.Public(), p.key), p.root}, Policy: "1.2.3.4.1",
	}
}

// stamper is a client of a running authority.
func (p *pki) stamper(t testing.TB) *tsa.Client {
	t.Helper()
	return serve(t, p.authority(t))
}

// serve gives a client of an authority that answers without a network.
func serve(_ testing.TB, h http.Handler) *tsa.Client {
	return &tsa.Client{URLs: []string{"http://authority.invalid"}, Limit: 10 * time.Second, HTTP: &http.Client{Transport: direct{h}}}
}

// direct hands requests to a handler.
type direct struct{ http.Handler }

// RoundTrip answers; without a handler nobody is there.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	if d.Handler == nil {
		return nil, errors.New("connection refused")
	}
	recorder := httptest.NewRecorder()
	d.ServeHTTP(recorder, r)
	return recorder.Result(), nil
}

func (p *pki) rootFile(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.root.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// rsaKey is made once: it takes its time.
var rsaKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

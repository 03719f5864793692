package pkcs11_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"os"
	"testing"
	"time"

	"hoso/pipeline/sign/pkcs11"
	"hoso/testdata/softhsm"
)

// now is the moment at which tests sign; certificates are valid around it.
var now = time.Now().Truncate(time.Second)

// shelf is what the tests find: tokens, all of them made before the library is loaded.
type shelf struct {
	store  *softhsm.Store
	tokens map[string]*softhsm.Token
	keys   map[string]crypto.Signer
	certs  map[string]*x509.Certificate
	root   *x509.Certificate
	issuer *x509.Certificate // below the root
	rootOf crypto.Signer
	under  crypto.Signer // the issuer's key
}

// tokens is made by TestMain.
var tokens *shelf

// pin is every token's.
const pin = "482915"

// TestMain puts tokens on the shelf: making them is slow, and the library reads its
// configuration once.
func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "hoso-tokens-")
		if err == nil {
			defer func() { _ = os.RemoveAll(dir) }()
			tokens, err = stocked(dir)
		}
		if err == nil {
			err = os.Setenv("SOFTHSM2_CONF", tokens.store.Config)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return m.Run()
	}())
}

func stocked(dir string) (*shelf, error) {
	s := &shelf{tokens: map[string]*softhsm.Token{}, keys: map[string]crypto.Signer{}, certs: map[string]*x509.Certificate{}}
	var err error
	if s.store, err = softhsm.New(dir); err != nil {
		return nil, err
	}
	if err := s.certify(); err != nil {
		return nil, err
	}
	for label, objects := range s.contents() {
		t, err := s.store.Token(label, pin)
		if err != nil {
			return nil, err
		}
		s.tokens[label] = t
		for _, o := range objects {
			if err := t.Put(o); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

// kinds are the keys of the tests.
func kinds() []string { return []string{"rsa-2048", "rsa-3072", "rsa-4096", "p-256", "p-384", "other"} }

func newKey(kind string) (crypto.Signer, error) {
	switch kind {
	case "rsa-2048":
		return rsa.GenerateKey(rand.Reader, 2048)
	case "rsa-3072":
		return rsa.GenerateKey(rand.Reader, 3072)
	case "rsa-4096":
		return rsa.GenerateKey(rand.Reader, 4096)
	case "p-384":
		return ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	}
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

// certify makes keys, and certificates for them below a root and an issuer.
func (s *shelf) certify() (err error) {
	if s.rootOf, err = newKey("p-256"); err != nil {
		return err
	}
	if s.under, err = newKey("p-256"); err != nil {
		return err
	}
	authority := func(name string) *x509.Certificate {
		return &x509.Certificate{
			Subject: pkix.Name{Country: []string{"VN"}, CommonName: name}, NotBefore: now.AddDate(-5, 0, 0), NotAfter: now.AddDate(15, 0, 0),
			IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		}
	}
	root := authority("TEST ROOT")
	if s.root, err = certificate(root, root, s.rootOf.Public(), s.rootOf); err != nil {
		return err
	}
	if s.issuer, err = certificate(authority("TEST ISSUER"), s.root, s.under.Public(), s.rootOf); err != nil {
		return err
	}
	for _, kind := range kinds() {
		if s.keys[kind], err = newKey(kind); err != nil {
			return err
		}
		leaf := &x509.Certificate{
			Subject:   pkix.Name{Country: []string{"VN"}, Organization: []string{"UBND xã Thử"}, CommonName: "Nguyễn Văn Thử"},
			NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(2, 0, 0),
			KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
			IssuingCertificateURL: []string{"http://test.invalid/issuer.crt"}, CRLDistributionPoints: []string{"http://test.invalid/issuer.crl"},
		}
		if s.certs[kind], err = certificate(leaf, s.issuer, s.keys[kind].Public(), s.under); err != nil {
			return err
		}
	}
	return nil
}

func certificate(template, parent *x509.Certificate, pub crypto.PublicKey, key crypto.Signer) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, pub, key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// contents says what lies on which token.
func (s *shelf) contents() map[string][]softhsm.Object {
	one := func(kind string, public bool) softhsm.Object {
		return softhsm.Object{Label: "khóa " + kind, ID: 1, Key: s.keys[kind], Public: public, Cert: s.certs[kind]}
	}
	all := map[string][]softhsm.Object{
		"pulled": {one("rsa-2048", false)}, "stale": {one("p-256", true)}, "pin": {one("p-256", true)}, "crowd": {one("rsa-2048", true)},
		"empty": {{Label: "TEST ROOT", ID: 9, Cert: s.root}},
		"asks":  {{Label: "ký", ID: 1, Key: s.keys["rsa-2048"], AlwaysAuth: true, Cert: s.certs["rsa-2048"]}},
		// The key lies there without its public half, so that only a signature shows whose it is.
		"hidden":   {one("p-256", false)},
		"mismatch": {{Label: "ký", ID: 1, Key: s.keys["rsa-2048"], Public: true, Cert: s.certs["other"]}},
		"liar":     {{Label: "ký", ID: 1, Key: s.keys["p-256"], Cert: s.certs["other"]}},
	}
	for i, kind := range kinds()[:5] {
		o := softhsm.Object{Label: kind, ID: byte(i + 1), Key: s.keys[kind], Public: true, Cert: s.certs[kind]}
		all["keys"] = append(all["keys"], o)
	}
	all["keys"] = append(all["keys"], softhsm.Object{Label: "TEST ROOT", ID: 8, Cert: s.root}, softhsm.Object{Label: "TEST ISSUER", ID: 9, Cert: s.issuer})
	return all
}

// config opens one of the tokens.
func config(label string) pkcs11.Config {
	return pkcs11.Config{Module: softhsm.Module, Token: label, PIN: pin}
}

// open opens a token for the length of a test.
func open(t testing.TB, c pkcs11.Config) *pkcs11.Token {
	t.Helper()
	token, err := pkcs11.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := token.Close(); err != nil {
			t.Error(err)
		}
	})
	return token
}

package cms_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"hoso/pipeline/sign/internal/cms"
)

// TestParseReadsOpenSSL reads what OpenSSL writes: DER, and with -stream indefinite
// lengths, as other signing programs do.
func TestParseReadsOpenSSL(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	cert := identity(t, file("cert.pem"), file("key.pem"))
	content := []byte("nội dung")
	write(t, file("content"), content)
	for name, c := range map[string]struct {
		args []string
		ess  error
	}{
		"cades":     {[]string{"-cades"}, nil},
		"plain":     {nil, cms.ErrNoESS},
		"streaming": {[]string{"-cades", "-stream"}, nil},
		"attached":  {[]string{"-cades", "-stream", "-nodetach"}, nil},
		"key id":    {[]string{"-cades", "-keyid"}, nil},
	} {
		args := append([]string{
			"cms", "-sign", "-binary", "-md", "sha256", "-in", file("content"), "-outform", "DER",
			"-out", file(name), "-signer", file("cert.pem"), "-inkey", file("key.pem"),
		}, c.args...)
		if out, err := exec.CommandContext(t.Context(), "openssl", args...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		raw, err := os.ReadFile(file(name))
		if err != nil {
			t.Fatal(err)
		}
		m, err := cms.Parse(append(raw, 0, 0, 0))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		signer, err := m.SigningCertificate()
		if err != nil || !signer.Equal(cert) {
			t.Errorf("%s: signer: %v", name, err)
			continue
		}
		if err := errors.Join(m.CheckContent(cms.Sum(m.Hash, content)), m.CheckSignature(signer)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := m.CheckContent(cms.Sum(m.Hash, []byte("other"))); !errors.Is(err, cms.ErrDigest) {
			t.Errorf("%s: other content: %v", name, err)
		}
		if err := m.CheckESS(signer); !errors.Is(err, c.ess) {
			t.Errorf("%s: signing certificate: %v, want %v", name, err, c.ess)
		}
		if name == "attached" && string(m.Content) != string(content) {
			t.Errorf("%s: content = %q", name, m.Content)
		}
		if _, err := cms.Parse(append(raw, 1)); !errors.Is(err, cms.ErrMalformed) {
			t.Errorf("%s: a byte behind the message: %v", name, err)
		}
	}
}

// identity writes a self-signed certificate and its key.
func identity(t *testing.T, certPath, keyPath string) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "OPENSSL"}, SubjectKeyId: []byte("key identifier"),
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, certPath, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	write(t, keyPath, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

package main_test

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// TestEncryptedPages: with a certificate the pages speak TLS and nothing else, and
// the cookie of a login goes over such lines only.
func TestEncryptedPages(t *testing.T) {
	t.Parallel()
	ca := newAgency(t)
	s := newService(t, ca.pageCertificate(t)...)
	s.greeting(`secret (\S+) `) // printed last
	greeting := s.said.String()
	address := regexp.MustCompile(`hoso: (https?)://(\S+)`).FindStringSubmatch(greeting)
	secret := regexp.MustCompile(`account (\S+), secret (\S+)`).FindStringSubmatch(greeting)
	if address == nil || secret == nil || address[1] != "https" {
		t.Fatalf("the greeting names no encrypted address, or no secret:\n%s", greeting)
	}
	roots := x509.NewCertPool()
	roots.AddCert(ca.Root)
	client := &http.Client{
		Timeout:       30 * time.Second,
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	answer, err := client.PostForm("https://"+address[2]+"/login", url.Values{"account": {secret[1]}, "secret": {secret[2]}}) //nolint:noctx // limited above
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Error(err)
	}
	cookies := answer.Cookies()
	if answer.StatusCode != http.StatusSeeOther || len(cookies) != 1 {
		t.Fatalf("login: %s, cookies %v", answer.Status, cookies)
	}
	if c := cookies[0]; c.Name != "__Host-hoso" || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" {
		t.Errorf("cookie %v; want one for this host and encrypted lines only", c)
	}
	plain, err := client.Get("http://" + address[2] + "/login") //nolint:noctx // limited above
	if err == nil {
		if plain.StatusCode != http.StatusBadRequest {
			t.Errorf("without encryption: %s, want it refused", plain.Status)
		}
		if err := plain.Body.Close(); err != nil {
			t.Error(err)
		}
	}
}

// pageCertificate makes a certificate for pages on this machine, and gives the
// settings that name it.
func (a *agency) pageCertificate(t *testing.T) []string {
	t.Helper()
	key, dir := newKey(t), t.TempDir()
	leaf := a.Identity(t, key, func(c *x509.Certificate) {
		c.Subject, c.IPAddresses = pkix.Name{CommonName: "localhost"}, []net.IP{net.IPv4(127, 0, 0, 1)}
		c.KeyUsage, c.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}).Chain[0]
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	chain := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Raw}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.CA.Raw})...)
	cert, private := filepath.Join(dir, "trang.crt"), filepath.Join(dir, "trang.key")
	write(t, cert, chain)
	write(t, private, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
	return []string{"HOSO_TLS_CERT=" + cert, "HOSO_TLS_KEY=" + private}
}

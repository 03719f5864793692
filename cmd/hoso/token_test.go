package main_test

import (
	"crypto/x509"
	"encoding/pem"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/testdata/softhsm"
	"hoso/testdata/trustservice"
)

// agencyToken is a token with the agency's key, and the settings that name it.
type agencyToken struct {
	*softhsm.Token
	env []string
}

const tokenPIN = "8204617"

func (a *agency) token(t *testing.T) agencyToken {
	t.Helper()
	store, err := softhsm.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	made, err := store.Token("Ban Cơ yếu", tokenPIN)
	if err != nil {
		t.Fatal(err)
	}
	key := newKey(t)
	for _, o := range []softhsm.Object{
		{Label: "con dấu UBND", ID: 1, Key: key, Cert: a.leaf(t, key, time.Now().Add(-time.Hour), time.Now().AddDate(1, 0, 0))},
		{Label: "cấp chứng thư", ID: 2, Cert: a.CA},
		{Label: "gốc", ID: 3, Cert: a.Root},
	} {
		if err := made.Put(o); err != nil {
			t.Fatal(err)
		}
	}
	pin := filepath.Join(t.TempDir(), "pin")
	write(t, pin, []byte(tokenPIN+"\n"))
	return agencyToken{made, []string{
		"SOFTHSM2_CONF=" + store.Config, "HOSO_PKCS11=" + softhsm.Module, "HOSO_PKCS11_TOKEN=Ban Cơ yếu",
		"HOSO_PKCS11_KEY=con dấu UBND", "HOSO_PKCS11_PIN=@" + pin, "HOSO_TRUST=" + a.file,
	}}
}

// TestKeyOnToken files a paper with a key that never leaves its token. When the token is
// pulled out, papers wait, also over a restart of the service, and go on by themselves.
func TestKeyOnToken(t *testing.T) {
	t.Parallel()
	ca := newAgency(t)
	token := ca.token(t)
	s := newService(t, append(token.env, "HOSO_TSA="+startAuthority(t, ca).url)...)
	papers, code := s.submitted(filepath.Join(scans, "quyet-dinh.jpg"))
	if code != 0 || len(papers) != 1 {
		t.Fatalf("submit: exit %d, %+v", code, papers)
	}
	if p := papers[0]; p.State != pipeline.Filed || p.Sealed.Demo || p.Sealed.Signer != "UBND xã Thử Nghiệm" {
		t.Errorf("%s is %s, sealed %+v; want it filed and signed by the agency", p.ID, p.State, p.Sealed)
	}
	s.foundAndGood(papers[0], ca.file)

	if err := token.Pull(); err != nil {
		t.Fatal(err)
	}
	sent := s.handIn(1, "desk")
	for id := range sent {
		s.waits(id, "khóa ký số")
	}
	s.stop()
	s.start()
	for id := range s.handIn(1, "bulk") {
		sent[id] = pipeline.Digest{}
		s.waits(id, "khóa ký số")
	}
	if err := token.Return(); err != nil {
		t.Fatal(err)
	}
	for id := range sent {
		s.filedAtLast(id)
	}
	if strings.Contains(s.said.String(), tokenPIN) {
		t.Error("the log tells the PIN")
	}
}

// TestKeyElsewhere files a paper with a key at a trust service. While the service is too
// busy, the paper waits; what the service then refuses does not reject the next one.
func TestKeyElsewhere(t *testing.T) {
	t.Parallel()
	ca, key := newAgency(t), newKey(t)
	p := trustservice.New(t, key)
	p.Certs = []*x509.Certificate{ca.leaf(t, key, time.Now().Add(-time.Hour), time.Now().AddDate(1, 0, 0)), ca.CA, ca.Root}
	web := p.Start()
	trusted := filepath.Join(t.TempDir(), "web.pem")
	write(t, trusted, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: web.Certificate().Raw}))
	s := newService(t, "SSL_CERT_FILE="+trusted, "HOSO_CSC="+web.URL+"/qtsp", "HOSO_CSC_CLIENT="+trustservice.Client,
		"HOSO_CSC_SECRET="+trustservice.Secret, "HOSO_CSC_PIN="+trustservice.PIN, "HOSO_TRUST="+ca.file, "HOSO_TSA="+startAuthority(t, ca).url)
	p.Fail("signatures/signHash", trustservice.Fault{Status: 429, Header: "1"})
	papers, code := s.submitted(filepath.Join(scans, "quyet-dinh.jpg"))
	if code != 0 || len(papers) != 1 || papers[0].State != pipeline.Filed || papers[0].Sealed.Signer != "UBND xã Thử Nghiệm" {
		t.Fatalf("submit: exit %d, %+v; want it filed and signed by the agency", code, papers)
	}
	if n := p.Asked("signatures/signHash"); n != 2 {
		t.Errorf("asked %d times to sign, want once in vain and once more", n)
	}
	s.foundAndGood(papers[0], ca.file)

	p.Fail("credentials/authorize", trustservice.Fault{Status: 400, Code: "invalid_authentication_data"})
	asked := p.Asked("credentials/authorize")
	for id := range s.handIn(2, "desk") {
		if waiting := s.waits(id, "khóa ký số"); waiting.State != pipeline.Failed {
			t.Errorf("%s is %s; want it to wait for the key", id, waiting.State)
		}
	}
	if n := p.Asked("credentials/authorize") - asked; n != 1 {
		t.Errorf("the PIN was shown %d times after it was refused, want once", n)
	}
	for _, secret := range []string{trustservice.PIN, trustservice.Secret} {
		if strings.Contains(s.said.String(), secret) {
			t.Error("the log tells a secret")
		}
	}
}

// TestTokenThatCannotBeUsed: nothing starts with settings that an operator must mend.
func TestTokenThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	ca := newAgency(t)
	good := ca.token(t).env
	for name, c := range map[string]struct {
		env  []string
		want string
	}{
		"two places":    {append([]string{"HOSO_CSC=https://ky-so.example.vn"}, good...), "only one"},
		"no library":    {append(slices.Clip(good), "HOSO_PKCS11=/nowhere.so"), "Không nạp được thư viện PKCS#11"},
		"another token": {append(slices.Clip(good), "HOSO_PKCS11_TOKEN=khác"), "Không tìm thấy thiết bị ký số"},
		"another key":   {append(slices.Clip(good), "HOSO_PKCS11_KEY=khác"), "theo tên đã khai báo"},
		"wrong PIN":     {append(slices.Clip(good), "HOSO_PKCS11_PIN=000000"), "Mã PIN của thiết bị ký số không đúng"},
		"plain HTTP":    {[]string{"HOSO_CSC=http://ky-so.example.vn"}, "phải có dạng https://"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, code := started(t, c.env)
			if code != 2 || !strings.Contains(out, c.want) || strings.Contains(out, tokenPIN) {
				t.Errorf("serve: exit %d, want 2 and words with %q:\n%s", code, c.want, out)
			}
		})
	}
}

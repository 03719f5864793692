package sign_test

import (
	"crypto/elliptic"
	"crypto/x509"
	"testing"

	"software.sslmate.com/src/go-pkcs12"

	"hoso/pipeline"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
)

func TestLoadPKCS12(t *testing.T) {
	t.Parallel()
	p := newPKI(t)
	id := p.identity(t, signtest.KeyOn(t, elliptic.P256()), nil)
	stranger := p.identity(t, signtest.KeyOn(t, elliptic.P256()), nil).Chain[0]
	for name, encoder := range map[string]*pkcs12.Encoder{"modern": pkcs12.Modern, "legacy": pkcs12.LegacyDES} {
		data, err := encoder.Encode(id.Key, id.Chain[0], []*x509.Certificate{stranger, p.root}, "mật khẩu")
		if err != nil {
			t.Fatal(err)
		}
		got, err := sign.LoadPKCS12(data, "mật khẩu")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(got.Chain) != 2 || !got.Chain[0].Equal(id.Chain[0]) || !got.Chain[1].Equal(p.root) || got.Demo {
			t.Errorf("%s: identity = %+v", name, got)
		}
		popplerAccepts(t, func() []byte { out, _ := signed(t, classicPDF(), sign.Request{Identity: got, Time: now}); return out }(), 1)
	}
}

func TestLoadPKCS12Refuses(t *testing.T) {
	t.Parallel()
	p := newPKI(t)
	id := p.identity(t, signtest.KeyOn(t, elliptic.P256()), nil)
	good, err1 := pkcs12.Modern.Encode(id.Key, id.Chain[0], nil, "right")
	mixed, err2 := pkcs12.Modern.Encode(signtest.KeyOn(t, elliptic.P256()), id.Chain[0], nil, "right")
	bare, err3 := pkcs12.Modern.EncodeTrustStore(id.Chain, "right")
	if err1 != nil || err2 != nil || err3 != nil {
		t.Fatal(err1, err2, err3)
	}
	for name, c := range map[string]struct {
		data           []byte
		password, code string
	}{
		"wrong password": {good, "wrong", "pkcs12-password"},
		"cut":            {good[:len(good)/2], "right", "pkcs12-unreadable"},
		"empty":          {nil, "right", "pkcs12-unreadable"},
		"no key":         {bare, "right", "pkcs12-unreadable"},
		"mismatch":       {mixed, "right", "pkcs12-mismatch"},
	} {
		_, err := sign.LoadPKCS12(c.data, c.password)
		refusal, ok := pipeline.AsRefusal(err)
		if !ok || refusal.Reason.Code != c.code || refusal.Reason.Vietnamese == "" {
			t.Errorf("%s: %v, want refusal %s", name, err, c.code)
		}
	}
}

package sign_test

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
)

// TestOnlySignaturesOfContentAreAsked: whoever holds a key is not talked into signing
// something else, such as a bare digest of a contract.
func TestOnlySignaturesOfContentAreAsked(t *testing.T) {
	t.Parallel()
	attribute := func(oid, value string) string {
		return "\x30" + string([]byte{byte(len(oid) + len(value) + 2)}) + oid + "\x31" + string([]byte{byte(len(value))}) + value
	}
	set := func(s string) string { return "\x31" + string([]byte{byte(len(s))}) + s }
	kind := attribute("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03", "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01")
	content := sha256.Sum256([]byte("x"))
	digest := attribute("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04", "\x04\x20"+string(content[:]))
	short := attribute("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04", "\x04\x03abc")
	good := set(kind + digest)
	want := sha256.Sum256([]byte(good))
	if got, err := sign.Asked([]byte(good), crypto.SHA256); err != nil || string(got) != string(want[:]) {
		t.Errorf("good attributes: %x, %v", got, err)
	}
	for name, bad := range map[string]string{
		"nothing": "", "bare bytes": "hello", "no digest": set(kind), "no type": set(digest), "two digests": set(kind + digest + digest),
		"short digest": set(kind + short), "a tail": good + "x", "cut": good[:len(good)-1], "a sequence": "\x30" + good[1:],
	} {
		if got, err := sign.Asked([]byte(bad), crypto.SHA256); err == nil {
			t.Errorf("%s: asked to sign %x", name, got)
		}
	}
	if _, err := sign.Asked([]byte(good), crypto.SHA384); err == nil {
		t.Error("a digest of another length than the hash's is asked for")
	}
}

// TestAdmit asks an authority about a certificate before it signs: an issuer that the token
// did not give is fetched, what was revoked may not sign, and if nobody answers that is
// nobody's fault before the token.
func TestAdmit(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	id := a.Identity(t, signtest.Key(t), nil)
	admit := func(chain []*x509.Certificate) ([]*x509.Certificate, error) {
		return sign.Admit(t.Context(), chain, sign.Admission{Trust: trusting(a), Time: now})
	}
	if whole, err := admit(id.Chain[:1]); err != nil || len(whole) < 2 || !whole[1].Equal(a.CA) {
		t.Errorf("a certificate alone: %d certificates, %v; want its issuer, too", len(whole), err)
	}
	for _, path := range []string{"ocsp", "ca.crl"} {
		a.Down(path, true)
	}
	var away *pipeline.Unavailable
	if _, err := admit(id.Chain); !errors.As(err, &away) || away.What != "revocation data" {
		t.Errorf("nobody tells what was revoked: %v", err)
	}
	for _, path := range []string{"ocsp", "ca.crl"} {
		a.Down(path, false)
	}
	a.Revoke(id.Chain[0], now.Add(-time.Hour))
	_, err := admit(id.Chain)
	if r, ok := pipeline.AsRefusal(err); !ok || r.Reason.Code != "certificate-revoked" || r.Reason.Vietnamese == "" {
		t.Errorf("a revoked certificate: %v", err)
	}
	silent := a.Identity(t, signtest.Key(t), func(c *x509.Certificate) { c.OCSPServer, c.CRLDistributionPoints = nil, nil })
	_, err = admit(silent.Chain)
	if r, ok := pipeline.AsRefusal(err); !ok || r.Reason.Code != "certificate-silent" {
		t.Errorf("a certificate that does not say where to ask: %v", err)
	}
	other := signtest.New(t, now)
	_, err = admit(other.Identity(t, signtest.Key(t), nil).Chain)
	if r, ok := pipeline.AsRefusal(err); !ok || r.Reason.Code != "certificate-untrusted" {
		t.Errorf("a stranger's certificate: %v", err)
	}
}

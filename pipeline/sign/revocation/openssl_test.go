package revocation_test

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"hoso/pipeline/sign/revocation"
)

// bench is a folder in which OpenSSL works as an authority.
type bench struct{ dir string }

func (b bench) path(name string) string { return filepath.Join(b.dir, name) }

func (b bench) write(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(b.path(name), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (b bench) keep(t *testing.T, name string, i issuer) {
	t.Helper()
	secret, err := x509.MarshalPKCS8PrivateKey(i.key)
	if err != nil {
		t.Fatal(err)
	}
	b.write(t, name+".key", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
	b.write(t, name+".crt", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.cert.Raw}))
}

func (b bench) openssl(t *testing.T, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "openssl", args...)
	cmd.Dir = b.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("openssl %q: %v\n%s", args, err, out)
	}
}

func (b bench) read(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(b.path(name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestOpenSSLAnswers: OCSP answers and lists as OpenSSL makes them, with its responder
// named by key and by name, by SHA-1 and SHA-256, signed with SHA-256 and SHA-384.
func TestOpenSSLAnswers(t *testing.T) {
	t.Parallel()
	for name, key := range keys(t) {
		b := bench{t.TempDir()}
		ca := newIssuer(t, key)
		responder, cert := ca.responder(t, nil), ca.signer(t, nil)
		for file, who := range map[string]issuer{"ca": ca, "responder": responder, "signer": cert} {
			b.keep(t, file, who)
		}
		revoked := time.Now().Add(-time.Hour).UTC().Truncate(time.Second)
		for state, line := range map[string]string{
			"good":    fmt.Sprintf("V\t%s\t\t1267\tunknown\t/CN=TEST SIGNER\n", cert.cert.NotAfter.Format("060102150405Z")),
			"revoked": fmt.Sprintf("R\t%s\t%s,keyCompromise\t1267\tunknown\t/CN=TEST SIGNER\n", cert.cert.NotAfter.Format("060102150405Z"), revoked.Format("060102150405Z")),
		} {
			b.write(t, "index", []byte(line))
			when := time.Time{}
			if state == "revoked" {
				when = revoked
			}
			b.write(t, "serial", []byte("01"))
			b.write(t, "conf", []byte("[ca]\ndefault_ca=c\n[c]\ndatabase=index\ncrlnumber=serial\ndefault_md=sha384\ndefault_crl_days=7\n"))
			for _, option := range [][]string{{"-rmd", "sha256"}, {"-resp_key_id", "-rmd", "sha384"}} {
				for _, named := range []string{"-sha1", "-sha256"} {
					b.openssl(t, "ocsp", "-issuer", "ca.crt", named, "-cert", "signer.crt", "-reqout", "q.der", "-no_nonce")
					b.openssl(t, append([]string{
						"ocsp", "-index", "index", "-CA", "ca.crt", "-rsigner", "responder.crt", "-rkey", "responder.key",
						"-reqin", "q.der", "-respout", "a.der", "-ndays", "1",
					}, option...)...)
					a, err := revocation.OpenOCSP(b.read(t, "a.der"), cert.cert, ca.cert)
					check(t, fmt.Sprint(name, state, option, named), a, err, when)
				}
			}
			b.openssl(t, "ca", "-config", "conf", "-gencrl", "-keyfile", "ca.key", "-cert", "ca.crt", "-out", "list.pem")
			block, _ := pem.Decode(b.read(t, "list.pem"))
			a, err := revocation.OpenCRL(block.Bytes, cert.cert, ca.cert)
			check(t, fmt.Sprint(name, state, "list"), a, err, when)
		}
	}
}

// check compares an answer with what the index says.
func check(t *testing.T, what string, a revocation.Answer, err error, when time.Time) {
	t.Helper()
	if err != nil || !a.Revoked.Equal(when) || !when.IsZero() && a.Reason != 1 {
		t.Errorf("%s: revoked %s for %d, %v, want %s", what, a.Revoked, a.Reason, err, when)
	}
	if a.This.Before(time.Now().Add(-time.Hour)) || a.Next.Before(time.Now()) {
		t.Errorf("%s: from %s to %s", what, a.This, a.Next)
	}
}

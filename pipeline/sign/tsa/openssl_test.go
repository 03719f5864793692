package tsa_test

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hoso/pipeline/sign/tsa"
)

// TestOpenReadsOpenSSL: tokens of OpenSSL's authority, with fractions of a second, an
// accuracy in all its units, and a name behind them.
func TestOpenReadsOpenSSL(t *testing.T) {
	t.Parallel()
	server, roots := authority(t, stamping(t))
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	write := func(name string, content []byte) {
		if err := os.WriteFile(file(name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	secret, err := x509.MarshalPKCS8PrivateKey(server.Key)
	if err != nil {
		t.Fatal(err)
	}
	write("key", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
	write("crt", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Chain[0].Raw}))
	write("serial", []byte("01"))
	write("data", []byte("bytes"))
	write("conf", []byte("[tsa]\ndefault_tsa=t\n[t]\ncrypto_device=builtin\nserial="+file("serial")+"\nsigner_cert="+file("crt")+"\ncerts="+file("crt")+
		"\nsigner_key="+file("key")+"\nsigner_digest=sha384\ndefault_policy="+policy+"\ndigests=sha256,sha384,sha512\n"+
		"accuracy=secs:1,millisecs:500,microsecs:100\nclock_precision_digits=3\nordering=yes\ntsa_name=yes\ness_cert_id_alg=sha256\n"))
	for _, digest := range []string{"-sha256", "-sha384", "-sha512"} {
		openssl(t, "ts", "-query", "-data", file("data"), digest, "-cert", "-out", file("query"))
		openssl(t, "ts", "-reply", "-config", file("conf"), "-queryfile", file("query"), "-token_out", "-out", file("token"))
		raw, err := os.ReadFile(file("token"))
		if err != nil {
			t.Fatal(err)
		}
		token, err := tsa.Open(raw)
		if err != nil {
			t.Errorf("%s: %v", digest, err)
			continue
		}
		if err := token.Stamps([]byte("bytes")); err != nil {
			t.Errorf("%s: %v", digest, err)
		}
		if age := time.Since(token.Time); age < 0 || age > time.Minute || token.Accuracy != time.Second+500*time.Millisecond+100*time.Microsecond {
			t.Errorf("%s: %s ± %s", digest, token.Time, token.Accuracy)
		}
		if _, err := token.Chain(roots, nil); err != nil {
			t.Errorf("%s: %v", digest, err)
		}
	}
}

package tsa_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tspclient "github.com/notaryproject/tspclient-go"

	"hoso/pipeline"
	"hoso/pipeline/sign/signtest"
	"hoso/pipeline/sign/tsa"
)

const policy = "1.2.3.4.1"

// authority makes a root and an authority below it. usage is the extended key usage.
func authority(t testing.TB, usage pkix.Extension) (*tsa.Server, *x509.CertPool) {
	t.Helper()
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ROOT"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(9, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	rootKey, key := signtest.Key(t), signtest.Key(t)
	root = signtest.Certify(t, root, root, rootKey.Public(), rootKey)
	leaf := signtest.Certify(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: "STAMPS"}, NotBefore: root.NotBefore, NotAfter: root.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtraExtensions: []pkix.Extension{usage},
	}, root, key.Public(), rootKey)
	pool := x509.NewCertPool()
	pool.AddCert(root)
	return &tsa.Server{Key: key, Chain: []*x509.Certificate{leaf, root}, Policy: policy}, pool
}

// stamping is the extended key usage of a timestamp authority.
func stamping(t testing.TB) pkix.Extension {
	t.Helper()
	value, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	if err != nil {
		t.Fatal(err)
	}
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: value}
}

func serve(t testing.TB, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func imprint(s string) []byte {
	sum := sha256.Sum256([]byte(s))
	return sum[:]
}

func TestClientAndServerAgree(t *testing.T) {
	t.Parallel()
	server, roots := authority(t, stamping(t))
	c := &tsa.Client{URLs: []string{serve(t, server)}, Roots: roots}
	seen := map[string]bool{}
	for range 3 {
		raw, err := c.Timestamp(context.Background(), imprint("bytes"))
		if err != nil {
			t.Fatal(err)
		}
		token, err := tsa.Open(raw)
		if err != nil {
			t.Fatal(err)
		}
		if err := token.Stamps([]byte("bytes")); err != nil {
			t.Error(err)
		}
		if err := token.Stamps([]byte("other")); !errors.Is(err, tsa.ErrImprint) {
			t.Errorf("a token for other bytes: %v", err)
		}
		if age := time.Since(token.Time); age < 0 || age > time.Minute || token.Accuracy != time.Second || token.Policy != policy {
			t.Errorf("token = %v ± %v, policy %s", token.Time, token.Accuracy, token.Policy)
		}
		if seen[token.Serial.String()] {
			t.Error("a serial number came twice")
		}
		seen[token.Serial.String()] = true
		verifiedByOther(t, raw, roots)
	}
}

// verifiedByOther has the client library of the Notary Project verify a token.
func verifiedByOther(t *testing.T, raw []byte, roots *x509.CertPool) {
	t.Helper()
	other, err := tspclient.ParseSignedToken(raw)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Verify(context.Background(), x509.VerifyOptions{Roots: roots}); err != nil {
		t.Error(err)
	}
	info, err := other.Info()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := info.Validate([]byte("bytes")); err != nil {
		t.Error(err)
	}
}

// TestServerAnswersOpenSSL has OpenSSL ask and verify.
func TestServerAnswersOpenSSL(t *testing.T) {
	t.Parallel()
	server, _ := authority(t, stamping(t))
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	write(t, file("data"), []byte("bytes"))
	write(t, file("root.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Chain[1].Raw}))
	write(t, file("stamps.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Chain[0].Raw}))
	for _, c := range []struct {
		name    string
		query   []string
		refused string
		extra   []string
	}{
		{"sha256", []string{"-sha256", "-cert"}, "", nil},
		{"sha384", []string{"-sha384", "-cert"}, "", nil},
		{"sha512", []string{"-sha512", "-cert", "-tspolicy", policy}, "", nil},
		{"no nonce", []string{"-sha256", "-cert", "-no_nonce"}, "", nil},
		{"no certificates", []string{"-sha256"}, "", []string{"-untrusted", file("stamps.pem")}},
		{"sha1", []string{"-sha1", "-cert"}, "unrecognized or unsupported algorithm", nil},
		{"other policy", []string{"-sha256", "-tspolicy", "1.2.3.9"}, "policy is not supported", nil},
	} {
		query, reply := file(c.name+".tsq"), file(c.name+".tsr")
		openssl(t, append([]string{"ts", "-query", "-data", file("data"), "-out", query}, c.query...)...)
		request, err := os.ReadFile(query)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := server.Answer(request)
		if err != nil {
			t.Fatal(err)
		}
		write(t, reply, answer)
		if c.refused != "" {
			if text := openssl(t, "ts", "-reply", "-in", reply, "-text"); !strings.Contains(text, c.refused) {
				t.Errorf("%s: reply = %s", c.name, text)
			}
			continue
		}
		args := append([]string{"ts", "-verify", "-queryfile", query, "-in", reply, "-CAfile", file("root.pem")}, c.extra...)
		if text := openssl(t, args...); !strings.Contains(text, "Verification: OK") {
			t.Errorf("%s: %s", c.name, text)
		}
		if has := bytes.Contains(answer, server.Chain[0].Raw); has != (c.name != "no certificates") {
			t.Errorf("%s: certificate in the reply = %v", c.name, has)
		}
	}
}

func openssl(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "openssl", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("openssl %q: %v\n%s", args, err, out)
	}
	return string(out)
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// answering gives a handler with a fixed answer.
func answering(status int, body []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write(body)
	})
}

func TestClientBelievesNothing(t *testing.T) {
	t.Parallel()
	good, roots := authority(t, stamping(t))
	_, otherRoots := authority(t, stamping(t))
	loose := stamping(t)
	loose.Critical = false
	lax, _ := authority(t, loose)
	old := capture(t, good)
	spoiled := bytes.Clone(old)
	spoiled[len(spoiled)-3] ^= 1
	silent := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then is the end of the connection noticed
		<-r.Context().Done()
	})
	cases := map[string]struct {
		handler http.Handler
		roots   *x509.CertPool
		cause   error
	}{
		"old reply":      {answering(200, old), nil, tsa.ErrNonce},
		"spoiled":        {answering(200, spoiled), nil, nil},
		"wrong imprint":  {rewriting(good, 24), nil, tsa.ErrImprint},
		"not for stamps": {lax, nil, tsa.ErrUsage},
		"other root":     {good, otherRoots, nil},
		"status":         {answering(500, nil), nil, nil},
		"garbage":        {answering(200, []byte("<html>")), nil, nil},
		"endless":        {answering(200, make([]byte, 1<<20)), nil, tsa.ErrToken},
		"refusal":        {answering(200, []byte{0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02}), nil, nil},
		"silence":        {silent, nil, context.DeadlineExceeded},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := serve(t, c.handler)
			client := &tsa.Client{URLs: []string{bad}, Limit: 300 * time.Millisecond, Roots: c.roots}
			token, err := client.Timestamp(context.Background(), imprint("bytes"))
			u, ok := errors.AsType[*pipeline.Unavailable](err)
			if !ok || u.What != "timestamp authority" || token != nil {
				t.Errorf("token of %d bytes, error %v, want Unavailable", len(token), err)
			}
			if c.cause != nil && !errors.Is(err, c.cause) {
				t.Errorf("error = %v, want %v", err, c.cause)
			}
			client = &tsa.Client{URLs: []string{bad, serve(t, good)}, Limit: 20 * time.Second, Roots: roots}
			if name == "silence" {
				return // half of the limit would be waited for
			}
			if _, err := client.Timestamp(context.Background(), imprint("bytes")); err != nil {
				t.Errorf("with a second authority: %v", err)
			}
		})
	}
}

func TestClientStopsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := (&tsa.Client{URLs: []string{"http://127.0.0.1:1"}}).Timestamp(ctx, imprint("x"))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want canceled", err)
	}
	_, err = (&tsa.Client{}).Timestamp(context.Background(), imprint("x"))
	if _, ok := errors.AsType[*pipeline.Unavailable](err); !ok {
		t.Errorf("without an authority: %v, want Unavailable", err)
	}
}

// capture gives an authority's reply to one question, asked without a network.
func capture(t testing.TB, s *tsa.Server) []byte {
	t.Helper()
	w := &wire{handler: s}
	c := &tsa.Client{URLs: []string{"http://authority.invalid"}, HTTP: &http.Client{Transport: w}}
	if _, err := c.Timestamp(context.Background(), imprint("bytes")); err != nil {
		t.Fatal(err)
	}
	return w.reply
}

// wire hands a request to a handler and keeps the reply.
type wire struct {
	handler http.Handler
	reply   []byte
}

// RoundTrip answers.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	w.handler.ServeHTTP(recorder, r)
	w.reply = recorder.Body.Bytes()
	return recorder.Result(), nil
}

// rewriting has an authority answer a question that was changed on its way: one bit
// of the imprint, which begins at the given byte of the query.
func rewriting(s *tsa.Server, at int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var query bytes.Buffer
		if _, err := query.ReadFrom(r.Body); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		query.Bytes()[at] ^= 1
		reply, err := s.Answer(query.Bytes())
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		_, _ = w.Write(reply)
	})
}

func TestServerRefusesWhatIsNoQuery(t *testing.T) {
	t.Parallel()
	server, _ := authority(t, stamping(t))
	url := serve(t, server)
	for name, c := range map[string]struct {
		method, media, body string
		status              int
	}{
		"GET":      {http.MethodGet, "application/timestamp-query", "", 415},
		"media":    {http.MethodPost, "text/plain", "x", 415},
		"too long": {http.MethodPost, "application/timestamp-query", strings.Repeat("x", 9000), 413},
		"garbage":  {http.MethodPost, "application/timestamp-query", "garbage", 200},
	} {
		req, err := http.NewRequestWithContext(t.Context(), c.method, url, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", c.media)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := res.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != c.status {
			t.Errorf("%s: status %d, want %d", name, res.StatusCode, c.status)
		}
	}
}

// FuzzOpen feeds tokens and replies that nobody made. Nothing may panic, and nothing
// but the untouched token may pass.
func FuzzOpen(f *testing.F) {
	server, _ := authority(f, stamping(f))
	reply := capture(f, server)
	f.Add(reply)
	f.Add(reply[9:])
	f.Add([]byte{0x30, 0x80, 0x06, 0x00, 0x00, 0x00})
	f.Add([]byte{0x24, 0x80, 0x24, 0x80, 0x24, 0x80})
	f.Fuzz(func(t *testing.T, raw []byte) {
		if token, err := tsa.Open(raw); err == nil && (token.Authority == nil || token.Imprint == nil) {
			t.Error("a token without authority or imprint passed")
		}
		if _, err := server.Answer(raw); err != nil {
			t.Errorf("Answer: %v", err)
		}
		client := &tsa.Client{URLs: []string{"http://authority.invalid"}, HTTP: &http.Client{Transport: fixed(raw)}}
		if _, err := client.Timestamp(t.Context(), imprint("fuzz")); err == nil {
			t.Error("a reply that was made before the question passed")
		}
	})
}

// fixed is a transport with one answer.
type fixed []byte

// RoundTrip answers.
func (f fixed) RoundTrip(r *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	_, _ = recorder.Write(f)
	res := recorder.Result()
	res.Request = r
	return res, nil
}

package csc_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/sign/csc"
	"hoso/pipeline/sign/signtest"
	"hoso/testdata/trustservice"
)

// What the service knows.
const (
	credential = trustservice.Credential
	client     = trustservice.Client
	secret     = trustservice.Secret
	pin        = trustservice.PIN
	otp        = trustservice.OTP
)

// config asks a running service.
func config(s *httptest.Server) csc.Config {
	return csc.Config{
		URL: s.URL + "/qtsp", Credential: credential, Client: client, ClientSecret: secret, PIN: pin,
		HTTP: s.Client(), Limit: 10 * time.Second, Pause: time.Millisecond,
	}
}

// open opens the key of a service that runs.
func open(t testing.TB, p *trustservice.Provider) *csc.Key {
	t.Helper()
	k, err := csc.Open(t.Context(), config(p.Start()))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func digests(t testing.TB, hash crypto.Hash, n int) [][]byte {
	t.Helper()
	var all [][]byte
	for range n {
		h := hash.New()
		h.Write([]byte(rand.Text()))
		all = append(all, h.Sum(nil))
	}
	return all
}

func verifies(public crypto.PublicKey, hash crypto.Hash, digest, value []byte) bool {
	switch k := public.(type) {
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(k, hash, digest, value) == nil
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(k, digest, value)
	}
	return false
}

func signs(t testing.TB, k *csc.Key, hash crypto.Hash) {
	t.Helper()
	d := digests(t, hash, 1)[0]
	value, err := k.Sign(rand.Reader, d, hash)
	if err != nil {
		t.Error(err)
		return
	}
	if !verifies(k.Identity().Chain[0].PublicKey, hash, d, value) {
		t.Errorf("the signature with %s does not verify", hash)
	}
}

func refusedAs(t testing.TB, err error, code string) {
	t.Helper()
	refusal, ok := pipeline.AsRefusal(err)
	if !ok || refusal.Reason.Code != code || refusal.Reason.English == "" || refusal.Reason.Vietnamese == "" {
		t.Errorf("got %v, want %s", err, code)
	}
	tellsNothing(t, err)
}

func awayAs(t testing.TB, err error, wait time.Duration) {
	t.Helper()
	missing, ok := errors.AsType[*pipeline.Unavailable](err)
	_, refused := pipeline.AsRefusal(err)
	if !ok || refused || missing.What != "signing key" || missing.After != wait {
		t.Errorf("got %v (%+v), want to come again after %s", err, missing, wait)
	}
	tellsNothing(t, err)
}

// tellsNothing wants an error without secrets.
func tellsNothing(t testing.TB, err error) {
	t.Helper()
	for _, s := range []string{pin, secret, otp} {
		if strings.Contains(fmt.Sprintf("%v %+v", err, err), s) {
			t.Errorf("the error tells a secret: %v", err)
		}
	}
}

// TestSigns: kinds of keys, names of algorithms, ways to write a signature.
func TestSigns(t *testing.T) {
	t.Parallel()
	key, err := rsaKey()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		key    crypto.Signer
		algos  []string
		raw    bool
		hashes []crypto.Hash
	}{
		"RSA, hash named beside":   {key, []string{"1.2.840.113549.1.1.1"}, false, []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512}},
		"RSA, hash in the name":    {key, []string{"1.2.840.113549.1.1.10", "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.13"}, false, []crypto.Hash{crypto.SHA256, crypto.SHA512}},
		"P-256":                    {signtest.KeyOn(t, elliptic.P256()), []string{"1.2.840.10045.4.3.2"}, false, []crypto.Hash{crypto.SHA256}},
		"P-384":                    {signtest.KeyOn(t, elliptic.P384()), []string{"1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3"}, false, []crypto.Hash{crypto.SHA384}},
		"P-256, r and s":           {signtest.KeyOn(t, elliptic.P256()), []string{"1.2.840.10045.4.3.2"}, true, []crypto.Hash{crypto.SHA256}},
		"P-256, hash named beside": {signtest.KeyOn(t, elliptic.P256()), []string{"1.2.840.10045.2.1"}, false, []crypto.Hash{crypto.SHA256}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := trustservice.New(t, c.key)
			p.Algos, p.RawECDSA = c.algos, c.raw
			k := open(t, p)
			for _, hash := range c.hashes {
				signs(t, k, hash)
			}
			if id := k.Identity(); len(id.Chain) != 3 || id.Chain[1].Subject.CommonName != "TEST ISSUER" {
				t.Errorf("a chain of %d, want leaf, issuer, root in order", len(id.Chain))
			}
		})
	}
}

// TestBatch signs many with few questions, each for no more than the service allows.
func TestBatch(t *testing.T) {
	t.Parallel()
	p := trustservice.New(t, signtest.KeyOn(t, elliptic.P256()))
	k := open(t, p)
	all := digests(t, crypto.SHA256, 12)
	values, err := k.SignHashes(t.Context(), crypto.SHA256, all)
	if err != nil || len(values) != 12 {
		t.Fatalf("%d signatures (%v), want 12", len(values), err)
	}
	for i, v := range values {
		if !verifies(k.Public(), crypto.SHA256, all[i], v) {
			t.Errorf("signature %d is not that of hash %d", i, i)
		}
	}
	if a, s := p.Asked("credentials/authorize"), p.Asked("signatures/signHash"); a != 3 || s != 3 {
		t.Errorf("%d authorizations and %d calls for 12 hashes at 5 each, want 3 and 3", a, s)
	}
}

// TestManyAtOnce shares one access token.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	p := trustservice.New(t, signtest.KeyOn(t, elliptic.P256()))
	k := open(t, p)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() { signs(t, k, crypto.SHA256) })
	}
	all.Wait()
	if n := p.Asked("oauth2/token"); n != 1 {
		t.Errorf("logged in %d times, want once", n)
	}
}

// TestOnlyKey needs no name; several do.
func TestOnlyKey(t *testing.T) {
	t.Parallel()
	p := trustservice.New(t, signtest.KeyOn(t, elliptic.P256()))
	c := config(p.Start())
	c.Credential = ""
	k, err := csc.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	signs(t, k, crypto.SHA256)
	p.IDs = []string{"a", credential}
	_, err = csc.Open(t.Context(), c)
	refusedAs(t, err, "csc-credential")
	p.IDs = nil
	_, err = csc.Open(t.Context(), c)
	refusedAs(t, err, "csc-credential")
}

// TestAccess: an access token that ended is asked for once more; a client that is not let
// in, or a token that is not taken, is refused.
func TestAccess(t *testing.T) {
	t.Parallel()
	p := trustservice.New(t, signtest.KeyOn(t, elliptic.P256()))
	s := p.Start()
	k, err := csc.Open(t.Context(), config(s))
	if err != nil {
		t.Fatal(err)
	}
	p.Expire()
	signs(t, k, crypto.SHA256)
	if n := p.Asked("oauth2/token"); n != 2 {
		t.Errorf("logged in %d times, want twice", n)
	}
	wrong := config(s)
	wrong.ClientSecret = "khác"
	_, err = csc.Open(t.Context(), wrong)
	refusedAs(t, err, "csc-access")
	if strings.Contains(err.Error(), "khác") {
		t.Errorf("the service's words tell the secret: %v", err)
	}
	bearer := config(s)
	bearer.Client, bearer.ClientSecret, bearer.Token = "", "", "cũ"
	_, err = csc.Open(t.Context(), bearer)
	refusedAs(t, err, "csc-access")
	bearer.Token = csc.Secret(p.Token())
	if k, err = csc.Open(t.Context(), bearer); err != nil {
		t.Fatal(err)
	}
	signs(t, k, crypto.SHA256)
}

// TestWaits: what is wrong for now is to be tried again, when the service says so.
func TestWaits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method string
		trustservice.Fault
		wait time.Duration
	}{
		"too many":    {"signatures/signHash", fault(429, "", "slow down", "42"), 42 * time.Second},
		"maintenance": {"credentials/authorize", fault(503, "temporarily_unavailable", "", "7200"), time.Hour},
		"broken":      {"credentials/authorize", fault(500, "server_error", "", ""), 0},
		"gateway":     {"signatures/signHash", fault(502, "garbage", "", ""), 0},
		"no JSON":     {"signatures/signHash", fault(200, "garbage", "", ""), 0},
		"no answer":   {"signatures/signHash", fault(200, "", "", ""), 0},
		"no SAD":      {"credentials/authorize", fault(200, "", "", ""), 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := trustservice.New(t, signtest.KeyOn(t, elliptic.P256()))
			k := open(t, p)
			p.Fail(c.method, c.Fault)
			_, err := k.Sign(rand.Reader, digests(t, crypto.SHA256, 1)[0], crypto.SHA256)
			awayAs(t, err, c.wait)
			signs(t, k, crypto.SHA256)
		})
	}
}

// TestAway: a service that is down, at the beginning and later, and one that never answers.
func TestAway(t *testing.T) {
	t.Parallel()
	p := trustservice.New(t, signtest.KeyOn(t, elliptic.P256()))
	s := httptest.NewTLSServer(p)
	k, err := csc.Open(t.Context(), config(s))
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	_, err = k.Sign(rand.Reader, digests(t, crypto.SHA256, 1)[0], crypto.SHA256)
	awayAs(t, err, 0)
	_, err = csc.Open(t.Context(), config(s))
	awayAs(t, err, 0)

	slow := trustservice.New(t, signtest.KeyOn(t, elliptic.P256()))
	c := config(slow.Start())
	c.Limit = 300 * time.Millisecond
	if k, err = csc.Open(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	release := slow.Hold()
	_, err = k.Sign(rand.Reader, digests(t, crypto.SHA256, 1)[0], crypto.SHA256)
	release()
	awayAs(t, err, 0)
}

// TestExpiredSAD is asked for once more, and not for ever.
func TestExpiredSAD(t *testing.T) {
	t.Parallel()
	p := trustservice.New(t, signtest.KeyOn(t, elliptic.P256()))
	k := open(t, p)
	expired := fault(400, "invalid_request", "SAD expired", "")
	p.Fail("signatures/signHash", expired)
	signs(t, k, crypto.SHA256)
	if n := p.Asked("credentials/authorize"); n != 2 {
		t.Errorf("%d authorizations, want 2", n)
	}
	p.Fail("signatures/signHash", expired, expired)
	if _, err := k.Sign(rand.Reader, digests(t, crypto.SHA256, 1)[0], crypto.SHA256); err == nil || p.Asked("credentials/authorize") != 4 {
		t.Errorf("%v after %d authorizations, want an error after 4", err, p.Asked("credentials/authorize"))
	}
	signs(t, k, crypto.SHA256)
}

// TestWrongPIN is shown once, and never again until the key is opened anew.
func TestWrongPIN(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method string
		trustservice.Fault
		code string
	}{
		"wrong":        {"credentials/authorize", fault(400, "invalid_authentication_data", "The authentication data is invalid: "+pin, ""), "csc-pin"},
		"version 1":    {"credentials/authorize", fault(400, "invalid_pin", "The PIN is invalid", ""), "csc-pin"},
		"OTP, noticed": {"signatures/signHash", fault(400, "invalid_otp", "The OTP is invalid", ""), "csc-pin"},
		"locked":       {"credentials/authorize", fault(400, "invalid_request", "Credential locked", ""), "csc-locked"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := trustservice.New(t, signtest.KeyOn(t, elliptic.P256()))
			k := open(t, p)
			p.Fail(c.method, c.Fault)
			for range 3 {
				_, err := k.Sign(rand.Reader, digests(t, crypto.SHA256, 1)[0], crypto.SHA256)
				refusedAs(t, err, c.code)
			}
			if n := p.Asked("credentials/authorize"); n != 1 {
				t.Errorf("the PIN was shown %d times, want once", n)
			}
		})
	}
}

// TestWrongPINOfManyAtOnce shows a wrong PIN once, however many would sign.
func TestWrongPINOfManyAtOnce(t *testing.T) {
	t.Parallel()
	p := trustservice.New(t, signtest.KeyOn(t, elliptic.P256()))
	k := open(t, p)
	p.Fail("credentials/authorize", fault(400, "invalid_authentication_data", "The authentication data is invalid", ""))
	digest := digests(t, crypto.SHA256, 1)[0]
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			_, err := k.Sign(rand.Reader, digest, crypto.SHA256)
			refusedAs(t, err, "csc-pin")
		})
	}
	all.Wait()
	if n := p.Asked("credentials/authorize"); n != 1 {
		t.Errorf("the PIN was shown %d times, want once", n)
	}
}

// TestOneTimePassword is asked of somebody for each authorization.
func TestOneTimePassword(t *testing.T) {
	t.Parallel()
	p := trustservice.New(t, signtest.KeyOn(t, elliptic.P256()))
	p.Wants("PIN AND OTP", map[string]string{"PIN": pin, "OTP": otp},
		map[string]any{"type": "Password", "id": "PIN"}, map[string]any{"type": "Password", "id": "OTP", "generator": "totp"})
	c := config(p.Start())
	_, err := csc.Open(t.Context(), c)
	refusedAs(t, err, "csc-auth")
	asked := 0
	c.OTP = func(context.Context) (csc.Secret, error) { asked++; return otp, nil }
	k, err := csc.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	signs(t, k, crypto.SHA256)
	if _, err := k.SignHashes(t.Context(), crypto.SHA256, digests(t, crypto.SHA256, 5)); err != nil || asked != 2 {
		t.Errorf("asked %d times (%v), want once for each authorization", asked, err)
	}
}

// TestAgreesLater: the owner agrees on the telephone, after a while or not in time.
func TestAgreesLater(t *testing.T) {
	t.Parallel()
	p := trustservice.New(t, signtest.KeyOn(t, elliptic.P256()))
	p.Wants("", map[string]string{"APP": ""}, map[string]any{"type": "ChallengeResponseOOB", "id": "APP"})
	k := open(t, p)
	p.Later = 3
	signs(t, k, crypto.SHA256)
	if n := p.Asked("credentials/authorizeCheck"); n != 3 {
		t.Errorf("asked %d times whether the owner agrees, want 3", n)
	}
	p.Later = 1 << 30
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := k.SignHashes(ctx, crypto.SHA256, digests(t, crypto.SHA256, 1))
	awayAs(t, err, 0)
}

// TestOneIsEnough: of several things the one that is configured is shown.
func TestOneIsEnough(t *testing.T) {
	t.Parallel()
	p := trustservice.New(t, signtest.KeyOn(t, elliptic.P256()))
	p.Wants("PIN OR OTP", map[string]string{"PIN": pin}, map[string]any{"type": "Password", "id": "PIN"}, map[string]any{"type": "Password", "id": "OTP"})
	signs(t, open(t, p), crypto.SHA256)
}

// TestUnfitKeys are refused before anything is signed.
func TestUnfitKeys(t *testing.T) {
	t.Parallel()
	for code, harms := range map[string][]func(*trustservice.Provider, *csc.Config){
		"csc-disabled": {func(p *trustservice.Provider, _ *csc.Config) { p.Status = "disabled" }},
		"csc-certificate": {
			func(p *trustservice.Provider, _ *csc.Config) { p.Cert = "expired" }, func(p *trustservice.Provider, _ *csc.Config) { p.Cert = "revoked" },
			func(p *trustservice.Provider, _ *csc.Config) { p.Cert = "suspended" }, func(p *trustservice.Provider, _ *csc.Config) { p.Certs = nil },
		},
		"csc-mismatch": {func(p *trustservice.Provider, _ *csc.Config) {
			p.Certs = trustservice.Chain(t, signtest.KeyOn(t, elliptic.P384()).Public())
		}},
		"csc-algorithm": {
			func(p *trustservice.Provider, _ *csc.Config) { p.Algos = []string{"1.2.840.113549.1.1.10"} },
			func(p *trustservice.Provider, _ *csc.Config) { p.Algos = []string{"1.2.840.113549.1.1.1"} },
		},
		"csc-auth": {
			func(_ *trustservice.Provider, c *csc.Config) { c.PIN = "" },
			func(p *trustservice.Provider, _ *csc.Config) { p.Auth = map[string]any{"mode": "oauth2code"} },
			func(p *trustservice.Provider, _ *csc.Config) { p.Auth = map[string]any{"mode": "smoke"} },
			func(p *trustservice.Provider, _ *csc.Config) {
				p.Wants("", nil, map[string]any{"type": "ChallengeResponse", "id": "Q"})
			},
		},
		"csc-credential": {func(_ *trustservice.Provider, c *csc.Config) { c.Credential = "khác" }},
		"csc-url": {
			func(_ *trustservice.Provider, c *csc.Config) { c.URL = "" }, func(_ *trustservice.Provider, c *csc.Config) { c.URL = strings.Replace(c.URL, "https", "http", 1) },
			func(p *trustservice.Provider, _ *csc.Config) {
				p.Fail("info", fault(307, "", "", "https://elsewhere.invalid/x"))
			},
		},
		"csc-refused": {func(_ *trustservice.Provider, c *csc.Config) { c.URL += "/elsewhere" }},
	} {
		for i, harm := range harms {
			t.Run(fmt.Sprint(code, " ", i), func(t *testing.T) {
				t.Parallel()
				p := trustservice.New(t, signtest.KeyOn(t, elliptic.P256()))
				c := config(p.Start())
				harm(p, &c)
				_, err := csc.Open(t.Context(), c)
				refusedAs(t, err, code)
				if n := p.Asked("credentials/authorize"); n != 0 {
					t.Errorf("authorized %d times", n)
				}
			})
		}
	}
}

// TestTokenIsEnough: with an access token for the key itself there is no SAD (11.10).
func TestTokenIsEnough(t *testing.T) {
	t.Parallel()
	p := trustservice.New(t, signtest.KeyOn(t, elliptic.P256()))
	p.Auth = map[string]any{"mode": "oauth2code"}
	c := config(p.Start())
	c.Token = csc.Secret(p.Token())
	k, err := csc.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	signs(t, k, crypto.SHA256)
	if n := p.Asked("credentials/authorize"); n != 0 {
		t.Errorf("authorized %d times", n)
	}
}

// TestImpostor: a signature by another key is found out.
func TestImpostor(t *testing.T) {
	t.Parallel()
	p := trustservice.New(t, signtest.KeyOn(t, elliptic.P256()))
	k := open(t, p)
	p.Key = signtest.KeyOn(t, elliptic.P256())
	_, err := k.Sign(rand.Reader, digests(t, crypto.SHA256, 1)[0], crypto.SHA256)
	refusedAs(t, err, "csc-mismatch")
}

// TestSecret does not print.
func TestSecret(t *testing.T) {
	t.Parallel()
	c := csc.Config{PIN: pin, ClientSecret: secret, Token: otp}
	kept, err := json.Marshal(struct{ A, B csc.Secret }{c.PIN, c.Token})
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", slog.Any("pin", c.PIN), slog.Any("config", c))
	for _, s := range []string{fmt.Sprintf("%v %+v %#v %s %q %x", c, c, c, c.PIN, c.PIN, c.PIN), string(kept), log.String()} {
		if strings.Contains(s, pin) || strings.Contains(s, secret) || strings.Contains(s, otp) || strings.Contains(s, fmt.Sprintf("%x", pin)) {
			t.Errorf("printed as %s", s)
		}
	}
}

// fault is an answer that comes instead of the right one.
func fault(status int, code, words, header string) trustservice.Fault {
	return trustservice.Fault{Status: status, Code: code, Words: words, Header: header}
}

// rsaKey is made once: it takes its time.
var rsaKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

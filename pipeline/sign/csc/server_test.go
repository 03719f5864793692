package csc_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"mime"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// provider is a trust service as the specification (CSC API 2.0.0.2) has it, and a strict
// one: what a request lacks or has too much is an error, a SAD is for one call, for the
// hashes it was asked for, and for as many.
type provider struct {
	t   testing.TB
	key crypto.Signer

	certs     []*x509.Certificate
	algos     []string
	multisign int
	auth      map[string]any
	status    string // of the key
	cert      string // status of the certificate
	show      map[string]string
	rawECDSA  bool // r and s, without ASN.1
	later     int  // how often authorizeCheck says to come again
	ids       []string

	mu     sync.Mutex
	asked  map[string]int
	faults map[string][]fault
	sads   map[string][]string // hashes they are for
	token  string
	handle []string // the hashes of the authorization that is under way
}

// fault is an answer that comes instead of the right one.
type fault struct {
	status      int
	code, words string
	header      string // Retry-After or Location
}

const (
	credential = "GX0112348"
	client     = "hoso-client"
	secret     = "bí mật của ứng dụng"
	pin        = "731964"
	otp        = "555123"
)

// newProvider is a service with a key that wants a PIN.
func newProvider(t testing.TB, key crypto.Signer) *provider {
	t.Helper()
	p := &provider{
		t: t, key: key, multisign: 5, status: "enabled", cert: "valid", ids: []string{credential},
		asked: map[string]int{}, faults: map[string][]fault{}, sads: map[string][]string{}, token: "tok-0",
	}
	p.wants("PIN", map[string]string{"PIN": pin}, map[string]any{"type": "Password", "id": "PIN", "format": "N"})
	switch key.(type) {
	case *rsa.PrivateKey:
		p.algos = []string{"1.2.840.113549.1.1.1"}
	case *ecdsa.PrivateKey:
		p.algos = []string{"1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3"}
	}
	p.certs = chain(t, key.Public())
	return p
}

// wants says what must be shown; what has no value is answered out of band.
func (p *provider) wants(expression string, show map[string]string, objects ...map[string]any) {
	p.show = show
	p.auth = map[string]any{"mode": "explicit", "expression": expression, "objects": objects}
}

// start runs the service over TLS.
func (p *provider) start() *httptest.Server {
	s := httptest.NewTLSServer(p)
	p.t.Cleanup(s.Close)
	return s
}

// next puts faults in the place of the next answers of a method.
func (p *provider) next(method string, faults ...fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults[method] = append(p.faults[method], faults...)
}

// count is how often a method was asked.
func (p *provider) count(method string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[method]
}

// expire makes the access token worthless.
func (p *provider) expire() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.token += "x"
}

// ServeHTTP answers.
func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.URL.Path == "/auth/oauth2/token" {
		p.answer(w, "oauth2/token", func() (any, *fault) { return p.logIn(r) })
		return
	}
	method, ok := strings.CutPrefix(r.URL.Path, "/qtsp/csc/v2/")
	if !ok {
		http.NotFound(w, r)
		return
	}
	p.answer(w, method, func() (any, *fault) { return p.method(method, r) })
}

func (p *provider) answer(w http.ResponseWriter, method string, reply func() (any, *fault)) {
	p.asked[method]++
	w.Header().Set("Content-Type", "application/json")
	if waiting := p.faults[method]; len(waiting) > 0 {
		p.faults[method] = waiting[1:]
		write(w, waiting[0])
		return
	}
	body, wrong := reply()
	if wrong != nil {
		write(w, *wrong)
		return
	}
	if m, ok := body.(map[string]any); ok && m["handle"] != nil {
		w.WriteHeader(http.StatusAccepted)
	}
	_ = json.NewEncoder(w).Encode(body) // the client finds out
}

func write(w http.ResponseWriter, f fault) {
	if f.status >= 300 && f.status < 400 {
		w.Header().Set("Location", f.header)
	} else if f.header != "" {
		w.Header().Set("Retry-After", f.header)
	}
	w.WriteHeader(f.status)
	if f.code == "garbage" {
		_, _ = w.Write([]byte("<html>"))
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]string{"error": f.code, "error_description": f.words})
}

func bad(words string) *fault { return &fault{status: 400, code: "invalid_request", words: words} }

// logIn is oauth2/token (8.4.4).
func (p *provider) logIn(r *http.Request) (any, *fault) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" || r.Method != http.MethodPost {
		return nil, bad("not a form")
	}
	if err := r.ParseForm(); err != nil || len(r.URL.RawQuery) > 0 {
		return nil, bad("not a form")
	}
	switch {
	case r.PostForm.Get("grant_type") != "client_credentials":
		return nil, bad("Invalid parameter grant_type")
	case r.PostForm.Get("client_id") != client:
		return nil, bad("Invalid parameter client_id")
	case r.PostForm.Get("client_secret") != secret:
		return nil, bad("Invalid parameter client_secret " + r.PostForm.Get("client_secret"))
	}
	p.token = fmt.Sprintf("tok-%d", p.asked["oauth2/token"])
	return map[string]any{"access_token": p.token, "token_type": "Bearer", "expires_in": 3600}, nil
}

// method is any other: JSON in, with the access token, except for info.
func (p *provider) method(method string, r *http.Request) (any, *fault) {
	if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
		return nil, bad("POST and application/json are wanted")
	}
	if method == "info" {
		return map[string]any{
			"specs": "2.0.0.0", "name": "Test", "region": "VN", "lang": "vi-VN", "authType": []string{"oauth2client"},
			"oauth2":  "https://" + r.Host + "/auth/",
			"methods": []string{"credentials/list", "credentials/info", "credentials/authorize", "signatures/signHash"},
		}, nil
	}
	if r.Header.Get("Authorization") != "Bearer "+p.token {
		return nil, &fault{status: 401, code: "invalid_token", words: "The access token is not valid"}
	}
	d := json.NewDecoder(r.Body)
	switch method {
	case "credentials/list":
		return map[string]any{"credentialIDs": p.ids}, p.read(d, &struct{}{})
	case "credentials/info":
		return p.info(d)
	case "credentials/authorize":
		return p.authorize(d)
	case "credentials/authorizeCheck":
		return p.authorizeCheck(d)
	case "signatures/signHash":
		return p.signHash(d)
	}
	return nil, &fault{status: 501, code: "invalid_request", words: "not implemented"}
}

// read decodes a request whose names are written as the specification writes them.
func (p *provider) read(d *json.Decoder, v any) *fault {
	var raw json.RawMessage
	names := map[string]any{}
	if err := errors.Join(d.Decode(&raw), json.Unmarshal(raw, &names)); err != nil {
		return bad("malformed: " + err.Error())
	}
	for name := range names {
		if !slices.Contains([]string{
			"credentialID", "certificates", "certInfo", "authInfo", "numSignatures", "hashes", "hashAlgorithmOID", "authData", "handle", "SAD", "signAlgo",
		}, name) {
			return bad("unknown parameter " + name)
		}
	}
	strict := json.NewDecoder(bytes.NewReader(raw))
	strict.DisallowUnknownFields()
	if err := strict.Decode(v); err != nil {
		return bad("malformed: " + err.Error())
	}
	return nil
}

func (p *provider) info(d *json.Decoder) (any, *fault) {
	var q struct {
		CredentialID, Certificates string
		CertInfo, AuthInfo         bool
	}
	if wrong := p.read(d, &q); wrong != nil {
		return nil, wrong
	}
	if q.CredentialID != credential {
		return nil, bad("Invalid parameter credentialID")
	}
	key := map[string]any{"status": p.status, "algo": p.algos}
	switch k := p.key.Public().(type) {
	case *rsa.PublicKey:
		key["len"] = k.N.BitLen()
	case *ecdsa.PublicKey:
		key["len"] = k.Params().BitSize
		key["curve"] = map[string]string{"P-256": "1.2.840.10045.3.1.7", "P-384": "1.3.132.0.34"}[k.Params().Name]
	}
	var certs []string
	if q.Certificates == "chain" {
		for _, c := range p.certs {
			certs = append(certs, base64.StdEncoding.EncodeToString(c.Raw))
		}
	}
	return map[string]any{
		"key": key, "cert": map[string]any{"status": p.cert, "certificates": certs}, "auth": p.auth, "SCAL": "2", "multisign": p.multisign,
	}, nil
}

type shown struct{ ID, Value string }

func (p *provider) authorize(d *json.Decoder) (any, *fault) {
	var q struct {
		CredentialID, HashAlgorithmOID string
		NumSignatures                  int
		Hashes                         []string
		AuthData                       []shown
	}
	if wrong := p.read(d, &q); wrong != nil {
		return nil, wrong
	}
	switch {
	case q.CredentialID != credential:
		return nil, bad("Invalid parameter credentialID")
	case q.NumSignatures < 1 || q.NumSignatures != len(q.Hashes):
		return nil, bad("Invalid value for parameter numSignatures")
	case q.NumSignatures > p.multisign:
		return nil, bad("Numbers of signatures is too high")
	case !strings.HasPrefix(q.HashAlgorithmOID, "2.16.840.1.101.3.4.2."):
		return nil, bad("Invalid parameter hashAlgorithmOID")
	case len(q.AuthData) != len(p.show):
		return nil, bad("Missing authData")
	}
	for _, a := range q.AuthData {
		if want, ok := p.show[a.ID]; !ok || a.Value != want {
			return nil, &fault{status: 400, code: "invalid_authentication_data", words: "The authentication data is invalid: " + a.Value}
		}
	}
	if p.later > 0 {
		p.handle = q.Hashes
		return map[string]any{"handle": "h-1"}, nil
	}
	return p.grant(q.Hashes), nil
}

func (p *provider) grant(hashes []string) any {
	sad := rand.Text()
	p.sads[sad] = hashes
	return map[string]any{"SAD": sad, "expiresIn": 300}
}

func (p *provider) authorizeCheck(d *json.Decoder) (any, *fault) {
	var q struct{ Handle string }
	if wrong := p.read(d, &q); wrong != nil {
		return nil, wrong
	}
	if q.Handle != "h-1" || p.handle == nil {
		return nil, bad("Invalid parameter handle")
	}
	if p.later--; p.later > 0 {
		return map[string]any{"handle": "h-1"}, nil
	}
	return p.grant(p.handle), nil
}

func (p *provider) signHash(d *json.Decoder) (any, *fault) {
	var q struct {
		CredentialID, SAD, HashAlgorithmOID, SignAlgo string
		Hashes                                        []string
	}
	if wrong := p.read(d, &q); wrong != nil {
		return nil, wrong
	}
	hash, wrong := p.hash(q.SignAlgo, q.HashAlgorithmOID)
	if wrong != nil {
		return nil, wrong
	}
	allowed, ok := p.sads[q.SAD]
	switch {
	case q.CredentialID != credential:
		return nil, bad("Invalid parameter credentialID")
	case p.auth["mode"] == "explicit" && !ok:
		return nil, bad("Invalid parameter SAD")
	case p.auth["mode"] == "explicit" && !slices.Equal(allowed, q.Hashes):
		return nil, bad("Hash is not authorized by the SAD")
	}
	delete(p.sads, q.SAD) // for one call
	var signatures []string
	for _, text := range q.Hashes {
		digest, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(digest) != hash.Size() {
			return nil, bad("Invalid digest value length")
		}
		value, err := p.sign(digest, hash)
		if err != nil {
			return nil, &fault{status: 500, code: "server_error", words: err.Error()}
		}
		signatures = append(signatures, base64.StdEncoding.EncodeToString(value))
	}
	return map[string]any{"signatures": signatures}, nil
}

// hash reads signAlgo and hashAlgorithmOID, of which one must name the hash (11.10).
func (p *provider) hash(algo, oid string) (crypto.Hash, *fault) {
	if !slices.Contains(p.algos, algo) {
		return 0, bad("Invalid parameter signAlgo")
	}
	named := map[string]crypto.Hash{
		"1.2.840.113549.1.1.11": crypto.SHA256, "1.2.840.113549.1.1.12": crypto.SHA384, "1.2.840.113549.1.1.13": crypto.SHA512,
		"1.2.840.10045.4.3.2": crypto.SHA256, "1.2.840.10045.4.3.3": crypto.SHA384, "1.2.840.10045.4.3.4": crypto.SHA512,
	}[algo]
	other := map[string]crypto.Hash{
		"2.16.840.1.101.3.4.2.1": crypto.SHA256, "2.16.840.1.101.3.4.2.2": crypto.SHA384, "2.16.840.1.101.3.4.2.3": crypto.SHA512,
	}[oid]
	switch {
	case named != 0 && oid != "":
		return 0, bad("String parameter hashAlgorithmOID is implied by signAlgo")
	case named == 0 && other == 0:
		return 0, bad("Missing (or invalid type) string parameter hashAlgorithmOID")
	case named != 0:
		return named, nil
	}
	return other, nil
}

func (p *provider) sign(digest []byte, hash crypto.Hash) ([]byte, error) {
	value, err := p.key.Sign(rand.Reader, digest, hash)
	if err != nil || !p.rawECDSA {
		return value, err
	}
	var pair struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(value, &pair); err != nil {
		return nil, err
	}
	k, ok := p.key.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("not an elliptic key")
	}
	half := (k.Params().BitSize + 7) / 8
	return bytes.Join([][]byte{pair.R.FillBytes(make([]byte, half)), pair.S.FillBytes(make([]byte, half))}, nil), nil
}

// now is the moment of the tests.
var now = time.Now().Truncate(time.Second)

// chain certifies a key below a root, the root in front of the issuer as some services do.
func chain(t testing.TB, public crypto.PublicKey) []*x509.Certificate {
	t.Helper()
	authority := func(name string, years int) *x509.Certificate {
		return &x509.Certificate{
			Subject: pkix.Name{CommonName: name}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(years, 0, 0),
			IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		}
	}
	rootKey, issuerKey := ecKey(t, elliptic.P256()), ecKey(t, elliptic.P256())
	root := authority("TEST ROOT", 10)
	rooted := certify(t, root, root, rootKey.Public(), rootKey)
	issuer := certify(t, authority("TEST ISSUER", 5), rooted, issuerKey.Public(), rootKey)
	leaf := certify(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: "UBND xã Thử"}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
	}, issuer, public, issuerKey)
	return []*x509.Certificate{leaf, rooted, issuer}
}

func certify(t testing.TB, template, parent *x509.Certificate, public crypto.PublicKey, key crypto.Signer) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ecKey(t testing.TB, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// rsaKey is made once: it takes its time.
var rsaKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

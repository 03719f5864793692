// Package trustservice is a service that keeps keys and signs from afar, as the API of the
// Cloud Signature Consortium (version 2.0.0.2) has it, for tests. It is a strict one: what a
// request lacks or has too much is an error, an authorization (SAD) is for one call, for the
// hashes it was asked for and for as many.
package trustservice

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
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
)

// Provider is the service. Its fields may be changed while nobody asks.
type Provider struct {
	Key       crypto.Signer
	Certs     []*x509.Certificate // the signer's first, its issuers in no order
	Algos     []string            // identifiers of what the key can do
	Multisign int                 // signatures for one authorization
	Auth      map[string]any      // how it is authorized; see Wants
	Status    string              // of the key
	Cert      string              // status of the certificate
	RawECDSA  bool                // elliptic signatures are r and s, without ASN.1
	Later     int                 // how often the owner has not agreed yet
	IDs       []string            // of the keys that are listed

	t    testing.TB
	show map[string]string // what must be shown to authorize

	mu     sync.Mutex
	asked  map[string]int
	faults map[string][]Fault
	sads   map[string][]string // hashes they are for
	token  string
	handle []string // the hashes of the authorization that is under way
}

// Fault is an answer that comes instead of the right one.
type Fault struct {
	Status      int
	Code, Words string // the code "garbage" gives no JSON
	Header      string // Retry-After or Location
}

// What the service knows.
const (
	Credential = "GX0112348"
	Client     = "hoso-client"
	Secret     = "bí mật của ứng dụng"
	PIN        = "731964"
	OTP        = "555123"
)

// New makes a service with a key that wants a PIN.
func New(t testing.TB, key crypto.Signer) *Provider {
	t.Helper()
	p := &Provider{
		t: t, Key: key, Multisign: 5, Status: "enabled", Cert: "valid", IDs: []string{Credential},
		asked: map[string]int{}, faults: map[string][]Fault{}, sads: map[string][]string{}, token: "tok-0",
	}
	p.Wants("PIN", map[string]string{"PIN": PIN}, map[string]any{"type": "Password", "id": "PIN", "format": "N"})
	switch key.(type) {
	case *rsa.PrivateKey:
		p.Algos = []string{"1.2.840.113549.1.1.1"}
	case *ecdsa.PrivateKey:
		p.Algos = []string{"1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3"}
	}
	p.Certs = Chain(t, key.Public())
	return p
}

// Wants says what must be shown; what has no value is answered out of band.
func (p *Provider) Wants(expression string, show map[string]string, objects ...map[string]any) {
	p.show = show
	p.Auth = map[string]any{"mode": "explicit", "expression": expression, "objects": objects}
}

// Start runs the service over TLS.
func (p *Provider) Start() *httptest.Server {
	s := httptest.NewTLSServer(p)
	p.t.Cleanup(s.Close)
	return s
}

// Fail puts faults in the place of the next answers of a method.
func (p *Provider) Fail(method string, faults ...Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults[method] = append(p.faults[method], faults...)
}

// Asked is how often a method was asked.
func (p *Provider) Asked(method string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[method]
}

// Expire makes the access token worthless.
func (p *Provider) Expire() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.token += "x"
}

// Token is the access token that is good now.
func (p *Provider) Token() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.token
}

// Hold lets every answer wait until the function it gives is called.
func (p *Provider) Hold() (release func()) {
	p.mu.Lock()
	return p.mu.Unlock
}

// ServeHTTP answers.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.URL.Path == "/auth/oauth2/token" {
		p.answer(w, "oauth2/token", func() (any, *Fault) { return p.logIn(r) })
		return
	}
	method, ok := strings.CutPrefix(r.URL.Path, "/qtsp/csc/v2/")
	if !ok {
		http.NotFound(w, r)
		return
	}
	p.answer(w, method, func() (any, *Fault) { return p.method(method, r) })
}

func (p *Provider) answer(w http.ResponseWriter, method string, reply func() (any, *Fault)) {
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

func write(w http.ResponseWriter, f Fault) {
	if f.Status >= 300 && f.Status < 400 {
		w.Header().Set("Location", f.Header)
	} else if f.Header != "" {
		w.Header().Set("Retry-After", f.Header)
	}
	w.WriteHeader(f.Status)
	if f.Code == "garbage" {
		_, _ = w.Write([]byte("<html>"))
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]string{"error": f.Code, "error_description": f.Words})
}

func bad(words string) *Fault { return &Fault{Status: 400, Code: "invalid_request", Words: words} }

// logIn is oauth2/token (8.4.4).
func (p *Provider) logIn(r *http.Request) (any, *Fault) {
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
	case r.PostForm.Get("client_id") != Client:
		return nil, bad("Invalid parameter client_id")
	case r.PostForm.Get("client_secret") != Secret:
		return nil, bad("Invalid parameter client_secret " + r.PostForm.Get("client_secret"))
	}
	p.token = fmt.Sprintf("tok-%d", p.asked["oauth2/token"])
	return map[string]any{"access_token": p.token, "token_type": "Bearer", "expires_in": 3600}, nil
}

// method is any other: JSON in, with the access token, except for info.
func (p *Provider) method(method string, r *http.Request) (any, *Fault) {
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
		return nil, &Fault{Status: 401, Code: "invalid_token", Words: "The access token is not valid"}
	}
	d := json.NewDecoder(r.Body)
	switch method {
	case "credentials/list":
		return map[string]any{"credentialIDs": p.IDs}, p.read(d, &struct{}{})
	case "credentials/info":
		return p.info(d)
	case "credentials/authorize":
		return p.authorize(d)
	case "credentials/authorizeCheck":
		return p.authorizeCheck(d)
	case "signatures/signHash":
		return p.signHash(d)
	}
	return nil, &Fault{Status: 501, Code: "invalid_request", Words: "this provider has no such method"}
}

// read decodes a request whose names are written as the specification writes them.
func (p *Provider) read(d *json.Decoder, v any) *Fault {
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

func (p *Provider) info(d *json.Decoder) (any, *Fault) {
	var q struct {
		CredentialID, Certificates string
		CertInfo, AuthInfo         bool
	}
	if wrong := p.read(d, &q); wrong != nil {
		return nil, wrong
	}
	if q.CredentialID != Credential {
		return nil, bad("Invalid parameter credentialID")
	}
	key := map[string]any{"status": p.Status, "algo": p.Algos}
	switch k := p.Key.Public().(type) {
	case *rsa.PublicKey:
		key["len"] = k.N.BitLen()
	case *ecdsa.PublicKey:
		key["len"] = k.Params().BitSize
		key["curve"] = map[string]string{"P-256": "1.2.840.10045.3.1.7", "P-384": "1.3.132.0.34"}[k.Params().Name]
	}
	var certs []string
	if q.Certificates == "chain" {
		for _, c := range p.Certs {
			certs = append(certs, base64.StdEncoding.EncodeToString(c.Raw))
		}
	}
	return map[string]any{
		"key": key, "cert": map[string]any{"status": p.Cert, "certificates": certs}, "auth": p.Auth, "SCAL": "2", "multisign": p.Multisign,
	}, nil
}

type shown struct{ ID, Value string }

func (p *Provider) authorize(d *json.Decoder) (any, *Fault) {
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
	case q.CredentialID != Credential:
		return nil, bad("Invalid parameter credentialID")
	case q.NumSignatures < 1 || q.NumSignatures != len(q.Hashes):
		return nil, bad("Invalid value for parameter numSignatures")
	case q.NumSignatures > p.Multisign:
		return nil, bad("Numbers of signatures is too high")
	case !strings.HasPrefix(q.HashAlgorithmOID, "2.16.840.1.101.3.4.2."):
		return nil, bad("Invalid parameter hashAlgorithmOID")
	case len(q.AuthData) != len(p.show):
		return nil, bad("Missing authData")
	}
	for _, a := range q.AuthData {
		if want, ok := p.show[a.ID]; !ok || a.Value != want {
			return nil, &Fault{Status: 400, Code: "invalid_authentication_data", Words: "The authentication data is invalid: " + a.Value}
		}
	}
	if p.Later > 0 {
		p.handle = q.Hashes
		return map[string]any{"handle": "h-1"}, nil
	}
	return p.grant(q.Hashes), nil
}

func (p *Provider) grant(hashes []string) any {
	sad := rand.Text()
	p.sads[sad] = hashes
	return map[string]any{"SAD": sad, "expiresIn": 300}
}

func (p *Provider) authorizeCheck(d *json.Decoder) (any, *Fault) {
	var q struct{ Handle string }
	if wrong := p.read(d, &q); wrong != nil {
		return nil, wrong
	}
	if q.Handle != "h-1" || p.handle == nil {
		return nil, bad("Invalid parameter handle")
	}
	if p.Later--; p.Later > 0 {
		return map[string]any{"handle": "h-1"}, nil
	}
	return p.grant(p.handle), nil
}

func (p *Provider) signHash(d *json.Decoder) (any, *Fault) {
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
	case q.CredentialID != Credential:
		return nil, bad("Invalid parameter credentialID")
	case p.Auth["mode"] == "explicit" && !ok:
		return nil, bad("Invalid parameter SAD")
	case p.Auth["mode"] == "explicit" && !slices.Equal(allowed, q.Hashes):
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
			return nil, &Fault{Status: 500, Code: "server_error", Words: err.Error()}
		}
		signatures = append(signatures, base64.StdEncoding.EncodeToString(value))
	}
	return map[string]any{"signatures": signatures}, nil
}

// hash reads signAlgo and hashAlgorithmOID, of which one must name the hash (11.10).
func (p *Provider) hash(algo, oid string) (crypto.Hash, *Fault) {
	if !slices.Contains(p.Algos, algo) {
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

func (p *Provider) sign(digest []byte, hash crypto.Hash) ([]byte, error) {
	value, err := p.Key.Sign(rand.Reader, digest, hash)
	if err != nil || !p.RawECDSA {
		return value, err
	}
	var pair struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(value, &pair); err != nil {
		return nil, err
	}
	k, ok := p.Key.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("not an elliptic key")
	}
	half := (k.Params().BitSize + 7) / 8
	return bytes.Join([][]byte{pair.R.FillBytes(make([]byte, half)), pair.S.FillBytes(make([]byte, half))}, nil), nil
}

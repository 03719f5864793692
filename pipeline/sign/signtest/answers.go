package signtest

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"hoso/pipeline/sign/revocation"
	"hoso/pipeline/sign/tsa"
)

// Stamper is a client of the timestamp authority.
func (a *Authority) Stamper() *tsa.Client { return a.StamperOf(a.Stamps) }

// StamperOf is a client of a certain timestamp authority.
func (a *Authority) StamperOf(s *tsa.Server) *tsa.Client {
	return &tsa.Client{URLs: []string{a.TSA()}, Limit: 10 * time.Second, HTTP: &http.Client{Transport: direct{s}}}
}

// Status is a client that asks the authority about revocation.
func (a *Authority) Status() *revocation.Client {
	return &revocation.Client{HTTP: &http.Client{Transport: a}, Limit: 10 * time.Second, Now: a.Clock}
}

// Clock is the authority's time.
func (a *Authority) Clock() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.now
}

// Down makes a path such as "ocsp", "ca.crl" or "root.crl" answer nothing, or answer
// again.
func (a *Authority) Down(path string, down bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.down[path] = down
}

// direct hands requests to a handler.
type direct struct{ http.Handler }

// RoundTrip answers.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	d.ServeHTTP(recorder, r)
	return recorder.Result(), nil
}

var errDown = errors.New("connection refused")

// RoundTrip answers at the authority's addresses.
func (a *Authority) RoundTrip(r *http.Request) (*http.Response, error) {
	if a.asked(r) || !strings.HasPrefix(r.URL.String(), a.host) {
		return nil, errDown
	}
	return direct{http.HandlerFunc(a.serve)}.RoundTrip(r)
}

// asked tells of a question, and whether nobody is to answer it.
func (a *Authority) asked(r *http.Request) (down bool) {
	path := strings.TrimPrefix(r.URL.Path, "/")
	a.mu.Lock()
	down = a.down[path]
	a.mu.Unlock()
	if a.Asked != nil {
		a.Asked(path)
	}
	return down
}

// ServeHTTP answers alike where a test needs a port.
func (a *Authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if a.asked(r) {
		http.Error(w, errDown.Error(), http.StatusServiceUnavailable)
		return
	}
	if r.URL.Path == "/tsa" {
		a.Stamps.ServeHTTP(w, r)
		return
	}
	a.serve(w, r)
}

func (a *Authority) serve(w http.ResponseWriter, r *http.Request) {
	body, err := a.answer(strings.TrimPrefix(r.URL.Path, "/"), r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	_, _ = w.Write(body) // the asker may have gone
}

func (a *Authority) answer(path string, r *http.Request) ([]byte, error) {
	switch path {
	case "root.crt":
		return a.Root.Raw, nil
	case "ca.crt":
		return a.CA.Raw, nil
	case "root.crl":
		return a.list(pair{a.Root, a.rootKey}, a.Clock())
	case "ca.crl":
		return a.list(pair{a.CA, a.caKey}, a.Clock())
	case "ocsp":
		query, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		return a.respond(query)
	}
	return nil, errors.New("no such path")
}

// Lists writes the revocation lists that the authority publishes at a moment.
func (a *Authority) Lists(t testing.TB, at time.Time) []string {
	t.Helper()
	var files []string
	for _, p := range []pair{{a.Root, a.rootKey}, {a.CA, a.caKey}} {
		der, err := a.list(p, at)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, filepath.Join(t.TempDir(), "list.crl"))
		if err := os.WriteFile(files[len(files)-1], der, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func (a *Authority) list(by pair, at time.Time) ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	l := &x509.RevocationList{Number: big.NewInt(7), ThisUpdate: at.Add(-time.Minute).UTC(), NextUpdate: at.AddDate(0, 0, 7).UTC()}
	for id, e := range a.revoked {
		if strings.HasPrefix(id, string(by.cert.RawSubject)) {
			l.RevokedCertificateEntries = append(l.RevokedCertificateEntries, e)
		}
	}
	return x509.CreateRevocationList(rand.Reader, l, by.cert, by.key)
}

func (a *Authority) respond(query []byte) ([]byte, error) {
	q, err := ocsp.ParseRequest(query)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	answer := ocsp.Response{
		Status: ocsp.Good, SerialNumber: q.SerialNumber, Certificate: a.responder.cert,
		ThisUpdate: a.now.UTC(), NextUpdate: a.now.AddDate(0, 0, 1).UTC(), IssuerHash: crypto.SHA1,
	}
	if e, ok := a.revoked[string(a.CA.RawSubject)+q.SerialNumber.Text(16)]; ok {
		answer.Status, answer.RevokedAt, answer.RevocationReason = ocsp.Revoked, e.RevocationTime, e.ReasonCode
	}
	der, err := ocsp.CreateResponse(a.CA, a.responder.cert, answer, a.responder.key)
	return bytes.Clone(der), err
}

package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"hoso/cmd/internal/config"
	"hoso/cmd/internal/embedded"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/revocation"
	"hoso/pipeline/sign/tsa"
	"hoso/workers"
)

// signingKeys are what records are signed and verified with.
type signingKeys struct {
	holder      *holder
	timestamper sign.Timestamper
	trust       sign.Trust
	patient     sign.Trust // set by forPeople: trust as it was, with as much time for issuers as papers have
	demo        bool
	chain       []*x509.Certificate // of the key, once check has seen it
}

// keys gives the configured key and authorities, and the demonstration's for what is
// not configured.
func keys(cfg *config.Config) (signingKeys, error) {
	demo, err := embedded.DemoPKI(filepath.Join(cfg.Data, "pki"), time.Now())
	if err != nil {
		return signingKeys{}, fmt.Errorf("making the demonstration keys: %w", err)
	}
	roots := demo.Roots()
	for _, path := range cfg.Trust {
		if err := addRoots(roots, path); err != nil {
			return signingKeys{}, err
		}
	}
	k := signingKeys{trust: sign.Trust{Roots: roots}}
	if k.holder, err = holderOf(cfg); err != nil {
		return signingKeys{}, err
	}
	if k.holder == nil {
		k.holder = inHand(demo.Signer)
	}
	// A real key with the demonstration's time is still no record in the law's sense.
	k.demo = k.holder.identity.Demo || len(cfg.Authorities) == 0
	if cfg.Revocation != "off" {
		k.trust.Status = &revocation.Client{HTTP: &http.Client{Transport: issuers{demo.Publish()}}}
	}
	k.timestamper, err = authorities(cfg, demo)
	return k, err
}

// authorities gives the configured timestamp authorities, or the demonstration's.
func authorities(cfg *config.Config, demo *embedded.PKI) (sign.Timestamper, error) {
	if len(cfg.Authorities) == 0 {
		return &tsa.Client{URLs: []string{"http://demo.invalid/"}, HTTP: inProcess(demo.Authority())}, nil
	}
	for _, address := range cfg.Authorities {
		at, err := url.Parse(address)
		if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
			return nil, usageError{fmt.Errorf("reading the address of a timestamp authority %q: want http://HOST/PATH", address)}
		}
	}
	return workers.NewConsiderate(&tsa.Client{URLs: cfg.Authorities, Limit: cfg.StampTime}), nil
}

// checkPages makes sure that the pages' certificate and key can be used.
func checkPages(cfg *config.Config) error {
	if cfg.TLSCert == "" && cfg.TLSKey == "" {
		return nil
	}
	if _, err := tls.LoadX509KeyPair(cfg.TLSCert, cfg.TLSKey); err != nil {
		return usageError{fmt.Errorf("reading certificate and key of the pages (%q, %q): %w", cfg.TLSCert, cfg.TLSKey, err)}
	}
	return nil
}

// loadKey opens the configured key. A key that cannot be opened is a bad setting, and
// nothing starts with it; one whose time is over can be opened, and papers wait for a
// better one.
func loadKey(cfg *config.Config) (sign.Identity, error) {
	data, err := os.ReadFile(cfg.PKCS12)
	if err != nil {
		return sign.Identity{}, usageError{fmt.Errorf("reading the signing key: %w", err)}
	}
	id, err := sign.LoadPKCS12(data, cfg.PKCS12Pass.Reveal())
	if err != nil {
		return sign.Identity{}, usageError{fmt.Errorf("opening the signing key %s: %w", cfg.PKCS12, err)}
	}
	return id, nil
}

func addRoots(pool *x509.CertPool, path string) error {
	data, err := os.ReadFile(path) //nolint:gosec // the operator names it
	if err != nil {
		return usageError{fmt.Errorf("reading trusted certificates: %w", err)}
	}
	if !pool.AppendCertsFromPEM(data) {
		return usageError{errors.New("reading trusted certificates: " + path + " holds none")}
	}
	return nil
}

// handlerTransport answers requests from a handler in this process, so that the
// demonstration authority needs no port.
type handlerTransport struct{ handler http.Handler }

func inProcess(h http.Handler) *http.Client {
	return &http.Client{Transport: handlerTransport{h}}
}

// issuers asks the demonstration's root in this process, and everybody else where they
// are.
type issuers struct{ demo http.Handler }

// RoundTrip asks whoever is meant.
func (i issuers) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Hostname() == embedded.Host {
		return handlerTransport{i.demo}.RoundTrip(r)
	}
	return http.DefaultTransport.RoundTrip(r) //nolint:wrapcheck // a transport
}

// RoundTrip asks the handler.
func (t handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := httptest.NewRecorder()
	t.handler.ServeHTTP(answer, r)
	return answer.Result(), nil
}

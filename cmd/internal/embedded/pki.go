package embedded

import (
	"crypto/ecdsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"time"

	"hoso/pipeline/sign"
	"hoso/pipeline/sign/tsa"
)

// PKI is the demonstration's certificates: enough to sign, timestamp and verify on one
// machine without anybody's permission, and therefore without legal value. Every
// certificate says so in its subject and carries the policy sign.DemoPolicy, by which
// sign.Verify knows it.
type PKI struct {
	Root       *x509.Certificate
	Signer     sign.Identity
	Revocation []byte // DER; the root's certificate revocation list, empty
	stampKey   *ecdsa.PrivateKey
	stamps     []*x509.Certificate
}

// errHalfMade means that files are missing or empty.
var errHalfMade = errors.New("demonstration certificates are incomplete")

// DemoPKI loads the certificates in dir, and makes them there at the time now if dir is
// missing, empty or half made; what was half made is kept beside it. Keys are readable
// by their owner alone. Processes that start at once end up with the same certificates.
func DemoPKI(dir string, now time.Time) (*PKI, error) {
	p, err := loadPKI(dir)
	if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errHalfMade) {
		return p, err
	}
	unlock, err := lockBeside(dir)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if p, err := loadPKI(dir); err == nil { // another process was faster
		return p, nil
	}
	if err := createPKI(dir, now); err != nil {
		return nil, err
	}
	return loadPKI(dir)
}

// Roots is a pool with the demonstration root alone.
func (p *PKI) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(p.Root)
	return pool
}

// Authority is the demonstration's RFC 3161 timestamp authority, an http.Handler.
func (p *PKI) Authority() *tsa.Server {
	return &tsa.Server{Key: p.stampKey, Chain: p.stamps, Policy: sign.DemoPolicy}
}

// Host is where the demonstration's certificates say that Publish answers.
const Host = "demo.hoso.invalid"

// Publish gives the revocation list and the root's certificate.
func (p *PKI) Publish() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/" + revocationFile:
			_, _ = w.Write(p.Revocation) // the asker may have gone
		case "/" + rootName + ".crt":
			_, _ = w.Write(p.Root.Raw) // likewise
		default:
			http.NotFound(w, r)
		}
	})
}

// loadPKI reads dir. A missing directory is fs.ErrNotExist, a missing or empty file is
// errHalfMade, and a file that cannot be understood is left for a person to look at.
func loadPKI(dir string) (*PKI, error) {
	files, err := readPKI(dir)
	if err != nil {
		return nil, err
	}
	root, err := parsePair(files, rootName)
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", dir, err)
	}
	signer, err := parsePair(files, signerName)
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", dir, err)
	}
	stamp, err := parsePair(files, stampName)
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", dir, err)
	}
	for _, leaf := range []pair{signer, stamp} {
		if err := leaf.cert.CheckSignatureFrom(root.cert); err != nil {
			return nil, fmt.Errorf("reading %q: %w", dir, err)
		}
	}
	return &PKI{
		Root:       root.cert,
		Signer:     sign.Identity{Key: signer.key, Chain: []*x509.Certificate{signer.cert, root.cert}, Demo: true},
		Revocation: files[revocationFile],
		stampKey:   stamp.key,
		stamps:     []*x509.Certificate{stamp.cert, root.cert},
	}, nil
}

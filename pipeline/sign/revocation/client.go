package revocation

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"hoso/pipeline"
)

const (
	maxAnswer = 64 << 10 // bytes of an OCSP answer
	maxList   = 32 << 20 // bytes of a revocation list
	maxKept   = 256      // answers remembered

	usualLimit = 20 * time.Second
	usualFresh = 10 * time.Minute // what is signed after a revocation is worth nothing
	sulk       = time.Minute      // for which a source that failed is not asked again
)

// Client asks issuers and remembers what they said. It is safe for concurrent use;
// many papers of a night that ask about the same certificate cause one question.
type Client struct {
	HTTP  *http.Client     // nil is http.DefaultClient
	Limit time.Duration    // for one question; 0 is 20 s
	Fresh time.Duration    // how long an answer is given again; 0 is ten minutes
	Now   func() time.Time // nil is time.Now

	asking singleflight.Group
	mu     sync.Mutex
	kept   map[[sha256.Size]byte]kept
}

// kept is an answer or a failure, and until when it stands for the next question.
type kept struct {
	answer Answer
	err    error
	until  time.Time
}

// Status asks whether cert, which must lead to a trusted root already, is revoked: its
// OCSP responders first, then the lists it names. ErrNoSource if it names none, and
// *pipeline.Unavailable if nobody gave an answer that can be believed.
func (c *Client) Status(ctx context.Context, cert, issuer *x509.Certificate) (Answer, error) {
	key := sha256.Sum256(append(bytes.Clone(cert.Raw), issuer.Raw...))
	if k, ok := c.known(key); ok {
		return k.answer, k.err
	}
	got := c.asking.DoChan(string(key[:]), func() (any, error) {
		// Others wait for the same answer: it does not end with the one who asked first.
		a, err := c.ask(context.WithoutCancel(ctx), cert, issuer)
		c.keep(key, a, err)
		return a, err
	})
	select {
	case <-ctx.Done():
		return Answer{}, fmt.Errorf("asking about revocation: %w", ctx.Err())
	case r := <-got:
		a, _ := r.Val.(Answer)
		return a, r.Err
	}
}

func (c *Client) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}

func (c *Client) known(key [sha256.Size]byte) (kept, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.kept[key]
	return k, ok && c.now().Before(k.until)
}

// keep remembers an answer until it is no longer fresh, and a failure for a minute.
func (c *Client) keep(key [sha256.Size]byte, a Answer, err error) {
	fresh := c.Fresh
	if fresh <= 0 {
		fresh = usualFresh
	}
	until := c.now().Add(fresh)
	switch {
	case err != nil:
		until = c.now().Add(sulk)
	case !a.Next.IsZero() && a.Next.Before(until):
		until = a.Next
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil || len(c.kept) >= maxKept {
		c.kept = map[[sha256.Size]byte]kept{}
	}
	c.kept[key] = kept{a, err, until}
}

// ask goes through the sources that a certificate names.
func (c *Client) ask(ctx context.Context, cert, issuer *x509.Certificate) (Answer, error) {
	var causes []error
	for _, url := range onHTTP(cert.OCSPServer) {
		a, err := c.askResponder(ctx, url, cert, issuer)
		if err == nil {
			return a, nil
		}
		causes = append(causes, err)
	}
	for _, url := range onHTTP(cert.CRLDistributionPoints) {
		a, err := c.askList(ctx, url, cert, issuer)
		if err == nil {
			return a, nil
		}
		causes = append(causes, err)
	}
	if len(causes) == 0 {
		return Answer{}, ErrNoSource
	}
	return Answer{}, &pipeline.Unavailable{What: "revocation data", Err: errors.Join(causes...)}
}

// Answerable reports whether a certificate says where to ask about its revocation.
func Answerable(cert *x509.Certificate) bool {
	return len(onHTTP(cert.OCSPServer)) > 0 || len(onHTTP(cert.CRLDistributionPoints)) > 0
}

// onHTTP leaves out other addresses, such as those of directories (ldap).
func onHTTP(urls []string) []string {
	var out []string
	for _, u := range urls {
		if strings.HasPrefix(u, "http://") || strings.HasPrefix(u, "https://") {
			out = append(out, u)
		}
	}
	return out
}

func (c *Client) askResponder(ctx context.Context, url string, cert, issuer *x509.Certificate) (Answer, error) {
	body, err := question(cert, issuer)
	if err != nil {
		return Answer{}, err
	}
	raw, err := c.fetch(ctx, asking{http.MethodPost, url, body, maxAnswer})
	if err != nil {
		return Answer{}, err
	}
	a, err := OpenOCSP(raw, cert, issuer)
	if err != nil {
		return Answer{}, err
	}
	return a, c.current(a)
}

func (c *Client) askList(ctx context.Context, url string, cert, issuer *x509.Certificate) (Answer, error) {
	raw, err := c.fetch(ctx, asking{http.MethodGet, url, nil, maxList})
	if err != nil {
		return Answer{}, err
	}
	a, err := OpenCRL(raw, cert, issuer)
	if err != nil {
		return Answer{}, err
	}
	return a, c.current(a)
}

// clocks is by how much two clocks may differ.
const clocks = 10 * time.Minute

// current refuses an answer whose time is over: whoever stands between could repeat
// one from before the revocation.
func (c *Client) current(a Answer) error {
	now := c.now()
	if !a.Next.IsZero() && now.After(a.Next.Add(clocks)) || a.This.After(now.Add(clocks)) {
		return fmt.Errorf("%w: it is of %s and holds until %s", ErrAnswer, a.This.Format(time.RFC3339), a.Next.Format(time.RFC3339))
	}
	return nil
}

// Issuer fetches the certificate of cert's issuer from where cert says (RFC 5280,
// 4.2.2.1: id-ad-caIssuers). Only for certificates of our own signers.
func (c *Client) Issuer(ctx context.Context, cert *x509.Certificate) (*x509.Certificate, error) {
	causes := []error{ErrNoSource}
	for _, url := range onHTTP(cert.IssuingCertificateURL) {
		raw, err := c.fetch(ctx, asking{http.MethodGet, url, nil, maxAnswer})
		if err != nil {
			causes = append(causes, err)
			continue
		}
		issuer, err := x509.ParseCertificate(raw)
		if err == nil {
			err = cert.CheckSignatureFrom(issuer)
		}
		if err == nil {
			return issuer, nil
		}
		causes = append(causes, fmt.Errorf("reading an issuer's certificate: %w", err))
	}
	return nil, &pipeline.Unavailable{What: "issuer's certificate", Err: errors.Join(causes...)}
}

// asking is one question over HTTP.
type asking struct {
	method, url string
	body        []byte
	most        int // bytes of the answer
}

const maxRedirects = 3

// client is c.HTTP with our rules for redirects.
func (c *Client) client() *http.Client {
	client := http.Client{}
	if c.HTTP != nil {
		client = *c.HTTP
	}
	client.CheckRedirect = redirect
	return &client
}

// redirect allows a few, over HTTP only. Answers are signed, so it matters little who
// gives them; but whoever sits on the unencrypted way must not make the server ask
// inside of its own network. Where the authority itself is, it may redirect.
func redirect(r *http.Request, via []*http.Request) error {
	switch {
	case len(via) > maxRedirects:
		return fmt.Errorf("%w: more than %d redirects", ErrAnswer, maxRedirects)
	case r.URL.Scheme != "http" && r.URL.Scheme != "https":
		return fmt.Errorf("%w: a redirect to %s", ErrAnswer, r.URL.Scheme)
	case r.URL.Hostname() == via[0].URL.Hostname():
		return nil
	}
	addresses, err := net.DefaultResolver.LookupNetIP(r.Context(), "ip", r.URL.Hostname())
	if err != nil {
		return fmt.Errorf("following a redirect: %w", err)
	}
	for _, a := range addresses {
		if a = a.Unmap(); a.IsPrivate() || !a.IsGlobalUnicast() {
			return fmt.Errorf("%w: a redirect into a private network", ErrAnswer)
		}
	}
	return nil
}

func (c *Client) fetch(ctx context.Context, q asking) (raw []byte, err error) {
	limit := c.Limit
	if limit <= 0 {
		limit = usualLimit
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, q.method, q.url, bytes.NewReader(q.body))
	if err != nil {
		return nil, fmt.Errorf("asking about revocation: %w", err)
	}
	if q.body != nil {
		req.Header.Set("Content-Type", "application/ocsp-request")
		req.Header.Set("Accept", "application/ocsp-response")
	}
	res, err := c.client().Do(req)
	if err != nil {
		return nil, fmt.Errorf("asking about revocation: %w", err)
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("asking about revocation: HTTP status %d", res.StatusCode)
	}
	raw, err = io.ReadAll(io.LimitReader(res.Body, int64(q.most)+1))
	if err != nil {
		return nil, fmt.Errorf("reading a revocation answer: %w", err)
	}
	if len(raw) > q.most {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrAnswer, q.most)
	}
	return raw, nil
}

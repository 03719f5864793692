package revocation_test

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"hoso/pipeline"
	"hoso/pipeline/sign/revocation"
	"hoso/pipeline/sign/signtest"
)

// world is an authority with a server of its own.
type world struct {
	issuer issuer
	cert   *x509.Certificate
	server *httptest.Server
	clock  atomic.Int64
	asked  atomic.Int64
}

// newWorld serves what answer gives at every path; the certificate names path as its
// responder's.
func newWorld(t *testing.T, path string, answer http.HandlerFunc) *world {
	t.Helper()
	w := &world{issuer: newIssuer(t, signtest.Key(t))}
	w.clock.Store(now.Unix())
	w.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.asked.Add(1)
		answer(rw, r)
	}))
	t.Cleanup(w.server.Close)
	w.cert = w.issuer.signer(t, func(c *x509.Certificate) { c.OCSPServer = []string{w.server.URL + path} }).cert
	return w
}

func (w *world) client() *revocation.Client {
	return &revocation.Client{Limit: 5 * time.Second, Now: func() time.Time { return time.Unix(w.clock.Load(), 0) }}
}

// TestStatusAsksOnce: a hundred callers are one question, and an answer stands until the
// next is due.
func TestStatusAsksOnce(t *testing.T) {
	t.Parallel()
	var raw []byte
	w := newWorld(t, "/", func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write(raw) })
	next := now.Add(5 * time.Minute)
	raw = w.issuer.answers(t, w.issuer, func(r *ocsp.Response) { r.NextUpdate = next })
	c := w.client()
	var group sync.WaitGroup
	for range 100 {
		group.Go(func() {
			if a, err := c.Status(t.Context(), w.cert, w.issuer.cert); err != nil || !a.Revoked.IsZero() || a.Kind != revocation.OCSP {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
	group.Wait()
	w.expect(t, c, 1, "a hundred callers")
	w.clock.Store(next.Add(-time.Second).Unix())
	w.expect(t, c, 1, "before the next answer is due")
	w.clock.Store(next.Add(time.Second).Unix())
	w.expect(t, c, 2, "after it was due")
}

// expect asks once more and compares how often the server was asked in all.
func (w *world) expect(t *testing.T, c *revocation.Client, want int64, when string) {
	t.Helper()
	_, _ = c.Status(t.Context(), w.cert, w.issuer.cert)
	if got := w.asked.Load(); got != want {
		t.Errorf("%s: asked %d times, want %d", when, got, want)
	}
}

// TestStatusRemembersFailures for a minute, and says whose they are.
func TestStatusRemembersFailures(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "/", func(rw http.ResponseWriter, _ *http.Request) { http.Error(rw, "no", http.StatusServiceUnavailable) })
	c := w.client()
	_, err := c.Status(t.Context(), w.cert, w.issuer.cert)
	if u, ok := errors.AsType[*pipeline.Unavailable](err); !ok || u.What != "revocation data" || !strings.Contains(err.Error(), "503") {
		t.Errorf("error = %v", err)
	}
	w.expect(t, c, 1, "at once")
	w.clock.Add(59)
	w.expect(t, c, 1, "within a minute")
	w.clock.Add(2)
	w.expect(t, c, 2, "after a minute")
}

// TestStatusRefuses what cannot be believed or borne.
func TestStatusRefuses(t *testing.T) {
	t.Parallel()
	private := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the server was led into a private network") }))
	t.Cleanup(private.Close)
	elsewhere := strings.Replace(private.URL, "127.0.0.1", "localhost", 1)
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		says   string
	}{
		"too long": {func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.CopyN(rw, zeros{}, 1<<20) }, "more than"},
		"stalls": {func(rw http.ResponseWriter, r *http.Request) {
			rw.WriteHeader(http.StatusOK)
			_ = http.NewResponseController(rw).Flush()
			<-r.Context().Done()
		}, "deadline"},
		"another scheme": {func(rw http.ResponseWriter, r *http.Request) {
			http.Redirect(rw, r, "file:///etc/passwd", http.StatusFound)
		}, "redirect to file"},
		"private network": {func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, elsewhere, http.StatusFound) }, "private network"},
		"in circles":      {func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, "/again", http.StatusFound) }, "redirects"},
		"nonsense":        {func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, "<html>") }, "malformed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "/", c.answer)
			client := w.client()
			client.Limit = time.Second
			_, err := client.Status(t.Context(), w.cert, w.issuer.cert)
			if _, ok := errors.AsType[*pipeline.Unavailable](err); !ok || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error = %v, want Unavailable that says %q", err, c.says)
			}
		})
	}
}

type zeros struct{}

// Read gives zeros without end.
func (zeros) Read(b []byte) (int, error) { return len(b), nil }

// TestStatusRefusesStaleAnswers: an answer whose time is over is what somebody repeats
// who does not want the newest to be known; one from tomorrow is nobody's.
func TestStatusRefusesStaleAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*ocsp.Response)
		good   bool
	}{
		"of last month":         {func(r *ocsp.Response) { r.ThisUpdate, r.NextUpdate = now.AddDate(0, -1, 0), now.AddDate(0, 0, -9) }, false},
		"of tomorrow":           {func(r *ocsp.Response) { r.ThisUpdate, r.NextUpdate = now.AddDate(0, 0, 1), now.AddDate(0, 0, 9) }, false},
		"a few minutes late":    {func(r *ocsp.Response) { r.ThisUpdate, r.NextUpdate = now.AddDate(0, 0, -1), now.Add(-5*time.Minute) }, true},
		"of a clock that is on": {func(r *ocsp.Response) { r.ThisUpdate = now.Add(5 * time.Minute) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var raw []byte
			w := newWorld(t, "/", func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write(raw) })
			raw = w.issuer.answers(t, w.issuer, c.change)
			if _, err := w.client().Status(t.Context(), w.cert, w.issuer.cert); (err == nil) != c.good {
				t.Errorf("error = %v", err)
			}
		})
	}
}

// TestStatusFollowsItsOwn redirects, asks lists when the responder fails, and gives up
// when its caller does.
func TestStatusFollowsItsOwn(t *testing.T) {
	t.Parallel()
	var raw []byte
	w := newWorld(t, "/old", func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/old" {
			http.Redirect(rw, r, "/new", http.StatusTemporaryRedirect)
			return
		}
		_, _ = rw.Write(raw)
	})
	raw = w.issuer.answers(t, w.issuer, nil)
	if _, err := w.client().Status(t.Context(), w.cert, w.issuer.cert); err != nil {
		t.Errorf("redirected: %v", err)
	}
	listed := w.issuer.signer(t, func(c *x509.Certificate) {
		c.OCSPServer, c.CRLDistributionPoints = []string{"http://127.0.0.1:1/"}, []string{"ldap://x/", w.server.URL + "/list"}
	})
	raw = w.issuer.lists(t, nil)
	if a, err := w.client().Status(t.Context(), listed.cert, w.issuer.cert); err != nil || a.Kind != revocation.CRL {
		t.Errorf("listed: %+v, %v", a, err)
	}
	mute := w.issuer.signer(t, nil)
	if _, err := w.client().Status(t.Context(), mute.cert, w.issuer.cert); !errors.Is(err, revocation.ErrNoSource) {
		t.Errorf("nowhere to ask: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.client().Status(ended, w.cert, w.issuer.cert); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

package main

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hoso/pipeline/sign"
	"hoso/pipeline/sign/revocation"
	"hoso/pipeline/sign/signtest"
)

// late is an issuer that takes its time.
type late struct {
	after time.Duration
	http.RoundTripper
}

// RoundTrip answers late, unless nobody waits any more.
func (l late) RoundTrip(r *http.Request) (*http.Response, error) {
	select {
	case <-time.After(l.after):
		return l.RoundTripper.RoundTrip(r)
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// TestASlowIssuerIsNoTrouble: it takes longer than people wait, but papers wait for it and
// are signed, so that the status must not say that nothing can be.
func TestASlowIssuerIsNoTrouble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := signtest.New(t, time.Now())
		issuer := &http.Client{Transport: late{courtesy + time.Second, a}}
		k := &signingKeys{
			trust: sign.Trust{Roots: a.Roots(), Status: &revocation.Client{HTTP: issuer}},
			chain: a.Identity(t, signtest.Key(t), nil).Chain,
		}
		k.forPeople()
		began := time.Now()
		if _, err := k.trust.Ready(t.Context(), k.chain, began); err == nil || time.Since(began) > 3*courtesy {
			t.Errorf("people waited %s for %v", time.Since(began), err)
		}
		var out strings.Builder
		c := k.certificate(slog.New(slog.DiscardHandler), &out)
		ctx, stop := context.WithCancel(t.Context())
		go c.watch(ctx)
		<-time.After(5 * watched)
		stop()
		<-time.After(watched) // what was asked ends
		if s, known := c.service(); !known || !s.Healthy || out.Len() > 0 {
			t.Errorf("the status says %+v (%t); told: %s", s, known, out.String())
		}
	})
}

package workers_test

import (
	"context"
	"crypto"
	"crypto/x509"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
)

// lasting is a world whose records are signed to B-LTA by a certificate that ends in two
// years, below an authority with everything that a real one has.
func lasting(t *testing.T) (*world, *signtest.Authority) {
	t.Helper()
	w := newWorld(t)
	a := signtest.New(t, w.clock)
	id := a.Identity(t, signtest.Key(t), func(c *x509.Certificate) { c.NotBefore = w.clock.AddDate(-1, 0, 0) })
	trust := sign.Trust{Roots: a.Roots(), Status: a.Status()}
	w.steps.Signing.Identity = func(context.Context) (sign.Identity, error) { return id, nil }
	w.steps.Signing.Timestamper, w.steps.Signing.Level, w.steps.Trust = a.Stamper(), "B-LTA", trust
	w.office.Trust = sign.Trust{Roots: a.Roots()}
	w.steps.Now = func() time.Time { return a.Clock() }
	return w, a
}

func (w *world) verify(id pipeline.PaperID) bool {
	w.t.Helper()
	v, err := w.office.Verify(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	if !v.Good {
		w.t.Logf("%+v", v.Checks)
	}
	return v.Good
}

// TestRecordsLast: a record is filed with what proves it later; before the timestamp
// authority's certificate ends it is found and renewed, its bytes the beginning of the
// new one, and a rebuilt catalog knows it.
func TestRecordsLast(t *testing.T) {
	t.Parallel()
	w, a := lasting(t)
	p := w.work(w.receive("H42.15-221011-0001").ID, 8)
	if p.State != pipeline.Filed || p.Sealed.Level != "B-LTA" || !p.Sealed.RenewBy.Equal(a.Stamps.Chain[0].NotAfter) {
		t.Fatalf("filed as %+v, %s", p.Sealed, p.State)
	}
	later := a.Clock().AddDate(7, 9, 0)
	if due := w.due(later); len(due) != 0 {
		t.Errorf("%d records are due before their time", len(due))
	}
	a.Travel(t, later)
	w.steps.Signing.Timestamper = a.StamperOf(a.TimestampAuthority(t, later.AddDate(5, 0, 0)))
	due := w.due(later.AddDate(0, 6, 0))
	if len(due) != 1 || due[0].ID != p.ID {
		t.Fatalf("due: %+v", due)
	}
	if err := w.steps.Renew(t.Context(), due[0].ID, due[0].Gen); err != nil {
		t.Fatal(err)
	}
	renewed, err := w.catalog.Paper(t.Context(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if renewed.Record == p.Record || len(renewed.Grown) != 1 || renewed.Grown[0].Digest != p.Record || !renewed.Sealed.RenewBy.Equal(later.AddDate(5, 0, 0)) {
		t.Errorf("renewed to %+v, before it %+v", renewed.Sealed, renewed.Grown)
	}
	if due := w.due(later.AddDate(0, 6, 0)); len(due) != 0 {
		t.Errorf("still due: %+v", due)
	}
	w.office.Trust.Now = later.AddDate(4, 0, 0) // the signer's certificate ended nine years ago
	if !w.verify(p.ID) {
		t.Error("the renewed record is not good any more")
	}
	if err := w.steps.Renew(t.Context(), p.ID, due[0].Gen); err != nil {
		t.Errorf("renewing what has moved on: %v", err)
	}
}

func (w *world) due(before time.Time) []pipeline.Todo {
	w.t.Helper()
	due, err := w.catalog.Due(w.t.Context(), before, 0, 10)
	if err != nil {
		w.t.Fatal(err)
	}
	return due
}

// TestNobodyTellsOfRevocation: the paper waits for the answer and says so, or, where the
// office wants that, is filed and completed as soon as somebody answers.
func TestNobodyTellsOfRevocation(t *testing.T) {
	t.Parallel()
	for _, later := range []bool{false, true} {
		w, a := lasting(t)
		w.steps.Signing.Later = later
		for _, path := range []string{"ocsp", "ca.crl", "root.crl"} {
			a.Down(path, true)
		}
		p := w.work(w.receive("H42.15-221011-0001").ID, 8)
		if !later {
			if p.State != pipeline.Failed || !p.Record.IsZero() || !strings.Contains(p.Reason.Vietnamese, "OCSP") || !strings.Contains(p.Reason.English, "revocation data") {
				t.Errorf("the paper is %s: %+v", p.State, p.Reason)
			}
		}
		if !later {
			for _, path := range []string{"ocsp", "ca.crl", "root.crl"} {
				a.Down(path, false)
			}
			w.steps.Trust.Status = a.Status() // a minute on, it asks again
			if p = w.work(p.ID, 4); p.State != pipeline.Filed || p.Sealed.Level != "B-LTA" {
				t.Errorf("after somebody answers the paper is %s: %+v", p.State, p.Sealed)
			}
			continue
		}
		if p.State != pipeline.Filed || p.Sealed.Level != "B-T" || len(w.due(a.Clock())) != 1 {
			t.Fatalf("filed as %+v, %s", p.Sealed, p.State)
		}
		for _, path := range []string{"ocsp", "ca.crl", "root.crl"} {
			a.Down(path, false)
		}
		w.steps.Trust.Status = a.Status() // a minute on, it asks again
		if err := w.steps.Renew(t.Context(), p.ID, p.Gen); err != nil {
			t.Fatal(err)
		}
		if done, err := w.catalog.Paper(t.Context(), p.ID); err != nil || done.Sealed.Level != "B-LTA" {
			t.Errorf("completed to %+v, %v", done.Sealed, err)
		}
	}
}

// TestARevokedKeySignsNothing: papers wait for a better key.
func TestARevokedKeySignsNothing(t *testing.T) {
	t.Parallel()
	w, a := lasting(t)
	id, err := w.steps.Signing.Identity(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a.Revoke(id.Chain[0], a.Clock().Add(-time.Hour))
	signed := counted(w)
	p := w.work(w.receive("H42.15-221011-0001").ID, 8)
	if p.State != pipeline.Failed || !p.Record.IsZero() || signed.Load() != 0 {
		t.Errorf("the paper is %s with a record of %+v; the key signed %d times", p.State, p.Sealed, signed.Load())
	}
	if !strings.Contains(p.Reason.Vietnamese, "đã bị thu hồi") || !strings.Contains(p.Reason.English, "revoked") {
		t.Errorf("the paper says %+v", p.Reason)
	}
}

// countingKey counts what it signs.
type countingKey struct {
	crypto.Signer

	signed *atomic.Int64
}

func (k countingKey) Sign(r io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	k.signed.Add(1)
	return k.Signer.Sign(r, digest, o)
}

// counted counts from now on what the agency's key signs.
func counted(w *world) *atomic.Int64 {
	signed, before := &atomic.Int64{}, w.steps.Signing.Identity
	w.steps.Signing.Identity = func(ctx context.Context) (sign.Identity, error) {
		id, err := before(ctx)
		id.Key = countingKey{id.Key, signed}
		return id, err
	}
	return signed
}

// rationed is an authority that gives so many timestamps and then none.
type rationed struct {
	sign.Timestamper

	left  atomic.Int64
	quick bool
	asked atomic.Int64
}

// Timestamp gives one of those that are left.
func (r *rationed) Timestamp(ctx context.Context, imprint []byte) ([]byte, error) {
	r.asked.Add(1)
	if r.left.Add(-1) < 0 {
		return nil, &pipeline.Unavailable{What: "timestamp authority", Err: errAway}
	}
	return r.Timestamper.Timestamp(ctx, imprint)
}

func (r *rationed) Quick() bool { return r.quick }

// TestSecondTimestampLater: a paper does not wait for the timestamp over its record, be the
// authority away or slow; the record is filed with what there is, signed once, and
// completed behind everything else.
func TestSecondTimestampLater(t *testing.T) {
	t.Parallel()
	for name, quick := range map[string]bool{"away": true, "slow": false} {
		w, a := lasting(t)
		tsa := &rationed{Timestamper: a.Stamper(), quick: quick}
		w.steps.Signing.Timestamper = tsa
		signed := counted(w)
		p := w.work(w.receive("H42.15-221011-0001").ID, 8)
		if p.State != pipeline.Failed || !p.Record.IsZero() || !strings.Contains(p.Reason.Vietnamese, "máy chủ cấp dấu thời gian") {
			t.Fatalf("%s, without any timestamp: %s, %+v", name, p.State, p.Reason)
		}
		before := signed.Load()
		tsa.asked.Store(0)
		tsa.left.Store(1)
		p = w.work(p.ID, 4)
		if p.State != pipeline.Filed || p.Sealed.Level != "B-LT" || len(w.due(a.Clock())) != 1 || !w.verify(p.ID) {
			t.Fatalf("%s: filed as %+v, %s, %+v; %d due, verified %v", name, p.Sealed, p.State, p.Reason, len(w.due(a.Clock())), w.verify(p.ID))
		}
		if n := signed.Load() - before; n != 1 || quick == (tsa.asked.Load() == 1) {
			t.Errorf("%s: signed %d times, asked for %d timestamps", name, n, tsa.asked.Load())
		}
		if err := w.steps.Renew(t.Context(), p.ID, p.Gen); err == nil {
			t.Errorf("%s: completed without a timestamp", name)
		}
		tsa.left.Store(1)
		if err := w.steps.Renew(t.Context(), p.ID, p.Gen); err != nil {
			t.Fatal(err)
		}
		done, err := w.catalog.Paper(t.Context(), p.ID)
		if err != nil || done.Sealed.Level != "B-LTA" || len(w.due(a.Clock())) != 0 || !w.verify(p.ID) || signed.Load()-before != 1 {
			t.Errorf("%s: completed to %+v, %v; signed %d times", name, done.Sealed, err, signed.Load()-before)
		}
	}
}

// TestAuthorityOfAnotherRoot: that the timestamp authority cannot be judged holds no paper
// up, and is asked for again.
func TestAuthorityOfAnotherRoot(t *testing.T) {
	t.Parallel()
	w, a := lasting(t)
	w.steps.Signing.Timestamper = signtest.New(t, w.clock).Stamper()
	p := w.work(w.receive("H42.15-221011-0001").ID, 8)
	if p.State != pipeline.Filed || p.Sealed.Level != "B-T" || len(w.due(a.Clock())) != 1 {
		t.Fatalf("filed as %+v, %s, %+v", p.Sealed, p.State, p.Reason)
	}
	if err := w.steps.Renew(t.Context(), p.ID, p.Gen); err == nil || !strings.Contains(err.Error(), "HOSO_TRUST") {
		t.Errorf("completing it: %v; want to read of the setting", err)
	}
}

// TestUnfitCertificate: a paper says which setting or certificate it waits for.
func TestUnfitCertificate(t *testing.T) {
	t.Parallel()
	for say, change := range map[string]func(*world, *signtest.Authority){
		"HOSO_TRUST": func(w *world, _ *signtest.Authority) { w.steps.Trust.Roots = x509.NewCertPool() },
		"HOSO_REVOCATION=off": func(w *world, a *signtest.Authority) {
			silent := a.Identity(t, signtest.Key(t), func(c *x509.Certificate) { c.OCSPServer, c.CRLDistributionPoints = nil, nil })
			w.steps.Signing.Identity = func(context.Context) (sign.Identity, error) { return silent, nil }
		},
	} {
		w, a := lasting(t)
		fit := w.steps.Trust
		key := w.steps.Signing.Identity
		change(w, a)
		p := w.work(w.receive("H42.15-221011-0001").ID, 8)
		if p.State != pipeline.Failed || !strings.Contains(p.Reason.Vietnamese, say) {
			t.Errorf("%s: the paper is %s and says %+v", say, p.State, p.Reason)
		}
		w.steps.Trust, w.steps.Signing.Identity = fit, key
		if p = w.work(p.ID, 4); p.State != pipeline.Filed {
			t.Errorf("%s: when mended, the paper is %s: %+v", say, p.State, p.Reason)
		}
	}
}

package workers_test

import (
	"context"
	"crypto/x509"
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
			if p.State != pipeline.Failed || p.Reason.English == "" {
				t.Errorf("the paper is %s: %+v", p.State, p.Reason)
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
	p := w.work(w.receive("H42.15-221011-0001").ID, 8)
	if p.State != pipeline.Failed || !p.Record.IsZero() {
		t.Errorf("the paper is %s with a record of %+v", p.State, p.Sealed)
	}
}

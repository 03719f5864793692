package revocation_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"math/big"
	"runtime"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"hoso/pipeline/sign/revocation"
	"hoso/pipeline/sign/signtest"
)

// TestOpenOCSP: who may answer about whom.
func TestOpenOCSP(t *testing.T) {
	t.Parallel()
	for name, key := range keys(t) {
		i := newIssuer(t, key)
		cert := i.signer(t, nil)
		good := i.responder(t, nil)
		other := newIssuer(t, signtest.Key(t)) // of the same name
		plain := i.signer(t, func(c *x509.Certificate) { c.SerialNumber = big.NewInt(5) })
		ended := i.responder(t, func(c *x509.Certificate) { c.NotAfter = now.AddDate(0, -1, 0) })
		early := i.responder(t, func(c *x509.Certificate) {
			c.NotBefore = time.Now().AddDate(0, 1, 0)
			c.NotAfter = c.NotBefore.AddDate(1, 0, 0)
		})
		for _, c := range []struct {
			what string
			raw  []byte
			want error
		}{
			{"the issuer itself", i.answers(t, i, nil), nil},
			{"a responder", i.answers(t, good, nil), nil},
			{"hashes of SHA-256", i.answers(t, good, func(r *ocsp.Response) { r.IssuerHash = crypto.SHA256 }), nil},
			{"a time before", i.answers(t, good, func(r *ocsp.Response) { r.ThisUpdate = now.AddDate(0, 0, -9) }), nil},
			{"unknown", i.answers(t, good, func(r *ocsp.Response) { r.Status = ocsp.Unknown }), revocation.ErrUnknown},
			{"another serial number", i.answers(t, good, func(r *ocsp.Response) { r.SerialNumber = big.NewInt(12) }), revocation.ErrAnswer},
			{"another issuer's of the same name", other.answers(t, other, nil), revocation.ErrOther},
			{"another issuer, our responder", other.answers(t, good, nil), revocation.ErrOther},
			{"our certificate, another's responder", i.answers(t, other.responder(t, nil), nil), revocation.ErrSigner},
			{"a signer of the same issuer", i.answers(t, plain, nil), revocation.ErrSigner},
			{"the signer of itself", i.answers(t, cert, nil), revocation.ErrSigner},
			{"a responder that has ended", i.answers(t, ended, nil), revocation.ErrSigner},
			{"a responder that is not yet one", i.answers(t, early, nil), revocation.ErrSigner},
			{"nothing", nil, revocation.ErrAnswer},
			{"try later", ocsp.TryLaterErrorResponse, revocation.ErrAnswer},
			{"a cut answer", i.answers(t, good, nil)[:200], revocation.ErrAnswer},
		} {
			a, err := revocation.OpenOCSP(c.raw, cert.cert, i.cert)
			if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
				t.Errorf("%s: %s: %v, want %v", name, c.what, err, c.want)
			}
			if err == nil && !a.Revoked.IsZero() {
				t.Errorf("%s: %s: revoked on %s", name, c.what, a.Revoked)
			}
		}
		raw := i.answers(t, good, func(r *ocsp.Response) {
			r.Status, r.RevokedAt, r.RevocationReason = ocsp.Revoked, now.Add(-time.Hour), 1
		})
		a, err := revocation.OpenOCSP(raw, cert.cert, i.cert)
		if err != nil || !a.Revoked.Equal(now.Add(-time.Hour)) || a.Reason != 1 || !a.RevokedAt(now) || a.RevokedAt(now.Add(-2*time.Hour)) {
			t.Errorf("%s: revoked: %+v, %v", name, a, err)
		}
	}
}

// TestOpenCRL: whose list counts for what.
func TestOpenCRL(t *testing.T) {
	t.Parallel()
	idp := asn1.ObjectIdentifier{2, 5, 29, 28}
	for name, key := range keys(t) {
		i := newIssuer(t, key)
		cert := i.signer(t, func(c *x509.Certificate) { c.CRLDistributionPoints = []string{"http://a.invalid/1.crl"} })
		other := newIssuer(t, signtest.Key(t))
		scoped := func(p point) []byte {
			return i.lists(t, func(l *x509.RevocationList) { l.ExtraExtensions = extension(t, idp, p) })
		}
		for _, c := range []struct {
			what string
			raw  []byte
			want error
		}{
			{"whole", i.lists(t, nil), nil},
			{"of users", scoped(point{Users: true}), nil},
			{"published where the certificate says", scoped(point{Where: at("http://a.invalid/1.crl")}), nil},
			{"the other piece", scoped(point{Where: at("http://a.invalid/2.crl")}), revocation.ErrOther},
			{"of authorities", scoped(point{CAs: true}), revocation.ErrOther},
			{"of some reasons", scoped(point{Reasons: asn1.BitString{Bytes: []byte{0x40}, BitLength: 2}}), revocation.ErrOther},
			{"kept by somebody else", scoped(point{Foreign: true}), revocation.ErrOther},
			{"of changes", i.lists(t, func(l *x509.RevocationList) {
				l.ExtraExtensions = extension(t, asn1.ObjectIdentifier{2, 5, 29, 27}, 1)
			}), revocation.ErrOther},
			{"with something critical", i.lists(t, func(l *x509.RevocationList) {
				l.ExtraExtensions = extension(t, asn1.ObjectIdentifier{1, 2, 3}, 1)
			}), revocation.ErrAnswer},
			{"of another issuer of this name", other.lists(t, nil), revocation.ErrSigner},
			{"nothing", nil, revocation.ErrAnswer},
			{"cut", i.lists(t, nil)[:100], revocation.ErrAnswer},
			{"and more", append(i.lists(t, nil), 0), revocation.ErrAnswer},
		} {
			_, err := revocation.OpenCRL(c.raw, cert.cert, i.cert)
			if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
				t.Errorf("%s: %s: %v, want %v", name, c.what, err, c.want)
			}
		}
	}
}

// TestOpenCRLEntries: a late date is a GeneralizedTime, a reason may be given, and what
// was taken off the list is good.
func TestOpenCRLEntries(t *testing.T) {
	t.Parallel()
	i := newIssuer(t, signtest.Key(t))
	cert := i.signer(t, nil)
	for _, c := range []struct {
		entry x509.RevocationListEntry
		want  time.Time
	}{
		{x509.RevocationListEntry{SerialNumber: big.NewInt(4711), RevocationTime: now, ReasonCode: 4}, now},
		{x509.RevocationListEntry{SerialNumber: big.NewInt(4711), RevocationTime: now.AddDate(40, 0, 0)}, now.AddDate(40, 0, 0)},
		{x509.RevocationListEntry{SerialNumber: big.NewInt(4711), RevocationTime: now, ReasonCode: 8}, time.Time{}},
		{x509.RevocationListEntry{SerialNumber: big.NewInt(4712), RevocationTime: now}, time.Time{}},
	} {
		a, err := revocation.OpenCRL(i.lists(t, func(l *x509.RevocationList) {
			l.RevokedCertificateEntries = []x509.RevocationListEntry{{SerialNumber: big.NewInt(3), RevocationTime: now}, c.entry}
		}), cert.cert, i.cert)
		if err != nil || !a.Revoked.Equal(c.want) || !a.Revoked.IsZero() && a.Reason != c.entry.ReasonCode {
			t.Errorf("%+v: revoked %s for %d, %v", c.entry, a.Revoked, a.Reason, err)
		}
	}
}

// TestLargeList: a list of 300,000 entries takes no memory but its own bytes.
func TestLargeList(t *testing.T) { //nolint:paralleltest // it counts allocations
	i := newIssuer(t, signtest.Key(t))
	cert := i.signer(t, nil)
	entries := make([]x509.RevocationListEntry, 0, 300_000)
	for n := range cap(entries) {
		entries = append(entries, x509.RevocationListEntry{SerialNumber: big.NewInt(int64(5000 + n)), RevocationTime: now})
	}
	entries[len(entries)/2].SerialNumber = cert.cert.SerialNumber
	raw := i.lists(t, func(l *x509.RevocationList) { l.RevokedCertificateEntries = entries })
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	list, err := revocation.ReadList(bytes.Clone(raw))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if a, err := list.Of(cert.cert, i.cert); err != nil || a.Revoked.IsZero() {
			t.Errorf("revoked %s, %v", a.Revoked, err)
		}
	}
	runtime.ReadMemStats(&after)
	t.Logf("%d bytes, %d allocated, %s", len(raw), after.TotalAlloc-before.TotalAlloc, time.Since(began))
	if spent := after.TotalAlloc - before.TotalAlloc; spent > uint64(len(raw))*3 {
		t.Errorf("%d bytes were allocated for a list of %d", spent, len(raw))
	}
}

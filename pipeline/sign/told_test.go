package sign_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"slices"
	"strings"
	"testing"

	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
)

// TestVerifyTellsHowItKnows: which time counts and who proves it, who vouches for the
// signer, and whose word on revocation was taken.
func TestVerifyTellsHowItKnows(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	id := a.Identity(t, signtest.Key(t), nil)
	bare, _ := signed(t, classicPDF(), sign.Request{Identity: id, Time: now})
	stamped := timestamped(t, a, classicPDF(), id)
	lasting := extended(t, a, stamped, a.Stamper())
	covered := withEvidence(t, bare, sign.Evidence{CRLs: published(t, a, now)}, a.Stamper())
	for _, c := range []struct {
		name           string
		file           []byte
		ask            sign.Source
		proof          sign.Proof
		prover         string
		source, kind   string
		missing        string
		countsIsJudged bool
	}{
		{"bare, nobody asked", bare, nil, "", "", "", "", "Nguyễn Văn Thử", true},
		{"bare, asked", bare, a.Status(), "", "", "issuer", "OCSP", "", true},
		{"stamped, asked", stamped, a.Status(), sign.ByTimestamp, "TEST TIMESTAMPS", "issuer", "OCSP", "", false},
		{"B-LTA, nobody asked", lasting, nil, sign.ByTimestamp, "TEST TIMESTAMPS", "file", "OCSP", "", false},
		{"a document timestamp alone", covered, nil, sign.ByDocument, "TEST TIMESTAMPS", "file", "CRL", "", false},
	} {
		at := now.AddDate(0, 1, 0)
		if c.ask != nil {
			at = now
		}
		r, err := sign.Verify(context.Background(), bytes.NewReader(c.file), int64(len(c.file)), sign.Trust{Roots: a.Roots(), Now: at, Status: c.ask})
		if err != nil {
			t.Fatal(err)
		}
		s := r.Signatures[0]
		if s.Proof != c.proof || s.Prover != c.prover || s.Counts.Equal(at) != (c.countsIsJudged || at.Equal(now)) {
			t.Errorf("%s: %s counts, proven by %q of %q", c.name, s.Counts, s.Proof, s.Prover)
		}
		if got := s.Revocation; got.Source != c.source || got.Kind != c.kind || got.Missing != c.missing || got.Told.IsZero() != (c.source == "") {
			t.Errorf("%s: revocation %+v", c.name, got)
		}
		if s.Algorithm != "ECDSA P-256, SHA-256" {
			t.Errorf("%s: algorithm %q", c.name, s.Algorithm)
		}
		if !slices.Equal(s.Chain, []string{"TEST ISSUING AUTHORITY", "TEST ROOT"}) || !r.Judged.Equal(at) {
			t.Errorf("%s: chain %q, judged %s", c.name, s.Chain, r.Judged)
		}
	}
}

// TestVerifyTellsWhoIsSilent: it is the authority above the signer of which nobody tells.
func TestVerifyTellsWhoIsSilent(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	file := timestamped(t, a, classicPDF(), a.Identity(t, signtest.Key(t), nil))
	a.Down("root.crl", true)
	r, err := sign.Verify(context.Background(), bytes.NewReader(file), int64(len(file)), trusting(a))
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Signatures[0].Revocation; got.Source != "issuer" || got.Missing != "TEST ISSUING AUTHORITY" {
		t.Errorf("revocation %+v with %q", got, codes(r))
	}
}

// TestNamesThatTurnText: what strangers call themselves is told without marks that turn
// the direction of the text behind it, and not without end.
func TestNamesThatTurnText(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	id := a.Identity(t, signtest.Key(t), func(c *x509.Certificate) {
		c.Subject.CommonName = "Nguyễn\u202e Văn\u2066 Thử\n" + strings.Repeat("x", 5000)
		c.Subject.Organization = []string{"UBND\u200f xã"}
	})
	file, _ := signed(t, classicPDF(), sign.Request{Identity: id, Time: now, Name: "Người\u202e ký", Reason: "Lý\u2067 do", Location: "Nơi\u061c ký"})
	r, err := sign.Verify(t.Context(), bytes.NewReader(file), int64(len(file)), sign.Trust{Roots: a.Roots(), Now: now})
	if err != nil || len(r.Signatures) != 1 {
		t.Fatalf("%+v: %v", r, err)
	}
	s := r.Signatures[0]
	for got, want := range map[string]string{
		s.Signer: "Nguyễn Văn Thử" + strings.Repeat("x", 186), s.Unit: "UBND xã",
		s.Name: "Người ký", s.Reason: "Lý do", s.Location: "Nơi ký", s.Revocation.Missing: s.Signer,
	} {
		if got != want {
			t.Errorf("told %q, want %q", got, want)
		}
	}
}

// TestErrorsNameNobody: what keeps from signing is logged, and names no person.
func TestErrorsNameNobody(t *testing.T) {
	t.Parallel()
	a, other := signtest.New(t, now), signtest.New(t, now)
	id := a.Identity(t, signtest.Key(t), nil)
	silent := a.Identity(t, signtest.Key(t), func(c *x509.Certificate) { c.OCSPServer, c.CRLDistributionPoints = nil, nil })
	errs := []error{
		sign.Trust{Roots: other.Roots()}.Fit(id.Chain, now),
		sign.Trust{Roots: a.Roots()}.Fit(silent.Chain, now),
	}
	for _, err := range errs {
		if err == nil || strings.Contains(err.Error(), "Nguyễn") || !strings.Contains(err.Error(), "certificate ") {
			t.Errorf("it says %v", err)
		}
	}
}

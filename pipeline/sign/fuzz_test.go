package sign_test

import (
	"bytes"
	"crypto/elliptic"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
)

// FuzzVerify feeds files that nobody made to everything that reads one. Nothing may
// panic, and only a refusal may keep a file from being signed.
func FuzzVerify(f *testing.F) {
	p := newPKI(f)
	r := sign.Request{Identity: p.identity(f, signtest.KeyOn(f, elliptic.P256()), nil), Timestamper: p.stamper(f), Time: now}
	bare := r
	bare.Timestamper = nil
	for _, file := range [][]byte{classicPDF(), formPDF(), streamPDF(f)} {
		out, _ := signed(f, file, r)
		further := r
		further.Further = true
		twice, _ := signed(f, out, further)
		for _, seed := range [][]byte{file, out, twice} {
			f.Add(seed)
		}
	}
	a := signtest.New(f, now)
	f.Add(extended(f, a, timestamped(f, a, classicPDF(), a.Identity(f, signtest.Key(f), nil)), a.Stamper()))
	f.Add(extended(f, a, timestamped(f, a, streamPDF(f), a.Identity(f, signtest.Key(f), nil)), a.Stamper()))
	trust := trusting(a)
	f.Fuzz(func(t *testing.T, file []byte) {
		began := time.Now()
		defer func() {
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("%d bytes took %s", len(file), took)
			}
		}()
		in := bytes.NewReader(file)
		if _, err := sign.Collect(t.Context(), in, in.Size(), trust); err != nil && asUnavailable(err) == nil {
			mustRefuse(t, err)
		}
		report, err := sign.Verify(t.Context(), in, in.Size(), sign.Trust{Roots: p.roots, Now: now})
		if err != nil {
			t.Errorf("Verify: %v", err)
		}
		if report.Verdict == "" || report.Verdict == sign.Valid && len(report.Signatures) == 0 {
			t.Errorf("report = %+v", report)
		}
		if _, err := sign.HasSignature(t.Context(), in, in.Size()); err != nil {
			mustRefuse(t, err)
		}
		if _, err := sign.Prepare(t.Context(), in, in.Size(), bare); err != nil {
			mustRefuse(t, err)
		}
	})
}

func mustRefuse(t *testing.T, err error) {
	t.Helper()
	if _, ok := pipeline.AsRefusal(err); !ok {
		t.Errorf("error = %v, want a refusal", err)
	}
}

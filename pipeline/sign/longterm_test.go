package sign_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/revocation"
	"hoso/pipeline/sign/signtest"
	"hoso/testdata/judge"
)

func timestamped(t testing.TB, a *signtest.Authority, file []byte, id sign.Identity) []byte {
	t.Helper()
	out, s := signed(t, file, sign.Request{Identity: id, Timestamper: a.Stamper(), Time: a.Clock(), Further: true})
	if s.Level != "B-T" {
		t.Fatalf("level = %s, want B-T", s.Level)
	}
	return out
}

func trusting(a *signtest.Authority) sign.Trust {
	return sign.Trust{Roots: a.Roots(), Now: a.Clock(), Status: a.Status()}
}

// extended collects what the file lacks and extends it; without a stamper to B-LT.
func extended(t testing.TB, a *signtest.Authority, file []byte, stamper sign.Timestamper) []byte {
	t.Helper()
	in, size := bytes.NewReader(file), int64(len(file))
	evidence, err := sign.Collect(context.Background(), in, size, trusting(a))
	if err != nil {
		t.Fatalf("Collect: %v", err)
	}
	var out bytes.Buffer
	x, err := sign.Extend(context.Background(), in, size, &out, sign.Extension{Evidence: evidence, Timestamper: stamper})
	if err != nil {
		t.Fatalf("Extend: %v", err)
	}
	if x.Size != int64(out.Len()) || !bytes.HasPrefix(out.Bytes(), file) || x.Digest != pipeline.Digest(sha256.Sum256(out.Bytes())) {
		t.Fatalf("Extend tells %+v of %d bytes, or changed the file before", x, out.Len())
	}
	return out.Bytes()
}

func verifiedAt(t testing.TB, file []byte, roots *x509.CertPool, at time.Time) sign.Report {
	t.Helper()
	r, err := sign.Verify(context.Background(), bytes.NewReader(file), int64(len(file)), sign.Trust{Roots: roots, Now: at})
	if err != nil {
		t.Fatalf("Verify: %v", err)
	}
	return r
}

// rung is one level of a signed file and what is thought of it, today and in six years.
type rung struct {
	level string
	file  []byte
	ours  [2]string // verdict and codes
	dss   [2]string
	hanko [2]string
}

// TestLevels: each level is reached by a revision of its own, and holds as long as it
// should: by us, DSS and pyHanko. In six years the signer's certificate has ended. The
// file has a form already; TestMatrix has the others.
func TestLevels(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	base := timestamped(t, a, formPDF(), a.Identity(t, signtest.Key(t), nil))
	files := map[string][]byte{"B-T": base, "B-LT": extended(t, a, base, nil), "B-LTA": extended(t, a, base, a.Stamper())}
	for level, file := range files {
		o := opinions()[level]
		(rung{level, file, o.ours, o.dss, o.hanko}).check(t, a)
	}
}

func (r rung) check(t *testing.T, a *signtest.Authority) {
	t.Helper()
	path, root := save(t, "signed.pdf", r.file), a.RootFile(t)
	if said := judge.QPDF(t, path); said != "" {
		t.Errorf("%s: qpdf: %s", r.level, said)
	}
	if v := judge.VeraPDF(t, path); !v.Compliant {
		t.Errorf("%s: veraPDF: %+v", r.level, v.Failures)
	}
	for i, years := range []int{0, 6} {
		at := now.AddDate(years, 0, 0)
		report := verifiedAt(t, r.file, a.Roots(), at)
		if got := string(report.Verdict) + " " + codes(report); got != r.ours[i] || years == 0 && report.Signatures[0].Level != r.level {
			t.Errorf("%s in %d years: %s, level %s, want %s", r.level, years, got, report.Signatures[0].Level, r.ours[i])
		}
		dss := judge.DSSAt(t, path, at, nil, root)
		if got := dss[0].Indication + " " + dss[0].SubIndication; len(dss) != 1 || got != r.dss[i] || dss[0].Format != "PAdES-BASELINE-"+r.level[2:] {
			t.Errorf("%s in %d years: DSS says %s of %s: %v", r.level, years, got, dss[0].Format, dss[0].Errors)
		}
		hanko := judge.HankoAt(t, path, at, a.Lists(t, at), root)
		if len(hanko) != 1 || hanko[0].AdES != r.hanko[i] || !hanko[0].BottomLine {
			t.Errorf("%s in %d years: pyHanko says %+v", r.level, years, hanko)
		}
	}
}

// TestRenewal: a record of seven and a half years ago that is renewed today, before its
// timestamp authority's certificate ends, is good four years on; one that is not is not.
func TestRenewal(t *testing.T) {
	t.Parallel()
	begin, later := now.AddDate(-7, -6, 0), now.AddDate(4, 0, 0)
	a := signtest.New(t, begin)
	file := extended(t, a, timestamped(t, a, classicPDF(), a.Identity(t, signtest.Key(t), nil)), a.Stamper())
	until := verifiedAt(t, file, a.Roots(), begin).Signatures[0].Until
	if !until.Equal(begin.AddDate(8, 0, 0)) {
		t.Errorf("it is said to hold until %s, not as long as the timestamp authority's certificate", until)
	}
	a.Travel(t, now)
	renewed := extended(t, a, file, a.StamperOf(a.TimestampAuthority(t, now.AddDate(6, 0, 0))))
	t.Logf("%d bytes, renewed %d", len(file), len(renewed))
	for _, c := range []struct {
		file []byte
		want string
	}{
		{renewed, strings.Join([]string{"valid", "added-later", "added-later"}, " ")},
		{file, "untrusted added-later timestamp-expired certificate-expired timestamp-expired"},
	} {
		if r := verifiedAt(t, c.file, a.Roots(), later); string(r.Verdict)+" "+codes(r) != c.want {
			t.Errorf("four years on: %s %s, want %s", r.Verdict, codes(r), c.want)
		}
	}
	path, root := save(t, "renewed.pdf", renewed), a.RootFile(t)
	if v := judge.VeraPDF(t, path); !v.Compliant {
		t.Errorf("veraPDF: %+v", v.Failures)
	}
	// Today's list says nothing of a certificate that has ended, which pyHanko takes for
	// good news; so the newest authority's answers go into the file.
	asked := save(t, "asked.pdf", extended(t, a, renewed, nil))
	if hanko := judge.HankoAt(t, asked, now, nil, root); hanko[0].AdES != "OK" {
		t.Errorf("pyHanko on the day of renewal: %+v", hanko[0])
	}
	if dss := judge.DSSAt(t, path, later, a.Lists(t, later), root); dss[0].Indication != "TOTAL_PASSED" {
		t.Errorf("DSS four years on: %+v", dss[0])
	}
}

// TestRevocationCounts: what was revoked before the timestamp is no signature any more,
// what was revoked later still is.
func TestRevocationCounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		when time.Duration
		want string
	}{
		{-time.Hour, "revoked certificate-revoked"},
		{time.Hour, "valid revoked-later"},
	} {
		a := signtest.New(t, now)
		id := a.Identity(t, signtest.Key(t), nil)
		file := timestamped(t, a, classicPDF(), id)
		a.Travel(t, now.Add(2*time.Hour))
		a.Revoke(id.Chain[0], now.Add(c.when))
		r, err := sign.Verify(context.Background(), bytes.NewReader(file), int64(len(file)), trusting(a))
		if err != nil || string(r.Verdict)+" "+codes(r) != c.want {
			t.Errorf("revoked %v after signing: %s %s, %v, want %s", c.when, r.Verdict, codes(r), err, c.want)
		}
		_, err = sign.Collect(context.Background(), bytes.NewReader(file), int64(len(file)), trusting(a))
		if missing := asUnavailable(err); (missing != nil) != (c.when < 0) {
			t.Errorf("revoked %v after signing: Collect says %v", c.when, err)
		}
	}
}

func asUnavailable(err error) *pipeline.Unavailable {
	u, _ := errors.AsType[*pipeline.Unavailable](err)
	return u
}

// TestReady: what must be known before anything is signed.
func TestReady(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	id := a.Identity(t, signtest.Key(t), nil)
	revoked := a.Identity(t, signtest.Key(t), nil)
	a.Revoke(revoked.Chain[0], now.Add(-time.Hour))
	ended := a.Identity(t, signtest.Key(t), func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Hour) })
	early := a.Identity(t, signtest.Key(t), func(c *x509.Certificate) { c.NotBefore = now.Add(time.Hour) })
	silent := a.Identity(t, signtest.Key(t), func(c *x509.Certificate) { c.OCSPServer, c.CRLDistributionPoints = nil, nil })
	stranger := signtest.New(t, now)
	for name, c := range map[string]struct {
		chain []*x509.Certificate
		roots *x509.CertPool
		what  string
		says  string
	}{
		"good":             {id.Chain, a.Roots(), "", ""},
		"alone":            {id.Chain[:1], a.Roots(), "", ""}, // the rest is fetched
		"revoked":          {revoked.Chain, a.Roots(), "signing key", "was revoked on"},
		"ended":            {ended.Chain, a.Roots(), "signing key", "ended on"},
		"not yet valid":    {early.Chain, a.Roots(), "signing key", "not valid before"},
		"nowhere to ask":   {silent.Chain, a.Roots(), "signing key", "where to ask"},
		"of another root":  {id.Chain, stranger.Roots(), "signing key", "HOSO_TRUST"},
		"no certificate":   {nil, a.Roots(), "signing key", "no certificate"},
		"without any root": {id.Chain, nil, "signing key", "HOSO_TRUST"},
	} {
		trust := trusting(a)
		trust.Roots = c.roots
		whole, err := trust.Ready(context.Background(), c.chain, now)
		missing := asUnavailable(err)
		if c.what == "" {
			if err != nil || len(whole) != 3 {
				t.Errorf("%s: chain of %d, %v", name, len(whole), err)
			}
			continue
		}
		if missing == nil || missing.What != c.what || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want Unavailable of the %s that says %q", name, err, c.what, c.says)
		}
	}
}

// TestFit: what only a setting can mend is told without asking anybody, and nothing else.
func TestFit(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	a.Asked = func(path string) { t.Errorf("asked for %s", path) }
	id := a.Identity(t, signtest.Key(t), nil)
	ended := a.Identity(t, signtest.Key(t), func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Hour) })
	silent := a.Identity(t, signtest.Key(t), func(c *x509.Certificate) { c.OCSPServer, c.CRLDistributionPoints = nil, nil })
	directory := a.Identity(t, signtest.Key(t), func(c *x509.Certificate) {
		c.OCSPServer, c.CRLDistributionPoints = nil, []string{"ldap://authority.invalid/cn=ca"}
	})
	a.Revoke(id.Chain[0], now.Add(-time.Hour)) // nobody is asked
	stranger := signtest.New(t, now)
	for name, c := range map[string]struct {
		chain []*x509.Certificate
		roots *x509.CertPool
		want  error
	}{
		"good":             {id.Chain, a.Roots(), nil},
		"alone":            {id.Chain[:1], a.Roots(), nil}, // the rest may be fetched
		"ended":            {ended.Chain, a.Roots(), nil},  // there may be a newer one any minute
		"unknown":          {nil, a.Roots(), nil},
		"nowhere to ask":   {silent.Chain, a.Roots(), revocation.ErrNoSource},
		"in a directory":   {directory.Chain, a.Roots(), revocation.ErrNoSource},
		"of another root":  {id.Chain, stranger.Roots(), sign.ErrNoRoot},
		"without any root": {id.Chain, nil, sign.ErrNoRoot},
	} {
		trust := trusting(a)
		trust.Roots = c.roots
		if err := trust.Fit(c.chain, now); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// TestReadyWhenNobodyAnswers: lists stand in for the responder; when nobody answers, it
// is the revocation data that is missing, not the key.
func TestReadyWhenNobodyAnswers(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	id := a.Identity(t, signtest.Key(t), nil)
	a.Down("ocsp", true)
	if _, err := trusting(a).Ready(context.Background(), id.Chain, now); err != nil {
		t.Errorf("without the responder: %v", err)
	}
	a.Down("ca.crl", true)
	_, err := trusting(a).Ready(context.Background(), id.Chain, now)
	if u := asUnavailable(err); u == nil || u.What != "revocation data" {
		t.Errorf("without anybody: %v", err)
	}
}

// TestListsServeAsEvidence where an authority has no responder.
func TestListsServeAsEvidence(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	a.Down("ocsp", true)
	file := extended(t, a, timestamped(t, a, streamPDF(t), a.Identity(t, signtest.Key(t), nil)), a.Stamper())
	(rung{
		"B-LTA", file,
		[2]string{"valid added-later", "valid added-later"},
		[2]string{"TOTAL_PASSED ", "TOTAL_PASSED "},
		[2]string{"OK", "OK"},
	}).check(t, a)
}

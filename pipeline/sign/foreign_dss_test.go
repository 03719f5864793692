package sign_test

import (
	"crypto/elliptic"
	"strings"
	"testing"

	"hoso/pipeline/sign/signtest"
	"hoso/testdata/judge"
)

// TestVerifyReadsDSS: likewise what the European Commission's DSS writes.
func TestVerifyReadsDSS(t *testing.T) {
	t.Parallel()
	heavy, err := rsaKey()
	if err != nil {
		t.Fatal(err)
	}
	ec, rsa := newStranger(t, signtest.KeyOn(t, elliptic.P256())), newStranger(t, heavy)
	for _, c := range []struct {
		name   string
		who    stranger
		job    judge.Job
		today  string
		future string
	}{
		{"B", ec, judge.Job{Level: "B"}, "valid timestamp-none revocation-unknown", "untrusted timestamp-none certificate-expired"},
		{"T", rsa, judge.Job{Level: "T", Hash: "SHA512"}, "valid revocation-unknown", "untrusted revocation-unproven"},
		{"LT", ec, judge.Job{Level: "LT", Hash: "SHA384"}, "valid added-later", "valid added-later"},
		{"LTA", rsa, judge.Job{Level: "LTA"}, "valid added-later", "valid added-later"},
	} {
		job := c.who.job("in.pdf", c.name+".pdf", c.job)
		c.who.save(t, "in.pdf", streamPDF(t))
		job.Certs = append(job.Certs, c.who.path("2.pem"))
		judge.DSSSign(t, job, c.who.authority.Lists(t, now))
		file := c.who.load(t, c.name+".pdf")
		r := c.who.verified(t, file, now)
		if got := string(r.Verdict) + " " + codes(r); got != c.today || r.Signatures[0].Level != "B-"+c.job.Level {
			t.Errorf("%s: %s of level %q, want %s", c.name, got, r.Signatures[0].Level, c.today)
		}
		s, leaf := r.Signatures[0], c.who.identity.Chain[0]
		if s.Signer != leaf.Subject.CommonName || !s.Intact || !s.Trusted || !strings.HasPrefix(s.Reason, "Ký thử") || c.job.Level != "B" && !s.Time.Equal(now) {
			t.Errorf("%s: signature = %+v", c.name, s)
		}
		if r = c.who.verified(t, file, now.AddDate(6, 0, 0)); string(r.Verdict)+" "+codes(r) != c.future {
			t.Errorf("%s in six years: %s %s, want %s", c.name, r.Verdict, codes(r), c.future)
		}
	}
}
